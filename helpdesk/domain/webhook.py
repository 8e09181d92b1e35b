"""Webhooks: where an agency wants to hear of what happens, and the calls that tell it.

A call follows the Standard Webhooks specification 1.0.0: https://www.standardwebhooks.com
"""

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import AgencyId, WebhookDeliveryId, WebhookId
from helpdesk.domain.sending import SendingState

SECRET_PREFIX = "whsec_"  # noqa: S105 - what every secret starts with
PAUSES = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
)
"""How long to wait after each failed try; after the last one the delivery is given up."""

LONGEST_REST = timedelta(days=1)
"""How long a receiver may ask us to wait before the next try."""

CALL_LIFETIME = timedelta(minutes=5)
"""How old a call to us may be: who wrote it down on the way cannot play it again later."""

LONGEST_TIMESTAMP = 12

GIVEN_UP_DISABLED = "The webhook is disabled: nobody was called."


class WebhookDisabled(HelpdeskError):
    """Who no longer wants to be called is not called again by mistake."""

    code: ClassVar[ErrorCode] = ErrorCode.WEBHOOK_DISABLED
    english: ClassVar[str] = "The webhook {name} is disabled: create a new one."
    french: ClassVar[str] = "Le webhook {name} est désactivé : créez-en un nouveau."


class CallFailed(Exception):
    """A call was not answered with a 2xx; `reply` is what the people who look into it read.

    `rest` is how long the receiver asked us to wait; `is_final` says that it wants no further try.
    """

    def __init__(
        self, reply: str, *, rest: timedelta = timedelta(0), is_final: bool = False
    ) -> None:
        super().__init__(reply)
        self.reply = reply
        self.rest = rest
        self.is_final = is_final


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that is told of events; `secret` signs what it is told.

    A disabled webhook is never called again.
    """

    id: WebhookId
    agency_id: AgencyId
    name: str
    url: str
    secret: str
    created_at: datetime
    disabled_at: datetime | None = None

    @property
    def is_disabled(self) -> bool:
        """Whether nobody wants to be called any more."""
        return self.disabled_at is not None


@dataclass(frozen=True, slots=True)
class WebhookDelivery:
    """A call that was promised: what to tell, when, and how often it was tried.

    `idempotency_key` makes the same promise twice one delivery. `attempts` counts the tries, also
    one that a crash cut short.
    """

    id: WebhookDeliveryId
    agency_id: AgencyId
    webhook_id: WebhookId
    idempotency_key: str
    kind: str
    body: Mapping[str, Any]  # a JSON document
    created_at: datetime
    send_after: datetime
    state: SendingState = SendingState.PENDING
    attempts: int = 0
    last_error: str | None = None
    sent_at: datetime | None = None


def secret_of(entropy: str) -> str:
    """Return the secret of a webhook, drawn from an unguessable text: 256 bits in base64.

    >>> secret_of("drawn by lot")
    'whsec_pcFKIFiSOJDU29Pl/phIfeAX48HuBOBgAqDkjo5K318='
    """
    return SECRET_PREFIX + b64encode(hashlib.sha256(entropy.encode()).digest()).decode()


def message(kind: str, data: Mapping[str, Any], *, at: datetime) -> dict[str, Any]:  # Any: JSON
    """Return what a webhook is told: the type of the event, when it happened, and its data."""
    happened = at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return {"type": kind, "timestamp": happened, "data": dict(data)}


def signature(secret: str, delivery_id: str, timestamp: int, body: bytes) -> str:
    """Return the header that proves to the holder of the secret who calls and what was said.

    It signs `id.timestamp.body` with HMAC-SHA256; `timestamp` is the second of this try.
    """
    signed = f"{delivery_id}.{timestamp}.".encode() + body
    key = b64decode(secret.removeprefix(SECRET_PREFIX))
    return "v1," + b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def next_try(attempts: int, failure: Exception, *, at: datetime) -> datetime | None:
    """Return when to call again after the try number `attempts` (from 1) failed at `at`.

    None gives the delivery up: the receiver is gone for good, or it was called often enough.
    """
    rest = timedelta(0)
    if isinstance(failure, CallFailed):
        if failure.is_final:
            return None
        rest = min(failure.rest, LONGEST_REST)
    if attempts > len(PAUSES):
        return None
    return at + max(PAUSES[attempts - 1], rest)


def is_signed(secret: str, headers: Mapping[str, str], body: bytes, *, at: datetime) -> bool:
    """Return whether a call to us was signed with the secret, and no longer ago than five minutes.

    `headers` are those of the specification: `webhook-id`, `webhook-timestamp` and
    `webhook-signature`, which may hold several signatures. A clock that is as much ahead is borne.
    """
    call_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not call_id or not timestamp.isascii() or not timestamp.isdigit():
        return False
    if len(timestamp) > LONGEST_TIMESTAMP:
        return False
    if abs(at.timestamp() - int(timestamp)) > CALL_LIFETIME.total_seconds():
        return False
    wanted = signature(secret, call_id, int(timestamp), body).encode()
    given = headers.get("webhook-signature", "").encode("utf-8", "replace").split()
    return any(hmac.compare_digest(wanted, one) for one in given)
