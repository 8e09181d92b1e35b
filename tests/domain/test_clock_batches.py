"""A delivery that is done in batches counts from the opening of its batch."""

from helpdesk.domain.clock_facts import ClockFact, ClockFactKind
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import ClockStart, SlaMetric, SlaState
from helpdesk.domain.sla_policy import ReopenClause
from tests.factories import a_policy, a_target, at, clocks_of, fact, only_clock

OPENED, SET = ClockFactKind.OPENED, ClockFactKind.PRIORITY_SET
BATCH, DELIVERED = ClockFactKind.BATCH_OPENED, ClockFactKind.DELIVERED
RESOLVED, REOPENED = ClockFactKind.RESOLVED, ClockFactKind.REOPENED
PAUSED, RESUMED = ClockFactKind.PAUSED, ClockFactKind.RESUMED
CANCELLED = ClockFactKind.CANCELLED
P0, P1, P2, P3 = Priority

URGENT = a_target(SlaMetric.DELIVERY, hours=4, starts_on=ClockStart.OPENING)
BATCHED = a_target(SlaMetric.DELIVERY, hours=20, starts_on=ClockStart.BATCH_OPENING)
TARGETS = {P1: (URGENT,), P2: (URGENT,), P3: (BATCHED,)}
POLICY = a_policy(by_priority=TARGETS)
MINOR = fact("07-06 09:00", OPENED, P3)
MAJOR = fact("07-06 09:00", OPENED, P2)


def test_a_delivery_waits_for_its_batch() -> None:
    clock = only_clock(POLICY, MINOR)

    assert clock.state(at("07-31 09:00")) is SlaState.PENDING
    assert (clock.deadline_at, clock.breached_at, clock.stretches) == (None, None, ())


def test_a_delivery_counts_from_its_batch() -> None:
    clock = only_clock(POLICY, MINOR, fact("07-08 09:00", BATCH))

    assert clock.started_at == at("07-08 09:00")
    assert clock.deadline_at == at("07-10 15:30")


def test_only_the_first_batch_counts() -> None:
    first = fact("07-08 09:00", BATCH)

    assert only_clock(POLICY, MINOR, first, fact("07-09 09:00", BATCH)).started_at == first.at


def test_a_batch_that_opens_during_a_wait_starts_a_paused_clock() -> None:
    waiting = fact("07-06 10:00", PAUSED), fact("07-07 09:00", BATCH)

    clock = only_clock(POLICY, MINOR, *waiting)

    assert (clock.started_at, clock.paused_since) == (at("07-07 09:00"), at("07-07 09:00"))


def test_a_raised_priority_counts_from_the_opening_and_breaks_at_the_change_alone() -> None:
    in_time = only_clock(POLICY, MINOR, fact("07-06 11:00", SET, P2))
    exceeded = only_clock(POLICY, MINOR, fact("07-07 09:00", SET, P2))

    assert (in_time.started_at, in_time.deadline_at) == (at("07-06 09:00"), at("07-06 14:30"))
    assert exceeded.deadline_at == at("07-06 14:30")
    assert exceeded.breached_at == at("07-07 09:00")


def test_a_wait_before_the_priority_was_raised_does_not_count() -> None:
    waited = fact("07-06 10:00", PAUSED), fact("07-06 11:00", RESUMED)

    clock = only_clock(POLICY, MINOR, *waited, fact("07-06 12:00", SET, P2))

    assert clock.deadline_at == at("07-06 15:30")


def test_a_lowered_priority_ends_the_clock_and_waits_for_a_batch() -> None:
    lowered = fact("07-06 11:00", SET, P3)

    first, second = clocks_of(POLICY, MAJOR, lowered)

    assert (first.cycle, first.state(lowered.at)) == (1, SlaState.CANCELLED)
    assert (second.cycle, second.state(lowered.at)) == (2, SlaState.PENDING)


def test_a_broken_promise_stays_broken_when_the_priority_is_lowered() -> None:
    first, _ = clocks_of(POLICY, MAJOR, fact("07-07 09:00", SET, P3))

    assert first.state(at("07-07 09:00")) is SlaState.MISSED
    assert first.breached_at == at("07-06 14:30")


def test_a_priority_lowered_after_the_batch_opened_keeps_its_clock() -> None:
    clock = only_clock(POLICY, MAJOR, fact("07-06 10:00", BATCH), fact("07-06 11:00", SET, P3))

    assert (clock.cycle, clock.started_at) == (1, at("07-06 09:00"))


def test_a_priority_lowered_and_raised_again_counts_from_the_opening() -> None:
    waited = fact("07-06 09:30", PAUSED), fact("07-06 10:00", RESUMED)
    lowered, raised = fact("07-06 11:00", SET, P3), fact("07-06 12:00", SET, P1)

    _, second = clocks_of(POLICY, MAJOR, *waited, lowered, raised)

    assert second.started_at == at("07-06 09:00")
    assert second.deadline_at == at("07-06 15:00")


def test_what_is_promised_after_the_end_changes_no_result() -> None:
    delivered = (MINOR, fact("07-07 09:00", DELIVERED))

    before = only_clock(POLICY, *delivered)

    assert only_clock(POLICY, *delivered, fact("07-07 10:00", SET, P2)) == before
    assert (before.state(at("07-07 10:00")), before.counted_seconds) == (SlaState.MET, 0)


def test_a_delivery_without_a_batch_that_is_sent_back_counts_from_then_on() -> None:
    clock = only_clock(POLICY, MINOR, fact("07-07 09:00", RESOLVED), fact("07-07 10:00", REOPENED))

    assert clock.running_since == at("07-07 10:00")


def test_a_promise_found_when_a_cancelled_ticket_is_reopened_excludes_that_time() -> None:
    clock = only_clock(
        POLICY,
        MINOR,
        fact("07-06 10:00", CANCELLED),
        fact("07-06 11:00", REOPENED),
        fact("07-06 12:00", SET, P2),
    )

    assert clock.deadline_at == at("07-06 15:30")


def test_a_pending_delivery_that_ended_for_good_does_not_come_back() -> None:
    ended = (MINOR, fact("07-06 10:00", RESOLVED), fact("07-06 11:00", REOPENED))
    raised = fact("07-06 12:00", SET, P2)
    never = a_policy(by_priority=TARGETS, reopening=ReopenClause.NONE)
    anew = a_policy(by_priority=TARGETS, reopening=ReopenClause.NEW_CYCLE)

    assert only_clock(never, *ended, raised).stopped_at == at("07-06 10:00")
    first, second = clocks_of(anew, *ended, raised)
    assert first.stopped_at == at("07-06 10:00")
    assert (second.started_at, second.deadline_at) == (at("07-06 11:00"), at("07-06 16:30"))


def opened_without_a_promise(*facts: ClockFact) -> list[tuple[int, object]]:
    policy = a_policy(by_priority={P2: (URGENT,)})
    clocks = clocks_of(policy, MINOR, *facts)
    return [(clock.cycle, clock.started_at) for clock in clocks]


def test_a_promise_made_after_an_end_and_a_reopening_finds_the_opening() -> None:
    ended = fact("07-06 10:00", RESOLVED), fact("07-06 11:00", REOPENED)

    assert opened_without_a_promise(*ended) == []
    assert opened_without_a_promise(*ended, fact("07-06 12:00", SET, P2)) == [
        (1, at("07-06 09:00"))
    ]
