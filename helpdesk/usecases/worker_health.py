"""Whether anybody works, and how far behind, for those who run the engine."""

from dataclasses import dataclass
from datetime import timedelta

from helpdesk.usecases.deadline_ports import Backlog, WorkerSign
from helpdesk.usecases.desk import Desk

SILENT_AFTER = timedelta(seconds=60)
"""A worker gives a sign of life every ten seconds."""

PROMETHEUS = "text/plain; version=0.0.4"

_METRICS = (
    ("workers_alive", "Workers that gave a sign of life in the last minute."),
    ("deadline_lag_seconds", "How long the oldest step that came has waited to be recorded."),
    ("deadline_steps_due", "Clocks with a step that came and is not recorded."),
    ("firings_to_act", "Recorded steps whose actions are to be carried out."),
    ("firings_in_trouble", "Those of them whose actions failed at least once."),
    ("inbound_mails_waiting", "Messages that are stored and not understood yet."),
    ("outbox_mails_waiting", "Promised mails that did not leave yet."),
    ("webhook_calls_waiting", "Promised calls that were not answered yet."),
)


@dataclass(frozen=True, slots=True)
class WorkerHealth:
    """The workers that live, and what waits for them."""

    alive: tuple[WorkerSign, ...]
    lag_seconds: int
    backlog: Backlog

    @property
    def is_alive(self) -> bool:
        """Whether anybody works."""
        return bool(self.alive)


async def worker_health(desk: Desk) -> WorkerHealth:
    """Return who works and what waits, by the clock that all workers share."""
    queue = desk.store.queue()
    now = await queue.deadlines.now()
    signs = await queue.workers.workers()
    backlog = await queue.workers.backlog(at=now)
    oldest = backlog.oldest_due_at
    return WorkerHealth(
        alive=tuple(
            sign for sign in signs if sign.stopped_at is None and now - sign.beat_at < SILENT_AFTER
        ),
        lag_seconds=0 if oldest is None else int((now - oldest).total_seconds()),
        backlog=backlog,
    )


def prometheus_text(health: WorkerHealth) -> str:
    """Return the figures in the text format of Prometheus."""
    backlog = health.backlog
    figures = (
        len(health.alive),
        health.lag_seconds,
        backlog.steps_due,
        backlog.firings_to_act,
        backlog.firings_in_trouble,
        backlog.inbound_waiting,
        backlog.outbox_waiting,
        backlog.webhooks_waiting,
    )
    return "".join(
        f"# HELP helpdesk_{name} {meaning}\n# TYPE helpdesk_{name} gauge\nhelpdesk_{name} {value}\n"
        for (name, meaning), value in zip(_METRICS, figures, strict=True)
    )
