"""How promises were kept: met and missed by month, client, priority, metric and agent."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from helpdesk.domain.access import Scope, Viewer
from helpdesk.domain.compliance import (
    ComplianceFigures,
    FieldChange,
    SlaDimension,
    Tally,
    results_of,
    value_at,
)
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.month import Month, Months
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import SlaMetric
from helpdesk.usecases.compliance_reads import (
    ClockConditions,
    ComplianceReads,
    CountedClock,
    Place,
)
from helpdesk.usecases.desk import Desk

MOST_MONTHS = 36
MOST_ROWS = 1000

_METRICS = list(SlaMetric)


class TooManyMonths(HelpdeskError):
    """A question about everything is an export of the tickets, not a figure."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{count} months are asked for and {limit} are allowed at a time."
    french: ClassVar[str] = "{count} mois sont demandés pour {limit} permis à la fois."


class TooManyGroups(HelpdeskError):
    """Nobody reads that many rows, and an answer has to end."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = (
        "This gives {count} rows and {limit} are allowed: group by less, or ask for fewer months."
    )
    french: ClassVar[str] = (
        "Cela donne {count} lignes pour {limit} permises : groupez moins ou demandez moins de mois."
    )


class AgentsAreTheAgencys(HelpdeskError):
    """Who of the agency did how well is the agency's affair, not its client's."""

    code: ClassVar[ErrorCode] = ErrorCode.FORBIDDEN
    english: ClassVar[str] = "Figures by agent are for the agency alone: group by something else."
    french: ClassVar[str] = (
        "Les chiffres par intervenant sont réservés à l'agence : groupez autrement."
    )


@dataclass(frozen=True, slots=True)
class SlaComplianceQuestion:
    """What is asked: months, both included, how to group them, and which clocks alone count.

    A condition that is None asks nothing. Raises TooManyMonths.
    """

    months: Months
    group_by: tuple[SlaDimension, ...] = (SlaDimension.METRIC,)
    client_ids: tuple[str, ...] | None = None
    metrics: tuple[SlaMetric, ...] | None = None
    priorities: tuple[Priority, ...] | None = None
    agent_ids: tuple[str, ...] | None = None
    most_rows: int = MOST_ROWS

    def __post_init__(self) -> None:
        """Refuse a period that is too long."""
        if len(self.months) > MOST_MONTHS:
            raise TooManyMonths(path=("to",), count=len(self.months), limit=MOST_MONTHS)

    @property
    def is_about_agents(self) -> bool:
        """Whether the answer would tell who of the agency did how well."""
        return SlaDimension.AGENT in self.group_by or self.agent_ids is not None

    @property
    def needs_past(self) -> bool:
        """Whether it matters which priority or agent a ticket had when the result came."""
        return self.is_about_agents or (
            SlaDimension.PRIORITY in self.group_by or self.priorities is not None
        )


@dataclass(frozen=True, slots=True)
class ComplianceGroup:
    """What the clocks of a group have in common; what was not grouped by is None.

    `agent_id` is None as well for the tickets that were nobody's.
    """

    month: Month | None = None
    client_id: str | None = None
    priority: Priority | None = None
    metric: SlaMetric | None = None
    agent_id: str | None = None


@dataclass(frozen=True, slots=True)
class ComplianceRow:
    """The figures of one group."""

    group: ComplianceGroup
    figures: ComplianceFigures


@dataclass(frozen=True, slots=True)
class SlaComplianceAnswer:
    """The figures at an instant, for the months of a time zone.

    `total` is of all clocks that were asked for; every count of it is the sum over the rows.
    """

    months: Months
    zone: str
    at: datetime
    group_by: tuple[SlaDimension, ...]
    total: ComplianceRow
    rows: tuple[ComplianceRow, ...]


async def sla_compliance(
    desk: Desk, reads: ComplianceReads, *, viewer: Viewer, question: SlaComplianceQuestion
) -> SlaComplianceAnswer:
    """Return how promises were kept, grouped, in the order of the dimensions.

    A month is the agency's. What is open now is told with the month of now, if it is asked for. A
    client's viewer counts his own clocks only. Raises ScopeMissing, AgentsAreTheAgencys and
    TooManyGroups.
    """
    viewer.require(Scope.TICKETS_READ)
    if question.is_about_agents and not viewer.is_of_agency:
        raise AgentsAreTheAgencys(path=("groupBy",))
    async with desk.store.reading(viewer.agency_id) as records:
        zone = ZoneInfo((await records.agencies.agency()).zone)
    at = desk.now()
    count = _Count(question, zone, at)
    for month in question.months:
        await _count_month(count, reads, viewer, month)
        # Counting a month of a large agency takes a while: others are answered in between.
        await asyncio.sleep(0)
    if count.present in question.months:
        open_clocks = await reads.open_clocks(viewer, count.conditions, at=at)
        for place, clocks in open_clocks.items():
            for tally in count.tallies(count.present, place):
                tally.count_open(clocks)
    return count.answer()


async def _count_month(
    count: "_Count", reads: ComplianceReads, viewer: Viewer, month: Month
) -> None:
    start, end = month.starts_at(count.zone), month.following.starts_at(count.zone)
    if start > count.at:
        return
    needs_past = count.question.needs_past
    clocks = await reads.counted_clocks(
        viewer, count.conditions, start=start, end=end, is_past_needed=needs_past
    )
    for place, seconds in clocks.kept.items():
        for tally in count.tallies(month, place):
            tally.count_kept(seconds)
    changes: Mapping[str, Sequence[FieldChange]] = {}
    if needs_past and clocks.others:
        tickets = list(dict.fromkeys(clock.ticket_id for clock in clocks.others))
        changes = await reads.changes(viewer, tickets, after=start)
    broken = dict.fromkeys(one.ticket_id for one in clocks.others if _is_broken(one, count.at))
    excluded = await reads.excluded(viewer, list(broken)) if broken else frozenset()
    for clock in clocks.others:
        is_excluded = clock.ticket_id in excluded
        past = changes.get(clock.ticket_id, ())
        _count_clock(count, clock, past, month, is_excluded=is_excluded)


def _is_broken(clock: CountedClock, at: datetime) -> bool:
    return clock.life.breached_at is not None and clock.life.breached_at <= at


def _count_clock(
    count: "_Count",
    clock: CountedClock,
    changes: Sequence[FieldChange],
    month: Month,
    *,
    is_excluded: bool,
) -> None:
    """Count what a clock gives to a month: a result there, and a measure where it stopped."""
    for result in results_of(clock.life, at=count.at, zone=count.zone):
        place = _place_at(clock.place, changes, result.at)
        if Month.of(result.at, count.zone) == month:
            for tally in count.tallies(month, place):
                tally.count(is_met=result.is_met, is_excluded=is_excluded)
        stop = result.stop
        if stop is not None and Month.of(stop.stopped_at, count.zone) == month:
            for tally in count.tallies(month, place):
                tally.seconds.append(stop.counted_seconds)


def _place_at(place: Place, changes: Sequence[FieldChange], at: datetime) -> Place:
    """Return where a clock belonged when its result came."""
    if not changes:
        return place
    priority = value_at("priority", place.priority, changes, at)
    return Place(
        place.client_id,
        place.metric,
        Priority(priority or place.priority),
        value_at("assignee_id", place.agent_id, changes, at),
    )


@dataclass
class _Count:
    """The groups while they are counted."""

    question: SlaComplianceQuestion
    zone: ZoneInfo
    at: datetime
    total: Tally = field(default_factory=Tally)
    groups: dict[ComplianceGroup, Tally] = field(default_factory=dict)

    @property
    def present(self) -> Month:
        return Month.of(self.at, self.zone)

    @property
    def conditions(self) -> ClockConditions:
        return ClockConditions(self.question.client_ids, self.question.metrics)

    def tallies(self, month: Month, place: Place) -> tuple[Tally, ...]:
        """Return what counts a clock of this place in this month: its group's tally and the total.

        A clock that was not asked for has none.
        """
        question = self.question
        if question.priorities is not None and place.priority not in question.priorities:
            return ()
        if question.agent_ids is not None and place.agent_id not in question.agent_ids:
            return ()
        group = _group(question.group_by, month, place)
        tally = self.groups.get(group)
        if tally is None:
            tally = self.groups[group] = Tally()
        return tally, self.total

    def answer(self) -> SlaComplianceAnswer:
        """Return the figures of every group. Raises TooManyGroups."""
        question = self.question
        if len(self.groups) > question.most_rows:
            raise TooManyGroups(path=("groupBy",), count=len(self.groups), limit=question.most_rows)
        total = self._row(ComplianceGroup(), self.total)
        rows = (self._row(group, tally) for group, tally in self.groups.items())
        return SlaComplianceAnswer(
            months=question.months,
            zone=self.zone.key,
            at=self.at,
            group_by=question.group_by,
            total=total,
            rows=tuple(sorted(rows, key=lambda row: _order(row.group, question.group_by))),
        )

    def _row(self, group: ComplianceGroup, tally: Tally) -> ComplianceRow:
        months = self.question.months if group.month is None else (group.month,)
        return ComplianceRow(group, tally.figures(is_present=self.present in months))


def _group(group_by: Sequence[SlaDimension], month: Month, place: Place) -> ComplianceGroup:
    return ComplianceGroup(
        month=month if SlaDimension.MONTH in group_by else None,
        client_id=place.client_id if SlaDimension.CLIENT in group_by else None,
        priority=place.priority if SlaDimension.PRIORITY in group_by else None,
        metric=place.metric if SlaDimension.METRIC in group_by else None,
        agent_id=place.agent_id if SlaDimension.AGENT in group_by else None,
    )


def _order(group: ComplianceGroup, group_by: Sequence[SlaDimension]) -> list[tuple[bool, str]]:
    """Return where a group stands: dimension by dimension, what is nobody's at the end."""
    texts = {
        SlaDimension.MONTH: str(group.month),
        SlaDimension.CLIENT: group.client_id,
        SlaDimension.PRIORITY: group.priority,
        SlaDimension.METRIC: None if group.metric is None else str(_METRICS.index(group.metric)),
        SlaDimension.AGENT: group.agent_id,
    }
    return [(texts[dimension] is None, texts[dimension] or "") for dimension in group_by]
