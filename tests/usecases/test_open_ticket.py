"""A request becomes a ticket with its priority and running clocks."""

from dataclasses import replace
from typing import Any

import pytest

from helpdesk.domain.access import AgencyOnly, NotFound, Scope, ScopeMissing, Viewer
from helpdesk.domain.ids import ClientId, ContactId, ContractId, SiteId
from helpdesk.domain.message import SUBJECT_LIMIT, TextRequired, TextTooLong
from helpdesk.domain.priority import (
    Criticality,
    Impact,
    Priority,
    PriorityReasonRequired,
    SecuritySign,
    Triage,
    Urgency,
)
from helpdesk.domain.ticket import Channel, Ticket, TicketKind, TicketStatus
from helpdesk.storage.tables.mail import OUTBOX_MAIL
from helpdesk.storage.tables.ticket import MESSAGE, TICKET
from helpdesk.usecases.idempotency import IdempotencyKeyReused, IdempotencyKeyTooLong
from helpdesk.usecases.open_ticket import ClientRequired, OpenTicket, open_ticket
from tests.factories import AGENCY_ID, BRUNO, BRUNOS_CLIENT, CHLOES_CLIENT, MONDAY, at
from tests.usecases.world import World

SHOP, CHLOES_SITE = SiteId("bruno.example"), SiteId("chloe.example")
CONTRACT = ContractId("contract-of-bruno")
ASKED = OpenTicket("  The contact form is silent ", " Nobody answers. ")


async def opened_by(world: World, viewer: Viewer, **asked: Any) -> Ticket:  # Any: its fields
    """Return the ticket that somebody opens."""
    return await open_ticket(world.desk, viewer=viewer, request=replace(ASKED, **asked))


async def test_a_clients_request_becomes_a_ticket(world: World) -> None:
    ticket = await opened_by(world, world.bruno)

    assert ticket == await world.kept(ticket.id)
    assert ticket.number == "1"
    assert ticket.client_id == BRUNOS_CLIENT
    assert ticket.requester_id == BRUNO.contact_id
    assert ticket.contract_id == CONTRACT
    assert (ticket.subject, ticket.description) == ("The contact form is silent", "Nobody answers.")
    assert (ticket.status, ticket.opened_at, ticket.version) == (TicketStatus.NEW, MONDAY, 1)
    assert (ticket.impact, ticket.urgency) == (Impact.MINOR, Urgency.NORMAL)
    assert ticket.priority is Priority.P2
    assert ticket.triaged_at is None
    assert (ticket.channel, ticket.kind) == (Channel.API, TicketKind.CORRECTIVE)
    assert ticket.criticality is Criticality.STANDARD


async def test_an_opening_writes_its_fact_its_message_and_its_clocks(world: World) -> None:
    ticket = await opened_by(world, world.bruno)

    (event,) = await world.history(ticket.id)
    (message,) = await world.rows(MESSAGE)
    clocks = await world.clocks(ticket.id)
    assert event.kind.value == "OPENED"
    assert event.actor == BRUNO
    assert event.message_id == message["id"]
    assert (message["body"], message["author_kind"]) == ("Nobody answers.", "CONTACT")
    assert message["is_internal"] is message["is_automatic"] is False
    assert clocks.keys() == {("FIRST_RESPONSE", 1), ("DELIVERY", 1)}
    assert clocks["FIRST_RESPONSE", 1]["deadline_at"] == at("07-09 09:00")
    assert (await world.rows(TICKET))[0]["next_deadline_at"] == at("07-09 09:00")
    assert await world.rows(OUTBOX_MAIL) == []


async def test_numbers_follow_each_other_in_each_agency(world: World) -> None:
    numbers = [(await opened_by(world, world.bruno)).number for _ in range(3)]
    zoes = await opened_by(world, world.zoe, client_id=ClientId("yves-sa"))

    assert numbers == ["1", "2", "3"]
    assert zoes.number == "1"


async def test_an_agent_weighs_the_request_as_he_opens_it(world: World) -> None:
    ticket = await opened_by(
        world, world.alice, client_id=BRUNOS_CLIENT, impact=Impact.MAJOR, urgency=Urgency.HIGH
    )

    assert ticket.priority is Priority.P1
    assert ticket.triaged_at == MONDAY
    assert ticket.requester_id is None


