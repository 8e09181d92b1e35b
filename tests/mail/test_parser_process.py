"""Mails parsed apart: what takes too long or ends its process is degraded, never lost."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from helpdesk.domain.inbound_email import Defect
from helpdesk.mail.parse import parse_email
from helpdesk.mail.parser_process import MailParser
from tests.mail.mails import a_file, a_mail, a_multipart, a_text

# stand-ins for the program that parses: they say that they are ready, then misbehave
READY = "import sys, time; sys.stdout.buffer.write(bytes(8)); sys.stdout.flush(); "
SLEEPER = (sys.executable, "-c", f"{READY}time.sleep(600)")
DESERTER = (sys.executable, "-c", f"{READY}sys.stdin.buffer.read(8)")
ABSENT = ("/nowhere/python", "-m", "nothing")
SILENT = (sys.executable, "-c", "")


@pytest.fixture(scope="module")
def parser() -> Iterator[MailParser]:
    parser = MailParser()
    yield parser
    parser.close()


def test_a_mail_parsed_apart_is_the_same_mail(parser: MailParser) -> None:
    document = a_file(bytes(range(256)) * 5_000, fields="Content-Type: application/pdf")
    for raw in (a_mail(), b"", a_multipart("mixed", a_text("Voici."), document)):
        assert parser(raw) == parse_email(raw)


def test_a_mail_that_takes_too_long_keeps_its_headers_and_its_bytes() -> None:
    parser = MailParser(seconds=0.05, command=SLEEPER)

    email = parser(a_mail())

    assert email.subject == "Le site est lent"
    assert email.from_ is not None
    assert email.defects == (Defect.UNREADABLE,)
    assert [file.content for file in email.attachments] == [a_mail()]
    parser.close()


def test_a_mail_that_ends_its_process_keeps_its_headers_and_its_bytes() -> None:
    parser = MailParser(command=DESERTER)

    email = parser(a_mail())

    assert email.defects == (Defect.UNREADABLE,)
    assert email.attachments[0].filename == "message.eml"
    parser.close()


@pytest.mark.parametrize("command", [ABSENT, SILENT])
def test_where_no_process_can_be_started_mails_are_parsed_here(command: tuple[str, ...]) -> None:
    parser = MailParser(command=command)

    assert parser(a_mail()) == parse_email(a_mail())
    assert parser(a_mail()) == parse_email(a_mail())


def test_a_process_that_was_ended_meanwhile_costs_no_mail(parser: MailParser) -> None:
    parser(a_mail())
    for process in parser.idle:
        process.kill()
        process.wait()

    assert parser(a_mail()) == parse_email(a_mail())


def test_after_the_end_a_mail_starts_a_process_anew() -> None:
    parser = MailParser()
    parser(a_mail())
    parser.close()

    assert parser(a_mail()).subject == "Le site est lent"
    parser.close()


def test_a_program_whose_caller_is_gone_ends_in_silence() -> None:
    command = (sys.executable, "-m", "helpdesk.mail.parser_child")
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(8) == bytes(8)
        process.stdout.close()
        process.stdin.write(len(a_mail()).to_bytes(8, "big") + a_mail())
        process.stdin.close()
        said = process.stderr.read()

    assert (process.returncode, said) == (0, b"")


@pytest.mark.parametrize(("rest_seconds", "processes"), [(0.0, 1), (600.0, 0)])
def test_after_a_rest_a_process_is_started_again(rest_seconds: float, processes: int) -> None:
    parser = MailParser(command=ABSENT, rest_seconds=rest_seconds)
    parser(a_mail())
    parser.command = MailParser().command

    assert parser(a_mail()) == parse_email(a_mail())

    assert len(parser.idle) == processes
    parser.close()
