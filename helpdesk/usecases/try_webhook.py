"""A manager sees whether an address answers before it matters."""

from dataclasses import dataclass

from helpdesk.domain.access import Viewer
from helpdesk.domain.ids import WebhookId
from helpdesk.domain.webhook import WebhookDelivery, WebhookDisabled
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.promise_webhook import existing_webhook, promise_webhook
from helpdesk.usecases.require_manager import require_manager

TEST_EVENT = "webhook.test"


@dataclass(frozen=True, slots=True)
class TryWebhook:
    """The webhook to call."""

    webhook_id: WebhookId


async def try_webhook(desk: Desk, *, viewer: Viewer, request: TryWebhook) -> WebhookDelivery:
    """Promise a call of the type `webhook.test` and return it.

    Raises ManagersOnly, NotFound, WebhookDisabled.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        await require_manager(records, viewer)
        webhook = await existing_webhook(records, request.webhook_id)
        if webhook.is_disabled:
            raise WebhookDisabled(path=("webhookId",), name=webhook.name)
        data = {"webhookName": webhook.name, "askedBy": viewer.name}
        return await promise_webhook(desk, records, webhook, TEST_EVENT, data, key=desk.new_id())
