"""The breaches of a month become credits, once, and follow what is corrected afterwards."""

import asyncio
from dataclasses import replace
from datetime import date
from decimal import Decimal

from helpdesk.domain.access import NotFound, system_viewer
from helpdesk.domain.agency import AgentRole
from helpdesk.domain.compensation_base import FeeIncludesTax
from helpdesk.domain.compensation_clause import CompensationCap
from helpdesk.domain.compensation_evidence import UptimeEvidence, breached_at, incidents_of
from helpdesk.domain.compensation_life import Credit, CreditDeed, CreditState, CreditStep
from helpdesk.domain.errors import Locale
from helpdesk.domain.exclusion import ExclusionCause
from helpdesk.domain.ids import ContractId, SiteId, TicketId
from helpdesk.domain.money import Money
from helpdesk.domain.month import Month
from helpdesk.domain.plan import PlanPrice, TaxBasis
from helpdesk.domain.ticket import TicketEventKind
from helpdesk.domain.uptime_clause import OutageReason, SitesTogether
from helpdesk.usecases.approve_credit import ApproveCredit, approve_credit
from helpdesk.usecases.correct_event_time import CorrectEventTime, correct_event_time
from helpdesk.usecases.record_incident import RecordIncident, record_incident
from helpdesk.usecases.reject_credit import RejectCredit, reject_credit
from helpdesk.usecases.require_manager import ManagersOnly
from helpdesk.usecases.settle_agency import SettledAgency, settle_agency
from helpdesk.usecases.settle_breaches import SettleBreaches, SettledMonth, settle_breaches
from tests.domain.compensations import agreed
from tests.factories import AGENCY_ID, at
from tests.usecases.classifications import exclude
from tests.usecases.compensations import (
    CAROL,
    JULY,
    compensating,
    credits_of,
    hire_carol,
    late_p0,
    settle,
)
from tests.usecases.contracts import PRICE, SITE
from tests.usecases.world import World

AUGUST = Month(2026, 8)
NOTHING = SettledMonth((), (), (), None)


async def corrected_to(world: World, ticket_id: TicketId, resolved: str) -> None:
    """Say that a ticket was resolved at another instant after all."""
    history = await world.history(ticket_id)
    event = next(one for one in history if one.kind is TicketEventKind.RESOLVED)
    request = CorrectEventTime(
        event.ticket_id, event.sequence, at(resolved), "The log says so.", is_dry_run=False
    )
    await correct_event_time(world.desk, viewer=world.alice, request=request)


async def issued(world: World, credit: Credit, number: str = "AV-2026-0001") -> Credit:
    """Approve a credit and issue it by a document of that number."""
    request = ApproveCredit(credit.id)
    approved = await approve_credit(world.desk, viewer=world.alice, request=request)
    deed = CreditDeed(world.now(), world.alice.actor, document=number)
    done = approved.stepped(CreditStep.ISSUE, deed)
    async with world.desk.store.transaction(AGENCY_ID) as records:
        await records.credits.save_step(done)
    return done


def sites_of(credit: Credit) -> tuple[SiteId, ...]:
    """Return the sites that a credit for availability is about."""
    evidence = credit.calculation.evidence
    assert isinstance(evidence, UptimeEvidence)
    return evidence.site_ids


async def test_a_late_p0_becomes_one_credit_however_often_the_month_is_settled(
    both_worlds: World,
) -> None:
    world = both_worlds
    contract = await compensating(world)
    ticket = await late_p0(world)

    settled = await settle(world, contract)

    (credit,) = settled.added
    assert credit.net == Money(29_85)
    assert credit.calculation.key.subject == f"ticket:{ticket.id}"
    assert await credits_of(world, contract.id) == (credit,)
    before = await world.everything()
    assert await settle(world, contract) == NOTHING
    assert await world.everything() == before


async def test_two_settlements_at_once_make_one_credit(both_worlds: World) -> None:
    world = both_worlds
    contract = await compensating(world)
    await late_p0(world)

    done = await asyncio.gather(*(settle(world, contract) for _ in range(4)))

    assert sum(len(one.added) for one in done) == 1
    assert len(await credits_of(world, contract.id)) == 1


async def test_a_month_without_a_breach_and_one_to_come_have_nothing_to_settle(
    world: World,
) -> None:
    contract = await compensating(world)
    await late_p0(world, resolved="07-06 12:00")

    assert await settle(world, contract) == NOTHING
    assert await settle(world, contract, month=AUGUST) == NOTHING


async def test_the_cap_is_shared_in_the_order_of_the_breaches(both_worlds: World) -> None:
    world = both_worlds
    contract = await compensating(world)
    await late_p0(world, resolved="07-08 09:00")
    await late_p0(world, opened="07-08 09:00", resolved="07-09 17:00")
    await late_p0(world, opened="07-15 09:00", resolved="07-17 09:00")

    await settle(world, contract)

    kept = sorted(
        await credits_of(world, contract.id),
        key=lambda one: breached_at(one.calculation.evidence),
    )
    assert [one.net.cents for one in kept] == [79_60, 19_90, 0]
    assert [one.state for one in kept[1:]] == [CreditState.PROPOSED, CreditState.NIL]
    assert [one.calculation.capped.cents for one in kept] == [0, 49_75, 79_60]


