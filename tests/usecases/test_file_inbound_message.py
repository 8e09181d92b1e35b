"""A person files a message of the inbox on a ticket, as if it had found it."""

import asyncio
from dataclasses import replace

import pytest

from helpdesk.bootstrap import desk_on
from helpdesk.domain.access import AgencyOnly, NotFound, Scope, ScopeMissing
from helpdesk.domain.ids import TicketId
from helpdesk.domain.inbox import InboundMail, InboundMailState
from helpdesk.domain.mail_trust import AuthOutcome
from helpdesk.domain.ticket import Ticket, TicketStatus
from helpdesk.storage.database import open_database
from helpdesk.storage.tables.ticket import ATTACHMENT
from helpdesk.usecases.close_ticket import close_ticket
from helpdesk.usecases.file_inbound_message import FileInboundMessage, file_inbound_message
from helpdesk.usecases.inbound_in_hand import MessageOnTicket
from helpdesk.usecases.resolve_ticket import resolve_ticket
from helpdesk.usecases.ticket_step import TicketStepRequest
from tests.factories import AGENCY_ID, a_viewer
from tests.usecases.mails import ALICE, STRANGER, Door, a_mail, an_answer
from tests.usecases.set_aside import (
    a_looping_message,
    a_message_of_a_program,
    a_message_of_nobody,
    a_message_that_nobody_read,
    at_a_desk_that_cannot_read,
)
from tests.usecases.world import RowOf, World


@pytest.fixture
def door(world: World) -> Door:
    return Door(world)


async def filed(
    door: Door, mail: InboundMail, ticket: Ticket, **asked: bool
) -> tuple[InboundMail, Ticket]:
    request = FileInboundMessage(mail.id, ticket.id, **asked)
    return await file_inbound_message(door.world.desk, viewer=door.world.alice, request=request)


async def said(door: Door, ticket: Ticket) -> tuple[RowOf, RowOf]:
    """Return the message that was filed, and the note about it."""
    *_, message, note = await door.messages(ticket.id)
    return message, note


async def test_the_words_of_its_client_are_public_and_move_the_clocks(door: Door) -> None:
    ticket = await door.world.ticket()
    mail = await a_looping_message(door, text="It still is.")

    settled, after = await filed(door, mail, ticket)

    assert (settled.state, settled.reason) == ("DONE", "ANSWERED_TICKET")
    assert (settled.ticket_id, settled.settled_by) == (ticket.id, "Alice")
    message, note = await said(door, after)
    assert (message["author_name"], message["is_internal"]) == ("Bruno", False)
    assert message["body"] == "It still is."
    assert (note["author_name"], note["is_internal"]) == ("Alice", True)
    kinds = await door.kinds(ticket.id)
    assert kinds[-2:] == ["CLIENT_REPLIED", "NOTE_ADDED"]


async def test_they_reopen_a_resolved_ticket(door: Door) -> None:
    ticket = await door.world.ticket()
    step = TicketStepRequest(ticket.id)
    await resolve_ticket(door.world.desk, viewer=door.world.alice, request=step)

    _, after = await filed(door, await a_looping_message(door), ticket)

    assert after.status is TicketStatus.IN_PROGRESS


async def test_they_are_a_note_when_that_is_asked(door: Door) -> None:
    ticket = await door.world.ticket()

    _, after = await filed(door, await a_looping_message(door), ticket, is_internal=True)

    message, _ = await said(door, after)
    assert message["is_internal"]
    assert after.status is ticket.status


async def test_they_are_a_note_on_a_ticket_that_is_over(door: Door) -> None:
    ticket = await door.world.ticket()
    step = TicketStepRequest(ticket.id)
    await resolve_ticket(door.world.desk, viewer=door.world.alice, request=step)
    await close_ticket(door.world.desk, viewer=door.world.alice, request=step)

    _, after = await filed(door, await a_looping_message(door), ticket)

    message, _ = await said(door, after)
    assert message["is_internal"]
    assert after.status is TicketStatus.CLOSED


async def test_what_a_program_wrote_is_a_note(door: Door) -> None:
    ticket = await door.world.ticket()
    mail = await a_message_of_a_program(door, "Bruno <bruno@bruno.example>")

    await filed(door, mail, ticket)

    message, _ = await said(door, ticket)
    assert (message["is_internal"], message["is_automatic"]) == (True, True)


async def test_the_words_of_a_colleague_are_a_note(door: Door) -> None:
    ticket = await door.world.ticket()
    mail = await door.store(a_mail(sender=ALICE))

    await filed(door, mail, ticket)

    message, _ = await said(door, ticket)
    assert (message["author_name"], message["is_internal"]) == ("Alice", True)
    assert message["doubt"] is None


