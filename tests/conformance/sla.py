"""The scenarios of sla_scenarios.json, put to the public functions of the SLA clock."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from helpdesk.domain.business_time import (
    BeyondHorizon,
    BusinessHours,
    CalendarNeverOpens,
    Edge,
    HoursVersion,
    Timeline,
    compile_versions,
)
from helpdesk.domain.clock_facts import ClockFact, ClockFactKind
from helpdesk.domain.clock_reduction import clocks_under
from helpdesk.domain.ids import CalendarId
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import (
    ClockStart,
    SlaClock,
    SlaMetric,
    SlaState,
    StretchKind,
    Target,
    TargetUnit,
    Timelines,
)
from helpdesk.domain.sla_policy import (
    AnswerClause,
    NextResponseClause,
    PolicyVersion,
    ReopenClause,
    RetargetClause,
    SlaPolicy,
)
from helpdesk.domain.waiting import WaitingOn
from tests.conformance.calendar import REACHES, business_hours
from tests.conformance.outcome import Outcome

Case = Mapping[str, Any]  # decoded JSON, whose fields depend on the event
"""One decoded case, event or policy of the file."""

CALENDAR = CalendarId("calendar")
PRIORITY = Priority.P2
METRICS = {
    "response": (SlaMetric.FIRST_RESPONSE, ClockStart.OPENING),
    "update": (SlaMetric.NEXT_RESPONSE, ClockStart.CLIENT_MESSAGE),
    "resolution": (SlaMetric.RESOLUTION, ClockStart.OPENING),
}
FACTS = {
    "created": ClockFactKind.OPENED,
    "customer_message": ClockFactKind.CLIENT_WROTE,
    "agent_message": ClockFactKind.AGENT_ANSWERED,
    "first_response": ClockFactKind.AGENT_ANSWERED,
    "pause": ClockFactKind.PAUSED,
    "resume": ClockFactKind.RESUMED,
    "close": ClockFactKind.RESOLVED,
    "reopen": ClockFactKind.REOPENED,
}
RETARGETING = {
    "from_start": RetargetClause.KEEP_ORIGIN,
    "from_reclassification": RetargetClause.FROM_RECLASSIFICATION,
}
# Which state of its clocks a whole ticket shows: the first of these that one of them is in.
# The format knows no warning: what is at risk runs.
STATES = (
    SlaState.PAUSED,
    SlaState.BREACHED,
    SlaState.AT_RISK,
    SlaState.RUNNING,
    SlaState.PENDING,
    SlaState.MISSED,
    SlaState.MET,
    SlaState.CANCELLED,
)


def run(paths: Iterable[Path]) -> Iterator[Outcome]:
    """Return the outcome of every scenario of the files."""
    for path in paths:
        for case in json.loads(path.read_text(encoding="utf-8")):
            yield _outcome(case)


def _outcome(case: Case) -> Outcome:
    got: dict[str, object] = {}
    wanted: dict[str, object] = {}
    try:
        for name, answer, expected in _differences(case):
            got[name], wanted[name] = answer, expected
    except Exception as error:  # a case that raises is a failed case, whatever it raises
        return Outcome(
            case.get("id", "?"),
            f"{type(error).__name__}: {error}",
            "every expectation",
            passed=False,
        )
    return Outcome(case["id"], got, wanted, passed=not got)


def _differences(case: Case) -> Iterator[tuple[str, object, object]]:
    """Yield what came out otherwise than expected: its event and field, the answer, the wanted."""
    ticket = TicketStory(case)
    for number, event in enumerate(case["events"]):
        if event["type"] not in CHECKS:
            ticket.live(event)
            continue
        seen = moment(ticket, instant(event["at"]))
        for name, value in event.items():
            if name in {"at", "type", "offset"}:
                continue
            expected = instant(value) if isinstance(value, str) and name != "state" else value
            answer = CHECKS[event["type"]](seen, name, event)
            if not _is_near(answer, expected, ticket.policy.get("tolerance", 0)):
                yield f"{number}.{name}", answer, expected


def instant(text: str) -> datetime:
    """Return an instant of a case in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def _is_near(answer: object, expected: object, tolerance: int) -> bool:
    if isinstance(answer, datetime) and isinstance(expected, datetime):
        return abs((answer - expected).total_seconds()) <= tolerance
    if isinstance(answer, bool) or isinstance(expected, bool):
        return answer is expected
    if isinstance(answer, int) and isinstance(expected, int):
        return abs(answer - expected) <= tolerance
    return answer == expected


