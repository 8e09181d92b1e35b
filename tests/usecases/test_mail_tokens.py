"""Our signed tokens lead answers to their tickets, whatever was lost on the way."""

from dataclasses import replace

import pytest
from sqlalchemy import delete

from helpdesk.domain.ids import AgencyId, TicketId
from helpdesk.domain.inbox import InboundMailReason, InboundMailState
from helpdesk.domain.mail_token import NO_TICKET, MailKey, signed_token
from helpdesk.domain.ticket import Ticket
from helpdesk.mail.outbound import written
from helpdesk.mail.parse import parse_email
from helpdesk.storage.query import Query
from helpdesk.storage.tables.mail import MAIL_KEY, MAIL_REFERENCE
from helpdesk.usecases.desk import MailHabits
from helpdesk.usecases.merge_tickets import MergeTickets, merge_tickets
from helpdesk.usecases.receive_email import MAX_HOPS, receive_email
from tests.factories import AGENCY_ID
from tests.usecases.mails import (
    CHLOE,
    STRANGER,
    ZOES_MAILBOX,
    Door,
    a_bounce,
    a_mail,
    an_answer,
)
from tests.usecases.world import MAILBOX, World

_FORGET = Query.across_agencies(delete(MAIL_REFERENCE), reason="a table that was pruned")


@pytest.fixture
def door(both_worlds: World) -> Door:
    return Door(both_worlds)


@pytest.fixture
async def ticket(door: Door) -> Ticket:
    """What Bruno wrote first; the database no longer knows any Message-ID."""
    ticket = await door.open()
    async with door.world.database.writing() as connection:
        await connection.execute(_FORGET)
    return ticket


async def token_of(door: Door) -> str:
    """Return the token of the mail that was sent last."""
    token = (await door.world.outbox())[-1].mail.token
    assert token is not None
    return token


async def test_what_we_send_carries_its_token_everywhere(door: Door, ticket: Ticket) -> None:
    (promised,) = await door.world.outbox()
    mail, token = promised.mail, await token_of(door)

    raw = written(mail).decode()

    assert mail.ticket_number == int(ticket.number)
    assert mail.message_id.endswith(f".{token}@alice.example")
    assert mail.reply_to is not None
    assert mail.reply_to.email == f"support+{token}@alice.example"
    assert parse_email(written(mail)).reply_to == (mail.reply_to,)
    assert f"X-Helpdesk-Ref: {token}\r\n" in raw
    assert f"\r\nRef: {token}\r\n" in raw


@pytest.mark.parametrize("place", ["envelope", "Delivered-To", "To", "Cc", "In-Reply-To", "text"])
async def test_an_answer_finds_its_ticket_by_any_of_them(
    door: Door, ticket: Ticket, place: str
) -> None:
    token = await token_of(door)
    address = f"Support+{token}@alice.example"
    answer = a_mail("It still is.", subject="Re: nothing", message_id="second@bruno.example")
    if place == "In-Reply-To":
        answer[place] = f"<anything.{token}@rewritten.example>"
    elif place == "text":
        answer.set_content(f"It still is.\n\n> -- above --\n> Ref: {token}\n> Bonjour")
    elif place in {"To", "Cc", "Delivered-To"}:
        del answer[place]
        answer[place] = address
    recipients = (address.upper(),) if place == "envelope" else (MAILBOX,)

    (stored,) = await door.store_all(answer, recipients=recipients)
    outcome = await receive_email(door.world.desk, AGENCY_ID, stored.mail.id)

    assert (outcome.reason, outcome.ticket_id) == (
        InboundMailReason.ANSWERED_TICKET,
        ticket.id,
    )
    assert await door.kinds(ticket.id) == ["OPENED", "CLIENT_REPLIED"]


async def test_the_token_of_an_address_is_surer_than_headers(door: Door, ticket: Ticket) -> None:
    token = await token_of(door)
    await door.open(a_mail(subject="The shop is slow", message_id="other@bruno.example"))

    answer = an_answer("other@bruno.example", to=f"support+{token}@alice.example")

    assert (await door.receive(answer)).ticket_id == ticket.id


