"""A webhook of Alice's agency, and what is promised to it."""

from typing import Any

from helpdesk.domain.webhook import Webhook
from helpdesk.storage.tables.webhook import WEBHOOK_DELIVERY
from helpdesk.usecases.create_webhook import CreateWebhook, create_webhook
from helpdesk.usecases.promise_webhook import promise_webhook
from tests.factories import AGENCY_ID
from tests.usecases.world import RowOf, World

URL = "https://crm.example/hooks"


async def a_webhook(world: World, name: str = "CRM", url: str = URL) -> Webhook:
    """Return a webhook that Alice makes."""
    return await create_webhook(world.desk, viewer=world.alice, request=CreateWebhook(name, url))


async def promised(world: World, webhook: Webhook, key: str = "1", **data: Any) -> None:
    """Promise a call in a transaction of its own. Any: JSON."""
    async with world.desk.store.transaction(AGENCY_ID) as records:
        await promise_webhook(world.desk, records, webhook, "ticket.opened", data, key=key)


async def deliveries(world: World) -> list[RowOf]:
    """Return every delivery, the oldest first."""
    return await world.rows(WEBHOOK_DELIVERY)
