"""Why a contract rests on some days, who decided it, and which days those are.

What stops: its clocks wait (`WaitingOn.CONTRACT_SUSPENDED`), its outages are not counted and its
plan grants nothing (`grants_due`). What is not lost: bought hours last as much longer
(`extend_lots`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from helpdesk.domain.access import Actor
from helpdesk.domain.errors import ErrorCode, HelpdeskError


class SuspensionReversed(HelpdeskError):
    """A suspension ends after it began."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "No suspension goes from {first} to {end}: give a later end."
    french: ClassVar[str] = (
        "Aucune suspension ne va du {first} au {end} : donnez une fin plus tardive."
    )


@dataclass(frozen=True, slots=True)
class Suspension:
    """Local days on which a contract rests, `end` not included; None while it still rests.

    Raises SuspensionReversed. Source: R-LIFE 5.
    """

    first: date
    end: date | None = None

    def __post_init__(self) -> None:
        """Refuse a suspension of no day."""
        if self.end is not None and self.end <= self.first:
            raise SuspensionReversed(first=self.first, end=self.end)

    def __contains__(self, day: date) -> bool:
        """Return whether the contract rests on a day."""
        return self.first <= day and (self.end is None or day < self.end)

    def days_since(self, day: date) -> int:
        """Return how many of its days are not before a day; 0 while it still rests."""
        return 0 if self.end is None else max(0, (self.end - max(self.first, day)).days)


class SuspensionReasonRequired(HelpdeskError):
    """A suspension withholds what is paid for, so it is dated and reasoned (rules 7.6)."""

    code: ClassVar[ErrorCode] = ErrorCode.REASON_REQUIRED
    english: ClassVar[str] = "Say in `reason` why the contract is suspended."
    french: ClassVar[str] = "Dites dans `reason` pourquoi le contrat est suspendu."


class SuspensionOverlaps(HelpdeskError):
    """A day suspended twice would prolong the bought hours twice."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "The contract already rests from {first} to {end}."
    french: ClassVar[str] = "Le contrat est déjà suspendu du {first} au {end}."


@dataclass(frozen=True, slots=True)
class ContractSuspension:
    """The local days on which a contract rests, why, and who of the agency decided it.

    Raises SuspensionReasonRequired.
    """

    days: Suspension
    reason: str
    decided_by: Actor

    def __post_init__(self) -> None:
        """Refuse a suspension without reason."""
        if not self.reason.strip():
            raise SuspensionReasonRequired(path=("reason",))

    def ended(self, on: date) -> "ContractSuspension":
        """Return the suspension that ends on a local day: from it on there is service again."""
        return replace(self, days=Suspension(self.days.first, on))

    def overlaps(self, other: "ContractSuspension") -> bool:
        """Return whether both hold on one day at least."""
        return self.days.first in other.days or other.days.first in self.days


def with_suspension(
    suspensions: Iterable[ContractSuspension], suspension: ContractSuspension
) -> tuple[ContractSuspension, ...]:
    """Return the suspensions with one more, in the order of their days. Raises SuspensionOverlaps.

    Clocks wait from the first day on, so this is the whole history: nothing is taken out of it.
    """
    known = tuple(suspensions)
    for one in known:
        if one.overlaps(suspension):
            raise SuspensionOverlaps(first=one.days.first, end=one.days.end or "…")
    return tuple(sorted((*known, suspension), key=lambda one: one.days.first))


def is_suspended(suspensions: Iterable[ContractSuspension], day: date) -> bool:
    """Return whether a contract rests on a local day: no grant, no outage counted, clocks wait."""
    return any(day in one.days for one in suspensions)
