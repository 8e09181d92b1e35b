"""The clauses by which contracts differ: answers, waits, reopening, a change of the promise."""

import pytest

from helpdesk.domain.clock_facts import ClockFact, ClockFactKind
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import ClockResult, ClockStart, SlaMetric, SlaState, StretchKind
from helpdesk.domain.sla_policy import (
    PAUSABLE,
    AnswerClause,
    NextResponseClause,
    ReopenClause,
    RetargetClause,
    SlaPolicy,
)
from helpdesk.domain.waiting import WaitingOn
from tests.factories import a_policy, a_target, at, clocks_of, fact, only_clock

OPENED, ANSWERED = ClockFactKind.OPENED, ClockFactKind.AGENT_ANSWERED
CALLED, WROTE = ClockFactKind.AGENT_CALLED, ClockFactKind.CLIENT_WROTE
PAUSED, RESOLVED = ClockFactKind.PAUSED, ClockFactKind.RESOLVED
REOPENED, SET = ClockFactKind.REOPENED, ClockFactKind.PRIORITY_SET
CANCELLED = ClockFactKind.CANCELLED
P0, P1, P2, P3 = Priority

NINE = fact("07-06 09:00", OPENED)
RESPONSE, NEXT = a_target(hours=2), a_target(SlaMetric.NEXT_RESPONSE, hours=2)
EIGHT_HOURS = a_target(SlaMetric.RESOLUTION, hours=8, starts_on=ClockStart.OPENING)


# What counts as an answer.


@pytest.mark.parametrize("by_opener", [True, False])
def test_an_answer_of_the_opener_is_a_response_where_the_contract_says_so(
    *, by_opener: bool
) -> None:
    policy = a_policy(RESPONSE, answers=AnswerClause(by_opener=by_opener))

    clock = only_clock(policy, NINE, fact("07-06 10:00", ANSWERED, is_by_opener=True))

    assert (clock.stopped_at is not None) is by_opener


@pytest.mark.parametrize("calls", [True, False])
def test_a_call_is_a_response_unless_the_contract_says_otherwise(*, calls: bool) -> None:
    policy = a_policy(RESPONSE, answers=AnswerClause(calls=calls))

    clock = only_clock(policy, NINE, fact("07-06 10:00", CALLED))

    assert (clock.stopped_at is not None) is calls


@pytest.mark.parametrize(("answers_both", "cycles"), [(True, [at("07-06 10:00")]), (False, [None])])
def test_a_first_response_may_leave_the_client_waiting(
    *, answers_both: bool, cycles: list[object]
) -> None:
    policy = a_policy(
        NEXT,
        answers=AnswerClause(first_response_answers=answers_both),
        next_response=NextResponseClause(before_first_response=True),
    )

    clocks = clocks_of(policy, NINE, fact("07-06 09:30", WROTE), fact("07-06 10:00", ANSWERED))

    assert [clock.stopped_at for clock in clocks] == cycles


def test_a_second_answer_ends_the_wait_that_the_first_response_left() -> None:
    policy = a_policy(
        NEXT,
        answers=AnswerClause(first_response_answers=False),
        next_response=NextResponseClause(before_first_response=True),
    )

    clock = only_clock(
        policy,
        NINE,
        fact("07-06 09:30", WROTE),
        fact("07-06 10:00", ANSWERED),
        fact("07-06 11:00", ANSWERED),
    )

    assert clock.stopped_at == at("07-06 11:00")


# The wait for a next response.


@pytest.mark.parametrize(("before", "count"), [(True, 1), (False, 0)])
def test_a_client_may_wait_before_the_first_response(*, before: bool, count: int) -> None:
    clause = NextResponseClause(before_first_response=before)

    clocks = clocks_of(a_policy(NEXT, next_response=clause), NINE, fact("07-06 10:00", WROTE))

    assert len(clocks) == count


RESTARTS = a_policy(NEXT, next_response=NextResponseClause(restarts=True))
RESPONDED = NINE, fact("07-06 09:00", ANSWERED)


@pytest.mark.parametrize(
    ("again", "state"), [("07-06 10:30", SlaState.CANCELLED), ("07-06 15:00", SlaState.MISSED)]
)
def test_the_latest_message_may_start_the_wait_anew(again: str, state: SlaState) -> None:
    older, newer = clocks_of(RESTARTS, *RESPONDED, fact("07-06 09:30", WROTE), fact(again, WROTE))

    assert older.state(at(again)) is state
    assert (newer.cycle, newer.started_at) == (2, at(again))


