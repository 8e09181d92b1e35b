"""A message handed to the mail door: stored first, understood later, never lost."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from helpdesk.domain.automatic_mail import (
    AutomaticReason,
)
from helpdesk.domain.ids import AgencyId, InboundMailId, TicketId
from helpdesk.domain.inbound_email import (
    InboundEmail,
    Transport,
)
from helpdesk.domain.mail_trust import AuthMethod, AuthOutcome, AuthVerdict

RETRY_LIMIT = 8
CRASH_LIMIT = 3
"""How often a message that ended its reader is read again, each time alone."""


class InboundMailState(StrEnum):
    """What became of a message."""

    STORED = "STORED"
    DONE = "DONE"
    IGNORED = "IGNORED"
    QUARANTINED = "QUARANTINED"
    FAILED = "FAILED"


class InboundMailReason(StrEnum):
    """Why a message is in its state."""

    OPENED_TICKET = "OPENED_TICKET"
    ANSWERED_TICKET = "ANSWERED_TICKET"
    DUPLICATE = "DUPLICATE"
    AUTOMATIC = "AUTOMATIC"
    BOUNCE = "BOUNCE"
    OWN_MAIL = "OWN_MAIL"
    LOOP = "LOOP"
    NO_SENDER = "NO_SENDER"
    TROUBLE = "TROUBLE"
    BLOCKED_SENDER = "BLOCKED_SENDER"
    SPAM = "SPAM"
    DISCARDED = "DISCARDED"
    UNSUBSCRIBED = "UNSUBSCRIBED"


@dataclass(frozen=True, slots=True)
class InboundMail:
    """A stored message with its envelope and its state; the raw bytes stand under `raw_sha256`.

    `content_hash` leaves out the trace headers above ours, so that a second delivery of the same
    message to the same mailbox is recognised; `meaning_hash` is None until it was read, and tells
    the same message that came by another way. `auth_*` is the verdict on its author; without an
    outcome there was nobody to give one. `peer` is the address of the machine that handed it over
    by SMTP, None when it came by another door. `settled_by` is the person who decided what becomes
    of it, None while nobody had to.
    """

    id: InboundMailId
    agency_id: AgencyId
    mailbox: str
    transport: Transport
    envelope_from: str
    envelope_to: tuple[str, ...]
    received_at: datetime
    raw_sha256: str
    content_hash: str
    size: int
    state: InboundMailState = InboundMailState.STORED
    reason: InboundMailReason | None = None
    attempts: int = 0
    retry_at: datetime | None = None
    last_error: str | None = None
    subject: str | None = None
    from_addr: str | None = None
    meaning_hash: str | None = None
    ticket_id: TicketId | None = None
    processed_at: datetime | None = None
    auth_outcome: AuthOutcome | None = None
    auth_method: AuthMethod | None = None
    auth_domain: str | None = None
    auth_server: str | None = None
    peer: str | None = None
    settled_by: str | None = None

    @property
    def waits(self) -> bool:
        """Whether it waits to be understood, for the first time or again."""
        return self.state in {InboundMailState.STORED, InboundMailState.FAILED}

    @property
    def verdict(self) -> AuthVerdict | None:
        """What was said of its author, None without anybody to say it."""
        if self.auth_outcome is None:
            return None
        return AuthVerdict(
            self.auth_outcome, self.auth_server or "", self.auth_method, self.auth_domain
        )

    def with_verdict(self, verdict: AuthVerdict | None) -> Self:
        """Return the message with what our server says of its author, if it is there to say."""
        if verdict is None:
            return self
        return replace(
            self,
            auth_outcome=verdict.outcome,
            auth_method=verdict.method,
            auth_domain=verdict.domain,
            auth_server=verdict.authserv_id,
        )


@dataclass(frozen=True, slots=True)
class MailboxPosition:
    """How far a mailbox on another server was read, and what stood in the way last.

    Messages count by the numbers that the server gave them (`last_uid`), which hold while its
    `uid_validity` is the same. `looked_at` is when it was last read, None of one that never was;
    `failing_since` when the trouble began that goes on, None while there is none.
    """

    account: str
    uid_validity: int
    last_uid: int
    looked_at: datetime | None
    last_error: str | None = None
    failing_since: datetime | None = None


def retry_after(attempts: int, *, at: datetime) -> datetime | None:
    """Return when a failed message is tried again: 1, 2, 4... minutes; None after the last try.

    >>> retry_after(1, at=datetime(2026, 1, 1, 9, 0)).minute
    1
    """
    if attempts >= RETRY_LIMIT:
        return None
    return at + timedelta(minutes=2 ** (attempts - 1))


_TRACE_HEADERS = (b"received:", b"return-path:", b"delivered-to:", b"x-original-to:")


def without_trace_headers(raw: bytes) -> bytes:
    r"""Return the message without the headers that each delivery adds on top.

    Two deliveries of one message then have the same bytes.

    >>> without_trace_headers(b"Received: by mx1\r\n id 1\r\nSubject: a\r\n\r\nb")
    b'Subject: a\r\n\r\nb'
    """
    position = 0
    while position < len(raw):
        end = raw.find(b"\n", position) + 1 or len(raw)
        line = raw[position:end]
        is_trace = line.lower().startswith(_TRACE_HEADERS)
        is_folded = position > 0 and line[:1] in b" \t" and line.strip() != b""
        if not is_trace and not is_folded:
            break
        position = end
    return raw[position:]


_MACHINE_SIGNS = frozenset(AutomaticReason) - {
    AutomaticReason.AUTO_FORWARDED,
    AutomaticReason.RESPONSE_SUPPRESSED,
    AutomaticReason.NOT_ADDRESSED_TO_US,
    AutomaticReason.NO_SENDER,
}
"""A wish not to be answered, as Exchange writes it on ordinary mail, is not a machine's sign.

Nor is it that a machine handed the mail on: somebody else wrote it.
"""


_SIGNS_OF_LISTS = frozenset({AutomaticReason.MAILING_LIST, AutomaticReason.PRECEDENCE})
"""What a list writes on whatever it hands on: no sign of a machine where it names a person."""

_SIGNS_OF_MAILERS = frozenset({AutomaticReason.FEEDBACK_ID})
_SIGNS_OF_MANY = _SIGNS_OF_LISTS | _SIGNS_OF_MAILERS


def opens_nothing(email: InboundEmail, *, envelope_from: str, is_clients: bool = False) -> bool:
    """Return whether a machine sent the message, so that it opens no ticket (RFC 3834).

    `is_clients` when its author is a person of a client and nothing speaks against it. What lists
    and mass mailers write on all that passes says nothing of him, unless he is away, or it is a
    bulk answer such as old programs write for him.
    """
    if not envelope_from:
        return True
    reasons = frozenset(email.automatic_reasons)
    is_lists = AutomaticReason.MAILING_LIST in reasons
    ignored: frozenset[AutomaticReason] = frozenset()
    if email.list_address is not None:
        ignored = _SIGNS_OF_LISTS
    elif is_clients and not email.is_out_of_office:
        ignored = _SIGNS_OF_MANY if is_lists or not email.is_answer else _SIGNS_OF_MAILERS
    return not (_MACHINE_SIGNS - ignored).isdisjoint(reasons)


def meaning_hash(email: InboundEmail) -> str | None:
    """Return what tells one message that came by two ways; None without a Message-ID.

    The id alone is chosen by the sender and reused by some, so sender, date and text count too.
    """
    if not email.message_id:
        return None
    sender = email.from_.email.lower() if email.from_ else ""
    parts = (email.message_id, sender, str(email.sent_at), email.subject, email.text)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()
