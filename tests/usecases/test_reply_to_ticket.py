"""Somebody answers on a ticket: who hears of it, and which clocks it moves."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from helpdesk.domain.access import Scope, ScopeMissing, Viewer
from helpdesk.domain.agency import Agency, Contact
from helpdesk.domain.batch import Batch
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import ContactId
from helpdesk.domain.message import BODY_LIMIT, Message, TextRequired, TextTooLong
from helpdesk.domain.outgoing_mail import AutoSubmitted
from helpdesk.domain.postponement import Postponement
from helpdesk.domain.priority import Impact
from helpdesk.domain.quote import Quote
from helpdesk.domain.ticket import (
    Channel,
    Ticket,
    TicketChangedMeanwhile,
    TicketEvent,
    TicketEventKind,
    TicketStatus,
    TransitionRefused,
)
from helpdesk.domain.waiting import WaitingOn
from helpdesk.storage.tables.mail import MAIL_REFERENCE
from helpdesk.storage.tables.ticket import MESSAGE
from helpdesk.usecases.close_ticket import close_ticket
from helpdesk.usecases.letter_ports import Letter
from helpdesk.usecases.letters import promise_agent_reply
from helpdesk.usecases.mark_spam import mark_spam
from helpdesk.usecases.reply_to_ticket import Reply, ReplyToTicket, reply_to_ticket
from helpdesk.usecases.resolve_ticket import resolve_ticket
from helpdesk.usecases.ticket_step import TicketStepRequest
from helpdesk.usecases.wait_for_client import WaitForClient, wait_for_client
from tests.factories import AGENCY_ID, ALICE, BRUNO, BRUNOS_CLIENT, at
from tests.usecases.test_open_ticket import opened_by
from tests.usecases.world import MAILBOX, World


class BrokenLetters:
    """Letters that cannot be written."""

    def acknowledgement(
        self, ticket: Ticket, *, agency: Agency, contact: Contact, promised_at: datetime | None
    ) -> Letter:
        raise OSError("no ink")

    def agent_reply(
        self, ticket: Ticket, message: Message, *, agency: Agency, contact: Contact
    ) -> Letter:
        raise OSError("no ink")

    def batch_opened(
        self, batch: Batch, tickets: Sequence[Ticket], *, agency: Agency, contact: Contact
    ) -> Letter:
        raise OSError("no ink")

    def delivery_postponed(
        self, ticket: Ticket, postponement: Postponement, *, agency: Agency, contact: Contact
    ) -> Letter:
        raise OSError("no ink")

    def quote_sent(
        self, quote: Quote, ticket: Ticket | None, *, agency: Agency, contact: Contact
    ) -> Letter:
        raise OSError("no ink")


async def reply(
    world: World,
    viewer: Viewer,
    ticket: Ticket,
    body: str = " Which browser? ",
    *,
    wait_for_client: bool = False,
    version: int | None = None,
) -> Reply:
    """Return what somebody's message made of a ticket, an hour later."""
    request = ReplyToTicket(
        ticket.id,
        body,
        wait_for_client=wait_for_client,
        expected_version=version,
    )
    world.now.advance(hours=1)
    return await reply_to_ticket(world.desk, viewer=viewer, request=request)


async def test_an_agents_answer_is_the_first_response_and_starts_the_work(
    both_worlds: World,
) -> None:
    world = both_worlds
    ticket = await world.ticket(impact=Impact.CRITICAL)

    answer = await reply(world, world.alice, ticket)

    assert answer.ticket == replace(
        ticket,
        status=TicketStatus.IN_PROGRESS,
        first_responded_at=at("07-06 10:00"),
        version=2,
    )
    assert await world.kept(ticket.id) == answer.ticket
    assert (await world.history(ticket.id))[1:] == (
        TicketEvent(
            ticket_id=ticket.id,
            sequence=2,
            at=at("07-06 10:00"),
            kind=TicketEventKind.AGENT_REPLIED,
            actor=ALICE,
            before={"status": "NEW", "first_responded_at": None},
            after={"status": "IN_PROGRESS", "first_responded_at": "2026-07-06T08:00:00+00:00"},
            message_id=answer.message.id,
        ),
    )
    clocks = await world.clocks(ticket.id)
    assert sorted(clocks) == [
        ("FIRST_RESPONSE", 1),
        ("RESOLUTION", 1),
        ("UPDATE", 1),
        ("UPDATE", 2),
    ]
    first, resolution = clocks["FIRST_RESPONSE", 1], clocks["RESOLUTION", 1]
    assert (first["stopped_at"], first["counted_seconds"]) == (at("07-06 10:00"), 3600)
    assert resolution["started_at"] == at("07-06 10:00")
    assert resolution["deadline_at"] == at("07-07 10:00")


