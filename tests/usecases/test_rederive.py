"""The kept clocks of many tickets follow a version that moves them, and nothing else changes."""

from dataclasses import replace
from datetime import datetime

import pytest

from helpdesk.domain.contract import ContractTerms
from helpdesk.domain.ids import ContractId, TicketId
from helpdesk.domain.sla import SlaMetric
from helpdesk.domain.ticket import Ticket
from helpdesk.storage.tables.ticket import TICKET
from helpdesk.usecases import rederive
from helpdesk.usecases.create_client import CreateClient, create_client
from helpdesk.usecases.open_ticket import OpenTicket, open_ticket
from helpdesk.usecases.rederive import rederive_tickets
from helpdesk.usecases.resolve_ticket import resolve_ticket
from helpdesk.usecases.ticket_step import TicketStepRequest
from tests.factories import AGENCY_ID, OFFICE, a_target, at
from tests.usecases.world import World

CONTRACT = ContractId("contract-of-bruno")
HALF_PAST = at("07-06 09:30")


async def _agreed(world: World, *, since: datetime = HALF_PAST, hours: int = 40) -> ContractTerms:
    """Add terms under which Bruno has this long to hear of us and nothing else."""
    async with world.desk.store.transaction(AGENCY_ID) as records:
        contract = await records.contracts.contract(CONTRACT)
        assert contract is not None
        first = contract.terms[0]
        targets = (a_target(SlaMetric.FIRST_RESPONSE, hours=hours),)
        sla = replace(first.sla, targets=dict.fromkeys(first.sla.targets, targets), ladders=())
        terms = replace(first, version=2, effective_from=since, sla=sla)
        await records.contracts.add_terms(CONTRACT, terms)
    world.now.set(since)
    return terms


async def _rederived(world: World, *tickets: Ticket) -> tuple[TicketId, ...]:
    async with world.desk.store.transaction(AGENCY_ID) as records:
        return await rederive_tickets(world.desk, records, [ticket.id for ticket in tickets])


async def test_clocks_that_a_version_moves_are_rewritten(both_worlds: World) -> None:
    world = both_worlds
    ticket, bystander = (
        await world.ticket(),
        await open_ticket(
            world.desk,
            viewer=world.chloe,
            request=OpenTicket("A word to change", "On the home page."),
        ),
    )
    before, others = await world.clocks(ticket.id), await world.clocks(bystander.id)
    history = await world.history(ticket.id)
    terms = await _agreed(world)

    moved = await _rederived(world, ticket, bystander)

    assert moved == (ticket.id,)
    after = await world.clocks(ticket.id)
    assert after != before
    assert after["FIRST_RESPONSE", 1]["terms_version"] == terms.version
    assert await world.clocks(bystander.id) == others
    assert await world.history(ticket.id) == history
    assert await world.kept(ticket.id) == ticket


async def test_terms_to_come_move_nothing_before_their_instant(world: World) -> None:
    ticket = await world.ticket()
    before = await world.clocks(ticket.id)
    await _agreed(world)
    world.now.set(at("07-06 09:15"))

    assert await _rederived(world, ticket) == ()
    assert await world.clocks(ticket.id) == before


async def test_what_the_list_of_tickets_sorts_by_follows(world: World) -> None:
    ticket = await world.ticket()
    await _agreed(world)

    await _rederived(world, ticket)

    (row,) = [row for row in await world.rows(TICKET) if row["id"] == ticket.id]
    clocks = await world.clocks(ticket.id)
    assert row["next_deadline_at"] == clocks["FIRST_RESPONSE", 1]["deadline_at"]
    assert row["breached_at"] == clocks["FIRST_RESPONSE", 1]["breached_at"]


async def test_clocks_that_stand_right_are_not_written(world: World) -> None:
    ticket = await world.ticket()
    before = await world.everything()

    assert await _rederived(world, ticket) == ()
    assert await world.everything() == before


async def test_the_end_of_a_ticket_is_not_moved_by_a_later_version(both_worlds: World) -> None:
    world = both_worlds
    ticket = await world.ticket()
    await resolve_ticket(world.desk, viewer=world.alice, request=TicketStepRequest(ticket.id))
    before = await world.clocks(ticket.id)
    await _agreed(world)

    assert await _rederived(world, ticket) == ()
    assert await world.clocks(ticket.id) == before


async def test_a_ticket_without_a_contract_has_no_clock_to_move(world: World) -> None:
    client = await create_client(world.desk, viewer=world.alice, request=CreateClient("Dora SARL"))
    ticket = await open_ticket(
        world.desk,
        viewer=world.alice,
        request=OpenTicket("The site is slow", "Since noon.", client_id=client.id),
    )

    assert await _rederived(world, ticket) == ()


async def test_many_tickets_are_taken_some_at_a_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rederive, "CHUNK", 2)
    tickets = [await world.ticket() for _ in range(5)]
    await _agreed(world)

    assert await _rederived(world, *reversed(tickets)) == tuple(one.id for one in tickets)


async def test_open_tickets_are_found_by_their_contract_and_its_calendars(
    both_worlds: World,
) -> None:
    world = both_worlds
    ended, first, second = [await world.ticket() for _ in range(3)]
    chloes = await open_ticket(
        world.desk, viewer=world.chloe, request=OpenTicket("A word to change", "On the home page.")
    )
    await resolve_ticket(world.desk, viewer=world.alice, request=TicketStepRequest(ended.id))

    async with world.desk.store.reading(AGENCY_ID) as records:
        many = records.tickets_in_bulk
        of_contract = await many.open_tickets_of_contract(CONTRACT)
        of_calendar = await many.open_tickets_of_calendar(OFFICE)
        of_nobody = await many.open_tickets_of_contract(ContractId("contract-of-yves"))

    assert of_contract == (first.id, second.id)
    assert of_calendar == (first.id, second.id, chloes.id)
    assert of_nobody == ()
