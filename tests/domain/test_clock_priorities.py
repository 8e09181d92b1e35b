"""What a new priority changes in a running clock: the promise, never the time consumed."""

from dataclasses import replace

from helpdesk.domain.clock_facts import ClockFactKind
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import (
    ClockStart,
    SlaMetric,
    SlaState,
    StretchKind,
    TargetUnit,
)
from helpdesk.domain.sla_policy import SlaPolicy
from tests.factories import (
    NINE_TO_FIVE,
    TIMELINES,
    a_policy,
    a_target,
    at,
    clocks_of,
    fact,
    only_clock,
)

OPENED, ANSWERED = ClockFactKind.OPENED, ClockFactKind.AGENT_ANSWERED
WROTE, RESOLVED = ClockFactKind.CLIENT_WROTE, ClockFactKind.RESOLVED
PAUSED, RESUMED = ClockFactKind.PAUSED, ClockFactKind.RESUMED
SET = ClockFactKind.PRIORITY_SET
P0, P1, P2, P3 = Priority


def promised(metric: SlaMetric = SlaMetric.RESOLUTION, **hours: float) -> SlaPolicy:
    """Return a policy with a promise for the named priorities, from the opening where possible."""
    start = None if metric is SlaMetric.NEXT_RESPONSE else ClockStart.OPENING
    return a_policy(
        by_priority={
            Priority(name): (a_target(metric, hours=amount, starts_on=start),)
            for name, amount in hours.items()
        }
    )


def test_a_new_priority_keeps_the_origin_and_the_time_consumed() -> None:
    clock = only_clock(
        promised(P2=8, P1=4), fact("07-06 09:00", OPENED), fact("07-06 11:00", SET, P1)
    )

    assert clock.started_at == at("07-06 09:00")
    assert clock.deadline_at == at("07-06 14:30")
    assert clock.elapsed_seconds(at("07-06 12:00"), TIMELINES.of(clock.target)) == 3 * 3600
    assert clock.reading(at("07-06 12:00"), TIMELINES.of(clock.target)).remaining_seconds == 3600


def test_a_lower_priority_moves_the_deadline_later() -> None:
    clock = only_clock(
        promised(P2=4, P3=8), fact("07-06 09:00", OPENED), fact("07-06 11:00", SET, P3)
    )

    assert clock.deadline_at == at("07-07 09:30")
    assert clock.breached_at == at("07-07 09:30")


def test_the_same_priority_again_changes_nothing() -> None:
    opened, again = fact("07-06 09:00", OPENED), fact("07-06 11:00", SET, P2)

    assert clocks_of(promised(P2=8), opened, again) == clocks_of(promised(P2=8), opened)


def test_a_weighing_that_changes_no_priority_moves_no_clock() -> None:
    opened, weighed = fact("07-06 09:00", OPENED), fact("07-06 11:00", SET)

    assert clocks_of(promised(P2=8), opened, weighed) == clocks_of(promised(P2=8), opened)


def test_a_promise_already_exceeded_breaks_at_the_instant_of_the_change() -> None:
    clock = only_clock(
        promised(P2=8, P0=2), fact("07-06 09:00", OPENED), fact("07-06 17:00", SET, P0)
    )

    assert clock.deadline_at == at("07-06 11:00")
    assert clock.breached_at == at("07-06 17:00")
    assert clock.state(at("07-06 17:00")) is SlaState.BREACHED


def test_a_recorded_breach_stays_when_the_priority_falls() -> None:
    clock = only_clock(
        promised(P0=1, P3=40), fact("07-06 09:00", OPENED, P0), fact("07-06 11:00", SET, P3)
    )

    assert clock.breached_at == at("07-06 10:00")
    assert clock.state(at("07-06 11:00")) is SlaState.BREACHED
    assert clock.reading(at("07-06 11:00"), TIMELINES.always).overdue_seconds == 0


def test_a_recorded_breach_stays_when_the_new_promise_starts_on_another_fact() -> None:
    policy = a_policy(
        by_priority={
            P0: (a_target(SlaMetric.RESOLUTION, hours=1, starts_on=ClockStart.OPENING),),
            P3: (a_target(SlaMetric.RESOLUTION, hours=40),),
        }
    )

    clock = only_clock(policy, fact("07-06 09:00", OPENED, P0), fact("07-06 11:00", SET, P3))

    assert clock.started_at == at("07-06 09:00")
    assert clock.breached_at == at("07-06 10:00")


