"""A token lets a program in with the rights of its maker at most, until it ends."""

import asyncio
from dataclasses import replace

import pytest

from helpdesk.domain.access import (
    CLIENT_SCOPES,
    ActorKind,
    AgencyOnly,
    NotFound,
    Scope,
    ScopeMissing,
    Viewer,
)
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import ClientId, TokenId
from helpdesk.domain.message import TextRequired, TextTooLong
from helpdesk.storage.tables.agency import TOKEN
from helpdesk.usecases.authenticate import Unauthenticated, authenticate, secret_hash
from helpdesk.usecases.create_client import CreateClient, create_client
from helpdesk.usecases.create_token import (
    NAME_LIMIT,
    CreateToken,
    IssuedToken,
    create_token,
)
from helpdesk.usecases.open_ticket import OpenTicket, open_ticket
from helpdesk.usecases.revoke_token import RevokeToken, revoke_token
from tests.factories import AGENCY_ID, BRUNOS_CLIENT, at
from tests.usecases.world import YVES_CLIENT, World

READING = frozenset({Scope.TICKETS_READ, Scope.CLIENTS_READ})
DASHBOARD = CreateToken(" Dashboard ", READING)


async def _issued(world: World, request: CreateToken = DASHBOARD) -> IssuedToken:
    return await create_token(world.desk, viewer=world.alice, request=request)


async def test_a_secret_becomes_a_service_account(both_worlds: World) -> None:
    world = both_worlds

    issued = await _issued(world)

    assert await authenticate(world.desk, issued.secret) == Viewer(
        kind=ActorKind.SERVICE_ACCOUNT,
        agency_id=AGENCY_ID,
        name="Dashboard",
        locale=Locale.FR,
        scopes=READING,
        token_id=issued.token_id,
    )


async def test_the_secret_itself_is_nowhere(world: World) -> None:
    issued = await _issued(world, replace(DASHBOARD, expires_at=at("07-07 09:00")))

    assert issued.secret not in repr(await world.everything())
    assert await world.rows(TOKEN) == [
        {
            "agency_id": AGENCY_ID,
            "id": issued.token_id,
            "name": "Dashboard",
            "secret_hash": secret_hash(issued.secret),
            "scopes": ["clients:read", "tickets:read"],
            "locale": "fr",
            "agent_id": None,
            "client_id": None,
            "contact_id": None,
            "created_at": at("07-06 09:00"),
            "expires_at": at("07-07 09:00"),
            "revoked_at": None,
        }
    ]


async def test_two_tokens_are_two_secrets(world: World) -> None:
    first, second = await _issued(world), await _issued(world)

    assert first.secret != second.secret
    assert first.token_id != second.token_id


async def test_a_token_may_be_bound_to_a_client(world: World) -> None:
    request = CreateToken("Shop", frozenset(Scope), client_id=BRUNOS_CLIENT)
    issued = await _issued(world, request)

    viewer = await authenticate(world.desk, issued.secret)

    assert viewer.client_id == BRUNOS_CLIENT
    assert {scope for scope in Scope if viewer.may(scope)} == CLIENT_SCOPES
    ticket = await open_ticket(world.desk, viewer=viewer, request=OpenTicket("503", "It is down."))
    assert ticket.client_id == BRUNOS_CLIENT


async def test_a_program_makes_a_token_as_a_person_does(world: World) -> None:
    issued = await create_token(world.desk, viewer=world.robot, request=DASHBOARD)

    viewer = await authenticate(world.desk, issued.secret)

    assert (viewer.name, viewer.scopes, viewer.token_id) == (
        "Dashboard",
        READING,
        issued.token_id,
    )


# What is not given.


async def test_nobody_gives_more_than_he_has(world: World) -> None:
    maker = replace(world.alice, scopes=frozenset({Scope.AGENCY_WRITE, Scope.TICKETS_READ}))

    async with world.refused(ScopeMissing) as refusal:
        await create_token(world.desk, viewer=maker, request=DASHBOARD)

    assert refusal.value.values == {"scope": Scope.CLIENTS_READ}


async def test_who_may_not_write_the_agency_makes_and_revokes_no_token(world: World) -> None:
    issued = await _issued(world)
    reader = replace(world.alice, scopes=frozenset(Scope) - {Scope.AGENCY_WRITE})

    async with world.refused(ScopeMissing):
        await create_token(world.desk, viewer=reader, request=DASHBOARD)
    async with world.refused(ScopeMissing):
        await revoke_token(world.desk, viewer=reader, request=RevokeToken(issued.token_id))


