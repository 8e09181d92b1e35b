"""How much a broken promise is worth, exactly: before any cap, and before any rounding."""

from dataclasses import dataclass
from fractions import Fraction

from helpdesk.domain.compensation_clause import (
    ResolutionCredit,
    ResolutionMode,
    UptimeCredit,
    UptimeMode,
)

SECONDS_A_MINUTE, MINUTES_AN_HOUR = 60, 60
SECONDS_AN_HOUR = SECONDS_A_MINUTE * MINUTES_AN_HOUR
_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Overrun:
    """How long a promise allowed, and what was counted, in seconds of the metric's calendar."""

    allowance_seconds: int
    counted_seconds: int

    @property
    def over_seconds(self) -> int:
        """What was counted beyond the promise; 0 for one that was broken on the dot."""
        return max(0, self.counted_seconds - self.allowance_seconds)

    @property
    def started_hours(self) -> int:
        """How many hours over have begun.

        >>> Overrun(8 * 3600, 8 * 3600 + 1).started_hours
        1
        """
        return -(-self.over_seconds // SECONDS_AN_HOUR)

    @property
    def started_minutes(self) -> int:
        """How many minutes over have begun."""
        return -(-self.over_seconds // SECONDS_A_MINUTE)


def resolution_cents(
    credit: ResolutionCredit, base: Fraction, overrun: Overrun, *, month_seconds: int
) -> Fraction:
    """Return what a late resolution is worth in cents, exactly (R-CMP 2).

    `base` is in cents, `month_seconds` the real length of the month. A promise that is broken on
    the dot is over by nothing, hence worth nothing, except a fixed amount.

    >>> from decimal import Decimal
    >>> hourly = ResolutionCredit(ResolutionMode.PER_STARTED_HOUR, Decimal(5))
    >>> over = Overrun(480 * 60, 620 * 60)
    >>> resolution_cents(hourly, Fraction(199_00), over, month_seconds=744 * 3600)
    Fraction(2985, 1)
    """
    if credit.mode is ResolutionMode.FIXED and credit.fixed is not None:
        return Fraction(credit.fixed.cents)
    return base * _share(credit, overrun, month_seconds)


def _share(credit: ResolutionCredit, overrun: Overrun, month_seconds: int) -> Fraction:
    """Return which part of the base a late resolution is worth."""
    hourly = Fraction(credit.percent_per_hour) / _PERCENT
    if credit.mode is ResolutionMode.PER_STARTED_HOUR:
        return hourly * overrun.started_hours
    if credit.mode is ResolutionMode.PER_MINUTE:
        return hourly * overrun.started_minutes / MINUTES_AN_HOUR
    if credit.mode is ResolutionMode.RATIO_TO_TARGET:
        return Fraction(min(overrun.over_seconds, overrun.allowance_seconds)) / max(
            1, overrun.allowance_seconds
        )
    if credit.mode is ResolutionMode.PRORATA_TEMPORIS:
        return Fraction(overrun.over_seconds, month_seconds)
    return Fraction(0)


@dataclass(frozen=True, slots=True)
class UptimeFigure:
    """What was available of a month and what was promised, as exact shares; 1 is all of it."""

    up: Fraction
    promised: Fraction

    @property
    def is_met(self) -> bool:
        """Whether the promise was kept: reaching it is enough, ">= 99.5 %"."""
        return self.up >= self.promised


def uptime_percent(credit: UptimeCredit, month: UptimeFigure) -> Fraction:
    """Return which percentage of the base a month is worth; 0 when the promise was kept (R-CMP 3).

    What is shown is cut to two decimals, what is compared never is. PRORATA gives back the fee of
    the time without service.

    >>> from decimal import Decimal
    >>> from helpdesk.domain.compensation_clause import UptimeTier
    >>> tiers = (UptimeTier(Decimal("99.0"), Decimal(10)), UptimeTier(Decimal(0), Decimal(25)))
    >>> credit = UptimeCredit(UptimeMode.TIERS, tiers)
    >>> promised = Fraction(995, 1000)
    >>> uptime_percent(credit, UptimeFigure(Fraction(99, 100), promised))
    Fraction(10, 1)
    >>> uptime_percent(credit, UptimeFigure(Fraction(98999, 100000), promised))
    Fraction(25, 1)
    """
    if month.is_met or credit.mode is UptimeMode.NONE:
        return Fraction(0)
    shown = month.up * _PERCENT
    if credit.mode is UptimeMode.TIERS:
        reached = (tier for tier in credit.tiers if shown >= Fraction(tier.floor))
        return Fraction(next(reached, credit.tiers[-1]).credit)
    if credit.mode is UptimeMode.PER_STEP:
        missing = month.promised * _PERCENT - shown
        return -(-missing // Fraction(credit.step)) * Fraction(credit.percent_per_step)
    return _PERCENT - shown


def uptime_cents(credit: UptimeCredit, base: Fraction, month: UptimeFigure) -> Fraction:
    """Return what a month below the promised availability is worth in cents, exactly."""
    return base * uptime_percent(credit, month) / _PERCENT
