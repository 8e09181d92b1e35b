"""A clause of compensation says nothing that nobody could compute, or that would be absurd."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from helpdesk.domain.commercial_terms import CompensationClause
from helpdesk.domain.compensation_clause import (
    ApprovalClause,
    CompensationCap,
    ResolutionCredit,
    ResolutionMode,
    SameIncident,
    UptimeCredit,
    UptimeMode,
    UptimeTier,
)
from helpdesk.domain.contract_life import CompensationNature
from helpdesk.domain.money import CurrenciesDiffer, Money
from helpdesk.domain.plan import Origin
from helpdesk.domain.sla_policy import ClauseInvalid
from helpdesk.presets.compensation import compensation_terms, proposed_nature
from tests.domain.compensations import agreed, sold

FIVE = Decimal(5)


def test_the_preset_is_what_the_sources_propose_and_says_where_that_stands() -> None:
    terms = compensation_terms()

    assert terms.resolution.value == ResolutionCredit(ResolutionMode.PER_STARTED_HOUR, FIVE)
    assert [(str(tier.floor), str(tier.credit)) for tier in terms.uptime.value.tiers] == [
        ("99.0", "10"),
        ("95.0", "25"),
        ("0", "50"),
    ]
    assert terms.same_incident.value is SameIncident.HIGHEST
    assert terms.cap.value == CompensationCap(Decimal(50))
    assert terms.approval.value == ApprovalClause()
    assert proposed_nature().value is CompensationNature.PRICE_REDUCTION
    assert all(terms.origins().values())
    assert terms.cap.origin is Origin.PROPOSAL


def test_what_the_parties_agree_says_so() -> None:
    terms = agreed(cap=CompensationCap(Decimal(30)))

    assert terms.cap.origin is Origin.AGREED
    assert terms.origins()["cap"] == "contract TMA-BRUNO"
    assert terms.resolution.origin is Origin.PROPOSAL


IMPOSSIBLE: dict[str, Callable[[], object]] = {
    "an hour is worth nothing": lambda: ResolutionCredit(ResolutionMode.PER_STARTED_HOUR),
    "an hour is worth too much": lambda: ResolutionCredit(ResolutionMode.PER_MINUTE, Decimal(101)),
    "a negative rate": lambda: ResolutionCredit(ResolutionMode.NONE, Decimal(-1)),
    "no number": lambda: ResolutionCredit(ResolutionMode.PER_MINUTE, Decimal("NaN")),
    "a fixed amount is missing": lambda: ResolutionCredit(ResolutionMode.FIXED),
    "a fixed amount below 0": lambda: ResolutionCredit(ResolutionMode.FIXED, fixed=Money(-1)),
    "tiers are missing": lambda: UptimeCredit(UptimeMode.TIERS),
    "tiers out of order": lambda: UptimeCredit(
        UptimeMode.TIERS, (UptimeTier(FIVE, FIVE), UptimeTier(FIVE, FIVE))
    ),
    "a worse month pays less": lambda: UptimeCredit(
        UptimeMode.TIERS, (UptimeTier(FIVE, FIVE), UptimeTier(Decimal(1), Decimal(4)))
    ),
    "a floor over 100": lambda: UptimeTier(Decimal(101), FIVE),
    "a credit over 100": lambda: UptimeTier(FIVE, Decimal(101)),
    "a step is worth nothing": lambda: UptimeCredit(UptimeMode.PER_STEP),
    "a step of nothing": lambda: UptimeCredit(
        UptimeMode.PER_STEP, percent_per_step=FIVE, step=Decimal(0)
    ),
    "a cap over 100": lambda: CompensationCap(Decimal(101)),
    "a yearly cap below 0": lambda: CompensationCap(None, Decimal(-1)),
    "a right that nothing gives": lambda: CompensationCap(may_terminate=True),
    "a second approver from below 0": lambda: ApprovalClause(second_above=Money(-1)),
    "nobody and two people": lambda: ApprovalClause(Money(10), Money(20)),
}


@pytest.mark.parametrize("clause", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_an_impossible_clause_is_refused_by_its_name(clause: Callable[[], object]) -> None:
    with pytest.raises(ClauseInvalid) as refusal:
        clause()

    assert refusal.value.path
    assert refusal.value.values["allowed"]


def test_what_is_possible_is_accepted() -> None:
    assert ResolutionCredit(ResolutionMode.FIXED, fixed=Money(0)).fixed == Money(0)
    assert UptimeCredit(UptimeMode.NONE).tiers == ()
    assert CompensationCap().monthly is None
    assert CompensationCap(None, Decimal(10), may_terminate=True).may_terminate
    assert ApprovalClause(Money(20), Money(20)).second_above == Money(20)


@pytest.mark.parametrize(
    "clause",
    [
        {"resolution": ResolutionCredit(ResolutionMode.FIXED, fixed=Money(1, "USD"))},
        {"approval": ApprovalClause(second_above=Money(1, "USD"))},
        {"approval": ApprovalClause(automatic_below=Money(1, "USD"))},
    ],
)
def test_amounts_are_of_the_currency_of_the_fee(clause: dict[str, object]) -> None:
    dollars = CompensationClause("Credits", CompensationNature.PENALTY, agreed(**clause))

    with pytest.raises(CurrenciesDiffer) as refusal:
        sold(dollars)

    assert refusal.value.path == ("compensation",)
    assert sold(dollars, price=None).compensation == dollars
