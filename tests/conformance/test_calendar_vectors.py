"""The collected calendar cases, and the runner that puts such files to the engine."""

import json
from pathlib import Path

import pytest

from tests.conformance import calendar
from tests.conformance.__main__ import main, report
from tests.conformance.outcome import Outcome

VECTORS = Path(__file__).parents[3] / "shared" / "cases" / "calendar_vectors.json"
NINE_TO_FIVE = {"tz": "UTC", "hours": {"mon": [["09:00", "17:00"]]}}
CASE = {
    "id": "one-hour",
    "calendar": NINE_TO_FIVE,
    "op": "add",
    "start": "2026-07-06 09:00:00",
    "seconds": 3600,
    "expected": "2026-07-06T10:00:00Z",
}


def a_file(folder: Path, *cases: dict[str, object]) -> Path:
    path = folder / "cases.json"
    path.write_text(json.dumps(cases), encoding="utf-8")
    return path


def test_every_collected_case_has_the_known_answer() -> None:
    if not VECTORS.exists():
        pytest.skip(f"The collected cases are not in this checkout: {VECTORS} is absent.")

    outcomes = list(calendar.run([VECTORS]))

    assert [outcome for outcome in outcomes if not outcome.passed] == []
    assert outcomes


def test_a_passing_file_ends_with_its_total(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["calendar", str(a_file(tmp_path, CASE))])

    assert status == 0
    assert capsys.readouterr().out == "1 passed, 0 failed\n"


def test_a_failing_case_says_what_came_and_what_was_wanted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["calendar", str(a_file(tmp_path, {**CASE, "seconds": 60}))])

    assert status == 1
    assert capsys.readouterr().out == (
        "one-hour: got 2026-07-06 09:01:00+00:00, wanted 2026-07-06 10:00:00+00:00\n"
        "0 passed, 1 failed\n"
    )


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"op": "sing"}, "KeyError: 'sing'"),
        ({"calendar": {"tz": "Mars/Base", "hours": {}}}, "ZoneUnknown"),
        ({"calendar": {"tz": "UTC", "hours": {}}}, "CalendarNeverOpens"),
    ],
)
def test_a_case_that_raises_is_a_failed_case(
    tmp_path: Path, change: dict[str, object], error: str
) -> None:
    (outcome,) = calendar.run([a_file(tmp_path, {**CASE, **change})])

    assert not outcome.passed
    assert error in str(outcome.got)


def test_an_answer_many_years_away_is_found(tmp_path: Path) -> None:
    change = {
        "calendar": {"tz": "UTC", "hours": {"mon": [["09:00", "10:00"]]}},
        "seconds": 52 * 15 * 3600,
        "expected": "2041-06-10T10:00:00Z",
    }

    (outcome,) = calendar.run([a_file(tmp_path, {**CASE, **change})])

    assert outcome.passed


def test_nothing_run_is_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert report([]) == 1
    assert capsys.readouterr().out == "0 passed, 0 failed\n"


@pytest.mark.parametrize("arguments", [[], ["astrology"]])
def test_an_unknown_topic_is_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert "calendar|mail|sla" in capsys.readouterr().err


def test_an_outcome_is_counted_as_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    outcomes = [Outcome("a", 1, 1, passed=True), Outcome("b", 1, 2, passed=False)]

    assert report(outcomes) == 1
    assert capsys.readouterr().out == "b: got 1, wanted 2\n1 passed, 1 failed\n"
