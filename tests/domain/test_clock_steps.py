"""When the steps of a ladder come: the inverse of consumed time."""

from helpdesk.domain.clock_facts import ClockFact, ClockFactKind
from helpdesk.domain.escalation import EscalationAction, EscalationActionKind, Ladder, LadderStep
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import ClockStart, SlaMetric
from helpdesk.domain.sla_policy import SlaPolicy
from tests.factories import a_policy, a_target, at, clocks_of, fact, only_clock

OPENED, ANSWERED = ClockFactKind.OPENED, ClockFactKind.AGENT_ANSWERED
PAUSED, RESUMED = ClockFactKind.PAUSED, ClockFactKind.RESUMED
RESOLVED, SET = ClockFactKind.RESOLVED, ClockFactKind.PRIORITY_SET
CANCELLED = ClockFactKind.CANCELLED
P0, P1, P2, P3 = Priority

NOTIFY = (EscalationAction(EscalationActionKind.NOTIFY_MANAGERS),)
EIGHT_HOURS = a_target(SlaMetric.RESOLUTION, hours=8, starts_on=ClockStart.OPENING)
NINE = fact("07-06 09:00", OPENED)  # due on Tuesday at 09:30


def climbed(*steps: LadderStep, metric: SlaMetric = SlaMetric.RESOLUTION) -> SlaPolicy:
    ladder = Ladder(metric, frozenset(Priority), steps)
    return a_policy(EIGHT_HOURS, a_target(hours=4), ladders=(ladder,))


def instants(policy: SlaPolicy, *facts: ClockFact) -> dict[str, object]:
    """Return when the steps of the resolution come."""
    resolution = next(
        clock for clock in clocks_of(policy, *facts) if clock.metric is SlaMetric.RESOLUTION
    )
    return {step.step: step.at for step in resolution.steps}


def test_steps_come_in_business_time_also_beyond_the_deadline() -> None:
    policy = climbed(
        LadderStep(1, NOTIFY, percent=75),
        LadderStep(2, NOTIFY, percent=150),
        LadderStep(3, NOTIFY, minutes=-60),
        LadderStep(4, NOTIFY, minutes=60),
        LadderStep(5, NOTIFY, days=2),
    )

    assert instants(policy, NINE) == {
        "75%": at("07-06 16:30"),
        "-60min": at("07-06 17:30"),
        "+60min": at("07-07 10:30"),
        "150%": at("07-07 15:00"),
        "+2d": at("07-09 09:30"),
    }


def test_steps_stand_in_the_order_in_which_they_come() -> None:
    policy = climbed(LadderStep(1, NOTIFY, percent=100), LadderStep(2, NOTIFY, percent=50))

    assert list(instants(policy, NINE)) == ["50%", "100%"]


def test_a_step_before_the_start_comes_when_the_clock_begins_to_count() -> None:
    policy = climbed(LadderStep(1, NOTIFY, minutes=-9000), LadderStep(2, NOTIFY, percent=0))

    early = instants(policy, fact("07-06 07:00", OPENED))

    assert early == {"-9000min": at("07-06 09:00"), "0%": at("07-06 09:00")}


def test_a_step_of_a_clock_that_never_counted_did_not_come() -> None:
    policy = climbed(LadderStep(1, NOTIFY, percent=0))

    assert instants(policy, fact("07-11 09:00", OPENED), fact("07-12 09:00", PAUSED)) == {}


def test_a_pause_moves_the_steps_that_had_not_come() -> None:
    policy = climbed(LadderStep(1, NOTIFY, percent=25), LadderStep(2, NOTIFY, percent=75))
    waited = fact("07-06 12:00", PAUSED), fact("07-07 09:00", RESUMED)

    assert instants(policy, NINE, *waited) == {"25%": at("07-06 11:00"), "75%": at("07-07 12:00")}


def test_a_paused_clock_shows_only_what_it_reached() -> None:
    policy = climbed(
        LadderStep(1, NOTIFY, percent=25),
        LadderStep(2, NOTIFY, percent=75),
        LadderStep(3, NOTIFY, days=1),
    )

    assert instants(policy, NINE, fact("07-06 12:00", PAUSED)) == {"25%": at("07-06 11:00")}


def test_another_promise_has_the_steps_of_its_own_ladder() -> None:
    targets = {P2: (EIGHT_HOURS,), P1: (a_target(SlaMetric.RESOLUTION, hours=4),)}
    ladders = (
        Ladder(SlaMetric.RESOLUTION, frozenset({P2}), (LadderStep(1, NOTIFY, percent=50),)),
        Ladder(SlaMetric.RESOLUTION, frozenset({P1}), (LadderStep(1, NOTIFY, percent=75),)),
    )
    policy = a_policy(by_priority=targets, ladders=ladders)

    assert instants(policy, NINE, fact("07-06 10:00", SET, P1)) == {"75%": at("07-06 12:00")}


def test_a_clock_that_was_met_has_the_steps_that_had_come_by_then() -> None:
    policy = climbed(LadderStep(1, NOTIFY, percent=50), LadderStep(2, NOTIFY, percent=100))

    assert instants(policy, NINE, fact("07-06 16:00", RESOLVED)) == {"50%": at("07-06 14:30")}
    assert instants(policy, NINE, fact("07-06 14:30", RESOLVED)) == {"50%": at("07-06 14:30")}
    assert instants(policy, NINE, fact("07-06 14:29", RESOLVED)) == {}


def test_a_clock_that_was_cancelled_or_did_not_start_has_no_steps() -> None:
    policy = climbed(LadderStep(1, NOTIFY, percent=50))
    pending = a_policy(a_target(SlaMetric.RESOLUTION), ladders=policy.ladders)

    assert instants(policy, NINE, fact("07-06 16:00", CANCELLED)) == {}
    assert instants(pending, NINE) == {}


def test_a_promise_without_a_ladder_has_no_steps() -> None:
    response, _ = clocks_of(climbed(LadderStep(1, NOTIFY, percent=50)), NINE)

    assert response.steps == ()


def test_a_step_names_its_level() -> None:
    policy = a_policy(
        EIGHT_HOURS,
        ladders=(
            Ladder(SlaMetric.RESOLUTION, frozenset(Priority), (LadderStep(7, NOTIFY, percent=50),)),
        ),
    )

    assert [step.level for step in only_clock(policy, NINE).steps] == [7]
