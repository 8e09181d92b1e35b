"""What people who look after the mails see and do: the inbox, the outbox, senders and keys."""

import pytest

from helpdesk.domain.inbound_email import ReceivedMail, Transport
from helpdesk.domain.inbox import MailboxPosition
from helpdesk.domain.outgoing_mail import DeliveryRefused, OutgoingMail
from helpdesk.graphql.global_ids import global_id
from helpdesk.usecases.read_mailbox import MailboxShelf
from helpdesk.usecases.read_models import Noun
from helpdesk.usecases.receive_email import receive_email
from helpdesk.usecases.store_inbound_mail import store_inbound_mail
from helpdesk.worker.outbox import send_due
from tests.graphql.api import Api
from tests.graphql.attempts import Json
from tests.graphql.test_mutations import do, done
from tests.graphql.world import World, secret_of

MAIL = (
    "From: Dora <dora@nowhere.example>\r\nTo: Help <help@alice.example>\r\nCc: x@y.example\r\n"
    "Subject: {subject}\r\nMessage-ID: <{subject}@nowhere.example>\r\n"
    "Date: Mon, 06 Jul 2026 09:00 +0200\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-generated\r\n"
    "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    "--b\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script><p>Hello</p>\r\n"
    "--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=bill.pdf\r\n"
    "\r\nxx\r\n--b--\r\n"
)
FIND = """query Q($filter: InboundMessageFilter) { inboundMessages(filter: $filter) {
  totalCount nodes { id subject reason settledBy originalUrl } } }"""
OUTBOX = """query Q($filter: OutgoingMessageFilter) { outgoingMessages(filter: $filter) {
  totalCount nodes { id recipient subject state text attempts lastError discardedBy
    ticket { number } } } }"""
PREVIEW = """query Q($id: ID!) { inboundMessagePreview(inboundMessageId: $id) {
  isReadable subject author { name address } to { address } cc { address } sentAt text
  attachments { filename contentType size } automaticReasons defects } }"""


async def a_message(world: World, subject: str = "Hello", **changes: str) -> str:
    """Return the identity of a message that opened nothing, because a program wrote it."""
    desk, agency_id = world.desk, world.alice.agency_id
    async with desk.store.reading(agency_id) as records:
        mailbox = (await records.agencies.agency()).mailbox
    raw = MAIL.format(subject=subject)
    for old, new in changes.items():
        raw = raw.replace(f"{old}:", f"{new}:")
    received = ReceivedMail(
        transport=Transport.LMTP,
        envelope_from="dora@nowhere.example",
        recipients=(mailbox,),
        raw=raw.encode(),
        received_at=desk.now(),
    )
    (stored,) = await store_inbound_mail(desk, received)
    outcome = await receive_email(desk, agency_id, stored.mail.id)
    assert outcome.ticket_id is None
    return global_id(Noun.INBOUND_MESSAGE, stored.mail.id)


async def found(api: Api, **conditions: object) -> list[Json]:
    return (await api.data(FIND, filter=conditions))["inboundMessages"]["nodes"]  # type: ignore[no-any-return]  # JSON


@pytest.mark.parametrize(
    ("conditions", "is_found"),
    [
        ({"state": ["IGNORED"]}, True),
        ({"state": ["STORED"]}, False),
        ({"reason": ["AUTOMATIC", "SPAM"]}, True),
        ({"reason": ["SPAM"]}, False),
        ({"transport": ["LMTP"]}, True),
        ({"transport": ["IMAP"]}, False),
        ({"fromAddress": "DORA@nowhere.example"}, True),
        ({"fromAddress": "dora@nowhere"}, False),
        ({"subject": "100%_SU"}, True),
        ({"subject": "100x_su"}, False),
        ({"subject": "!"}, True),
        ({"receivedFrom": "2026-07-06T00:00:00Z", "subject": "100"}, True),
        ({"receivedBefore": "2026-07-06T00:00:00Z", "subject": "100"}, False),
        ({"mailbox": ["nobody@alice.example"]}, False),
    ],
)
async def test_the_inbox_is_searched(
    both_worlds: World,
    conditions: dict[str, object],
    is_found: bool,  # noqa: FBT001 - a case
) -> None:
    mine = await a_message(both_worlds, subject="100%_sure!")

    nodes = await found(both_worlds.api(secret_of("alice")), **conditions)

    assert (mine in {node["id"] for node in nodes}) is is_found


async def test_a_message_is_previewed_as_it_is_read(alice: Api, world: World) -> None:
    message = await a_message(world)

    preview = (await alice.data(PREVIEW, id=message))["inboundMessagePreview"]

    assert preview == {
        "isReadable": True,
        "subject": "Hello",
        "author": {"name": "Dora", "address": "dora@nowhere.example"},
        "to": [{"address": "help@alice.example"}],
        "cc": [{"address": "x@y.example"}],
        "sentAt": "2026-07-06T07:00:00Z",
        "text": "Hello",
        "attachments": [{"filename": "bill.pdf", "contentType": "application/pdf", "size": 2}],
        "automaticReasons": ["auto_submitted"],
        "defects": preview["defects"],
    }


