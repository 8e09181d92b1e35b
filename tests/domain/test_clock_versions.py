"""New terms of a contract take over while the clocks of its tickets run."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from helpdesk.domain.clock_facts import ClockFact, ClockFactKind
from helpdesk.domain.clock_reduction import clocks_under
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import ClockStart, SlaClock, SlaMetric, SlaState
from helpdesk.domain.sla_policy import (
    PAUSABLE,
    PolicyVersion,
    ReopenClause,
    RetargetClause,
    SlaPolicy,
    policy_at,
)
from helpdesk.domain.versions import latest_corrections
from helpdesk.domain.waiting import WaitingOn
from tests.factories import MONDAY, TIMELINES, a_policy, a_target, at, fact

OPENED, RESOLVED = ClockFactKind.OPENED, ClockFactKind.RESOLVED
PAUSED, RESUMED = ClockFactKind.PAUSED, ClockFactKind.RESUMED
REOPENED, SET = ClockFactKind.REOPENED, ClockFactKind.PRIORITY_SET
P0, P1, P2, P3 = Priority

NINE = fact("07-06 09:00", OPENED)


def within(hours: float, **clauses: Any) -> SlaPolicy:  # Any: the policy's own clauses
    """Return a policy that promises the resolution within so many hours of the opening."""
    target = a_target(SlaMetric.RESOLUTION, hours=hours, starts_on=ClockStart.OPENING)
    return a_policy(target, **clauses)


def under(
    *versions: tuple[str, SlaPolicy], facts: tuple[ClockFact, ...] = (NINE,), now: str | None = None
) -> tuple[SlaClock, ...]:
    """Return the clocks under versions that take over at these times."""
    numbered = [
        PolicyVersion(number, at(since), policy)
        for number, (since, policy) in enumerate(versions, start=1)
    ]
    return clocks_under(numbered, facts, TIMELINES, at=None if now is None else at(now))


def only(
    *versions: tuple[str, SlaPolicy], facts: tuple[ClockFact, ...] = (NINE,), now: str | None = None
) -> SlaClock:
    (clock,) = under(*versions, facts=facts, now=now)
    return clock


EIGHT, FOUR = ("07-01 00:00", within(8)), ("07-06 11:00", within(4))


def test_new_terms_keep_the_origin_and_what_was_counted() -> None:
    clock = only(EIGHT, FOUR, now="07-06 12:00")

    assert (clock.started_at, clock.counted_seconds) == (at("07-06 09:00"), 2 * 3600)
    assert clock.deadline_at == at("07-06 14:30")
    assert clock.terms_version == 2
    assert [part.terms_version for part in clock.stretches] == [1, 2]


def test_terms_that_take_over_later_move_nothing_yet() -> None:
    before = only(EIGHT, FOUR, now="07-06 10:59")

    assert before == only(EIGHT, now="07-06 10:59")
    assert before.deadline_at == at("07-07 09:30")


def test_terms_in_force_at_the_opening_are_the_first_that_count() -> None:
    assert only(EIGHT, ("07-06 09:00", within(4))).deadline_at == at("07-06 14:30")


def test_before_the_first_version_the_first_one_counts() -> None:
    late = only(("07-07 09:00", within(8)), ("07-08 09:00", within(4)), now="07-07 09:10")

    assert late.deadline_at == at("07-07 09:30")


def test_new_terms_that_are_exceeded_break_at_the_instant_they_take_over() -> None:
    clock = only(EIGHT, ("07-06 17:00", within(4)), now="07-06 17:00")

    assert clock.breached_at == at("07-06 17:00")
    assert clock.state(at("07-06 17:00")) is SlaState.BREACHED


def test_new_terms_erase_no_breach() -> None:
    clock = only(("07-01 00:00", within(1)), ("07-06 12:00", within(40)), now="07-06 13:00")

    assert clock.breached_at == at("07-06 10:00")


def test_terms_that_promise_less_withdraw_the_clock() -> None:
    nothing = ("07-06 11:00", a_policy(a_target(SlaMetric.DELIVERY)))

    resolution = under(EIGHT, nothing, now="07-06 12:00")[0]

    assert resolution.cancelled_at == at("07-06 11:00")


def test_a_ticket_that_ended_before_knows_nothing_of_new_terms() -> None:
    facts = NINE, fact("07-06 10:00", RESOLVED)

    assert only(EIGHT, FOUR, facts=facts, now="07-08 09:00") == only(EIGHT, facts=facts)


def test_terms_that_took_over_while_a_ticket_was_finished_hold_from_its_reopening() -> None:
    facts = NINE, fact("07-06 10:00", RESOLVED), fact("07-07 09:00", REOPENED)

    clock = only(EIGHT, FOUR, facts=facts)

    assert clock.deadline_at == at("07-07 12:00")
    assert {part.terms_version for part in clock.stretches if part.start < facts[2].at} == {1}


def test_new_terms_take_over_in_a_wait_too() -> None:
    waiting = NINE, fact("07-06 10:00", PAUSED), fact("07-07 10:00", RESUMED)

    assert only(EIGHT, FOUR, facts=waiting).deadline_at == at("07-07 14:30")


def test_what_pauses_a_clock_is_what_the_terms_in_force_say() -> None:
    supplier = fact("07-06 10:00", PAUSED, waiting_on=WaitingOn.THIRD_PARTY)
    pausing = within(8, pauses={WaitingOn.THIRD_PARTY: PAUSABLE})

    clock = only(EIGHT, ("07-06 12:00", pausing), facts=(NINE, supplier), now="07-06 15:00")

    assert clock.paused_since == at("07-06 12:00")
    assert clock.counted_seconds == 3 * 3600


def test_a_clause_of_new_terms_holds_from_then_on() -> None:
    anew = within(8, reopening=ReopenClause.NEW_CYCLE)
    facts = NINE, fact("07-06 10:00", RESOLVED), fact("07-07 09:00", REOPENED)

    assert len(under(EIGHT, ("07-07 10:00", anew), facts=facts, now="07-08 09:00")) == 1
    assert len(under(EIGHT, ("07-06 12:00", anew), facts=facts)) == 2


def test_new_terms_may_begin_a_new_cycle() -> None:
    anew = within(4, retargeting=RetargetClause.FROM_RECLASSIFICATION)

    first, second = under(EIGHT, ("07-06 11:00", anew), now="07-06 12:00")

    assert first.cancelled_at == second.started_at == at("07-06 11:00")
    assert second.deadline_at == at("07-06 16:30")


def test_a_fact_at_the_instant_of_new_terms_comes_after_them() -> None:
    facts = NINE, fact("07-06 14:00", RESOLVED)

    at_once = only(EIGHT, ("07-06 14:00", within(2)), facts=facts)

    assert at_once.state(at("07-06 14:00")) is SlaState.MISSED
    assert at_once.terms_version == 2


def test_what_was_promised_for_no_time_at_all_was_not_promised() -> None:
    policy = a_policy(by_priority={P1: (a_target(),)})
    facts = (
        fact("07-06 09:00", OPENED, P3),
        fact("07-06 10:00", SET, P1),
        fact("07-06 10:00", SET, P2),
    )

    assert under(("07-01 00:00", policy), facts=facts) == ()


def test_the_version_in_force_is_the_latest_that_took_over() -> None:
    versions = [PolicyVersion(number, at(f"07-0{number} 09:00"), within(8)) for number in (1, 2)]

    asked = ("06-30 09:00", "07-01 09:00", "07-02 08:59", "07-02 09:00")

    assert [policy_at(versions, at(text)).version for text in asked] == [1, 1, 1, 2]
    assert policy_at(versions[:1], at("06-30 09:00")).version == 1


# Versions of anything, once some were corrected.


@dataclass(frozen=True)
class Edition:
    version: int
    effective_from: datetime
    corrects: int | None = None


@pytest.mark.parametrize(
    ("corrections", "standing"),
    [
        ([], [1, 2]),
        ([Edition(3, at("07-09 09:00"), corrects=1)], [3, 2]),
        ([Edition(3, MONDAY, corrects=1), Edition(4, MONDAY, corrects=3)], [4, 2]),
        ([Edition(3, MONDAY, corrects=1), Edition(4, MONDAY, corrects=1)], [4, 2]),
        ([Edition(3, MONDAY, corrects=2), Edition(4, at("07-09 09:00"))], [1, 3, 4]),
    ],
)
def test_a_correction_stands_where_the_corrected_version_stood(
    corrections: list[Edition], standing: list[int]
) -> None:
    first, second = Edition(1, MONDAY), Edition(2, at("07-08 09:00"))

    counting = latest_corrections([*corrections, second, first])

    assert [one.version for one in counting] == standing
    assert [one.effective_from for one in counting[:2]] == [MONDAY, at("07-08 09:00")]