async def test_of_two_addresses_with_tokens_the_authors_own_leads(
    door: Door, ticket: Ticket
) -> None:
    his = await token_of(door)
    await door.open(a_mail(sender=CHLOE, message_id="first@chloe.example"))
    hers = await token_of(door)
    addresses = [MAILBOX.replace("@", f"+{token}@") for token in (hers, his)]

    outcome = await door.receive(an_answer("lost@elsewhere.example", to=", ".join(addresses)))

    assert hers != his
    assert (outcome.reason, outcome.ticket_id) == (InboundMailReason.ANSWERED_TICKET, ticket.id)


async def test_a_token_of_a_merged_ticket_goes_on_where_it_went(door: Door, ticket: Ticket) -> None:
    token = await token_of(door)
    other = await door.open(a_mail(subject="Both", message_id="both@bruno.example"))
    merge = MergeTickets(ticket.id, other.id)
    await merge_tickets(door.world.desk, viewer=door.world.alice, request=merge)

    assert (await _answered_with(door, token)) == other.id


@pytest.mark.parametrize("fault", ["cut", "changed", "another key", "another agency", "unknown"])
async def test_a_token_that_we_did_not_sign_leads_nowhere(
    door: Door, ticket: Ticket, fault: str
) -> None:
    token = await token_of(door)
    (row,) = await door.world.rows(MAIL_KEY)
    key = MailKey(AGENCY_ID, row["number"], row["secret"])
    made = {
        "cut": token[:-1],
        "changed": token[:-1] + ("b" if token[-1] == "a" else "a"),
        "another key": _made(replace(key, secret="guessed")),
        "another agency": _made(replace(key, agency_id=AgencyId("agency-of-zoe"))),
        "unknown": _made(replace(key, number=2)),
    }

    assert (await _answered_with(door, made[fault])) != ticket.id


async def test_an_older_key_still_opens_its_tokens(door: Door, ticket: Ticket) -> None:
    old = await token_of(door)
    async with door.world.desk.store.transaction(AGENCY_ID) as records:
        key = MailKey(AGENCY_ID, 2, "a new secret")
        await records.mail.add_mail_key(key, at=door.world.now())

    await door.open(a_mail(subject="Another", message_id="other@bruno.example"))

    assert (await token_of(door)).startswith("t.ac")
    assert old.startswith("t.ab")
    assert await _answered_with(door, old) == ticket.id


async def test_a_strangers_token_brings_a_note_and_moves_nothing(
    door: Door, ticket: Ticket
) -> None:
    before, promised = await door.world.kept(ticket.id), await door.world.outbox()
    token = await token_of(door)

    outcome = await door.receive(
        a_mail(
            "I am his developer.", sender=STRANGER, message_id="dora@x", In_Reply_To=f"<{token}@x>"
        )
    )

    assert (outcome.reason, outcome.ticket_id) == (InboundMailReason.ANSWERED_TICKET, ticket.id)
    message = (await door.messages(ticket.id))[-1]
    assert (message["doubt"], message["is_internal"]) == ("DIFFERENT_ADDRESS", True)
    assert (message["author_name"], message["contact_id"]) == ("dora@nowhere.example", None)
    assert await door.kinds(ticket.id) == ["OPENED", "NOTE_ADDED"]
    after = await door.world.kept(ticket.id)
    assert (after.status, after.requester_id) == (before.status, before.requester_id)
    assert await door.world.outbox() == promised
    async with door.world.desk.store.reading(AGENCY_ID) as records:
        assert await records.clients.contact_by_email("dora@nowhere.example") is None


async def test_a_mail_of_two_authors_is_nobodys_even_with_a_token(
    door: Door, ticket: Ticket
) -> None:
    two = "bruno@bruno.example, chloe@chloe.example"

    await door.receive(
        a_mail(sender=two, message_id="two@x", In_Reply_To=f"<{await token_of(door)}@x>")
    )

    message = (await door.messages(ticket.id))[-1]
    assert (message["doubt"], message["contact_id"]) == ("DIFFERENT_ADDRESS", None)