def test_a_wait_for_an_answer_pauses_only_where_a_policy_says_so() -> None:
    waiting = *RESPONDED, fact("07-06 10:00", WROTE), fact("07-06 10:30", PAUSED)
    paused = a_policy(NEXT, pauses={WaitingOn.CLIENT: PAUSABLE | {SlaMetric.NEXT_RESPONSE}})

    assert only_clock(a_policy(NEXT), *waiting).paused_since is None
    assert only_clock(paused, *waiting).paused_since == at("07-06 10:30")


# Reopening.


def reopened(clause: ReopenClause, window: int | None = None) -> SlaPolicy:
    return a_policy(EIGHT_HOURS, reopening=clause, reopen_window_days=window)


CLOSED_AND_REOPENED = NINE, fact("07-06 11:00", RESOLVED), fact("07-08 10:00", REOPENED)
MET_AT_ELEVEN = ClockResult(at("07-06 11:00"), 2 * 3600, is_met=True)


def test_closed_time_is_excluded() -> None:
    clock = only_clock(reopened(ReopenClause.CONTINUE_EXCLUDING_CLOSED), *CLOSED_AND_REOPENED)

    assert clock.deadline_at == at("07-08 17:30")
    assert clock.stretches[1].kind is StretchKind.TICKET_CLOSED
    assert clock.earlier_results == (MET_AT_ELEVEN,)


def test_closed_time_counts_and_breaks_the_promise_at_the_reopening_alone() -> None:
    clock = only_clock(reopened(ReopenClause.CONTINUE_COUNTING_CLOSED), *CLOSED_AND_REOPENED)

    assert clock.deadline_at == at("07-07 09:30")
    assert clock.breached_at == at("07-08 10:00")
    assert clock.stretches[1].kind is StretchKind.COUNTED
    assert clock.earlier_results == (MET_AT_ELEVEN,)


def test_closed_time_that_counts_leaves_a_promise_that_has_time_left() -> None:
    soon = NINE, fact("07-06 11:00", RESOLVED), fact("07-06 12:00", REOPENED)

    clock = only_clock(reopened(ReopenClause.CONTINUE_COUNTING_CLOSED), *soon)

    assert clock.breached_at == clock.deadline_at == at("07-07 09:30")


def test_a_reopening_may_begin_a_new_cycle() -> None:
    first, second = clocks_of(reopened(ReopenClause.NEW_CYCLE), *CLOSED_AND_REOPENED)

    assert (first.cycle, first.stopped_at) == (1, at("07-06 11:00"))
    assert (second.cycle, second.started_at) == (2, at("07-08 10:00"))
    assert second.deadline_at == at("07-09 10:30")


def test_a_reopening_may_owe_nothing() -> None:
    clock = only_clock(reopened(ReopenClause.NONE), *CLOSED_AND_REOPENED)

    assert clock == only_clock(reopened(ReopenClause.NONE), *CLOSED_AND_REOPENED[:2])


@pytest.mark.parametrize(("again", "cycles"), [("07-08 10:59:59", 1), ("07-08 11:00", 2)])
def test_a_reopening_after_the_window_is_a_new_cycle(again: str, cycles: int) -> None:
    policy = reopened(ReopenClause.CONTINUE_EXCLUDING_CLOSED, window=2)

    clocks = clocks_of(policy, *CLOSED_AND_REOPENED[:2], fact(again, REOPENED))

    assert len(clocks) == cycles


@pytest.mark.parametrize("clause", ReopenClause)
def test_what_was_cancelled_goes_on_under_every_clause(clause: ReopenClause) -> None:
    clock = only_clock(
        reopened(clause), NINE, fact("07-06 11:00", CANCELLED), fact("07-08 10:00", REOPENED)
    )

    assert clock.deadline_at == at("07-08 17:30")
    assert clock.earlier_results == ()


def test_every_earlier_result_is_kept() -> None:
    clock = only_clock(
        reopened(ReopenClause.CONTINUE_EXCLUDING_CLOSED),
        *CLOSED_AND_REOPENED,
        fact("07-09 12:00", RESOLVED),
        fact("07-10 09:00", REOPENED),
    )

    assert clock.earlier_results == (
        MET_AT_ELEVEN,
        ClockResult(at("07-09 12:00"), 2 * 3600 + 23400 + 3 * 3600, is_met=False),
    )


# A change of the promise.


def retargeted(clause: RetargetClause, metric: SlaMetric = SlaMetric.RESOLUTION) -> SlaPolicy:
    start = None if metric is SlaMetric.NEXT_RESPONSE else ClockStart.OPENING
    return a_policy(
        by_priority={
            P1: (a_target(metric, hours=4, starts_on=start),),
            P2: (a_target(metric, hours=8, starts_on=start),),
        },
        retargeting=clause,
    )


