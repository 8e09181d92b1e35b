"""What holds of every ticket's clocks: they equal an oracle that counts minute by minute."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.domain.clock_reduction import reduced_clocks
from helpdesk.domain.explanation import SegmentKind, explained
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import SlaMetric, SlaState
from helpdesk.domain.sla_policy import SlaPolicy
from helpdesk.domain.ticket import TicketEvent, opened
from helpdesk.domain.ticket_facts import clock_facts
from helpdesk.domain.ticket_life import Occasion, resumed, waiting
from helpdesk.domain.waiting import WaitingOn
from tests.domain.clock_hands import FIRST, LAST, MINUTE, Shown
from tests.domain.clock_stories import (
    TIMELINES,
    Story,
    amounts,
    came,
    gaps,
    instants_after,
    stories,
)
from tests.factories import ALICE, BRUNO, OFFICE, a_target, a_ticket


def as_running(state: SlaState) -> SlaState:
    """Return the state without the warning, of which the oracle knows nothing."""
    return SlaState.RUNNING if state is SlaState.AT_RISK else state


@given(st.data(), stories())
@settings(max_examples=150, deadline=None)
def test_the_clocks_are_those_of_the_oracle(data: st.DataObject, story: Story) -> None:
    at = data.draw(instants_after(story))

    read = {}
    for key, clock in story.clocks(at=at).items():
        reading = clock.reading(at, TIMELINES.of(clock.target))
        broken_at = clock.breached_at if clock.breached_at and clock.breached_at <= at else None
        elapsed, seconds = divmod(reading.elapsed_seconds, 60)
        assert seconds == 0
        earlier = tuple(
            (one.stopped_at, one.counted_seconds // 60, one.is_met) for one in clock.earlier_results
        )
        state = as_running(reading.state)
        read[key] = Shown(state, elapsed, broken_at, earlier, tuple(came(clock, at)))

    assert read == story.oracle(at)


@given(stories())
@settings(max_examples=60, deadline=None)
def test_at_its_deadline_a_running_clock_has_consumed_its_promise(story: Story) -> None:
    for key, clock in story.clocks(at=LAST).items():
        due_at = clock.deadline_at
        if clock.running_since is None or due_at is None or clock.postponed_to is not None:
            continue
        if max(story.last_at, story.versions[-1].effective_from) < due_at <= LAST:
            assert story.oracle(due_at)[key].elapsed == clock.target.amount
            assert story.oracle(due_at - MINUTE)[key].elapsed == clock.target.amount - 1


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
        told_at = story.history[length - 1].at
        clocks = story.clocks(length, at=told_at)

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