async def test_a_client_who_weighs_his_request_has_not_triaged_it(world: World) -> None:
    ticket = await opened_by(world, world.bruno, impact=Impact.MAJOR)

    assert ticket.impact is Impact.MAJOR
    assert ticket.triaged_at is None


async def test_a_sign_of_intrusion_makes_a_security_incident(world: World) -> None:
    ticket = await opened_by(
        world,
        world.alice,
        client_id=BRUNOS_CLIENT,
        security_sign=SecuritySign.DATA_COMPROMISED,
    )

    assert ticket.priority is Priority.P0
    assert ticket.kind is TicketKind.SECURITY
    assert ticket.triaged_at == MONDAY


async def test_a_site_says_whose_request_it_is_and_never_its_priority(world: World) -> None:
    ticket = await opened_by(world, world.alice, site_id=SHOP)

    assert ticket.client_id == BRUNOS_CLIENT
    assert ticket.criticality is Criticality.VITAL
    assert ticket.priority is Priority.P2


async def test_the_requester_says_whose_request_it_is(world: World) -> None:
    ticket = await opened_by(world, world.alice, requester_id=BRUNO.contact_id)

    assert ticket.client_id == BRUNOS_CLIENT


async def test_a_clients_program_asks_without_a_requester(world: World) -> None:
    ticket = await opened_by(world, world.brunos_robot)

    assert ticket.client_id == BRUNOS_CLIENT
    assert ticket.requester_id is None


async def test_a_request_that_no_contract_covers_is_promised_nothing(world: World) -> None:
    await _end_contract(world)

    ticket = await opened_by(world, world.bruno, impact=Impact.CRITICAL, urgency=Urgency.HIGH)

    assert ticket.contract_id is None
    assert ticket.priority is Priority.P0
    assert await world.clocks(ticket.id) == {}


async def _end_contract(world: World) -> None:
    """Move Bruno to a client of his own, whom no contract names."""
    async with world.desk.store.transaction(AGENCY_ID) as records:
        client = await records.clients.client(BRUNOS_CLIENT)
        assert client is not None
        await records.clients.add_client(
            replace(client, id=ClientId("bruno-bis"), domains=frozenset())
        )
    world.bruno = replace(world.bruno, client_id=ClientId("bruno-bis"), contact_id=None)


async def test_the_default_triage_is_the_contracts(world: World) -> None:
    async with world.desk.store.transaction(AGENCY_ID) as records:
        contract = await records.contracts.contract(CONTRACT)
        assert contract is not None
        terms = replace(
            contract.terms[0],
            version=2,
            effective_from=MONDAY,
            default_triage=Triage(Impact.MAJOR, Urgency.HIGH),
        )
        await records.contracts.add_terms(CONTRACT, terms)

    ticket = await opened_by(world, world.bruno)

    assert ticket.priority is Priority.P1
    assert ticket.triaged_at is None
    assert (await world.clocks(ticket.id))["FIRST_RESPONSE", 1]["terms_version"] == 2


# Overrides.


async def test_another_priority_says_why(world: World) -> None:
    ticket = await opened_by(
        world,
        world.alice,
        client_id=BRUNOS_CLIENT,
        priority=Priority.P0,
        reason="the fair is tomorrow",
    )

    assert ticket.priority is Priority.P0
    assert ticket.priority_reason == "the fair is tomorrow"


async def test_another_priority_without_a_reason_opens_nothing(world: World) -> None:
    async with world.refused(PriorityReasonRequired):
        await opened_by(world, world.alice, client_id=BRUNOS_CLIENT, priority=Priority.P0)


async def test_a_client_does_not_override_the_priority(world: World) -> None:
    async with world.refused(AgencyOnly):
        await opened_by(world, world.bruno, priority=Priority.P0, reason="because it is mine")


# Refusals.


@pytest.mark.parametrize("field", ["subject", "description"])
async def test_a_request_without_words_opens_nothing(world: World, field: str) -> None:
    async with world.refused(TextRequired) as refusal:
        await opened_by(world, world.bruno, **{field: " \n"})

    assert refusal.value.path == (field,)


