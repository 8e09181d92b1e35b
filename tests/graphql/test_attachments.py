"""The files of messages: for those who may read the ticket, and never run by a browser."""

from pathlib import Path

import pytest

from helpdesk.usecases.read_models import Noun
from tests.graphql.api import Api
from tests.graphql.world import World, secret_of

QUERY = """query Q($id: ID!) { ticket(id: $id) { messages(first: 100) { nodes {
  attachments { filename contentType size sha256 isInline downloadUrl } } } } }"""


async def test_a_file_is_downloaded_from_the_address_that_the_api_gives(
    bruno: Api, world: World
) -> None:
    ticket = world.bruno.global_id(Noun.TICKET)
    nodes = (await bruno.data(QUERY, id=ticket))["ticket"]["messages"]["nodes"]
    [shown] = [file for node in nodes for file in node["attachments"]]

    async with bruno.client() as client:
        response = await client.get(shown["downloadUrl"])

    assert response.content == b"File of bruno"
    assert (shown["filename"], shown["size"]) == ("bruno.html", 13)
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["content-disposition"] == "attachment; filename*=UTF-8''bruno.html"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in response.headers["content-security-policy"]


async def test_the_address_is_the_one_that_the_operator_sets(world: World) -> None:
    api = world.api(secret_of("bruno"), public_url="https://help.agency.example/")
    ticket = world.bruno.global_id(Noun.TICKET)

    nodes = (await api.data(QUERY, id=ticket))["ticket"]["messages"]["nodes"]

    [shown] = [file for node in nodes for file in node["attachments"]]
    assert shown["downloadUrl"].startswith("https://help.agency.example/attachments/")


@pytest.mark.parametrize("person", ["chloe", "yves", "zoe"])
async def test_a_file_of_a_stranger_does_not_exist(world: World, person: str) -> None:
    async with world.api(secret_of(person)).client() as client:
        for given in (world.bruno.global_id(Noun.ATTACHMENT), "nonsense", "VGlja2V0OjE="):
            response = await client.get(f"/attachments/{given}")
            assert response.status_code == 404


async def test_nobody_downloads_without_a_token(world: World) -> None:
    async with Api(world.api("").app, None).client() as client:
        response = await client.get(f"/attachments/{world.bruno.global_id(Noun.ATTACHMENT)}")

    assert response.status_code == 401
    assert "Authorization: Bearer" in response.text


async def test_the_caught_mails_of_a_demo_are_shown_only_where_there_is_a_folder(
    world: World, tmp_path: Path
) -> None:
    folder = tmp_path / "mails"
    folder.mkdir()

    async with world.api("", caught_mail_folder=folder).client() as client:
        shown = await client.get("/demo/mails")
    async with world.api("").client() as client:
        absent = await client.get("/demo/mails")

    assert (shown.status_code, absent.status_code) == (200, 404)