async def test_an_answer_is_kept_as_it_was_written(world: World) -> None:
    ticket = await world.ticket()

    answer = await reply(world, world.alice, ticket)

    assert answer.message == Message(
        id=answer.message.id,
        agency_id=AGENCY_ID,
        ticket_id=ticket.id,
        sent_at=at("07-06 10:00"),
        author=ALICE,
        channel=Channel.API,
        body="Which browser?",
    )
    async with world.desk.store.reading(AGENCY_ID) as records:
        assert await records.tickets.message(answer.message.id) == answer.message
    assert (await world.rows(MESSAGE))[-1]["id"] == answer.message.id


async def test_a_later_answer_moves_no_first_response(world: World) -> None:
    ticket = await world.ticket()
    first = await reply(world, world.alice, ticket)

    second = await reply(world, world.alice, ticket)

    assert second.ticket == replace(first.ticket, version=3)
    assert (await world.history(ticket.id))[-1].after == {}


async def test_an_agents_answer_is_mailed_to_the_requester_once(world: World) -> None:
    ticket = await world.ticket()

    answer = await reply(world, world.alice, ticket)

    (promised,) = await world.outbox()
    assert promised.ticket_id == ticket.id
    assert promised.idempotency_key == f"message:{answer.message.id}"
    assert promised.created_at == at("07-06 10:00")
    assert promised.mail.recipient.email == "bruno@bruno.example"
    assert promised.mail.sender.email == MAILBOX
    assert promised.mail.ticket_number == 1
    assert promised.mail.locale is Locale.FR
    assert promised.mail.auto_submitted is AutoSubmitted.NO
    assert "Which browser?" in promised.mail.text
    assert promised.mail.in_reply_to is None
    assert promised.mail.message_id.endswith(f".{promised.mail.token}@alice.example")


async def test_answers_form_a_thread(world: World) -> None:
    ticket = await world.ticket()

    await reply(world, world.alice, ticket)
    await reply(world, world.alice, ticket, "And since when?")

    first, second = [promised.mail for promised in await world.outbox()]
    assert second.in_reply_to == first.message_id
    assert second.references == (first.message_id,)
    assert {row["message_id"] for row in await world.rows(MAIL_REFERENCE)} == {
        first.message_id,
        second.message_id,
    }


async def test_a_clients_message_opens_an_answer_cycle_and_mails_nobody(world: World) -> None:
    ticket = await world.ticket()
    await reply(world, world.alice, ticket)

    answer = await reply(world, world.bruno, ticket, "The latest one.")

    clock = (await world.clocks(ticket.id))["NEXT_RESPONSE", 1]
    assert answer.message.author == BRUNO
    assert clock["started_at"] == at("07-06 11:00")
    assert len(await world.outbox()) == 1


async def test_a_program_of_the_agency_answers_nobody_but_is_mailed_as_automatic(
    world: World,
) -> None:
    ticket = await world.ticket()

    answer = await reply(world, world.robot, ticket, "Deployed.")

    (promised,) = await world.outbox()
    assert answer.message.is_automatic is True
    assert answer.ticket.first_responded_at is None
    assert (await world.clocks(ticket.id))["FIRST_RESPONSE", 1]["stopped_at"] is None
    assert promised.mail.auto_submitted is AutoSubmitted.AUTO_GENERATED
    assert (await world.history(ticket.id))[-1].kind.value == "AUTOMATIC_MESSAGE"


async def test_a_program_of_the_client_writes_for_the_client(world: World) -> None:
    ticket = await world.ticket()

    answer = await reply(world, world.brunos_robot, ticket, "The probe says so too.")

    assert answer.message.is_automatic is False
    assert (await world.history(ticket.id))[-1].kind.value == "CLIENT_REPLIED"


async def test_an_answer_to_a_ticket_without_a_requester_is_mailed_to_nobody(
    world: World,
) -> None:
    ticket = await opened_by(world, world.alice, client_id=BRUNOS_CLIENT)

    await reply(world, world.alice, ticket)

    assert await world.outbox() == ()


# Waiting for the client.


async def test_a_question_waits_for_the_client(world: World) -> None:
    ticket = await world.ticket()

    answer = await reply(world, world.alice, ticket, wait_for_client=True)

    assert answer.ticket.status is TicketStatus.WAITING
    assert answer.ticket.waiting_on is WaitingOn.CLIENT
    assert (await world.clocks(ticket.id))["DELIVERY", 1]["paused_since"] == at("07-06 10:00")
    assert (await world.clocks(ticket.id))["FIRST_RESPONSE", 1]["stopped_at"] == at("07-06 10:00")


async def test_a_second_question_keeps_the_wait(world: World) -> None:
    ticket = await world.ticket()
    await reply(world, world.alice, ticket, wait_for_client=True)

    answer = await reply(world, world.alice, ticket, "Please?", wait_for_client=True)

    assert answer.ticket.status is TicketStatus.WAITING
    assert [event.kind.value for event in await world.history(ticket.id)] == [
        "OPENED",
        "AGENT_REPLIED",
        "WAITING",
        "AGENT_REPLIED",
    ]


