"""The cases about the checklist and the signals: collected and our own."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.billing import run
from tests.conformance.billing_diagnostics import OPERATIONS

SHARED = Path(__file__).parents[3] / "shared" / "cases" / "billing_cases.json"
FROZEN = Path(__file__).with_name("billing_diagnostics_cases.json")


def cases_of(path: Path) -> list[dict[str, Any]]:  # decoded JSON
    cases: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cases"]
    return cases


def a_file(folder: Path, cases: list[dict[str, Any]]) -> Path:
    path = folder / "cases.json"
    path.write_text(json.dumps({"cases": cases}), encoding="utf-8")
    return path


def test_every_case_of_our_own_has_the_known_answer() -> None:
    outcomes = list(run([FROZEN]))

    assert [outcome for outcome in outcomes if not outcome.passed] == []
    assert len(outcomes) == 15


def test_every_collected_case_of_these_operations_has_the_known_answer(tmp_path: Path) -> None:
    if not SHARED.exists():
        pytest.skip(f"The collected cases are not in this checkout: {SHARED} is absent.")
    cases = [case for case in cases_of(SHARED) if case["op"] in OPERATIONS]

    outcomes = list(run([a_file(tmp_path, cases)]))

    assert [outcome for outcome in outcomes if not outcome.passed] == []
    assert {case["op"] for case in cases} == set(OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_wrong_expectation_of_each_operation_fails(tmp_path: Path, operation: str) -> None:
    case = next(case for case in cases_of(FROZEN) if case["op"] == operation)
    wrong = dict.fromkeys(case["expect"], "something else")

    (outcome,) = run([a_file(tmp_path, [{**case, "expect": wrong}])])

    assert not outcome.passed
    assert "Error" not in str(outcome.got)


def test_a_case_about_facts_that_raise_no_signal_is_a_failed_case(tmp_path: Path) -> None:
    case = {
        "id": "moon",
        "op": "signals.derive",
        "given": {"today": "2026-07-01"},
        "expect": {"raised": True},
    }

    (outcome,) = run([a_file(tmp_path, [case])])

    assert not outcome.passed
    assert outcome.got == "LookupError: no signal follows from calendars, today"