async def test_a_correction_of_the_past_replaces_what_waits(both_worlds: World) -> None:
    world = both_worlds
    contract = await compensating(world)
    ticket = await late_p0(world)
    await settle(world, contract)

    await corrected_to(world, ticket.id, "07-07 11:00")
    await settle(world, contract)

    first, second = await credits_of(world, contract.id)
    assert (first.state, second.state) == (CreditState.SUPERSEDED, CreditState.PROPOSED)
    assert (first.net, second.net) == (Money(29_85), Money(19_90))


async def test_what_was_issued_is_flagged_or_completed_and_never_taken_back(
    both_worlds: World,
) -> None:
    world = both_worlds
    contract = await compensating(world)
    ticket = await late_p0(world)
    (credit,) = (await settle(world, contract)).added
    await issued(world, credit)

    world.now.advance(days=1)
    await corrected_to(world, ticket.id, "07-07 11:00")
    await settle(world, contract)
    (flagged,) = await credits_of(world, contract.id)
    assert (flagged.net, flagged.overcredited) == (Money(29_85), Money(9_95))
    assert flagged.facts[-2].document == "AV-2026-0001"

    await corrected_to(world, ticket.id, "07-07 12:30")
    await settle(world, contract)
    first, complement = await credits_of(world, contract.id)
    assert first.overcredited == Money(0)
    assert (complement.net, complement.completes) == (Money(9_95), first.id)
    assert await settle(world, contract) == NOTHING


async def test_an_exclusion_takes_the_credit_away_and_its_lifting_gives_it_back(
    world: World,
) -> None:
    contract = await compensating(world)
    ticket = await late_p0(world)
    await settle(world, contract)

    await exclude(world, ticket, ExclusionCause.PRE_EXISTING, seen_on=date(2026, 1, 1))
    await settle(world, contract)

    (credit,) = await credits_of(world, contract.id)
    assert credit.state is CreditState.SUPERSEDED


async def test_a_rejected_credit_is_proposed_again_for_a_reason_alone(world: World) -> None:
    contract = await compensating(world)
    await late_p0(world)
    (credit,) = (await settle(world, contract)).added
    request = RejectCredit(credit.id, "The client waived it")
    await reject_credit(world.desk, viewer=world.alice, request=request)

    assert await settle(world, contract) == NOTHING
    again = await settle(world, contract, reason="He changed his mind")

    assert [one.revision for one in again.added] == [2]
    assert again.added[0].facts[0].reason == "He changed his mind"


async def test_a_month_below_its_availability_pays_once_it_is_over(both_worlds: World) -> None:
    world = both_worlds
    contract = await compensating(world)
    world.now.set(at("07-20 09:00"))
    await _outage(world, "07-19 00:00", "07-19 10:00")

    assert await settle(world, contract) == NOTHING
    world.now.set(at("08-01 00:00"))
    (credit,) = (await settle(world, contract)).added

    assert credit.calculation.key.subject == "sites"
    # 734 of 744 hours are 98.65 %: 25 % of the fee.
    assert credit.net == Money(49_75)
    assert (await settle(world, contract)) == NOTHING


async def test_the_incident_of_a_ticket_pays_once(both_worlds: World) -> None:
    world = both_worlds
    contract = await compensating(world)
    ticket = await late_p0(world)
    await settle(world, contract)
    world.now.set(at("07-20 09:00"))
    await _outage(world, "07-06 20:00", "07-07 09:00", ticket_id=ticket.id)
    await _outage(world, "07-16 20:00", "07-16 20:30")  # nobody opened a ticket about it
    other = await late_p0(world, opened="07-20 09:00", resolved="07-20 10:00")
    await _outage(
        world,
        "07-20 08:00",
        "07-20 09:30",
        ticket_id=other.id,
        reason=OutageReason.HOSTING_FAILURE,
    )
    world.now.set(at("08-01 09:00"))

    await settle(world, contract)

    kept = {one.calculation.key.subject: one for one in await credits_of(world, contract.id)}
    assert kept["sites"].net == Money(49_75)
    evidence = kept["sites"].calculation.evidence
    assert incidents_of(evidence) == {f"ticket:{ticket.id}"}
    outweighed = kept[f"ticket:{ticket.id}"]
    assert outweighed.state is CreditState.NIL
    assert outweighed.calculation.outweighed


