"""A person makes a ticket of a message that was set aside: once, and with its time of arrival."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from helpdesk.bootstrap import desk_on
from helpdesk.domain.access import AgencyOnly, NotFound, Scope, ScopeMissing
from helpdesk.domain.ids import ClientId, ContactId, InboundMailId
from helpdesk.domain.inbound_email import InboundEmail
from helpdesk.domain.inbox import InboundMail, InboundMailState
from helpdesk.domain.mail_trust import AuthOutcome, AuthVerdict
from helpdesk.storage.database import open_database
from helpdesk.storage.errors import DatabaseBusy
from helpdesk.storage.tables.client import CONTACT
from helpdesk.storage.tables.ticket import ATTACHMENT
from helpdesk.usecases.create_contact import EmailInvalid, EmailTaken
from helpdesk.usecases.ticket_of_message import (
    MakeTicketFromMessage,
    RequesterUnknown,
    make_ticket_from_message,
)
from tests.factories import AGENCY_ID, BRUNOS_CLIENT, CHLOES_CLIENT, a_viewer
from tests.usecases.mails import ALICE, STRANGER, Door, a_mail
from tests.usecases.set_aside import (
    a_looping_message,
    a_message_of_a_program,
    a_message_of_nobody,
    a_message_that_nobody_read,
    at_a_desk_that_cannot_read,
)
from tests.usecases.world import MAILBOX, World

BRUNO_ID = ContactId("bruno")


@pytest.fixture
def door(world: World) -> Door:
    return Door(world)


async def made(door: Door, mail: InboundMail, **asked: object) -> tuple[InboundMail, str]:
    """Return the row after the act, and the id of its ticket."""
    request = MakeTicketFromMessage(mail.id, **asked)  # type: ignore[arg-type]  # fields of it
    settled, ticket = await make_ticket_from_message(
        door.world.desk, viewer=door.world.alice, request=request
    )
    assert settled == await door.kept(mail.id)
    assert settled.ticket_id == ticket.id
    return settled, ticket.id


async def test_a_message_that_went_round_becomes_the_ticket_of_its_author(door: Door) -> None:
    mail = await a_looping_message(door)
    door.world.now.advance(hours=3)

    settled, _ = await made(door, mail)

    assert (settled.state, settled.reason) == ("DONE", "OPENED_TICKET")
    assert settled.settled_by == "Alice"
    ticket = await door.ticket_of(settled)
    assert (ticket.requester_id, ticket.subject) == (BRUNO_ID, "The contact form is silent")


async def test_its_clocks_run_from_when_we_were_handed_it(door: Door) -> None:
    mail = await a_looping_message(door)
    door.world.now.advance(hours=3)

    settled, ticket_id = await made(door, mail)

    ticket = await door.ticket_of(settled)
    assert ticket.opened_at == mail.received_at != door.world.now()
    clocks = await door.world.clocks(ticket.id)
    assert {row["started_at"] for row in clocks.values()} == {mail.received_at}
    assert ticket_id == ticket.id


async def test_the_ticket_says_who_took_the_message_out_of_the_inbox_and_why_it_was_there(
    door: Door,
) -> None:
    settled, _ = await made(door, await a_looping_message(door))

    assert settled.ticket_id is not None
    request, note = await door.messages(settled.ticket_id)
    assert request["author_name"] == "Bruno"
    assert (note["author_name"], note["is_internal"]) == ("Alice", True)
    assert "Alice" in note["body"]
    assert "tourne en rond" in note["body"]
    assert await door.kinds(settled.ticket_id) == ["OPENED", "NOTE_ADDED"]


async def test_its_author_hears_that_we_have_his_request(door: Door) -> None:
    await made(door, await a_looping_message(door))

    [mail] = await door.world.outbox()
    assert mail.mail.recipient.email == "bruno@bruno.example"


async def test_whose_mail_our_server_found_forged_hears_nothing(door: Door) -> None:
    mail = await a_looping_message(door)
    forged = mail.with_verdict(AuthVerdict(AuthOutcome.FAIL, "mx.alice.example"))
    async with door.world.desk.store.transaction(AGENCY_ID) as records:
        await records.mail.save_inbound(forged)

    settled, _ = await made(door, mail)

    assert settled.verdict == AuthVerdict(AuthOutcome.FAIL, "mx.alice.example")
    assert await door.world.outbox() == ()


async def test_whom_a_person_names_is_the_requester_and_is_told_nothing(door: Door) -> None:
    mail = await a_message_of_nobody(door)

    settled, _ = await made(door, mail, requester_id=BRUNO_ID)

    ticket = await door.ticket_of(settled)
    assert (ticket.requester_id, ticket.client_id) == (BRUNO_ID, BRUNOS_CLIENT)
    assert await door.world.outbox() == ()


async def test_who_wrote_to_us_through_a_program_joins_the_client_that_is_named(
    door: Door,
) -> None:
    mail = await a_message_of_a_program(door, STRANGER)

    settled, _ = await made(door, mail, client_id=BRUNOS_CLIENT)

    ticket = await door.ticket_of(settled)
    [dora] = [row for row in await door.world.rows(CONTACT) if row["name"] == "Dora"]
    assert (dora["client_id"], dora["email"]) == (BRUNOS_CLIENT, "dora@nowhere.example")
    assert (ticket.requester_id, ticket.client_id) == (dora["id"], BRUNOS_CLIENT)


async def test_a_contact_may_be_named_who_is_not_there_yet(door: Door) -> None:
    mail = await a_message_of_nobody(door)

    settled, _ = await made(
        door, mail, client_id=CHLOES_CLIENT, name=" Eve ", email=" Eve@Chloe.example "
    )

    ticket = await door.ticket_of(settled)
    [eve] = [row for row in await door.world.rows(CONTACT) if row["name"] == "Eve"]
    assert (ticket.requester_id, eve["email"]) == (eve["id"], "eve@chloe.example")


async def test_a_contact_without_a_name_is_called_by_his_address(door: Door) -> None:
    mail = await a_message_of_nobody(door)

    await made(door, mail, client_id=CHLOES_CLIENT, email="eve@chloe.example")

    names = {row["name"] for row in await door.world.rows(CONTACT)}
    assert "eve@chloe.example" in names


async def test_a_contact_of_the_named_client_is_not_made_twice(door: Door) -> None:
    mail = await a_message_of_nobody(door)

    settled, _ = await made(door, mail, client_id=BRUNOS_CLIENT, email="bruno@bruno.example")

    assert (await door.ticket_of(settled)).requester_id == BRUNO_ID


async def test_a_stranger_becomes_a_contact_as_when_his_mail_comes_in(door: Door) -> None:
    settled, _ = await made(door, await a_message_of_a_program(door, STRANGER))

    ticket = await door.ticket_of(settled)
    async with door.world.desk.store.reading(AGENCY_ID) as records:
        pool = await records.clients.unknown_sender_pool()
    assert pool is not None
    assert ticket.client_id == pool.id


async def test_a_message_that_cannot_be_read_becomes_a_ticket_that_encloses_it(
    door: Door,
) -> None:
    mail = await a_message_that_nobody_read(door)
    request = MakeTicketFromMessage(mail.id, requester_id=BRUNO_ID)

    settled, ticket = await make_ticket_from_message(
        at_a_desk_that_cannot_read(door.world.desk), viewer=door.world.alice, request=request
    )

    assert ticket.subject == settled.subject == "Un message qui n'a pas pu être lu"
    [file] = await door.world.rows(ATTACHMENT)
    assert (file["filename"], file["content_type"]) == ("message.eml", "message/rfc822")
    assert (file["sha256"], file["size"]) == (mail.raw_sha256, mail.size)
    assert await door.world.outbox() == ()


async def test_what_nothing_can_keep_is_enclosed_instead(door: Door) -> None:
    mail = await a_looping_message(door)
    desk = door.world.desk

    def parse(raw: bytes) -> InboundEmail:
        odd: Any = object()  # what no database keeps
        return replace(desk.parse_email(raw), html=odd)

    request = MakeTicketFromMessage(mail.id)

    _, ticket = await make_ticket_from_message(
        replace(desk, parse_email=parse), viewer=door.world.alice, request=request
    )

    assert ticket.requester_id == BRUNO_ID
    assert [file["filename"] for file in await door.world.rows(ATTACHMENT)] == ["message.eml"]


async def test_a_busy_store_makes_no_ticket_of_another_kind(door: Door) -> None:
    mail = await a_looping_message(door)

    def new_id() -> str:
        raise DatabaseBusy("the write lock is held")

    before = await door.world.everything()
    with pytest.raises(DatabaseBusy):
        await make_ticket_from_message(
            replace(door.world.desk, new_id=new_id),
            viewer=door.world.alice,
            request=MakeTicketFromMessage(mail.id),
        )

    assert await door.world.everything() == before


async def test_asking_again_gives_the_same_ticket(door: Door) -> None:
    mail = await a_looping_message(door)
    _, first = await made(door, mail)
    before = await door.world.everything()

    _, second = await made(door, mail, requester_id=ContactId("chloe"))

    assert first == second
    assert await door.world.everything() == before


async def test_two_people_at_once_make_one_ticket(both_worlds: World, database_url: str) -> None:
    door = Door(both_worlds)
    mail = await a_looping_message(door)
    second = await open_database(database_url)
    desks = (both_worlds.desk, desk_on(second, now=both_worlds.now))

    answers = await asyncio.gather(
        *(
            make_ticket_from_message(
                desk, viewer=both_worlds.alice, request=MakeTicketFromMessage(mail.id)
            )
            for desk in desks
        )
    )
    await second.close()

    assert len({ticket.id for _, ticket in answers}) == 1
    assert len(await door.tickets()) == 1


@pytest.mark.parametrize("sender", [None, ALICE, f"Us <{MAILBOX}>", "Us <Support+x@Alice.example>"])
async def test_a_message_of_nobody_or_of_our_own_says_not_whose_ticket_it_is(
    door: Door, sender: str | None
) -> None:
    stored = await door.store(a_mail(sender=sender))

    async with door.world.refused(RequesterUnknown) as refusal:
        await made(door, stored)

    assert refusal.value.path == ("requesterId",)


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"requester_id": ContactId("yves")}, NotFound),
        ({"client_id": ClientId("yves-sa"), "email": "new@yves.example"}, NotFound),
        ({"client_id": CHLOES_CLIENT, "email": "bruno@bruno.example"}, EmailTaken),
        ({"client_id": CHLOES_CLIENT, "email": "alice@alice.example"}, EmailTaken),
        ({"client_id": CHLOES_CLIENT, "email": "nothing"}, EmailInvalid),
        ({"client_id": CHLOES_CLIENT}, RequesterUnknown),
    ],
)
async def test_a_requester_who_cannot_be_is_refused(
    door: Door, asked: dict[str, object], error: type[NotFound]
) -> None:
    mail = await a_message_of_nobody(door)

    async with door.world.refused(error):
        await made(door, mail, **asked)


async def test_a_message_of_another_agency_does_not_exist(door: Door) -> None:
    mail = await a_looping_message(door)
    request = MakeTicketFromMessage(mail.id)

    async with door.world.refused(NotFound):
        await make_ticket_from_message(door.world.desk, viewer=door.world.zoe, request=request)
    async with door.world.refused(NotFound):
        await made(door, replace(mail, id=InboundMailId("nothing")))


async def test_only_the_agency_may_and_only_with_both_scopes(door: Door) -> None:
    mail = await a_looping_message(door)
    for viewer, error in (
        (door.world.bruno, AgencyOnly),
        (a_viewer(scopes=frozenset({Scope.MAIL_WRITE})), ScopeMissing),
        (a_viewer(scopes=frozenset({Scope.TICKETS_WRITE})), ScopeMissing),
    ):
        async with door.world.refused(error):
            await make_ticket_from_message(
                door.world.desk, viewer=viewer, request=MakeTicketFromMessage(mail.id)
            )
    assert (await door.kept(mail.id)).state is InboundMailState.QUARANTINED