async def test_a_stranger_is_called_by_his_address_and_not_believed(door: Door) -> None:
    ticket = await door.world.ticket()
    mail = await a_message_of_a_program(door, STRANGER)

    await filed(door, mail, ticket)

    message, _ = await said(door, ticket)
    assert message["author_name"] == "dora@nowhere.example"
    assert (message["is_internal"], message["doubt"]) == (True, "DIFFERENT_ADDRESS")


async def test_what_our_server_found_forged_is_a_note_with_a_mark(door: Door) -> None:
    ticket = await door.world.ticket()
    mail = replace(await a_looping_message(door), auth_outcome=AuthOutcome.FAIL)
    async with door.world.desk.store.transaction(AGENCY_ID) as records:
        await records.mail.save_inbound(mail)

    await filed(door, mail, ticket)

    message, _ = await said(door, ticket)
    assert (message["is_internal"], message["doubt"]) == (True, "AUTHENTICATION_FAILED")


async def test_a_message_of_nobody_is_called_by_its_envelope(door: Door) -> None:
    ticket = await door.world.ticket()

    await filed(door, await a_message_of_nobody(door), ticket)

    message, _ = await said(door, ticket)
    assert message["author_name"] == "bruno@bruno.example"


async def test_a_message_without_any_name_is_filed_all_the_same(door: Door) -> None:
    ticket = await door.world.ticket()
    mail = await door.store(a_mail(sender=None), envelope_from="")

    await filed(door, mail, ticket)

    message, _ = await said(door, ticket)
    assert message["author_name"] == "?"


async def test_a_message_that_cannot_be_read_is_enclosed(door: Door) -> None:
    ticket = await door.world.ticket()
    mail = await a_message_that_nobody_read(door)
    request = FileInboundMessage(mail.id, ticket.id)
    desk = at_a_desk_that_cannot_read(door.world.desk)

    await file_inbound_message(desk, viewer=door.world.alice, request=request)

    [file] = await door.world.rows(ATTACHMENT)
    assert (file["filename"], file["sha256"]) == ("message.eml", mail.raw_sha256)


async def test_an_answer_to_it_finds_the_ticket(door: Door) -> None:
    ticket = await door.world.ticket()
    await filed(door, await a_looping_message(door), ticket)

    outcome = await door.receive(an_answer("first@bruno.example"))

    assert outcome.ticket_id == ticket.id


async def test_asking_again_changes_nothing(door: Door) -> None:
    ticket = await door.world.ticket()
    mail = await a_looping_message(door)
    once = await filed(door, mail, ticket)
    before = await door.world.everything()

    assert await filed(door, mail, ticket) == once
    assert await door.world.everything() == before


async def test_two_people_at_once_file_it_once(both_worlds: World, database_url: str) -> None:
    door = Door(both_worlds)
    ticket = await both_worlds.ticket()
    request = FileInboundMessage((await a_looping_message(door)).id, ticket.id)
    second = await open_database(database_url)
    desks = (both_worlds.desk, desk_on(second, now=both_worlds.now))

    await asyncio.gather(
        *(file_inbound_message(desk, viewer=both_worlds.alice, request=request) for desk in desks)
    )
    await second.close()

    assert (await door.kinds(ticket.id)).count("CLIENT_REPLIED") == 1


async def test_a_message_that_is_on_a_ticket_goes_on_no_other(door: Door) -> None:
    mail = await door.receive(a_mail())
    other = await door.world.ticket("Another one")

    async with door.world.refused(MessageOnTicket) as refusal:
        await filed(door, mail, other)

    assert "ticket 1" in str(refusal.value)


async def test_what_is_not_there_is_not_found(door: Door) -> None:
    mail = await a_looping_message(door)
    ticket = await door.world.ticket()
    desk, request = door.world.desk, FileInboundMessage(mail.id, ticket.id)

    async with door.world.refused(NotFound):
        await file_inbound_message(desk, viewer=door.world.zoe, request=request)
    async with door.world.refused(NotFound):
        nowhere = FileInboundMessage(mail.id, TicketId("nothing"))
        await file_inbound_message(desk, viewer=door.world.alice, request=nowhere)


async def test_only_the_agency_may_and_only_with_both_scopes(door: Door) -> None:
    mail = await a_looping_message(door)
    ticket = await door.world.ticket()
    request = FileInboundMessage(mail.id, ticket.id)

    for viewer, error in (
        (door.world.bruno, AgencyOnly),
        (a_viewer(scopes=frozenset({Scope.MAIL_WRITE})), ScopeMissing),
        (a_viewer(scopes=frozenset({Scope.TICKETS_WRITE})), ScopeMissing),
    ):
        async with door.world.refused(error):
            await file_inbound_message(door.world.desk, viewer=viewer, request=request)
    assert (await door.kept(mail.id)).state is InboundMailState.QUARANTINED
