"""Who a mail is from: lists that name their members, our own mailboxes, doubtful authors."""

import pytest

from helpdesk.domain.ids import MessageId
from helpdesk.domain.inbox import InboundMailReason, InboundMailState
from helpdesk.storage.tables.client import CONTACT
from helpdesk.usecases.judge_message import JudgeMessage, accept_message, reject_message
from tests.factories import BRUNO
from tests.usecases.mails import BRUNO as BRUNOS_ADDRESS
from tests.usecases.mails import ZOES_MAILBOX, Door, a_mail, an_answer
from tests.usecases.trusted import VouchingDoor, vouching
from tests.usecases.world import MAILBOX, World

FIRST = "first@bruno.example"
BY_LIST = {
    "sender": f"'Bruno' via Support <{MAILBOX}>",
    "X_Original_From": BRUNOS_ADDRESS,
    "Reply_To": BRUNOS_ADDRESS,
    "List_Id": "<support.alice.example>",
    "Precedence": "list",
}


@pytest.fixture
def door(world: World) -> Door:
    return Door(world)


@pytest.fixture
def vouched(world: World) -> VouchingDoor:
    return vouching(world)


async def test_a_list_that_stands_in_for_its_member_hands_his_request_on(door: Door) -> None:
    ticket = await door.open(a_mail(**BY_LIST))

    assert ticket.requester_id == BRUNO.contact_id
    assert await door.world.outbox() == ()


@pytest.mark.parametrize("missing", ["X_Original_From", "Reply_To"])
async def test_a_list_that_does_not_name_its_member_twice_is_our_own_mailbox(
    door: Door, missing: str
) -> None:
    given = {name: value for name, value in BY_LIST.items() if name != missing}

    outcome = await door.receive(a_mail(**given))

    assert outcome.reason is InboundMailReason.OWN_MAIL


async def test_nothing_proves_whom_a_list_names(vouched: VouchingDoor) -> None:
    ticket = await vouched.open()
    given = BY_LIST | {"sender": "Eve <eve@evil.example>"}

    await vouched.vouched(an_answer(FIRST, **given), "dmarc=pass")

    message = (await vouched.messages(ticket.id))[-1]
    assert (message["doubt"], message["is_internal"]) == ("NOT_AUTHENTICATED", True)


async def test_a_newsletter_is_no_list_that_stands_in_for_somebody(door: Door) -> None:
    given = {name: BY_LIST[name] for name in ("List_Id", "Precedence")}

    outcome = await door.receive(a_mail(sender="news@elsewhere.example", **given))

    assert (outcome.state, outcome.reason) == (
        InboundMailState.IGNORED,
        InboundMailReason.AUTOMATIC,
    )


async def test_a_plus_address_of_our_own_is_our_own(door: Door) -> None:
    outcome = await door.receive(a_mail(sender="support+shop@alice.example"))

    assert outcome.reason is InboundMailReason.OWN_MAIL


async def test_another_mailbox_of_the_installation_opens_a_ticket_and_is_not_answered(
    door: Door,
) -> None:
    await door.open(a_mail(sender=f"Zoé <{ZOES_MAILBOX}>"))

    assert await door.world.outbox() == ()


async def test_a_reply_to_is_never_who_wrote(door: Door) -> None:
    ticket = await door.open(a_mail(Reply_To="eve@evil.example"))

    assert ticket.requester_id == BRUNO.contact_id
    (mail,) = await door.world.outbox()
    assert mail.mail.recipient.email == "bruno@bruno.example"


async def test_a_number_in_the_subject_leads_there_and_moves_nothing(door: Door) -> None:
    ticket = await door.open()
    clocks, promised = await door.world.clocks(ticket.id), await door.world.outbox()

    guessed = a_mail("Give me access.", subject="Re: [#1] form", message_id="guessed@x")
    outcome = await door.receive(guessed)

    assert outcome.ticket_id == ticket.id
    message = (await door.messages(ticket.id))[-1]
    assert (message["doubt"], message["is_internal"]) == ("NOT_AUTHENTICATED", True)
    assert await door.world.clocks(ticket.id) == clocks
    assert await door.world.outbox() == promised


async def test_a_ticket_that_a_forged_mail_opens_says_so(vouched: VouchingDoor) -> None:
    outcome = await vouched.vouched(a_mail(), "dmarc=fail")

    ticket = await vouched.ticket_of(outcome)
    (message,) = await vouched.messages(ticket.id)
    assert (message["doubt"], message["is_internal"]) == ("AUTHENTICATION_FAILED", False)


async def test_a_ticket_of_two_authors_says_so(door: Door) -> None:
    ticket = await door.open(a_mail(sender=f"{BRUNOS_ADDRESS}, eve@evil.example"))

    (message,) = await door.messages(ticket.id)
    assert message["doubt"] == "NOT_AUTHENTICATED"
    assert await door.world.outbox() == ()


async def test_the_mark_of_an_opening_goes_and_moves_nothing(vouched: VouchingDoor) -> None:
    world = vouched.world
    ticket = await vouched.ticket_of(await vouched.vouched(a_mail(), "dmarc=fail"))
    clocks = await world.clocks(ticket.id)
    request = JudgeMessage(MessageId((await vouched.messages(ticket.id))[0]["id"]))
    world.now.advance(hours=1)

    await reject_message(world.desk, viewer=world.alice, request=request)
    await accept_message(world.desk, viewer=world.alice, request=request)

    (message,) = await vouched.messages(ticket.id)
    assert (message["doubt"], message["is_internal"]) == (None, False)
    assert await vouched.kinds(ticket.id) == ["OPENED", "MESSAGE_REJECTED", "MESSAGE_ACCEPTED"]
    assert await world.clocks(ticket.id) == clocks


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("bruno@bruno.example", "eve@evil.example"),
        ("Bruno (bruno\uff20bruno.example)", "eve@evil.example"),
        ("Eve, eve@evil.example", "Eve, eve@evil.example"),
        ("Eve @ Evil", "Eve @ Evil"),
        ("Eve", "Eve"),
    ],
)
async def test_a_stranger_who_calls_himself_by_another_address_is_called_by_his_own(
    door: Door, given: str, kept: str
) -> None:
    ticket = await door.open(a_mail(sender=f'"{given}" <eve@evil.example>'))

    (requester,) = [
        row for row in await door.world.rows(CONTACT) if row["id"] == ticket.requester_id
    ]
    assert requester["name"] == kept
