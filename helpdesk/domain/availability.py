"""How long a site was available in a month: as measured, and as the contract counts it (R-UPT)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from typing import ClassVar
from zoneinfo import ZoneInfo

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import SiteId
from helpdesk.domain.incident import Incident
from helpdesk.domain.period import Period, midnight
from helpdesk.domain.periods import duration, shared, united, without
from helpdesk.domain.suspension import ContractSuspension
from helpdesk.domain.uptime_clause import SitesTogether, UptimeClause

_MICROSECOND = timedelta(microseconds=1)
_MINUTE = timedelta(minutes=1)


class MaintenanceReversed(HelpdeskError):
    """Maintenance takes time; an empty window would announce nothing."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "No maintenance lasts from {start} to {end}: give a later end."
    french: ClassVar[str] = (
        "Aucune maintenance ne dure du {start} au {end} : donnez une fin plus tardive."
    )


class MaintenanceBegun(HelpdeskError):
    """Maintenance is announced before it begins: afterwards it is an incident."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{start} is over: announce what is to come, and record an incident."
    french: ClassVar[str] = "Le {start} est passé : annoncez ce qui vient, et notez un incident."


@dataclass(frozen=True, slots=True)
class Maintenance:
    """When a site will be worked on, and when that was announced (UTC).

    One that was cancelled at `cancelled_at` leaves nothing out from its start on.
    """

    site_id: SiteId
    window: Period
    announced_at: datetime
    cancelled_at: datetime | None = None

    def is_in_time(self, notice: timedelta) -> bool:
        """Return whether it stands and was announced at least so long before it begins."""
        return self.cancelled_at is None and self.announced_at + notice <= self.window.start


def announced(site_id: SiteId, start: datetime, end: datetime, *, at: datetime) -> Maintenance:
    """Return maintenance announced at `at`. Raises MaintenanceReversed and MaintenanceBegun."""
    if end <= start:
        raise MaintenanceReversed(path=("endsAt",), start=start.isoformat(), end=end.isoformat())
    if start <= at:
        raise MaintenanceBegun(path=("startsAt",), start=start.isoformat())
    return Maintenance(site_id, Period(start, end), at)


@dataclass(frozen=True, slots=True)
class ProbeWatch:
    """From when to when a probe watched a site, None while it does; or, a gap, when it did not."""

    site_id: SiteId
    source: str
    began_at: datetime
    ended_at: datetime | None
    is_gap: bool = False

    def period(self, *, until: datetime) -> Period | None:
        """Return its instants, an open one up to `until`; None for no instant."""
        end = until if self.ended_at is None else self.ended_at
        return Period(self.began_at, end) if self.began_at < end else None


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What is known of a site: its incidents, who watched it, and what was announced."""

    incidents: Sequence[Incident] = ()
    watches: Sequence[ProbeWatch] = ()
    maintenance: Sequence[Maintenance] = ()


@dataclass(frozen=True, slots=True)
class CountedMonth:
    """The part of a month in which a contract is active, and the parts of it in which it rests.

    `until` is the instant up to which things are known: an open incident and an open watch last
    until then. The length is that of the clock on the wall, with its changes: 743 h for March and
    745 h for October in Paris.
    """

    active: Period
    until: datetime
    suspended: tuple[Period, ...] = ()

    @property
    def is_over(self) -> bool:
        """Whether nothing more can happen in it."""
        return self.until >= self.active.end