async def test_an_original_is_saved_and_never_run(alice: Api, world: World) -> None:
    message = await a_message(world)
    [node] = await found(alice, subject="Hello")

    assert node["originalUrl"].endswith(f"/inbound-messages/{message}")
    async with alice.client() as client:
        answer = await client.get(f"/inbound-messages/{message}")

    assert answer.status_code == 200
    assert answer.content == MAIL.format(subject="Hello").encode()
    headers = answer.headers
    assert headers["content-type"].startswith("message/rfc822")
    assert headers["content-disposition"].startswith("attachment; ")
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["x-content-type-options"] == "nosniff"
    assert "no-store" in headers["cache-control"]


async def test_an_original_is_for_the_agency_that_has_it(world: World) -> None:
    message = await a_message(world)
    path = f"/inbound-messages/{message}"
    made_up = f"/inbound-messages/{global_id(Noun.INBOUND_MESSAGE, 'made-up')}"
    of_ticket = f"/inbound-messages/{world.bruno.global_id(Noun.TICKET)}"

    for person, asked, status in (
        ("", path, 401),
        ("bruno", path, 403),
        ("zoe", path, 404),
        ("alice", made_up, 404),
        ("alice", of_ticket, 404),
        ("alice", "/inbound-messages/x", 404),
    ):
        async with world.api(secret_of(person) if person else "").client() as client:
            answer = await client.get(asked)
        assert (person, asked, answer.status_code) == (person, asked, status)
        assert "Dora" not in answer.text


async def test_a_client_previews_nothing(world: World) -> None:
    message = await a_message(world)

    answer = await world.api(secret_of("bruno")).answer(PREVIEW, id=message)

    assert answer["data"]["inboundMessagePreview"] is None
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_a_message_becomes_a_ticket_of_a_contact(alice: Api, world: World) -> None:
    message = await a_message(world)
    requester = world.bruno.global_id(Noun.CONTACT)

    payload = await done(
        alice,
        "makeTicketFromInboundMessage",
        "inboundMessage { state reason settledBy } ticket { subject requester { id } }",
        inboundMessageId=message,
        requesterId=requester,
    )

    assert payload["inboundMessage"] == {
        "state": "DONE",
        "reason": "OPENED_TICKET",
        "settledBy": "Alice",
    }
    assert payload["ticket"] == {"subject": "Hello", "requester": {"id": requester}}


async def test_a_message_is_filed_on_a_ticket(alice: Api, world: World) -> None:
    message, ticket = await a_message(world), world.bruno.global_id(Noun.TICKET)

    payload = await done(
        alice,
        "addInboundMessageToTicket",
        "inboundMessage { reason ticket { id } } ticket { id }",
        inboundMessageId=message,
        ticketId=ticket,
    )

    assert payload["inboundMessage"] == {"reason": "ANSWERED_TICKET", "ticket": {"id": ticket}}


async def test_several_messages_are_spam_at_once_and_their_sender_is_blocked(
    alice: Api, world: World
) -> None:
    messages = [await a_message(world, subject=f"Spam {number}") for number in range(2)]

    payload = await done(
        alice,
        "markInboundMessagesSpam",
        "inboundMessages { id reason }",
        inboundMessageIds=messages,
        block="DOMAIN",
    )

    assert {node["id"] for node in payload["inboundMessages"]} == set(messages)
    assert {node["reason"] for node in payload["inboundMessages"]} == {"SPAM"}
    [rule] = (await alice.data("{ blockedSenders { sender blockedBy } }"))["blockedSenders"]
    assert rule == {"sender": "@nowhere.example", "blockedBy": "Alice"}
    lifted = await done(
        alice,
        "liftSenderBlock",
        "senderRule { sender liftedBy }",
        sender="nowhere.example",
    )
    assert lifted["senderRule"] == {"sender": "@nowhere.example", "liftedBy": "Alice"}
    blocked = await done(
        alice, "blockSender", "senderRule { sender liftedAt }", sender="dora@nowhere.example"
    )
    assert blocked["senderRule"] == {"sender": "dora@nowhere.example", "liftedAt": None}


async def test_one_message_may_be_given_without_a_list(alice: Api, world: World) -> None:
    message = await a_message(world, From="X-From")

    payload = await done(
        alice,
        "discardInboundMessages",
        "inboundMessages { state reason }",
        inboundMessageIds=message,
    )

    assert payload["inboundMessages"] == [{"state": "IGNORED", "reason": "DISCARDED"}]


