"""The cases of forfait, time, periods and VAT, and the runner that puts such files to the rules."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conformance import billing
from tests.conformance.__main__ import main
from tests.conformance.billing_ledger import OPERATIONS

FROZEN = Path(__file__).with_name("billing_ledger_cases.json")
SHARED = Path(__file__).parents[3] / "shared" / "cases" / "billing_cases.json"
CASE = {
    "id": "thirds",
    "op": "money.vat",
    "given": {"lines": [{"ht": "0.33", "vat_rate": "20"}] * 3},
    "expect": {"vat": "0.20"},
}


def a_file(folder: Path, *cases: dict[str, Any]) -> Path:  # decoded JSON
    path = folder / "cases.json"
    path.write_text(json.dumps({"cases": cases}), encoding="utf-8")
    return path


def test_every_frozen_case_has_the_known_answer() -> None:
    outcomes = list(billing.run([FROZEN]))

    assert [outcome for outcome in outcomes if not outcome.passed] == []
    assert len(outcomes) == 50


def test_every_collected_case_of_these_operations_has_the_known_answer(tmp_path: Path) -> None:
    if not SHARED.exists():
        pytest.skip(f"The collected cases are not in this checkout: {SHARED} is absent.")
    cases = json.loads(SHARED.read_text(encoding="utf-8"))["cases"]
    ours = a_file(tmp_path, *(case for case in cases if case["op"] in OPERATIONS))

    outcomes = list(billing.run([ours]))

    assert [outcome for outcome in outcomes if not outcome.passed] == []
    assert {case["op"] for case in cases} >= set(OPERATIONS)


@pytest.mark.parametrize(
    ("change", "got"),
    [
        ({"op": "sing"}, "sing not implemented"),
        ({"given": {"lines": [{}]}}, "KeyError: 'ht'"),
        ({"expect": {"vat": "0.21"}}, {"vat": "0.20"}),
        ({"expect": {"vat": "0.20", "colour": "red"}}, {"vat": "0.20", "colour": "no answer"}),
    ],
)
def test_a_case_without_the_right_answer_is_a_failed_case(
    tmp_path: Path, change: dict[str, Any], got: object
) -> None:
    (outcome,) = billing.run([a_file(tmp_path, {**CASE, **change})])

    assert not outcome.passed
    assert outcome.got == got


def test_values_are_compared_and_instants_as_instants(tmp_path: Path) -> None:
    case = {
        "id": "anniversary",
        "op": "period.bounds",
        "given": {"tz": "Europe/Paris", "months": ["2026-07"]},
        "expect": {"bounds": [["2026-07-01T00:00:00+02:00", "2026-08-01T00:00:00+02:00"]]},
    }
    shorter = {**case, "expect": {"bounds": []}}

    outcomes = list(billing.run([a_file(tmp_path, case, shorter)]))

    assert [outcome.passed for outcome in outcomes] == [True, False]


def test_true_is_no_number(tmp_path: Path) -> None:
    case = {
        "id": "one",
        "op": "time.round",
        "given": {"entries": [{"ticket": "T1", "day": "2026-07-06", "minutes": 1}], "increment": 1},
        "expect": {"billed_minutes": True},
    }

    (outcome,) = billing.run([a_file(tmp_path, case)])

    assert not outcome.passed


def test_the_topic_is_run_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["billing", str(a_file(tmp_path, CASE, {**CASE, "id": "song", "op": "sing"}))])

    assert status == 1
    assert capsys.readouterr().out == (
        "song: got sing not implemented, wanted {'vat': '0.20'}\n1 passed, 1 failed\n"
    )
