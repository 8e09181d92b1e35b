"""What holds of every ticket's clocks: they equal an oracle that counts minute by minute."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.domain.business_time import BusinessHours, Span, Weekday, compile_timeline
from helpdesk.domain.clock_reduction import reduced_clocks
from helpdesk.domain.explanation import SegmentKind, explained
from helpdesk.domain.priority import Impact, Priority, PriorityDecision, Triage, Urgency
from helpdesk.domain.sla import (
    ClockStart,
    SlaClock,
    SlaMetric,
    SlaPolicy,
    SlaState,
    TargetUnit,
    Timelines,
)
from helpdesk.domain.ticket import (
    Ticket,
    TicketChange,
    TicketEvent,
    TicketStatus,
    TicketStep,
    WaitingOn,
    opened,
    triaged,
)
from helpdesk.domain.ticket_facts import clock_facts
from helpdesk.domain.ticket_life import (
    Occasion,
    answered,
    assigned,
    cancelled,
    client_wrote,
    closed,
    delivered,
    marked_spam,
    noted,
    reopened,
    resolved,
    resumed,
    waiting,
)
from tests.domain.clock_oracle import FIRST, LAST, MINUTE, Deed, Oracle, Shown
from tests.factories import ALICE, BRUNO, OFFICE, ROBOT, a_message_id, a_target, a_ticket

HOURS = BusinessHours(
    "Europe/Paris",
    dict.fromkeys(
        list(Weekday)[:5], (Span.between("09:00", "12:30"), Span.between("14:00", "18:00"))
    ),
    holidays=frozenset({date(2026, 4, 6)}),
)
YEARS = (date(2025, 1, 1), date(2027, 12, 31))
TIMELINES = Timelines(
    {OFFICE: compile_timeline(HOURS, *YEARS)},
    compile_timeline(BusinessHours.always_open("UTC"), *YEARS),
)
MESSAGE = a_message_id()


@dataclass(frozen=True)
class Story:
    """What happened to a ticket, told twice: as plain deeds and as its own history."""

    policy: SlaPolicy
    deeds: tuple[Deed, ...]
    history: tuple[TicketEvent, ...]

    @property
    def last_at(self) -> datetime:
        return self.deeds[-1].at

    def clocks(self, length: int | None = None) -> dict[tuple[SlaMetric, int], SlaClock]:
        """Return the clocks after the first facts of the history, all of them unless said."""
        facts = clock_facts(self.history[:length])
        clocks = reduced_clocks(facts, self.policy, TIMELINES)
        return {(clock.metric, clock.cycle): clock for clock in clocks}


def oracle_of(story: Story, at: datetime) -> dict[tuple[SlaMetric, int], Shown]:
    """Return what the oracle reads at an instant."""
    return Oracle(story.policy, Priority(story.deeds[0].argument)).shown(story.deeds, at)


def _prioritised(ticket: Ticket, priority: str, on: Occasion) -> TicketChange:
    weight = Triage(Impact.MAJOR, Urgency.NORMAL)
    decision = PriorityDecision(Priority(priority), "weighed again")
    return triaged(ticket, weight, decision, at=on.at, actor=on.actor)


_Act = Callable[[Ticket, str, Occasion], TicketChange]
# The verb of a deed, the step that allows it, and the act itself.
ACTS: Mapping[str, tuple[TicketStep, _Act]] = {
    "reply": (TicketStep.REPLY, lambda ticket, _, on: answered(ticket, MESSAGE, on=on)),
    "client": (TicketStep.REPLY, lambda ticket, _, on: client_wrote(ticket, MESSAGE, on=on)),
    "robot": (
        TicketStep.REPLY,
        lambda ticket, _, on: answered(ticket, MESSAGE, on=Occasion(on.at, ROBOT)),
    ),
    "note": (TicketStep.ADD_NOTE, lambda ticket, _, on: noted(ticket, MESSAGE, on=on)),
    "assign": (
        TicketStep.ASSIGN,
        lambda ticket, _, on: assigned(ticket, ALICE.agent_id, None, on=on),
    ),
    "prioritise": (TicketStep.SET_PRIORITY, _prioritised),
    "wait": (
        TicketStep.WAIT,
        lambda ticket, whom, on: waiting(ticket, WaitingOn(whom), "asked", on=on),
    ),
    "resume": (TicketStep.RESUME, lambda ticket, _, on: resumed(ticket, on=on)),
    "deliver": (TicketStep.DELIVER, lambda ticket, _, on: delivered(ticket, on=on)),
    "resolve": (TicketStep.RESOLVE, lambda ticket, _, on: resolved(ticket, on=on)),
    "close": (TicketStep.CLOSE, lambda ticket, _, on: closed(ticket, on=on)),
    "reopen": (TicketStep.REOPEN, lambda ticket, _, on: reopened(ticket, "again", on=on)),
    "cancel": (TicketStep.CANCEL, lambda ticket, _, on: cancelled(ticket, "no", on=on)),
    "spam": (TicketStep.MARK_SPAM, lambda ticket, _, on: marked_spam(ticket, on=on)),
}


def _is_possible(ticket: Ticket, verb: str) -> bool:
    if verb == "client" and ticket.status is TicketStatus.CLOSED:
        return False
    return ACTS[verb][0] in ticket.possible_steps()


amounts = st.integers(1, 1200)
units = st.sampled_from([TargetUnit.BUSINESS_MINUTES] * 3 + [TargetUnit.CALENDAR_MINUTES])


@st.composite
def policies(draw: st.DrawFn) -> SlaPolicy:
    """Return promises by priority; a metric starts and counts alike for all of them."""
    alike = {
        metric: a_target(metric, unit=draw(units), is_strict=draw(st.booleans()))
        for metric in SlaMetric
    }
    start = draw(st.sampled_from([ClockStart.OPENING, ClockStart.FIRST_RESPONSE]))
    alike[SlaMetric.RESOLUTION] = replace(alike[SlaMetric.RESOLUTION], starts_on=start)
    return SlaPolicy(
        {
            priority: tuple(
                replace(alike[metric], amount=draw(amounts))
                for metric in draw(st.lists(st.sampled_from(SlaMetric), unique=True))
            )
            for priority in Priority
        },
        third_party_pauses=draw(st.booleans()),
    )


gaps = st.one_of(st.integers(0, 90), st.integers(1, 1800))


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Return up to a dozen deeds that the ticket's status allows, and the history they make."""
    now = FIRST + draw(st.integers(0, 4 * 1440)) * MINUTE
    priority = draw(st.sampled_from(Priority))
    change = opened(a_ticket(opened_at=now, priority=priority), actor=BRUNO)
    deeds, history, last_weighed_at = [Deed(now, "open", priority)], list(change.events), now
    for _ in range(draw(st.integers(0, 11))):
        now += draw(gaps) * MINUTE
        verb = draw(st.sampled_from([one for one in ACTS if _is_possible(change.ticket, one)]))
        if verb == "prioritise":
            now = max(now, last_weighed_at + MINUTE)
            last_weighed_at = now
        argument = draw(_arguments(verb))
        change = ACTS[verb][1](change.ticket, argument, Occasion(now, ALICE))
        deeds.append(Deed(now, "cancel" if verb == "spam" else verb, argument))
        history += change.events
    return Story(draw(policies()), tuple(deeds), tuple(history))


