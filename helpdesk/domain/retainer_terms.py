"""What a contract says about its forfait: what is over the allowance, what is carried over."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.money import Money, half_up
from helpdesk.domain.period import PeriodRule

MINUTES_AN_HOUR = 60
WHOLE_PERCENT = 100


class RetainerUnit(StrEnum):
    """What a book counts; one book per contract and unit, and nothing is ever converted (X-24)."""

    CORRECTIVE_TICKETS = "tickets.corrective"
    RUN_MINUTES = "minutes.run"
    PACK_MINUTES = "minutes.pack"


class OveragePolicy(StrEnum):
    """Who decides about what is over the allowance (R-LED 6)."""

    BILL = "bill"
    QUOTE = "quote"
    BLOCK = "block"


class OverageStatus(StrEnum):
    """What becomes of work that was done over the allowance: it is recorded, whoever pays."""

    BILLABLE = "billable"
    PENDING_QUOTE = "pending_quote"
    UNBILLABLE = "unbillable"


class RolloverMode(StrEnum):
    """How much of an allowance that was not used is carried over (R-LED 7)."""

    NONE = "none"
    CAPPED = "capped"
    FULL = "full"


class FreeCause(StrEnum):
    """Why a ticket takes nothing from the forfait (R-LED 5)."""

    SPAM = "spam"
    MERGED_DUPLICATE = "merged_duplicate"
    CANCELLED_BEFORE_WORK = "cancelled_before_work"
    AGENCY_REGRESSION = "agency_regression"
    PREVENTIVE = "preventive"
    SECURITY = "security"
    SUPERVISION = "supervision"
    QUESTION = "question"


class OverageWithoutPrice(HelpdeskError):
    """What is billed has a price that the client has read beforehand."""

    code: ClassVar[ErrorCode] = ErrorCode.RETAINER_TERMS_INVALID
    english: ClassVar[str] = "Overage of {unit} is billed without a price: give one."
    french: ClassVar[str] = "Le dépassement de {unit} est facturé sans prix : indiquez-en un."


class RolloverWithoutCap(HelpdeskError):
    """A capped rollover says its cap once: as a share of the allowance or as a quantity."""

    code: ClassVar[ErrorCode] = ErrorCode.RETAINER_TERMS_INVALID
    english: ClassVar[str] = (
        "A capped rollover needs either a percentage or a quantity, and at least one period in"
        " which it can be used."
    )
    french: ClassVar[str] = (
        "Un report plafonné demande soit un pourcentage, soit une quantité, et au moins une"
        " période où l'utiliser."
    )


def priced(price: Money, quantity: int, unit: RetainerUnit) -> Money:
    """Return what a quantity comes to at the price of an hour of minutes, or of one ticket."""
    return price.share(quantity, 1 if unit is RetainerUnit.CORRECTIVE_TICKETS else MINUTES_AN_HOUR)


@dataclass(frozen=True, slots=True)
class OverageClaim:
    """What an overage comes to: its status, and its amount where a price was agreed."""

    status: OverageStatus
    amount: Money | None


@dataclass(frozen=True, slots=True)
class OverageTerms:
    """What happens over the allowance; `price` is for an hour of minutes or for one ticket."""

    policy: OveragePolicy
    price: Money | None = None

    @property
    def stops_holds(self) -> bool:
        """Whether work that was not begun waits for the client (R-LED 6)."""
        return self.policy is not OveragePolicy.BILL

    def claim(self, quantity: int, unit: RetainerUnit) -> OverageClaim:
        """Return what an overage comes to; a negative quantity takes back a claim.

        >>> terms = OverageTerms(OveragePolicy.BILL, Money(90_00))
        >>> terms.claim(30, RetainerUnit.RUN_MINUTES).amount
        Money(cents=4500, currency='EUR')
        """
        if self.policy is OveragePolicy.BLOCK:
            return OverageClaim(OverageStatus.UNBILLABLE, None)
        if self.policy is OveragePolicy.QUOTE or self.price is None:
            return OverageClaim(OverageStatus.PENDING_QUOTE, None)
        return OverageClaim(OverageStatus.BILLABLE, priced(self.price, quantity, unit))


@dataclass(frozen=True, slots=True)
class RolloverTerms:
    """What is carried over at the close of a period, and for how many periods it can be used.

    Off unless the contract says otherwise (X-23). What was carried over is never carried again: a
    longer life is said by `valid_periods`. Raises RolloverWithoutCap. Source: R-LED 7.
    """

    mode: RolloverMode = RolloverMode.NONE
    cap_percent: int | None = None
    cap_quantity: int | None = None
    valid_periods: int = 1

    def __post_init__(self) -> None:
        """Refuse a cap that says nothing, or two things."""
        caps = sum(cap is not None for cap in (self.cap_percent, self.cap_quantity))
        if caps != (self.mode is RolloverMode.CAPPED) or self.valid_periods < 1:
            raise RolloverWithoutCap(path=("rollover",))

    def carried(self, unused: int, allowance: int) -> int:
        """Return how much of what is unused is carried over, the share of the allowance floored.

        >>> half = RolloverTerms(RolloverMode.CAPPED, cap_percent=50)
        >>> half.carried(80, 120), half.carried(80, 121), half.carried(40, 120)
        (60, 60, 40)
        """
        if self.mode is RolloverMode.FULL:
            return unused
        if self.cap_percent is not None:
            return min(unused, allowance * self.cap_percent // WHOLE_PERCENT)
        return min(unused, self.cap_quantity or 0)


@dataclass(frozen=True, slots=True)
class RetainerTerms:
    """The clauses that a book is kept by.

    An unlimited book is counted and never limited (X-25). Raises OverageWithoutPrice.
    """

    unit: RetainerUnit
    periods: PeriodRule
    overage: OverageTerms = field(default=OverageTerms(OveragePolicy.QUOTE))
    rollover: RolloverTerms = field(default=RolloverTerms())
    is_unlimited: bool = False

    def __post_init__(self) -> None:
        """Refuse to bill at a price that nobody named."""
        if self.overage.policy is OveragePolicy.BILL and self.overage.price is None:
            raise OverageWithoutPrice(path=("overage", "price"), unit=self.unit)


def percent_used(used: int, total: int) -> int | None:
    """Return how much of a total was used, in percent, half-up; None of nothing.

    >>> percent_used(105, 180), percent_used(3, 0)
    (58, None)
    """
    return half_up(used * WHOLE_PERCENT, total) if total else None
