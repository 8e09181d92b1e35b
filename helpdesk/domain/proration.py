"""What a part of a period is worth: of a fee, of minutes, of tickets; what a change of plan costs.

A client who joins on the 16th pays and gets half a month of thirty days. Days are local days of the
contract, so a month with a clock change has no odd hour. Source: R-PLAN.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from zoneinfo import ZoneInfo

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.money import Money, half_up
from helpdesk.domain.period import Period


class ShareImpossible(HelpdeskError):
    """A part of a period has no more days than the period."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = (
        "{days} days are no part of a period of {period_days} days: give between 0 and all of them."
    )
    french: ClassVar[str] = (
        "{days} jours ne sont pas une partie d'une période de {period_days} jours : donnez-en"
        " entre 0 et la totalité."
    )


class ChangeOutsidePeriod(HelpdeskError):
    """A plan changes within the period that is being charged."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{day} is not in the period from {first} to {end}: give a day of it."
    french: ClassVar[str] = (
        "Le {day} n'est pas dans la période du {first} au {end} : donnez un de ses jours."
    )


@dataclass(frozen=True, slots=True)
class Share:
    """Some days out of the days of a period. Raises ShareImpossible.

    >>> half = Share(days=15, period_days=30)
    >>> half.fee(Money(199_00)).cents, half.minutes(120), half.tickets(5)
    (9950, 60, 3)
    """

    days: int
    period_days: int

    def __post_init__(self) -> None:
        """Refuse more days than there are."""
        if self.period_days < 1 or not 0 <= self.days <= self.period_days:
            raise ShareImpossible(days=self.days, period_days=self.period_days)

    def fee(self, full: Money) -> Money:
        """Return this part of a fee, half-up to the cent."""
        return full.share(self.days, self.period_days)

    def minutes(self, full: int) -> int:
        """Return this part of some minutes, half-up."""
        return half_up(full * self.days, self.period_days)

    def tickets(self, full: int) -> int:
        """Return this part of some tickets, rounded up in the client's favour."""
        return -(-full * self.days // self.period_days)


def share_from(day: date, period: Period, zone: ZoneInfo) -> Share:
    """Return the part of a period from a local day on, that day included.

    Raises ChangeOutsidePeriod.
    """
    first, end = period.start.astimezone(zone).date(), period.end.astimezone(zone).date()
    if not first <= day < end:
        raise ChangeOutsidePeriod(day=day, first=first, end=end)
    return Share((end - day).days, (end - first).days)


@dataclass(frozen=True, slots=True)
class PlanRights:
    """What a plan costs and gives in a full period; `tickets` is None when they are unlimited."""

    fee: Money
    run_minutes: int = 0
    tickets: int | None = 0

    def prorated(self, share: Share) -> "PlanRights":
        """Return what the plan costs and gives in a part of a period."""
        tickets = None if self.tickets is None else share.tickets(self.tickets)
        return PlanRights(share.fee(self.fee), share.minutes(self.run_minutes), tickets)


@dataclass(frozen=True, slots=True)
class PlanChange:
    """What a change of plan brings: from when, at what price, with which extra rights.

    `effective_on` is a local day. Extra `tickets` are None when they become unlimited. Nothing
    that was granted is ever taken back.
    """

    effective_on: date
    charge: Money
    extra_minutes: int
    extra_tickets: int | None


def is_upgrade(old: PlanRights, new: PlanRights) -> bool:
    """Return whether a plan costs more than another, or at the same price takes nothing away."""
    if new.fee.cents != old.fee.cents:
        return new.fee.cents > old.fee.cents
    if new.run_minutes < old.run_minutes:
        return False
    return new.tickets is None or (old.tickets is not None and new.tickets >= old.tickets)


def upgraded(
    old: PlanRights, new: PlanRights, *, on: date, period: Period, zone: ZoneInfo
) -> PlanChange:
    """Return an upgrade: it takes effect on the day, for what is left of the period.

    The client pays the difference of the fees, and gets the positive difference of the rights,
    each prorated by the days that are left. Raises ChangeOutsidePeriod and CurrenciesDiffer.
    Source: R-PLAN.

    >>> paris = ZoneInfo("Europe/Paris")
    >>> from helpdesk.domain.period import midnight
    >>> september = Period(midnight(date(2026, 9, 1), paris), midnight(date(2026, 10, 1), paris))
    >>> essentiel = PlanRights(Money(99_00), 0, 2)
    >>> business = PlanRights(Money(199_00), 120, 5)
    >>> day = date(2026, 9, 16)
    >>> change = upgraded(essentiel, business, on=day, period=september, zone=paris)
    >>> change.charge.cents, change.extra_minutes, change.extra_tickets
    (5000, 60, 2)
    """
    share = share_from(on, period, zone)
    more_tickets = _more_tickets(old, new)
    return PlanChange(
        effective_on=on,
        charge=share.fee(new.fee + -old.fee),
        extra_minutes=share.minutes(max(0, new.run_minutes - old.run_minutes)),
        extra_tickets=None if more_tickets is None else share.tickets(max(0, more_tickets)),
    )


def downgraded(fee: Money, *, period: Period, zone: ZoneInfo) -> PlanChange:
    """Return a downgrade from a plan of this fee: the next period, nothing charged or taken back.

    What the client used was his to use. Source: R-PLAN, case P05.
    """
    return PlanChange(
        effective_on=period.end.astimezone(zone).date(),
        charge=Money(0, fee.currency),
        extra_minutes=0,
        extra_tickets=0,
    )


def _more_tickets(old: PlanRights, new: PlanRights) -> int | None:
    """Return how many more tickets there are; None when they become unlimited."""
    if new.tickets is None:
        return 0 if old.tickets is None else None
    return 0 if old.tickets is None else new.tickets - old.tickets
