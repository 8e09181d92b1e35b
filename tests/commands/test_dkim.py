"""`helpdesk mail dkim-record`, and a program that does not start with half of what it needs."""

import stat
from pathlib import Path

import pytest

from helpdesk.cli import main
from helpdesk.config import SettingInvalid, Settings, load_settings
from helpdesk.mail import dkim_key
from helpdesk.mail.dkim_key import DkimExtraMissing, DkimKeyUnusable
from helpdesk.mail.domain_check import DomainCheck
from helpdesk.mail.outbound import SmtpSender
from helpdesk.service import author_check, mail_habits, mail_sender
from tests.commands.running import Capture


@pytest.fixture
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file for a key that is not there yet, named in the settings."""
    file = tmp_path / "dkim.pem"
    monkeypatch.setenv("HELPDESK_DKIM_DOMAIN", "alice.example")
    monkeypatch.setenv("HELPDESK_DKIM_SELECTOR", "s1")
    monkeypatch.setenv("HELPDESK_DKIM_KEY_FILE", str(file))
    return file


def test_the_record_of_a_key_is_printed_and_the_key_made_once(
    key_file: Path, capsys: Capture
) -> None:
    codes = main(["mail", "dkim-record"]), main(["mail", "dkim-record"])

    assert codes == (0, 0)
    first, second = capsys.readouterr().out.splitlines()
    assert first == second
    assert first.startswith('s1._domainkey.alice.example. IN TXT "v=DKIM1; k=rsa; p=MII')
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600


@pytest.mark.usefixtures("key_file")
@pytest.mark.parametrize("name", ["DOMAIN", "SELECTOR", "KEY_FILE"])
def test_a_record_needs_all_its_settings(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.delenv(f"HELPDESK_DKIM_{name}")

    assert main(["mail", "dkim-record"]) == 1

    assert "dkim_selector" in capsys.readouterr().err


def test_mails_are_signed_once_a_key_is_named(key_file: Path, capsys: Capture) -> None:
    settings = Settings(
        smtp_host="relay.example",
        dkim_domain="alice.example",
        dkim_selector="s1",
        dkim_key_file=str(key_file),
    )
    with pytest.raises(DkimKeyUnusable):
        mail_sender(settings)

    main(["mail", "dkim-record"])

    assert isinstance(mail_sender(settings), SmtpSender)
    assert capsys.readouterr().err == ""


def test_authors_are_checked_where_the_settings_ask_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert author_check(Settings()) is None
    assert isinstance(author_check(Settings(mail_verify="dkim")), DomainCheck)
    monkeypatch.setattr(dkim_key, "find_spec", lambda _: None)

    with pytest.raises(DkimExtraMissing, match="mail_verify"):
        author_check(Settings(mail_verify="dkim"))


def test_relays_are_read_out_of_the_settings() -> None:
    settings = load_settings({"HELPDESK_MAIL_RELAYS": "10.0.0.0/24, 192.0.2.7"}).settings

    assert mail_habits(settings).relays == ("10.0.0.0/24", "192.0.2.7")


@pytest.mark.parametrize(
    ("name", "value"), [("MAIL_RELAYS", "mx.alice.example"), ("MAIL_VERIFY", "maybe")]
)
def test_a_setting_that_cannot_be_meant_is_refused(name: str, value: str) -> None:
    with pytest.raises(SettingInvalid, match=value):
        load_settings({f"HELPDESK_{name}": value})