def test_a_breach_that_a_new_priority_came_before_never_was() -> None:
    clock = only_clock(
        promised(P0=2, P3=40), fact("07-06 09:00", OPENED, P0), fact("07-06 10:59", SET, P3)
    )

    assert clock.state(at("07-06 12:00")) is SlaState.RUNNING
    assert clock.breached_at == clock.deadline_at


def test_a_new_priority_during_a_pause_loses_nothing_of_it() -> None:
    clock = only_clock(
        promised(P2=8, P1=6),
        fact("07-06 09:00", OPENED),
        fact("07-06 10:00", PAUSED),
        fact("07-06 14:00", SET, P1),
        fact("07-07 14:00", RESUMED),
    )

    assert clock.counted_seconds == 3600
    assert clock.deadline_at == at("07-08 10:00")
    assert [stretch.kind for stretch in clock.stretches] == [
        StretchKind.COUNTED,
        StretchKind.PAUSED,
        StretchKind.PAUSED,
        StretchKind.COUNTED,
    ]


def test_a_new_priority_during_a_pause_ends_no_pause() -> None:
    clock = only_clock(
        promised(P2=8, P1=6),
        fact("07-06 09:00", OPENED),
        fact("07-06 10:00", PAUSED),
        fact("07-06 14:00", SET, P1),
    )

    assert clock.paused_since == at("07-06 10:00")
    assert clock.deadline_at is None
    assert clock.state(at("07-09 09:00")) is SlaState.PAUSED


# Promises that appear and disappear.


def test_a_promise_that_disappears_cancels_its_clock() -> None:
    clock = only_clock(promised(P2=2), fact("07-06 09:00", OPENED), fact("07-06 10:00", SET, P3))

    assert clock.state(at("07-06 10:00")) is SlaState.CANCELLED
    assert clock.cancelled_at == at("07-06 10:00")
    assert clock.deadline_at is None
    assert clock.counted_seconds == 3600


def test_a_second_priority_without_a_promise_cancels_nothing_later() -> None:
    opened, lowered = fact("07-06 09:00", OPENED), fact("07-06 10:00", SET, P3)

    twice = only_clock(promised(P2=2), opened, lowered, fact("07-06 12:00", SET, P1))

    assert twice == only_clock(promised(P2=2), opened, lowered)


def test_a_clock_cancelled_with_its_promise_stays_so_when_the_ticket_is_resolved() -> None:
    opened, lowered = fact("07-06 09:00", OPENED), fact("07-06 10:00", SET, P3)

    resolved = only_clock(promised(P2=2), opened, lowered, fact("07-07 10:00", RESOLVED))

    assert resolved == only_clock(promised(P2=2), opened, lowered)
    assert resolved.stopped_at is None


def test_a_clock_whose_promise_disappeared_before_its_start_never_started() -> None:
    policy = a_policy(by_priority={P2: (a_target(SlaMetric.RESOLUTION),)})

    clock = only_clock(
        policy,
        fact("07-06 09:00", OPENED),
        fact("07-06 10:00", SET, P3),
        fact("07-06 11:00", ANSWERED),
    )

    assert clock.state(at("07-06 11:00")) is SlaState.CANCELLED
    assert clock.started_at is None
    assert clock.stretches == ()


def test_a_promise_that_disappeared_before_the_start_was_not_kept_by_the_resolution() -> None:
    policy = a_policy(by_priority={P2: (a_target(SlaMetric.RESOLUTION),)})

    clock = only_clock(
        policy,
        fact("07-06 09:00", OPENED),
        fact("07-06 10:00", SET, P3),
        fact("07-06 11:00", RESOLVED),
    )

    assert (clock.started_at, clock.cancelled_at) == (None, at("07-06 10:00"))


def test_a_promise_broken_before_it_disappeared_stays_missed() -> None:
    clock = only_clock(promised(P2=1), fact("07-06 09:00", OPENED), fact("07-06 12:00", SET, P3))

    assert clock.breached_at == at("07-06 10:00")
    assert clock.stopped_at == at("07-06 12:00")
    assert clock.state(at("07-06 12:00")) is SlaState.MISSED


def test_a_promise_that_appears_counts_from_the_origin() -> None:
    clock = only_clock(promised(P1=4), fact("07-06 09:00", OPENED), fact("07-06 11:00", SET, P1))

    assert clock.started_at == at("07-06 09:00")
    assert clock.deadline_at == at("07-06 14:30")
    assert clock.elapsed_seconds(at("07-06 12:00"), TIMELINES.of(clock.target)) == 3 * 3600


