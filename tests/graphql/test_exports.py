"""Compliance figures as a file: the same token, the same rules, and CSV."""

import csv
import io
from dataclasses import replace

import httpx
import pytest

from helpdesk.domain.access import Scope
from helpdesk.domain.ids import TokenId
from helpdesk.usecases.authenticate import secret_hash
from tests.graphql.api import Api
from tests.graphql.world import World, a_token, secret_of

PATH = "/exports/sla-compliance.csv"
JULY = {"from": "2026-07", "to": "2026-07"}


async def get(api: Api, **parameters: str) -> httpx.Response:
    async with api.client() as client:
        return await client.get(PATH, params=parameters)


def lines(response: httpx.Response, separator: str) -> list[list[str]]:
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


async def test_figures_are_downloaded_as_csv(both_worlds: World) -> None:
    api = both_worlds.api(secret_of("alice"))

    response = await get(api, **JULY, groupBy="client,METRIC")

    header, first, *_, total = lines(response, ";")
    assert header[:4] == ["client", "engagement", "tenus", "manqués"]
    assert first[:4] == ["Client bruno", "FIRST_RESPONSE", "1", "0"]
    assert total[:4] == ["Total", "", "2", "0"]
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    name = 'attachment; filename="sla-compliance-2026-07-2026-07.csv"'
    assert response.headers["content-disposition"] == name
    assert response.headers["cache-control"] == "no-store"


async def test_rows_are_by_metric_unless_said(world: World) -> None:
    response = await get(world.api(secret_of("chloe")), **JULY)

    assert lines(response, ",")[0][:3] == ["metric", "met", "missed"]


async def test_a_client_downloads_his_own_figures_only(world: World) -> None:
    response = await get(world.api(secret_of("bruno")), **JULY, groupBy="CLIENT")

    assert [line[0] for line in lines(response, ";")[1:]] == ["Client bruno", "Total"]
    assert "chloe" not in response.text


async def test_figures_by_agent_are_forbidden_to_a_client(world: World) -> None:
    response = await get(world.api(secret_of("bruno")), **JULY, groupBy="AGENT")

    assert response.status_code == 403
    assert "réservés à l'agence" in response.text


async def test_names_of_clients_take_their_scope(world: World) -> None:
    viewer = replace(world.alice, scopes=frozenset({Scope.TICKETS_READ}))
    token = replace(
        a_token("clerk", viewer), id=TokenId("clerk"), secret_hash=secret_hash("secret-of-clerk")
    )
    async with world.desk.store.transaction(world.alice.agency_id) as records:
        await records.agencies.add_token(token)
    api = world.api("secret-of-clerk")

    assert (await get(api, **JULY)).status_code == 200
    refused = await get(api, **JULY, groupBy="CLIENT")
    assert refused.status_code == 403
    assert "clients:read" in refused.text


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({}, "n'est pas un mois"),
        ({"from": "2026-07"}, "n'est pas un mois"),
        ({"from": "2026-07", "to": "2026-06"}, "échangez les deux"),
        ({"from": "2020-01", "to": "2026-06"}, "78 mois"),
        ({**JULY, "groupBy": "SITE"}, "« SITE »"),
        ({**JULY, "clientId": "x"}, "clientId est inconnu"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    world: World, parameters: dict[str, str], words: str
) -> None:
    response = await get(world.api(secret_of("alice")), **parameters)

    assert response.status_code == 400
    assert words in response.text
    assert response.headers["content-type"].startswith("text/plain")


async def test_nobody_downloads_figures_without_a_token(world: World) -> None:
    response = await get(Api(world.api("").app, None), **JULY)

    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
