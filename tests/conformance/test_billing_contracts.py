"""The cases about contracts, requests, quotes, promises and presets: collected and our own."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.billing import run
from tests.conformance.billing_contracts import OPERATIONS

SHARED = Path(__file__).parents[3] / "shared" / "cases" / "billing_cases.json"
FROZEN = Path(__file__).with_name("billing_contract_cases.json")


def decoded(path: Path) -> dict[str, Any]:  # decoded JSON
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def test_every_frozen_case_has_the_known_answer() -> None:
    outcomes = list(run([FROZEN]))

    assert [outcome for outcome in outcomes if not outcome.passed] == []
    assert len(outcomes) == 86


def test_every_collected_case_of_these_operations_has_the_known_answer(tmp_path: Path) -> None:
    if not SHARED.exists():
        pytest.skip(f"The collected cases are not in this checkout: {SHARED} is absent.")
    collected = decoded(SHARED)
    cases = [case for case in collected["cases"] if case["op"] in OPERATIONS]
    mine = tmp_path / "cases.json"
    mine.write_text(json.dumps({**collected, "cases": cases}), encoding="utf-8")

    outcomes = list(run([mine]))

    assert [outcome for outcome in outcomes if not outcome.passed] == []
    assert {case["op"] for case in cases} == set(OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_wrong_expectation_of_each_operation_fails(tmp_path: Path, operation: str) -> None:
    file = decoded(FROZEN)
    case = next(case for case in file["cases"] if case["op"] == operation)
    wrong = dict.fromkeys(case["expect"], "something else")
    path = tmp_path / "cases.json"
    path.write_text(json.dumps({**file, "cases": [{**case, "expect": wrong}]}), encoding="utf-8")

    (outcome,) = run([path])

    assert not outcome.passed
    assert "Error" not in str(outcome.got)
