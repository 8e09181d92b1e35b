"""A message that was set aside is read again."""

from dataclasses import dataclass, replace

from helpdesk.domain.access import Scope, Viewer
from helpdesk.domain.ids import InboundMailId
from helpdesk.domain.inbox import InboundMail, InboundMailState
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.inbound_in_hand import message_in_hand


@dataclass(frozen=True, slots=True)
class RequeueInboundMessage:
    """The message to read again."""

    inbound_mail_id: InboundMailId


async def requeue_inbound_message(
    desk: Desk, *, viewer: Viewer, request: RequeueInboundMessage
) -> InboundMail:
    """Put a message back in the queue and return it; one that became a ticket stays as it is."""
    viewer.require_agency(Scope.MAIL_WRITE)
    async with desk.store.transaction(viewer.agency_id) as records:
        mail = await message_in_hand(records, request.inbound_mail_id)
        if mail.state is InboundMailState.DONE:
            return mail
        queued = replace(
            mail,
            state=InboundMailState.STORED,
            reason=None,
            attempts=0,
            retry_at=None,
            last_error=None,
            processed_at=None,
            settled_by=None,
        )
        await records.mail.save_inbound(queued)
        return queued
