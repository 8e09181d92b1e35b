"""The steps of clocks that came, as they are shown; they do not exist for a client."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import bindparam, select

from helpdesk.domain.sla_policy import SlaPolicy
from helpdesk.storage.query import in_list
from helpdesk.storage.reads.loader import Loader
from helpdesk.storage.reads.noun_table import AnySelect
from helpdesk.storage.tables.sla_clock import SLA_FIRING
from helpdesk.usecases.read_models import Branch, Thing, Wanted

LATE = timedelta(minutes=1)
"""A worker looks when a step comes; one that is seen later was missed meanwhile."""

_COLUMNS = [
    SLA_FIRING.c[name]
    for name in (
        "ticket_id", "metric", "cycle", "step", "level", "due_at", "fired_at", "is_superseded",
        "acted_at", "outcome", "last_error",
    )
]  # fmt: skip


async def read_escalations(
    loader: Loader, tickets: Sequence[Thing], branch: Branch, _: Wanted
) -> None:
    """Give each ticket the steps of its clocks that came, in the order in which they came."""
    found: dict[str, list[Thing]] = {ticket.id: [] for ticket in tickets}
    if loader.viewer.is_of_agency:
        names = [column.name for column in _COLUMNS]
        for row in await loader.agency_rows("escalations", _firings, parents=list(found)):
            values = dict(zip(names, row, strict=True))
            is_late = values["fired_at"] - values["due_at"] > LATE
            found[values["ticket_id"]].append(Thing(**values, is_late=is_late))
    for ticket in tickets:
        ticket.keep(branch, found[ticket.id])


def ladder_things(policy: SlaPolicy) -> list[Thing]:
    """Return the escalation of a contract as it is shown."""
    return [
        Thing(
            metric=ladder.metric,
            priorities=sorted(ladder.priorities),
            steps=[
                Thing(
                    key=step.key,
                    level=step.level,
                    percent=step.percent,
                    minutes=step.minutes,
                    days=step.days,
                    actions=[action.kind for action in step.actions],
                )
                for step in ladder.steps
            ],
        )
        for ladder in policy.ladders
    ]


def _firings() -> AnySelect:
    return (
        select(*_COLUMNS)
        .where(
            SLA_FIRING.c.agency_id == bindparam("agency_id"),
            in_list(SLA_FIRING.c.ticket_id, "parents"),
        )
        .order_by(SLA_FIRING.c.ticket_id, SLA_FIRING.c.due_at, SLA_FIRING.c.level)
    )
