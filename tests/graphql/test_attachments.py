"""The files of messages: for those who may read the ticket, and never run by a browser."""

import re
from hashlib import sha256
from pathlib import Path

import pytest

from helpdesk.domain.access import Actor, ActorKind
from helpdesk.domain.ids import MessageId, TicketId
from helpdesk.domain.inbound_email import InboundAttachment
from helpdesk.domain.message import Message
from helpdesk.domain.ticket import Channel
from helpdesk.usecases.message_files import Enclosed, add_message
from helpdesk.usecases.read_models import Noun
from tests.graphql.api import Api
from tests.graphql.world import World, secret_of

QUERY = """query Q($id: ID!) { ticket(id: $id) { messages(first: 100) { nodes {
  attachments { filename contentType size sha256 isInline downloadUrl } } } } }"""


PAGES = """query Q($id: ID!) { ticket(id: $id) { messages(first: 100) { nodes {
  html blockedImageCount attachments { filename downloadUrl isInline } } } } }"""
PAGE = (
    '<p>Voici<img src="cid:logo"><img data-blocked-src="https://spy.example/a.png">'
    '<img src="cid:elsewhere"></p>'
)


async def add_illustrated(world: World, content_type: str = "image/png") -> None:
    """Give Bruno's ticket a message whose page shows a picture of its own and two others."""
    content = b"Picture of Bruno"
    picture = InboundAttachment(
        filename="logo.png",
        content_type=content_type,
        content=content,
        sha256=sha256(content).hexdigest(),
        is_inline=True,
        content_id="logo",
    )
    message = Message(
        id=MessageId("message-page"),
        agency_id=world.alice.agency_id,
        ticket_id=TicketId(world.bruno.ids[Noun.TICKET]),
        sent_at=world.now(),
        author=Actor(ActorKind.CONTACT, "Bruno"),
        channel=Channel.MAIL,
        body="Voici",
        html=PAGE,
    )
    async with world.desk.store.transaction(world.alice.agency_id) as records:
        await add_message(world.desk, records, message, Enclosed(PAGE, [picture]))


async def test_the_page_of_a_mail_shows_its_own_pictures_and_fetches_no_other(
    bruno: Api, world: World
) -> None:
    await add_illustrated(world)

    nodes = (await bruno.data(PAGES, id=world.bruno.global_id(Noun.TICKET)))["ticket"]["messages"]
    [shown] = [node for node in nodes["nodes"] if node["html"]]
    [picture] = shown["attachments"]
    async with bruno.client() as client:
        response = await client.get(re.findall('src="(http[^"]+)"', shown["html"])[0])

    assert shown["html"] == PAGE.replace("cid:logo", picture["downloadUrl"])
    assert shown["blockedImageCount"] == 1
    assert picture["isInline"]
    assert (response.status_code, response.content) == (200, b"Picture of Bruno")
    assert response.headers["content-type"] == "image/png"
    assert response.headers["content-disposition"].startswith("inline;")


@pytest.mark.parametrize("content_type", ["image/svg+xml", "text/html", "application/pdf"])
async def test_what_a_browser_could_run_is_saved_and_never_shown(
    bruno: Api, world: World, content_type: str
) -> None:
    await add_illustrated(world, content_type)

    nodes = (await bruno.data(PAGES, id=world.bruno.global_id(Noun.TICKET)))["ticket"]["messages"]
    [picture] = [file for node in nodes["nodes"] if node["html"] for file in node["attachments"]]
    async with bruno.client() as client:
        response = await client.get(picture["downloadUrl"])

    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["content-disposition"].startswith("attachment;")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert "set-cookie" not in response.headers


async def test_a_message_without_a_page_blocks_nothing(bruno: Api, world: World) -> None:
    nodes = (await bruno.data(PAGES, id=world.bruno.global_id(Noun.TICKET)))["ticket"]["messages"]

    assert {(node["html"], node["blockedImageCount"]) for node in nodes["nodes"]} == {(None, 0)}


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
