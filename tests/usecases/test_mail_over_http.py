"""Mails handed over by a signed HTTP call: stored before they are acknowledged."""

from collections.abc import Mapping
from email.message import EmailMessage

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from helpdesk.domain.webhook import CALL_LIFETIME, secret_of, signature
from helpdesk.mail.http_door import http_door
from helpdesk.storage.errors import DatabaseBusy
from helpdesk.storage.tables.mail import INBOUND_MAIL
from helpdesk.usecases.ports import Store
from helpdesk.usecases.receive_email import receive_email
from tests.factories import AGENCY_ID
from tests.usecases.mails import ZOES_MAILBOX, Door, a_mail
from tests.usecases.world import MAILBOX, World

SECRET = secret_of("of the relay")
ENVELOPE = {"x-envelope-from": "<bruno@bruno.example>", "x-envelope-to": MAILBOX}


def enveloped(envelope: Mapping[str, str | None], body: bytes) -> bytes:
    """Return what a caller signs, written from the rule page."""
    lines = [f"{name}: {value}\n" for name, value in envelope.items() if value is not None]
    return "".join(lines).encode() + b"\n" + body


class Relay:
    """Who hands mails over by HTTP, and whether he woke anybody."""

    def __init__(self, world: World, *, wakes: bool = True) -> None:
        self.world = world
        self.woken = 0
        self._on_mail = self._wake if wakes else None

    async def post(
        self,
        mail: EmailMessage | bytes,
        *,
        secret: str = SECRET,
        late_seconds: float = 0,
        tampered: dict[str, str] | None = None,
        **headers: str | None,
    ) -> httpx.Response:
        """Send a mail as a signed call; a header that is None is left out.

        What is `tampered` with is changed after the call was signed.
        """
        body = bytes(mail)
        second = int(self.world.now().timestamp() - late_seconds)
        changed = {name.replace("_", "-"): value for name, value in headers.items()}
        envelope = {name: changed.get(name, value) for name, value in ENVELOPE.items()}
        signed = signature(secret, "call-1", second, enveloped(envelope, body))
        given: dict[str, str | None] = {
            **envelope,
            "webhook-id": "call-1",
            "webhook-timestamp": str(second),
            "webhook-signature": signed,
            **changed,
            **(tampered or {}),
        }
        sent = {name: value for name, value in given.items() if value is not None}
        door = http_door(self.world.desk, secret=SECRET, woken=self._on_mail, max_mail_bytes=5000)
        app = Starlette(routes=[Route("/mail/inbound", door, methods=["POST"])])
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="https://x.example") as client:
            return await client.post("/mail/inbound", content=body, headers=sent)

    def _wake(self) -> None:
        self.woken += 1


@pytest.fixture
def relay(both_worlds: World) -> Relay:
    return Relay(both_worlds)


async def test_a_signed_mail_is_stored_with_its_envelope(relay: Relay) -> None:
    response = await relay.post(a_mail())

    (row,) = await relay.world.rows(INBOUND_MAIL)
    assert (response.status_code, response.text, relay.woken) == (200, "stored", 1)
    assert (row["transport"], row["state"]) == ("http", "STORED")
    assert (row["envelope_from"], row["envelope_to"]) == ("bruno@bruno.example", [MAILBOX])
    outcome = await receive_email(relay.world.desk, AGENCY_ID, row["id"])
    assert outcome.reason == "OPENED_TICKET"


async def test_one_call_may_be_for_several_mailboxes(relay: Relay) -> None:
    both = f"<{MAILBOX}>, {ZOES_MAILBOX}"

    response = await relay.post(a_mail(), x_envelope_to=both)

    assert response.status_code == 200
    assert len(await relay.world.rows(INBOUND_MAIL)) == 2