@dataclass
class TicketStory:
    """A ticket as its events tell it, in the words of the domain."""

    case: Case
    facts: list[ClockFact] = field(default_factory=list)
    policies: list[PolicyVersion] = field(default_factory=list)
    calendars: list[tuple[str, Case | None]] = field(default_factory=list)
    is_waiting: bool = False

    def live(self, event: Case) -> None:
        """Take notice of an event that is no expectation."""
        at = instant(event["at"])
        if event["type"] == "set_targets":
            self._agree(at, event["targets"])
        elif event["type"] == "set_calendar":
            is_retroactive = self.policy.get("calendar_change", "retroactive") == "retroactive"
            earlier = [] if is_retroactive else self.calendars
            self.calendars = [*earlier, (event["at"], event["calendar"])]
        else:
            self._happen(at, event)

    @property
    def policy(self) -> Case:
        """The clauses of the case."""
        clauses: Case = self.case.get("policy", {})
        return clauses

    def _agree(self, at: datetime, targets: Case) -> None:
        version = PolicyVersion(len(self.policies) + 1, at, _policy(targets, self.policy))
        self.policies.append(version)

    def _happen(self, at: datetime, event: Case) -> None:
        kind = FACTS[event["type"]]
        is_created = kind is ClockFactKind.OPENED
        if is_created:
            self._agree(at, self.case["targets"])
            self.calendars.append((event["at"], self.case.get("calendar")))
        self.facts.append(
            ClockFact(
                at,
                kind,
                priority=PRIORITY if is_created else None,
                pause_reason=WaitingOn.CLIENT if kind is ClockFactKind.PAUSED else None,
                # Whoever opened the ticket answers, but gives no first response.
                is_by_opener=event["type"] == "agent_message",
            )
        )
        if kind in {ClockFactKind.PAUSED, ClockFactKind.RESUMED, ClockFactKind.RESOLVED}:
            self.is_waiting = kind is ClockFactKind.PAUSED
        if is_created and event.get("state") == "paused":
            self._happen(at, {"type": "pause"})


def _policy(targets: Case, clauses: Case) -> SlaPolicy:
    paused = frozenset(
        METRICS[name][0] for name in clauses.get("pause_affects", METRICS) if name in METRICS
    )
    is_closed_excluded = clauses.get("closed_excluded", True)
    if clauses.get("start") == "attachment":
        retargeting = RetargetClause.FROM_FIRST_PROMISE
    else:
        retargeting = RETARGETING[clauses.get("retarget", "from_start")]
    return SlaPolicy(
        {PRIORITY: tuple(_target(name, amount, clauses) for name, amount in targets.items())},
        pauses={WaitingOn.CLIENT: paused},
        reopening=ReopenClause.CONTINUE_EXCLUDING_CLOSED
        if is_closed_excluded
        else ReopenClause.CONTINUE_COUNTING_CLOSED,
        retargeting=retargeting,
        answers=AnswerClause(first_response_answers=clauses.get("first_response_is_update", True)),
        next_response=NextResponseClause(
            before_first_response=True, restarts=clauses.get("update_restarts_on_customer", False)
        ),
    )


def _target(name: str, amount: int, clauses: Case) -> Target:
    metric, starts_on = METRICS[name]
    if clauses.get("unit") == "days":
        is_closing = clauses.get("day_end") == "close"
        unit = (
            TargetUnit.BUSINESS_DAYS_END_OF_DAY
            if is_closing
            else TargetUnit.BUSINESS_DAYS_SAME_TIME
        )
    else:
        unit = TargetUnit.BUSINESS_MINUTES
        amount, seconds = divmod(amount, 60)
        if seconds:
            raise ValueError(f"promises are made in whole minutes: {name}")
    return Target(metric, amount, unit, CALENDAR, is_strict=False, starts_on=starts_on)


@dataclass(frozen=True)
class Moment:
    """The clocks of a ticket at an instant, those of one metric in the order of their cycles."""

    at: datetime
    clocks: Mapping[SlaMetric, tuple[SlaClock, ...]]
    timeline: Timeline
    edge: Edge
    is_waiting: bool
    is_hidden: bool

    def latest(self, name: str) -> SlaClock | None:
        """Return the clock of a metric that counts now."""
        clocks = self.clocks.get(METRICS[name][0])
        return clocks[-1] if clocks else None


def moment(ticket: TicketStory, at: datetime) -> Moment:
    """Return the clocks of a ticket at an instant."""
    for reach in REACHES:
        try:
            return _moment_within(ticket, at, reach)
        except (BeyondHorizon, CalendarNeverOpens):
            if reach == REACHES[-1]:
                raise
    raise AssertionError


