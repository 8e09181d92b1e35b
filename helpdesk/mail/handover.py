"""The line that our listener writes on top of a mail: who handed it over, how and when."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from helpdesk.domain.inbound_email import Transport
from helpdesk.domain.mail_peer import peer_address

MAX_NAME = 255

_OURS = re.compile(r"\s*from \S{1,300} \(\S{1,60}\) by helpdesk with E?SMTPS? id [0-9a-f]{16}; ")
_NOT_A_NAME = re.compile(r"[^A-Za-z0-9.:_\[\]-]")
_UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Handover:
    """How a mail was handed to us: `name` is what the machine at `peer` called itself."""

    transport: Transport
    peer: str | None
    name: str | None
    is_tls: bool = False


def received_line(handed: Handover, content: bytes, *, at: datetime) -> bytes:
    """Return the `Received` field (RFC 5321 section 4.4), its line end included.

    What the machine says of itself cannot end the field or look like another part of it.
    """
    name = _NOT_A_NAME.sub("?", handed.name or "")[:MAX_NAME] or _UNKNOWN
    protocol = "LMTP" if handed.transport is Transport.LMTP else "ESMTP"
    secured = "S" if handed.is_tls else ""
    line = (
        f"Received: from {name} ({_literal(handed.peer)}) by helpdesk with {protocol}{secured}"
        f" id {hashlib.sha256(content).hexdigest()[:16]}; {format_datetime(at)}\r\n"
    )
    return line.encode("ascii")


def is_of_our_listener(line: str) -> bool:
    """Return whether a `Received` field has the form of those that our SMTP listener writes.

    Only the topmost field of a mail that came by it is sure to be.
    """
    return _OURS.match(line) is not None


def _literal(peer: str | None) -> str:
    address = None if peer is None else peer_address(peer)
    if address is None:
        return _UNKNOWN
    return f"[{'IPv6:' if address.version == 6 else ''}{address}]"  # noqa: PLR2004 - the version
