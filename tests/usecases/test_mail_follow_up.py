"""What a client writes on a finished ticket: it goes on, a new one follows, or he says thanks."""

import pytest

from helpdesk.domain.follow_up import REOPENINGS_A_DAY, FollowUp, FollowUpRule
from helpdesk.domain.inbox import InboundMailReason
from helpdesk.domain.mail_loop import FEWEST
from helpdesk.domain.ticket import Ticket, TicketStatus
from helpdesk.storage.tables.mail import FOLLOW_UP
from helpdesk.storage.tables.ticket import TICKET_LINK
from helpdesk.usecases.close_ticket import close_ticket
from helpdesk.usecases.mail_ports import AgencyFollowUp
from helpdesk.usecases.resolve_ticket import resolve_ticket
from helpdesk.usecases.ticket_step import TicketStepRequest
from helpdesk.usecases.update_agency import UpdateAgency, update_agency
from tests.factories import AGENCY_ID
from tests.usecases.mails import CHLOE, Door, a_mail, an_answer
from tests.usecases.trusted import vouching
from tests.usecases.world import ZOES_AGENCY, World

FIRST = "first@bruno.example"
DAY = 24


@pytest.fixture
def door(both_worlds: World) -> Door:
    return Door(both_worlds)


@pytest.fixture
async def closed(door: Door) -> Ticket:
    """What Bruno wrote first, resolved and closed at once."""
    ticket = await door.open()
    await _end(door, ticket)
    return ticket


async def test_a_mail_reopens_a_closed_ticket_within_fourteen_days(
    door: Door, closed: Ticket
) -> None:
    door.world.now.advance(hours=14 * DAY - 1)

    outcome = await door.receive(an_answer(FIRST))

    assert outcome.reason is InboundMailReason.ANSWERED_TICKET
    after = await door.world.kept(closed.id)
    assert (after.status, after.closed_at) == (TicketStatus.IN_PROGRESS, None)
    assert (await door.kinds(closed.id))[-2:] == ["CLIENT_REPLIED", "REOPENED"]
    assert (await door.messages(closed.id))[-1]["is_internal"] is False


async def test_the_time_it_was_closed_counts_for_no_clock(door: Door, closed: Ticket) -> None:
    stopped = (await door.world.clocks(closed.id))["DELIVERY", 1]
    door.world.now.advance(hours=3 * DAY)

    await door.receive(an_answer(FIRST))

    going_on = (await door.world.clocks(closed.id))["DELIVERY", 1]
    assert going_on["counted_seconds"] == stopped["counted_seconds"]
    assert going_on["stopped_at"] is None


@pytest.mark.parametrize("is_closed", [True, False])
async def test_a_mail_that_comes_later_opens_a_ticket_that_follows(
    door: Door, *, is_closed: bool
) -> None:
    ticket = await door.open()
    await _end(door, ticket, is_closed=is_closed)
    ended = await door.world.kept(ticket.id)
    door.world.now.advance(hours=14 * DAY)

    following = await door.open(an_answer(FIRST))

    assert await door.world.kept(ticket.id) == ended
    (link,) = await door.world.rows(TICKET_LINK)
    assert (link["ticket_id"], link["other_id"]) == (following.id, ticket.id)


@pytest.mark.parametrize(
    ("subject", "called"),
    [
        ("Re: [#1] The contact form is silent", "Re: The contact form is silent"),
        ("[#1]", "The contact form is silent"),
    ],
)
async def test_what_follows_does_not_bear_the_number_of_what_it_follows(
    door: Door, closed: Ticket, subject: str, called: str
) -> None:
    door.world.now.advance(hours=14 * DAY)

    following = await door.open(an_answer(FIRST, subject=subject))

    assert (following.id != closed.id, following.subject) == (True, called)


async def test_when_it_came_counts_and_not_when_it_was_read(door: Door, closed: Ticket) -> None:
    door.world.now.advance(hours=14 * DAY - 1)
    stored = await door.store(an_answer(FIRST))
    door.world.now.advance(hours=DAY)

    outcome = await door.understand(stored)

    assert outcome.ticket_id == closed.id


async def test_an_agency_says_what_such_mails_do(door: Door, closed: Ticket) -> None:
    await _settle(door, FollowUp(FollowUpRule.NEW_TICKET))
    following = await door.open(an_answer(FIRST))
    assert following.id != closed.id

    await _end(door, following)
    await _settle(door, FollowUp(FollowUpRule.ALWAYS_REOPEN))
    door.world.now.advance(hours=300 * DAY)
    await door.receive(an_answer("second@bruno.example", message_id="third@x"))

    assert (await door.world.kept(following.id)).status is TicketStatus.IN_PROGRESS


async def test_what_an_agency_said_before_is_kept_and_belongs_to_it_alone(door: Door) -> None:
    first, second = FollowUp(FollowUpRule.NEW_TICKET), FollowUp(reopen_days=3)
    for wanted in (first, first, second):
        await _settle(door, wanted)

    rows = await door.world.rows(FOLLOW_UP)
    assert [(row["number"], row["rule"], row["reopen_days"]) for row in rows] == [
        (1, "NEW_TICKET", 14),
        (2, "REOPEN_WITHIN_DAYS", 3),
    ]
    store = door.world.desk.store
    async with store.reading(AGENCY_ID) as records:
        said = AgencyFollowUp(second, door.world.alice.actor, door.world.now())
        assert await records.mail.follow_up() == said
    async with store.reading(ZOES_AGENCY) as records:
        assert await records.mail.follow_up() is None


