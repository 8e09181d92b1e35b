"""A person says whose words a doubtful mail is: the client's, or somebody else's."""

from dataclasses import dataclass, replace

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.correction import moved_clocks
from helpdesk.domain.doubtful_mail import accepted, rejected
from helpdesk.domain.follow_up import is_finished
from helpdesk.domain.ids import ContractId, MessageId, TicketId
from helpdesk.domain.mail_trust import SenderDoubt
from helpdesk.domain.message import Message
from helpdesk.domain.ticket import Ticket, TicketChange
from helpdesk.domain.ticket_life import Occasion
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.mail_follow_up import goes_on
from helpdesk.usecases.ports import Records
from helpdesk.usecases.reply_to_ticket import Reply
from helpdesk.usecases.settle_again import (
    PutRight,
    contracts_of_ticket,
    hold_contracts,
    settle_again,
)
from helpdesk.usecases.ticket_clocks import derived_clocks, save_change
from helpdesk.usecases.ticket_step import visible_ticket


@dataclass(frozen=True, slots=True)
class JudgeMessage:
    """The message that is judged."""

    message_id: MessageId


async def accept_message(desk: Desk, *, viewer: Viewer, request: JudgeMessage) -> Reply:
    """Let a doubtful mail count as the client's from its arrival on; return it with its ticket.

    It becomes a public message and does what it would have done: it starts a clock, ends a wait,
    reopens; credits that follow from clocks in the past are settled again. Raises NotFound,
    AgencyOnly, JudgedByProgram, MessageNotInDoubt, AgentsMailNotAccepted, FinishedBeforeTheMail
    and TransitionRefused.
    """
    ticket_id = await _ticket_of(desk, viewer, request)
    under = await contracts_of_ticket(desk, viewer.agency_id, ticket_id)
    async with desk.store.transaction(viewer.agency_id) as records:
        await hold_contracts(records, under)
        ticket, message = await _judged(records, viewer, request)
        past = await records.tickets.past(ticket.id)
        reopens = is_finished(ticket) and await goes_on(records, ticket, at=message.sent_at)
        on = Occasion(desk.now(), viewer.actor)
        change = accepted(ticket, message, past.history, on=on, reopens=reopens)
        told = replace(message, is_internal=False, doubt=None)
        saved = await _save(desk, records, ticket, change, under, told)
        return Reply(saved, told)


async def reject_message(desk: Desk, *, viewer: Viewer, request: JudgeMessage) -> Reply:
    """Say that a doubtful mail is not its author's; return it with its ticket, nothing moves.

    It stays a note of the agency, and may be accepted later. Raises NotFound, AgencyOnly,
    JudgedByProgram and MessageNotInDoubt.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        ticket, message = await _judged(records, viewer, request)
        change = rejected(ticket, message, on=Occasion(desk.now(), viewer.actor))
        told = replace(message, doubt=SenderDoubt.REJECTED)
        saved = (await save_change(desk, records, change)).ticket
        await records.tickets.judge_message(told)
        return Reply(saved, told)


async def _ticket_of(desk: Desk, viewer: Viewer, request: JudgeMessage) -> TicketId:
    async with desk.store.reading(viewer.agency_id) as records:
        ticket, _ = await _judged(records, viewer, request)
        return ticket.id


async def _judged(
    records: Records, viewer: Viewer, request: JudgeMessage
) -> tuple[Ticket, Message]:
    """Return the ticket, locked, and the message as it is then."""
    unknown = NotFound(path=("messageId",), what="Message", id=request.message_id)
    found = await records.tickets.message(request.message_id)
    if found is None:
        raise unknown
    try:
        ticket = await visible_ticket(records, viewer, found.ticket_id)
    except NotFound:
        raise unknown from None
    if found.is_internal and not viewer.is_of_agency:
        raise unknown
    viewer.require_agency(Scope.TICKETS_WRITE)
    message = await records.tickets.message(request.message_id)
    assert message is not None  # noqa: S101 - messages are never removed
    return ticket, message


async def _save(  # noqa: PLR0917 - private, an acceptance with all that it needs
    desk: Desk,
    records: Records,
    ticket: Ticket,
    change: TicketChange,
    under: tuple[ContractId, ...],
    message: Message,
) -> Ticket:
    past = await records.tickets.past(ticket.id)
    before = await derived_clocks(desk, records, ticket, past)
    after = await derived_clocks(desk, records, change.ticket, past, change.events)
    was, is_now = ([one.clock for one in told.clocks] for told in (before, after))
    moves = tuple(moved_clocks(ticket.id, ticket.number, was, is_now, at=desk.now()))
    saved = (await save_change(desk, records, change)).ticket
    await records.tickets.judge_message(message)
    await settle_again(desk, records, PutRight(under, message.sent_at, moves))
    return saved
