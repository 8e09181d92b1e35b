"""The collected cases about contracts, requests, quotes, promises and presets, and our own."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.billing import run
from tests.conformance.billing_contracts import OPERATIONS

SHARED = Path(__file__).parents[3] / "shared" / "cases" / "billing_cases.json"
OWN = Path(__file__).parent / "own_contract_cases.json"


def own_file() -> dict[str, Any]:  # decoded JSON
    decoded: dict[str, Any] = json.loads(OWN.read_text(encoding="utf-8"))
    return decoded


def test_every_collected_case_of_these_operations_has_the_known_answer(tmp_path: Path) -> None:
    if not SHARED.exists():
        pytest.skip(f"The collected cases are not in this checkout: {SHARED} is absent.")
    collected = json.loads(SHARED.read_text(encoding="utf-8"))
    cases = [case for case in collected["cases"] if case["op"] in OPERATIONS]
    mine = tmp_path / "cases.json"
    mine.write_text(json.dumps({**collected, "cases": cases}), encoding="utf-8")

    outcomes = list(run([mine]))

    assert [outcome for outcome in outcomes if not outcome.passed] == []
    assert {case["op"] for case in cases} == set(OPERATIONS)
    assert len(outcomes) == len(cases)


def test_our_own_cases_have_the_known_answers() -> None:
    outcomes = list(run([OWN]))

    assert [outcome for outcome in outcomes if not outcome.passed] == []
    assert len(outcomes) == len(own_file()["cases"]) > 0


def test_a_wrong_answer_fails(tmp_path: Path) -> None:
    file = own_file()
    case = {**file["cases"][0], "expect": {"elapsed_seconds": 1}}
    wrong = tmp_path / "cases.json"
    wrong.write_text(json.dumps({**file, "cases": [case]}), encoding="utf-8")

    (outcome,) = run([wrong])

    assert not outcome.passed
