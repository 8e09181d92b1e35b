"""What puts the past right settles its credits in the same transaction: none is read stale."""

from helpdesk.domain.business_hours import BusinessHours, Span, Weekday
from helpdesk.domain.compensation_life import CreditState
from helpdesk.domain.contract import Contract
from helpdesk.domain.money import Money
from helpdesk.domain.plan import PlanPrice, TaxBasis
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import ClockStart, SlaMetric, TargetUnit
from helpdesk.domain.ticket import Ticket, TicketEventKind
from helpdesk.usecases.correct_calendar import CorrectCalendar, correct_calendar
from helpdesk.usecases.correct_contract_terms import CorrectContractTerms, correct_contract_terms
from helpdesk.usecases.correct_event_time import CorrectEventTime, correct_event_time
from helpdesk.usecases.exclude_ticket import LiftExclusion, lift_exclusion
from helpdesk.usecases.policy_change import PolicyChange, WantedTarget
from helpdesk.usecases.reject_credit import RejectCredit, reject_credit
from tests.factories import AGENCY_ID, at
from tests.usecases.classifications import exclude
from tests.usecases.compensations import compensating, credits_of, late_p0, settle
from tests.usecases.world import World

PROPOSED, SUPERSEDED = CreditState.PROPOSED, CreditState.SUPERSEDED
LONGER = PolicyChange(
    targets=(
        WantedTarget(
            priority=Priority.P0,
            metric=SlaMetric.RESOLUTION,
            amount=6000,
            unit=TargetUnit.BUSINESS_MINUTES,
            starts_on=ClockStart.FIRST_RESPONSE,
            is_strict=True,
            calendar_code="ouvre5",
        ),
    ),
    ladders=(),
)


async def settled(world: World) -> tuple[Contract, Ticket]:
    """Return a contract and its late P0, for which a credit is proposed."""
    contract = await compensating(world)
    ticket = await late_p0(world)
    await settle(world, contract)
    return contract, ticket


async def shown(world: World, contract: Contract) -> list[tuple[CreditState, Money]]:
    """Return the states and amounts of the credits of July."""
    return [(one.state, one.net) for one in await credits_of(world, contract.id)]


async def resolved_at(world: World, ticket: Ticket, when: str, *, is_dry_run: bool = False) -> None:
    """Correct the instant at which a ticket was resolved."""
    async with world.desk.store.reading(AGENCY_ID) as records:
        history = (await records.tickets.past(ticket.id)).history
    [event] = [one for one in history if one.kind is TicketEventKind.RESOLVED]
    request = CorrectEventTime(ticket.id, event.sequence, at(when), "The log says so.", is_dry_run)
    await correct_event_time(world.desk, viewer=world.alice, request=request)


async def test_a_corrected_instant_replaces_the_proposal_at_once(both_worlds: World) -> None:
    world = both_worlds
    contract, ticket = await settled(world)
    [(_, before)] = await shown(world, contract)

    await resolved_at(world, ticket, "07-07 10:15")

    (old, first), (new, second) = await shown(world, contract)
    assert (old, first, new) == (SUPERSEDED, before, PROPOSED)
    assert second.cents < before.cents


async def test_a_dry_run_settles_nothing(world: World) -> None:
    contract, ticket = await settled(world)
    before = await world.everything()

    await resolved_at(world, ticket, "07-07 10:15", is_dry_run=True)

    assert await world.everything() == before
    assert len(await shown(world, contract)) == 1


async def test_corrected_terms_take_back_what_is_owed_no_longer(both_worlds: World) -> None:
    world = both_worlds
    contract, _ = await settled(world)
    request = CorrectContractTerms(
        contract.id, 1, LONGER, "A hundred hours were signed.", is_dry_run=False
    )

    await correct_contract_terms(world.desk, viewer=world.alice, request=request)

    assert [state for state, _ in await shown(world, contract)] == [SUPERSEDED]


async def test_a_corrected_calendar_settles_every_contract_that_counts_on_it(
    both_worlds: World,
) -> None:
    world = both_worlds
    contract, _ = await settled(world)
    hours = BusinessHours(
        "Europe/Paris", dict.fromkeys(list(Weekday)[:5], (Span.between("09:00", "10:00"),))
    )
    request = CorrectCalendar("ouvre5", 1, hours, "Open for an hour a day.", is_dry_run=False)

    await correct_calendar(world.desk, viewer=world.alice, request=request)

    assert [state for state, _ in await shown(world, contract)] == [SUPERSEDED]


async def test_a_breach_that_appears_is_worth_something_at_once(world: World) -> None:
    contract = await compensating(world)
    ticket = await late_p0(world, resolved="07-06 15:00")
    world.now.set(at("07-09 09:00"))
    await settle(world, contract)
    assert await shown(world, contract) == []

    await resolved_at(world, ticket, "07-08 17:00")

    assert [state for state, _ in await shown(world, contract)] == [PROPOSED]


async def test_an_exclusion_and_its_lifting_are_followed_at_once(both_worlds: World) -> None:
    world = both_worlds
    contract, ticket = await settled(world)
    [(_, amount)] = await shown(world, contract)

    excluded = await exclude(world, ticket)
    without = await shown(world, contract)
    await lift_exclusion(
        world.desk, viewer=world.alice, request=LiftExclusion(excluded.id, "A gesture")
    )

    assert PROPOSED not in {state for state, _ in without}
    assert (await shown(world, contract))[-1] == (PROPOSED, amount)


async def test_what_was_rejected_stays_rejected(world: World) -> None:
    contract, ticket = await settled(world)
    [credit] = await credits_of(world, contract.id)
    rejection = RejectCredit(credit.id, "The client agreed.")
    await reject_credit(world.desk, viewer=world.alice, request=rejection)

    await resolved_at(world, ticket, "07-07 11:00")

    assert [state for state, _ in await shown(world, contract)] == [CreditState.REJECTED]


async def test_a_fee_with_tax_in_it_stops_no_correction(world: World) -> None:
    contract = await compensating(world, price=PlanPrice(Money(199_00), TaxBasis.TTC))
    ticket = await late_p0(world, resolved="07-06 15:00")
    world.now.set(at("07-09 09:00"))

    await resolved_at(world, ticket, "07-08 17:00")

    assert await shown(world, contract) == []
    clock = (await world.clocks(ticket.id))["RESOLUTION", 1]
    assert clock["stopped_at"] == at("07-08 17:00")
