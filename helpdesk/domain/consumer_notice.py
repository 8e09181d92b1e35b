"""What a consumer is told before a tacit renewal, and what follows when he was not told.

Source: Code de la consommation, L. 215-1 to L. 215-3; credit_notes_in_france.md 4.6.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from helpdesk.domain.money import Money
from helpdesk.domain.period import months_later

EARLIEST_MONTHS = 3
LATEST_MONTHS = 1
REFUND_DAYS = 30
MONTHS_A_YEAR = 12


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
class PrepaidYear:
    """A year that was invoiced at once, local days, the end exclusive; `monthly` is its fee.

    The year goes from one anniversary of the first day of the contract to the next.
    """

    first_day: date
    end: date
    monthly: Money

    def refund(self, left_on: date) -> Money:
        """Return the part of the days from `left_on` to the end, half-up to the cent, once.

        >>> year = PrepaidYear(date(2027, 1, 15), date(2028, 1, 15), Money(30_00))
        >>> print(year.refund(date(2027, 3, 1)))
        315.62 EUR
        """
        days, all_days = (self.end - left_on).days, (self.end - self.first_day).days
        return self.monthly.share(MONTHS_A_YEAR * days, all_days)


def prepaid_year(anchor: date, monthly: Money, *, on: date) -> PrepaidYear:
    """Return the year of a contract that holds a local day, which is not before its first day.

    >>> year = prepaid_year(date(2024, 2, 29), Money(30_00), on=date(2025, 2, 28))
    >>> print(year.first_day, year.end)
    2025-02-28 2026-02-28
    """
    years = on.year - anchor.year
    if months_later(anchor, MONTHS_A_YEAR * years) > on:
        years -= 1
    return PrepaidYear(
        months_later(anchor, MONTHS_A_YEAR * years),
        months_later(anchor, MONTHS_A_YEAR * (years + 1)),
        monthly,
    )


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
