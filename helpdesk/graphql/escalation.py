"""Escalations: what the contract says is done when, what came, and who works on it."""

from datetime import datetime

import strawberry

from helpdesk.domain.access import Scope
from helpdesk.graphql.fields import attribute
from helpdesk.graphql.request import Request
from helpdesk.graphql.sla_clauses import EscalationActionKind
from helpdesk.graphql.sla_clock import SlaMetric
from helpdesk.graphql.ticket_enums import Priority
from helpdesk.usecases.deadline_ports import WorkerSign
from helpdesk.usecases.read_models import Thing
from helpdesk.usecases.require_manager import require_manager

MOST_WORKERS = 50


@strawberry.type(description="A step of an escalation: when it comes, and what is then done.")
class EscalationStep:
    """A step of an escalation."""

    key: str = attribute("The name of the step; a clock takes each once.")
    level: int = attribute("How high it is; of steps that were missed together the highest acts.")
    percent: int | None = attribute("The share of the promised time at which it comes, if one.")
    minutes: int | None = attribute(
        "How many counted minutes after the deadline it comes, negative before; absent if not so."
    )
    days: int | None = attribute("The same in working days.")
    actions: list[EscalationActionKind] = attribute("What is done, in order.")


@strawberry.type(description="The steps that are taken when a promise is in danger.")
class EscalationLadder:
    """The steps that are taken when a promise is in danger."""

    metric: SlaMetric = attribute("Which promise.")
    priorities: list[Priority] = attribute("The priorities whose tickets have it.")
    steps: list[EscalationStep] = attribute("The steps, in the contract's order.", points=3)


@strawberry.type(description="A step of a clock that came, and what became of it.")
class Escalation:
    """A step of a clock that came, and what became of it."""

    metric: SlaMetric = attribute("Which promise.")
    cycle: int = attribute("The number of the clock's cycle.")
    step: str = attribute("The step; BREACH is the instant at which the promise broke.")
    level: int = attribute("Its level; 0 for a breach.")
    due_at: datetime = attribute("When it truly came.")
    fired_at: datetime = attribute("When a worker saw it.")
    is_late: bool = attribute("Whether a worker saw it more than a minute after it came.")
    is_superseded: bool = attribute("Whether a higher one, missed with it, acted in its place.")
    acted_at: datetime | None = attribute("When its actions were done; absent while they were not.")
    outcome: list[str] = attribute("What became of each action, in words.")
    last_error: str | None = attribute("Why its actions failed; absent unless they did.")


@strawberry.type(description="A worker process, by its last sign of life.")
class Worker:
    """A worker process, by its last sign of life."""

    name: str = attribute("The machine and the process.")
    started_at: datetime = attribute("When it started.")
    beat_at: datetime = attribute("When it last gave a sign of life.")
    stopped_at: datetime | None = attribute("When it stopped; absent while it runs, or was killed.")
    lag_seconds: int = attribute("How long the oldest step that came had waited then.")
    fired: int = attribute("How many steps it recorded since it started.")


async def read_workers(request: Request) -> list[Thing]:
    """Return the workers that are known, for a manager; raises what `require_manager` raises."""
    viewer = request.viewer
    viewer.require_agency(Scope.AGENCY_WRITE)
    async with request.desk.store.reading(viewer.agency_id) as records:
        await require_manager(records, viewer)
    signs = await request.desk.store.queue().workers.workers()
    return [_worker(sign) for sign in signs[:MOST_WORKERS]]


def _worker(sign: WorkerSign) -> Thing:
    return Thing(
        name=sign.name,
        started_at=sign.started_at,
        beat_at=sign.beat_at,
        stopped_at=sign.stopped_at,
        lag_seconds=sign.lag_seconds,
        fired=sign.fired,
    )
