"""What people see of doubtful mails, and the door for mails over HTTP."""

from dataclasses import replace

import httpx

from helpdesk.domain.ids import TicketId
from helpdesk.domain.inbound_email import ReceivedMail, Transport
from helpdesk.domain.webhook import secret_of as webhook_secret
from helpdesk.domain.webhook import signature
from helpdesk.usecases.desk import MailHabits
from helpdesk.usecases.read_models import Noun
from helpdesk.usecases.receive_email import receive_email
from helpdesk.usecases.store_inbound_mail import store_inbound_mail
from tests.graphql.api import Api
from tests.graphql.rows import everything_in
from tests.graphql.world import World, secret_of

SERVER = "mx.alice.example"
SECRET = webhook_secret("of the relay")
MESSAGES = """query Q($id: ID!) { ticket(id: $id) { messages(first: 100) { nodes {
  body isInternal isUnverified unverifiedReason author { name contact { name } } } } } }"""
INBOX = """{ inboundMessages(first: 100) { nodes {
  state reason authOutcome authMethod authDomain authServer } } }"""
ENVELOPED = b"x-envelope-to: help@alice.example\n\n"
DELETED = (
    "Authentication-Results: mx.alice.example; dmarc=fail header.from=bruno.example\r\n"
    "Received: from far.example by mx.alice.example; now\r\n"
    "From: me@bruno.example\r\nTo: {mailbox}\r\nMessage-ID: <forged@x>\r\n"
    "In-Reply-To: <{answered}>\r\nSubject: Re: hello\r\n\r\nDelete it.\r\n"
)


async def test_a_forged_answer_is_seen_by_the_agency_with_its_mark(
    alice: Api, bruno: Api, world: World
) -> None:
    ticket = world.bruno.global_id(Noun.TICKET)
    before = await bruno.data(MESSAGES, id=ticket)

    await forged(world)

    nodes = (await alice.data(MESSAGES, id=ticket))["ticket"]["messages"]["nodes"]
    [shown] = [node for node in nodes if node["isUnverified"]]
    assert shown["body"] == "Delete it."
    assert (shown["isInternal"], shown["unverifiedReason"]) == (True, "AUTHENTICATION_FAILED")
    assert {node["unverifiedReason"] for node in nodes if node != shown} == {None}
    assert await bruno.data(MESSAGES, id=ticket) == before
    inbox = (await alice.data(INBOX))["inboundMessages"]["nodes"]
    assert {
        "state": "DONE",
        "reason": "ANSWERED_TICKET",
        "authOutcome": "FAIL",
        "authMethod": "DMARC",
        "authDomain": "bruno.example",
        "authServer": SERVER,
    } in inbox


async def test_mails_come_in_over_http_once_there_is_a_secret(world: World) -> None:
    closed, opened = world.api(secret_of("alice")), world.api("", mail_http_secret=SECRET)
    before = await everything_in(world.database)

    refused, unsigned = await _posted(closed, world), await _posted(opened, world, secret="whsec_")

    assert (refused.status_code, unsigned.status_code) == (404, 401)
    assert await everything_in(world.database) == before
    assert (await _posted(opened, world)).status_code == 200
    assert await everything_in(world.database) != before
    async with opened.client() as client:
        assert (await client.get("/mail/inbound")).status_code == 405


async def _posted(api: Api, world: World, *, secret: str = SECRET) -> httpx.Response:
    body = b"From: me@bruno.example\r\nSubject: Over HTTP\r\n\r\nHello"
    second = int(world.now().timestamp())
    headers = {
        "webhook-id": "1",
        "webhook-timestamp": str(second),
        "webhook-signature": signature(secret, "1", second, ENVELOPED + body),
        "x-envelope-to": "help@alice.example",
    }
    async with api.client() as client:
        return await client.post("/mail/inbound", content=body, headers=headers)


async def forged(world: World) -> None:
    """Have a forged answer to Bruno's ticket understood."""
    desk = replace(world.desk, mail_habits=MailHabits(authserv_id=SERVER))
    agency_id = world.alice.agency_id
    async with desk.store.transaction(agency_id) as records:
        mailbox = (await records.agencies.agency()).mailbox
        ticket_id = TicketId(world.bruno.ids[Noun.TICKET])
        await records.mail.add_reference("known@x", ticket_id, at=desk.now())
    raw = DELETED.format(mailbox=mailbox, answered="known@x").encode()
    received = ReceivedMail(
        transport=Transport.SMTP,
        envelope_from="me@bruno.example",
        recipients=(mailbox,),
        raw=raw,
        received_at=desk.now(),
    )
    (stored,) = await store_inbound_mail(desk, received)
    await receive_email(desk, agency_id, stored.mail.id)