async def test_no_more_than_a_hundred_are_taken_at_once(alice: Api, world: World) -> None:
    message = await a_message(world)

    for name, given in (
        ("discardInboundMessages", {"inboundMessageIds": [message] * 101}),
        ("requeueOutgoingMessages", {"outgoingMessageIds": [message] * 101}),
    ):
        payload = await do(alice, name, "", **given)
        assert payload["errors"][0]["code"] == "BAD_INPUT"


class Refusing:
    """A mail server that takes nothing."""

    async def send(self, mail: OutgoingMail) -> None:
        raise DeliveryRefused("550 go away")


async def test_dead_letters_are_found_and_sent_again_or_given_up(
    both_worlds: World,
) -> None:
    world = both_worlds
    alice = world.api(secret_of("alice"))
    await send_due(world.desk, Refusing())
    dead = {"state": ["FAILED"], "recipient": "ME@bruno.example", "subject": "To b"}

    [node] = (await alice.data(OUTBOX, filter=dead))["outgoingMessages"]["nodes"]

    assert (node["subject"], node["text"], node["state"]) == ("To bruno", "Dear bruno", "FAILED")
    assert (node["attempts"], node["lastError"]) == (1, "550 go away")
    assert node["ticket"]["number"]
    payload = await done(
        alice,
        "requeueOutgoingMessages",
        "outgoingMessages { state attempts nextAttemptAt }",
        outgoingMessageIds=[node["id"]],
    )
    [queued] = payload["outgoingMessages"]
    assert (queued["state"], queued["attempts"]) == ("WAITING", 0)
    payload = await done(
        alice,
        "discardOutgoingMessages",
        "outgoingMessages { state discardedBy nextAttemptAt }",
        outgoingMessageIds=[node["id"]],
    )
    [discarded] = payload["outgoingMessages"]
    assert discarded == {"state": "DISCARDED", "discardedBy": "Alice", "nextAttemptAt": None}


@pytest.mark.parametrize(
    ("conditions", "is_found"),
    [
        ({"state": ["WAITING", "SENT"]}, True),
        ({"state": ["SUPPRESSED", "DISCARDED"]}, False),
        ({"subject": "TO BRU"}, True),
        ({"isBounced": False}, True),
        ({"isBounced": True}, False),
        ({"createdFrom": "2026-07-07T00:00:00Z"}, False),
        ({"createdBefore": "2026-07-07T00:00:00Z"}, True),
    ],
)
async def test_the_outbox_is_searched(
    both_worlds: World,
    conditions: dict[str, object],
    is_found: bool,  # noqa: FBT001 - a case
) -> None:
    alice = both_worlds.api(secret_of("alice"))

    nodes = (await alice.data(OUTBOX, filter=conditions))["outgoingMessages"]["nodes"]

    assert ("To bruno" in {node["subject"] for node in nodes}) is is_found


async def test_the_mails_about_a_ticket_are_found(alice: Api, world: World) -> None:
    conditions = {"ticketId": [world.chloe.global_id(Noun.TICKET)], "subject": "to chloe"}

    nodes = (await alice.data(OUTBOX, filter=conditions))["outgoingMessages"]["nodes"]

    assert [node["subject"] for node in nodes] == ["To chloe"]


async def test_how_each_way_in_does_is_for_the_agency(alice: Api, world: World) -> None:
    async with world.desk.store.reading(world.alice.agency_id) as records:
        mailbox = (await records.agencies.agency()).mailbox
    shelf = MailboxShelf(world.desk, mailbox)
    await shelf.remember(MailboxPosition("box", 1, 1, None, "login refused"))
    query = """{ mailboxes { address transport state lastSuccessAt failingSince lastError waiting
      quarantined oldestWaitingAt } }"""

    ways = {one["transport"]: one for one in (await alice.data(query))["mailboxes"]}

    assert ways["IMAP"]["state"] == "FAILING"
    assert (ways["IMAP"]["address"], ways["IMAP"]["lastError"]) == ("box", "login refused")
    assert ways["SMTP"]["quarantined"] > 0
    bruno = world.api(secret_of("bruno"))
    assert (await bruno.data(query))["mailboxes"] == []
    assert (await bruno.data("{ blockedSenders { sender } }"))["blockedSenders"] == []


async def test_a_manager_rotates_and_retires_keys(alice: Api) -> None:
    wanted = "keys { number isSigning retiredAt }"
    await done(alice, "rotateMailKey", wanted)
    second = (await done(alice, "rotateMailKey", wanted))["keys"]
    third = (await done(alice, "retireMailKey", wanted, number=second[1]["number"]))["keys"]

    assert [key["isSigning"] for key in second] == [True, *[False] * (len(second) - 1)]
    assert third[1]["retiredAt"] is not None
    listed = (await alice.data(f"{{ mailKeys {{ {wanted[7:-2]} }} }}"))["mailKeys"]
    assert listed == third
