"""A person says that a message needs nobody: it is kept, and waits no more."""

from dataclasses import dataclass, replace

from helpdesk.domain.access import Scope, Viewer
from helpdesk.domain.ids import InboundMailId
from helpdesk.domain.inbox import InboundMail, InboundMailReason, InboundMailState
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.inbound_in_hand import message_in_hand, require_off_ticket, settle


@dataclass(frozen=True, slots=True)
class DiscardInboundMessages:
    """The messages that need nobody."""

    inbound_mail_ids: tuple[InboundMailId, ...]


async def discard_inbound_messages(
    desk: Desk, *, viewer: Viewer, request: DiscardInboundMessages
) -> tuple[InboundMail, ...]:
    """Set messages aside for good, all of them or none, and return them; their bytes stay.

    One that needs nobody already stays as it is. Raises AgencyOnly, ScopeMissing, NotFound,
    MessageOnTicket.
    """
    viewer.require_agency(Scope.MAIL_WRITE)
    settled: dict[InboundMailId, InboundMail] = {}
    async with desk.store.transaction(viewer.agency_id) as records:
        # Always in the same order, so that two people never wait for each other.
        for mail_id in sorted(set(request.inbound_mail_ids)):
            mail = await message_in_hand(records, mail_id)
            await require_off_ticket(records, mail)
            if mail.state is not InboundMailState.IGNORED:
                state, reason = InboundMailState.IGNORED, InboundMailReason.DISCARDED
                discarded = replace(mail, state=state, reason=reason)
                mail = await settle(desk, records, viewer, discarded)
            settled[mail_id] = mail
    return tuple(settled[mail_id] for mail_id in request.inbound_mail_ids)
