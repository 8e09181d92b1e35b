"""Machines are recognised by their headers, and their mails are kept but never answered."""

import pytest

from helpdesk.domain.automatic_mail import (
    AutomaticReason,
)
from helpdesk.mail.parse import parse_email
from tests.mail.mails import HEAD, a_mail, a_multipart, a_text


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ("Auto-Submitted: auto-replied", AutomaticReason.AUTO_SUBMITTED),
        ("Auto-Submitted: auto-generated; x=1", AutomaticReason.AUTO_SUBMITTED),
        ("Return-Path: <>", AutomaticReason.EMPTY_ENVELOPE_SENDER),
        ("Precedence: bulk", AutomaticReason.PRECEDENCE),
        ("Precedence: Auto_Reply", AutomaticReason.AUTORESPONDER),
        ("List-Id: <annonces.client.example>", AutomaticReason.MAILING_LIST),
        ("List-Unsubscribe: <mailto:u@client.example>", AutomaticReason.MAILING_LIST),
        ("X-Auto-Response-Suppress: DR, OOF, AutoReply", AutomaticReason.RESPONSE_SUPPRESSED),
        ("X-Autoreply: yes", AutomaticReason.AUTORESPONDER),
        ("X-Autorespond: absence", AutomaticReason.AUTORESPONDER),
        ("X-FC-MachineGenerated: true", AutomaticReason.AUTORESPONDER),
        ("Feedback-ID: 1:2:campagne", AutomaticReason.FEEDBACK_ID),
        ("Auto-Submitted: auto-forwarded", AutomaticReason.AUTO_FORWARDED),
    ],
)
def test_each_sign_of_a_machine_is_a_reason_not_to_answer(
    field: str, reason: AutomaticReason
) -> None:
    email = parse_email(a_mail(more=f"{field}\n"))

    assert email.automatic_reasons == (reason,)


@pytest.mark.parametrize(
    "field",
    [
        "Auto-Submitted: no",
        "Precedence: first-class",
        "X-Auto-Response-Suppress: RN",
        "X-Autoreply: no",
        "Return-Path: <bruno@client.example>",
    ],
)
def test_signs_that_mean_nothing_leave_a_mail_to_a_person(field: str) -> None:
    assert not parse_email(a_mail(more=f"{field}\n")).is_automatic


def test_the_mail_system_is_a_machine_by_its_address() -> None:
    head = HEAD.replace("bruno@client.example", "MAILER-DAEMON@client.example")

    assert parse_email(a_mail(head=head)).automatic_reasons == (AutomaticReason.MACHINE_SENDER,)


def test_an_absence_notice_reopens_nothing() -> None:
    head = HEAD.replace("Le site est lent", "=?utf-8?Q?R=C3=A9ponse_automatique_:_absent?=")

    email = parse_email(a_mail(head=head, more="Auto-Submitted: auto-generated\n"))

    assert email.is_out_of_office
    assert not email.may_reopen


def test_a_subject_alone_makes_nobody_a_machine() -> None:
    email = parse_email(a_mail(head=HEAD.replace("Le site est lent", "Absent demain")))

    assert not email.is_automatic
    assert not email.is_out_of_office
    assert email.may_reopen


REPORT = (
    "Content-Type: message/delivery-status\n\n"
    "Reporting-MTA: dns; mx.client.example\n\n"
    "Final-Recipient: rfc822; bruno@client.example\n"
    "Action: {action}\nStatus: {status}\n"
)


def test_a_delivery_report_names_who_was_not_reached() -> None:
    raw = a_multipart(
        "report; report-type=delivery-status",
        a_text("Le destinataire est inconnu."),
        REPORT.format(action="failed", status="5.1.1"),
        "Content-Type: message/rfc822\n\nSubject: x\n\nx",
        head="From: MAILER-DAEMON@mx.client.example\nSubject: Undelivered Mail\n",
    )

    email = parse_email(raw)

    assert email.is_bounce
    assert email.bounce_recipients == ("bruno@client.example",)
    assert email.is_bounce_permanent
    assert AutomaticReason.BOUNCE in email.automatic_reasons
    assert email.forwarded_from is None
    assert not email.may_reopen


def test_a_delay_is_no_permanent_failure() -> None:
    raw = a_multipart(
        "report; report-type=delivery-status",
        a_text("Nouvel essai plus tard."),
        REPORT.format(action="delayed", status="4.4.1"),
    )

    email = parse_email(raw)

    assert email.bounce_recipients == ("bruno@client.example",)
    assert not email.is_bounce_permanent


def test_a_person_who_quotes_a_bounce_is_a_person() -> None:
    text = "Je reçois ceci :\n<alice@agence.example>: host mx said: 550 5.1.1 user unknown"

    email = parse_email(a_mail(text, more="In-Reply-To: <r@agence.example>\n"))

    assert not email.is_bounce
    assert not email.is_automatic


def test_a_report_nested_beyond_what_the_detectors_bear_is_an_ordinary_mail() -> None:
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2_000)
    )

    email = parse_email(b"From: postmaster@client.example\n" + nested)

    assert not email.is_bounce
    assert email.automatic_reasons == (AutomaticReason.MACHINE_SENDER,)


def test_a_report_that_breaks_the_detectors_is_an_ordinary_mail() -> None:
    raw = b"From: \xff\xfe\nReturn-Path: <>\nX-Mailer: \xe9\nContent-Type: multipart/report\n\nx"

    email = parse_email(raw)

    assert not email.is_bounce
    assert email.is_automatic


def test_a_report_about_an_address_that_no_database_keeps_names_nobody() -> None:
    raw = a_multipart(
        "report; report-type=delivery-status",
        a_text("Le destinataire est inconnu."),
        REPORT.format(action="failed", status="5.1.1").replace("client", "cli\x00ent"),
    )

    assert parse_email(raw).bounce_recipients == ()
