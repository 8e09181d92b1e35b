"""Clauses, breaches and credits of tests: Bruno pays 199 euros a month, July 2026 unless said."""

from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from helpdesk.domain.access import Actor, ActorKind
from helpdesk.domain.breach import uptime_key
from helpdesk.domain.commercial_terms import CommercialTerms, CompensationClause
from helpdesk.domain.compensation import CreditId, CreditKey, CreditKind
from helpdesk.domain.compensation_base import CompensationBase, FeeDays
from helpdesk.domain.compensation_clause import CompensationTerms
from helpdesk.domain.compensation_evidence import (
    Calculation,
    Evidence,
    ResolutionEvidence,
    UptimeEvidence,
)
from helpdesk.domain.compensation_life import CreditDeed
from helpdesk.domain.compensation_rate import Overrun, UptimeFigure
from helpdesk.domain.contract import Contract
from helpdesk.domain.contract_life import CompensationNature
from helpdesk.domain.contract_term import TermClause
from helpdesk.domain.engagement import Engagement, EngagementModel
from helpdesk.domain.ids import AgentId, ContractId, SiteId, TicketId
from helpdesk.domain.money import Money
from helpdesk.domain.month import Month
from helpdesk.domain.plan import Origin, PlanPrice, Sourced, TaxBasis
from helpdesk.domain.sla import SlaMetric
from helpdesk.presets.compensation import compensation_terms
from tests.domain.commercial import PRICE
from tests.factories import ALICE, OFFICE, a_contract, at, some_terms

JULY = Month(2026, 7)
CONTRACT = ContractId("contract-of-bruno")
CAROL = Actor(ActorKind.AGENT, "Carol", agent_id=AgentId("carol"))
HOUR = 3600
FEE = Money(199_00)
BASE = CompensationBase((FeeDays(FEE, 31),), 31)
LONG_AGO = datetime.fromisoformat("2026-01-01T00:00:00+00:00")


def agreed(**clauses: object) -> CompensationTerms:
    """Return the preset's amounts with other clauses, each as the parties agreed it."""
    changes: dict[str, Any] = {  # Any: the fields of the terms
        name: Sourced(value, Origin.AGREED, "contract TMA-BRUNO") for name, value in clauses.items()
    }
    return replace(compensation_terms(), **changes)


def a_clause(
    nature: CompensationNature | None = CompensationNature.PRICE_REDUCTION, **clauses: object
) -> CompensationClause:
    return CompensationClause("Credits on the next invoice", nature, agreed(**clauses))


def sold(
    clause: CompensationClause | None = None,
    *,
    price: Sourced[PlanPrice] | None = PRICE,
    **changes: Any,  # Any: the fields of the terms
) -> CommercialTerms:
    return CommercialTerms(
        Engagement(frozenset({EngagementModel.MONTHLY_PLAN})),
        TermClause(date(2026, 1, 1), 12, 12),
        price=price,
        compensation=clause,
        **changes,
    )


def at_a_price(cents: int, basis: TaxBasis = TaxBasis.HT) -> Sourced[PlanPrice]:
    return Sourced(PlanPrice(Money(cents), basis), Origin.AGREED, "contract TMA-BRUNO")


def compensating(clause: CompensationClause | None = None, **changes: Any) -> Contract:
    """Return Bruno's contract with a clause of compensation, the preset's unless said."""
    terms = some_terms(effective_from=LONG_AGO, commercial=sold(clause or a_clause()))
    return a_contract(**{"terms": (terms,), **changes})


def late(
    over: int = 2 * HOUR + 1, *, ticket: str = "ticket-1", broken_at: str = "07-06 18:00"
) -> ResolutionEvidence:
    """Return the clock of a P0 that was resolved so many seconds after its eight hours."""
    return ResolutionEvidence(
        ticket_id=TicketId(ticket),
        ticket_number=ticket.removeprefix("ticket-"),
        metric=SlaMetric.RESOLUTION,
        cycle=1,
        terms_version=1,
        calendar_id=OFFICE,
        calendar_version=1,
        started_at=at("07-06 09:00"),
        deadline_at=at(broken_at),
        breached_at=at(broken_at),
        stopped_at=at("07-08 10:00"),
        overrun=Overrun(8 * HOUR, 8 * HOUR + over),
        agent_id=ALICE.agent_id,
    )


def down(up: str = "99.2", *incidents: str, ended: str = "08-01 00:00") -> UptimeEvidence:
    """Return a month in which so many percent were up, of 99.5 promised."""
    month = UptimeFigure(Fraction(up) / 100, Fraction(995, 1000))
    return UptimeEvidence((SiteId("bruno.example"),), month, at(ended), incidents)


def key_of(evidence: Evidence, month: Month = JULY) -> CreditKey:
    if isinstance(evidence, UptimeEvidence):
        return uptime_key(CONTRACT, month)
    return CreditKey(CONTRACT, CreditKind.P0_RESOLUTION, f"ticket:{evidence.ticket_id}", month)


def keyed(*evidence: Evidence) -> dict[CreditKey, Evidence]:
    return {key_of(one): one for one in evidence}


def a_calculation(
    cents: int = 29_85, evidence: Evidence | None = None, **changes: Any
) -> Calculation:
    """Return how a late P0 came to 15 % of the fee; `changes` are its own fields."""
    proof = evidence or late()
    calculation = Calculation(
        key=key_of(proof),
        nature=CompensationNature.PRICE_REDUCTION,
        evidence=proof,
        clause_version=1,
        base=BASE,
        room=Fraction(99_50),
        outweighed=False,
        net=Money(cents),
        capped=Money(0),
    )
    return replace(calculation, **changes)


def deed(actor: Actor = ALICE, reason: str = "", text: str = "08-03 09:00") -> CreditDeed:
    return CreditDeed(at(text), actor, reason)


def credit_id(number: int = 1) -> CreditId:
    return CreditId(f"credit-{number}")