@dataclass(frozen=True, slots=True)
class SiteUptime:
    """How long a site was available in a month.

    `known` is how much of the `total` is over. `down` is every outage, `counted` what the contract
    counts of them, `gaps` what no probe watched of what is over.
    """

    total: timedelta
    known: timedelta
    down: tuple[Period, ...]
    counted: tuple[Period, ...]
    gaps: tuple[Period, ...]
    clause: UptimeClause

    @property
    def measured(self) -> Fraction:
        """The share of the month in which no outage is known, whatever its cause."""
        return 1 - _share(duration(self.down), self.total)

    @property
    def contractual(self) -> Fraction:
        """The exact share as the contract counts it: without what is left out, of the same total.

        Compare this one; what people read is cut after two decimals.
        """
        return 1 - _share(duration(self.counted), self.total)

    @property
    def coverage(self) -> Fraction:
        """The share that probes watched of what is over of the month; 0 before it begins."""
        return 1 - _share(duration(self.gaps), self.known) if self.known else Fraction(0)

    @property
    def is_measured(self) -> bool:
        """Whether enough of the month was watched to give a figure (R-UPT 4)."""
        return self.coverage >= self.clause.watched

    @property
    def is_met(self) -> bool | None:
        """Whether the promise was kept; None where that is not known, or nothing is promised."""
        return self.clause.is_kept(self.contractual, is_measured=self.is_measured)

    @property
    def allowed_minutes(self) -> int | None:
        """How many whole minutes of outage the promise leaves in the month; None without one."""
        promised = self.clause.promised
        if promised is None:
            return None
        return int((1 - promised) * Fraction(self.total // _MICROSECOND) / _A_MINUTE)


@dataclass(frozen=True, slots=True)
class ContractUptime:
    """How long the sites of a contract were available in a month, each and together.

    Without a site there is nothing to promise: nothing is measured and nothing is missed.
    """

    sites: dict[SiteId, SiteUptime]
    clause: UptimeClause = field(default=UptimeClause())

    @property
    def is_measured(self) -> bool:
        """Whether every site was measured."""
        return bool(self.sites) and all(one.is_measured for one in self.sites.values())

    @property
    def measured(self) -> Fraction | None:
        """The share without any known outage, by the contract's way of taking sites together."""
        return self._together([one.measured for one in self.sites.values()])

    @property
    def contractual(self) -> Fraction | None:
        """The exact share that the contract is held to; None without a site."""
        return self._together([one.contractual for one in self.sites.values()])

    @property
    def is_met(self) -> bool | None:
        """Whether the promise was kept; None where that is not known, or nothing is promised."""
        contractual = self.contractual
        if contractual is None:
            return None
        return self.clause.is_kept(contractual, is_measured=self.is_measured)

    def _together(self, shares: list[Fraction]) -> Fraction | None:
        if not shares:
            return None
        if self.clause.sites is SitesTogether.AVERAGE:
            return sum(shares, Fraction(0)) / len(shares)
        return min(shares)


def site_uptime(facts: SiteFacts, month: CountedMonth, clause: UptimeClause) -> SiteUptime:
    """Return how long a site was available in the active part of a month (R-UPT).

    Outages of all sources are united, so that none counts twice; the instants of an outage that is
    left out count nowhere, even where another outage covers them. What is left out makes the month
    no shorter.
    """
    active, until = month.active, min(month.until, month.active.end)
    outages = [(one, one.outage(until=until)) for one in facts.incidents]
    down = shared(_present(period for _, period in outages), [active])
    excused = _present(period for one, period in outages if clause.excludes(one.reason))
    planned = [one.window for one in facts.maintenance if one.is_in_time(clause.maintenance_notice)]
    known = [Period(active.start, until)] if active.start < until else []
    return SiteUptime(
        total=active.end - active.start,
        known=duration(known),
        down=down,
        counted=without(down, [*excused, *planned, *month.suspended]),
        gaps=without(known, _watched(facts.watches, until=until)),
        clause=clause,
    )


def active_part(
    month: Period, starts_on: date, ends_on: date | None, zone: ZoneInfo
) -> Period | None:
    """Return the part of a month in which a contract is active; None when it is not at all.

    `ends_on` is the first local day after the contract.
    """
    start = max(month.start, midnight(starts_on, zone))
    end = month.end if ends_on is None else min(month.end, midnight(ends_on, zone))
    return Period(start, end) if start < end else None


def rests(
    suspensions: Iterable[ContractSuspension], zone: ZoneInfo, *, until: datetime
) -> tuple[Period, ...]:
    """Return the instants at which a contract rests, one that still rests up to `until`."""
    days = [one.days for one in suspensions]
    bounds = [
        (midnight(each.first, zone), until if each.end is None else midnight(each.end, zone))
        for each in days
    ]
    return united(Period(start, end) for start, end in bounds if start < end)


def shown_percent(share: Fraction) -> Decimal:
    """Return a share as people read it: in percent, cut after the second decimal, never rounded.

    >>> shown_percent(Fraction(99_999, 100_000)), shown_percent(Fraction(1))
    (Decimal('99.99'), Decimal('100.00'))
    """
    hundredths = share * 10_000
    return (Decimal(hundredths.numerator // hundredths.denominator) / 100).quantize(
        Decimal("0.01"), ROUND_FLOOR
    )


def whole_minutes(periods: Iterable[Period]) -> int:
    """Return how many minutes the periods last together, a minute that is not whole left out."""
    return duration(periods) // _MINUTE


def _watched(watches: Sequence[ProbeWatch], *, until: datetime) -> tuple[Period, ...]:
    """Return when any probe watched: a gap takes away only from its own source."""
    by_source: dict[str, tuple[list[Period], list[Period]]] = {}
    for watch in watches:
        period = watch.period(until=until)
        if period is not None:
            by_source.setdefault(watch.source, ([], []))[watch.is_gap].append(period)
    return united(period for seen, missed in by_source.values() for period in without(seen, missed))


def _share(part: timedelta, total: timedelta) -> Fraction:
    return Fraction(part // _MICROSECOND, total // _MICROSECOND)


def _present(periods: Iterable[Period | None]) -> list[Period]:
    return [period for period in periods if period is not None]


_A_MINUTE = _MINUTE // _MICROSECOND
