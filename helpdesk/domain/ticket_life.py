"""The steps of a ticket's life: each checks that it makes sense, then returns the change."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from helpdesk.domain.access import Actor
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import AgentId, ClientId, ContactId, ContractId, MessageId, TeamId
from helpdesk.domain.priority import PriorityDecision, Triage
from helpdesk.domain.ticket import (
    StepReasonRequired,
    Ticket,
    TicketChange,
    TicketEventKind,
    TicketStatus,
    TicketStep,
    TransitionRefused,
    changed,
)
from helpdesk.domain.waiting import WaitingOn


class CallByProgram(HelpdeskError):
    """A call is noted by who had it, because it may stop a clock as an answer does (X-06)."""

    code: ClassVar[ErrorCode] = ErrorCode.FORBIDDEN
    english: ClassVar[str] = "Only a person of the agency can say that he called: {name} is none."
    french: ClassVar[str] = (
        "Seule une personne de l'agence peut dire qu'elle a appelé : {name} n'en est pas une."
    )


class TicketAlreadyWaiting(HelpdeskError):
    """A wait is evidence of who held the work up, so one ends before another begins."""

    code: ClassVar[ErrorCode] = ErrorCode.TRANSITION_REFUSED
    english: ClassVar[str] = (
        "Ticket {number} waits for {waiting_on}: end that wait (resumeTicket) before it waits for"
        " {wanted}."
    )
    french: ClassVar[str] = (
        "Le ticket {number} attend {waiting_on} : mettez fin à cette attente (resumeTicket) avant"
        " qu'il n'attende {wanted}."
    )


@dataclass(frozen=True, slots=True)
class Occasion:
    """When something is done, and by whom."""

    at: datetime
    actor: Actor


def answered(
    ticket: Ticket, message_id: MessageId, *, on: Occasion, is_response: bool
) -> TicketChange:
    """Return the ticket after a public message of the agency.

    Only a person who answers starts the work: a program's message is kept in the history as
    automatic. `is_response` says whether the contract counts the message as a first response, as
    the clock does (white paper 4.3; X-06).
    """
    ticket.require(TicketStep.REPLY)
    if not on.actor.is_human_agent:
        return changed(
            ticket,
            TicketEventKind.AUTOMATIC_MESSAGE,
            at=on.at,
            actor=on.actor,
            message_id=message_id,
        )
    return _told(ticket, TicketEventKind.AGENT_REPLIED, message_id, on=on, is_response=is_response)


def called(
    ticket: Ticket, message_id: MessageId, *, on: Occasion, is_response: bool
) -> TicketChange:
    """Return the ticket after a call with the client, which happened at the occasion's instant.

    Raises TransitionRefused, and CallByProgram: a person heard the client.
    """
    ticket.require(TicketStep.LOG_CALL)
    if not on.actor.is_human_agent:
        raise CallByProgram(name=on.actor.name)
    return _told(ticket, TicketEventKind.CALL_LOGGED, message_id, on=on, is_response=is_response)


def _told(
    ticket: Ticket,
    kind: TicketEventKind,
    message_id: MessageId,
    *,
    on: Occasion,
    is_response: bool,
) -> TicketChange:
    starts_work = ticket.status in {TicketStatus.NEW, TicketStatus.OPEN}
    responded_at = ticket.first_responded_at
    return changed(
        ticket,
        kind,
        at=on.at,
        actor=on.actor,
        message_id=message_id,
        status=TicketStatus.IN_PROGRESS if starts_work else ticket.status,
        first_responded_at=on.at if responded_at is None and is_response else responded_at,
    )


def client_wrote(ticket: Ticket, message_id: MessageId, *, on: Occasion) -> TicketChange:
    """Return the ticket after a message of the client.

    It ends a wait for the client and reopens a resolved ticket; a closed one is refused, because
    what comes after the closing is a new request that follows the old one.
    """
    ticket.require(TicketStep.REPLY)
    if ticket.status is TicketStatus.CLOSED:
        raise _refusal(ticket, TicketStep.REPLY, "openTicket")
    if ticket.status is TicketStatus.RESOLVED:
        return client_came_back(ticket, message_id, on=on)
    written = _written(ticket, message_id, on=on)
    if ticket.status is TicketStatus.WAITING and ticket.waiting_on is WaitingOn.CLIENT:
        return written.then(resumed(written.ticket, on=on))
    return written


def client_came_back(ticket: Ticket, message_id: MessageId, *, on: Occasion) -> TicketChange:
    """Return the finished ticket reopened by a message of the client."""
    written = _written(ticket, message_id, on=on)
    return written.then(reopened(written.ticket, "", on=on))


def client_thanked(ticket: Ticket, message_id: MessageId, *, on: Occasion) -> TicketChange:
    """Return the ticket after thanks of the client: nothing is asked, so nothing moves."""
    return changed(
        ticket, TicketEventKind.CLIENT_THANKED, at=on.at, actor=on.actor, message_id=message_id
    )


def _written(ticket: Ticket, message_id: MessageId, *, on: Occasion) -> TicketChange:
    return changed(
        ticket, TicketEventKind.CLIENT_REPLIED, at=on.at, actor=on.actor, message_id=message_id
    )


def noted(ticket: Ticket, message_id: MessageId, *, on: Occasion) -> TicketChange:
    """Return the ticket after an internal note: nothing that the client sees changes."""
    return changed(
        ticket, TicketEventKind.NOTE_ADDED, at=on.at, actor=on.actor, message_id=message_id
    )


def assigned(
    ticket: Ticket, agent_id: AgentId | None, team_id: TeamId | None, *, on: Occasion
) -> TicketChange:
    """Return the ticket given to an agent, a team, both, or back to nobody (REQ-B07)."""
    ticket.require(TicketStep.ASSIGN)
    return changed(
        ticket,
        TicketEventKind.ASSIGNED,
        at=on.at,
        actor=on.actor,
        assignee_id=agent_id,
        team_id=team_id,
        status=TicketStatus.OPEN if ticket.status is TicketStatus.NEW else ticket.status,
    )


def triaged(
    ticket: Ticket, triage: Triage, decision: PriorityDecision, *, at: datetime, actor: Actor
) -> TicketChange:
    """Return the ticket with its impact, urgency and priority decided; its clocks follow."""
    ticket.require(TicketStep.SET_PRIORITY)
    return changed(
        ticket,
        TicketEventKind.PRIORITY_SET,
        at=at,
        actor=actor,
        reason=decision.reason,
        impact=triage.impact,
        urgency=triage.urgency,
        security_sign=triage.security_sign,
        priority=decision.priority,
        priority_reason=decision.reason,
        triaged_at=ticket.triaged_at or at,
    )


def waiting(ticket: Ticket, waiting_on: WaitingOn, reason: str, *, on: Occasion) -> TicketChange:
    """Return the ticket waiting, with whom it waits for and why: both are evidence.

    Raises TicketAlreadyWaiting, TransitionRefused and StepReasonRequired.
    """
    if ticket.waiting_on is not None:
        raise TicketAlreadyWaiting(
            number=ticket.number, waiting_on=ticket.waiting_on, wanted=waiting_on
        )
    ticket.require(TicketStep.WAIT)
    return changed(
        ticket,
        TicketEventKind.WAITING,
        at=on.at,
        actor=on.actor,
        reason=_required(reason, TicketStep.WAIT),
        status=TicketStatus.WAITING,
        waiting_on=waiting_on,
    )


def resumed(ticket: Ticket, *, on: Occasion) -> TicketChange:
    """Return the ticket in work again after a wait."""
    ticket.require(TicketStep.RESUME)
    return changed(
        ticket,
        TicketEventKind.RESUMED,
        at=on.at,
        actor=on.actor,
        status=TicketStatus.IN_PROGRESS,
        waiting_on=None,
    )


def delivered(ticket: Ticket, *, on: Occasion) -> TicketChange:
    """Return the ticket whose correction is on staging (white paper 4.3, REQ-C14)."""
    ticket.require(TicketStep.DELIVER)
    return changed(
        ticket,
        TicketEventKind.DELIVERED,
        at=on.at,
        actor=on.actor,
        status=TicketStatus.DELIVERED,
        waiting_on=None,
        delivered_at=ticket.delivered_at or on.at,
    )


def resolved(ticket: Ticket, *, on: Occasion) -> TicketChange:
    """Return the ticket whose problem is corrected."""
    ticket.require(TicketStep.RESOLVE)
    return changed(
        ticket,
        TicketEventKind.RESOLVED,
        at=on.at,
        actor=on.actor,
        status=TicketStatus.RESOLVED,
        waiting_on=None,
        resolved_at=on.at,
    )


def closed(ticket: Ticket, *, on: Occasion) -> TicketChange:
    """Return the ticket that nobody will touch again: its result is final."""
    ticket.require(TicketStep.CLOSE)
    return changed(
        ticket,
        TicketEventKind.CLOSED,
        at=on.at,
        actor=on.actor,
        status=TicketStatus.CLOSED,
        closed_at=on.at,
    )


def reopened(ticket: Ticket, reason: str, *, on: Occasion) -> TicketChange:
    """Return the ticket in work again; the time it was finished is never counted."""
    ticket.require(TicketStep.REOPEN)
    return changed(
        ticket,
        TicketEventKind.REOPENED,
        at=on.at,
        actor=on.actor,
        reason=reason.strip() or None,
        status=TicketStatus.IN_PROGRESS,
        resolved_at=None,
        closed_at=None,
    )


def cancelled(ticket: Ticket, reason: str, *, on: Occasion) -> TicketChange:
    """Return the ticket given up before the work was done, with the reason."""
    ticket.require(TicketStep.CANCEL)
    return changed(
        ticket,
        TicketEventKind.CANCELLED,
        at=on.at,
        actor=on.actor,
        reason=_required(reason, TicketStep.CANCEL),
        status=TicketStatus.CANCELLED,
        waiting_on=None,
    )


def marked_spam(ticket: Ticket, *, on: Occasion) -> TicketChange:
    """Return the ticket that never was a request: it has no promise and costs nothing."""
    ticket.require(TicketStep.MARK_SPAM)
    return changed(
        ticket,
        TicketEventKind.MARKED_SPAM,
        at=on.at,
        actor=on.actor,
        status=TicketStatus.SPAM,
        waiting_on=None,
    )


def requester_set(
    ticket: Ticket,
    requester_id: ContactId,
    client_id: ClientId,
    contract_id: ContractId | None,
    *,
    on: Occasion,
) -> TicketChange:
    """Return the ticket of this person, by the word of somebody who answers for it."""
    return changed(
        ticket,
        TicketEventKind.REQUESTER_SET,
        at=on.at,
        actor=on.actor,
        requester_id=requester_id,
        client_id=client_id,
        contract_id=contract_id,
        is_requester_unconfirmed=False,
    )


def _required(reason: str, step: TicketStep) -> str:
    if not reason.strip():
        raise StepReasonRequired(path=("reason",), step=step)
    return reason.strip()


def _refusal(ticket: Ticket, step: TicketStep, possible: str) -> TransitionRefused:
    return TransitionRefused(
        number=ticket.number,
        status=ticket.status,
        step=step,
        possible=", ".join((*ticket.possible_steps()[1:], possible)),
    )