async def test_the_worst_site_counts_or_the_average_of_all(world: World) -> None:
    contract = await compensating(world)
    clause = contract.terms[0].commercial
    assert clause is not None
    shop = SiteId("shop.bruno.example")
    uptime = replace(clause.uptime_clause, sites=SitesTogether.AVERAGE)
    averaged = replace(clause, uptime=uptime)
    both = replace(
        contract,
        id=ContractId("f" * 32),
        reference="TMA-BOTH",
        site_ids=frozenset({SITE, shop}),
        terms=(replace(contract.terms[0], commercial=averaged),),
    )
    async with world.desk.store.transaction(AGENCY_ID) as records:
        site = await records.clients.site(SITE)
        assert site is not None
        await records.clients.add_site(replace(site, id=shop))
        await records.contracts.add_contract(both)
    world.now.set(at("07-20 09:00"))
    await _outage(world, "07-19 00:00", "07-19 10:00")
    world.now.set(at("08-02 09:00"))

    (worst,) = (await settle(world, contract)).added
    (average,) = (await settle(world, both)).added

    assert sites_of(worst) == (SITE,)
    assert sites_of(average) == (SITE, shop)
    assert (worst.net, average.net) == (Money(49_75), Money(19_90))


async def test_a_clause_without_amounts_records_and_pays_nothing(world: World) -> None:
    contract = await compensating(world, None)
    ticket = await late_p0(world)

    settled = await settle(world, contract)

    assert [key.subject for key in settled.unpriced] == [f"ticket:{ticket.id}"]
    assert settled.added == ()
    assert await credits_of(world, contract.id) == ()


async def test_the_year_of_the_contract_bounds_the_credits_of_its_months(world: World) -> None:
    cap = CompensationCap(Decimal(50), Decimal(2), may_terminate=True)
    contract = await compensating(world, agreed(cap=cap))
    await late_p0(world)
    await late_p0(world, opened="08-03 09:00", resolved="08-05 09:00")

    july, august = await settle(world, contract), await settle(world, contract, month=AUGUST)

    assert july.added[0].net == Money(29_85)
    assert august.added[0].net == Money(47_76 - 29_85)
    assert august.year is not None
    assert august.year.may_terminate


async def test_a_fee_with_tax_in_it_settles_nothing(world: World) -> None:
    contract = await compensating(world, price=PlanPrice(PRICE.monthly, TaxBasis.TTC))
    await late_p0(world)

    async with world.refused(FeeIncludesTax):
        await settle(world, contract)


async def test_managers_alone_settle_what_exists_for_them(world: World) -> None:
    contract = await compensating(world)
    await late_p0(world)
    asked, unknown = SettleBreaches(contract.id, JULY), SettleBreaches(ContractId("0" * 32), JULY)

    async with world.refused(NotFound):
        await settle_breaches(world.desk, viewer=world.zoe, request=asked)
    async with world.refused(NotFound):
        await settle_breaches(world.desk, viewer=world.chloe, request=asked)
    async with world.refused(NotFound):
        await settle_breaches(world.desk, viewer=world.alice, request=unknown)
    await hire_carol(world, role=AgentRole.AGENT)
    async with world.refused(ManagersOnly):
        await settle_breaches(world.desk, viewer=CAROL, request=asked)


async def _outage(
    world: World,
    start: str,
    end: str,
    *,
    ticket_id: TicketId | None = None,
    reason: OutageReason = OutageReason.UNKNOWN,
) -> None:
    """Record that Bruno's site was down; about a ticket if one is named."""
    request = RecordIncident(SITE, at(start), "Down", ended_at=at(end), reason=reason)
    incident = await record_incident(world.desk, viewer=world.alice, request=request)
    if ticket_id is not None:
        async with world.desk.store.transaction(AGENCY_ID) as records:
            await records.incidents.set_ticket(incident.id, ticket_id)


async def test_an_agency_settles_this_month_and_the_one_before_for_every_contract(
    both_worlds: World,
) -> None:
    world = both_worlds
    contract = await compensating(world)
    await late_p0(world)
    world.now.set(at("08-01 09:00"))
    await late_p0(world, opened="08-03 09:00", resolved="08-04 11:30")

    done = await settle_agency(world.desk, viewer=system_viewer(AGENCY_ID, Locale.FR))
    again = await settle_agency(world.desk, viewer=world.alice)

    assert done == SettledAgency(2, 0, ())
    assert again == SettledAgency(0, 0, ())
    assert len(await credits_of(world, contract.id, AUGUST)) == 1


async def test_a_contract_without_a_base_keeps_no_other_from_being_settled(world: World) -> None:
    taxed = await compensating(world, price=PlanPrice(PRICE.monthly, TaxBasis.TTC))
    await late_p0(world)

    done = await settle_agency(world.desk, viewer=world.alice)

    assert done == SettledAgency(0, 0, (taxed.id,))


async def test_managers_alone_settle_an_agency(world: World) -> None:
    await hire_carol(world, role=AgentRole.AGENT)

    async with world.refused(ManagersOnly):
        await settle_agency(world.desk, viewer=CAROL)
