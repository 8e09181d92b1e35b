"""What a contract says a broken promise is worth: modes, tiers, bounds, and who approves."""

from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from helpdesk.domain.money import Money
from helpdesk.domain.plan import Sourced
from helpdesk.domain.sla_policy import ClauseInvalid

WHOLE = Decimal(100)
"""Percent."""


class ResolutionMode(StrEnum):
    """How much of the monthly fee a P0 that was resolved too late is worth (R-CMP 2)."""

    PER_STARTED_HOUR = "PER_STARTED_HOUR"
    PER_MINUTE = "PER_MINUTE"
    RATIO_TO_TARGET = "RATIO_TO_TARGET"
    PRORATA_TEMPORIS = "PRORATA_TEMPORIS"
    FIXED = "FIXED"
    NONE = "NONE"


class UptimeMode(StrEnum):
    """How much of the monthly fee a month below the promised availability is worth (R-CMP 3)."""

    TIERS = "TIERS"
    PER_STEP = "PER_STEP"
    PRORATA = "PRORATA"
    NONE = "NONE"


class SameIncident(StrEnum):
    """What is paid when one incident breaks two promises: the highest credit, or both."""

    HIGHEST = "HIGHEST"
    CUMULATE = "CUMULATE"


@dataclass(frozen=True, slots=True)
class ResolutionCredit:
    """What a late resolution of a P0 is worth.

    `percent_per_hour` of the monthly fee is for the two modes that count time, `fixed` an amount
    before tax for the one that does not. Raises ClauseInvalid.
    """

    mode: ResolutionMode
    percent_per_hour: Decimal = Decimal(0)
    fixed: Money | None = None

    def __post_init__(self) -> None:
        """Refuse a mode without what it multiplies, and amounts below nothing."""
        counts = self.mode in {ResolutionMode.PER_STARTED_HOUR, ResolutionMode.PER_MINUTE}
        if counts or self.percent_per_hour:
            _require_percent("percentPerHour", self.percent_per_hour, positive=counts)
        if self.fixed is None:
            if self.mode is ResolutionMode.FIXED:
                raise _invalid("fixed", "—", "an amount for FIXED")
            return
        if self.fixed.cents < 0:
            raise _invalid("fixed", self.fixed, "0 or more")


@dataclass(frozen=True, slots=True)
class UptimeTier:
    """From `floor` percent of availability on (inclusive), a miss is worth `credit` percent."""

    floor: Decimal
    credit: Decimal

    def __post_init__(self) -> None:
        """Refuse what is no percentage."""
        _require_percent("tiers.floor", self.floor)
        _require_percent("tiers.credit", self.credit)


@dataclass(frozen=True, slots=True)
class UptimeCredit:
    """What a month below the promised availability is worth; the promise itself is `UptimeClause`.

    Tiers run from the best to the worst, and the last one counts below its floor as well.
    PER_STEP pays `percent_per_step` for each started `step` of points below the promise. Raises
    ClauseInvalid.
    """

    mode: UptimeMode
    tiers: tuple[UptimeTier, ...] = ()
    percent_per_step: Decimal = Decimal(0)
    step: Decimal = Decimal("0.1")

    def __post_init__(self) -> None:
        """Refuse tiers that overlap or reward a worse month, and steps of nothing."""
        if self.mode is UptimeMode.TIERS and not self.tiers:
            raise _invalid("tiers", "[]", "at least one tier for TIERS")
        for better, worse in pairwise(self.tiers):
            if worse.floor >= better.floor or worse.credit < better.credit:
                raise _invalid(
                    "tiers", f"{worse.floor} → {worse.credit}", "lower floors, no lower credits"
                )
        if self.mode is UptimeMode.PER_STEP:
            _require_percent("percentPerStep", self.percent_per_step, positive=True)
            _require_percent("step", self.step, positive=True)


@dataclass(frozen=True, slots=True)
class CompensationCap:
    """The most that credits come to, in percent of the fee of the month and of the year.

    None bounds nothing. `may_terminate` lets the client leave once the yearly cap is reached.
    Raises ClauseInvalid.
    """

    monthly: Decimal | None = None
    yearly: Decimal | None = None
    may_terminate: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no percentage, and a right that nothing could ever give."""
        for one in ("monthly", "yearly"):
            percent = getattr(self, one)
            if percent is not None:
                _require_percent(one, percent)
        if self.may_terminate and self.yearly is None:
            raise _invalid("mayTerminate", "true", "it with a yearly cap only")


@dataclass(frozen=True, slots=True)
class ApprovalClause:
    """Who lets a credit through (R-CMP 8); amounts before tax, None asks or grants nothing.

    Above `second_above` two people approve. Below `automatic_below` nobody has to. With
    `excludes_agent` whoever worked on the breached ticket does not approve. Raises ClauseInvalid.
    """

    second_above: Money | None = None
    automatic_below: Money | None = None
    excludes_agent: bool = False

    def __post_init__(self) -> None:
        """Refuse amounts below nothing, and one that needs nobody and two people at once."""
        for one in (self.second_above, self.automatic_below):
            if one is not None and one.cents < 0:
                raise _invalid("approval", one, "0 or more")
        second, automatic = self.second_above, self.automatic_below
        if second is not None and automatic is not None and automatic.cents > second.cents:
            raise _invalid("automaticBelow", automatic, f"at most secondAbove, {second}")


@dataclass(frozen=True, slots=True)
class CompensationTerms:
    """All that decides an amount, each with its origin: a preset's, or what the parties agreed."""

    resolution: Sourced[ResolutionCredit]
    uptime: Sourced[UptimeCredit]
    same_incident: Sourced[SameIncident]
    cap: Sourced[CompensationCap]
    approval: Sourced[ApprovalClause]

    def amounts(self) -> tuple[Money, ...]:
        """Return every amount of money that the clauses name."""
        approval = self.approval.value
        named = (self.resolution.value.fixed, approval.second_above, approval.automatic_below)
        return tuple(one for one in named if one is not None)

    def origins(self) -> dict[str, str]:
        """Return where each clause is read, by its name."""
        return {one.name: getattr(self, one.name).source for one in fields(self)}


def _require_percent(clause: str, percent: Decimal, *, positive: bool = False) -> None:
    if not percent.is_finite() or not 0 <= percent <= WHOLE or (positive and not percent):
        raise _invalid(clause, percent, "more than 0, up to 100" if positive else "0 to 100")


def _invalid(clause: str, value: object, allowed: str) -> ClauseInvalid:
    return ClauseInvalid(path=tuple(clause.split(".")), clause=clause, value=value, allowed=allowed)