async def test_a_client_makes_and_revokes_no_token(world: World) -> None:
    issued = await _issued(world)

    for principal in (world.bruno, world.brunos_robot):
        async with world.refused(AgencyOnly):
            await create_token(world.desk, viewer=principal, request=DASHBOARD)
        async with world.refused(AgencyOnly):
            await revoke_token(world.desk, viewer=principal, request=RevokeToken(issued.token_id))


@pytest.mark.parametrize("client_id", [ClientId("nobody"), YVES_CLIENT])
async def test_a_token_is_bound_to_a_client_of_the_agency(
    world: World, client_id: ClientId
) -> None:
    async with world.refused(NotFound) as refusal:
        await _issued(world, replace(DASHBOARD, client_id=client_id))

    assert refusal.value.path == ("clientId",)


@pytest.mark.parametrize(
    ("name", "error"), [(" ", TextRequired), ("x" * (NAME_LIMIT + 1), TextTooLong)]
)
async def test_a_token_has_a_name(
    world: World, name: str, error: type[TextRequired | TextTooLong]
) -> None:
    async with world.refused(error) as refusal:
        await _issued(world, replace(DASHBOARD, name=name))

    assert refusal.value.path == ("name",)


# What no longer works.


async def test_an_unknown_secret_lets_nobody_in(world: World) -> None:
    issued = await _issued(world)

    for secret in ("", "hd_unknown", issued.secret + "x", secret_hash(issued.secret)):
        async with world.refused(Unauthenticated):
            await authenticate(world.desk, secret)


async def test_an_expired_token_lets_nobody_in_from_its_last_instant_on(world: World) -> None:
    issued = await _issued(world, replace(DASHBOARD, expires_at=at("07-06 10:00")))
    world.now.set(at("07-06 09:59"))
    viewer = await authenticate(world.desk, issued.secret)

    world.now.set(at("07-06 10:00"))
    async with world.refused(Unauthenticated):
        await authenticate(world.desk, issued.secret)

    assert viewer.token_id == issued.token_id


async def test_a_revoked_token_lets_nobody_in_and_the_others_do(both_worlds: World) -> None:
    world = both_worlds
    leaked, other = await _issued(world), await _issued(world)
    world.now.set(at("07-06 10:00"))

    revoked = await revoke_token(
        world.desk, viewer=world.alice, request=RevokeToken(leaked.token_id)
    )

    assert revoked == leaked.token_id
    async with world.refused(Unauthenticated):
        await authenticate(world.desk, leaked.secret)
    assert (await authenticate(world.desk, other.secret)).token_id == other.token_id
    revoked_at = {row["id"]: row["revoked_at"] for row in await world.rows(TOKEN)}
    assert revoked_at == {leaked.token_id: at("07-06 10:00"), other.token_id: None}


async def test_a_token_is_revoked_once(world: World) -> None:
    issued = await _issued(world)
    request = RevokeToken(issued.token_id)
    await revoke_token(world.desk, viewer=world.alice, request=request)
    world.now.advance(hours=1)

    async with world.refused(NotFound) as refusal:
        await revoke_token(world.desk, viewer=world.alice, request=request)

    assert refusal.value.path == ("tokenId",)
    assert refusal.value.values == {"what": "ApiToken", "id": issued.token_id}


async def test_of_two_who_revoke_a_token_one_does(both_worlds: World) -> None:
    issued = await _issued(both_worlds)
    request = RevokeToken(issued.token_id)

    outcomes = await asyncio.gather(
        *(
            revoke_token(both_worlds.desk, viewer=viewer, request=request)
            for viewer in (both_worlds.alice, both_worlds.robot)
        ),
        return_exceptions=True,
    )

    assert issued.token_id in outcomes
    assert NotFound in {type(one) for one in outcomes}


async def test_a_token_of_another_agency_does_not_exist(world: World) -> None:
    issued = await _issued(world)

    async with world.refused(NotFound):
        await revoke_token(world.desk, viewer=world.zoe, request=RevokeToken(issued.token_id))
    async with world.refused(NotFound):
        await revoke_token(world.desk, viewer=world.alice, request=RevokeToken(TokenId("none")))


async def test_a_token_sees_its_own_agency_alone(world: World) -> None:
    client = await create_client(world.desk, viewer=world.zoe, request=CreateClient("Nadia SARL"))
    issued = await _issued(world, CreateToken("All", frozenset(Scope)))
    viewer = await authenticate(world.desk, issued.secret)

    async with world.refused(NotFound):
        await open_ticket(
            world.desk, viewer=viewer, request=OpenTicket("Hello", "There", client_id=client.id)
        )
