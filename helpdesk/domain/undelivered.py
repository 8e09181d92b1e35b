"""A mail of ours that did not arrive: what a report says of it, and what its address is worth.

A mail server tells of a failure by a code of three numbers (RFC 3463) and a field that says
whether it gave up or goes on trying (RFC 3464).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

FAILURES = 3
"""How many mails must fail, for causes that may pass, before their address counts as dead."""

FAILURE_WINDOW = timedelta(days=14)
"""Within how long they must fail."""

UNSPECIFIED = "5.0.0"
"""A failure for good that names no cause."""

TEXT_LIMIT = 500

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d]|\.\d)")
_REPLY = re.compile(r"(?<![\d.])(5[0-5]\d)(?=[\s-])")
_GONE = frozenset(
    {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.1", "5.4.4", "5.4.310"}
)
_ABOUT_THE_MAIL = frozenset({"5.1.7", "5.1.8", "5.2.3", "5.3.4"})
_SUBJECTS_OF_THE_MAIL = frozenset({"5", "6", "7"})


class ReportedAction(StrEnum):
    """What a mail server did with a mail for one recipient (RFC 3464 section 2.3.3)."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"
    EXPANDED = "expanded"


class FailureWeight(StrEnum):
    """What a failure says of the address.

    GONE: nobody will ever read there. MAY_PASS: the mailbox is full, a server is away, no cause is
    named. NOT_THE_ADDRESS: it was refused for what the mail is, or for who sent it.
    """

    GONE = "GONE"
    MAY_PASS = "MAY_PASS"  # noqa: S105 - no password
    NOT_THE_ADDRESS = "NOT_THE_ADDRESS"


@dataclass(frozen=True, slots=True)
class RecipientReport:
    """What a report says of one recipient; texts are empty where it says nothing.

    `original` is the address that was written to, `final` the one it led to. `action` is None for
    a word that the standard does not know.
    """

    final: str
    original: str = ""
    action: ReportedAction | None = None
    status: str = ""
    diagnostic: str = ""

    def is_about(self, address: str) -> bool:
        """Return whether it speaks of this address; case is ignored."""
        return address.lower() in {self.final.lower(), self.original.lower()}


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A mail that did not arrive: the code, what the server said, what that says of the address."""

    status: str
    text: str
    weight: FailureWeight


@dataclass(frozen=True, slots=True)
class UndeliverableAddress:
    """An address that our mails do not reach: since when, by which code and in which words.

    `cleared_at` is when somebody, or a mail from there, showed that they do again.
    """

    address: str
    since: datetime
    status: str
    reason: str
    cleared_at: datetime | None = None
    cleared_by: str | None = None

    @property
    def is_marked(self) -> bool:
        """Return whether our mails are taken not to reach it."""
        return self.cleared_at is None


def status_in(text: str) -> str | None:
    """Return the code that a server's answer names, `5.0.0` for a refusal without one.

    >>> status_in("550 5.1.1 <bruno@bruno.example>: no such user"), status_in("550 go away")
    ('5.1.1', '5.0.0')
    >>> status_in("451 4.3.0 try again later"), status_in("from [5.1.1.7]")
    ('4.3.0', None)
    """
    found = _STATUS.search(text)
    if found:
        return found[0]
    return UNSPECIFIED if _REPLY.search(text) else None


def weight_of(status: str) -> FailureWeight:
    """Return what a failure with this code says of the address.

    >>> weight_of("5.1.1").name, weight_of("5.2.2").name, weight_of("5.7.1").name
    ('GONE', 'MAY_PASS', 'NOT_THE_ADDRESS')
    """
    if status in _GONE:
        return FailureWeight.GONE
    subject = status.split(".")[1] if status.count(".") == 2 else ""  # noqa: PLR2004 - three numbers
    if status in _ABOUT_THE_MAIL or subject in _SUBJECTS_OF_THE_MAIL:
        return FailureWeight.NOT_THE_ADDRESS
    return FailureWeight.MAY_PASS


def failure_of(reports: Sequence[RecipientReport], *, reader: str) -> Undelivered | None:
    """Return how a mail to `reader` failed, None when it did not or may still arrive.

    What is said of the reader himself counts. Where nothing is, his address led elsewhere, and it
    failed when it did so everywhere. A delay is no failure.
    """
    about = [one for one in reports if one.is_about(reader)]
    failed = [one for one in about or reports if _has_failed(one)]
    if not failed or (not about and len(failed) < len(reports)):
        return None
    worst = min(failed, key=lambda one: list(FailureWeight).index(weight_of(_cause(one))))
    status = _cause(worst)
    return Undelivered(status, (worst.diagnostic or status)[:TEXT_LIMIT], weight_of(status))


def refusal(reply: str) -> Undelivered:
    """Return the failure that a server told us itself when we named the recipient."""
    status = status_in(reply) or UNSPECIFIED
    return Undelivered(status, reply[:TEXT_LIMIT], weight_of(status))


def is_dead(weight: FailureWeight, *, failed_mails: int) -> bool:
    """Return whether an address is marked after a failure.

    `failed_mails` counts the mails that failed for a cause of the address within FAILURE_WINDOW,
    this one among them.

    >>> is_dead(FailureWeight.GONE, failed_mails=1)
    True
    >>> [is_dead(FailureWeight.MAY_PASS, failed_mails=number) for number in (1, 2, 3)]
    [False, False, True]
    """
    if weight is FailureWeight.NOT_THE_ADDRESS:
        return False
    return weight is FailureWeight.GONE or failed_mails >= FAILURES


def failures_since(known: UndeliverableAddress | None, *, at: datetime) -> datetime:
    """Return from when on failures count: those before the address was cleared are forgotten."""
    start = at - FAILURE_WINDOW
    cleared = known.cleared_at if known is not None else None
    return start if cleared is None else max(start, cleared)


def weighs_on_address(statuses: Iterable[str]) -> int:
    """Return how many of these failures are the address's.

    >>> weighs_on_address(["5.2.2", "5.7.1", "4.4.7"])
    2
    """
    return sum(weight_of(one) is not FailureWeight.NOT_THE_ADDRESS for one in statuses)


def _has_failed(report: RecipientReport) -> bool:
    if report.action is None:
        return report.status.startswith("5.")
    return report.action is ReportedAction.FAILED


def _cause(report: RecipientReport) -> str:
    """Return the code of a failure; a server that names none often says it in its words."""
    if report.status and not report.status.endswith(".0.0"):
        return report.status
    return status_in(report.diagnostic) or report.status or UNSPECIFIED
