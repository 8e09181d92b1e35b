"""Billing cases about the SLA clock: when a promise is due, and how it turned out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import Any

from helpdesk.domain.breach import CONSEQUENCES, PROMISES, ConsequenceKind
from helpdesk.domain.clock_facts import ClockFact, ClockFactKind
from helpdesk.domain.clock_reduction import reduced_clocks
from helpdesk.domain.escalation import (
    EscalationAction,
    EscalationActionKind,
    Ladder,
    LadderStep,
)
from helpdesk.domain.exclusion import is_compensable
from helpdesk.domain.ids import CalendarId
from helpdesk.domain.month import Month
from helpdesk.domain.postponement import promise_outcome
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import ClockStart, SlaClock, SlaMetric, Target, TargetUnit, Timelines
from helpdesk.domain.sla_policy import RetargetClause, SlaPolicy
from helpdesk.domain.utc_seconds import EPOCH
from helpdesk.domain.waiting import WaitingOn
from tests.conformance.billing_calendars import calendar_of, timeline_of, zone_of
from tests.conformance.billing_postponements import postponed_at, postponement_answer
from tests.conformance.billing_quotes import exclusion_named
from tests.conformance.billing_values import EFFECTS, Given, instant, written

Answer = dict[str, Any]  # values as the cases write them

CALENDAR = CalendarId("calendar")
A_MINUTE = timedelta(minutes=1)
AN_HOUR = timedelta(hours=1)
LONG_AGO = datetime(2026, 1, 5, 9, tzinfo=UTC)
METRICS = {
    "response": (SlaMetric.FIRST_RESPONSE, ClockStart.OPENING),
    "resolution": (SlaMetric.RESOLUTION, ClockStart.FIRST_RESPONSE),
    "delivery": (SlaMetric.DELIVERY, ClockStart.OPENING),
}
ENDS = {
    SlaMetric.FIRST_RESPONSE: ClockFactKind.AGENT_ANSWERED,
    SlaMetric.RESOLUTION: ClockFactKind.RESOLVED,
    SlaMetric.DELIVERY: ClockFactKind.DELIVERED,
}
# What the name of an instant begins with says what happened; an acknowledgement or a note is no
# fact of a clock.
FACTS = {
    "first_response": ClockFactKind.AGENT_ANSWERED,
    "human_reply": ClockFactKind.AGENT_ANSWERED,
    "agent_": ClockFactKind.AGENT_ANSWERED,
    "call": ClockFactKind.AGENT_CALLED,
    "client_message": ClockFactKind.CLIENT_WROTE,
    "batch_": ClockFactKind.BATCH_OPENED,
    "delivered": ClockFactKind.DELIVERED,
    "resolved": ClockFactKind.RESOLVED,
    "corrected": ClockFactKind.RESOLVED,
    "reopened": ClockFactKind.REOPENED,
    "cancelled": ClockFactKind.CANCELLED,
    "merged": ClockFactKind.CANCELLED,
    "spam": ClockFactKind.CANCELLED,
}
SILENT = ("auto", "acknowledg", "note", "internal", "private")
"""What says nothing to the client, or was said by nobody (X-06)."""
MESSAGES: Mapping[str, ClockFactKind] = {
    **dict.fromkeys(
        ("human", "agency", "agent", "public", "public_reply", "reply", "answer"),
        ClockFactKind.AGENT_ANSWERED,
    ),
    **dict.fromkeys(("client", "customer", "customer_message"), ClockFactKind.CLIENT_WROTE),
}
RETARGETING = {
    "from_reclassification": RetargetClause.FROM_RECLASSIFICATION,
    "from_opening": RetargetClause.KEEP_ORIGIN,
}
STARTS = {
    "from_opening": ClockStart.OPENING,
    "opening": ClockStart.OPENING,
    "from_first_response": ClockStart.FIRST_RESPONSE,
    "first_response": ClockStart.FIRST_RESPONSE,
}
UNITS = {
    "business_minutes": (TargetUnit.BUSINESS_MINUTES, 1),
    "business_hours": (TargetUnit.BUSINESS_MINUTES, 60),
    "calendar_minutes": (TargetUnit.CALENDAR_MINUTES, 1),
    "calendar_hours": (TargetUnit.CALENDAR_MINUTES, 60),
    "minutes": (TargetUnit.BUSINESS_MINUTES, 1),
    "hours": (TargetUnit.BUSINESS_MINUTES, 60),
}
DAYS = {
    "same_time": TargetUnit.BUSINESS_DAYS_SAME_TIME,
    "end_of_day": TargetUnit.BUSINESS_DAYS_END_OF_DAY,
}
WAITS = {
    "third": WaitingOn.THIRD_PARTY,
    "quote": WaitingOn.QUOTE_ANSWER,
    "suspen": WaitingOn.CONTRACT_SUSPENDED,
    "force": WaitingOn.FORCE_MAJEURE,
}


def due(given: Given) -> Answer:
    """Return when a promise is due that starts at an instant."""
    zone = zone_of(calendar_of(given))
    start = instant(given["start"], zone)
    target = _target(given, SlaMetric.FIRST_RESPONSE, Priority.P2, given["target"])
    policy = SlaPolicy({Priority.P2: (target,)})
    facts = [ClockFact(start, ClockFactKind.OPENED, Priority.P2)]
    clock = reduced_clocks(facts, policy, _timelines(given, start))[-1]
    return {"due": _maybe(clock.deadline_at)}


def quote_wait(given: Given) -> Answer:
    """Return what a delivery counted that waited for the answer to a quote."""
    names = ("accepted", "refused", "answered", "expired")
    answered = next((given[name] for name in names if given.get(name)), None)
    wait = {"from": given["sent"], "to": answered, "reason": "quote"}
    return outcome({**given, "metric": given.get("metric", "delivery"), "pauses": [wait]})


def outcome(given: Given) -> Answer:
    """Return how a promise turned out, with every value that its clock shows."""
    if "postponement" in given and "metric" not in given and "due" not in given:
        return postponement_answer(given)
    if "breached_at" in given:
        return _reported(given)
    story = _Story(given)
    facts = sorted(story.facts(), key=lambda fact: fact.at)
    clocks = reduced_clocks(facts, story.policy(), story.timelines)
    return {**story.answer(clocks), **postponement_answer(given)}


def _reported(given: Given) -> Answer:
    """Return the month in whose report a breach stands: the local month of the breach (R-SLA 5)."""
    zone = zone_of(calendar_of(given))
    month = str(Month.of(instant(given["breached_at"], zone), zone))
    return dict.fromkeys(("report_month", "report_period", "month", "period"), month)


def _timelines(given: Given, opened: datetime) -> Timelines:
    return Timelines({CALENDAR: timeline_of(given, opened)}, timeline_of({}, opened))


class _Story:
    """A ticket as a case tells it: instants under the names of what happened."""

    def __init__(self, given: Given) -> None:
        self.given = given
        self.calendar = calendar_of(given)
        self.zone = zone_of(self.calendar)
        name = given.get("metric", "delivery")
        self.metric = next(metric for word, (metric, _) in METRICS.items() if word in name)
        changes = given.get("priority_changes", ())
        first = changes[0]["from"] if changes else given.get("priority", "P2")
        self.priority = Priority(first)
        self.opened = self._opened()
        self.timelines = _timelines(given, self.opened)

    def policy(self) -> SlaPolicy:
        """Return the promises of the case; those by priority are in minutes."""
        by_priority = {
            Priority(code): (self._target(Priority(code), {"business_minutes": minutes}),)
            for code, minutes in self.given.get("targets_minutes", {}).items()
        }
        if not by_priority:
            by_priority = {one: (self._target(one, self._promised()),) for one in Priority}
        clause = self.given.get("on_priority_change", "from_reclassification")
        return SlaPolicy(
            by_priority, retargeting=RETARGETING[clause], ladders=self._ladders(by_priority)
        )

    def _ladders(self, promised: Iterable[Priority]) -> tuple[Ladder, ...]:
        levels = self.given.get("escalation_minutes", self.given.get("escalation", ()))
        steps = tuple(
            LadderStep(level, (EscalationAction(EscalationActionKind.NOTIFY_MANAGERS),), minutes=at)
            for level, at in enumerate(levels, start=1)
        )
        return (Ladder(self.metric, frozenset(promised), steps),) if steps else ()

    def facts(self) -> Iterator[ClockFact]:
        """Yield what happened to the ticket; amounts without instants are put at their ends."""
        yield ClockFact(self.opened, ClockFactKind.OPENED, self.priority)
        yield from self._happened()
        for change in self.given.get("priority_changes", ()):
            at, priority = self._instant(change["at"]), Priority(change["to"])
            yield ClockFact(at, ClockFactKind.PRIORITY_SET, priority)
        yield from self._waits()
        yield from self._postponed()
        yield from self._told()

    def _happened(self) -> Iterator[ClockFact]:
        for name, value in self.given.items():
            kind = _fact_named(name)
            if kind is not None:
                yield from (ClockFact(self._instant(at), kind) for at in _listed(value))
        for name in ("events", "messages"):
            for event in self.given.get(name, ()):
                kind = _kind_of_event(str(event.get("type", event.get("kind"))))
                if kind is not None:
                    yield ClockFact(self._instant(event["at"]), kind)
        for start, end in _pairs(self.given.get("closed_intervals")):
            yield ClockFact(self._instant(start), ClockFactKind.RESOLVED)
            yield ClockFact(self._instant(end), ClockFactKind.REOPENED)

    def _waits(self) -> Iterator[ClockFact]:
        """Yield the waits one after the other: of two at a time, the second goes on alone."""
        waited_until = EPOCH
        for start, end, waiting_on in sorted(self._told_waits(), key=itemgetter(0)):
            if end is not None and end <= max(start, waited_until):
                continue
            yield ClockFact(max(start, waited_until), ClockFactKind.PAUSED, pause_reason=waiting_on)
            if end is None:
                return
            yield ClockFact(end, ClockFactKind.RESUMED)
            waited_until = end

    def _told_waits(self) -> Iterator[tuple[datetime, datetime | None, WaitingOn]]:
        usual = self.given.get("waiting_on", "client")
        pauses = [*self.given.get("pauses", ())]
        pauses += [
            {"from": start, "to": end, "reason": "suspended"}
            for start, end in _pairs(self.given.get("suspended"))
        ]
        for pause in pauses:
            wait = pause if isinstance(pause, dict) else {"from": pause[0], "to": pause[1]}
            reason = str(wait.get("reason", usual)).lower()
            waiting_on = next((WAITS[word] for word in WAITS if word in reason), WaitingOn.CLIENT)
            end = wait.get("to")
            yield self._instant(wait["from"]), end and self._instant(end), waiting_on

    def _postponed(self) -> Iterator[ClockFact]:
        postponement = self.given.get("postponement") or {}
        at = postponed_at(postponement)
        if at is not None and postponement_answer(self.given)["accepted"]:
            new_due = self._instant(postponement["new_due"])
            yield ClockFact(self._instant(at), ClockFactKind.POSTPONED, postponed_to=new_due)

    def _told(self) -> Iterator[ClockFact]:
        """Yield the facts of a case that gives what a clock counted, and no instants."""
        elapsed = self._elapsed_given()
        if elapsed is not None:
            if self.metric is SlaMetric.RESOLUTION:
                yield ClockFact(self.opened, ClockFactKind.AGENT_ANSWERED)
            yield ClockFact(self.opened + elapsed, ENDS[self.metric])

    def _elapsed_given(self) -> timedelta | None:
        if "elapsed_seconds" in self.given:
            return timedelta(seconds=self.given["elapsed_seconds"])
        if "elapsed_minutes" in self.given:
            return timedelta(minutes=self.given["elapsed_minutes"])
        return None

    def answer(self, clocks: Sequence[SlaClock]) -> Answer:
        """Return what the latest clock shows at the end, or at the instant asked about.

        A promise that broke stays broken, whatever replaced it.
        """
        measured = [clock for clock in clocks if clock.metric is self.metric]
        clock = measured[-1]
        at = self._end(clock)
        broken = [one.breached_at for one in measured if one.breached_at and one.breached_at <= at]
        breached_at = min(broken, default=None)
        is_broken = breached_at is not None
        exclusion = exclusion_named(self.given.get("exclusion"))
        reading = promise_outcome(clock, at=at)
        elapsed = clock.elapsed_seconds(at, self.timelines.of(clock.target))
        state = reading.value.lower()
        month = None if breached_at is None else str(Month.of(breached_at, self.zone))
        return {
            **dict.fromkeys(("elapsed_seconds", "consumed_seconds"), elapsed),
            **dict.fromkeys(("elapsed_minutes", "consumed_minutes"), elapsed // 60),
            "breached": is_broken,
            "met": not is_broken,
            "due": _maybe(clock.deadline_at),
            "breached_at": _maybe(breached_at),
            "escalations": [written(step.at) for step in clock.steps if step.at <= at],
            "compensable": is_broken and is_compensable(exclusion),
            "reason": None if exclusion is None else exclusion.cause.value.lower(),
            **dict.fromkeys(("effect", "consequence"), self._effect() if is_broken else None),
            **dict.fromkeys(("state", "status", "outcome", "result"), state),
            **dict.fromkeys(("report_month", "report_period", "month", "period"), month),
        }

    def _effect(self) -> str | None:
        """Return what follows when the promise is broken."""
        promise = PROMISES.get((self.metric, self.priority))
        return EFFECTS[ConsequenceKind.RECORD if promise is None else CONSEQUENCES[promise]]

    def _end(self, clock: SlaClock) -> datetime:
        asked = self.given.get("now") or self.given.get("at")
        if asked is not None:
            return self._instant(asked)
        if clock.stopped_at is not None:
            return clock.stopped_at
        return max(fact.at for fact in self.facts())

    def _opened(self) -> datetime:
        for name, value in self.given.items():
            if value and name.startswith(("opened", "created")):
                return self._instant(value)
        # Without its opening, a ticket began before all that is told of it.
        told = [fact.at for fact in (*self._happened(), *self._waits(), *self._postponed())]
        if self.given.get("due") is not None:
            return min((self._instant(self.given["due"]), *told)) - AN_HOUR
        return min(told, default=LONG_AGO)

    def _promised(self) -> Given:
        given = self.given
        if "target" in given:
            return dict(given["target"])
        if "due" in given and "target_minutes" not in given:
            return {"calendar_minutes": (self._instant(given["due"]) - self.opened) // A_MINUTE}
        days = given.get("target_days", given.get("target_business_days"))
        if days is not None:
            return {"business_days": days, "mode": given.get("mode", "same_time")}
        return {"business_minutes": given.get("target_minutes", 60)}

    def _target(self, priority: Priority, target: Given) -> Target:
        return _target(self.given, self.metric, priority, target)

    def _instant(self, text: str) -> datetime:
        return instant(text, self.zone)


def _target(given: Given, metric: SlaMetric, priority: Priority, target: Given) -> Target:
    starts_on = next(start for one, start in METRICS.values() if one is metric)
    if metric is SlaMetric.DELIVERY and priority is Priority.P3:
        starts_on = ClockStart.BATCH_OPENING
    elif metric is SlaMetric.RESOLUTION and "resolution_start" in given:
        starts_on = STARTS[given["resolution_start"]]
    elif metric is SlaMetric.RESOLUTION and "opened" in given and "first_response" not in given:
        starts_on = ClockStart.OPENING
    is_strict = target.get("strict", given.get("strict", True))
    for name in ("business_days", "days"):
        if name in target:
            unit = DAYS[target.get("mode", "same_time")]
            return Target(metric, target[name], unit, CALENDAR, is_strict, starts_on)
    name = next(name for name in UNITS if name in target)
    unit, size = UNITS[name]
    return Target(metric, target[name] * size, unit, CALENDAR, is_strict, starts_on)


def _fact_named(name: str) -> ClockFactKind | None:
    """Return what happened by what its name begins with; None for what is no fact of a clock."""
    if any(word in name for word in SILENT):
        return None
    return next((kind for word, kind in FACTS.items() if name.startswith(word)), None)


def _kind_of_event(name: str) -> ClockFactKind | None:
    """Return what an event or a message is; a case of which that is unknown is not judged."""
    if name.lower() in MESSAGES:
        return MESSAGES[name.lower()]
    kind = _fact_named(name.lower())
    if kind is None and not any(word in name.lower() for word in SILENT):
        raise LookupError(f"unknown event {name}")
    return kind


def _pairs(spans: Any) -> list[Any]:  # Any: one pair of instants, or several
    if not spans:
        return []
    return [spans] if isinstance(spans[0], str) else list(spans)


def _listed(value: object) -> list[str]:
    """Return the texts of a field that holds one or several; none where it holds something else."""
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, str)]


def _maybe(at: datetime | None) -> str | None:
    return None if at is None else written(at)
