"""Webhooks as use-cases and the worker need them: what is kept, and which calls are to be made."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from helpdesk.domain.ids import WebhookDeliveryId, WebhookId
from helpdesk.domain.webhook import Webhook, WebhookDelivery


@dataclass(frozen=True, slots=True)
class WebhookCall:
    """A delivery on its way to the webhook that it was promised to."""

    webhook: Webhook
    delivery: WebhookDelivery


class WebhookRecords(Protocol):
    """Webhooks and the calls that were promised to them."""

    async def webhook(self, webhook_id: WebhookId) -> Webhook | None:
        """Return a webhook, a disabled one too; None when there is none."""
        ...

    async def add_webhook(self, webhook: Webhook) -> None:
        """Add a webhook."""
        ...

    async def disable(self, webhook_id: WebhookId, error: str, *, at: datetime) -> None:
        """Disable a webhook and give up with this error what waits for it.

        One that is disabled keeps the instant of the first time.
        """
        ...

    async def delivery(self, delivery_id: WebhookDeliveryId) -> WebhookDelivery | None:
        """Return a delivery, locked until the transaction ends; None when there is none."""
        ...

    async def promise(self, delivery: WebhookDelivery) -> None:
        """Put a call in the queue; the same idempotency key twice is one call."""
        ...

    async def save_delivery(self, delivery: WebhookDelivery) -> None:
        """Write where a delivery stands."""
        ...


class WebhookQueue(Protocol):
    """The calls that are to be made, across agencies."""

    async def due(
        self, *, at: datetime, limit: int, avoiding: Collection[WebhookId] = ()
    ) -> tuple[WebhookCall, ...]:
        """Return calls to make, oldest first, claimed so that no other worker has them.

        Those to the webhooks in `avoiding` are left where they are.
        """
        ...

    async def mark_sent(self, call: WebhookCall, *, at: datetime) -> None:
        """Record that a call was answered."""
        ...

    async def mark_failed(
        self, call: WebhookCall, error: str, *, retry_at: datetime | None
    ) -> None:
        """Record a failed try; None gives the delivery up, visibly."""
        ...
