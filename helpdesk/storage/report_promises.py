"""How the promises on a ticket stood at the end of a month, from its clocks."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from helpdesk.domain.priority import Priority
from helpdesk.domain.report_lines import SlaLine, SlaVerdict
from helpdesk.domain.sla import SlaMetric
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.policy_documents import target_of
from helpdesk.storage.query import Query, in_list
from helpdesk.storage.session import MINE
from helpdesk.storage.tables.sla_clock import SLA_CLOCK
from helpdesk.usecases.report_ports import ReportSpan

_NAMES = (
    *("ticket_id", "metric", "cycle", "target", "allowance_seconds", "counted_seconds"),
    *("started_at", "stopped_at", "cancelled_at", "breached_at", "deadline_at", "postponed_to"),
    "earlier_results",
)
CLOCKS_OF_TICKETS = Query(
    select(*(SLA_CLOCK.c[name] for name in _NAMES))
    .where(SLA_CLOCK.c.agency_id == MINE, in_list(SLA_CLOCK.c.ticket_id, "tickets"))
    .order_by(SLA_CLOCK.c.ticket_id, SLA_CLOCK.c.metric, SLA_CLOCK.c.cycle)
)

_Clock = Mapping[str, Any]  # a row by the names of its columns


def promises_of(
    clocks: Iterable[Row], span: ReportSpan, priority_at: Callable[[datetime], Priority]
) -> tuple[SlaLine, ...]:
    """Return the promises that were settled in a span or ran at its end, in the metrics' order.

    Several clocks of a metric that did equally well are one line with a count; each broken promise
    is a line of its own, because each is explained.
    """
    lines: dict[tuple[SlaMetric, SlaVerdict], SlaLine] = {}
    broken: list[SlaLine] = []
    for row in clocks:
        line = _line(dict(zip(_NAMES, row, strict=True)), span)
        if line is None:
            continue
        if line.verdict.is_broken and line.at is not None:
            broken.append(replace(line, priority=priority_at(line.at)))
            continue
        known = lines.get((line.metric, line.verdict))
        count = 1 if known is None else known.count + 1
        lines[line.metric, line.verdict] = replace(line, count=count)
    order = list(SlaMetric)
    return tuple(sorted((*broken, *lines.values()), key=lambda one: order.index(one.metric)))


def _line(clock: _Clock, span: ReportSpan) -> SlaLine | None:
    verdict, at = _verdict(clock, span)
    if verdict is None or (at is not None and at < span.start):
        return None
    target = target_of(clock["target"])
    stopped_at = clock["stopped_at"]
    is_stopped = stopped_at is not None and stopped_at < span.end
    return SlaLine(
        metric=SlaMetric(clock["metric"]),
        verdict=verdict,
        amount=target.amount,
        unit=target.unit,
        is_strict=target.is_strict,
        allowance_seconds=clock["allowance_seconds"],
        counted_seconds=clock["counted_seconds"] if is_stopped else None,
        at=at,
        postponed_to=clock["postponed_to"],
    )


def _verdict(clock: _Clock, span: ReportSpan) -> tuple[SlaVerdict | None, datetime | None]:
    """Return how a clock stood at the end of a span, and since when that is settled.

    The words are those of `promise_outcome`, as of that instant.
    """
    broken_at, stopped_at = clock["breached_at"], clock["stopped_at"]
    if _is_before(broken_at, span.end):
        return _broken(clock, span), broken_at
    if _is_before(clock["cancelled_at"], span.end) or not _is_before(clock["started_at"], span.end):
        return None, None
    is_postponed = clock["postponed_to"] is not None
    if _is_before(stopped_at, span.end):
        return SlaVerdict.POSTPONED if is_postponed else SlaVerdict.KEPT, stopped_at
    kept = [at for at, is_met in _earlier(clock["earlier_results"]) if is_met and at < span.end]
    if kept:
        return SlaVerdict.KEPT, kept[-1]
    return SlaVerdict.POSTPONED if is_postponed else SlaVerdict.RUNNING, None


def _broken(clock: _Clock, span: ReportSpan) -> SlaVerdict:
    """Return whether a broken promise was put off, and the new date held (R-SLA 5)."""
    postponed_to, due, stopped_at = (
        clock["postponed_to"],
        clock["deadline_at"],
        clock["stopped_at"],
    )
    end = stopped_at if _is_before(stopped_at, span.end) else span.end
    is_documented = postponed_to is not None and clock["breached_at"] < postponed_to
    holds = due is None or end <= due
    return SlaVerdict.BROKEN_DOCUMENTED if is_documented and holds else SlaVerdict.BROKEN


def _is_before(at: datetime | None, end: datetime) -> bool:
    return at is not None and at < end


def _earlier(results: Sequence[Any]) -> Iterator[tuple[datetime, bool]]:  # Any: JSON
    for stopped_at, _, is_met in results:
        yield datetime.fromisoformat(stopped_at), is_met
