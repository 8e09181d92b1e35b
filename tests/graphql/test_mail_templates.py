"""The words and the look of the agency's mails through the API."""

from base64 import b64encode

import pytest

from helpdesk.domain.letter_kind import LetterKind
from helpdesk.usecases.read_models import Noun
from tests.graphql.api import Api
from tests.graphql.rows import everything_in
from tests.graphql.test_mutations import do, done, opened
from tests.graphql.world import World, secret_of

SOURCE = "subject body"
TEMPLATE = f"""template {{ kind locale purpose version changedAt changedBy
  default {{ {SOURCE} }} own {{ {SOURCE} }} variables {{ name }} }}"""
LOOK = "look { accent footer signature hasLogo logoWidth logoHeight }"
GIF = b"GIF89a\x02\x00\x01\x00"
LETTER = {"kind": "ACKNOWLEDGEMENT", "locale": "fr"}
OWN = {"subject": "Reçu : {{ subject }}", "body": "Numéro {{ number }}."}
PREVIEW = """query Q($source: MailTemplateSourceInput, $ticketId: ID) {
  previewMailTemplate(
    kind: ACKNOWLEDGEMENT, locale: "fr", source: $source, ticketId: $ticketId
  ) { subject text html } }"""


async def test_a_letter_is_worded_and_gets_the_default_words_again(both_worlds: World) -> None:
    alice = both_worlds.api(secret_of("alice"))

    own = (await done(alice, "setMailTemplate", TEMPLATE, **LETTER, **OWN))["template"]
    back = (await done(alice, "resetMailTemplate", TEMPLATE, **LETTER))["template"]

    assert (own["own"], own["version"], own["changedBy"]) == (OWN, 1, "Alice")
    assert own["changedAt"] is not None
    assert own["purpose"] == "Un client lit que sa demande est devenue un ticket."
    assert "Nous avons bien reçu votre demande" in own["default"]["body"]
    assert {"name": "promised_at"} in own["variables"]
    assert (back["own"], back["version"], back["default"]) == (None, 2, own["default"])


async def test_every_letter_is_listed_with_what_it_may_name(alice: Api) -> None:
    answer = await alice.data(
        """{ every: mailTemplates { kind locale version changedAt own { subject } }
        some: mailTemplates(kind: BATCH_OPENED, locale: "en") { kind variables {
          name kind meaning example isRequired mayBeEmpty choices fields { name example } } }
        critical: mailTemplates(kind: ALERT_TO_CLIENT, locale: "fr") {
          variables { name choices } } }"""
    )

    assert len(answer["every"]) == 2 * len(LetterKind)
    assert {one["version"] for one in answer["every"]} == {0}
    [batch] = answer["some"]
    assert batch["variables"][:3] == [
        {
            "name": "batch",
            "kind": "TEXT",
            "meaning": "The number of the batch.",
            "example": "3",
            "isRequired": False,
            "mayBeEmpty": False,
            "choices": [],
            "fields": [],
        },
        {
            "name": "batch_name",
            "kind": "TEXT",
            "meaning": "The name of the batch.",
            "example": "Spring 2026",
            "isRequired": False,
            "mayBeEmpty": False,
            "choices": [],
            "fields": [],
        },
        {
            "name": "requests",
            "kind": "LIST",
            "meaning": "The requests of the batch, each with `number` and `subject`.",
            "example": "",
            "isRequired": True,
            "mayBeEmpty": False,
            "choices": [],
            "fields": [
                {"name": "number", "example": "1204"},
                {"name": "subject", "example": "Change the logo"},
            ],
        },
    ]
    [alert] = answer["critical"]
    standing = next(one for one in alert["variables"] if one["name"] == "standing")
    assert standing["choices"] == ["HOLDS", "PAUSED", "BROKEN", "BROKEN_NOW"]


