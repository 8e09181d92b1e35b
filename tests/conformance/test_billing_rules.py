"""The cases of every operation, and that no field of a case is passed over in silence."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conformance import billing
from tests.conformance.billing_fields import read_fields
from tests.conformance.outcome import Outcome

FROZEN = Path(__file__).with_name("billing_rule_cases.json")
PAUSE = {"from": "2026-09-01T12:00:00Z", "to": "2026-09-01T14:00:00Z"}
CLOCK = {
    "metric": "resolution",
    "target_minutes": 480,
    "first_response": "2026-09-01T10:00:00Z",
    "resolved": "2026-09-01T20:00:00Z",
}


def the_outcome(folder: Path, operation: str, given: dict[str, Any]) -> Outcome:
    """Return what a case comes to that wants something no answer has."""
    case = {"id": "one", "op": operation, "given": given, "expect": {"colour": "red"}}
    path = folder / "cases.json"
    path.write_text(json.dumps({"cases": [case]}), encoding="utf-8")
    (outcome,) = billing.run([path])
    return outcome


def test_every_frozen_case_has_the_known_answer() -> None:
    outcomes = list(billing.run([FROZEN]))

    assert [outcome for outcome in outcomes if not outcome.passed] == []
    assert len(outcomes) == 303


def test_every_operation_has_its_fields() -> None:
    for operation in billing.operations():
        assert read_fields(operation, {"tz": "Europe/Paris"}, []) == {"tz": "Europe/Paris"}


@pytest.mark.parametrize("operation", sorted(billing.operations()))
def test_a_field_that_an_operation_does_not_know_is_named_where_the_case_fails(
    tmp_path: Path, operation: str
) -> None:
    outcome = the_outcome(tmp_path, operation, {"colour": "red"})

    assert str(outcome.got).endswith("(without its unknown fields colour)")
    assert not outcome.passed


@pytest.mark.parametrize(
    ("operation", "given", "unknown"),
    [
        ("sla.outcome", {**CLOCK, "pauses": [{**PAUSE, "colour": "red"}]}, ["colour"]),
        ("ledger.run", {"consume": [{"qty": 5, "colour": "red"}]}, ["colour"]),
        ("ledger.run", {"allowance": 120, "worked": 150}, []),
    ],
)
def test_unknown_fields_are_found_within_objects_too(
    operation: str, given: dict[str, Any], unknown: list[str]
) -> None:
    found: list[str] = []
    read_fields(operation, given, found)

    assert found == unknown


@pytest.mark.parametrize(
    ("operation", "given", "got"),
    [
        (
            "sla.outcome",
            {**CLOCK, "events": [{"at": "2026-09-01T12:00:00Z", "type": "sneezed"}]},
            "LookupError: unknown event sneezed",
        ),
        (
            "ledger.run",
            {"allowance": 120, "worked": 150, "borrow": True},
            "LookupError: nothing is borrowed from the next period",
        ),
    ],
)
def test_a_case_that_says_what_has_no_meaning_fails(
    tmp_path: Path, operation: str, given: dict[str, Any], got: str
) -> None:
    assert the_outcome(tmp_path, operation, given).got == got


def test_a_field_is_read_under_each_of_its_spellings() -> None:
    asked = {"at": "2026-07-06T10:00:00Z", "minutes": 45, "idempotency_key": "k"}

    assert read_fields("ledger.run", {"consume": [asked, 45]}, []) == {
        "consume": [{"at": "2026-07-06T10:00:00Z", "qty": 45, "key": "k"}, 45]
    }
    assert read_fields("quote.sla", {"sent_at": "2026-07-06"}, []) == {"sent": "2026-07-06"}


def test_a_name_wins_over_its_other_spellings() -> None:
    both = {"from": {"fee_ht": "99.00"}, "old_plan": {"fee_ht": "98.00"}}

    assert len(read_fields("plan.change", both, [])) == 1


def test_words_that_name_the_same_thing_are_the_same_answer(tmp_path: Path) -> None:
    given = {**CLOCK, "elapsed_minutes": 700, "priority": "P0", "exclusion": "third_party"}
    path = tmp_path / "cases.json"
    for reason in ("third_party", "third_party_intervention"):
        case = {"id": "one", "op": "sla.outcome", "given": given, "expect": {"reason": reason}}
        path.write_text(json.dumps({"cases": [case]}), encoding="utf-8")

        (outcome,) = billing.run([path])

        assert outcome.passed
