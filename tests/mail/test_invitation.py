"""Calendar parts are told in a line; the answer of a calendar is no answer of a person."""

import pytest

from helpdesk.domain.automatic_mail import (
    AutomaticReason,
)
from helpdesk.mail.parse import parse_email
from tests.mail.mails import a_file, a_multipart, a_text

ZONE = (
    "BEGIN:VTIMEZONE\r\nTZID:Europe/Paris\r\nBEGIN:STANDARD\r\nDTSTART:20001029T030000\r\n"
    "END:STANDARD\r\nEND:VTIMEZONE\r\n"
)


def calendar(*lines: str, method: str = "REQUEST") -> str:
    inside = "".join(f"{line}\r\n" for line in lines)
    return f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\n{ZONE}BEGIN:VEVENT\r\n{inside}END:VEVENT\r\n"


def told(text: str, *, kind: str = "text/calendar; charset=utf-8") -> str:
    part = a_file(text.encode(), fields=f"Content-Type: {kind}")
    return parse_email(a_multipart("mixed", a_text("Voici."), part)).text.removeprefix("Voici.\n\n")


@pytest.mark.parametrize(
    ("start", "shown"),
    [
        ("DTSTART;TZID=Europe/Paris:20260302T090000", "2026-03-02 09:00 Europe/Paris"),
        (
            'DTSTART;TZID="Romance Standard Time":20260302T090000',
            "2026-03-02 09:00 Romance Standard Time",
        ),
        ("DTSTART:20260302T080000Z", "2026-03-02 08:00 UTC"),
        ("DTSTART:20260302T090000", "2026-03-02 09:00"),
        ("DTSTART;VALUE=DATE:20260302", "2026-03-02"),
    ],
)
def test_the_time_is_told_in_its_own_zone(start: str, shown: str) -> None:
    text = calendar("SUMMARY:Point", start, "ORGANIZER;CN=Alice:mailto:alice@agence.example")

    assert told(text) == f"[REQUEST · Point · {shown} · alice@agence.example]"


def test_escapes_and_folds_are_read() -> None:
    text = calendar("SUMMARY:Point\\, mensuel\\; suite\\nfin et la\r\n  fin", "DTSTART:junk")

    assert told(text) == "[REQUEST · Point, mensuel; suite fin et la fin]"


def test_an_invitation_that_comes_twice_is_told_once() -> None:
    text = calendar("SUMMARY:Point", "DTSTART:20260302T080000Z")
    part = a_file(text.encode(), fields="Content-Type: text/calendar; method=REQUEST")
    file = a_file(text.encode(), fields='Content-Type: application/ics; name="invite.ics"')

    email = parse_email(a_multipart("mixed", a_text("Voici."), part, file))

    assert email.text == "Voici.\n\n[REQUEST · Point · 2026-03-02 08:00 UTC]"
    assert [each.filename for each in email.attachments] == ["invitation.ics", "invite.ics"]
    assert email.may_reopen


@pytest.mark.parametrize("kind", ["text/calendar; method=REPLY", "text/calendar"])
def test_an_answered_invitation_reopens_nothing_and_says_how_it_was_answered(kind: str) -> None:
    text = calendar(
        "SUMMARY:Point", "ATTENDEE;PARTSTAT=DECLINED:mailto:b@client.example", method="REPLY"
    )
    part = a_file(text.encode(), fields=f"Content-Type: {kind}")

    email = parse_email(a_multipart("mixed", a_text("Voici."), part))

    assert email.text == "Voici.\n\n[REPLY DECLINED · Point]"
    assert email.automatic_reasons == (AutomaticReason.CALENDAR_REPLY,)
    assert not email.may_reopen


def test_a_calendar_that_says_nothing_is_only_a_file() -> None:
    email = parse_email(a_multipart("mixed", a_text("Voici."), "Content-Type: text/calendar\n\nx"))

    assert email.text == "Voici."
    assert [file.filename for file in email.attachments] == ["invitation.ics"]
