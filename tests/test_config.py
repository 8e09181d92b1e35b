"""Settings come from the environment, a file or a default, and say so."""

from pathlib import Path

import pytest

from helpdesk.config import SettingInvalid, SettingUnknown, load_settings
from helpdesk.domain.errors import Locale
from helpdesk.domain.webhook import secret_of


def test_without_anything_every_value_is_a_default() -> None:
    loaded = load_settings({})

    assert loaded.settings.port == 8000
    assert set(loaded.origins.values()) == {"default"}


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "helpdesk.toml"
    file.write_text('port = 9000\nhost = "0.0.0.0"\nsmtp_starttls = true\n', "utf-8")

    loaded = load_settings({"HELPDESK_CONFIG": str(file), "HELPDESK_PORT": "9100", "HOME": "/"})

    assert (loaded.settings.port, loaded.settings.host) == (9100, "0.0.0.0")  # noqa: S104 - a value
    assert loaded.settings.smtp_starttls is True
    assert loaded.origins["port"] == "environment"
    assert loaded.origins["host"] == str(file)


@pytest.mark.parametrize(
    ("text", "expected"), [("true", True), ("1", True), ("No", False), ("0", False)]
)
def test_a_switch_is_read_in_the_usual_words(text: str, expected: bool) -> None:  # noqa: FBT001
    loaded = load_settings({"HELPDESK_GRAPHIQL": text})

    assert loaded.settings.graphiql is expected


def test_a_misspelt_setting_is_refused_with_the_known_ones() -> None:
    with pytest.raises(SettingUnknown) as refusal:
        load_settings({"HELPDESK_PROT": "8000"})

    assert "prot" in refusal.value.message(Locale.EN)
    assert "port" in refusal.value.message(Locale.FR)


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "eighty"), ("SMTP_STARTTLS", "maybe"), ("PORT", "-1")]
)
def test_a_value_of_the_wrong_kind_is_refused(name: str, value: str) -> None:
    with pytest.raises(SettingInvalid) as refusal:
        load_settings({f"HELPDESK_{name}": value})

    assert value in refusal.value.message(Locale.EN)
    assert name.lower() in refusal.value.message(Locale.FR)


@pytest.mark.parametrize("value", ["hunter2", "whsec_short", "whsec_" + "é" * 40])
def test_a_secret_that_proves_nothing_is_refused_and_not_shown(value: str) -> None:
    with pytest.raises(SettingInvalid) as refusal:
        load_settings({"HELPDESK_MAIL_HTTP_SECRET": value})

    assert value not in refusal.value.message(Locale.EN)
    assert "whsec_" in refusal.value.message(Locale.EN)


def test_a_drawn_secret_opens_the_door_for_mails_over_http() -> None:
    secret = secret_of("drawn by lot")

    loaded = load_settings({"HELPDESK_MAIL_HTTP_SECRET": secret})

    assert loaded.settings.mail_http_secret == secret


TWO_MAILBOXES = """
imap_host = "imap.alice.example"
imap_username = "support@alice.example"
[[mailboxes]]
host = "imap.zoe.example"
username = "support@zoe.example"
password = "hunter2"
mailbox = "support@zoe.example"
port = 143
security = "starttls"
"""


def test_every_agency_may_have_a_mailbox_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "helpdesk.toml"
    path.write_text(TWO_MAILBOXES)

    first, second = load_settings({"HELPDESK_CONFIG": str(path)}).settings.all_mailboxes

    assert (first.host, first.port, first.mailbox) == ("imap.alice.example", 993, "")
    assert (second.host, second.port, second.security) == ("imap.zoe.example", 143, "starttls")
    assert second.password == "hunter2"
    assert "hunter2" not in str(second)


def test_without_mailboxes_none_is_read() -> None:
    assert load_settings({}).settings.all_mailboxes == ()


@pytest.mark.parametrize(
    "text",
    [
        "mailboxes = 3",
        "mailboxes = [1]",
        '[[mailboxes]]\nhost = "h"\npassword = "hunter2"',
        '[[mailboxes]]\nhost = "h"\nusername = "u"\npasword = "hunter2"',
        '[[mailboxes]]\nhost = "h"\nusername = "u"\nport = "143"',
        '[[mailboxes]]\nhost = "h"\nusername = "u"\nsecurity = "hunter2"',
    ],
)
def test_what_is_no_mailbox_is_refused_and_not_shown(tmp_path: Path, text: str) -> None:
    path = tmp_path / "helpdesk.toml"
    path.write_text(text)

    with pytest.raises(SettingInvalid) as refusal:
        load_settings({"HELPDESK_CONFIG": str(path)})

    assert "hunter2" not in refusal.value.message(Locale.EN)
    assert "[[mailboxes]]" in refusal.value.message(Locale.EN)


def test_mailboxes_are_no_variable() -> None:
    with pytest.raises(SettingInvalid):
        load_settings({"HELPDESK_MAILBOXES": "support@alice.example"})
