"""Clauses of compensation and what credits are computed from come back as they were written."""

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from helpdesk.domain.compensation_base import CompensationBase, FeeDays
from helpdesk.domain.compensation_clause import (
    ApprovalClause,
    CompensationCap,
    CompensationTerms,
    ResolutionCredit,
    ResolutionMode,
    SameIncident,
    UptimeCredit,
    UptimeMode,
)
from helpdesk.domain.compensation_evidence import Evidence
from helpdesk.domain.compensation_rate import UptimeFigure
from helpdesk.domain.money import Money
from helpdesk.presets.compensation import compensation_terms
from helpdesk.storage.commercial_documents import commercial_document, commercial_terms_of
from helpdesk.storage.compensation_documents import (
    base_document,
    base_of,
    compensation_terms_document,
    compensation_terms_of,
    evidence_document,
    evidence_of,
)
from tests.domain.compensations import a_clause, agreed, down, late, sold

OTHER = agreed(
    resolution=ResolutionCredit(ResolutionMode.FIXED, fixed=Money(12_34, "USD")),
    uptime=UptimeCredit(UptimeMode.PER_STEP, (), Decimal("2.5"), Decimal("0.05")),
    same_incident=SameIncident.CUMULATE,
    cap=CompensationCap(None, Decimal("7.5"), may_terminate=True),
    approval=ApprovalClause(Money(50_00), Money(10_00), excludes_agent=True),
)
ROUND_THE_CLOCK = replace(
    late(), calendar_id=None, calendar_version=None, deadline_at=None, agent_id=None
)
THIRD = replace(down(), figure=UptimeFigure(Fraction(1, 3), Fraction(995, 1000)))


def through_json(document: object) -> object:
    return json.loads(json.dumps(document))


@pytest.mark.parametrize("terms", [compensation_terms(), OTHER], ids=["preset", "agreed"])
def test_the_amounts_of_a_clause_come_back(terms: CompensationTerms) -> None:
    document = through_json(compensation_terms_document(terms))

    assert compensation_terms_of(document) == terms  # type: ignore[arg-type]  # JSON


@pytest.mark.parametrize("evidence", [late(), ROUND_THE_CLOCK, down("98.5", "ticket:1"), THIRD])
def test_what_proves_a_breach_comes_back_exactly(evidence: Evidence) -> None:
    document = through_json(evidence_document(evidence))

    assert evidence_of(document) == evidence  # type: ignore[arg-type]  # JSON


@pytest.mark.parametrize(
    "base",
    [
        CompensationBase((), 31),
        CompensationBase((FeeDays(Money(199_00), 15), FeeDays(Money(299_00), 15)), 30),
    ],
)
def test_the_base_of_a_credit_comes_back(base: CompensationBase) -> None:
    document = through_json(base_document(base))

    assert base_of(document) == base  # type: ignore[arg-type]  # JSON


def test_a_contract_keeps_the_amounts_it_agreed_on() -> None:
    terms = sold(a_clause())

    assert commercial_terms_of(commercial_document(terms)) == terms


def test_a_clause_that_is_older_than_amounts_names_none() -> None:
    document = commercial_document(sold(a_clause()))
    del document["compensation"]["terms"]

    clause = commercial_terms_of(document).compensation

    assert clause is not None
    assert clause.terms is None
