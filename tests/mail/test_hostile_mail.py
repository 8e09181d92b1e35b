"""Bytes sent to break a parser: none raises, none hangs, all is kept."""

import pytest

from helpdesk.domain.inbound_email import Defect
from helpdesk.mail.bodies import MAX_TEXT_CHARACTERS
from helpdesk.mail.parse import MAX_MAIL_BYTES, parse_email
from tests.conformance.mail_mutants import mutants, trouble_with
from tests.mail.mails import HEAD

TOP = HEAD.encode()


def test_damaged_mails_are_all_read_and_fit_to_be_stored() -> None:
    assert [trouble for mail in mutants(400) if (trouble := trouble_with(mail))] == []


def test_mutants_are_the_same_every_time() -> None:
    assert list(mutants(20)) == list(mutants(20))


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
        pytest.param(b"From: " + b'"a' * 30_000 + b"@\n\nx", id="quoted local part"),
        pytest.param(b"From: " + b"a" * 60_000 + b"@\n\nx", id="long local part"),
        pytest.param(TOP + b"x" * 50 + b"\n" * 1 + (b"z" * 50 + b"\n") * 50_000, id="stray words"),
        pytest.param(TOP + b"Content-Type: a/b;\n" + b"x=y;\n" * 50_000 + b"\nx", id="torn lines"),
        pytest.param(
            TOP + b"Content-Type: text/html\n\n" + b'<a href="http://a.ex/">x</a> ' * 60_000,
            id="links",
        ),
        pytest.param(
            TOP + b"Content-Type: text/html\n\n" + b'<img src="http://a/">' * 20_000, id="pictures"
        ),
        pytest.param(TOP + b"\n" + b"-----BEGIN PGP MESSAGE-----\n" * 30_000, id="armour"),
        pytest.param(
            TOP.replace(b"Subject: ", b"Subject: Fwd: ") + b"\n" + b"De : a\n\n" * 20_000,
            id="forward",
        ),
        pytest.param(
            TOP + b"Content-Type: text/calendar\n\n" + b"BEGIN:VTIMEZONE\n" * 4_000, id="zones"
        ),
        pytest.param(
            TOP + b"Content-Type: application/pkcs7-mime\n\n" + b"\x30\x80" * 200_000, id="cms"
        ),
    ],
)
def test_repetition_without_end_is_read_in_reasonable_time(raw: bytes) -> None:
    assert parse_email(raw).reply_text is not None


def test_several_parts_that_are_too_long_together_are_cut_and_say_so() -> None:
    part = b"--z\nContent-Type: text/plain\n\n" + b"x " * 300_000 + b"\n"

    email = parse_email(TOP + b"Content-Type: multipart/mixed; boundary=z\n\n" + part * 2)

    assert Defect.TEXT_CUT in email.defects
    assert len(email.text) == MAX_TEXT_CHARACTERS


@pytest.mark.parametrize(
    "field",
    [
        pytest.param(b'Content-Type: multipart/report; a="' + b";" * 250_000, id="report"),
        pytest.param(
            b"Content-Type: multipart/report; boundary=z\n\n--z\nContent-Type: text/plain; a="
            + b'";\n ' * 60_000,
            id="part",
        ),
        pytest.param(b"Subject: Undeliverable\n\n" + b"<a@b.example>\n" * 15_000, id="lines"),
    ],
)
def test_a_report_made_to_be_read_for_ever_is_read_in_reasonable_time(field: bytes) -> None:
    email = parse_email(b"From: mailer-daemon@client.example\n" + field + b"\n\nx")

    assert email.is_automatic


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


def test_a_mail_that_is_too_large_has_no_half_files() -> None:
    raw = TOP + b"Content-Type: application/pdf\n\n" + b"x" * (MAX_MAIL_BYTES + 1)

    email = parse_email(raw)

    assert [(file.filename, file.size) for file in email.attachments] == [("message.eml", len(raw))]


def test_text_lost_in_a_tangled_page_is_still_told() -> None:
    email = parse_email(
        TOP + b"Content-Type: text/html\n\n" + b"<div>" * 50_000 + b"fin &amp; fini"
    )

    assert email.text == "fin & fini"
    assert email.html is None
