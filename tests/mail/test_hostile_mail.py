"""Bytes sent to break a parser: none raises, none hangs, all is kept."""

import random
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import pytest

from helpdesk.domain.inbound_email import Defect
from helpdesk.mail.parse import MAX_MAIL_BYTES, parse_email
from tests.mail.mails import HEAD, a_file, a_mail, a_multipart, a_page, a_text

TOP = HEAD.encode()

SEEDS = (
    a_mail("Bonjour é\n\nLe 2 mars 2026 à 09:12, Alice <a@b.example> a écrit :\n> oui"),
    a_multipart(
        "mixed",
        a_text("Voici."),
        a_page('<p>é <b>x</b></p><div class="gmail_quote">q</div>'),
        a_file(b"\x00\xff" * 40, fields='Content-Type: image/png; name="=?utf-8?Q?=C3=A9?="'),
        "Content-Type: message/rfc822\n\nFrom: c@autre.example\n\nx",
        "Content-Type: text/calendar\n\nMETHOD:REQUEST\nDTSTART:20260302T090000Z",
    ),
    a_multipart(
        "report; report-type=delivery-status",
        a_text("undeliverable"),
        "Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; b@c.example\n"
        "Action: failed\nStatus: 5.1.1",
    ),
)
GRAINS = (
    b"\x00", b"\r", b"\n\n", b"=?utf-8?q?", b"=?x?b?", b"\xff\xfe", b"--limit", b"\xed\xa0\x80",
    b">", b"<", b'"', b"(", b"charset=hex;", b"charset=idna;", b"charset=utf-16;", b"&#0;&#55296;",
    b"Content-Transfer-Encoding: base64\n", b"boundary=", b"filename*1*=x''%FF;",
)  # fmt: skip


def mutants(count: int, *, seed: int) -> Iterator[bytes]:
    dice = random.Random(seed)  # noqa: S311 - repeatable, not secret
    for _ in range(count):
        mail = bytearray(dice.choice(SEEDS))
        for _ in range(dice.randint(1, 10)):
            at = dice.randrange(len(mail) + 1)
            match dice.randrange(5):
                case 0:
                    mail[at : at + 1] = bytes([dice.randrange(256)])
                case 1:
                    del mail[at : at + dice.randint(1, 60)]
                case 2:
                    mail[at:at] = dice.choice(GRAINS)
                case 3:
                    start = dice.randrange(len(mail) + 1)
                    mail[at:at] = mail[start : start + 80]
                case _:
                    mail = mail.replace(b"utf-8", dice.choice((b"utf-7", b"utf-16", b"hz", b"zip")))
        yield bytes(mail)


def strings_of(thing: object) -> Iterator[str]:
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, tuple):
        for each in thing:
            yield from strings_of(each)
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from strings_of(getattr(thing, field.name))


def test_a_thousand_damaged_mails_all_give_storable_strings() -> None:
    for mail in mutants(1_000, seed=20260302):
        for text in strings_of(parse_email(mail)):
            assert "\x00" not in text
            text.encode("utf-8")


@pytest.mark.parametrize(
    ("raw", "defect"),
    [
        pytest.param(b"Subject: " + b"x" * 1_000_000 + b"\n\nx", Defect.HEADER_CUT, id="subject"),
        pytest.param(b"X: y\n" * 5_000 + b"\nx", Defect.HEADER_CUT, id="many fields"),
        pytest.param(
            b"To: " + b",".join(b"u%d@x.example" % n for n in range(50_000)) + b"\n\nx",
            Defect.HEADER_CUT,
            id="recipients",
        ),
        pytest.param(
            TOP + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 20_000,
            Defect.TOO_MANY_PARTS,
            id="parts",
        ),
        pytest.param(
            TOP
            + b"".join(
                b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n)
                for n in range(2_000)
            ),
            Defect.TOO_DEEP,
            id="nested",
        ),
        pytest.param(
            TOP + b"Content-Type: text/html\n\n" + b"<div>" * 50_000 + b"fin",
            Defect.HTML_CUT,
            id="nested tags",
        ),
        pytest.param(
            TOP
            + b"Content-Type: text/html\n\n<p "
            + b" ".join(b"a%d=1" % n for n in range(50_000))
            + b">fin",
            Defect.HTML_CUT,
            id="attributes",
        ),
        pytest.param(
            TOP + b"Content-Type: text/plain\n\n" + b"x " * 1_000_000,
            Defect.TEXT_CUT,
            id="one line",
        ),
    ],
)
def test_a_mail_beyond_a_cap_is_cut_and_says_so(raw: bytes, defect: Defect) -> None:
    email = parse_email(raw)

    assert defect in email.defects


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(TOP + b"\n" + b"> q\n" * 60_000, id="quotes"),
        pytest.param(TOP + b"\nx" + b"\n" * 250_000 + b"y", id="blank lines"),
        pytest.param(TOP + b"\n" + b"a:\n" * 60_000, id="colons"),
        pytest.param(TOP + b"\n" + b"sent from " * 20_000, id="device"),
        pytest.param(b"Subject: " + b"=?a?q?" * 10_000 + b"\n\nx", id="encoded words"),
        pytest.param(b"From: " + b"<" * 60_000 + b"\nTo: " + b"(" * 60_000 + b"\n\nx", id="list"),
        pytest.param(
            TOP + b"Content-Transfer-Encoding: base64\n\n" + b"QQ==" * 500_000, id="padding"
        ),
        pytest.param(b"junk\n" * 100_000, id="no header"),
        pytest.param(TOP + b"Content-Type: message/rfc822\n\n" * 3_000, id="messages"),
    ],
)
def test_repetition_without_end_is_read_in_reasonable_time(raw: bytes) -> None:
    assert parse_email(raw).reply_text is not None


def test_over_a_cap_the_raw_mail_is_attached() -> None:
    raw = TOP + b"Content-Type: text/plain\n\n" + b"x " * 1_000_000

    email = parse_email(raw)

    assert email.attachments[-1].filename == "message.eml"
    assert email.attachments[-1].content == raw


def test_a_mail_that_is_too_large_keeps_its_headers() -> None:
    raw = TOP + b"\n" + b"x" * (MAX_MAIL_BYTES + 1)

    email = parse_email(raw)

    assert email.subject == "Le site est lent"
    assert Defect.MAIL_TOO_LARGE in email.defects
    assert email.attachments[-1].size == len(raw)


def test_text_lost_in_a_tangled_page_is_still_told() -> None:
    email = parse_email(
        TOP + b"Content-Type: text/html\n\n" + b"<div>" * 50_000 + b"fin &amp; fini"
    )

    assert email.text == "fin & fini"
    assert email.html is None
