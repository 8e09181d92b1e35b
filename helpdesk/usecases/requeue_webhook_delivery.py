"""What a webhook was to be told is told again."""

from dataclasses import dataclass, replace

from helpdesk.domain.access import NotFound, Viewer
from helpdesk.domain.ids import WebhookDeliveryId
from helpdesk.domain.sending import SendingState
from helpdesk.domain.webhook import WebhookDelivery, WebhookDisabled
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.promise_webhook import existing_webhook
from helpdesk.usecases.require_manager import require_manager


@dataclass(frozen=True, slots=True)
class RequeueWebhookDelivery:
    """The delivery to make again."""

    delivery_id: WebhookDeliveryId


async def requeue_webhook_delivery(
    desk: Desk, *, viewer: Viewer, request: RequeueWebhookDelivery
) -> WebhookDelivery:
    """Put a delivery back in the queue, due now with all its tries, and return it.

    It keeps its id, by which a receiver knows what it has already. One that is being sent stays as
    it is. Raises ManagersOnly, NotFound, WebhookDisabled.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        await require_manager(records, viewer)
        delivery = await records.webhooks.delivery(request.delivery_id)
        if delivery is None:
            raise NotFound(path=("deliveryId",), what="WebhookDelivery", id=request.delivery_id)
        webhook = await existing_webhook(records, delivery.webhook_id)
        if webhook.is_disabled:
            raise WebhookDisabled(path=("deliveryId",), name=webhook.name)
        if delivery.state is SendingState.SENDING:
            return delivery
        queued = replace(
            delivery,
            state=SendingState.PENDING,
            attempts=0,
            send_after=desk.now(),
            last_error=None,
            sent_at=None,
        )
        await records.webhooks.save_delivery(queued)
        return queued
