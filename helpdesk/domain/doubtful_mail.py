"""A mail of which it was not sure who wrote it, once a person says whose it is."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from helpdesk.domain.access import Actor, ActorKind
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.follow_up import is_finished
from helpdesk.domain.mail_trust import SenderDoubt
from helpdesk.domain.message import Message
from helpdesk.domain.ticket import (
    Ticket,
    TicketChange,
    TicketEvent,
    TicketEventKind,
    TicketStep,
    changed,
)
from helpdesk.domain.ticket_life import Occasion, reopened, resumed
from helpdesk.domain.waiting import WaitingOn


class MessageNotInDoubt(HelpdeskError):
    """Only a mail that is nobody's for sure is judged, and what moved clocks is not taken back."""

    code: ClassVar[ErrorCode] = ErrorCode.TRANSITION_REFUSED
    english: ClassVar[str] = "Nothing is doubted about this message: leave it as it is."
    french: ClassVar[str] = "Rien n'est douteux dans ce message : laissez-le tel quel."


class AgentsMailNotAccepted(HelpdeskError):
    """What an agent tells a client binds the agency, so he says it where he is known."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = (
        "This mail bears an agent's name: answer the client with replyToTicket."
    )
    french: ClassVar[str] = (
        "Ce mail porte le nom d'un agent : répondez au client avec replyToTicket."
    )


class FinishedBeforeTheMail(HelpdeskError):
    """What comes long after the end is another request, and somebody decides where it goes."""

    code: ClassVar[ErrorCode] = ErrorCode.TRANSITION_REFUSED
    english: ClassVar[str] = (
        "Ticket {number} was finished before this mail came, and does not go on by itself:"
        " reopenTicket first, or openTicket for a new one."
    )
    french: ClassVar[str] = (
        "Le ticket {number} était terminé avant l'arrivée de ce mail, et ne reprend pas de"
        " lui-même : reopenTicket d'abord, ou openTicket pour un nouveau."
    )


class JudgedByProgram(HelpdeskError):
    """Whose words they are is a person's judgement."""

    code: ClassVar[ErrorCode] = ErrorCode.FORBIDDEN
    english: ClassVar[str] = "Only a person of the agency can say who wrote it: {name} is none."
    french: ClassVar[str] = (
        "Seule une personne de l'agence peut dire qui l'a écrit : {name} n'en est pas une."
    )


def require_judge(message: Message, actor: Actor) -> None:
    """Refuse unless a person judges, and the message is doubted."""
    if not actor.is_human_agent:
        raise JudgedByProgram(name=actor.name)
    if message.doubt is None:
        raise MessageNotInDoubt(path=("messageId",))


def accepted(
    ticket: Ticket,
    message: Message,
    history: Iterable[TicketEvent],
    *,
    on: Occasion,
    reopens: bool,
) -> TicketChange:
    """Return the ticket on which a doubted mail counts as its author's, from its arrival on.

    What it would have done then is done then: it ends a wait that had begun, and reopens work that
    was finished, where the agency's rule lets it go on (`reopens`). The facts bear the instant of
    the arrival and tell when they were written down; the last one says who accepted. A mail that
    opened its ticket counts already, and only loses its mark.
    """
    require_judge(message, on.actor)
    if not message.is_internal:
        return _judged(ticket, TicketEventKind.MESSAGE_ACCEPTED, message, None, on)
    if message.author.kind is ActorKind.AGENT:
        raise AgentsMailNotAccepted(path=("messageId",))
    ticket.require(TicketStep.REPLY)
    then = Occasion(message.sent_at, message.author)
    came_after_end = is_finished(ticket) and _ended_at(ticket) <= then.at
    if came_after_end and not reopens:
        raise FinishedBeforeTheMail(path=("messageId",), number=ticket.number)
    change = _dated_back(
        changed(
            ticket,
            TicketEventKind.CLIENT_REPLIED,
            at=then.at,
            actor=then.actor,
            message_id=message.id,
        ),
        on.at,
    )
    if came_after_end:
        change = change.then(_dated_back(reopened(change.ticket, "", on=then), on.at))
    elif ticket.waiting_on is WaitingOn.CLIENT and _wait_began_at(history) <= then.at:
        change = change.then(_dated_back(resumed(change.ticket, on=then), on.at))
    return change.then(_judged(change.ticket, TicketEventKind.MESSAGE_ACCEPTED, message, None, on))


def rejected(ticket: Ticket, message: Message, *, on: Occasion) -> TicketChange:
    """Return the ticket on which a doubted mail is said to be somebody else's: nothing moves."""
    require_judge(message, on.actor)
    if message.doubt is SenderDoubt.REJECTED:
        raise MessageNotInDoubt(path=("messageId",))
    told = SenderDoubt.REJECTED
    return _judged(ticket, TicketEventKind.MESSAGE_REJECTED, message, told, on)


def _judged(
    ticket: Ticket,
    kind: TicketEventKind,
    message: Message,
    doubt: SenderDoubt | None,
    on: Occasion,
) -> TicketChange:
    change = changed(ticket, kind, at=on.at, actor=on.actor, message_id=message.id)
    return change.with_details(before={"doubt": message.doubt}, after={"doubt": doubt})


def _dated_back(change: TicketChange, recorded_at: datetime) -> TicketChange:
    return change.with_details(before={}, after={"recorded_at": recorded_at.isoformat()})


def _ended_at(ticket: Ticket) -> datetime:
    ended_at = ticket.closed_at or ticket.resolved_at
    assert ended_at is not None  # noqa: S101 - a finished ticket says when
    return ended_at


def _wait_began_at(history: Iterable[TicketEvent]) -> datetime:
    return max(event.at for event in history if event.kind is TicketEventKind.WAITING)