@pytest.mark.parametrize("is_closed", [True, False])
@pytest.mark.parametrize("days", [0, 100])
async def test_thanks_are_kept_and_move_nothing(door: Door, *, is_closed: bool, days: int) -> None:
    ticket = await door.open()
    await _end(door, ticket, is_closed=is_closed)
    before, clocks = await door.world.kept(ticket.id), await door.world.clocks(ticket.id)
    promised = await door.world.outbox()
    door.world.now.advance(hours=days * DAY + 1)

    outcome = await door.receive(an_answer(FIRST, "Merci beaucoup Alice !\n\nBruno"))

    assert (outcome.reason, outcome.ticket_id) == (InboundMailReason.ANSWERED_TICKET, ticket.id)
    after = await door.world.kept(ticket.id)
    assert (after.status, after.resolved_at, after.closed_at) == (
        before.status,
        before.resolved_at,
        before.closed_at,
    )
    assert (await door.kinds(ticket.id))[-1] == "CLIENT_THANKED"
    message = (await door.messages(ticket.id))[-1]
    assert (message["is_internal"], message["is_automatic"]) == (False, False)
    assert await door.world.clocks(ticket.id) == clocks
    assert await door.world.outbox() == promised
    assert len(await door.tickets()) == 1


@pytest.mark.parametrize("text", ["Merci, mais toujours muet.", "Merci ?"])
async def test_more_than_thanks_reopens(door: Door, closed: Ticket, text: str) -> None:
    await door.receive(an_answer(FIRST, text))

    assert (await door.world.kept(closed.id)).status is TicketStatus.IN_PROGRESS


async def test_thanks_with_a_file_reopen(door: Door, closed: Ticket) -> None:
    mail = an_answer(FIRST, "Merci !")
    mail.add_attachment(b"photo", maintype="image", subtype="png", filename="still.png")

    await door.receive(mail)

    assert (await door.world.kept(closed.id)).status is TicketStatus.IN_PROGRESS


async def test_thanks_on_open_work_are_an_answer(door: Door) -> None:
    ticket = await door.open()

    await door.receive(an_answer(FIRST, "Merci !"))

    assert (await door.kinds(ticket.id))[-1] == "CLIENT_REPLIED"


async def test_a_ticket_that_is_reopened_too_often_is_followed_by_another(
    door: Door, closed: Ticket
) -> None:
    for number in range(REOPENINGS_A_DAY):
        await door.receive(an_answer(FIRST, f"Still {number}", message_id=f"{number}@x"))
        await _end(door, closed)

    following = await door.open(an_answer(FIRST, "Once more", message_id="last@x"))

    assert following.id != closed.id
    assert (await door.world.kept(closed.id)).status is TicketStatus.CLOSED


@pytest.mark.parametrize("said", ["dmarc=fail", "dmarc=none"])
async def test_who_is_not_vouched_for_reopens_nothing_by_any_rule(
    both_worlds: World, said: str
) -> None:
    door = vouching(both_worlds)
    ticket = await door.open()
    await _end(door, ticket)
    await _settle(door, FollowUp(FollowUpRule.ALWAYS_REOPEN))

    await door.vouched(an_answer(FIRST), said)

    assert (await door.world.kept(ticket.id)).status is TicketStatus.CLOSED
    assert (await door.messages(ticket.id))[-1]["doubt"] is not None


async def test_an_absence_notice_reopens_nothing_by_any_rule(door: Door, closed: Ticket) -> None:
    await _settle(door, FollowUp(FollowUpRule.ALWAYS_REOPEN))

    await door.receive(an_answer(FIRST, "I am away", Auto_Submitted="auto-replied"))

    assert (await door.world.kept(closed.id)).status is TicketStatus.CLOSED


async def test_somebody_elses_client_reopens_nothing(door: Door, closed: Ticket) -> None:
    opened = await door.open(an_answer(FIRST, sender=CHLOE, message_id="hers@x"))

    assert opened.client_id != closed.client_id
    assert (await door.world.kept(closed.id)).status is TicketStatus.CLOSED
    assert await door.world.rows(TICKET_LINK) == []


async def test_authors_are_counted_whatever_the_case_of_their_address(door: Door) -> None:
    senders = ["bruno@bruno.example", "Bruno@Bruno.example", "BRUNO@BRUNO.EXAMPLE"]
    for number in range(FEWEST + 2):
        sender = senders[number % 3]
        await door.open(a_mail(f"Fault {number}", sender=sender, message_id=f"{number}@x"))

    assert len(await door.world.outbox()) == FEWEST


async def _end(door: Door, ticket: Ticket, *, is_closed: bool = True) -> None:
    step = TicketStepRequest(ticket.id)
    await resolve_ticket(door.world.desk, viewer=door.world.alice, request=step)
    if is_closed:
        await close_ticket(door.world.desk, viewer=door.world.alice, request=step)


async def _settle(door: Door, follow_up: FollowUp) -> None:
    asked = UpdateAgency(follow_up=follow_up)
    await update_agency(door.world.desk, viewer=door.world.alice, request=asked)