def _arguments(verb: str) -> st.SearchStrategy[str]:
    if verb == "prioritise":
        return st.sampled_from([priority.value for priority in Priority])
    if verb == "wait":
        return st.sampled_from([waiting_on.value for waiting_on in WaitingOn])
    return st.just("")


def instants_after(story: Story) -> st.SearchStrategy[datetime]:
    """Return instants from the last deed on, within the twenty days."""
    left = round((LAST - story.last_at) / MINUTE)
    return st.integers(0, left).map(lambda count: story.last_at + count * MINUTE)


def as_running(state: SlaState) -> SlaState:
    """Return the state without the warning, of which the oracle knows nothing."""
    return SlaState.RUNNING if state is SlaState.AT_RISK else state


@given(st.data(), stories())
@settings(max_examples=30, deadline=None)
def test_the_clocks_are_those_of_the_oracle(data: st.DataObject, story: Story) -> None:
    at = data.draw(instants_after(story))

    read = {}
    for key, clock in story.clocks().items():
        reading = clock.reading(at, TIMELINES.of(clock.target))
        broken_at = clock.breached_at if clock.breached_at and clock.breached_at <= at else None
        elapsed, seconds = divmod(reading.elapsed_seconds, 60)
        assert seconds == 0
        read[key] = Shown(as_running(reading.state), elapsed, broken_at)

    assert read == oracle_of(story, at)


