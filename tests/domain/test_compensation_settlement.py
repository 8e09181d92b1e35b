"""The settlement of a month: from what proves the breaches to lines that anybody computes again."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from helpdesk.domain.access import SYSTEM
from helpdesk.domain.commercial_terms import CommercialTerms, CompensationClause
from helpdesk.domain.compensation_clause import (
    ApprovalClause,
    CompensationCap,
    ResolutionCredit,
    ResolutionMode,
    SameIncident,
)
from helpdesk.domain.compensation_evidence import (
    AmountsNotAgreed,
    incident_of_ticket,
    reproduced,
)
from helpdesk.domain.compensation_life import Amount, CreditStep, CreditStepRefused, proposed
from helpdesk.domain.compensation_settlement import (
    Before,
    Settlement,
    contract_year_before,
    settled_month,
)
from helpdesk.domain.compensation_text import credit_line, proofs
from helpdesk.domain.contract import Contract
from helpdesk.domain.contract_life import CompensationNature
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import TicketId
from helpdesk.domain.money import Money
from helpdesk.domain.month import Month, Months
from tests.domain.commercial import PARIS
from tests.domain.compensations import (
    HOUR,
    JULY,
    LONG_AGO,
    a_calculation,
    a_clause,
    compensating,
    credit_id,
    deed,
    down,
    key_of,
    keyed,
    late,
    sold,
)
from tests.factories import a_contract, at, some_terms

NOTHING_BEFORE = Before()
LATE, DOWN = late(), down("99.2")


def settled(contract: Contract, *evidence: object, before: Before = NOTHING_BEFORE) -> Settlement:
    return settled_month(contract, JULY, keyed(*evidence), before, zone=PARIS)  # type: ignore[arg-type]


def test_a_late_p0_pays_five_percent_of_the_fee_for_each_started_hour() -> None:
    (calculation,) = settled(compensating(), LATE).calculations.values()

    assert calculation == replace(a_calculation(), room=Fraction(99_50))
    assert calculation.net == Money(29_85)


def test_each_line_is_computed_again_from_what_it_cites() -> None:
    contract = compensating(a_clause(same_incident=SameIncident.CUMULATE))
    settlement = settled(contract, late(7 * HOUR), down("94.99"), late(HOUR, ticket="ticket-2"))

    amounts = [one.net.cents for one in settlement.calculations.values()]

    assert amounts == [69_65, 9_95, 19_90]
    for calculation in settlement.calculations.values():
        assert reproduced(calculation, contract, PARIS) == calculation.net
    last = list(settlement.calculations.values())[-1]
    assert last.capped == Money(79_60)


def test_a_line_that_was_tampered_with_is_found_out() -> None:
    contract = compensating()
    (line,) = settled(contract, LATE).calculations.values()

    assert reproduced(replace(line, net=Money(99_99)), contract, PARIS) == Money(29_85)


def test_a_line_without_a_cap_is_computed_again_as_well() -> None:
    contract = compensating(a_clause(cap=CompensationCap()))
    (line,) = settled(contract, late(40 * HOUR)).calculations.values()

    assert line.room is None
    assert line.net == reproduced(line, contract, PARIS) == Money(398_00)


def test_an_incident_that_breaks_both_promises_pays_the_higher_credit() -> None:
    month = down("98.5", incident_of_ticket(TicketId("ticket-1")))
    contract = compensating()

    settlement = settled(contract, LATE, month)

    clock, uptime = settlement.calculations.values()
    assert (clock.net, clock.outweighed) == (Money(0), True)
    assert (uptime.net, uptime.outweighed) == (Money(49_75), False)
    assert reproduced(clock, contract, PARIS) == Money(0)


@pytest.mark.parametrize(
    "commercial",
    [
        None,
        sold(None),
        sold(CompensationClause("a gesture", CompensationNature.PENALTY)),
        sold(a_clause(nature=None)),
    ],
)
def test_what_nobody_agreed_on_is_recorded_and_pays_nothing(
    commercial: CommercialTerms | None,
) -> None:
    contract = a_contract(terms=(some_terms(1, LONG_AGO, commercial=commercial),))

    settlement = settled(contract, LATE)

    assert settlement == Settlement({}, (key_of(LATE),))


def test_a_line_whose_version_names_no_amount_cannot_be_computed_again() -> None:
    contract = a_contract(terms=(some_terms(1, LONG_AGO, commercial=sold(None)),))

    with pytest.raises(AmountsNotAgreed):
        reproduced(a_calculation(), contract, PARIS)
    with pytest.raises(AmountsNotAgreed):
        reproduced(a_calculation(), a_contract(terms=(some_terms(1, LONG_AGO),)), PARIS)


def test_a_breach_is_worth_what_the_terms_said_when_it_happened() -> None:
    fixed = a_clause(resolution=ResolutionCredit(ResolutionMode.FIXED, fixed=Money(10_00)))
    contract = a_contract(
        terms=(
            some_terms(1, LONG_AGO, commercial=sold(a_clause())),
            some_terms(2, at("07-20 00:00"), commercial=sold(fixed)),
        )
    )

    later = late(ticket="ticket-2", broken_at="07-21 18:00")
    lines = list(settled(contract, LATE, later).calculations.values())

    assert [(line.clause_version, line.net.cents) for line in lines] == [(1, 29_85), (2, 10_00)]


def test_the_availability_of_a_month_falls_under_the_terms_of_its_last_instant() -> None:
    august = some_terms(2, at("08-01 00:00"), commercial=sold(None))
    july = some_terms(1, LONG_AGO, commercial=sold(a_clause()))

    (line,) = settled(a_contract(terms=(july, august)), DOWN).calculations.values()

    assert (line.clause_version, line.net) == (1, Money(19_90))


def test_a_yearly_cap_counts_what_the_year_had_and_may_let_the_client_go() -> None:
    cap = CompensationCap(Decimal(50), Decimal(5), may_terminate=True)
    contract = compensating(a_clause(cap=cap))
    nearly_all = 199_00 * 12 * 5 // 100 - 10_00

    settlement = settled(contract, LATE, before=Before(year_cents=nearly_all))
    (line,) = settlement.calculations.values()
    fresh = settled(contract, LATE)

    assert (line.net, line.capped) == (Money(10_00), Money(19_85))
    assert settlement.year is not None
    assert settlement.year.may_terminate
    assert settlement.year.credited_cents == settlement.year.cap_cents == 119_40
    assert fresh.year is not None
    assert not fresh.year.may_terminate


def test_what_was_issued_stays_in_the_year() -> None:
    contract = compensating(a_clause(cap=CompensationCap(None, Decimal(5))))

    settlement = settled(contract, LATE, before=Before({key_of(LATE): 50_00}))

    assert settlement.year is not None
    assert settlement.year.credited_cents == 50_00


@pytest.mark.parametrize(
    ("starts_on", "month", "months"),
    [
        (date(2026, 1, 1), Month(2026, 1), None),
        (date(2026, 1, 1), Month(2026, 3), (Month(2026, 1), Month(2026, 2))),
        (date(2025, 9, 15), Month(2026, 7), (Month(2025, 9), Month(2026, 6))),
        (date(2025, 9, 15), Month(2026, 9), None),
        (date(2024, 12, 1), Month(2027, 1), (Month(2026, 12), Month(2026, 12))),
    ],
)
def test_a_contract_has_years_of_its_own(
    starts_on: date, month: Month, months: tuple[Month, Month] | None
) -> None:
    before = contract_year_before(compensating(starts_on=starts_on), month)

    assert before == (None if months is None else Months(*months))


def test_a_credit_is_a_line_of_a_document_once_it_is_approved() -> None:
    calculation = a_calculation()
    credit = proposed(
        credit_id(), 1, Amount(calculation, calculation.net), ApprovalClause(), deed(SYSTEM)
    )

    with pytest.raises(CreditStepRefused):
        credit_line(credit, PARIS)
    line = credit_line(credit.stepped(CreditStep.APPROVE, deed()), PARIS)

    assert (line.id, line.key, line.net) == (credit.id, calculation.key, Money(29_85))
    assert line.nature is CompensationNature.PRICE_REDUCTION
    assert line.label == {
        Locale.FR: "Réduction de prix, juillet 2026 : résolution hors délai du ticket 1",
        Locale.EN: "Price reduction, July 2026: late resolution of ticket 1",
    }
    assert line.evidence[Locale.EN] == (
        "Ticket 1, cycle 1: due on 2026-07-06 18:00, ended on 2026-07-08 10:00, 2 h 1 s over"
        " for 8 h promised (terms v1, calendar v1). Base: €199.00 before tax, clause v1."
    )


def test_a_complement_and_a_penalty_say_so() -> None:
    calculation = a_calculation(evidence=down("99.2"), nature=CompensationNature.PENALTY)
    amount = Amount(calculation, Money(5_00), credit_id(9))
    credit = proposed(credit_id(), 2, amount, ApprovalClause(), deed())

    line = credit_line(credit.stepped(CreditStep.APPROVE, deed()), PARIS)

    assert line.net == Money(5_00)
    assert line.label[Locale.FR] == (
        "Pénalité, juillet 2026 : disponibilité inférieure à l'engagement (complément)"
    )
    assert line.evidence[Locale.FR].startswith(
        "Disponibilité contractuelle 99,20 % pour 99,50 % promis."
    )


def test_the_proof_says_what_bounded_a_line() -> None:
    round_the_clock = replace(late(0), calendar_version=None, deadline_at=None)
    bounded = a_calculation(0, round_the_clock, capped=Money(10_00), outweighed=True)

    proof = proofs(bounded, PARIS)[Locale.EN]

    assert "0 min over" in proof
    assert "calendar 24/7" in proof
    assert "Cap reached: €10.00 not credited." in proof
    assert proof.endswith("Another credit of the same incident is higher.")
