"""An agency words its letters: from the next one on, kept with who and when, never losing one."""

from dataclasses import replace

import pytest

from helpdesk.domain.access import AgencyOnly, Scope, ScopeMissing
from helpdesk.domain.agency import AgentRole
from helpdesk.domain.errors import Locale
from helpdesk.domain.letter_kind import LetterKind
from helpdesk.domain.mail_template import (
    TemplateSource,
    TemplateVariableMissing,
    TemplateVariableUnknown,
)
from helpdesk.domain.ticket import Ticket
from helpdesk.storage.tables.mail_template import MAIL_TEMPLATE
from helpdesk.usecases.create_agent import CreateAgent, create_agent
from helpdesk.usecases.mail_templates import (
    LetterWords,
    ResetMailTemplate,
    SetMailTemplate,
    list_mail_templates,
    reset_mail_template,
    set_mail_template,
)
from helpdesk.usecases.require_manager import ManagersOnly
from tests.factories import AGENCY_ID, MONDAY
from tests.usecases.mails import CHLOE, Door, a_mail
from tests.usecases.world import ZOES_AGENCY, World

ACKNOWLEDGEMENT = LetterKind.ACKNOWLEDGEMENT
OWN = TemplateSource("Reçu : {{ subject }}", "Salut {{ name }},\r\n\r\nNuméro {{ number }}.")


async def word(world: World, source: TemplateSource = OWN, **changes: LetterKind) -> LetterWords:
    request = SetMailTemplate(
        changes.get("kind", ACKNOWLEDGEMENT), Locale.FR, source.subject, source.body
    )
    return await set_mail_template(world.desk, viewer=world.alice, request=request)


async def reset(world: World) -> LetterWords:
    request = ResetMailTemplate(ACKNOWLEDGEMENT, Locale.FR)
    return await reset_mail_template(world.desk, viewer=world.alice, request=request)


async def test_the_next_letter_is_in_the_agencys_words(both_worlds: World) -> None:
    world = both_worlds
    door = Door(world)
    await door.open()
    await word(world)

    await door.open(a_mail("Another thing.", message_id="other@bruno.example"))
    await door.open(a_mail(sender=CHLOE, message_id="english@chloe.example"))

    before, after, english = await world.outbox()
    assert "Nous avons bien reçu" in before.mail.text
    assert after.mail.subject == "[#2] Reçu : The contact form is silent"
    assert after.mail.text == (
        "-- Répondez au-dessus de cette ligne --\n\nSalut Bruno,\n\nNuméro 2.\n"
    )
    assert "We have received your request" in english.mail.text


async def test_what_an_agency_said_is_kept_with_who_and_when(both_worlds: World) -> None:
    world = both_worlds
    first = await word(world)
    again = await word(world)
    world.now.advance(hours=1)
    other = await word(world, TemplateSource("{{ subject }}", "{{ number }}"))
    back = await reset(world)
    still = await reset(world)

    rows = await world.rows(MAIL_TEMPLATE)
    kept = [(row["version"], row["subject"], row["made_at"]) for row in rows]
    assert kept == [
        (1, "Reçu : {{ subject }}", MONDAY),
        (2, "{{ subject }}", world.now()),
        (3, None, world.now()),
    ]
    assert {row["made_by"]["name"] for row in rows} == {"Alice"}
    assert first == again
    assert first.own is not None
    assert first.own.source == TemplateSource(OWN.subject, OWN.body.replace("\r\n", "\n"))
    assert (first.source, other.own and other.own.version) == (first.own.source, 2)
    assert (back, back.source) == (still, back.default)
    assert back.own is not None
    assert (back.own.version, back.own.source, back.own.made_by) == (3, None, world.alice.actor)


async def test_what_no_database_keeps_is_kept_as_a_sign_of_it(both_worlds: World) -> None:
    words = await word(both_worlds, TemplateSource("a\x00", "{{ number }}\ud800"))

    assert words.source == TemplateSource("a\ufffd", "{{ number }}\ufffd")
    (kept,) = await list_mail_templates(
        both_worlds.desk, viewer=both_worlds.alice, kind=ACKNOWLEDGEMENT, locale=Locale.FR
    )
    assert kept == words


async def test_an_agency_that_never_worded_a_letter_has_nothing_to_reset(world: World) -> None:
    words = await reset(world)

    assert (words.own, words.source) == (None, words.default)
    assert await world.rows(MAIL_TEMPLATE) == []


async def test_every_letter_is_listed_with_its_words(both_worlds: World) -> None:
    world = both_worlds
    await word(world)
    await word(world, TemplateSource("{{ subject }}", "{{ number }}"))

    every = await list_mail_templates(world.desk, viewer=world.alice)

    assert [(one.kind, one.locale) for one in every] == [
        (kind, locale) for kind in LetterKind for locale in Locale
    ]
    own = [one for one in every if one.own is not None]
    assert [(one.kind, one.locale, one.own and one.own.version) for one in own] == [
        (ACKNOWLEDGEMENT, Locale.FR, 2)
    ]
    assert all(one.purpose and one.variables and one.default.body for one in every)
    some = await list_mail_templates(
        world.desk, viewer=world.alice, kind=LetterKind.QUOTE_SENT, locale=Locale.EN
    )
    assert [(one.kind, one.locale) for one in some] == [(LetterKind.QUOTE_SENT, Locale.EN)]
    async with world.desk.store.reading(ZOES_AGENCY) as records:
        assert await records.wording.templates() == ()


async def test_managers_alone_word_letters(world: World) -> None:
    marc = CreateAgent("Marc", "marc@alice.example", AgentRole.AGENT, Locale.FR)
    agent = await create_agent(world.desk, viewer=world.alice, request=marc)
    change = SetMailTemplate(ACKNOWLEDGEMENT, Locale.FR, OWN.subject, OWN.body)
    back = ResetMailTemplate(ACKNOWLEDGEMENT, Locale.FR)
    for viewer, refusal in (
        (world.bruno, AgencyOnly),
        (replace(world.alice, scopes=frozenset({Scope.TICKETS_READ})), ScopeMissing),
        (replace(world.alice, agent_id=agent.id), ManagersOnly),
    ):
        async with world.refused(refusal):
            await set_mail_template(world.desk, viewer=viewer, request=change)
        async with world.refused(refusal):
            await reset_mail_template(world.desk, viewer=viewer, request=back)
        async with world.refused(refusal):
            await list_mail_templates(world.desk, viewer=viewer)


@pytest.mark.parametrize(
    ("source", "refusal", "path"),
    [
        (TemplateSource("{{ subject }}", "Merci."), TemplateVariableMissing, "body"),
        (TemplateSource("{{ objet }}", "{{ number }}"), TemplateVariableUnknown, "subject"),
    ],
)
async def test_words_that_could_fail_are_refused(
    world: World,
    source: TemplateSource,
    refusal: type[TemplateVariableMissing],
    path: str,
) -> None:
    async with world.refused(refusal) as refused:
        await word(world, source)

    assert refused.value.path == (path,)


async def test_words_that_fail_today_lose_no_mail(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    async with world.desk.store.transaction(AGENCY_ID) as records:
        await records.wording.add_template(
            ACKNOWLEDGEMENT,
            Locale.FR,
            TemplateSource("{{ gone }}", "{{ gone }}"),
            by=world.alice.actor,
            at=world.now(),
        )

    ticket: Ticket = await Door(world).open()

    (promised,) = await world.outbox()
    assert promised.ticket_id == ticket.id
    assert "Nous avons bien reçu votre demande" in promised.mail.text
    assert "mail_template_failed kind=ACKNOWLEDGEMENT" in caplog.text