@given(stories())
@settings(max_examples=30, deadline=None)
def test_at_its_deadline_a_running_clock_has_consumed_its_promise(story: Story) -> None:
    for key, clock in story.clocks().items():
        due_at = clock.deadline_at
        if clock.running_since is None or due_at is None or not story.last_at < due_at <= LAST:
            continue

        assert oracle_of(story, due_at)[key].elapsed == clock.target.amount
        assert oracle_of(story, due_at - MINUTE)[key].elapsed == clock.target.amount - 1


@given(st.data(), stories())
@settings(max_examples=40, deadline=None)
def test_an_explanation_has_no_gap_and_adds_up(data: st.DataObject, story: Story) -> None:
    at = data.draw(instants_after(story))

    for clock in story.clocks().values():
        told = explained(clock, opened_at=story.deeds[0].at, at=at, timelines=TIMELINES)

        ended_at = clock.stopped_at or clock.cancelled_at or at
        bounds = [story.deeds[0].at, *(segment.end for segment in told)]
        assert [segment.start for segment in told] == bounds[:-1]
        assert bounds[-1] == ended_at
        assert all(segment.start < segment.end for segment in told)
        counted = [segment.seconds for segment in told]
        assert sum(counted) == clock.elapsed_seconds(at, TIMELINES.of(clock.target))
        assert [segment.running_total for segment in told] == [
            sum(counted[: number + 1]) for number in range(len(counted))
        ]
        assert all(
            (segment.end - segment.start).total_seconds() == segment.seconds
            if segment.kind is SegmentKind.COUNTED
            else segment.seconds == 0
            for segment in told
        )


@given(stories())
@settings(max_examples=40, deadline=None)
def test_a_recorded_breach_is_never_erased(story: Story) -> None:
    breaches: dict[tuple[SlaMetric, int], datetime] = {}
    for length in range(1, len(story.history) + 1):
        clocks = story.clocks(length)
        told_at = story.history[length - 1].at

        assert {key: clocks[key].breached_at for key in breaches} == breaches
        breaches |= {
            key: clock.breached_at
            for key, clock in clocks.items()
            if clock.breached_at is not None and clock.breached_at < told_at
        }


@given(stories(), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_the_order_in_which_the_facts_are_read_does_not_matter(
    story: Story, random: Random
) -> None:
    shuffled = list(story.history)
    random.shuffle(shuffled)

    assert clock_facts(shuffled) == clock_facts(story.history)


@given(stories())
@settings(max_examples=25, deadline=None)
def test_the_history_of_a_ticket_is_numbered_without_a_hole(story: Story) -> None:
    numbers = [event.sequence for event in story.history]

    assert numbers == list(range(1, len(story.history) + 1))
    assert _are_in_order(story.history)


def _are_in_order(history: Sequence[TicketEvent]) -> bool:
    return all(one.at <= other.at for one, other in pairwise(history))


@given(st.data(), stories())
@settings(max_examples=25, deadline=None)
def test_a_pause_moves_the_deadline_by_its_business_time(data: st.DataObject, story: Story) -> None:
    timeline = TIMELINES.by_calendar[OFFICE]
    start = FIRST + data.draw(st.integers(0, 5000)) * MINUTE
    paused_after, pause = data.draw(gaps), data.draw(gaps)
    amount = data.draw(amounts)
    target = a_target(SlaMetric.DELIVERY, amount=amount)
    policy = SlaPolicy({Priority.P2: (target,)})
    on = [
        Occasion(start + timedelta(minutes=m), ALICE) for m in (paused_after, paused_after + pause)
    ]

    change = opened(a_ticket(opened_at=start), actor=BRUNO)
    (before,) = reduced_clocks(clock_facts(change.events), policy, TIMELINES)
    change = change.then(waiting(change.ticket, WaitingOn.CLIENT, "asked", on=on[0]))
    change = change.then(resumed(change.ticket, on=on[1]))
    (after,) = reduced_clocks(clock_facts(change.events), policy, TIMELINES)

    assert before.deadline_at is not None
    if on[0].at < before.deadline_at:
        paused = timeline.elapsed(on[0].at, on[1].at)
        assert after.deadline_at == timeline.after(before.deadline_at, paused) or paused == 0
        assert after.deadline_at is not None
        assert timeline.elapsed(start, after.deadline_at) == amount * 60 + paused
    else:
        assert after.deadline_at == before.deadline_at
