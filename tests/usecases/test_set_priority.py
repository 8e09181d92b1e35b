"""A request is weighed: impact and urgency give the priority, or somebody answers for another."""

from dataclasses import replace

from helpdesk.domain.contract import ContractTerms
from helpdesk.domain.ids import ClientId, ContractId, TicketId
from helpdesk.domain.priority import (
    Impact,
    Priority,
    PriorityMatrix,
    PriorityReasonRequired,
    SecuritySign,
    Urgency,
)
from helpdesk.domain.ticket import TicketEvent, TicketEventKind, TransitionRefused
from helpdesk.presets.catalogue import priority_matrix
from helpdesk.usecases.cancel_ticket import cancel_ticket
from helpdesk.usecases.create_client import CreateClient, create_client
from helpdesk.usecases.open_ticket import OpenTicket, open_ticket
from helpdesk.usecases.set_priority import SetPriority, set_priority
from helpdesk.usecases.ticket_step import ReasonedStepRequest
from tests.factories import AGENCY_ID, ALICE, at
from tests.usecases.world import World

CONTRACT = ContractId("contract-of-bruno")


async def test_a_weight_gives_the_priority_of_the_contract_and_moves_the_clocks(
    both_worlds: World,
) -> None:
    world = both_worlds
    ticket = await world.ticket()
    world.now.set(at("07-06 10:00"))
    request = SetPriority(ticket.id, Impact.CRITICAL, Urgency.HIGH, expected_version=1)

    weighed = await set_priority(world.desk, viewer=world.alice, request=request)

    assert weighed == replace(
        ticket,
        impact=Impact.CRITICAL,
        urgency=Urgency.HIGH,
        priority=Priority.P0,
        triaged_at=at("07-06 10:00"),
        version=2,
    )
    assert await world.kept(ticket.id) == weighed
    assert (await world.history(ticket.id))[1:] == (
        TicketEvent(
            ticket_id=ticket.id,
            sequence=2,
            at=at("07-06 10:00"),
            kind=TicketEventKind.PRIORITY_SET,
            actor=ALICE,
            before={"impact": "MINOR", "urgency": "NORMAL", "priority": "P2", "triaged_at": None},
            after={
                "impact": "CRITICAL",
                "urgency": "HIGH",
                "priority": "P0",
                "triaged_at": "2026-07-06T08:00:00+00:00",
            },
        ),
    )
    clocks = await world.clocks(ticket.id)
    assert sorted(clocks) == [
        ("DELIVERY", 1),
        ("FIRST_RESPONSE", 1),
        ("RESOLUTION", 1),
        ("UPDATE", 1),
    ]
    first = clocks["FIRST_RESPONSE", 1]
    assert (first["started_at"], first["deadline_at"]) == (at("07-06 09:00"), at("07-06 13:00"))
    assert first["target"]["amount"] == 240
    assert clocks["RESOLUTION", 1]["started_at"] is None
    delivery = clocks["DELIVERY", 1]
    assert (delivery["cancelled_at"], delivery["deadline_at"]) == (at("07-06 10:00"), None)


async def test_what_is_left_out_is_kept(world: World) -> None:
    ticket = await world.ticket(impact=Impact.MAJOR, urgency=Urgency.LOW)
    request = SetPriority(ticket.id, urgency=Urgency.HIGH)

    weighed = await set_priority(world.desk, viewer=world.alice, request=request)

    assert (weighed.impact, weighed.urgency) == (Impact.MAJOR, Urgency.HIGH)
    assert weighed.priority is Priority.P1


async def test_the_first_triage_keeps_its_instant(world: World) -> None:
    ticket = await world.ticket()
    await set_priority(world.desk, viewer=world.alice, request=SetPriority(ticket.id))
    world.now.advance(hours=1)
    request = SetPriority(ticket.id, Impact.NONE)

    weighed = await set_priority(world.desk, viewer=world.alice, request=request)

    assert weighed.triaged_at == at("07-06 09:00")