@pytest.mark.parametrize(
    ("given", "code", "path", "words"),
    [
        ({"body": "Merci."}, "REQUIRED", "body", "{{ number }}"),
        ({"body": "{{ numero }}"}, "BAD_INPUT", "body", "La ligne 1 du modèle nomme « numero »"),
        ({"body": "a\n{% if %}"}, "BAD_INPUT", "body", "La ligne 2 du modèle ne peut pas être lue"),
        ({"body": "{{ range(9) }}"}, "BAD_INPUT", "body", "ce qui n'est pas permis"),
        ({"subject": " "}, "REQUIRED", "subject", "« subject » est vide"),
        ({"subject": "x" * 301}, "TOO_LONG", "subject", "dépasse 300 caractères"),
    ],
)
async def test_words_that_could_fail_are_refused_with_the_place(
    world: World, given: dict[str, str], code: str, path: str, words: str
) -> None:
    before = await everything_in(world.database)

    payload = await do(
        world.api(secret_of("alice")), "setMailTemplate", TEMPLATE, **(LETTER | OWN | given)
    )

    [error] = payload["errors"]
    assert (error["code"], error["path"]) == (code, ["input", path])
    assert words in error["message"]
    assert payload["template"] is None
    assert await everything_in(world.database) == before


async def test_a_letter_is_shown_before_it_is_sent(world: World, alice: Api) -> None:
    ticket = await opened(world.api(secret_of("bruno")), world, subject="Basket {{ 7 }}")

    plain = (await alice.data(PREVIEW))["previewMailTemplate"]
    tried = await alice.data(PREVIEW, source=OWN, ticketId=ticket["id"])

    assert plain["subject"] == "[#1204] Le formulaire de contact ne répond plus"
    assert plain["html"].startswith("<!DOCTYPE html>")
    seen = tried["previewMailTemplate"]
    assert seen["subject"] == f"[#{ticket['number']}] Reçu : Basket {{{{ 7 }}}}"
    assert f"\n\nNuméro {ticket['number']}.\n" in seen["text"]


async def test_a_ticket_of_another_agency_is_shown_to_nobody(world: World) -> None:
    zoe = world.api(secret_of("zoe"))

    error = await zoe.refusal(PREVIEW, ticketId=world.bruno.global_id(Noun.TICKET))

    assert error["extensions"]["code"] == "NOT_FOUND"


async def test_the_mails_get_a_look(both_worlds: World) -> None:
    alice = both_worlds.api(secret_of("alice"))
    logo = b64encode(GIF).decode()

    usual = (await alice.data(f"{{ mailLook {LOOK.removeprefix('look ')} }}"))["mailLook"]
    look = await done(
        alice, "setMailLook", LOOK, accent="#7C2D12", footer=["SIREN 1"], signature="A", logo=logo
    )
    bare = await done(alice, "setMailLook", LOOK, logo="", footer=[])

    assert usual == {
        "accent": "#0f4c5c",
        "footer": [],
        "signature": "",
        "hasLogo": False,
        "logoWidth": None,
        "logoHeight": None,
    }
    assert look["look"] == {
        "accent": "#7c2d12",
        "footer": ["SIREN 1"],
        "signature": "A",
        "hasLogo": True,
        "logoWidth": 2,
        "logoHeight": 1,
    }
    assert bare["look"] == {**usual, "accent": "#7c2d12", "signature": "A"}


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"accent": "#ffffff"}, "accent"),
        ({"logo": "no base64!"}, "logo"),
        ({"logo": b64encode(b"<svg/>").decode()}, "logo"),
    ],
)
async def test_a_look_that_cannot_be_is_refused(
    world: World, given: dict[str, str], path: str
) -> None:
    before = await everything_in(world.database)

    payload = await do(world.api(secret_of("alice")), "setMailLook", LOOK, **given)

    [error] = payload["errors"]
    assert (error["code"], error["path"]) == ("BAD_INPUT", ["input", path])
    assert await everything_in(world.database) == before


@pytest.mark.parametrize(
    "query", ["{ mailTemplates { kind } }", "{ mailLook { accent } }", PREVIEW]
)
async def test_a_client_reads_no_words_of_the_agency(world: World, query: str) -> None:
    error = await world.api(secret_of("bruno")).refusal(query)

    assert error["extensions"]["code"] == "FORBIDDEN"