@pytest.mark.parametrize(
    ("given", "kept"), [(None, "bruno@bruno.example"), ("<>", ""), ("a@x.example", "a@x.example")]
)
async def test_the_sender_of_the_envelope_is_the_author_unless_said(
    relay: Relay, given: str | None, kept: str
) -> None:
    await relay.post(a_mail(), x_envelope_from=given)

    (row,) = await relay.world.rows(INBOUND_MAIL)
    assert row["envelope_from"] == kept


async def test_the_same_mail_twice_is_one(relay: Relay) -> None:
    responses = [await relay.post(a_mail()), await relay.post(a_mail())]

    assert [response.status_code for response in responses] == [200, 200]
    assert len(await relay.world.rows(INBOUND_MAIL)) == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"secret": secret_of("of somebody else")},
        {"late_seconds": CALL_LIFETIME.total_seconds() + 1},
        {"late_seconds": -CALL_LIFETIME.total_seconds() - 1},
        {"webhook_id": "call-2"},
        {"webhook_id": None},
        {"webhook_timestamp": None},
        {"webhook_timestamp": "soon"},
        {"webhook_timestamp": "9" * 400},
        {"webhook_signature": None},
        {"webhook_signature": "v1,AAAA v2,AAAA"},
    ],
)
async def test_an_unsigned_mail_is_refused_and_nothing_is_kept(
    relay: Relay, fault: dict[str, str]
) -> None:
    response = await relay.post(a_mail(), **fault)  # type: ignore[arg-type]  # some of either kind

    assert response.status_code == 401
    assert await relay.world.rows(INBOUND_MAIL) == []
    assert relay.woken == 0


@pytest.mark.parametrize(
    "tampered",
    [{"x-envelope-to": ZOES_MAILBOX}, {"x-envelope-from": "<>"}],
)
async def test_an_envelope_that_was_changed_on_the_way_is_refused(
    relay: Relay, tampered: dict[str, str]
) -> None:
    response = await relay.post(a_mail(), tampered=tampered)

    assert response.status_code == 401
    assert await relay.world.rows(INBOUND_MAIL) == []


async def test_a_signature_over_the_message_alone_is_refused(relay: Relay) -> None:
    second, body = int(relay.world.now().timestamp()), bytes(a_mail())
    signed = signature(SECRET, "call-1", second, body)

    response = await relay.post(body, webhook_signature=signed)

    assert response.status_code == 401


async def test_one_good_signature_among_several_is_enough(relay: Relay) -> None:
    second, body = int(relay.world.now().timestamp()), bytes(a_mail())
    signed = signature(SECRET, "call-1", second, enveloped(ENVELOPE, body))

    response = await relay.post(body, webhook_signature=f"v1,old {signed}")

    assert response.status_code == 200


@pytest.mark.parametrize("recipients", [None, "", "nobody@nowhere.example", ", ,"])
async def test_a_mail_for_nobody_is_refused_for_ever(relay: Relay, recipients: str | None) -> None:
    response = await relay.post(a_mail(), x_envelope_to=recipients)

    assert response.status_code == 406
    assert await relay.world.rows(INBOUND_MAIL) == []


async def test_a_mail_that_is_too_large_is_refused_for_ever(relay: Relay) -> None:
    response = await relay.post(b"x" * 5001)

    assert (response.status_code, response.text) == (406, "too large: at most 5000 bytes")
    assert await relay.world.rows(INBOUND_MAIL) == []


async def test_trouble_is_answered_with_later_and_tells_nothing(
    relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(_: Store, __: str) -> None:
        raise DatabaseBusy("password=hunter2")

    monkeypatch.setattr(type(relay.world.desk.store), "agency_of_mailbox", busy)

    response = await relay.post(a_mail())

    assert (response.status_code, response.text) == (503, "try again later")
    assert relay.woken == 0


async def test_nobody_needs_to_be_woken(both_worlds: World) -> None:
    door = Door(both_worlds)
    relay = Relay(both_worlds, wakes=False)

    assert (await relay.post(a_mail())).status_code == 200
    assert await door.inbox() == [("STORED", None)]
