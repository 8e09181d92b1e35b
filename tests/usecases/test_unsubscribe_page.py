"""The page behind the link at the end of a mail, over HTTP, as readers and mail programs use it."""

from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from typing_extensions import override

from helpdesk.mail.unsubscribe_page import BODY_LIMIT, page_of, unsubscribe_page
from helpdesk.storage.tables.notification import NOTIFICATION_PREFERENCE
from helpdesk.usecases.desk import MailHabits
from helpdesk.usecases.leaving import UNSUBSCRIBE_PATH
from helpdesk.usecases.open_ticket import OpenTicket, open_ticket
from helpdesk.usecases.resolve_ticket import resolve_ticket
from helpdesk.usecases.unsubscribe import show_leaving
from tests.usecases.notifications import mails_to, step, told
from tests.usecases.world import World

URL = "https://desk.example"
ONE_CLICK = b"List-Unsubscribe=One-Click"
FORM = {"content-type": "application/x-www-form-urlencoded"}


class Buttons(HTMLParser):
    """The buttons of a page, by what they send."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: list[str] = []
        self.feed(page)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what a button sends."""
        if tag == "button":
            self.values.append(dict(attrs)["value"] or "")


def _client(world: World) -> httpx.AsyncClient:
    page = unsubscribe_page(world.desk)
    app = Starlette(routes=[Route(f"{UNSUBSCRIBE_PATH}{{word}}", page, methods=["GET", "POST"])])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL)


async def _link(world: World, email: str = "bruno@bruno.example") -> str:
    """Return the link in a mail about Bruno's request, without the server's name."""
    world.desk = replace(world.desk, mail_habits=MailHabits(public_url=URL))
    ticket = await world.ticket()
    await resolve_ticket(world.desk, viewer=world.alice, request=step(ticket.id))
    await told(world)
    mail = (await mails_to(world, email))[0]
    return unquote(urlsplit(mail.mail.unsubscribe[0]).path)


async def _chosen(world: World) -> list[tuple[str, str, str]]:
    rows = await world.rows(NOTIFICATION_PREFERENCE)
    return [(row["reader_id"], row["topic"], row["delivery"]) for row in rows]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_to_look_at_the_link_changes_nothing(world: World, method: str) -> None:
    link = await _link(world)
    before = await world.everything()
    async with _client(world) as client:
        response = await client.request(method, link)

    assert response.status_code == 200
    assert await world.everything() == before


async def test_the_page_asks_in_the_language_of_its_reader(world: World) -> None:
    french = await _link(world)
    async with _client(world) as client:
        page = (await client.get(french)).text

    assert '<html lang="fr">' in page
    assert "Ne plus recevoir de messages sur : l'avancement de vos demandes" in page.replace(
        "&#x27;", "'"
    )
    assert Buttons(page).values == ["off", "digest"]


async def test_an_english_reader_reads_english(world: World) -> None:
    world.desk = replace(world.desk, mail_habits=MailHabits(public_url=URL))
    request = OpenTicket("A form", "It is silent.")
    ticket = await open_ticket(world.desk, viewer=world.chloe, request=request)
    await resolve_ticket(world.desk, viewer=world.alice, request=step(ticket.id))
    await told(world)
    (mail,) = await mails_to(world, "chloe@chloe.example")
    async with _client(world) as client:
        page = (await client.get(urlsplit(mail.mail.unsubscribe[0]).path)).text

    assert '<html lang="en">' in page
    assert "No longer receive messages about: how your requests go on?" in page


async def test_the_button_leaves_and_the_same_page_takes_it_back(world: World) -> None:
    link = await _link(world)
    async with _client(world) as client:
        left = await client.post(link, content=b"choice=off", headers=FORM)
        assert await _chosen(world) == [("bruno", "PROGRESS", "OFF")]
        back = await client.post(link, content=b"choice=on", headers=FORM)

    assert "fait : plus de messages" in left.text
    assert Buttons(left.text).values == ["on", "digest"]
    assert "Vous recevez des messages" in back.text
    assert await _chosen(world) == [("bruno", "PROGRESS", "NOW")]


async def test_a_summary_may_be_chosen_instead(world: World) -> None:
    link = await _link(world)
    async with _client(world) as client:
        page = await client.post(link, content=b"choice=digest", headers=FORM)

    assert "un résumé par jour ouvré" in page.text
    assert await _chosen(world) == [("bruno", "PROGRESS", "DIGEST")]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (ONE_CLICK, "application/x-www-form-urlencoded"),
        (
            b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click'
            b"\r\n--x--\r\n",
            "multipart/form-data; boundary=x",
        ),
        (b"", "text/plain"),
    ],
)
async def test_a_mail_program_leaves_by_one_click(world: World, body: bytes, kind: str) -> None:
    link = await _link(world)
    async with _client(world) as client:
        response = await client.post(link, content=body, headers={"content-type": kind})

    assert response.status_code == 200
    assert await _chosen(world) == [("bruno", "PROGRESS", "OFF")]


async def test_a_link_that_we_did_not_sign_is_not_found_and_says_so_in_both_languages(
    world: World,
) -> None:
    link = await _link(world)
    before = await world.everything()
    async with _client(world) as client:
        looked = await client.get(f"{link[:-4]}AAAA")
        posted = await client.post(f"{link[:-4]}AAAA", content=ONE_CLICK, headers=FORM)

    assert (looked.status_code, posted.status_code) == (404, 404)
    assert 'lang="fr"' in looked.text
    assert 'lang="en"' in looked.text
    assert await world.everything() == before


async def test_a_form_that_is_too_long_is_not_read(world: World) -> None:
    link = await _link(world)
    async with _client(world) as client:
        response = await client.post(link, content=b"a" * (BODY_LIMIT + 1))

    assert response.status_code == 413
    assert await _chosen(world) == []


async def test_the_page_runs_nothing_tells_nobody_and_is_kept_nowhere(world: World) -> None:
    link = await _link(world)
    async with _client(world) as client:
        response = await client.get(link)

    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-robots-tag"] == "noindex, nofollow"
    assert "set-cookie" not in response.headers
    assert "<script" not in response.text


async def test_a_name_of_an_agency_is_text_and_no_markup(world: World) -> None:
    link = await _link(world, "alice@alice.example")
    view = await show_leaving(world.desk, link.rpartition("/")[2])
    assert view is not None
    shown = page_of(replace(view, agency_name="<b>Alice & Co</b>"))

    assert "&lt;b&gt;Alice &amp; Co&lt;/b&gt;" in shown
    assert "<b>" not in shown
