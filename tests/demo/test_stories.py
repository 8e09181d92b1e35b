"""The written part of the demo: nothing in it is left blank or points at nothing."""

import random
import re
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk.demo.deeds import Case
from helpdesk.demo.script import Thread
from helpdesk.demo.story import document, stories, told
from helpdesk.domain.agency import Contact, Site
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import AgencyId, ClientId, ContactId, SiteId
from helpdesk.domain.priority import Criticality
from helpdesk.domain.ticket import Channel
from helpdesk.usecases.desk import Desk

AGENCY, CLIENT = AgencyId("a"), ClientId("c")
BRUNO = Contact(ContactId("b"), AGENCY, CLIENT, "Bruno Verdier", "bruno@verdier.example", Locale.FR)
SHOP = Site(SiteId("s"), AGENCY, CLIENT, "La boutique", "https://s.example", Criticality.VITAL)
TOLD = [(code, platform) for code, story in stories().items() for platform in story.platforms]
LOT = random.Random(1)  # noqa: S311 - a story, not a secret
NINE = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(("code", "platform"), TOLD)
def test_a_story_told_has_no_blank_left(code: str, platform: str) -> None:
    tale = told(stories()[code], LOT, SHOP, platform, contact=BRUNO, channel=Channel.PORTAL)

    texts = (tale.subject, tale.request, tale.answer, tale.question, tale.detail, tale.solution)
    assert not any(re.search("[{}]", text or "") for text in texts)
    assert tale.request.startswith("Bonjour,")
    assert (tale.question is None) is (tale.detail is None)


def test_what_is_told_on_the_phone_says_who_called() -> None:
    tale = told(
        stories()["wording"], LOT, SHOP, "prestashop",
        contact=BRUNO, channel=Channel.PHONE,
    )  # fmt: skip

    assert tale.request.startswith("Appel de Bruno Verdier : « ")


def test_a_living_ticket_tells_a_story_of_its_site() -> None:
    cast = document("cast.yaml")

    for living in document("today.yaml"):
        site = cast["clients"][living["client"]]["sites"][living["site"]]
        assert site["platform"] in stories()[living["story"]].platforms
        for step in living["steps"]:
            assert step.get("agent", "alice") in cast["agents"]


def test_every_platform_of_a_client_has_an_expert() -> None:
    cast = document("cast.yaml")
    known = {platform for agent in cast["agents"].values() for platform in agent["platforms"]}
    used = {site["platform"] for client in cast["clients"].values() for site in client["sites"]}

    assert used <= known


def test_every_address_of_the_demo_belongs_to_nobody() -> None:
    for name in ("cast.yaml", "unasked.yaml"):
        addresses = re.findall(r"[\w.-]+@[\w.-]+", str(document(name)))
        assert addresses
        assert all(address.rstrip(".").endswith(".example") for address in addresses)


async def _nothing(_: Desk) -> None:
    """Do nothing."""


def test_a_deed_told_too_early_happens_a_minute_after_the_one_before() -> None:
    thread = Thread(Case())
    thread.add(NINE, _nothing)

    thread.add(NINE - timedelta(hours=1), _nothing)
    thread.soon(_nothing)

    assert [beat.at for beat in thread.beats] == [NINE + timedelta(minutes=n) for n in range(3)]
    assert [beat.is_opening for beat in thread.beats] == [True, False, False]
