"""How promises were kept: figures by month, client, priority, metric and agent."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import strawberry

from helpdesk.domain.compliance import SlaDimension
from helpdesk.domain.month import Month, Months
from helpdesk.graphql.agency import Agent
from helpdesk.graphql.client import Client
from helpdesk.graphql.fields import attribute, described_enum, optional
from helpdesk.graphql.global_ids import id_of
from helpdesk.graphql.request import Request
from helpdesk.graphql.sla_clock import SlaMetric
from helpdesk.graphql.ticket_enums import Priority
from helpdesk.usecases.read_models import Branch, Noun, Thing, Wanted
from helpdesk.usecases.sla_compliance import (
    MOST_ROWS,
    ComplianceRow,
    SlaComplianceQuestion,
    sla_compliance,
)

described_enum(
    SlaDimension,
    "SlaDimension",
    "What compliance figures are grouped by.",
    {
        SlaDimension.MONTH: "The month in which the promise was kept or broken, in the agency's "
        "time zone.",
        SlaDimension.CLIENT: "The client.",
        SlaDimension.PRIORITY: "The priority that the ticket had then.",
        SlaDimension.METRIC: "What was promised.",
        SlaDimension.AGENT: "The agent who took care of the ticket then; for the agency alone.",
    },
)


@strawberry.input(
    description="Conditions that all hold; of a list of values, any one is enough, none of none."
)
class SlaComplianceFilter:
    """Conditions that all hold."""

    client_id: list[strawberry.ID] | None = optional("Whose tickets.")
    priority: list[Priority] | None = optional("The priority that the ticket had then.")
    metric: list[SlaMetric] | None = optional("What was promised.")
    agent_id: list[strawberry.ID] | None = optional(
        "Who took care of the ticket then; for the agency alone."
    )


@strawberry.type(description="How the promises of one group were kept.")
class SlaComplianceRow:
    """How the promises of one group were kept."""

    month: Month | None = attribute("The month; absent unless grouped by it.")
    client: Client | None = attribute("The client; absent unless grouped by it.")
    priority: Priority | None = attribute("The priority; absent unless grouped by it.")
    metric: SlaMetric | None = attribute("What was promised; absent unless grouped by it.")
    agent: Agent | None = attribute(
        "The agent; absent unless grouped by it, and where nobody took care of the ticket."
    )
    met: int = attribute("How many promises were kept.")
    missed: int = attribute("How many were broken; one that still runs counts at its breach.")
    missed_excluded: int = attribute(
        "How many of the missed are of tickets that stand excluded from maintenance by now: they "
        "count all the same, and earn no compensation."
    )
    compliance_percent: float | None = attribute(
        "The share that was kept, in percent, cut off after two decimals and never rounded up; "
        "absent when none was due."
    )
    measured: int = attribute(
        "How many clocks stopped; the two percentiles are those of what they showed."
    )
    median_seconds: int | None = attribute(
        "The median of the counted seconds, by nearest rank; absent when no clock stopped."
    )
    ninetieth_percentile_seconds: int | None = attribute(
        "The 90th percentile of the counted seconds, by nearest rank; absent when no clock stopped."
    )
    running_now: int | None = attribute(
        "How many clocks have started and not ended; absent unless the month of now is among those "
        "of the row."
    )
    at_risk_now: int | None = attribute(
        "How many of those that run have used up the warning share; absent like `runningNow`."
    )
    breached_now: int | None = attribute(
        "How many of those that run are broken; absent like `runningNow`."
    )


@strawberry.type(description="How promises were kept over some months.")
class SlaCompliance:
    """How promises were kept over some months."""

    first: Month = attribute("The first month.", name="from")
    last: Month = attribute("The last month.", name="to")
    zone: str = attribute("The time zone whose months these are, such as `Europe/Paris`.")
    at: datetime = attribute("When it was counted.")
    total: SlaComplianceRow = attribute("All of it: each count is the sum over the rows.")
    rows: list[SlaComplianceRow] = attribute(
        f"A row for each group that has anything, in the order of `groupBy`; {MOST_ROWS} at most.",
        points=MOST_ROWS,
    )


async def read_sla_compliance(
    request: Request,
    wanted: Wanted,
    months: tuple[Month, Month],
    group_by: Sequence[SlaDimension],
    given: SlaComplianceFilter | None,
) -> Thing:
    """Return how promises were kept.

    Raises MonthsReversed, TooManyMonths, TooManyGroups, AgentsAreTheAgencys, IdMalformed.
    """
    question = SlaComplianceQuestion(
        Months(*months), tuple(dict.fromkeys(group_by)), **_conditions(given or None)
    )
    answer = await sla_compliance(
        request.desk, request.reads.compliance, viewer=request.viewer, question=question
    )
    rows = await _shown(request, answer.rows, wanted.along("rows"))
    return Thing(
        first=answer.months.first,
        last=answer.months.last,
        zone=answer.zone,
        at=answer.at,
        total=_row(answer.total),
        rows=rows,
    )


def _conditions(given: SlaComplianceFilter | None) -> dict[str, Any]:  # Any: of every type
    if given is None:
        return {}
    return {
        "client_ids": _ids(given.client_id, Noun.CLIENT, "clientId"),
        "agent_ids": _ids(given.agent_id, Noun.AGENT, "agentId"),
        "priorities": _listed(given.priority),
        "metrics": _listed(given.metric),
    }


def _ids(given: Iterable[str] | None, noun: Noun, name: str) -> tuple[str, ...] | None:
    listed = _listed(given)
    if listed is None:
        return None
    return tuple(id_of(noun, one, path=("filter", name)) for one in listed)


def _listed(given: Any) -> Any:  # Any: a list of what the field takes, or none
    return None if given is None or given is strawberry.UNSET else tuple(given)


async def _shown(request: Request, rows: Sequence[ComplianceRow], wanted: Wanted) -> list[Thing]:
    """Return the rows with their clients and agents, those of all rows in one query each."""
    reader = request.reader()
    shown = [_row(row) for row in rows]
    neighbours = (
        ("client", Noun.CLIENT, [row.group.client_id for row in rows]),
        ("agent", Noun.AGENT, [row.group.agent_id for row in rows]),
    )
    for name, noun, ids in neighbours:
        if Branch(name) in wanted.branches:
            distinct = [one for one in dict.fromkeys(ids) if one is not None]
            found = await reader.by_ids(noun, distinct, wanted.along(name))
            for thing, one in zip(shown, ids, strict=True):
                thing.keep(Branch(name), found.get(one or ""))
    await request.explain(reader, wanted)
    return shown


def _row(row: ComplianceRow) -> Thing:
    group, figures = row.group, row.figures
    share = figures.hundredths_of_percent
    clocks = figures.open_clocks
    return Thing(
        month=group.month,
        client=None,
        priority=group.priority,
        metric=group.metric,
        agent=None,
        met=figures.met,
        missed=figures.missed,
        missed_excluded=figures.missed_excluded,
        compliance_percent=None if share is None else share / 100,
        measured=figures.measured,
        median_seconds=figures.median_seconds,
        ninetieth_percentile_seconds=figures.ninetieth_seconds,
        running_now=None if clocks is None else clocks.running,
        at_risk_now=None if clocks is None else clocks.at_risk,
        breached_now=None if clocks is None else clocks.breached,
    )