async def test_a_subject_that_is_a_document_opens_nothing(world: World) -> None:
    async with world.refused(TextTooLong):
        await opened_by(world, world.bruno, subject="x" * (SUBJECT_LIMIT + 1))


async def test_a_token_without_the_right_opens_nothing(world: World) -> None:
    reader = replace(world.alice, scopes=frozenset({Scope.TICKETS_READ}))

    async with world.refused(ScopeMissing):
        await opened_by(world, reader, client_id=BRUNOS_CLIENT)


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ({"client_id": ClientId("nobody")}, "clientId"),
        ({"client_id": ClientId("yves-sa")}, "clientId"),
        ({"client_id": BRUNOS_CLIENT, "requester_id": ContactId("nobody")}, "requesterId"),
        ({"client_id": BRUNOS_CLIENT, "site_id": SiteId("nowhere")}, "siteId"),
        ({"client_id": BRUNOS_CLIENT, "requester_id": ContactId("chloe")}, "requesterId"),
        ({"client_id": BRUNOS_CLIENT, "site_id": CHLOES_SITE}, "siteId"),
    ],
)
async def test_a_party_that_does_not_exist_opens_nothing(
    world: World, asked: dict[str, str], path: str
) -> None:
    async with world.refused(NotFound) as refusal:
        await opened_by(world, world.alice, **asked)

    assert refusal.value.path == (path,)


async def test_a_ticket_of_nobody_is_not_opened(world: World) -> None:
    async with world.refused(ClientRequired) as refusal:
        await opened_by(world, world.alice)

    assert refusal.value.path == ("clientId",)


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ({"client_id": CHLOES_CLIENT}, "clientId"),
        ({"requester_id": ContactId("chloe")}, "requesterId"),
        ({"site_id": CHLOES_SITE}, "siteId"),
    ],
)
async def test_other_clients_do_not_exist_for_a_client(
    world: World, asked: dict[str, str], path: str
) -> None:
    async with world.refused(NotFound) as refusal:
        await opened_by(world, world.bruno, **asked)

    assert refusal.value.path == (path,)


async def test_the_clients_of_an_agency_do_not_exist_for_another(world: World) -> None:
    async with world.refused(NotFound):
        await opened_by(world, world.zoe, client_id=BRUNOS_CLIENT)


# The same request twice.


async def test_the_same_key_and_request_get_the_same_ticket(world: World) -> None:
    first = await opened_by(world, world.bruno, idempotency_key="k1")
    before = await world.everything()
    world.now.advance(hours=1)

    again = await opened_by(world, world.bruno, idempotency_key="k1")

    assert again == first
    assert await world.everything() == before


async def test_the_same_key_for_another_request_is_refused(world: World) -> None:
    await opened_by(world, world.bruno, idempotency_key="k1")

    async with world.refused(IdempotencyKeyReused) as refusal:
        await opened_by(world, world.bruno, idempotency_key="k1", subject="Something else")

    assert refusal.value.path == ("idempotencyKey",)


async def test_two_people_may_choose_the_same_key(world: World) -> None:
    viewers = (world.bruno, world.chloe, world.brunos_robot)

    tickets = [await opened_by(world, viewer, idempotency_key="k1") for viewer in viewers]

    assert len({ticket.id for ticket in tickets}) == 3


async def test_without_a_key_every_request_is_a_ticket(world: World) -> None:
    first, second = await opened_by(world, world.bruno), await opened_by(world, world.bruno)

    assert first.id != second.id


async def test_a_key_has_at_most_200_characters(world: World) -> None:
    async with world.refused(IdempotencyKeyTooLong):
        await opened_by(world, world.bruno, idempotency_key="k" * 201)

    assert (await opened_by(world, world.bruno, idempotency_key="k" * 200)).number == "1"


async def test_a_refused_request_leaves_its_key_free(world: World) -> None:
    async with world.refused(TextRequired):
        await opened_by(world, world.bruno, idempotency_key="k1", subject="")

    assert (await opened_by(world, world.bruno, idempotency_key="k1")).number == "1"
