"""Ladders: what they refuse, what a clock has still to set off, and what fires after a downtime."""

from dataclasses import replace

import pytest

from helpdesk.domain.clock_facts import ClockFactKind
from helpdesk.domain.escalation import (
    BREACH,
    EscalationAction,
    EscalationActionKind,
    EscalationInvalid,
    Firing,
    Ladder,
    LadderStep,
    fired,
    pending_steps,
)
from helpdesk.domain.ids import WebhookId
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import SlaClock, SlaMetric, StepDue
from tests.factories import a_policy, a_target, at, fact, only_clock

NOTIFY = (EscalationAction(EscalationActionKind.NOTIFY_ASSIGNEE),)
WARNING = LadderStep(1, NOTIFY, percent=50)
LATE = LadderStep(2, NOTIFY, minutes=60)
P2 = frozenset({Priority.P2})


def a_ladder(*steps: LadderStep) -> Ladder:
    return Ladder(SlaMetric.FIRST_RESPONSE, P2, steps)


def due(step: str, level: int, instant: str) -> StepDue:
    return StepDue(step, level, at(instant))


def a_clock(*facts: tuple[str, ClockFactKind]) -> SlaClock:
    """Return the clock of a ticket opened on Monday at 09:00: answer within two office hours."""
    sla = a_policy(a_target(hours=2), ladders=(a_ladder(WARNING, LATE),))
    told = [fact(text, kind) for text, kind in facts]
    return only_clock(sla, fact("07-06 09:00", ClockFactKind.OPENED), *told)


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        ((), "it has no steps or no priorities"),
        ((LadderStep(1, NOTIFY),), "a step says one of percent, minutes and days"),
        ((LadderStep(1, NOTIFY, percent=80, minutes=5),), "a step says one of"),
        ((LadderStep(1, NOTIFY, minutes=5, days=1),), "a step says one of"),
        ((LadderStep(0, NOTIFY, percent=80),), "level 0 and percent 80 cannot be below 1 and 0"),
        ((LadderStep(1, NOTIFY, percent=-1),), "level 1 and percent -1 cannot be below 1 and 0"),
        ((LadderStep(1, (), percent=80),), "step 80% does nothing"),
        ((WARNING, replace(WARNING, level=2)), "two steps come at the same instant"),
        (
            (LadderStep(1, (EscalationAction(EscalationActionKind.REASSIGN),), percent=80),),
            "REASSIGN names an agent or a team",
        ),
        (
            (LadderStep(1, (EscalationAction(EscalationActionKind.CALL_WEBHOOK),), percent=80),),
            "CALL_WEBHOOK names a webhook",
        ),
    ],
)
def test_a_ladder_that_cannot_be_climbed_is_refused(
    steps: tuple[LadderStep, ...], why: str
) -> None:
    with pytest.raises(EscalationInvalid) as refusal:
        a_ladder(*steps)

    assert why in str(refusal.value)


def test_a_ladder_without_priorities_is_refused() -> None:
    with pytest.raises(EscalationInvalid):
        Ladder(SlaMetric.FIRST_RESPONSE, frozenset(), (WARNING,))


def test_a_ladder_of_a_promise_that_is_not_made_is_refused() -> None:
    ladder = Ladder(SlaMetric.UPDATE, P2, (WARNING,))

    with pytest.raises(EscalationInvalid) as refusal:
        a_policy(a_target(), ladders=(ladder,))

    assert "the contract makes no such promise for P2" in str(refusal.value)


def test_a_call_that_names_its_webhook_is_possible() -> None:
    call = EscalationAction(EscalationActionKind.CALL_WEBHOOK, webhook_id=WebhookId("duty"))

    assert a_ladder(LadderStep(1, (call,), days=-1)).by_key.keys() == {"-1d"}


def test_a_clock_has_its_steps_and_its_breach_to_set_off() -> None:
    assert pending_steps(a_clock(), ()) == (
        due("50%", 1, "07-06 10:00"),
        due(BREACH, 0, "07-06 11:00"),
        due("+60min", 2, "07-06 12:00"),
    )


def test_what_fired_is_not_set_off_again() -> None:
    assert pending_steps(a_clock(), {"50%", BREACH}) == (due("+60min", 2, "07-06 12:00"),)


def test_a_clock_that_was_stopped_before_its_first_step_sets_nothing_off() -> None:
    clock = a_clock(("07-06 09:30", ClockFactKind.AGENT_ANSWERED))

    assert pending_steps(clock, ()) == ()


def test_a_step_that_nobody_saw_before_the_answer_is_still_to_be_recorded() -> None:
    clock = a_clock(("07-06 10:30", ClockFactKind.AGENT_ANSWERED))

    assert pending_steps(clock, ()) == (due("50%", 1, "07-06 10:00"),)
    assert pending_steps(clock, {"50%"}) == ()


def test_a_clock_that_was_stopped_too_late_has_its_breach_recorded_and_climbs_no_further() -> None:
    clock = a_clock(("07-06 11:30", ClockFactKind.AGENT_ANSWERED))

    assert pending_steps(clock, {"50%"}) == (due(BREACH, 0, "07-06 11:00"),)


def test_a_clock_that_was_cancelled_sets_nothing_off() -> None:
    clock = a_clock(("07-06 11:30", ClockFactKind.CANCELLED))

    assert pending_steps(clock, ()) == ()


def test_of_steps_that_were_missed_together_the_highest_acts() -> None:
    low, high = due("50%", 1, "07-06 10:00"), due("75%", 2, "07-06 10:30")

    assert fired([high, low]) == (
        Firing(low, is_superseded=True),
        Firing(high, is_superseded=False),
    )


def test_a_higher_level_acts_though_a_lower_one_came_later() -> None:
    high, low = due("50%", 3, "07-06 10:00"), due("75%", 1, "07-06 10:30")

    assert [firing.is_superseded for firing in fired([high, low])] == [False, True]


def test_of_two_steps_on_one_level_the_later_acts() -> None:
    steps = [due("50%", 1, "07-06 10:00"), due("75%", 1, "07-06 10:30")]

    assert [firing.is_superseded for firing in fired(steps)] == [True, False]


def test_a_breach_is_recorded_beside_the_step_that_acts() -> None:
    steps = [
        due("50%", 1, "07-06 10:00"),
        due(BREACH, 0, "07-06 11:00"),
        due("+60min", 2, "07-06 12:00"),
    ]

    assert [firing.is_superseded for firing in fired(steps)] == [True, False, False]


def test_a_breach_alone_is_recorded() -> None:
    breach = due(BREACH, 0, "07-06 11:00")

    assert fired([breach]) == (Firing(breach, is_superseded=False),)


def test_nothing_fires_when_nothing_came() -> None:
    assert fired([]) == ()
