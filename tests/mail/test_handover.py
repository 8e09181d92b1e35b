"""The line on top of a mail that says who handed it to our listener."""

import hashlib
from datetime import datetime, timedelta, timezone

import pytest

from helpdesk.domain.inbound_email import Transport
from helpdesk.domain.inbox import without_trace_headers
from helpdesk.mail.handover import Handover, is_of_our_listener, received_line
from helpdesk.mail.headers import split_headers, unfolded
from helpdesk.mail.parse import parse_email

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=1)))
MAIL = b"From: bruno@client.example\r\nSubject: a\r\n\r\nb\r\n"
CLAIM = b"Authentication-Results: mx.agence.example; dmarc=pass header.from=client.example\r\n"
BY_LMTP = b"Received: from mx.agence.example by helpdesk with LMTP id 1; now\r\n"
BY_SMTP = b"Received: from far.example ([192.0.2.1]) by mx.agence.example with ESMTP id 1; now\r\n"


def line(
    transport: Transport = Transport.SMTP,
    peer: str | None = "192.0.2.1",
    name: str | None = "mx.client.example",
    *,
    is_tls: bool = False,
) -> bytes:
    return received_line(Handover(transport, peer, name, is_tls=is_tls), MAIL, at=NINE)


def test_it_says_who_how_and_when() -> None:
    name = hashlib.sha256(MAIL).hexdigest()[:16].encode()

    assert (
        line()
        == (b"Received: from mx.client.example ([192.0.2.1]) by helpdesk with ESMTP id " + name)
        + b"; Mon, 02 Mar 2026 09:00:00 +0100\r\n"
    )


@pytest.mark.parametrize(
    ("handed", "said"),
    [
        (line(is_tls=True), b"with ESMTPS id"),
        (line(Transport.LMTP), b"with LMTP id"),
        (line(peer="2001:db8::1"), b"([IPv6:2001:db8::1])"),
        (line(peer="::ffff:192.0.2.1"), b"([192.0.2.1])"),
        (line(peer=None, name=None), b"from unknown (unknown) by"),
        (line(peer="/run/socket"), b"(unknown) by"),
    ],
)
def test_every_way_in_has_its_words(handed: bytes, said: bytes) -> None:
    assert said in handed


@pytest.mark.parametrize(
    "name",
    [
        "x by helpdesk with LMTP id 1",
        "x\r\nAuthentication-Results: mx.agence.example; dmarc=pass",
        "x (comment) \x00 é \udcff",
        "a" * 5000,
        "",
    ],
)
def test_what_a_stranger_calls_himself_ends_nothing_and_looks_like_nothing(name: str) -> None:
    written = line(name=name)

    headers, _ = split_headers(written + MAIL, 0, len(written + MAIL))
    assert [field for field, _ in headers.fields] == ["received", "from", "subject"]
    assert len(written) < 998
    assert is_of_our_listener(unfolded(headers.first("received")))
    assert unfolded(headers.first("received")).count(" by ") == 1


def test_two_deliveries_of_one_mail_have_the_same_bytes_below_it() -> None:
    again = line(peer="198.51.100.7", name="other.example")

    assert without_trace_headers(again + MAIL) == without_trace_headers(line() + MAIL) == MAIL


def findings(raw: bytes) -> list[bool]:
    return [one.is_above_entrance for one in parse_email(raw).authentication]


def test_it_hides_nothing_that_our_server_noted() -> None:
    assert findings(line(peer="127.0.0.1") + CLAIM + BY_SMTP + MAIL) == [True]
    assert findings(line(Transport.LMTP) + CLAIM + BY_SMTP + MAIL) == [True]


def test_what_stands_below_the_entrance_stays_there() -> None:
    assert findings(line() + BY_SMTP + CLAIM + MAIL) == [False]
    assert findings(BY_LMTP + line() + CLAIM + MAIL) == [False]


def test_a_second_line_in_our_form_is_a_strangers() -> None:
    assert findings(line() + line(peer="127.0.0.1") + CLAIM + MAIL) == [False]
