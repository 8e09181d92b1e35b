"""The cases of compensation have their known answers: amounts, caps, states, recomputations."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conformance import billing, billing_compensation, billing_credits

OPERATIONS = {**billing_compensation.OPERATIONS, **billing_credits.OPERATIONS}
FROZEN = Path(__file__).with_name("billing_compensation_cases.json")
SHARED = Path(__file__).parents[3] / "shared" / "cases" / "billing_cases.json"


def of_these_operations(path: Path) -> dict[str, Any]:  # decoded JSON
    file: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return {**file, "cases": [case for case in file["cases"] if case["op"] in OPERATIONS]}


def test_every_frozen_case_has_the_known_answer() -> None:
    outcomes = list(billing.run([FROZEN]))

    assert [outcome for outcome in outcomes if not outcome.passed] == []
    assert {case["op"] for case in of_these_operations(FROZEN)["cases"]} == set(OPERATIONS)


def test_every_collected_case_of_these_operations_has_the_known_answer(tmp_path: Path) -> None:
    if not SHARED.exists():
        pytest.skip(f"The collected cases are not in this checkout: {SHARED} is absent.")
    ours = tmp_path / "cases.json"
    ours.write_text(json.dumps(of_these_operations(SHARED)), encoding="utf-8")

    outcomes = list(billing.run([ours]))

    assert [outcome for outcome in outcomes if not outcome.passed] == []
    assert outcomes != []
