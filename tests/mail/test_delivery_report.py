"""Reports about mails that did not arrive, as mail servers really write them."""

import base64

import pytest

from helpdesk.domain.undelivered import RecipientReport, ReportedAction
from helpdesk.mail.parse import parse_email

OURS = "018f0000000070008000000000000001.t.ab4jxx75tamugnmby4s5pwnphisqy2t@alice.example"
FAILED, DELAYED = ReportedAction.FAILED, ReportedAction.DELAYED


def a_report(
    *blocks: str,
    returned: str = f"Message-ID: <{OURS}>\r\nSubject: Re: [#12] a\r\n\r\nb",
    returned_type: str = "message/rfc822",
    encoding: str = "7bit",
    status_type: str = "message/delivery-status",
) -> bytes:
    """Return a report with these blocks of fields and the mail that it gives back."""
    status = "\r\n\r\n".join(("Reporting-MTA: dns; mx.example", *blocks))
    return (
        "From: MAILER-DAEMON@mx.example\r\nTo: support@alice.example\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="limit"\r\n\r\n'
        "--limit\r\nContent-Type: text/plain\r\n\r\nIt did not arrive.\r\n"
        f"--limit\r\nContent-Type: {status_type}\r\n\r\n{status}\r\n"
        f"--limit\r\nContent-Type: {returned_type}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
        f"{returned}\r\n--limit--\r\n"
    ).encode()


def test_the_fields_of_a_recipient_are_read() -> None:
    email = parse_email(
        a_report(
            "Final-Recipient: rfc822; b.blanc@mail.example\r\n"
            "Original-Recipient: rfc822;Bruno@bruno.example\r\n"
            "Action: failed\r\nStatus: 5.1.1 (bad mailbox)\r\n"
            "Diagnostic-Code: smtp; 550 5.1.1 <b.blanc@mail.example>:\r\n Recipient rejected"
        )
    )

    assert email.is_bounce
    assert email.reports == (
        RecipientReport(
            final="b.blanc@mail.example",
            original="Bruno@bruno.example",
            action=FAILED,
            status="5.1.1",
            diagnostic="550 5.1.1 <b.blanc@mail.example>: Recipient rejected",
        ),
    )


def test_several_recipients_are_told_apart() -> None:
    email = parse_email(
        a_report(
            "Final-Recipient: rfc822; one@x.example\r\nAction: failed\r\nStatus: 5.1.1",
            "Final-Recipient: RFC822;<two@x.example>\r\nAction: Delayed\r\nStatus: 4.4.1",
            "Final-Recipient: rfc822; three@x.example\r\nAction: relayed (to somebody)",
            "Final-Recipient: rfc822; four@x.example\r\nAction: eaten\r\nStatus: 9.9",
        )
    )

    assert [(one.final, one.action, one.status) for one in email.reports] == [
        ("one@x.example", FAILED, "5.1.1"),
        ("two@x.example", DELAYED, "4.4.1"),
        ("three@x.example", ReportedAction.RELAYED, ""),
        ("four@x.example", None, ""),
    ]


def test_blocks_may_be_far_apart_and_addresses_no_addresses() -> None:
    email = parse_email(
        a_report(
            "\r\n\r\nFinal-Recipient: rfc822; one@x.example\r\nAction: failed\r\nStatus: 5.0.0",
            "\r\n \r\nFinal-Recipient: x400; /G=Bruno/\r\nAction: failed",
        )
    )

    assert [one.final for one in email.reports] == ["one@x.example", ""]


@pytest.mark.parametrize(
    ("returned_type", "encoding", "returned"),
    [
        ("message/rfc822", "7bit", f"Message-ID: <{OURS}>\r\nSubject: a\r\n\r\nb"),
        ("message/rfc822", "7bit", f"Received: by x\r\nMESSAGE-ID:\r\n <{OURS}>\r\n\r\nb"),
        ("text/rfc822-headers", "7bit", f"Subject: a\r\nMessage-ID: <{OURS}>\r\n"),
        ("message/global", "8bit", f"Subject: é\r\nMessage-Id:<{OURS}>\r\n\r\né"),
        ("text/plain", "7bit", f"----- what you wrote\r\n> Message-ID: <{OURS}>\r\n> Subject: a"),
        (
            "text/rfc822-headers",
            "base64",
            base64.b64encode(f"Subject: a\r\nMessage-ID: <{OURS}>\r\n".encode()).decode(),
        ),
        (
            "text/rfc822-headers",
            "quoted-printable",
            f"Subject: a\r\nMessage-ID: <{OURS[:60]}=\r\n{OURS[60:]}>\r\n",
        ),
    ],
)
def test_the_mail_that_is_given_back_is_known_by_its_id(
    returned_type: str, encoding: str, returned: str
) -> None:
    email = parse_email(
        a_report(
            "Final-Recipient: rfc822; bruno@bruno.example\r\nAction: failed\r\nStatus: 5.1.1",
            returned=returned,
            returned_type=returned_type,
            encoding=encoding,
        )
    )

    assert email.returned_ids == (OURS,)


def test_a_report_in_free_words_gives_the_id_back_too() -> None:
    raw = (
        "From: MAILER-DAEMON@qmail.example\r\nTo: support@alice.example\r\n"
        "Subject: failure notice\r\n\r\n"
        "Hi. This is the qmail-send program at qmail.example.\r\n"
        "I'm afraid I wasn't able to deliver your message to the following addresses.\r\n"
        "This is a permanent error; I've given up. Sorry it didn't work out.\r\n\r\n"
        "<bruno@bruno.example>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n\r\n"
        "--- Below this line is a copy of the message.\r\n\r\n"
        f"Return-Path: <support@alice.example>\r\nMessage-ID: <{OURS}>\r\nSubject: a\r\n\r\nb\r\n"
    ).encode()

    email = parse_email(raw)

    assert email.is_bounce
    assert email.reports == ()
    assert email.bounce_recipients == ("bruno@bruno.example",)
    assert email.returned_ids == (OURS,)


def test_an_ordinary_mail_gives_nothing_back() -> None:
    raw = f"From: a@b.example\r\nSubject: hello\r\n\r\nMessage-ID: <{OURS}>\r\n".encode()

    email = parse_email(raw)

    assert (email.reports, email.returned_ids) == ((), ())


def test_a_report_in_other_alphabets_is_read() -> None:
    email = parse_email(
        a_report(
            "Final-Recipient: utf-8; bruno@bruno.example\r\nAction: failed\r\nStatus: 5.1.1",
            status_type="message/global-delivery-status",
        )
    )

    assert [one.final for one in email.reports] == ["bruno@bruno.example"]


def test_a_report_without_an_end_is_cut() -> None:
    block = "Final-Recipient: rfc822; bruno@bruno.example\r\nAction: failed\r\nStatus: 5.1.1"

    assert len(parse_email(a_report(*[block] * 5000)).reports) == 100
    assert parse_email(a_report("\r\n" * 100_000)).reports == ()


def test_words_that_no_database_keeps_are_replaced() -> None:
    email = parse_email(
        a_report(
            "Final-Recipient: rfc822; bruno@bruno.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
            "Diagnostic-Code: smtp; 550 \x00 no \udcff".encode("utf-8", "surrogateescape").decode(
                "utf-8", "replace"
            )
        )
    )

    assert "\x00" not in email.reports[0].diagnostic
