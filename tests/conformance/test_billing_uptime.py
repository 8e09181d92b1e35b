"""The cases of availability: our own, and those that were collected."""

import json
from pathlib import Path

import pytest

from tests.conformance import billing
from tests.conformance.billing_uptime import OPERATIONS

OWN = Path(__file__).with_name("billing_uptime_cases.json")
SHARED = Path(__file__).parents[3] / "shared" / "cases" / "billing_cases.json"


def test_every_case_of_ours_has_the_known_answer() -> None:
    outcomes = list(billing.run([OWN]))

    assert [outcome for outcome in outcomes if not outcome.passed] == []
    assert len(outcomes) == 13


def test_every_collected_case_has_the_known_answer(tmp_path: Path) -> None:
    if not SHARED.exists():
        pytest.skip(f"The collected cases are not in this checkout: {SHARED} is absent.")
    cases = json.loads(SHARED.read_text(encoding="utf-8"))["cases"]
    ours = tmp_path / "cases.json"
    asked = [case for case in cases if case["op"] in OPERATIONS]
    ours.write_text(json.dumps({"cases": asked}), encoding="utf-8")

    outcomes = list(billing.run([ours]))

    assert [outcome for outcome in outcomes if not outcome.passed] == []
    assert asked != []