RAISED = fact("07-06 11:00", SET, P1)


@pytest.mark.parametrize("clause", [RetargetClause.KEEP_ORIGIN, RetargetClause.FROM_FIRST_PROMISE])
def test_a_change_keeps_the_origin(clause: RetargetClause) -> None:
    assert only_clock(retargeted(clause), NINE, RAISED).deadline_at == at("07-06 14:30")


def test_a_change_may_begin_a_new_cycle() -> None:
    first, second = clocks_of(retargeted(RetargetClause.FROM_RECLASSIFICATION), NINE, RAISED)

    assert first.state(RAISED.at) is SlaState.CANCELLED
    assert (second.cycle, second.started_at) == (2, at("07-06 11:00"))
    assert second.deadline_at == at("07-06 16:30")


def test_a_change_after_the_breach_leaves_a_missed_clock() -> None:
    late = fact("07-08 11:00", SET, P1)

    first, _ = clocks_of(retargeted(RetargetClause.FROM_RECLASSIFICATION), NINE, late)

    assert first.state(late.at) is SlaState.MISSED
    assert (first.stopped_at, first.breached_at) == (late.at, at("07-07 09:30"))


def test_a_change_at_the_deadline_comes_before_the_breach() -> None:
    on_the_dot = fact("07-07 09:30", SET, P1)

    first, _ = clocks_of(retargeted(RetargetClause.FROM_RECLASSIFICATION), NINE, on_the_dot)

    assert first.state(on_the_dot.at) is SlaState.CANCELLED


@pytest.mark.parametrize(
    ("clause", "started"),
    [
        (RetargetClause.KEEP_ORIGIN, "07-06 09:00"),
        (RetargetClause.FROM_FIRST_PROMISE, "07-06 11:00"),
        (RetargetClause.FROM_RECLASSIFICATION, "07-06 11:00"),
    ],
)
def test_a_first_promise_counts_from_the_opening_or_from_itself(
    clause: RetargetClause, started: str
) -> None:
    clock = only_clock(retargeted(clause), fact("07-06 09:00", OPENED, P3), RAISED)

    assert (clock.cycle, clock.started_at) == (1, at(started))


def a_wait(priority: Priority, *changes: ClockFact) -> list[ClockFact]:
    opened = fact("07-06 09:00", OPENED, priority)
    return [opened, fact("07-06 09:00", ANSWERED), fact("07-06 10:00", WROTE), *changes]


@pytest.mark.parametrize(
    ("clause", "started"),
    [
        (RetargetClause.KEEP_ORIGIN, "07-06 10:00"),
        (RetargetClause.FROM_FIRST_PROMISE, "07-06 11:00"),
    ],
)
def test_an_answer_first_promised_during_the_wait(clause: RetargetClause, started: str) -> None:
    policy = retargeted(clause, SlaMetric.NEXT_RESPONSE)

    assert only_clock(policy, *a_wait(P3, RAISED)).started_at == at(started)


def test_a_wait_for_an_answer_under_another_promise() -> None:
    anew = retargeted(RetargetClause.FROM_RECLASSIFICATION, SlaMetric.NEXT_RESPONSE)
    kept = retargeted(RetargetClause.FROM_FIRST_PROMISE, SlaMetric.NEXT_RESPONSE)

    first, second = clocks_of(anew, *a_wait(P2, RAISED))

    assert first.state(RAISED.at) is SlaState.CANCELLED
    assert (second.cycle, second.started_at) == (2, RAISED.at)
    assert only_clock(kept, *a_wait(P2, RAISED)).started_at == at("07-06 10:00")


def test_a_promise_that_comes_back_the_same_is_no_change() -> None:
    policy = retargeted(RetargetClause.FROM_RECLASSIFICATION)

    clock = only_clock(policy, NINE, fact("07-06 10:00", SET, P3), fact("07-06 11:00", SET, P2))

    assert (clock.cycle, clock.started_at) == (1, at("07-06 09:00"))


def test_a_promise_lost_while_the_ticket_is_finished_ends_at_the_reopening() -> None:
    policy = retargeted(RetargetClause.KEEP_ORIGIN)
    lost = fact("07-06 12:00", SET, P3)

    stopped = only_clock(policy, NINE, fact("07-06 11:00", RESOLVED), lost)
    again = only_clock(
        policy, NINE, fact("07-06 11:00", RESOLVED), lost, fact("07-06 15:00", REOPENED)
    )

    assert stopped.state(at("07-06 15:00")) is SlaState.MET
    assert again.cancelled_at == at("07-06 15:00")
    assert again.earlier_results == (MET_AT_ELEVEN,)