async def test_a_sign_of_intrusion_is_p0_and_stays(world: World) -> None:
    ticket = await world.ticket()
    sign = SetPriority(ticket.id, security_sign=SecuritySign.FLAW_EXPLOITED)
    await set_priority(world.desk, viewer=world.alice, request=sign)

    weighed = await set_priority(
        world.desk, viewer=world.alice, request=SetPriority(ticket.id, Impact.NONE)
    )

    assert weighed.priority is Priority.P0
    assert weighed.security_sign is SecuritySign.FLAW_EXPLOITED


async def test_another_priority_says_why(world: World) -> None:
    ticket = await world.ticket()
    request = SetPriority(ticket.id, priority=Priority.P1, reason=" The board visits ")

    weighed = await set_priority(world.desk, viewer=world.alice, request=request)

    assert (weighed.priority, weighed.priority_reason) == (Priority.P1, "The board visits")
    assert (await world.history(ticket.id))[-1].reason == "The board visits"


async def test_weighing_again_ends_the_override(world: World) -> None:
    ticket = await world.ticket()
    override = SetPriority(ticket.id, priority=Priority.P0, reason="The board visits")
    await set_priority(world.desk, viewer=world.alice, request=override)

    weighed = await set_priority(world.desk, viewer=world.alice, request=SetPriority(ticket.id))

    assert (weighed.priority, weighed.priority_reason) == (Priority.P2, None)


async def test_another_priority_without_a_reason_is_refused(world: World) -> None:
    ticket = await world.ticket()

    async with world.refused(PriorityReasonRequired) as refusal:
        await set_priority(
            world.desk, viewer=world.alice, request=SetPriority(ticket.id, priority=Priority.P1)
        )

    assert refusal.value.path == ("reason",)
    assert refusal.value.values == {"expected": Priority.P2, "wanted": Priority.P1}


async def test_a_cancelled_ticket_is_weighed_no_more(world: World) -> None:
    ticket = await world.ticket()
    step = ReasonedStepRequest(ticket.id, "A mistake")
    await cancel_ticket(world.desk, viewer=world.alice, request=step)

    async with world.refused(TransitionRefused):
        await set_priority(
            world.desk, viewer=world.alice, request=SetPriority(ticket.id, Impact.MAJOR)
        )


async def test_a_ticket_is_weighed_by_the_terms_in_force_when_it_is_weighed(world: World) -> None:
    ticket = await world.ticket()
    await _add_terms(world, _everything_is(Priority.P3))
    world.now.set(at("07-08 09:00"))

    weighed = await set_priority(
        world.desk, viewer=world.alice, request=SetPriority(ticket.id, Impact.CRITICAL)
    )
    later = await world.ticket("A later one", impact=Impact.CRITICAL)

    assert (weighed.priority, later.priority) == (Priority.P3, Priority.P3)
    assert {row["terms_version"] for row in (await world.clocks(ticket.id)).values()} == {2}


async def test_a_ticket_without_a_contract_is_weighed_by_the_default_matrix(
    world: World,
) -> None:
    newcomer = await create_client(
        world.desk, viewer=world.alice, request=CreateClient("Nadia SARL")
    )
    ticket = await _ticket_for(world, newcomer.id)
    desk = replace(world.desk, default_matrix=_everything_is(Priority.P1))

    weighed = await set_priority(desk, viewer=world.alice, request=SetPriority(ticket, Impact.NONE))

    assert (weighed.contract_id, weighed.priority) == (None, Priority.P1)
    assert await world.clocks(ticket) == {}


def _everything_is(priority: Priority) -> PriorityMatrix:
    cells = {impact: dict.fromkeys(Urgency, priority) for impact in Impact}
    return replace(priority_matrix("guide"), cells=cells)


async def _add_terms(world: World, matrix: PriorityMatrix) -> None:
    """Give Bruno's contract new terms from Tuesday on."""
    async with world.desk.store.transaction(AGENCY_ID) as records:
        contract = await records.contracts.contract(CONTRACT)
        assert contract is not None
        (terms,) = contract.terms
        later: ContractTerms = replace(
            terms, version=2, effective_from=at("07-07 00:00"), matrix=matrix
        )
        await records.contracts.add_terms(CONTRACT, later)


async def _ticket_for(world: World, client_id: ClientId) -> TicketId:
    request = OpenTicket("Hello", "We are new.", client_id=client_id)
    return (await open_ticket(world.desk, viewer=world.alice, request=request)).id
