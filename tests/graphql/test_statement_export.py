"""The statement of a forfait as a file for an accountant: the same token, and CSV."""

import csv
import io
from dataclasses import replace

import httpx
import pytest

from helpdesk.domain.access import Scope
from helpdesk.domain.ids import TokenId
from helpdesk.usecases.authenticate import secret_hash
from tests.graphql.api import Api
from tests.graphql.test_mutations import done
from tests.graphql.test_retainer import of_contract
from tests.graphql.test_retainer_statement import two_hours, worked
from tests.graphql.world import World, a_token, secret_of

PATH = "/exports/retainer-statement.csv"
JULY = {"contract": "TMA-bruno", "month": "2026-07"}


async def get(api: Api, **parameters: str) -> httpx.Response:
    async with api.client() as client:
        return await client.get(PATH, params=parameters)


def lines(response: httpx.Response, separator: str = ";") -> list[list[str]]:
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


async def test_a_statement_is_downloaded_as_csv(both_worlds: World) -> None:
    world = both_worlds
    await two_hours(world, world.bruno)
    await worked(world, world.bruno, 130)

    response = await get(world.api(secret_of("alice")), **JULY)

    header, opening, granted, consumed, over, closing = lines(response)
    assert header[:6] == ["contrat", "unité", "période", "date", "numéro", "mouvement"]
    where = ["TMA-bruno", "minutes de run évolutif", "juillet 2026"]
    nothing = [""] * 5
    assert opening == [*where, "2026-07-01", "", "Solde d'ouverture", *nothing, "0", "", "", ""]
    assert granted[5:12] == ["Dotation", "", "Alice", "July", "120", "120", "120"]
    assert consumed[5] == "Consommation"
    assert consumed[6]
    assert consumed[9:12] == ["120", "-120", "0"]
    assert over[9:] == ["15", "0", "0", "22,50", "EUR", "à facturer"]
    assert closing == [*where, "2026-07-31", "", "Solde de clôture", *nothing, "0", "", "", ""]
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    name = 'attachment; filename="retainer-statement-TMA-bruno-2026-07.csv"'
    assert response.headers["content-disposition"] == name


async def test_a_client_downloads_his_own_statement_in_his_language(world: World) -> None:
    for things in (world.bruno, world.chloe):
        await two_hours(world, things)
    chloe = world.api(secret_of("chloe"))

    own = await get(chloe, contract="TMA-chloe", month="2026-07")
    other = await get(chloe, **JULY)

    assert [line[5] for line in lines(own, ",")] == [
        "movement",
        "Opening balance",
        "Allowance",
        "Closing balance",
    ]
    assert other.status_code == 404
    assert "bruno" in other.text


async def test_what_expires_with_a_month_is_dated_within_it(world: World) -> None:
    await two_hours(world, world.bruno)
    alice = world.api(secret_of("alice"))
    world.now.advance(days=30)
    closing = {**of_contract(world.bruno), "at": "2026-07-06T07:00:00Z"}
    await done(alice, "closePeriod", "contract { id }", **closing)

    expired = lines(await get(alice, **JULY))[3]

    assert (expired[3], expired[5], expired[10]) == ("2026-07-31", "Expiration", "-120")


async def test_one_unit_is_downloaded_alone(world: World) -> None:
    await two_hours(world, world.bruno)
    alice = world.api(secret_of("alice"))
    pack = {**of_contract(world.bruno), "unit": "PACK_MINUTES"}
    await done(alice, "openRetainer", "contract { id }", **pack)

    every = lines(await get(alice, **JULY))
    packs = lines(await get(alice, **JULY, unit="pack_minutes"))

    assert [line[1] for line in every[1:]] == [
        *["minutes de crédit-temps"] * 2,
        *["minutes de run évolutif"] * 3,
    ]
    assert packs == [every[0], *every[1:3]]


async def test_no_text_becomes_a_formula(world: World) -> None:
    await two_hours(world, world.bruno)
    alice = world.api(secret_of("alice"))
    gesture = {"unit": "RUN_MINUTES", "quantity": 5, "reason": "=1+1"}
    await done(alice, "giveGesture", "contract { id }", **of_contract(world.bruno), **gesture)

    assert lines(await get(alice, **JULY))[3][8] == "'=1+1"


@pytest.mark.parametrize("scope", [Scope.CONTRACTS_READ, Scope.TICKETS_READ])
async def test_a_statement_takes_both_scopes(world: World, scope: Scope) -> None:
    viewer = replace(world.alice, scopes=frozenset({scope}))
    token = replace(
        a_token("clerk", viewer), id=TokenId("clerk"), secret_hash=secret_hash("secret-of-clerk")
    )
    async with world.desk.store.transaction(world.alice.agency_id) as records:
        await records.agencies.add_token(token)

    refused = await get(world.api("secret-of-clerk"), **JULY)

    assert refused.status_code == 403


@pytest.mark.parametrize(
    ("parameters", "status", "words"),
    [
        ({}, 400, "n'est pas un mois"),
        ({"contract": "TMA-bruno"}, 400, "n'est pas un mois"),
        ({**JULY, "unit": "HOURS"}, 400, "« HOURS »"),
        ({**JULY, "from": "2026-01"}, 400, "from est inconnu : donnez contract, month, unit"),
        ({**JULY, "contract": "TMA-9"}, 404, "TMA-9"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    world: World, parameters: dict[str, str], status: int, words: str
) -> None:
    response = await get(world.api(secret_of("alice")), **parameters)

    assert response.status_code == status
    assert words in response.text


async def test_nobody_downloads_a_statement_without_a_token(world: World) -> None:
    assert (await get(Api(world.api("").app, None), **JULY)).status_code == 401
