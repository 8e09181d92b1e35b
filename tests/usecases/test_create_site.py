"""A website or application comes under maintenance."""

from dataclasses import replace

import pytest

from helpdesk.domain.access import AgencyOnly, NotFound, Scope, ScopeMissing
from helpdesk.domain.agency import Site
from helpdesk.domain.ids import ClientId
from helpdesk.domain.message import TextRequired, TextTooLong
from helpdesk.domain.priority import Criticality
from helpdesk.usecases.create_site import NAME_LIMIT, CreateSite, SiteUrlInvalid, create_site
from tests.factories import AGENCY_ID, BRUNOS_CLIENT
from tests.usecases.world import YVES_CLIENT, World

SHOP = CreateSite(BRUNOS_CLIENT, " Shop ", " https://shop.bruno.example/fr ", Criticality.VITAL)


async def test_a_site_comes_under_maintenance(both_worlds: World) -> None:
    world = both_worlds

    site = await create_site(world.desk, viewer=world.alice, request=SHOP)

    assert site == Site(
        id=site.id,
        agency_id=AGENCY_ID,
        client_id=BRUNOS_CLIENT,
        name="Shop",
        url="https://shop.bruno.example/fr",
        criticality=Criticality.VITAL,
    )
    async with world.desk.store.reading(AGENCY_ID) as records:
        assert await records.clients.site(site.id) == site


@pytest.mark.parametrize("client_id", [ClientId("nobody"), YVES_CLIENT])
async def test_a_site_is_of_a_client_of_the_agency(world: World, client_id: ClientId) -> None:
    async with world.refused(NotFound) as refusal:
        await create_site(
            world.desk, viewer=world.alice, request=replace(SHOP, client_id=client_id)
        )

    assert refusal.value.path == ("clientId",)
    assert refusal.value.values == {"what": "Client", "id": client_id}


@pytest.mark.parametrize(
    "url",
    [
        "",
        "shop.bruno.example",
        "ftp://shop.bruno.example",
        "javascript://shop.bruno.example/%0aalert(1)",
        "https://",
        "https:///shop",
        "https://[shop",
        "https://shop.bruno.example:0x50",
        "https://shop.bruno.example/a b",
        "https://shop.bruno.example/a\nb",
        "https://shop\x00.bruno.example",
        "https://shop.bruno.example/\ud800",
    ],
)
async def test_what_is_no_web_address_is_refused(world: World, url: str) -> None:
    async with world.refused(SiteUrlInvalid) as refusal:
        await create_site(world.desk, viewer=world.alice, request=replace(SHOP, url=url))

    assert refusal.value.path == ("url",)
    assert refusal.value.values == {"url": url}


@pytest.mark.parametrize(
    ("name", "error"), [("", TextRequired), ("x" * (NAME_LIMIT + 1), TextTooLong)]
)
async def test_a_site_has_a_name(
    world: World, name: str, error: type[TextRequired | TextTooLong]
) -> None:
    async with world.refused(error) as refusal:
        await create_site(world.desk, viewer=world.alice, request=replace(SHOP, name=name))

    assert refusal.value.path == ("name",)


async def test_a_client_adds_no_site(world: World) -> None:
    for principal in (world.bruno, world.brunos_robot):
        async with world.refused(AgencyOnly):
            await create_site(world.desk, viewer=principal, request=SHOP)


async def test_a_reader_adds_no_site(world: World) -> None:
    reader = replace(world.alice, scopes=frozenset(Scope) - {Scope.CLIENTS_WRITE})

    async with world.refused(ScopeMissing):
        await create_site(world.desk, viewer=reader, request=SHOP)
