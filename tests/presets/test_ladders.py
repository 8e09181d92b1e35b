"""The escalation ladders of the plans: every step, and where it comes from."""

import pytest

from helpdesk.domain.escalation import EscalationActionKind
from helpdesk.domain.ids import CalendarId
from helpdesk.domain.plan import Origin
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import SlaMetric
from helpdesk.domain.sla_policy import SlaPolicy
from helpdesk.presets.catalogue import calendar_codes, contract_terms, plan
from helpdesk.presets.ladders import ladder_presets, ladders_of
from tests.factories import MONDAY

P0, P1, P2, P3 = Priority
FIRST, NEXT, RESOLUTION, DELIVERY, UPDATE = SlaMetric
ASSIGNEE, TEAM, MANAGERS, CLIENT, *_ = EscalationActionKind
Rung = tuple[int, str, tuple[EscalationActionKind, ...]]

WARNED: list[Rung] = [(1, "80%", (ASSIGNEE,)), (2, "100%", (MANAGERS,))]
LADDERS: dict[tuple[SlaMetric, Priority], list[Rung]] = {
    (FIRST, P0): [
        (1, "80%", (ASSIGNEE,)),
        (2, "100%", (TEAM, MANAGERS)),
        (3, "+60min", (MANAGERS, CLIENT)),
    ],
    (FIRST, P1): WARNED,
    (FIRST, P2): WARNED,
    **{(NEXT, priority): [(1, "80%", (ASSIGNEE,))] for priority in Priority},
    (RESOLUTION, P0): [(1, "80%", (ASSIGNEE, TEAM)), (2, "100%", (MANAGERS,))],
    (DELIVERY, P2): WARNED,
    (DELIVERY, P3): WARNED,
    (UPDATE, P0): [(1, "80%", (ASSIGNEE,)), (2, "100%", (TEAM,))],
}


def policy_of(code: str) -> SlaPolicy:
    return contract_terms(
        code,
        reference="TMA-2026-01",
        calendar_ids={name: CalendarId(name) for name in calendar_codes()},
        effective_from=MONDAY,
        acceptance=None,
    ).sla


def rungs_of(policy: SlaPolicy) -> dict[tuple[SlaMetric, Priority], list[Rung]]:
    return {
        (ladder.metric, priority): [
            (step.level, step.key, tuple(action.kind for action in step.actions))
            for step in ladder.steps
        ]
        for ladder in policy.ladders
        for priority in ladder.priorities
    }


@pytest.mark.parametrize("code", ["guide.essentiel", "guide.business", "guide.critique"])
def test_a_plan_of_the_guide_escalates_what_it_promises(code: str) -> None:
    assert rungs_of(policy_of(code)) == LADDERS


def test_a_pack_of_the_webdesigner_escalates_its_one_promise() -> None:
    assert rungs_of(policy_of("webdesigner.premium")) == {(FIRST, P0): WARNED, (FIRST, P1): WARNED}


def test_a_ladder_holds_only_where_the_promise_is_made() -> None:
    promises = plan("webdesigner.premium").targets[P1]

    (ladder,) = ladders_of("webdesigner.premium", {P1: promises, P3: promises})

    assert ladder.priorities == {P1}


def test_a_family_without_ladders_escalates_nothing() -> None:
    assert ladders_of("whodunit.plus", plan("webdesigner.premium").targets) == ()


def test_the_automatic_escalation_of_a_missed_p0_is_written_in_its_source() -> None:
    written = [
        (ladder.metric, step.step.key)
        for ladder in ladder_presets()["guide"]
        for step in ladder.steps
        if step.origin is Origin.SOURCE
    ]

    assert written == [(FIRST, "100%")]


def test_every_step_says_where_it_comes_from() -> None:
    steps = [step for family in ladder_presets().values() for one in family for step in one.steps]

    assert all(step.source for step in steps)
