"""Doors for monitoring tools: who may knock, and what a tool says.

How each tool proves itself is its own: a signature over the body, or a secret that it repeats.
"""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import ClassVar

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import AgencyId, MonitoringHookId, SignalId, SiteId
from helpdesk.domain.webhook import signature

CLOCKS_APART = timedelta(minutes=5)
"""How far the timestamp of a signed call may be from our clock, as Standard Webhooks advises."""


class MonitoringTool(StrEnum):
    """The tools whose words are understood; GENERIC is the signed JSON of our own format."""

    UPTIMEROBOT = "UPTIMEROBOT"
    ALERTMANAGER = "ALERTMANAGER"
    SENTRY = "SENTRY"
    GENERIC = "GENERIC"


class SignalState(StrEnum):
    """What became of a call that a tool made."""

    STORED = "STORED"
    DONE = "DONE"
    REFUSED = "REFUSED"


class AlertKind(StrEnum):
    """What a tool tells of: a site that is down, or something else that a person should look at."""

    OUTAGE = "OUTAGE"
    ALERT = "ALERT"


class CallUnproved(HelpdeskError):
    """Whoever cannot prove who he is is not listened to; what was wrong is not said."""

    code: ClassVar[ErrorCode] = ErrorCode.UNAUTHENTICATED
    english: ClassVar[str] = (
        "The call is not signed with the secret of this hook, or not in time: check the secret and"
        " the clock of the sender."
    )
    french: ClassVar[str] = (
        "L'appel n'est pas signé avec le secret de cette entrée, ou pas à temps : vérifiez le"
        " secret et l'horloge de l'émetteur."
    )


class SignalReplayed(HelpdeskError):
    """A call that somebody recorded and plays again must not open a second incident."""

    code: ClassVar[ErrorCode] = ErrorCode.SIGNAL_REPLAYED
    english: ClassVar[str] = "This very call was received before: sign a new one to try again."
    french: ClassVar[str] = (
        "Cet appel a déjà été reçu tel quel : signez-en un nouveau pour réessayer."
    )


class SignalNotUnderstood(HelpdeskError):
    """What is not in the tool's own format could be anything; it is kept for people to read."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "This is not what {tool} sends: {trouble}."
    french: ClassVar[str] = "Ce n'est pas ce qu'envoie {tool} : {trouble}."


class SignalSiteUnknown(HelpdeskError):
    """An outage is some site's: whose deadline would run otherwise?"""

    code: ClassVar[ErrorCode] = ErrorCode.NOT_FOUND
    english: ClassVar[str] = (
        "No site, or more than one, is known for “{given}”: bind the hook to a site, or give the"
        " site's own address."
    )
    french: ClassVar[str] = (
        "Aucun site, ou plusieurs, pour « {given} » : liez l'entrée à un site, ou donnez l'adresse"
        " du site."
    )


@dataclass(frozen=True, slots=True)
class MonitoringHook:
    """A door for one tool of an agency; `site_id` is the only site that it tells of, or None.

    A revoked one lets nobody in any more.
    """

    id: MonitoringHookId
    agency_id: AgencyId
    name: str
    tool: MonitoringTool
    secret: str
    created_at: datetime
    site_id: SiteId | None = None
    revoked_at: datetime | None = None

    @property
    def source(self) -> str:
        """How its incidents name where they come from."""
        return f"{self.tool.value.lower()}:{self.id}"


@dataclass(frozen=True, slots=True)
class Proof:
    """What a call says of itself besides its body; empty where the tool says nothing.

    `token` is a repeated secret, `signature` a signature over the body, `call_id` the name of the
    call and `timestamp` the second, since 1970, at which it was made.
    """

    token: str = ""
    signature: str = ""
    call_id: str = ""
    timestamp: str = ""


@dataclass(frozen=True, slots=True)
class Signal:
    """A call as it was received: kept before it is understood, with what became of it.

    `call_id` names the call, so that the same one twice is one; `proof` is what would be the same
    if somebody played it again.
    """

    id: SignalId
    agency_id: AgencyId
    hook_id: MonitoringHookId
    call_id: str
    proof: str
    body: str
    topic: str
    received_at: datetime
    state: SignalState = SignalState.STORED
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Alert:
    """What a tool says of one thing: since when it is wrong, and since when it is right again.

    `thing` is what the tool watches, by its own name, and `occurrence` tells one trouble of it from
    the next; without it the end belongs to the trouble that lasts. `site` is what the tool calls
    the site, mostly its address. Where the tool gives no instant, that of the call stands for it.
    """

    kind: AlertKind
    thing: str
    title: str
    is_over: bool
    occurrence: str = ""
    site: str = ""
    detail: str = ""
    began_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def prefix(self) -> str:
        """How the names of every trouble of this thing begin."""
        return f"{self.thing}@"

    @property
    def key(self) -> str:
        """What this trouble is called, so that telling twice is one."""
        return f"{self.prefix}{self.occurrence}"


def require_proof(hook: MonitoringHook, proof: Proof, body: bytes, *, at: datetime) -> None:
    """Refuse with CallUnproved whoever does not hold the secret of the hook.

    GENERIC follows Standard Webhooks 1.0.0: `id.timestamp.body` signed with HMAC-SHA256, within
    five minutes of our clock. Sentry signs the body alone, in hexadecimal. The others repeat the
    secret. Comparison takes the same time whatever is wrong.
    """
    is_proved = hook.revoked_at is None and _PROOFS[hook.tool](hook, proof, body, at)
    if not is_proved:
        raise CallUnproved


def _repeats_secret(hook: MonitoringHook, proof: Proof, body: bytes, at: datetime) -> bool:
    del body, at
    return hmac.compare_digest(proof.token.encode(), hook.secret.encode())


def _signed_by_sentry(hook: MonitoringHook, proof: Proof, body: bytes, at: datetime) -> bool:
    """Return whether the body is signed; the timestamp of Sentry is not, so it proves nothing."""
    del at
    expected = hmac.new(hook.secret.encode(), body, sha256).hexdigest()
    return hmac.compare_digest(proof.signature.encode(), expected.encode())


def _signed_in_time(hook: MonitoringHook, proof: Proof, body: bytes, at: datetime) -> bool:
    if not proof.call_id or not (proof.timestamp.isascii() and proof.timestamp.isdigit()):
        return False
    try:
        signed_at = datetime.fromtimestamp(int(proof.timestamp), UTC)
        expected = signature(hook.secret, proof.call_id, int(proof.timestamp), body)
    except (ValueError, OverflowError, OSError):
        return False
    # A sender that changes its secret signs with both, one beside the other.
    given = proof.signature.split(" ")
    is_signed = any(hmac.compare_digest(one.encode(), expected.encode()) for one in given)
    return is_signed and abs(at - signed_at) <= CLOCKS_APART


_PROOFS = {
    MonitoringTool.UPTIMEROBOT: _repeats_secret,
    MonitoringTool.ALERTMANAGER: _repeats_secret,
    MonitoringTool.SENTRY: _signed_by_sentry,
    MonitoringTool.GENERIC: _signed_in_time,
}
