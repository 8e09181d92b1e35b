"""Impact and urgency give the priority, a security incident is a P0, an override says why."""

from itertools import product

import pytest

from helpdesk.domain.errors import ErrorCode, Locale
from helpdesk.domain.priority import (
    Impact,
    MatrixIncomplete,
    Priority,
    PriorityDecision,
    PriorityReasonRequired,
    SecuritySign,
    Triage,
    Urgency,
    decided_priority,
)
from tests.factories import MATRIX_ROWS, a_matrix

MINOR = Triage(Impact.MINOR, Urgency.NORMAL)
INTRUSION = Triage(Impact.MINOR, Urgency.LOW, SecuritySign.DATA_COMPROMISED)


@pytest.mark.parametrize(("impact", "urgency"), [*product(Impact, Urgency)])
def test_the_matrix_answers_for_every_impact_and_urgency(impact: Impact, urgency: Urgency) -> None:
    expected = MATRIX_ROWS[impact][list(Urgency).index(urgency)]

    assert a_matrix().priority_for(impact, urgency) is expected
    assert decided_priority(a_matrix(), Triage(impact, urgency)) == PriorityDecision(expected)


def test_a_matrix_with_holes_is_refused_and_names_them() -> None:
    cells = {impact: dict(a_matrix().cells[impact]) for impact in Impact}
    del cells[Impact.NONE], cells[Impact.MINOR][Urgency.LOW]

    with pytest.raises(MatrixIncomplete) as refusal:
        a_matrix(code="holed", cells=cells)

    assert refusal.value.message(Locale.EN) == (
        "The priority matrix holed has no priority for "
        "MINOR x LOW, NONE x HIGH, NONE x NORMAL, NONE x LOW: add it."
    )


@pytest.mark.parametrize("sign", SecuritySign)
def test_a_security_incident_is_a_p0_whatever_the_matrix_says(sign: SecuritySign) -> None:
    triage = Triage(Impact.NONE, Urgency.LOW, sign)

    assert decided_priority(a_matrix(), triage) == PriorityDecision(Priority.P0)


def test_another_priority_than_the_contracts_needs_a_reason() -> None:
    decision = decided_priority(
        a_matrix(), MINOR, wanted=Priority.P1, reason=" The fair opens tomorrow. "
    )

    assert decision == PriorityDecision(Priority.P1, "The fair opens tomorrow.")


@pytest.mark.parametrize("reason", [None, "", " \n"])
def test_another_priority_without_a_reason_is_refused(reason: str | None) -> None:
    with pytest.raises(PriorityReasonRequired) as refusal:
        decided_priority(a_matrix(), MINOR, wanted=Priority.P1, reason=reason)

    assert refusal.value.code is ErrorCode.REASON_REQUIRED
    assert refusal.value.path == ("reason",)
    assert refusal.value.values == {"expected": Priority.P3, "wanted": Priority.P1}


def test_a_security_incident_is_lowered_only_with_a_reason() -> None:
    with pytest.raises(PriorityReasonRequired):
        decided_priority(a_matrix(), INTRUSION, wanted=Priority.P3)


def test_a_reason_for_the_contracts_own_priority_is_no_override() -> None:
    decision = decided_priority(a_matrix(), MINOR, wanted=Priority.P3, reason="as agreed")

    assert decision == PriorityDecision(Priority.P3)
