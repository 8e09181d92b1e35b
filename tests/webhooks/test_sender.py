"""A call over real sockets: what a receiver gets, and what becomes of each kind of answer."""

import base64
import hashlib
import hmac
import json
import ssl
import subprocess
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk.domain.webhook import CallFailed
from helpdesk.domain.webhook_address import WebhookAddressRules
from helpdesk.webhooks.sender import REPLY_LIMIT, WebhookSender
from tests.webhooks.receiver import (
    NOW,
    SECRET,
    Answer,
    Heard,
    Receiver,
    a_call,
    answer,
    babble,
    break_off,
    drip,
    hang,
    pour,
)

ANYWHERE = WebhookAddressRules(allows_private=True)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver().open() as opened:
        yield opened


@pytest.fixture
async def sender() -> AsyncIterator[WebhookSender]:
    async with WebhookSender(ANYWHERE, timeout_seconds=0.5) as opened:
        yield opened


def is_signed(heard: Heard, secret: str = SECRET) -> bool:
    """Verify a signature as docs/api.md tells receivers to."""
    told = heard.headers
    signed = f"{told['webhook-id']}.{told['webhook-timestamp']}.".encode() + heard.body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    given = [one.removeprefix("v1,") for one in told["webhook-signature"].split(" ")]
    return any(hmac.compare_digest(expected, one) for one in given)


async def test_a_receiver_can_verify_what_it_is_told(
    receiver: Receiver, sender: WebhookSender
) -> None:
    await sender.send(a_call(receiver.url("/hooks?team=care")), at=NOW)

    (heard,) = receiver.heard
    assert heard.line == "POST /hooks?team=care HTTP/1.1"
    assert heard.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert heard.headers["content-type"] == "application/json"
    assert heard.headers["webhook-id"] == "delivery1"
    assert heard.headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert is_signed(heard)
    assert json.loads(heard.body) == {
        "type": "ticket.opened",
        "timestamp": "2026-07-06T07:00:00Z",
        "data": {"number": 1, "title": "é"},
    }


async def test_another_secret_or_body_does_not_verify(
    receiver: Receiver, sender: WebhookSender
) -> None:
    await sender.send(a_call(receiver.url()), at=NOW)

    (heard,) = receiver.heard
    assert not is_signed(heard, "whsec_AAAA")
    assert not is_signed(Heard(heard.line, heard.headers, heard.body + b" "))


async def test_a_second_try_has_the_same_id_and_body_but_signs_its_own_instant(
    receiver: Receiver, sender: WebhookSender
) -> None:
    call = a_call(receiver.url())

    await sender.send(call, at=NOW)
    await sender.send(call, at=NOW + timedelta(hours=1))

    first, second = receiver.heard
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert (
        int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) == 3600
    )
    assert is_signed(first)
    assert is_signed(second)


async def test_a_connection_serves_the_next_call(receiver: Receiver, sender: WebhookSender) -> None:
    for number in range(5):
        await sender.send(a_call(receiver.url(), number), at=NOW)

    assert (len(receiver.heard), receiver.connections) == (5, 1)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
async def test_every_2xx_is_an_answer(
    receiver: Receiver, sender: WebhookSender, status: int
) -> None:
    receiver.always = _status(status)

    await sender.send(a_call(receiver.url()), at=NOW)

    assert len(receiver.heard) == 1


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (answer(400, "no such event"), "400 no such event"),
        (answer(404), "404"),
        (answer(500, " it\x00 broke \n"), "500 it\x00 broke"),
        (answer(410, "go away"), "410 go away"),
        (answer(302, location="http://127.0.0.1/other"), "302: redirects are not followed"),
        (answer(307, location="https://example.org/"), "307: redirects are not followed"),
        (hang, "No whole answer within 0.5 s."),
        (drip, "No whole answer within 0.5 s."),
        (break_off, "RemoteProtocolError"),
        (babble, "RemoteProtocolError"),
    ],
    ids=lambda one: getattr(one, "__name__", None),
)
async def test_any_other_answer_is_a_failure_that_says_what_came(
    receiver: Receiver, sender: WebhookSender, given: Answer, told: str
) -> None:
    receiver.always = given

    with pytest.raises(CallFailed) as failure:
        await sender.send(a_call(receiver.url()), at=NOW)

    assert failure.value.reply.startswith(told)
    assert len(receiver.heard) == 1