async def test_the_clients_answer_ends_the_wait(world: World) -> None:
    ticket = await world.ticket()
    await reply(world, world.alice, ticket, wait_for_client=True)

    answer = await reply(world, world.bruno, ticket, "The latest one.")

    clock = (await world.clocks(ticket.id))["DELIVERY", 1]
    assert answer.ticket.status is TicketStatus.IN_PROGRESS
    assert clock["running_since"] == at("07-06 11:00")
    assert clock["deadline_at"] == at("07-13 10:00")


async def test_the_clients_answer_ends_no_wait_for_a_third_party(world: World) -> None:
    ticket = await world.ticket()
    request = WaitForClient(ticket.id, "the host looks into it", WaitingOn.THIRD_PARTY)
    await wait_for_client(world.desk, viewer=world.alice, request=request)

    answer = await reply(world, world.bruno, ticket, "And now?")

    assert answer.ticket.waiting_on is WaitingOn.THIRD_PARTY


async def test_a_question_on_a_resolved_ticket_is_refused_as_a_whole(world: World) -> None:
    ticket = await world.ticket()
    await resolve_ticket(world.desk, viewer=world.alice, request=TicketStepRequest(ticket.id))

    async with world.refused(TransitionRefused):
        await reply(world, world.alice, ticket, wait_for_client=True)


# Finished tickets.


async def test_a_client_who_writes_on_a_resolved_ticket_reopens_it(world: World) -> None:
    ticket = await world.ticket()
    await resolve_ticket(world.desk, viewer=world.alice, request=TicketStepRequest(ticket.id))

    answer = await reply(world, world.bruno, ticket, "Still silent.")

    assert answer.ticket.status is TicketStatus.IN_PROGRESS
    assert answer.ticket.resolved_at is None
    assert (await world.clocks(ticket.id))["NEXT_RESPONSE", 1]["started_at"] == at("07-06 10:00")


async def test_a_client_does_not_write_on_a_closed_ticket(world: World) -> None:
    ticket = await world.ticket()
    step = TicketStepRequest(ticket.id)
    await resolve_ticket(world.desk, viewer=world.alice, request=step)
    await close_ticket(world.desk, viewer=world.alice, request=step)

    async with world.refused(TransitionRefused) as refusal:
        await reply(world, world.bruno, ticket)

    assert "openTicket" in str(refusal.value)


@pytest.mark.parametrize("name", ["alice", "bruno"])
async def test_nobody_writes_on_spam(world: World, name: str) -> None:
    ticket = await world.ticket()
    await mark_spam(world.desk, viewer=world.alice, request=TicketStepRequest(ticket.id))

    async with world.refused(TransitionRefused):
        await reply(world, getattr(world, name), ticket)


# Refusals and repetitions.


@pytest.mark.parametrize(
    ("body", "error"), [(" ", TextRequired), ("x" * (BODY_LIMIT + 1), TextTooLong)]
)
async def test_an_empty_or_endless_answer_is_refused(
    world: World, body: str, error: type[TextRequired | TextTooLong]
) -> None:
    ticket = await world.ticket()

    async with world.refused(error) as refusal:
        await reply(world, world.alice, ticket, body)

    assert refusal.value.path == ("bodyMarkdown",)


async def test_a_reader_does_not_answer(world: World) -> None:
    ticket = await world.ticket()
    reader = replace(world.alice, scopes=frozenset({Scope.TICKETS_READ}))

    async with world.refused(ScopeMissing):
        await reply(world, reader, ticket)


async def test_an_answer_to_an_earlier_version_is_refused(world: World) -> None:
    ticket = await world.ticket()
    await reply(world, world.bruno, ticket, "It works again, sorry.", version=1)

    async with world.refused(TicketChangedMeanwhile):
        await reply(world, world.alice, ticket, version=1)


async def test_an_answer_whose_mail_cannot_be_written_is_not_kept(both_worlds: World) -> None:
    world = both_worlds
    ticket = await world.ticket()
    before = await world.everything()
    desk = replace(world.desk, letters=BrokenLetters())

    with pytest.raises(OSError, match="no ink"):
        await reply_to_ticket(
            desk, viewer=world.alice, request=ReplyToTicket(ticket.id, "We are on it.")
        )

    assert await world.everything() == before


async def test_a_requester_who_is_no_longer_there_is_promised_no_mail(world: World) -> None:
    ticket = await world.ticket()
    answer = await reply(world, world.alice, ticket)
    promised = await world.outbox()

    async with world.desk.store.transaction(AGENCY_ID) as records:
        left = replace(answer.ticket, requester_id=ContactId("left"))
        await promise_agent_reply(world.desk, records, left, answer.message)

    assert await world.outbox() == promised
