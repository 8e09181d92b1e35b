"""A letter is shown as its reader would get it, before anybody does."""

from base64 import b64encode
from dataclasses import replace

from helpdesk.domain.access import AgencyOnly, NotFound
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import TicketId
from helpdesk.domain.letter_kind import LetterKind
from helpdesk.domain.mail_template import TemplateSource, TemplateVariableUnknown
from helpdesk.usecases.mail_look import SetMailLook, set_mail_look
from helpdesk.usecases.mail_templates import SetMailTemplate, set_mail_template
from helpdesk.usecases.open_ticket import OpenTicket, open_ticket
from helpdesk.usecases.preview_mail_template import (
    MailPreview,
    PreviewMailTemplate,
    preview_mail_template,
)
from tests.factories import BRUNOS_CLIENT
from tests.usecases.mails import Door, a_mail
from tests.usecases.test_mail_look import PNG
from tests.usecases.world import World

OWN = TemplateSource("Reçu : {{ subject }}", "Salut {{ name }}, c'est le numéro {{ number }}.")
ASKED = PreviewMailTemplate(LetterKind.ACKNOWLEDGEMENT, Locale.FR)


async def shown(world: World, request: PreviewMailTemplate = ASKED) -> MailPreview:
    return await preview_mail_template(world.desk, viewer=world.alice, request=request)


async def test_a_letter_is_shown_with_examples_in_the_words_that_count(
    both_worlds: World,
) -> None:
    world = both_worlds
    default = await shown(world)
    words = SetMailTemplate(LetterKind.ACKNOWLEDGEMENT, Locale.FR, OWN.subject, OWN.body)
    await set_mail_template(world.desk, viewer=world.alice, request=words)

    own = await shown(world)

    assert default.subject == "[#1204] Le formulaire de contact ne répond plus"
    assert default.text.endswith("À bientôt,\nAgency of Alice\n")
    assert "Agency of Alice" in default.html
    assert own.subject == "[#1204] Reçu : Le formulaire de contact ne répond plus"
    assert "Salut Camille Martin, c'est le numéro 1204." in own.text


async def test_words_are_tried_before_they_count(world: World) -> None:
    before = await world.everything()

    tried = await shown(world, replace(ASKED, source=OWN))

    assert "Salut Camille Martin" in tried.text
    assert await world.everything() == before
    async with world.refused(TemplateVariableUnknown):
        await shown(world, replace(ASKED, source=TemplateSource("x", "{{ numero }}")))


async def test_a_ticket_takes_the_place_of_the_examples(world: World) -> None:
    door = Door(world)
    ticket = await door.open()
    nameless = await door.open(a_mail(sender="dora@nowhere.example", message_id="d@nowhere"))
    request = OpenTicket("The disk is full", "At 98 %.", client_id=BRUNOS_CLIENT)
    nobodys = await open_ticket(world.desk, viewer=world.robot, request=request)

    seen = await shown(world, replace(ASKED, ticket_id=ticket.id))

    assert seen.subject == "[#1] The contact form is silent"
    assert "Bonjour Bruno,\n" in seen.text
    assert "Bonjour,\n" in (await shown(world, replace(ASKED, ticket_id=nameless.id))).text
    assert "Camille" in (await shown(world, replace(ASKED, ticket_id=nobodys.id))).text
    unrelated = PreviewMailTemplate(LetterKind.PACK_EXPIRES, Locale.FR, ticket_id=ticket.id)
    assert "#1" not in (await shown(world, unrelated)).subject


async def test_the_look_is_shown_with_its_logo_inside(world: World) -> None:
    look = SetMailLook(accent="#7c2d12", logo=PNG, footer=("SIREN 1",), signature="Alice")
    await set_mail_look(world.desk, viewer=world.alice, request=look)

    seen = await shown(world)

    assert f"data:image/png;base64,{b64encode(PNG).decode()}" in seen.html
    assert "#7c2d12" in seen.html
    assert seen.text.endswith("\n\nAlice\n\nSIREN 1\n")


async def test_managers_alone_see_it_and_only_of_tickets_of_their_agency(world: World) -> None:
    async with world.refused(AgencyOnly):
        await preview_mail_template(world.desk, viewer=world.bruno, request=ASKED)
    async with world.refused(NotFound):
        await shown(world, replace(ASKED, ticket_id=TicketId("of-zoe")))
