"""During a major incident the client hears of it every so often, until it is over."""

from helpdesk.domain.clock_facts import ClockFact, ClockFactKind
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import SlaClock, SlaMetric, SlaState
from helpdesk.domain.sla_policy import AnswerClause, RetargetClause, SlaPolicy
from tests.factories import a_policy, a_target, at, clocks_of, fact

OPENED, ANSWERED = ClockFactKind.OPENED, ClockFactKind.AGENT_ANSWERED
CALLED, SET = ClockFactKind.AGENT_CALLED, ClockFactKind.PRIORITY_SET
PAUSED, RESUMED = ClockFactKind.PAUSED, ClockFactKind.RESUMED
RESOLVED, REOPENED = ClockFactKind.RESOLVED, ClockFactKind.REOPENED
CANCELLED = ClockFactKind.CANCELLED
P0, P1, P2, P3 = Priority

EVERY_HOUR = a_target(SlaMetric.UPDATE, hours=1)
NEWS = a_policy(EVERY_HOUR)
MAJOR_ONLY = a_policy(by_priority={P0: (EVERY_HOUR,)})
NINE = fact("07-06 09:00", OPENED)


def spans(policy: SlaPolicy, *facts: ClockFact) -> list[tuple[int, object, object]]:
    """Return the cycles with their start and end."""
    clocks = clocks_of(policy, *facts)
    return [
        (clock.cycle, clock.started_at, clock.stopped_at or clock.cancelled_at) for clock in clocks
    ]


def latest(policy: SlaPolicy, *facts: ClockFact) -> SlaClock:
    return clocks_of(policy, *facts)[-1]


def test_each_answer_ends_a_cycle_and_begins_the_next() -> None:
    told = fact("07-06 09:40", ANSWERED), fact("07-06 11:00", ANSWERED)

    clocks = clocks_of(NEWS, NINE, *told)

    assert [clock.state(at("07-06 11:00")) for clock in clocks] == [
        SlaState.MET,
        SlaState.MISSED,
        SlaState.RUNNING,
    ]
    assert clocks[-1].started_at == at("07-06 11:00")
    assert clocks[-1].deadline_at == at("07-06 12:00")


def test_news_of_the_person_who_opened_the_ticket_are_news() -> None:
    told = fact("07-06 09:30", ANSWERED, is_by_opener=True)

    assert latest(NEWS, NINE, told).cycle == 2


def test_a_call_is_news_where_the_contract_counts_calls() -> None:
    call = fact("07-06 09:30", CALLED)

    assert latest(NEWS, NINE, call).cycle == 2
    assert latest(a_policy(EVERY_HOUR, answers=AnswerClause(calls=False)), NINE, call).cycle == 1


def test_the_first_cycle_begins_when_news_are_promised() -> None:
    raised = fact("07-06 10:00", SET, P0)

    assert spans(MAJOR_ONLY, NINE, raised) == [(1, at("07-06 10:00"), None)]


def test_news_that_are_no_longer_promised_are_no_longer_owed() -> None:
    opened = fact("07-06 09:00", OPENED, P0)

    in_time = clocks_of(MAJOR_ONLY, opened, fact("07-06 09:30", SET, P2))
    too_late = clocks_of(MAJOR_ONLY, opened, fact("07-06 11:00", SET, P2))

    assert [clock.state(at("07-06 12:00")) for clock in in_time] == [SlaState.CANCELLED]
    assert [clock.state(at("07-06 12:00")) for clock in too_late] == [SlaState.MISSED]
    assert too_late[0].breached_at == at("07-06 10:00")


def test_news_promised_again_are_owed_from_then_on() -> None:
    facts = (
        fact("07-06 09:00", OPENED, P0),
        fact("07-06 09:30", SET, P2),
        fact("07-06 11:00", SET, P0),
    )

    assert spans(MAJOR_ONLY, *facts) == [
        (1, at("07-06 09:00"), at("07-06 09:30")),
        (2, at("07-06 11:00"), None),
    ]


def test_the_resolution_ends_the_news_and_a_reopening_begins_again() -> None:
    facts = (NINE, fact("07-06 09:30", RESOLVED), fact("07-06 10:00", ANSWERED))

    assert spans(NEWS, *facts) == [(1, at("07-06 09:00"), at("07-06 09:30"))]
    assert spans(NEWS, *facts, fact("07-06 11:00", REOPENED))[1:] == [(2, at("07-06 11:00"), None)]


def test_a_cancelled_ticket_owes_no_news_until_it_is_reopened() -> None:
    facts = (NINE, fact("07-06 09:30", CANCELLED), fact("07-06 11:00", REOPENED))

    assert spans(NEWS, *facts) == [
        (1, at("07-06 09:00"), at("07-06 09:30")),
        (2, at("07-06 11:00"), None),
    ]


def test_a_wait_pauses_the_news_and_the_next_cycle_begins_paused() -> None:
    waiting = (NINE, fact("07-06 09:30", PAUSED), fact("07-06 10:30", ANSWERED))

    paused = latest(NEWS, *waiting)
    resumed = latest(NEWS, *waiting, fact("07-06 11:00", RESUMED))

    assert (paused.cycle, paused.paused_since) == (2, at("07-06 10:30"))
    assert resumed.deadline_at == at("07-06 12:00")


def test_another_interval_keeps_what_was_counted() -> None:
    policy = a_policy(by_priority={P0: (a_target(SlaMetric.UPDATE, hours=0.5),), P2: (EVERY_HOUR,)})

    clock = latest(policy, NINE, fact("07-06 09:20", SET, P0))

    assert (clock.cycle, clock.deadline_at) == (1, at("07-06 09:30"))


def test_another_interval_may_count_from_the_change() -> None:
    policy = a_policy(
        by_priority={P0: (a_target(SlaMetric.UPDATE, hours=0.5),), P2: (EVERY_HOUR,)},
        retargeting=RetargetClause.FROM_RECLASSIFICATION,
    )

    first, second = clocks_of(policy, NINE, fact("07-06 09:20", SET, P0))

    assert first.state(at("07-06 09:20")) is SlaState.CANCELLED
    assert (second.cycle, second.deadline_at) == (2, at("07-06 09:50"))
