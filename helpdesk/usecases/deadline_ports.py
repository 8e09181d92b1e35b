"""Deadlines as use-cases and the worker need them: which steps came, what each did, who works."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from typing_extensions import override

from helpdesk.domain.ids import AgencyId, TicketId
from helpdesk.domain.sla import SlaMetric


@dataclass(frozen=True, slots=True)
class FiringKey:
    """Which step of which clock: it fires once for ever."""

    agency_id: AgencyId
    ticket_id: TicketId
    metric: SlaMetric
    cycle: int
    step: str

    @override
    def __str__(self) -> str:
        """Say it as the idempotency keys of what it sets off do."""
        return f"{self.ticket_id}:{self.metric}:{self.cycle}:{self.step}"


@dataclass(frozen=True, slots=True)
class RecordedFiring:
    """A step that came, as it was recorded.

    `due_at` is its true instant, `fired_at` when a worker saw it, `attempts` how often its actions
    failed.
    """

    key: FiringKey
    level: int
    due_at: datetime
    fired_at: datetime
    attempts: int = 0


class FiringRecords(Protocol):
    """The firings of one agency whose actions are carried out."""

    async def take(self, key: FiringKey, *, at: datetime) -> RecordedFiring | None:
        """Return a firing that has something to do at `at`, locked together with its ticket.

        None when somebody else holds one of the two, or when it is done.
        """
        ...

    async def mark_acted(self, key: FiringKey, outcome: list[str], *, at: datetime) -> None:
        """Record that its actions are done, and in words what became of each."""
        ...

    async def mark_failed(self, key: FiringKey, error: str, *, retry_at: datetime) -> None:
        """Record that its actions failed as a whole, and when they are tried again."""
        ...


@dataclass(frozen=True, slots=True)
class Fired:
    """What one round fired: how many clocks were looked at, and how many steps were recorded."""

    clocks: int
    steps: int


class ComingSteps(Protocol):
    """The steps of all clocks that come, across agencies."""

    async def next_instant(self) -> datetime | None:
        """Return when the next step of any clock comes or came, None when none is left."""
        ...

    async def fire(self, *, at: datetime) -> Fired:
        """Record the steps that came by `at`, of a batch of clocks, the oldest first.

        Each is recorded once for ever, however many workers look. A clock whose ticket is being
        changed is left for the next round.
        """
        ...

    async def to_act(self, *, at: datetime, limit: int) -> tuple[FiringKey, ...]:
        """Return firings whose actions are to be carried out, the oldest first."""
        ...

    async def next_act(self) -> datetime | None:
        """Return when the next firing has something to do, None when none has."""
        ...


class DeadlineQueue(ComingSteps, Protocol):
    """The steps that come, for a worker: the database's clock decides."""

    async def now(self) -> datetime:
        """Return the time by the clock that all workers share, in UTC."""
        ...

    def watching(
        self, ring: Callable[[], None]
    ) -> AbstractAsyncContextManager[Callable[[], float]]:
        """Call `ring` whenever a step appears that comes soon; give how many seconds one may sleep.

        They are few while another process's changes cannot be heard of.
        """
        ...


@dataclass(frozen=True, slots=True)
class WorkerSign:
    """A worker by its last sign of life.

    `lag_seconds` is how long the oldest step that came had waited then, `fired` how many steps
    the worker recorded since it started.
    """

    id: str
    name: str
    started_at: datetime
    beat_at: datetime
    lag_seconds: int
    fired: int
    stopped_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits for the workers: how many of each, and since when the oldest step that came."""

    steps_due: int
    oldest_due_at: datetime | None
    firings_to_act: int
    firings_in_trouble: int
    inbound_waiting: int
    outbox_waiting: int
    webhooks_waiting: int


class WorkerRegister(Protocol):
    """Who works on this database, and what waits."""

    async def beat(self, sign: WorkerSign) -> None:
        """Write a sign of life; workers that were silent for a day are forgotten."""
        ...

    async def workers(self) -> tuple[WorkerSign, ...]:
        """Return the workers that are known, those that started last first."""
        ...

    async def backlog(self, *, at: datetime) -> Backlog:
        """Return what waits at `at`."""
        ...
