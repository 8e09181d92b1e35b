"""The collected SLA scenarios and our own, and the runner that puts such files to the engine."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from helpdesk.domain.clock_reduction import clocks_under
from helpdesk.domain.escalation import EscalationAction, EscalationActionKind, Ladder, LadderStep
from helpdesk.domain.sla import SlaMetric, Timelines
from helpdesk.domain.sla_policy import PolicyVersion, SlaPolicy
from tests.conformance import sla
from tests.conformance.__main__ import main

SHARED = Path(__file__).parents[3] / "shared" / "cases" / "sla_scenarios.json"
OWN = Path(__file__).parent / "own_sla_scenarios.json"
NINE_TO_FIVE = {"tz": "UTC", "hours": {"mon": [["09:00", "17:00"]]}}
CREATED = {"at": "2026-07-06T09:00:00Z", "type": "created"}
DUE = {"at": "2026-07-06T09:00:00Z", "type": "expect", "resolution_due": "2026-07-06T10:00:00Z"}
CASE: dict[str, object] = {
    "id": "one-hour",
    "calendar": NINE_TO_FIVE,
    "targets": {"resolution": 3600},
    "policy": {},
    "events": [CREATED, DUE],
}


def a_file(folder: Path, **changes: object) -> Path:
    path = folder / "cases.json"
    path.write_text(json.dumps([{**CASE, **changes}]), encoding="utf-8")
    return path


def test_every_collected_scenario_has_the_known_answers() -> None:
    if not SHARED.exists():
        pytest.skip(f"The collected cases are not in this checkout: {SHARED} is absent.")

    outcomes = list(sla.run([SHARED]))

    assert [outcome for outcome in outcomes if not outcome.passed] == []
    assert outcomes


def test_every_scenario_of_our_own_has_the_answers_worked_out_by_hand() -> None:
    outcomes = list(sla.run([OWN]))

    assert [outcome for outcome in outcomes if not outcome.passed] == []
    assert len({outcome.case for outcome in outcomes}) == len(outcomes)


def test_every_scenario_of_our_own_says_why() -> None:
    cases = json.loads(OWN.read_text(encoding="utf-8"))

    assert all(case["source"] and case["why"] for case in cases)


def test_a_step_of_a_ladder_comes_when_the_scenario_escalates() -> None:
    compared = 0
    for case in json.loads(OWN.read_text(encoding="utf-8")):
        story = sla.TicketStory(case)
        for event in case["events"]:
            if event["type"] == "expect_escalation":
                compared += _compare_with_a_ladder(story, event)
            elif event["type"] != "expect":
                story.live(event)

    assert compared >= 6


def _compare_with_a_ladder(story: sla.TicketStory, event: sla.Case) -> int:
    """Check the step that a ladder has at this offset; return how many there were."""
    offset = event["offset"]
    when: dict[str, Any] = (  # the step's own field
        {"minutes": offset // 60} if isinstance(offset, int) else {"days": offset["days"]}
    )
    step = LadderStep(1, (EscalationAction(EscalationActionKind.NOTIFY_TEAM),), **when)
    at = sla.instant(event["at"])
    steps = {clock.metric: clock.steps for clock in _with_ladders(story, step, at)}
    wanted = {
        sla.METRICS[name.removesuffix("_at")][0]: sla.instant(value)
        for name, value in event.items()
        if name not in {"at", "type", "offset"} and value is not None
    }
    for metric, instant in wanted.items():
        assert [one.at for one in steps[metric]] == [instant], story.case["id"]
    return len(wanted)


def _with_ladders(story: sla.TicketStory, step: LadderStep, at: Any) -> Any:  # the clocks
    timeline = sla.moment(story, at).timeline
    versions = [
        PolicyVersion(one.version, one.effective_from, _climbed(one.policy, step))
        for one in story.policies
    ]
    return clocks_under(versions, story.facts, Timelines({sla.CALENDAR: timeline}, timeline))


def _climbed(policy: SlaPolicy, step: LadderStep) -> SlaPolicy:
    targets = policy.targets[sla.PRIORITY]
    ladders = tuple(Ladder(target.metric, frozenset({sla.PRIORITY}), (step,)) for target in targets)
    return SlaPolicy(policy.targets, pauses=policy.pauses, ladders=ladders)


def test_a_passing_file_ends_with_its_total(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["sla", str(a_file(tmp_path))])

    assert status == 0
    assert capsys.readouterr().out == "1 passed, 0 failed\n"


def test_a_failing_scenario_says_which_expectation_came_otherwise(tmp_path: Path) -> None:
    (outcome,) = sla.run([a_file(tmp_path, targets={"resolution": 7200})])

    assert not outcome.passed
    assert outcome.got == {"1.resolution_due": sla.instant("2026-07-06T11:00:00Z")}
    assert outcome.wanted == {"1.resolution_due": sla.instant("2026-07-06T10:00:00Z")}


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"events": [CREATED, {**CREATED, "type": "sing"}]}, "KeyError: 'sing'"),
        ({"events": [CREATED, {**DUE, "resolution_mood": 1}]}, "KeyError: 'mood'"),
        ({"calendar": {"tz": "UTC", "hours": {}}}, "CalendarNeverOpens"),
        ({"targets": {"resolution": 61}}, "whole minutes"),
    ],
)
def test_a_scenario_that_raises_is_a_failed_one(
    tmp_path: Path, change: dict[str, object], error: str
) -> None:
    (outcome,) = sla.run([a_file(tmp_path, **change)])

    assert not outcome.passed
    assert error in str(outcome.got)


def test_instants_and_amounts_within_the_tolerance_pass(tmp_path: Path) -> None:
    due = sla.instant("2026-07-06T10:00:00Z") + timedelta(seconds=59)
    late = {**DUE, "resolution_due": due.isoformat(), "resolution_margin": 3541}

    near, far = (
        next(iter(sla.run([a_file(tmp_path, policy={"tolerance": t}, events=[CREATED, late])])))
        for t in (59, 58)
    )

    assert near.passed
    assert not far.passed


def test_every_metric_of_the_format_has_its_own_clock() -> None:
    assert {metric for metric, _ in sla.METRICS.values()} == {
        SlaMetric.FIRST_RESPONSE,
        SlaMetric.NEXT_RESPONSE,
        SlaMetric.RESOLUTION,
    }
