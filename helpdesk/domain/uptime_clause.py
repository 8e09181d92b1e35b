"""What a contract says of availability: the promise, and what is no fault of the agency."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar

from helpdesk.domain.errors import ErrorCode, HelpdeskError


class OutageReason(StrEnum):
    """Why a site was not available, as far as it is known."""

    UNKNOWN = "UNKNOWN"
    APPLICATION = "APPLICATION"
    HOSTING_FAILURE = "HOSTING_FAILURE"
    PLANNED_MAINTENANCE = "PLANNED_MAINTENANCE"
    CLIENT_INTERVENTION = "CLIENT_INTERVENTION"
    THIRD_PARTY_INTERVENTION = "THIRD_PARTY_INTERVENTION"
    FORCE_MAJEURE = "FORCE_MAJEURE"


OUTSIDE_THE_PROMISE = frozenset(
    {
        OutageReason.HOSTING_FAILURE,
        OutageReason.CLIENT_INTERVENTION,
        OutageReason.THIRD_PARTY_INTERVENTION,
        OutageReason.FORCE_MAJEURE,
    }
)
"""The causes of an outage that a contract may leave out of the promise (R-UPT 2).

Maintenance is left out by its announcement, never by what somebody writes on an incident.
"""


class SitesTogether(StrEnum):
    """How the figures of several sites become the one of the contract (R-UPT 4)."""

    WORST = "WORST"
    AVERAGE = "AVERAGE"


class UptimePercentImpossible(HelpdeskError):
    """A share of a month lies between nothing and all of it."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{percent} % of a month is impossible: give a figure from 0 to 100."
    french: ClassVar[str] = "{percent} % d'un mois est impossible : donnez une valeur de 0 à 100."


class UptimeExclusionImpossible(HelpdeskError):
    """A promise that leaves out its own failures is none; maintenance has its own condition."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{reason} cannot be left out of the promise: choose among {possible}."
    french: ClassVar[str] = (
        "{reason} ne peut pas être exclu de l'engagement : choisissez parmi {possible}."
    )


class MaintenanceNoticeNegative(HelpdeskError):
    """What is announced afterwards is an excuse."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "A notice cannot be negative: give 0 minutes or more."
    french: ClassVar[str] = "Un préavis ne peut pas être négatif : donnez 0 minute ou plus."


@dataclass(frozen=True, slots=True)
class UptimeClause:
    """What is promised of a month, in percent, and how the figure is counted.

    `target` is None where nothing is promised: the month is counted, and neither kept nor missed.
    That is so unless the source of the plan promises it or the parties agreed on it.
    `least_coverage` is the share of the month that probes must have watched for the month to be
    measured at all. Maintenance is left out where it was announced at least `maintenance_notice`
    before. Raises UptimePercentImpossible, UptimeExclusionImpossible, MaintenanceNoticeNegative.
    Source: R-UPT; the values are proposals.
    """

    target: Decimal | None = None
    least_coverage: Decimal = Decimal(95)
    maintenance_notice: timedelta = timedelta(hours=48)
    is_hosting_sold: bool = False
    excluded: frozenset[OutageReason] = field(default=OUTSIDE_THE_PROMISE)
    sites: SitesTogether = SitesTogether.WORST

    def __post_init__(self) -> None:
        """Refuse a clause that could not be counted."""
        shares: Mapping[str, Decimal | None] = {
            "target": self.target,
            "leastCoverage": self.least_coverage,
        }
        for name, percent in shares.items():
            if percent is not None and not 0 <= percent <= _WHOLE:
                raise UptimePercentImpossible(path=(name,), percent=percent)
        for reason in sorted(self.excluded - OUTSIDE_THE_PROMISE):
            raise UptimeExclusionImpossible(
                path=("excluded",), reason=reason, possible=", ".join(sorted(OUTSIDE_THE_PROMISE))
            )
        if self.maintenance_notice < timedelta(0):
            raise MaintenanceNoticeNegative(path=("maintenanceNoticeMinutes",))

    def excludes(self, reason: OutageReason) -> bool:
        """Return whether an outage of this cause is left out of the contractual figure.

        Whoever sells the hosting answers for it, whatever else the clause says.
        """
        if reason is OutageReason.HOSTING_FAILURE and self.is_hosting_sold:
            return False
        return reason in self.excluded

    @property
    def promised(self) -> Fraction | None:
        """The promise as an exact share of the month; None where nothing is promised."""
        return None if self.target is None else Fraction(self.target) / _WHOLE

    def is_kept(self, contractual: Fraction, *, is_measured: bool) -> bool | None:
        """Return whether a share of a month keeps the promise; None where that is not known.

        Known outages that break it break it without a measure too: probes could only add to them.
        """
        if self.promised is None:
            return None
        if contractual < self.promised:
            return False
        return True if is_measured else None

    @property
    def watched(self) -> Fraction:
        """The share of the month that must have been watched."""
        return Fraction(self.least_coverage) / _WHOLE


_WHOLE = 100
