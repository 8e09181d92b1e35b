"""`helpdesk mail`: exit codes that a mail system understands, lines that programs read."""

import io
import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from helpdesk.bootstrap import Engine, desk_on
from helpdesk.cli import main
from helpdesk.commands.mail import Delivered, deliver
from helpdesk.mail.listener import MAX_MAIL_BYTES
from helpdesk.storage import schema_upgrade
from helpdesk.storage.database import Database
from tests.commands.running import Capture, on
from tests.demo.planting import rows_of
from tests.usecases.mails import TornLetters, a_bounce, a_mail
from tests.usecases.world import MAILBOX

INBOX = "SELECT state, reason, envelope_from FROM helpdesk_inbound_mail ORDER BY id"
TICKETS = "SELECT number, subject FROM helpdesk_ticket ORDER BY opened_at"
PARSED_KEYS = [
    "file",
    "from",
    "to",
    "cc",
    "reply_to",
    "subject",
    "message_id",
    "in_reply_to",
    "references",
    "date",
    "text",
    "reply",
    "html",
    "attachments",
    "auto",
    "bounce",
    "bounce_recipients",
    "forwarded_from",
    "defects",
]


@pytest.fixture
def file(folder: Path) -> Path:
    """Bruno's mail in a file."""
    path = folder / "mail.eml"
    path.write_bytes(bytes(a_mail()))
    return path


def test_a_file_is_delivered_once(agencies: Path, file: Path, capsys: Capture) -> None:
    words = ["mail", "deliver", str(file), "--mailbox", MAILBOX]

    assert (main(words), main(words)) == (0, 0)

    said = capsys.readouterr()
    assert (said.out.splitlines(), said.err) == (
        [f"{file}: DONE (OPENED_TICKET) ticket 2", f"{file}: already stored, nothing done"],
        "",
    )
    assert rows_of(agencies, INBOX) == [("DONE", "OPENED_TICKET", "bruno@bruno.example")]
    assert len(rows_of(agencies, TICKETS)) == 2


def test_the_only_agency_needs_no_name(
    alices: Path, pipe: Callable[[bytes], None], capsys: Capture
) -> None:
    pipe(bytes(a_mail(to="Support@alice.example")))

    assert main(["mail", "deliver", "-"]) == 0

    assert capsys.readouterr().out == "-: DONE (OPENED_TICKET) ticket 1\n"
    assert rows_of(alices, TICKETS) == [("1", "The contact form is silent")]


@pytest.mark.parametrize(
    ("raw", "outcome", "envelope_from"),
    [
        (b"Return-Path: <>\n" + bytes(a_mail()), ("IGNORED", "AUTOMATIC"), ""),
        (
            b"Return-Path: <list@bruno.example>\n" + bytes(a_mail()),
            ("DONE", "OPENED_TICKET"),
            "list@bruno.example",
        ),
        (a_bounce(), ("IGNORED", "BOUNCE"), "MAILER-DAEMON@mx.example"),
        (bytes(a_mail(sender=None)), ("QUARANTINED", "NO_SENDER"), ""),
        (b"Return-Path: <bru\xe9\x00@x>\n" + bytes(a_mail()), ("DONE", "OPENED_TICKET"), None),
    ],
    ids=["null-sender", "return-path", "bounce", "nobody", "broken"],
)
def test_the_envelope_is_read_in_the_headers(
    alices: Path,
    pipe: Callable[[bytes], None],
    capsys: Capture,
    raw: bytes,
    outcome: tuple[str, str],
    envelope_from: str | None,
) -> None:
    pipe(raw)

    assert main(["mail", "deliver", "-"]) == 0

    assert capsys.readouterr().out.startswith(f"-: {outcome[0]} ({outcome[1]})")
    ((state, reason, sender),) = rows_of(alices, INBOX)
    assert (state, reason) == outcome
    assert envelope_from in {None, sender}


