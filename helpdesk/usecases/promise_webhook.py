"""A call is promised in the transaction that makes it true; the worker makes it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from helpdesk.domain.access import NotFound
from helpdesk.domain.ids import WebhookDeliveryId, WebhookId
from helpdesk.domain.sending import SendingState
from helpdesk.domain.webhook import GIVEN_UP_DISABLED, Webhook, WebhookDelivery, message
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records


async def promise_webhook(
    desk: Desk,
    records: Records,
    webhook: Webhook,
    kind: str,
    body: Mapping[str, Any],  # a JSON document: texts, numbers, truths; instants as RFC 3339 texts
    *,
    key: str,
) -> WebhookDelivery:
    """Promise one call in the caller's transaction and return it.

    `kind` is the type of the event, such as `webhook.test`; `body` becomes the `data` of the
    message. The same `key` for the same webhook is one call: the first one stands. For a disabled
    webhook the promise is written down as given up, so that people see who was not told.
    """
    at = desk.now()
    delivery = WebhookDelivery(
        id=WebhookDeliveryId(desk.new_id()),
        agency_id=webhook.agency_id,
        webhook_id=webhook.id,
        idempotency_key=f"{webhook.id}:{key}",
        kind=kind,
        body=message(kind, body, at=at),
        created_at=at,
        send_after=at,
    )
    if webhook.is_disabled:
        delivery = replace(delivery, state=SendingState.DEAD, last_error=GIVEN_UP_DISABLED)
    await records.webhooks.promise(delivery)
    return delivery


async def existing_webhook(records: Records, webhook_id: WebhookId) -> Webhook:
    """Return a webhook of the agency. Raises NotFound."""
    webhook = await records.webhooks.webhook(webhook_id)
    if webhook is None:
        raise NotFound(path=("webhookId",), what="Webhook", id=webhook_id)
    return webhook