async def test_a_redirect_is_not_followed(receiver: Receiver, sender: WebhookSender) -> None:
    async with Receiver().open() as other:
        receiver.always = answer(308, location=other.url())

        with pytest.raises(CallFailed):
            await sender.send(a_call(receiver.url()), at=NOW)

        assert other.connections == 0


@pytest.mark.parametrize("given", [answer(500, "é" * 9000), pour], ids=["long", "endless"])
async def test_of_a_long_answer_only_the_beginning_is_kept(
    receiver: Receiver, sender: WebhookSender, given: Answer
) -> None:
    receiver.always = given

    with pytest.raises(CallFailed) as failure:
        await sender.send(a_call(receiver.url()), at=NOW)

    assert len(failure.value.reply) == len("500 ") + REPLY_LIMIT


async def test_only_one_that_is_gone_wants_no_further_try(
    receiver: Receiver, sender: WebhookSender
) -> None:
    finals = []
    for status in (400, 404, 410, 500):
        receiver.always = answer(status)
        with pytest.raises(CallFailed) as failure:
            await sender.send(a_call(receiver.url()), at=NOW)
        finals.append(failure.value.is_final)

    assert finals == [False, False, True, False]


@pytest.mark.parametrize(
    ("asked", "rest"),
    [("120", 120), ("0", 0), ("-5", 0), ("Wed, 21 Oct 2026 07:28:00 GMT", 0), ("9" * 40, 0)],
)
async def test_a_receiver_may_ask_for_a_rest(
    receiver: Receiver, sender: WebhookSender, asked: str, rest: int
) -> None:
    receiver.always = answer(429, retry_after=asked)

    with pytest.raises(CallFailed) as failure:
        await sender.send(a_call(receiver.url()), at=NOW)

    assert failure.value.rest == timedelta(seconds=rest)


async def test_a_machine_where_nobody_listens_is_named(sender: WebhookSender) -> None:
    async with Receiver().open() as closed:
        url = closed.url()

    with pytest.raises(CallFailed, match=r"127\.0\.0\.1 does not answer"):
        await sender.send(a_call(url), at=NOW)


async def test_a_broken_call_does_not_spoil_the_next(
    receiver: Receiver, sender: WebhookSender
) -> None:
    for given in (hang, break_off, drip, babble):
        receiver.answers = [given]
        with pytest.raises(CallFailed):
            await sender.send(a_call(receiver.url()), at=NOW)
        await sender.send(a_call(receiver.url()), at=NOW)

    assert len(receiver.heard) == 8


async def test_a_receiver_over_tls_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = _certificate(tmp_path, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    async with WebhookSender(ANYWHERE) as sender, Receiver().open(_tls(certificate)) as receiver:
        await sender.send(a_call(receiver.url(host="localhost")), at=NOW)

        assert is_signed(receiver.heard[0])


async def test_a_certificate_that_nobody_vouches_for_is_told_nothing(
    tmp_path: Path, sender: WebhookSender
) -> None:
    async with Receiver().open(_tls(_certificate(tmp_path, "localhost"))) as receiver:
        with pytest.raises(CallFailed, match="CERTIFICATE_VERIFY_FAILED"):
            await sender.send(a_call(receiver.url(host="localhost")), at=NOW)

        assert receiver.heard == []


async def test_the_certificate_of_another_machine_is_told_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = _certificate(tmp_path, "other.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    async with WebhookSender(ANYWHERE) as sender, Receiver().open(_tls(certificate)) as receiver:
        with pytest.raises(CallFailed, match="not valid for 'localhost'"):
            await sender.send(a_call(receiver.url(host="localhost")), at=NOW)

        assert receiver.heard == []


def _status(status: int) -> Answer:
    async def write(_: Heard, writer: object) -> None:
        assert hasattr(writer, "write")
        length = "" if status == 204 else "Content-Length: 0\r\n"
        writer.write(f"HTTP/1.1 {status} Fine\r\n{length}\r\n".encode())

    return write


def _certificate(folder: Path, name: str) -> Path:
    """Return a file with a key and a certificate that it signed itself."""
    key, certificate, both = (folder / one for one in ("key.pem", "cert.pem", "both.pem"))
    words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    names = ["-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(["openssl", *words, *names, *files], check=True, capture_output=True)
    both.write_text(key.read_text() + certificate.read_text())
    return both


def _tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context
