"""Which ticket a mail belongs to: headers and numbers lead there, and only for its parties."""

import pytest

from helpdesk.domain.inbox import InboundMailReason, InboundMailState
from helpdesk.domain.ticket import LinkKind, Ticket, TicketStatus
from helpdesk.storage.tables.mail import MAIL_REFERENCE
from helpdesk.storage.tables.ticket import TICKET, TICKET_LINK
from helpdesk.usecases.cancel_ticket import cancel_ticket
from helpdesk.usecases.close_ticket import close_ticket
from helpdesk.usecases.mail_thread import MERGE_HOPS
from helpdesk.usecases.mark_spam import mark_spam
from helpdesk.usecases.merge_tickets import MergeTickets, merge_tickets
from helpdesk.usecases.receive_email import receive_email
from helpdesk.usecases.resolve_ticket import resolve_ticket
from helpdesk.usecases.ticket_step import ReasonedStepRequest, TicketStepRequest
from tests.factories import CHLOES_CLIENT
from tests.usecases.mails import (
    ALICE,
    BRUNO,
    CHLOE,
    STRANGER,
    ZOES_MAILBOX,
    Door,
    a_mail,
    an_answer,
)
from tests.usecases.world import World

FIRST, OTHER = "first@bruno.example", "other@bruno.example"
ANSWERED = (InboundMailState.DONE, InboundMailReason.ANSWERED_TICKET)
OPENED = (InboundMailState.DONE, InboundMailReason.OPENED_TICKET)


@pytest.fixture
def door(world: World) -> Door:
    return Door(world)


@pytest.fixture
async def ticket(door: Door) -> Ticket:
    """What Bruno wrote first."""
    return await door.open()


@pytest.fixture
async def other(door: Door, ticket: Ticket) -> Ticket:
    """What Bruno wrote next, about something else."""
    assert ticket.number == "1"
    return await door.open(a_mail(subject="The shop is slow", message_id=OTHER))


async def test_an_answer_to_the_clients_own_mail_joins_its_ticket(
    door: Door, ticket: Ticket
) -> None:
    outcome = await door.receive(an_answer(FIRST))

    assert (outcome.state, outcome.reason, outcome.ticket_id) == (*ANSWERED, ticket.id)
    assert [row["body"] for row in await door.messages(ticket.id)] == [
        "Nobody answers what my customers write.",
        "It still is.",
    ]
    assert await door.kinds(ticket.id) == ["OPENED", "CLIENT_REPLIED"]


async def test_an_answer_to_our_acknowledgement_joins_the_ticket(
    door: Door, ticket: Ticket
) -> None:
    (acknowledgement,) = await door.world.outbox()

    outcome = await door.receive(an_answer(acknowledgement.mail.message_id))

    assert outcome.ticket_id == ticket.id


async def test_an_answer_to_an_answer_joins_the_ticket(door: Door, ticket: Ticket) -> None:
    await door.receive(an_answer(FIRST))

    outcome = await door.receive(an_answer("second@bruno.example", "Now?", message_id="third@x"))

    assert outcome.ticket_id == ticket.id
    assert {row["message_id"] for row in await door.world.rows(MAIL_REFERENCE)} >= {
        FIRST,
        "second@bruno.example",
        "third@x",
    }


async def test_an_answer_without_an_id_joins_the_ticket(door: Door, ticket: Ticket) -> None:
    known = await door.world.rows(MAIL_REFERENCE)

    outcome = await door.receive(an_answer(FIRST, message_id=None))

    assert outcome.ticket_id == ticket.id
    assert await door.world.rows(MAIL_REFERENCE) == known


@pytest.mark.parametrize(
    ("references", "number"),
    [
        (f"<{FIRST}> <{OTHER}>", "2"),
        (f"<{OTHER}> <{FIRST}>", "1"),
        (f"<{FIRST}> <{OTHER}> <never-seen@x>", "2"),
    ],
)
async def test_references_are_read_from_right_to_left(
    door: Door, other: Ticket, references: str, number: str
) -> None:
    assert other.number == "2"

    outcome = await door.receive(a_mail("And?", message_id="third@x", References=references))

    assert (outcome.state, outcome.reason) == ANSWERED
    assert (await door.ticket_of(outcome)).number == number


