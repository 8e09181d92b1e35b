"""What compliance figures are read from."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from helpdesk.domain.access import Viewer
from helpdesk.domain.compliance import ClockLife, FieldChange, OpenClocks
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import SlaMetric


@dataclass(frozen=True, slots=True)
class Place:
    """Whose clock it is: the client and the metric stay, the other two are those of now."""

    client_id: str
    metric: SlaMetric
    priority: Priority
    agent_id: str | None


@dataclass(frozen=True, slots=True)
class CountedClock:
    """A clock that ended or broke, with its place."""

    ticket_id: str
    place: Place
    life: ClockLife


@dataclass(frozen=True, slots=True)
class CountedClocks:
    """The clocks that may have given something to a time.

    `kept` are those of which nothing else is to be known, most of them: they stopped in that time,
    in time, once. They are given as the seconds that they show, by place.
    """

    kept: Mapping[Place, Sequence[int]]
    others: Sequence[CountedClock]


@dataclass(frozen=True, slots=True)
class ClockConditions:
    """Which clocks are asked for; None asks nothing."""

    client_ids: tuple[str, ...] | None = None
    metrics: tuple[SlaMetric, ...] | None = None


class ComplianceReads(Protocol):
    """Where the figures are read from; what the viewer may not see is not there."""

    async def counted_clocks(
        self,
        viewer: Viewer,
        conditions: ClockConditions,
        *,
        start: datetime,
        end: datetime,
        is_past_needed: bool,
    ) -> CountedClocks:
        """Return each clock that may have stopped or broken in `[start, end)`, once.

        Clocks whose results lie elsewhere may be among the others. If `is_past_needed`, so is
        every clock whose ticket has changed its priority or its agent since the clock stopped.
        """
        ...

    async def open_clocks(
        self, viewer: Viewer, conditions: ClockConditions, *, at: datetime
    ) -> Mapping[Place, OpenClocks]:
        """Return how many clocks have not ended and how they stand at `at`, by their place."""
        ...

    async def changes(
        self, viewer: Viewer, ticket_ids: Sequence[str], *, after: datetime
    ) -> Mapping[str, Sequence[FieldChange]]:
        """Return what changed of the priority and of the agent after an instant, by ticket.

        The changes of a ticket are in the order in which they happened.
        """
        ...

    async def excluded(self, viewer: Viewer, ticket_ids: Sequence[str]) -> Set[str]:
        """Return those of these tickets that stand excluded from maintenance now."""
        ...
