"""A person says that a message is spam, and perhaps that its sender is heard no more."""

from dataclasses import dataclass, replace
from enum import StrEnum

from helpdesk.domain.access import Scope, Viewer
from helpdesk.domain.ids import InboundMailId
from helpdesk.domain.inbox import InboundMail, InboundMailReason, InboundMailState
from helpdesk.domain.sender_rule import SenderInvalid
from helpdesk.domain.ticket import TicketStatus
from helpdesk.domain.ticket_life import Occasion, marked_spam
from helpdesk.usecases.block_sender import blocked_sender
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.inbound_in_hand import message_in_hand, settle
from helpdesk.usecases.ports import Records
from helpdesk.usecases.ticket_clocks import save_change
from helpdesk.usecases.ticket_step import visible_ticket


class SenderBlock(StrEnum):
    """Whom the next mails are not heard of."""

    NOBODY = "NOBODY"
    ADDRESS = "ADDRESS"
    DOMAIN = "DOMAIN"


@dataclass(frozen=True, slots=True)
class MarkInboundMessagesSpam:
    """The messages that are spam, and what their senders may not do any more."""

    inbound_mail_ids: tuple[InboundMailId, ...]
    block: SenderBlock = SenderBlock.NOBODY


async def mark_inbound_messages_spam(
    desk: Desk, *, viewer: Viewer, request: MarkInboundMessagesSpam
) -> tuple[InboundMail, ...]:
    """Mark messages as spam, all of them or none, and return them; their bytes stay.

    A ticket that one of them opened is marked, too; an answer on a ticket leaves that as it is.
    What is marked already stays as it is. Raises AgencyOnly, ScopeMissing, NotFound,
    TransitionRefused of a ticket that is over, SenderInvalid and OwnSenderBlocked of a sender who
    is to be blocked.
    """
    viewer.require_agency(Scope.MAIL_WRITE)
    marked: dict[InboundMailId, InboundMail] = {}
    async with desk.store.transaction(viewer.agency_id) as records:
        for mail_id in sorted(set(request.inbound_mail_ids)):
            mail = await message_in_hand(records, mail_id)
            if request.block is not SenderBlock.NOBODY:
                await blocked_sender(desk, records, viewer, _sender(mail, request.block))
            marked[mail_id] = await _marked(desk, records, viewer, mail)
    return tuple(marked[mail_id] for mail_id in request.inbound_mail_ids)


async def _marked(desk: Desk, records: Records, viewer: Viewer, mail: InboundMail) -> InboundMail:
    if mail.reason is InboundMailReason.SPAM:
        return mail
    if mail.reason is InboundMailReason.OPENED_TICKET and mail.ticket_id is not None:
        viewer.require_agency(Scope.TICKETS_WRITE)
        ticket = await visible_ticket(records, viewer, mail.ticket_id)
        if ticket.status is not TicketStatus.SPAM:
            change = marked_spam(ticket, on=Occasion(desk.now(), viewer.actor))
            await save_change(desk, records, change)
    state = InboundMailState.IGNORED if mail.ticket_id is None else mail.state
    spam = replace(mail, state=state, reason=InboundMailReason.SPAM)
    return await settle(desk, records, viewer, spam)


def _sender(mail: InboundMail, block: SenderBlock) -> str:
    address = mail.from_addr or mail.envelope_from
    if "@" not in address:
        raise SenderInvalid(path=("block",), sender=address)
    return address if block is SenderBlock.ADDRESS else "@" + address.rpartition("@")[2]