async def test_in_reply_to_is_surer_than_references(
    door: Door, ticket: Ticket, other: Ticket
) -> None:
    outcome = await door.receive(an_answer(FIRST, References=f"<{FIRST}> <{OTHER}>"))

    assert outcome.ticket_id == ticket.id != other.id


async def test_a_number_in_the_subject_is_enough_for_a_party(door: Door, ticket: Ticket) -> None:
    answer = a_mail("More.", subject="RE: [#1] The contact form", message_id="third@x")

    outcome = await door.receive(answer)

    assert (outcome.reason, outcome.ticket_id) == (ANSWERED[1], ticket.id)


async def test_a_colleague_of_the_client_is_a_party(door: Door, ticket: Ticket) -> None:
    await door.open(a_mail(sender="Béa <bea@bruno.example>", message_id="bea@x", subject="Hello"))

    outcome = await door.receive(an_answer(FIRST, sender="bea@bruno.example"))

    assert outcome.ticket_id == ticket.id


@pytest.mark.parametrize("subject", ["Re: [#99] Hello", "Re: #1", "Re: The contact form is silent"])
async def test_a_subject_that_names_no_ticket_opens_one(
    door: Door, ticket: Ticket, subject: str
) -> None:
    outcome = await door.receive(a_mail(subject=subject, message_id="third@x"))

    assert (outcome.state, outcome.reason) == OPENED
    assert outcome.ticket_id != ticket.id


@pytest.mark.parametrize("sender", [CHLOE, STRANGER])
@pytest.mark.parametrize("by", ["In-Reply-To", "References", "Subject"])
async def test_a_forged_answer_opens_its_senders_own_ticket_and_shows_nothing(
    door: Door, ticket: Ticket, sender: str, by: str
) -> None:
    history, messages = await door.world.history(ticket.id), await door.messages(ticket.id)
    forged = a_mail("Show me.", sender=sender, message_id="forged@chloe.example", subject=None)
    forged[by] = "Re: [#1] Hello" if by == "Subject" else f"<{FIRST}>"

    opened = await door.open(forged)

    assert opened.client_id != ticket.client_id
    assert await door.world.history(ticket.id) == history
    assert await door.messages(ticket.id) == messages
    assert await door.world.kept(ticket.id) == ticket
    assert await door.world.rows(TICKET_LINK) == []
    answer = (await door.world.outbox())[-1].mail
    assert answer.recipient.email in sender
    assert answer.references == ("forged@chloe.example",)
    assert ticket.subject not in answer.subject + answer.text


async def test_a_borrowed_message_id_stays_with_its_first_ticket(
    door: Door, ticket: Ticket
) -> None:
    theft = await door.open(a_mail("Mine now.", sender=CHLOE))

    outcome = await door.receive(an_answer(FIRST))

    assert theft.client_id == CHLOES_CLIENT
    assert outcome.ticket_id == ticket.id


async def test_the_threads_of_another_agency_do_not_exist(door: Door, ticket: Ticket) -> None:
    answer = an_answer(FIRST, subject="Re: [#1]", to=ZOES_MAILBOX)
    (stored,) = await door.store_all(answer, recipients=(ZOES_MAILBOX,))

    outcome = await receive_email(door.world.desk, stored.mail.agency_id, stored.mail.id)

    assert (outcome.reason, outcome.agency_id) == (OPENED[1], door.world.zoe.agency_id)
    assert await door.world.kept(ticket.id) == ticket


async def test_a_mail_to_a_closed_ticket_opens_one_that_follows_it(
    door: Door, ticket: Ticket
) -> None:
    await _closed(door, ticket)

    following = await door.open(an_answer(FIRST, subject="Re: silent again"))

    assert (following.number, following.status) == ("2", TicketStatus.NEW)
    assert await door.kinds(ticket.id) == ["OPENED", "RESOLVED", "CLOSED"]
    assert await door.kinds(following.id) == ["OPENED", "LINKED"]
    (link,) = await door.world.rows(TICKET_LINK)
    assert (link["ticket_id"], link["other_id"]) == (following.id, ticket.id)
    assert (link["kind"], link["linked_at"]) == (LinkKind.FOLLOWS, door.world.now())
    (linked,) = (await door.world.history(following.id))[1:]
    assert (linked.related_ticket_id, linked.actor.name) == (ticket.id, "Bruno")


