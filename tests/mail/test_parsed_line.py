"""The JSON line of `helpdesk mail parse`: its names and their order are a promise."""

import json
from pathlib import Path

from helpdesk.mail.parse import parse_email
from helpdesk.mail.parsed_line import parsed_line
from tests.mail.mails import HEAD, a_file, a_mail, a_multipart, a_text


def test_every_field_is_there_under_its_public_name() -> None:
    head = f"{HEAD}In-Reply-To: <r@agence.example>\nReferences: <r@agence.example>\n"
    file = a_file(b"abc", fields='Content-Type: text/csv; name="liste.csv"')
    raw = a_multipart("mixed", a_text("Voici."), file, head=head)

    line = parsed_line(Path("in/1.eml"), parse_email(raw))

    assert json.loads(json.dumps(line)) == {
        "file": "in/1.eml",
        "from": ["Bruno Martin", "bruno@client.example"],
        "to": [["", "support@agence.example"]],
        "cc": [],
        "reply_to": [],
        "subject": "Le site est lent",
        "message_id": "m1@client.example",
        "in_reply_to": "r@agence.example",
        "references": ["r@agence.example"],
        "date": "2026-03-02T08:00:00+00:00",
        "text": "Voici.",
        "reply": "Voici.",
        "html": None,
        "attachments": [
            [
                "liste.csv",
                "text/csv",
                3,
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            ]
        ],
        "auto": False,
        "bounce": False,
        "bounce_recipients": [],
        "forwarded_from": None,
        "defects": [],
    }


def test_what_is_absent_is_null_and_an_invented_name_is_not_printed() -> None:
    raw = b"Content-Type: image/png\n\nabc"

    line = parsed_line("-", parse_email(raw))

    assert line["from"] is None
    assert line["date"] is None
    assert line["attachments"] == [
        ["", "image/png", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"]
    ]
    assert line["defects"] == ["no_sender"]


def test_a_forward_names_its_sender() -> None:
    text = "---------- Forwarded message ---------\nDe : C <c@autre.example>\n"

    line = parsed_line("-", parse_email(a_mail(text)))

    assert line["forwarded_from"] == ["C", "c@autre.example"]
