"""A person at a client may write and is written to."""

from dataclasses import replace

import pytest

from helpdesk.domain.access import AgencyOnly, NotFound, Scope, ScopeMissing
from helpdesk.domain.agency import Contact
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import ClientId
from helpdesk.domain.message import TextRequired, TextTooLong
from helpdesk.usecases.create_contact import (
    NAME_LIMIT,
    CreateContact,
    EmailInvalid,
    EmailTaken,
    create_contact,
)
from tests.factories import AGENCY_ID, BRUNOS_CLIENT
from tests.usecases.world import YVES_CLIENT, World

BEA = CreateContact(BRUNOS_CLIENT, " Béa ", " Bea@Bruno.example ", Locale.EN)


async def test_a_person_of_a_client_is_known_by_her_address(both_worlds: World) -> None:
    world = both_worlds

    contact = await create_contact(world.desk, viewer=world.alice, request=BEA)

    assert contact == Contact(
        id=contact.id,
        agency_id=AGENCY_ID,
        client_id=BRUNOS_CLIENT,
        name="Béa",
        email="bea@bruno.example",
        locale=Locale.EN,
    )
    async with world.desk.store.reading(AGENCY_ID) as records:
        assert await records.clients.contact_by_email("bea@bruno.example") == contact


@pytest.mark.parametrize("client_id", [ClientId("nobody"), YVES_CLIENT])
async def test_a_person_is_of_a_client_of_the_agency(world: World, client_id: ClientId) -> None:
    async with world.refused(NotFound) as refusal:
        await create_contact(
            world.desk, viewer=world.alice, request=replace(BEA, client_id=client_id)
        )

    assert refusal.value.path == ("clientId",)
    assert refusal.value.values == {"what": "Client", "id": client_id}


@pytest.mark.parametrize(
    "email", ["BRUNO@bruno.example", "chloe@chloe.example", "alice@alice.example"]
)
async def test_an_address_is_one_persons(world: World, email: str) -> None:
    async with world.refused(EmailTaken) as refusal:
        await create_contact(world.desk, viewer=world.alice, request=replace(BEA, email=email))

    assert refusal.value.path == ("email",)
    assert refusal.value.values == {"email": email.lower()}


async def test_the_same_person_may_be_known_to_two_agencies(world: World) -> None:
    request = CreateContact(YVES_CLIENT, "Bruno", "bruno@bruno.example")

    contact = await create_contact(world.desk, viewer=world.zoe, request=request)

    assert (contact.email, contact.locale) == ("bruno@bruno.example", Locale.FR)


@pytest.mark.parametrize(
    "email",
    [
        "",
        "bea",
        "@bruno.example",
        "bea@",
        "bea@bruno@example",
        "be a@bruno.example",
        "Béa <bea@bruno.example>",
        "bea@bruno.example,x@y.example",
        "be\x00a@bruno.example",
        "bea@bruno\x7f.example",
        "be\ud800a@bruno.example",
        "b" * 65 + "@bruno.example",
    ],
)
async def test_what_is_no_address_is_refused(world: World, email: str) -> None:
    async with world.refused(EmailInvalid) as refusal:
        await create_contact(world.desk, viewer=world.alice, request=replace(BEA, email=email))

    assert refusal.value.path == ("email",)
    assert refusal.value.values == {"email": email}


@pytest.mark.parametrize(
    ("name", "error"), [("", TextRequired), ("x" * (NAME_LIMIT + 1), TextTooLong)]
)
async def test_a_person_has_a_name(
    world: World, name: str, error: type[TextRequired | TextTooLong]
) -> None:
    async with world.refused(error) as refusal:
        await create_contact(world.desk, viewer=world.alice, request=replace(BEA, name=name))

    assert refusal.value.path == ("name",)


async def test_a_client_adds_nobody(world: World) -> None:
    for principal in (world.bruno, world.brunos_robot):
        async with world.refused(AgencyOnly):
            await create_contact(world.desk, viewer=principal, request=BEA)


async def test_a_reader_adds_nobody(world: World) -> None:
    reader = replace(world.alice, scopes=frozenset(Scope) - {Scope.CLIENTS_WRITE})

    async with world.refused(ScopeMissing):
        await create_contact(world.desk, viewer=reader, request=BEA)
