"""An agency names an address that wants to hear of what happens."""

from dataclasses import dataclass

from helpdesk.domain.access import Viewer
from helpdesk.domain.ids import WebhookId
from helpdesk.domain.message import required_text
from helpdesk.domain.webhook import Webhook, secret_of
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.require_manager import require_manager

NAME_LIMIT = 200


@dataclass(frozen=True, slots=True)
class CreateWebhook:
    """The address and what people call it."""

    name: str
    url: str


async def create_webhook(desk: Desk, *, viewer: Viewer, request: CreateWebhook) -> Webhook:
    """Add the webhook and return it; its secret is shown now and never again.

    Raises ManagersOnly, TextRequired and what `WebhookAddressRules.url` raises.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        await require_manager(records, viewer)
        webhook = Webhook(
            id=WebhookId(desk.new_id()),
            agency_id=viewer.agency_id,
            name=required_text(request.name, field="name", limit=NAME_LIMIT),
            url=desk.webhook_addresses.url(request.url),
            secret=secret_of(desk.new_secret()),
            created_at=desk.now(),
        )
        await records.webhooks.add_webhook(webhook)
    return webhook