async def test_the_token_of_a_mail_about_no_ticket_leads_to_none(
    door: Door, ticket: Ticket
) -> None:
    (row,) = await door.world.rows(MAIL_KEY)
    key = MailKey(AGENCY_ID, row["number"], row["secret"])

    token = signed_token(key, ticket_number=NO_TICKET, reader="bruno@bruno.example")

    assert await _answered_with(door, token) != ticket.id


async def test_another_client_with_a_token_is_as_strange(door: Door, ticket: Ticket) -> None:
    token = await token_of(door)

    await door.receive(a_mail(sender=CHLOE, message_id="c@x", In_Reply_To=f"<{token}@x>"))

    message = (await door.messages(ticket.id))[-1]
    assert (message["doubt"], message["is_internal"]) == ("DIFFERENT_ADDRESS", True)


async def test_a_bounce_with_our_token_stays_out_of_the_ticket(door: Door, ticket: Ticket) -> None:
    raw = a_bounce(more=f"In-Reply-To: <{await token_of(door)}@x>\r\n".encode())

    outcome = await door.receive(raw, envelope_from="")

    assert (outcome.state, outcome.reason) == (InboundMailState.IGNORED, InboundMailReason.BOUNCE)
    assert await door.kinds(ticket.id) == ["OPENED"]


@pytest.mark.parametrize("sign", ["whole", "header", "hops"])
async def test_a_mail_of_ours_that_comes_back_is_set_aside(
    door: Door, ticket: Ticket, sign: str
) -> None:
    (promised,) = await door.world.outbox()
    comes_back = {
        "whole": written(promised.mail),
        "header": bytes(a_mail(message_id="x@y", X_Helpdesk_Ref=await token_of(door))),
        "hops": b"Received: by x\r\n" * (MAX_HOPS + 1) + bytes(a_mail(message_id="x@y")),
    }

    outcome = await door.receive(comes_back[sign])

    assert (outcome.state, outcome.reason) == (
        InboundMailState.QUARANTINED,
        InboundMailReason.LOOP,
    )
    assert len(await door.tickets()) == 1
    assert await door.world.outbox() == (promised,)
    assert await door.kinds(ticket.id) == ["OPENED"]


async def test_fifty_servers_are_a_long_way_and_no_circle(door: Door) -> None:
    await door.open(b"Received: by x\r\n" * MAX_HOPS + bytes(a_mail()))


async def test_agencies_do_not_share_their_keys(door: Door, ticket: Ticket) -> None:
    token = await token_of(door)
    (stored,) = await door.store_all(
        a_mail(to=ZOES_MAILBOX, In_Reply_To=f"<{token}@x>"),
        recipients=(ZOES_MAILBOX.replace("@", f"+{token}@"),),
    )

    outcome = await receive_email(door.world.desk, stored.mail.agency_id, stored.mail.id)

    assert outcome.reason is InboundMailReason.OPENED_TICKET
    rows = await door.world.rows(MAIL_KEY)
    assert len({row["secret"] for row in rows}) == len(rows) == 2
    assert ticket.agency_id == AGENCY_ID


async def test_where_the_server_knows_no_plus_addresses_none_is_written(door: Door) -> None:
    habits = MailHabits(has_plus_addresses=False)
    door.world.desk = replace(door.world.desk, mail_habits=habits)

    await door.open()

    (promised,) = await door.world.outbox()
    assert promised.mail.reply_to is None
    assert promised.mail.token is not None


async def test_the_first_key_of_a_number_stays(door: Door, ticket: Ticket) -> None:
    kept = await door.world.rows(MAIL_KEY)

    async with door.world.desk.store.transaction(ticket.agency_id) as records:
        await records.mail.add_mail_key(MailKey(AGENCY_ID, 1, "late"), at=door.world.now())

    assert await door.world.rows(MAIL_KEY) == kept


def _made(key: MailKey) -> str:
    return signed_token(key, ticket_number=1, reader="bruno@bruno.example")


async def _answered_with(door: Door, token: str) -> TicketId | None:
    answer = a_mail("And?", message_id="later@bruno.example", In_Reply_To=f"<x.{token}@x>")
    return (await door.receive(answer)).ticket_id