def test_a_promise_that_comes_back_goes_on_from_the_origin() -> None:
    clock = only_clock(
        promised(P2=4),
        fact("07-06 09:00", OPENED),
        fact("07-06 10:00", SET, P3),
        fact("07-06 11:00", SET, P2),
    )

    assert clock.cancelled_at is None
    assert clock.deadline_at == at("07-06 14:30")


# Calendars, cycles, equal instants.


def test_each_promise_counts_on_its_own_calendar() -> None:
    policy = a_policy(
        by_priority={
            P2: (a_target(hours=8),),
            P1: (a_target(hours=6, calendar_id=NINE_TO_FIVE),),
        }
    )

    clock = only_clock(policy, fact("07-06 09:00", OPENED), fact("07-06 12:00", SET, P1))

    assert clock.counted_seconds == 3 * 3600
    assert clock.deadline_at == at("07-06 15:00")


def test_hours_without_a_promise_count_as_the_promise_that_follows() -> None:
    policy = a_policy(by_priority={P1: (a_target(hours=6, calendar_id=NINE_TO_FIVE),)})

    clock = only_clock(policy, fact("07-06 09:00", OPENED), fact("07-06 14:00", SET, P1))

    assert clock.counted_seconds == 5 * 3600
    assert clock.deadline_at == at("07-06 15:00")


def test_a_target_of_days_becomes_one_of_hours() -> None:
    days = a_target(amount=2, unit=TargetUnit.BUSINESS_DAYS_SAME_TIME)
    policy = a_policy(by_priority={P2: (days,), P1: (a_target(hours=1),)})

    clock = only_clock(policy, fact("07-06 09:00", OPENED), fact("07-06 09:30", SET, P1))

    assert clock.allowance_seconds == 3600
    assert clock.deadline_at == at("07-06 10:00")


def test_a_wait_that_began_without_a_promise_has_no_clock() -> None:
    policy = promised(SlaMetric.NEXT_RESPONSE, P2=2)

    clocks = clocks_of(
        policy,
        fact("07-06 09:00", OPENED),
        fact("07-06 10:00", ANSWERED),
        fact("07-06 11:00", SET, P3),
        fact("07-06 12:00", WROTE),
    )

    assert clocks == ()


def test_a_wait_during_which_the_promise_disappeared_is_cancelled() -> None:
    clock = only_clock(
        promised(SlaMetric.NEXT_RESPONSE, P2=2),
        fact("07-06 09:00", OPENED),
        fact("07-06 10:00", ANSWERED),
        fact("07-06 11:00", WROTE),
        fact("07-06 12:00", SET, P3),
    )

    assert clock.cancelled_at == at("07-06 12:00")
    assert clock.counted_seconds == 3600


def test_of_two_facts_at_one_instant_the_first_one_holds_first() -> None:
    policy = promised(P2=8, P0=2)
    opened = fact("07-06 09:00", OPENED)
    raised, resolved = fact("07-06 12:00", SET, P0), fact("07-06 12:00", RESOLVED)

    raised_first = only_clock(policy, opened, raised, resolved)
    resolved_first = only_clock(policy, opened, resolved, raised)

    assert raised_first.target == policy.target(SlaMetric.RESOLUTION, P0)
    assert raised_first.state(at("07-06 12:00")) is SlaState.MISSED
    assert resolved_first.target == policy.target(SlaMetric.RESOLUTION, P2)
    assert resolved_first.state(at("07-06 12:00")) is SlaState.MET


def test_a_priority_set_at_the_opening_is_the_only_one_that_held() -> None:
    policy = promised(P2=8, P0=2)

    at_once = only_clock(policy, fact("07-06 09:00", OPENED), fact("07-06 09:00", SET, P0))

    assert at_once == only_clock(policy, fact("07-06 09:00", OPENED, P0))


def test_a_promise_the_change_leaves_untouched_keeps_its_clock() -> None:
    answer = a_target(hours=2)
    policy = a_policy(by_priority={P2: (answer,), P1: (answer,)})
    opened = fact("07-06 09:00", OPENED)

    changed = only_clock(policy, opened, fact("07-06 10:00", SET, P1))

    unchanged = only_clock(policy, opened)
    assert changed.deadline_at == unchanged.deadline_at
    assert replace(changed, stretches=(), running_since=None, counted_seconds=0) == replace(
        unchanged, stretches=(), running_since=None, counted_seconds=0
    )
