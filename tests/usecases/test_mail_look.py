"""The look of an agency's mails: from the next mail on, and the same again for one sent twice."""

import struct
from dataclasses import replace

from helpdesk.domain.access import AgencyOnly, Scope, ScopeMissing
from helpdesk.domain.agency import AgentRole
from helpdesk.domain.errors import Locale
from helpdesk.domain.mail_look import AccentTooPale, LogoRefused, LookTextTooLong, MailLook
from helpdesk.mail.outbound import message_of, written
from helpdesk.storage.tables.mail_template import MAIL_LOOK
from helpdesk.usecases.create_agent import CreateAgent, create_agent
from helpdesk.usecases.mail_look import SetMailLook, mail_look, set_mail_look
from helpdesk.usecases.require_manager import ManagersOnly
from tests.usecases.mails import Door
from tests.usecases.world import ZOES_AGENCY, World

GIF = b"GIF89a" + struct.pack("<HH", 120, 40)
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 300, 80) + bytes(9)
CHANGES = SetMailLook(
    accent="#7C2D12",
    footer=("Agence Exemple SAS", "SIREN 123 456 789"),
    signature="L'équipe support\nAgence Exemple",
    logo=PNG,
)


async def change(world: World, request: SetMailLook = CHANGES) -> MailLook:
    return await set_mail_look(world.desk, viewer=world.alice, request=request)


async def test_the_next_mail_looks_as_the_agency_said(both_worlds: World) -> None:
    world = both_worlds
    await change(world)

    await Door(world).open()

    (promised,) = await world.desk.store.queue().due_outbox(at=world.now(), limit=10)
    mail = promised.mail
    assert mail.text.endswith(
        "Répondez simplement à ce message.\n\nL'équipe support\nAgence Exemple\n\n"
        "Agence Exemple SAS\nSIREN 123 456 789\n"
    )
    assert mail.logo == PNG
    body = message_of(mail).get_body(("html",))
    assert body is not None
    page = body.get_content()
    assert "cid:logo@helpdesk" in page
    assert "#7c2d12" in page


async def test_a_mail_that_is_sent_again_is_the_same_after_the_look_changed(
    both_worlds: World,
) -> None:
    world = both_worlds
    await change(world)
    await Door(world).open()
    queue = world.desk.store.queue()
    (first,) = await queue.due_outbox(at=world.now(), limit=10)
    await change(world, SetMailLook(accent="#000000", footer=(), signature="", logo=GIF))
    world.now.advance(hours=1)

    (second,) = await queue.due_outbox(at=world.now(), limit=10)

    assert written(second.mail) == written(first.mail)


async def test_what_is_left_out_stays_and_what_is_empty_goes(both_worlds: World) -> None:
    world = both_worlds
    await change(world)
    await change(world, SetMailLook(accent="#000000"))
    world.now.advance(hours=1)
    await change(world, SetMailLook(logo=b"", footer=()))
    await change(world, SetMailLook())

    look = await mail_look(world.desk, viewer=world.alice)
    assert look == MailLook(accent="#000000", signature="L'équipe support\nAgence Exemple")
    rows = await world.rows(MAIL_LOOK)
    assert [(row["version"], row["accent"], row["logo_type"]) for row in rows] == [
        (1, "#7c2d12", "image/png"),
        (2, "#000000", "image/png"),
        (3, "#000000", None),
    ]
    assert rows[-1]["made_at"] == world.now()
    assert {row["made_by"]["name"] for row in rows} == {"Alice"}
    async with world.desk.store.reading(ZOES_AGENCY) as records:
        assert await records.wording.look() == MailLook()


async def test_what_no_database_keeps_is_kept_as_a_sign_of_it(both_worlds: World) -> None:
    look = await change(both_worlds, SetMailLook(footer=("a\x00b\ud800",), signature="c\x00"))

    assert (look.footer, look.signature) == (("a\ufffdb\ufffd",), "c\ufffd")
    assert await mail_look(both_worlds.desk, viewer=both_worlds.alice) == look


async def test_a_look_that_cannot_be_read_is_refused(world: World) -> None:
    for request, refusal, path in (
        (SetMailLook(accent="#ffcc00"), AccentTooPale, "accent"),
        (SetMailLook(logo=b"<svg/>"), LogoRefused, "logo"),
        (SetMailLook(footer=("x",) * 9), LookTextTooLong, "footer"),
        (SetMailLook(signature="x" * 201), LookTextTooLong, "signature"),
    ):
        async with world.refused(refusal) as refused:
            await change(world, request)
        assert refused.value.path == (path,)


async def test_managers_alone_change_the_look(world: World) -> None:
    marc = CreateAgent("Marc", "marc@alice.example", AgentRole.AGENT, Locale.FR)
    agent = await create_agent(world.desk, viewer=world.alice, request=marc)
    for viewer, refusal in (
        (world.bruno, AgencyOnly),
        (replace(world.alice, scopes=frozenset({Scope.TICKETS_READ})), ScopeMissing),
        (replace(world.alice, agent_id=agent.id), ManagersOnly),
    ):
        async with world.refused(refusal):
            await set_mail_look(world.desk, viewer=viewer, request=CHANGES)
        async with world.refused(refusal):
            await mail_look(world.desk, viewer=viewer)