def _moment_within(ticket: TicketStory, at: datetime, reach: int) -> Moment:
    first, last = max(2, ticket.facts[0].at.year - reach), min(9998, at.year + reach)
    timeline = _compiled(json.dumps(ticket.calendars, sort_keys=True), first, last)
    clocks: dict[SlaMetric, tuple[SlaClock, ...]] = {}
    for clock in clocks_under(
        ticket.policies, ticket.facts, Timelines({CALENDAR: timeline}, timeline), at=at
    ):
        clocks[clock.metric] = (*clocks.get(clock.metric, ()), clock)
    return Moment(
        at,
        clocks,
        timeline,
        Edge(ticket.policy.get("edge", Edge.CLOSING)),
        is_waiting=ticket.is_waiting,
        is_hidden=ticket.is_waiting and ticket.policy.get("hide_due_while_paused", False),
    )


@cache
def _compiled(calendars: str, first_year: int, last_year: int) -> Timeline:
    versions = [
        HoursVersion(instant(since), _hours(calendar)) for since, calendar in json.loads(calendars)
    ]
    return compile_versions(versions, date(first_year, 1, 1), date(last_year, 12, 31))


def _hours(calendar: Case | None) -> BusinessHours:
    return BusinessHours.always_open("UTC") if calendar is None else business_hours(calendar)


# What an expectation may ask for.


def _expected(moment: Moment, name: str, event: Case) -> object:
    if name in WHOLE:
        return WHOLE[name](moment)
    metric, _, reading = name.partition("_")
    return READINGS[reading](moment, moment.latest(metric))


def _escalated(moment: Moment, name: str, event: Case) -> datetime | None:
    """Return the instant at an offset from the deadline: open seconds, or working days."""
    clock = moment.latest(name.removesuffix("_at"))
    due_at, offset = None if clock is None else clock.deadline_at, event["offset"]
    if due_at is None:
        return None
    if isinstance(offset, int):
        return moment.timeline.after(due_at, offset, edge=moment.edge)
    return moment.timeline.add_days(due_at, offset["days"])


def _due(moment: Moment, clock: SlaClock | None) -> datetime | None:
    if clock is None or clock.deadline_at is None or clock.stopped_at or moment.is_hidden:
        return None
    if moment.edge is Edge.OPENING:
        return moment.timeline.next_open(clock.deadline_at)
    return clock.deadline_at


def _next_due(moment: Moment) -> datetime | None:
    dues = [_due(moment, moment.latest(name)) for name in METRICS]
    return min((due for due in dues if due is not None), default=None)


def _consumed(moment: Moment, clock: SlaClock | None) -> int | None:
    return None if clock is None else clock.elapsed_seconds(moment.at, moment.timeline)


def _margin(moment: Moment, clock: SlaClock | None) -> int | None:
    if clock is None or clock.allowance_seconds is None:
        return None
    return clock.allowance_seconds - clock.elapsed_seconds(moment.at, moment.timeline)


def _is_breached(moment: Moment, clock: SlaClock | None) -> bool:
    margin = _margin(moment, clock)
    return margin is not None and margin < 0


def _paused(moment: Moment, clock: SlaClock | None) -> int:
    return sum(
        moment.timeline.elapsed_or_zero(part.start, part.end or moment.at)
        for part in (clock.stretches if clock else ())
        if part.kind is StretchKind.PAUSED
    )


def _update_worst(moment: Moment) -> int | None:
    answered = [
        clock.counted_seconds
        for clock in moment.clocks.get(SlaMetric.NEXT_RESPONSE, ())
        if clock.stopped_at is not None
    ]
    return max(answered, default=None)


def _state(moment: Moment) -> str:
    latest = [clocks[-1].state(moment.at) for clocks in moment.clocks.values()]
    if moment.is_waiting:
        latest.append(SlaState.PAUSED)
    state = next((state for state in STATES if state in latest), SlaState.CANCELLED)
    return "running" if state is SlaState.AT_RISK else state.lower()


WHOLE: Mapping[str, Callable[[Moment], object]] = {
    "next_due": _next_due,
    "update_worst": _update_worst,
    "state": _state,
}
READINGS: Mapping[str, Callable[[Moment, SlaClock | None], object]] = {
    "due": _due,
    "consumed": _consumed,
    "remaining": _margin,
    "margin": _margin,
    "breached": _is_breached,
    "paused": _paused,
}
CHECKS: Mapping[str, Callable[[Moment, str, Case], object]] = {
    "expect": _expected,
    "expect_escalation": _escalated,
}
