"""A client joins, with the mail domains by which its people are recognised."""

from dataclasses import replace

import pytest

from helpdesk.domain.access import AgencyOnly, Scope, ScopeMissing
from helpdesk.domain.agency import Client
from helpdesk.domain.message import TextRequired, TextTooLong
from helpdesk.usecases.create_client import (
    NAME_LIMIT,
    CreateClient,
    DomainInvalid,
    DomainTaken,
    create_client,
)
from tests.factories import AGENCY_ID
from tests.usecases.world import ZOES_AGENCY, World

NADIA = CreateClient(" Nadia SARL ", ("nadia.example", " @Shop.Nadia.example"))


async def test_a_client_joins_with_its_domains(both_worlds: World) -> None:
    world = both_worlds

    client = await create_client(world.desk, viewer=world.alice, request=NADIA)

    assert client == Client(
        id=client.id,
        agency_id=AGENCY_ID,
        name="Nadia SARL",
        domains=frozenset({"nadia.example", "shop.nadia.example"}),
    )
    async with world.desk.store.reading(AGENCY_ID) as records:
        assert await records.clients.client(client.id) == client
        assert await records.clients.client_of_domains(["shop.nadia.example"]) == client
    async with world.desk.store.reading(ZOES_AGENCY) as records:
        assert await records.clients.client(client.id) is None


async def test_two_agencies_may_have_a_client_of_one_domain(world: World) -> None:
    request = CreateClient("Bruno SA", ("bruno.example",))

    client = await create_client(world.desk, viewer=world.zoe, request=request)

    async with world.desk.store.reading(ZOES_AGENCY) as records:
        assert await records.clients.client_of_domains(["bruno.example"]) == client


async def test_a_domain_belongs_to_one_client(world: World) -> None:
    async with world.refused(DomainTaken) as refusal:
        await create_client(
            world.desk,
            viewer=world.alice,
            request=CreateClient("Nadia SARL", ("nadia.example", "BRUNO.example")),
        )

    assert refusal.value.path == ("domains",)
    assert refusal.value.values == {"domain": "bruno.example", "owner": "Bruno SA"}


@pytest.mark.parametrize(
    "domain",
    [
        "",
        "nadia",
        "nadia@nadia.example",
        "https://nadia.example",
        "nadia .example",
        "-nadia.example",
        "nadia..example",
        "na\x00dia.example",
        "a" * 64 + ".example",
        "a." * 127 + "example",
    ],
)
async def test_what_is_no_mail_domain_is_refused(world: World, domain: str) -> None:
    async with world.refused(DomainInvalid) as refusal:
        await create_client(
            world.desk, viewer=world.alice, request=CreateClient("Nadia SARL", (domain,))
        )

    assert refusal.value.path == ("domains",)
    assert refusal.value.values == {"domain": domain}


@pytest.mark.parametrize(
    ("name", "error"), [(" ", TextRequired), ("x" * (NAME_LIMIT + 1), TextTooLong)]
)
async def test_a_client_has_a_name(
    world: World, name: str, error: type[TextRequired | TextTooLong]
) -> None:
    async with world.refused(error) as refusal:
        await create_client(world.desk, viewer=world.alice, request=replace(NADIA, name=name))

    assert refusal.value.path == ("name",)


async def test_a_client_adds_no_client(world: World) -> None:
    for principal in (world.bruno, world.brunos_robot):
        async with world.refused(AgencyOnly):
            await create_client(world.desk, viewer=principal, request=NADIA)


async def test_a_reader_adds_no_client(world: World) -> None:
    reader = replace(world.alice, scopes=frozenset(Scope) - {Scope.CLIENTS_WRITE})

    async with world.refused(ScopeMissing) as refusal:
        await create_client(world.desk, viewer=reader, request=NADIA)

    assert refusal.value.values == {"scope": Scope.CLIENTS_WRITE}
