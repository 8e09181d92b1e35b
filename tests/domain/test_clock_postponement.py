"""A delivery that is put off to a new date is judged by that date."""

from dataclasses import replace

from helpdesk.domain.clock_facts import ClockFact, ClockFactKind
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import ClockStart, SlaMetric, SlaState
from helpdesk.domain.sla_policy import ReopenClause
from tests.factories import a_policy, a_target, at, clocks_of, fact, only_clock

OPENED, DELIVERED = ClockFactKind.OPENED, ClockFactKind.DELIVERED
PAUSED, RESUMED = ClockFactKind.PAUSED, ClockFactKind.RESUMED
REOPENED, SET = ClockFactKind.REOPENED, ClockFactKind.PRIORITY_SET
P0, P1, P2, P3 = Priority

EIGHT_HOURS = a_target(SlaMetric.DELIVERY, hours=8)
POLICY = a_policy(EIGHT_HOURS)
NINE = fact("07-06 09:00", OPENED)  # due on Tuesday at 09:30


def put_off(text: str, new_date: str) -> ClockFact:
    return fact(text, ClockFactKind.POSTPONED, postponed_to=at(new_date))


def test_the_deadline_is_exactly_the_new_date() -> None:
    for new_date in ("07-09 15:00", "07-09 09:00", "07-09 18:00", "07-09 13:00", "07-11 12:00"):
        clock = only_clock(POLICY, NINE, put_off("07-06 12:00", new_date))

        assert clock.deadline_at == clock.breached_at == clock.postponed_to == at(new_date)


def test_a_new_date_before_anything_could_count_is_exact_too() -> None:
    night = fact("07-06 05:00", OPENED)

    clock = only_clock(POLICY, night, put_off("07-06 05:30", "07-06 08:00"))

    assert clock.deadline_at == clock.breached_at == at("07-06 08:00")


def test_in_time_means_by_the_new_date() -> None:
    postponed = NINE, put_off("07-06 12:00", "07-09 15:00")

    in_time = only_clock(POLICY, *postponed, fact("07-09 14:00", DELIVERED))
    late = only_clock(POLICY, *postponed, fact("07-09 16:00", DELIVERED))

    assert in_time.state(at("07-10 09:00")) is SlaState.MET
    assert late.state(at("07-10 09:00")) is SlaState.MISSED
    assert not late.is_breach_documented


def test_within_a_new_date_includes_it() -> None:
    policy = a_policy(replace(EIGHT_HOURS, is_strict=False))

    clock = only_clock(policy, NINE, put_off("07-06 12:00", "07-09 15:00"))

    assert clock.deadline_at == at("07-09 15:00")
    assert clock.breached_at == at("07-09 15:00:01")


def test_a_later_pause_extends_the_new_date_in_business_time() -> None:
    clock = only_clock(
        POLICY,
        NINE,
        put_off("07-06 12:00", "07-09 15:00"),
        fact("07-08 17:00", PAUSED),
        fact("07-09 10:00", RESUMED),
    )

    assert clock.deadline_at == at("07-09 17:00")


def test_a_pause_before_it_moves_nothing() -> None:
    waited = fact("07-06 10:00", PAUSED), fact("07-06 11:00", RESUMED)

    clock = only_clock(POLICY, NINE, *waited, put_off("07-06 12:00", "07-09 15:00"))

    assert clock.deadline_at == at("07-09 15:00")


def test_a_breach_stays_but_is_documented() -> None:
    clock = only_clock(POLICY, NINE, put_off("07-07 11:00", "07-09 15:00"))

    assert clock.state(at("07-07 11:00")) is SlaState.BREACHED
    assert clock.breached_at == at("07-07 09:30")
    assert clock.deadline_at == at("07-09 15:00")
    assert clock.is_breach_documented


def test_the_latest_new_date_counts() -> None:
    twice = put_off("07-06 12:00", "07-09 15:00"), put_off("07-08 12:00", "07-10 15:00")

    assert only_clock(POLICY, NINE, *twice).deadline_at == at("07-10 15:00")


def test_another_promise_forgets_the_new_date() -> None:
    policy = a_policy(
        by_priority={P2: (EIGHT_HOURS,), P1: (a_target(SlaMetric.DELIVERY, hours=4),)}
    )
    postponed = put_off("07-06 12:00", "07-09 15:00")

    clock = only_clock(policy, NINE, postponed, fact("07-06 12:30", SET, P1))

    assert (clock.postponed_to, clock.deadline_at) == (None, at("07-06 14:30"))


def test_the_same_promise_under_another_priority_keeps_the_new_date() -> None:
    clock = only_clock(
        POLICY, NINE, put_off("07-06 12:00", "07-09 15:00"), fact("07-06 12:30", SET, P1)
    )

    assert clock.deadline_at == at("07-09 15:00")


def test_a_cancelled_delivery_is_never_late_for_its_new_date() -> None:
    postponed = put_off("07-06 12:00", "07-06 21:00")

    clock = only_clock(POLICY, NINE, postponed, fact("07-06 19:00", ClockFactKind.CANCELLED))

    assert (clock.deadline_at, clock.breached_at) == (None, None)


def test_a_promise_that_makes_way_to_another_was_put_off_all_the_same() -> None:
    policy = a_policy(
        by_priority={
            P2: (EIGHT_HOURS,),
            P3: (replace(EIGHT_HOURS, starts_on=ClockStart.BATCH_OPENING),),
        }
    )
    lowered = fact("07-08 09:00", SET, P3)

    first, _ = clocks_of(policy, NINE, put_off("07-06 12:00", "07-09 15:00"), lowered)

    assert first.state(lowered.at) is SlaState.CANCELLED
    assert first.breached_at is None


def test_a_new_cycle_forgets_the_new_date() -> None:
    policy = a_policy(EIGHT_HOURS, reopening=ReopenClause.NEW_CYCLE)

    _, second = clocks_of(
        policy,
        NINE,
        put_off("07-06 12:00", "07-09 15:00"),
        fact("07-06 15:00", DELIVERED),
        fact("07-07 09:00", REOPENED),
    )

    assert (second.postponed_to, second.deadline_at) == (None, at("07-08 09:30"))


def test_a_delivery_that_waits_for_its_batch_has_no_date_to_put_off() -> None:
    policy = a_policy(replace(EIGHT_HOURS, starts_on=ClockStart.BATCH_OPENING))
    postponed = put_off("07-06 12:00", "07-09 15:00")

    clock = only_clock(policy, NINE, postponed, fact("07-07 09:00", ClockFactKind.BATCH_OPENED))

    assert (clock.postponed_to, clock.deadline_at) == (None, at("07-08 09:30"))


def test_only_a_delivery_is_put_off() -> None:
    resolution = a_target(SlaMetric.RESOLUTION, hours=8, starts_on=ClockStart.OPENING)
    postponed = put_off("07-06 12:00", "07-09 15:00")

    assert only_clock(a_policy(resolution), NINE, postponed).deadline_at == at("07-07 09:30")


def test_a_new_date_at_the_opening_is_the_only_date_there_ever_was() -> None:
    clock = only_clock(POLICY, NINE, put_off("07-06 09:00", "07-09 15:00"))

    assert clock.deadline_at == at("07-09 15:00")
