"""What a consumer is told before a tacit renewal, and what follows when he was not told.

Source: Code de la consommation, L. 215-1 to L. 215-3; credit_notes_in_france.md 4.6.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from helpdesk.domain.period import months_later

EARLIEST_MONTHS = 3
LATEST_MONTHS = 1
REFUND_DAYS = 30


class ClientKind(StrEnum):
    """What the client is before the law of consumption."""

    PROFESSIONAL = "PROFESSIONAL"
    CONSUMER = "CONSUMER"
    NON_PROFESSIONAL = "NON_PROFESSIONAL"

    @property
    def must_be_informed(self) -> bool:
        """Whether L. 215-1 protects him; L. 215-3 extends it to non-professionals."""
        return self is not ClientKind.PROFESSIONAL


@dataclass(frozen=True, slots=True)
class InformationWindow:
    """The local days on which the information is sent, both included.

    It is written to the person, and says in a visible box the last day to refuse.
    """

    first_day: date
    last_day: date

    def holds(self, sent_on: date | None) -> bool:
        """Return whether information sent on a local day was in time; None was never sent."""
        return sent_on is not None and self.first_day <= sent_on <= self.last_day


def information_window(last_notice_day: date) -> InformationWindow:
    """Return when to inform: from three months to one month before the last day to refuse.

    >>> window = information_window(date(2026, 10, 14))
    >>> print(window.first_day, window.last_day)
    2026-07-14 2026-09-14
    """
    return InformationWindow(
        months_later(last_notice_day, -EARLIEST_MONTHS),
        months_later(last_notice_day, -LATEST_MONTHS),
    )


@dataclass(frozen=True, slots=True)
class Termination:
    """The answer to a client who wants to leave after a tacit renewal, on a local day.

    Accepted, the contract ends on `effective_on` free of charge; what was paid beyond it is paid
    back by `refund_by` (None when nothing was). Refused, it goes on to the end of its term.
    """

    is_accepted: bool
    effective_on: date | None = None
    refund_by: date | None = None


@dataclass(frozen=True, slots=True)
class RenewedContract:
    """What decides whether a client may leave at any time: who he is, and whether he was told.

    `prepaid_until` is the exclusive end of what he paid for in advance, None without any.
    """

    kind: ClientKind
    renewed_on: date
    was_informed: bool
    prepaid_until: date | None = None

    def termination(self, requested_on: date) -> Termination:
        """Return the answer to a request to leave: a client who was not told in time may go.

        At any time from the renewal on, and for nothing. What was paid in advance since then is
        paid back within 30 days, less what was served (L. 215-1).
        """
        is_free = self.kind.must_be_informed and not self.was_informed
        if not is_free or requested_on < self.renewed_on:
            return Termination(is_accepted=False)
        is_prepaid = self.prepaid_until is not None and self.prepaid_until > requested_on
        refund_by = requested_on + timedelta(days=REFUND_DAYS) if is_prepaid else None
        return Termination(is_accepted=True, effective_on=requested_on, refund_by=refund_by)
