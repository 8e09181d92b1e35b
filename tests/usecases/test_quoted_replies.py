"""An answer by mail shows its new words; what it quotes of the ticket stays behind them."""

import pytest

from helpdesk.domain.ticket import Ticket
from helpdesk.storage.quoted_texts import MAX_CHARACTERS, MAX_TEXTS
from helpdesk.usecases.add_internal_note import AddInternalNote, add_internal_note
from helpdesk.usecases.reply_to_ticket import ReplyToTicket, reply_to_ticket
from tests.usecases.mails import CHLOE, Door, a_mail, an_answer
from tests.usecases.world import World

FIRST = "first@bruno.example"
BRUNOS = "bruno@bruno.example"
QUESTION = "Which browser do you use, and since when do you see this happen there?"
# how a mail program in a language nobody here knows might announce a quote
ANNOUNCED = "Zuq 2026-07-06 09:12 Alice bablu :"


@pytest.fixture
def door(both_worlds: World) -> Door:
    return Door(both_worlds)


@pytest.fixture
async def ticket(door: Door) -> Ticket:
    """What Bruno wrote, and what Alice asked him then."""
    ticket = await door.open()
    await _ask(door, ticket, QUESTION)
    return ticket


async def _ask(door: Door, ticket: Ticket, body: str) -> None:
    door.world.now.advance(minutes=1)
    request = ReplyToTicket(ticket.id, body)
    await reply_to_ticket(door.world.desk, viewer=door.world.alice, request=request)


async def _our_mail(door: Door) -> str:
    """Return the latest mail to Bruno as an Outlook shows it: without marks, without marker."""
    text = (await door.world.outbox())[-1].mail.text
    return "\n".join(line for line in text.split("\n") if line.strip())


async def test_what_a_program_repeats_of_our_mail_is_no_news(door: Door, ticket: Ticket) -> None:
    _, _, ours = (await _our_mail(door)).partition("\n")
    text = f"Firefox, since Monday.\n\n{ANNOUNCED}\n{ours}"

    await door.receive(an_answer(FIRST, text))

    message = (await door.messages(ticket.id))[-1]
    assert message["body"] == "Firefox, since Monday."
    assert message["whole_text"].strip() == text


async def test_what_was_said_with_another_program_is_no_news(door: Door, ticket: Ticket) -> None:
    text = f"Firefox, since Monday.\n\n{ANNOUNCED}\nHello Bruno,\n\n{QUESTION}"

    await door.receive(an_answer(FIRST, text))

    message = (await door.messages(ticket.id))[-1]
    assert message["body"] == "Firefox, since Monday."


async def test_answers_between_what_we_asked_are_shown_with_it(door: Door, ticket: Ticket) -> None:
    first, second = "Which browser do you use to visit it?", "Since when do you see this happen?"
    await _ask(door, ticket, f"{first}\n{second}")
    text = f"> {first}\nFirefox.\n\n> {second}\nMonday."

    await door.receive(an_answer(FIRST, text))

    assert (await door.messages(ticket.id))[-1]["body"] == text


async def test_a_mail_passed_on_is_shown_whole(door: Door, ticket: Ticket) -> None:
    text = (
        "For your eyes.\n\n---------- Forwarded message ---------\n"
        f"From: Dora <dora@bruno.example>\nDate: Mon, 6 Jul 2026\nSubject: Ha\n\n{QUESTION}"
    )

    await door.receive(an_answer(FIRST, text, subject="Fwd: whatever"))

    assert (await door.messages(ticket.id))[-1]["body"] == text


async def test_the_mails_of_the_reader_and_the_public_words_are_compared(
    door: Door, ticket: Ticket
) -> None:
    note = AddInternalNote(ticket.id, "Nobody outside may ever read these words of ours.")
    await add_internal_note(door.world.desk, viewer=door.world.alice, request=note)
    mails = [mail.mail.text for mail in await door.world.outbox()]

    async with door.world.desk.store.reading(ticket.agency_id) as records:
        his = await records.mail.quoted_texts(ticket.id, reader=BRUNOS.upper())
        hers = await records.mail.quoted_texts(ticket.id, reader="alice@alice.example")

    said = (QUESTION, (await door.messages(ticket.id))[0]["body"])
    assert his == (*reversed(mails), *said)
    assert hers == said


async def test_only_the_newest_are_compared_and_none_whole(door: Door, ticket: Ticket) -> None:
    for number in range(MAX_TEXTS):
        await _ask(door, ticket, f"{number:02} {'x' * MAX_CHARACTERS}")

    async with door.world.desk.store.reading(ticket.agency_id) as records:
        texts = await records.mail.quoted_texts(ticket.id, reader=BRUNOS)

    assert [text[:2] for text in texts[-MAX_TEXTS:]] == [
        f"{number:02}" for number in reversed(range(MAX_TEXTS))
    ]
    assert len(texts) == 2 * MAX_TEXTS
    assert max(len(text) for text in texts) == MAX_CHARACTERS


async def test_no_other_ticket_and_no_other_agency_is_compared(door: Door, ticket: Ticket) -> None:
    other = await door.open(a_mail(sender=CHLOE, message_id="hers@chloe.example"))

    async with door.world.desk.store.reading(ticket.agency_id) as records:
        of_other = await records.mail.quoted_texts(other.id, reader=BRUNOS)
    async with door.world.desk.store.reading(door.world.zoe.agency_id) as records:
        elsewhere = await records.mail.quoted_texts(ticket.id, reader=BRUNOS)

    assert QUESTION not in "".join(of_other)
    assert elsewhere == ()