async def test_what_follows_is_answered_where_it_went_on(door: Door, ticket: Ticket) -> None:
    await _closed(door, ticket)
    following = await door.open(an_answer(FIRST))

    outcome = await door.receive(an_answer("second@bruno.example", message_id="third@x"))

    assert outcome.ticket_id == following.id


@pytest.mark.parametrize("end", ["cancelled", "spam"])
async def test_a_mail_to_a_ticket_that_ended_without_work_opens_one_that_follows_it(
    door: Door, ticket: Ticket, end: str
) -> None:
    desk, alice = door.world.desk, door.world.alice
    if end == "spam":
        await mark_spam(desk, viewer=alice, request=TicketStepRequest(ticket.id))
    else:
        step = ReasonedStepRequest(ticket.id, "Bruno found it himself")
        await cancel_ticket(desk, viewer=alice, request=step)
    ended = await door.world.kept(ticket.id)

    following = await door.open(an_answer(FIRST))

    assert await door.world.kept(ticket.id) == ended
    assert await door.kinds(following.id) == ["OPENED", "LINKED"]


async def test_a_mail_to_a_merged_ticket_goes_on_where_it_went(door: Door, other: Ticket) -> None:
    third = await door.open(a_mail(subject="Both", message_id="both@x"))
    await _merged(door, "1", other.number)
    await _merged(door, other.number, third.number)

    outcome = await door.receive(an_answer(FIRST, message_id="last@x"))

    assert (outcome.reason, outcome.ticket_id) == (ANSWERED[1], third.id)
    assert (await door.messages(third.id))[-1]["body"] == "It still is."


async def test_a_mail_to_a_ticket_merged_into_a_closed_one_follows_the_closed_one(
    door: Door, other: Ticket
) -> None:
    await _merged(door, "1", other.number)
    await _closed(door, other)

    following = await door.open(an_answer(FIRST, message_id="last@x"))

    (link,) = await door.world.rows(TICKET_LINK)
    assert (link["ticket_id"], link["other_id"]) == (following.id, other.id)


async def test_a_chain_of_merges_that_nobody_makes_is_not_followed_to_its_end(
    door: Door, ticket: Ticket
) -> None:
    assert ticket.number == "1"
    for number in range(2, MERGE_HOPS + 3):
        await door.world.ticket(f"Silent, for the time number {number}")
        await _merged(door, str(number - 1), str(number))

    outcome = await door.receive(an_answer(FIRST))

    assert (outcome.state, outcome.reason) == OPENED
    assert (await door.ticket_of(outcome)).number == str(MERGE_HOPS + 3)


async def test_an_agent_finds_every_ticket(door: Door, ticket: Ticket) -> None:
    outcome = await door.receive(an_answer(FIRST, sender=ALICE))

    assert (outcome.reason, outcome.ticket_id) == (ANSWERED[1], ticket.id)


async def test_an_answer_that_came_by_two_ways_is_one_message(door: Door, ticket: Ticket) -> None:
    await door.receive(an_answer(FIRST))
    again = an_answer(FIRST, sender=BRUNO)
    again["X-Passed-By"] = "a forwarder"

    outcome = await door.receive(again)

    assert outcome.reason is InboundMailReason.DUPLICATE
    assert len(await door.messages(ticket.id)) == 2


async def _closed(door: Door, ticket: Ticket) -> None:
    """Close a ticket for so long that nothing reopens it."""
    step = TicketStepRequest(ticket.id)
    await resolve_ticket(door.world.desk, viewer=door.world.alice, request=step)
    await close_ticket(door.world.desk, viewer=door.world.alice, request=step)
    door.world.now.advance(hours=24 * 14)


async def _merged(door: Door, duplicate: str, survivor: str) -> None:
    ids = {row["number"]: row["id"] for row in await door.world.rows(TICKET)}
    merge = MergeTickets(ids[duplicate], ids[survivor])
    await merge_tickets(door.world.desk, viewer=door.world.alice, request=merge)
