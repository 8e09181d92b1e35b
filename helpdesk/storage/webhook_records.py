"""Webhooks in the database, and the calls that were promised to them."""

from collections.abc import Collection
from dataclasses import fields
from datetime import datetime

from sqlalchemy import and_, bindparam, not_, select, update

from helpdesk.domain.ids import WebhookDeliveryId, WebhookId
from helpdesk.domain.sending import SendingState
from helpdesk.domain.webhook import Webhook, WebhookDelivery
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.database import Database
from helpdesk.storage.query import Query, in_list, insert
from helpdesk.storage.row_mapper import RowMapper
from helpdesk.storage.sending import SendingTable
from helpdesk.storage.session import MINE, Session
from helpdesk.storage.tables.webhook import WEBHOOK, WEBHOOK_DELIVERY
from helpdesk.usecases.webhook_ports import WebhookCall

WEBHOOKS = RowMapper(Webhook, WEBHOOK, {})
DELIVERIES = RowMapper(WebhookDelivery, WEBHOOK_DELIVERY, {"state": SendingState})

_STANDING = ("state", "attempts", "send_after", "last_error", "sent_at")

_WEBHOOK_BY_ID = Query(
    select(*WEBHOOKS.columns).where(WEBHOOK.c.agency_id == MINE, WEBHOOK.c.id == bindparam("id"))
)
_ADD_WEBHOOK = Query(insert(WEBHOOK))
_DISABLE = Query(
    update(WEBHOOK)
    .where(
        WEBHOOK.c.agency_id == MINE,
        WEBHOOK.c.id == bindparam("webhook"),
        WEBHOOK.c.disabled_at.is_(None),
    )
    .values(disabled_at=bindparam("at"))
)
_GIVE_UP = Query(
    update(WEBHOOK_DELIVERY)
    .where(
        WEBHOOK_DELIVERY.c.agency_id == MINE,
        WEBHOOK_DELIVERY.c.webhook_id == bindparam("webhook"),
        WEBHOOK_DELIVERY.c.state == SendingState.PENDING.value,
    )
    .values(state=SendingState.DEAD.value, last_error=bindparam("error"))
)
_DELIVERY_BY_ID = select(*DELIVERIES.columns).where(
    WEBHOOK_DELIVERY.c.agency_id == MINE, WEBHOOK_DELIVERY.c.id == bindparam("id")
)
_READ_DELIVERY, _LOCKED_DELIVERY = (
    Query(_DELIVERY_BY_ID),
    Query(_DELIVERY_BY_ID.with_for_update()),
)
_PROMISE = Query(insert(WEBHOOK_DELIVERY).on_conflict_do_nothing())
_SAVE_DELIVERY = Query(
    update(WEBHOOK_DELIVERY)
    .where(WEBHOOK_DELIVERY.c.agency_id == MINE, WEBHOOK_DELIVERY.c.id == bindparam("id_"))
    .values({WEBHOOK_DELIVERY.c[name]: bindparam(f"new_{name}") for name in _STANDING})
)
_CALLS = SendingTable(
    WEBHOOK_DELIVERY,
    [*WEBHOOKS.columns, *DELIVERIES.columns],
    reason="one worker calls the webhooks of every agency",
    source=WEBHOOK_DELIVERY.join(
        WEBHOOK,
        and_(
            WEBHOOK.c.agency_id == WEBHOOK_DELIVERY.c.agency_id,
            WEBHOOK.c.id == WEBHOOK_DELIVERY.c.webhook_id,
        ),
    ),
    also=[not_(in_list(WEBHOOK_DELIVERY.c.webhook_id, "avoiding"))],
)
_WIDTH = len(fields(Webhook))


class SqlWebhookRecords:
    """WebhookRecords on a database; `locks` takes rows for the time of the transaction."""

    def __init__(self, session: Session, *, locks: bool) -> None:
        self._session = session
        self._delivery = _LOCKED_DELIVERY if locks else _READ_DELIVERY

    async def webhook(self, webhook_id: WebhookId) -> Webhook | None:
        """Return a webhook, a disabled one too."""
        row = await self._session.fetch_one(_WEBHOOK_BY_ID, id=webhook_id)
        return None if row is None else WEBHOOKS.read(row)

    async def add_webhook(self, webhook: Webhook) -> None:
        """Add a webhook."""
        await self._session.add(_ADD_WEBHOOK, WEBHOOKS.params(webhook))

    async def disable(self, webhook_id: WebhookId, error: str, *, at: datetime) -> None:
        """Disable a webhook and give up what waits for it."""
        await self._session.write(_DISABLE, webhook=webhook_id, at=at)
        await self._session.write(_GIVE_UP, webhook=webhook_id, error=error)

    async def delivery(self, delivery_id: WebhookDeliveryId) -> WebhookDelivery | None:
        """Return a delivery, locked until the transaction ends."""
        row = await self._session.fetch_one(self._delivery, id=delivery_id)
        return None if row is None else DELIVERIES.read(row)

    async def promise(self, delivery: WebhookDelivery) -> None:
        """Put a call in the queue; the same idempotency key twice is one call."""
        await self._session.add(_PROMISE, DELIVERIES.params(delivery))

    async def save_delivery(self, delivery: WebhookDelivery) -> None:
        """Write where a delivery stands."""
        params = DELIVERIES.params(delivery)
        changes = {f"new_{name}": params[name] for name in _STANDING}
        await self._session.write(_SAVE_DELIVERY, id_=delivery.id, **changes)


class SqlWebhookQueue:
    """WebhookQueue on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def due(
        self, *, at: datetime, limit: int, avoiding: Collection[WebhookId] = ()
    ) -> tuple[WebhookCall, ...]:
        """Return calls to make, leased for a while: a crash makes them due again after it."""
        rows = await _CALLS.claim(self._database, at=at, limit=limit, avoiding=list(avoiding))
        return tuple(_call_of(row) for row in rows)

    async def mark_sent(self, call: WebhookCall, *, at: datetime) -> None:
        """Record that a call was answered."""
        await _CALLS.mark_sent(self._database, call.delivery, at=at)

    async def mark_failed(
        self, call: WebhookCall, error: str, *, retry_at: datetime | None
    ) -> None:
        """Record a failed try; None gives the delivery up, visibly."""
        await _CALLS.mark_failed(self._database, call.delivery, error, retry_at=retry_at)


def _call_of(row: Row) -> WebhookCall:
    return WebhookCall(WEBHOOKS.read(row[:_WIDTH]), DELIVERIES.read(row[_WIDTH:]))
