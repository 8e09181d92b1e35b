"""An address no longer wants to hear of anything."""

from dataclasses import dataclass, replace

from helpdesk.domain.access import Viewer
from helpdesk.domain.ids import WebhookId
from helpdesk.domain.notification_catalogue import NotificationKind
from helpdesk.domain.webhook import GIVEN_UP_DISABLED, Webhook
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.keep_news import keep_upkeep_news
from helpdesk.usecases.promise_webhook import existing_webhook
from helpdesk.usecases.require_manager import require_manager


@dataclass(frozen=True, slots=True)
class DisableWebhook:
    """The webhook to call no more."""

    webhook_id: WebhookId


async def disable_webhook(desk: Desk, *, viewer: Viewer, request: DisableWebhook) -> Webhook:
    """Disable the webhook, give up what waits for it, and return it.

    One that is disabled stays as it is. Raises ManagersOnly, NotFound.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        await require_manager(records, viewer)
        webhook = await existing_webhook(records, request.webhook_id)
        if webhook.is_disabled:
            return webhook
        at = desk.now()
        await records.webhooks.disable(webhook.id, GIVEN_UP_DISABLED, at=at)
        kind = NotificationKind.WEBHOOK_DISABLED
        await keep_upkeep_news(desk, records, viewer.actor, kind, detail=webhook.name)
        return replace(webhook, disabled_at=at)