def test_a_message_for_nobody_is_to_be_tried_again(
    agencies: Path, file: Path, capsys: Capture
) -> None:
    assert main(["mail", "deliver", str(file), "--mailbox", "nobody@alice.example"]) == 75
    assert main(["--lang", "fr", "mail", "deliver", str(file)]) == 75

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "No agency reads nobody@alice.example: name its mailbox (--mailbox ADDRESS).",
        "Aucune agence ne lit  : indiquez sa boîte (--mailbox ADRESSE).",
    ]
    assert rows_of(agencies, INBOX) == []


def test_a_file_that_is_not_there_is_to_be_tried_again(alices: Path, capsys: Capture) -> None:
    assert main(["mail", "deliver", "nowhere.eml"]) == 75

    assert "nowhere.eml" in capsys.readouterr().err
    assert rows_of(alices, INBOX) == []


def test_another_schema_is_no_reason_to_lose_a_message(
    empty: Path, file: Path, capsys: Capture
) -> None:
    schema_upgrade.downgrade(f"sqlite:///{empty}", "base")

    assert main(["mail", "deliver", str(file)]) == 75

    assert "run `helpdesk db upgrade` first" in capsys.readouterr().err


def test_a_wrong_setting_is_no_reason_to_lose_a_message(
    alices: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HELPDESK_PROT", "9000")

    assert main(["mail", "deliver", str(file)]) == 75

    assert rows_of(alices, INBOX) == []


def test_a_bug_is_no_reason_to_lose_a_message(
    alices: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("a text where bytes are expected"))

    assert main(["mail", "deliver", "-"]) == 75

    assert caplog.messages == ["mail_not_delivered"]
    assert rows_of(alices, INBOX) == []


def test_a_bug_of_another_command_is_shown() -> None:
    with pytest.raises(ValueError, match="null"):
        main(["mail", "parse", "mail\x00.eml"])


def test_a_message_beyond_the_limit_never_will_be_taken(
    alices: Path, folder: Path, capsys: Capture
) -> None:
    with (folder / "huge.eml").open("wb") as file:
        file.truncate(MAX_MAIL_BYTES + 1)

    assert main(["mail", "deliver", "huge.eml"]) == 65

    assert capsys.readouterr().out == (
        "huge.eml: 36700161 bytes, at most 36700160 are taken: send a link.\n"
    )
    assert rows_of(alices, INBOX) == []


def test_a_stored_message_that_is_not_understood_is_no_error_any_more(alices: Path) -> None:
    async def torn(database: Database) -> Delivered:
        desk = replace(desk_on(database), letters=TornLetters(RuntimeError("no ink")))
        return await deliver(Engine(desk, database), "bruno.eml", bytes(a_mail()), MAILBOX)

    delivered = on(alices, torn)

    assert delivered == Delivered(0, ("bruno.eml: FAILED (TROUBLE)",))
    assert rows_of(alices, TICKETS) == []


def test_a_parsed_message_is_a_line_with_fixed_keys(file: Path, capsys: Capture) -> None:
    assert main(["mail", "parse", str(file)]) == 0

    (line,) = capsys.readouterr().out.splitlines()
    parsed = json.loads(line)
    assert list(parsed) == PARSED_KEYS
    assert (parsed["file"], parsed["subject"]) == (str(file), "The contact form is silent")
    assert parsed["from"] == ["Bruno", "bruno@bruno.example"]


def test_an_unreadable_file_does_not_stop_the_next(file: Path, capsys: Capture) -> None:
    assert main(["mail", "parse", "nowhere.eml", str(file)]) == 1

    said = capsys.readouterr()
    assert said.err == "nowhere.eml: No such file or directory\n"
    assert json.loads(said.out)["file"] == str(file)


def test_a_file_whose_name_is_no_text_is_read(alices: Path, folder: Path, capsys: Capture) -> None:
    name = os.fsdecode(b"caf\xe9.eml")
    (folder / name).write_bytes(bytes(a_mail()))

    assert main(["mail", "parse", name]) == 0
    assert main(["mail", "deliver", name]) == 0

    parsed, delivered = capsys.readouterr().out.splitlines()
    assert json.loads(parsed)["file"] == "caf\ufffd.eml"
    assert delivered == "caf\ufffd.eml: DONE (OPENED_TICKET) ticket 1"
    assert len(rows_of(alices, TICKETS)) == 1
