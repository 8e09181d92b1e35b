"""The settings of an installation: from HELPDESK_* variables, else a TOML file, else a default."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import ClassVar

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.mail_peer import relays_in
from helpdesk.mail.mailbox_settings import (
    SECURITIES,
    WANTED,
    MailboxSettings,
    NoMailbox,
    mailboxes_in,
)

PREFIX = "HELPDESK_"
FILE_VARIABLE = "HELPDESK_CONFIG"


class SettingUnknown(HelpdeskError):
    """A misspelt setting that is silently ignored is found on the day it was needed."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{origin} sets {names}, which no setting is called. Known: {known}."
    french: ClassVar[str] = "{origin} règle {names}, qui n'existe pas. Réglages : {known}."


class SettingInvalid(HelpdeskError):
    """A setting is what it is read as, or the program does not start."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{origin}: {name} = {value!r} is not {wanted}."
    french: ClassVar[str] = "{origin} : {name} = {value!r} n'est pas {wanted}."


class SettingsFileUnreadable(HelpdeskError):
    """A file of settings that is half understood would start another program than was meant."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{origin} is no TOML file: {trouble}."
    french: ClassVar[str] = "{origin} n'est pas un fichier TOML : {trouble}."


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an operator may set; `origins` says where each value comes from."""

    database_url: str = "sqlite:///var/helpdesk.sqlite3"
    host: str = "127.0.0.1"
    port: int = 8000
    mail_listen_host: str = "127.0.0.1"
    mail_listen_port: int = 2525
    mail_listen_protocol: str = "smtp"
    mail_authserv_id: str = ""
    mail_relays: str = ""
    mail_verify: str = "off"
    mail_plus_addresses: bool = False
    mail_http_secret: str = ""
    imap_host: str = ""
    imap_port: int = 993
    imap_security: str = "tls"
    imap_username: str = ""
    imap_password: str = ""
    imap_token_file: str = ""
    imap_folder: str = "INBOX"
    imap_done_folder: str = ""
    imap_mailbox: str = ""
    mailboxes: tuple[MailboxSettings, ...] = ()
    smtp_host: str = ""
    smtp_port: int = 25
    smtp_starttls: bool = False
    smtp_username: str = ""
    smtp_password: str = ""
    dkim_domain: str = ""
    dkim_selector: str = ""
    dkim_key_file: str = ""
    caught_mail_folder: str = ""
    webhook_private_addresses: bool = False
    public_url: str = ""
    graphiql: bool = False
    introspection: bool = True
    log_level: str = "INFO"

    @property
    def all_mailboxes(self) -> tuple[MailboxSettings, ...]:
        """Return the mailboxes to read: that of the `imap_` settings, and those of tables."""
        if not self.imap_host:
            return self.mailboxes
        first = MailboxSettings(
            host=self.imap_host,
            port=self.imap_port,
            security=self.imap_security,
            username=self.imap_username,
            password=self.imap_password,
            token_file=self.imap_token_file,
            folder=self.imap_folder,
            done_folder=self.imap_done_folder,
            mailbox=self.imap_mailbox,
        )
        return (first, *self.mailboxes)


SECRETS = frozenset({"imap_password", "mail_http_secret", "smtp_password"})
CHOICES = {
    "imap_security": SECURITIES,
    "log_level": ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"),
    "mail_listen_protocol": ("smtp", "lmtp"),
    "mail_verify": ("off", "dkim"),
}

_SIGNING_SECRET = re.compile(
    r"whsec_(?:[A-Za-z0-9+/]{4}){8,}(?:[A-Za-z0-9+/]{2}(?:==|[A-Za-z0-9+/]=))?|"
)
_PASSWORD_IN_URL = re.compile(r"(?<=://)([^:/@]*):.*@|(?<=[?&]password=)[^&]*")


@dataclass(frozen=True)
class LoadedSettings:
    """The settings in force and the origin of each."""

    settings: Settings
    origins: Mapping[str, str]


def load_settings(environ: Mapping[str, str]) -> LoadedSettings:
    """Return the settings in force.

    Raises SettingUnknown, SettingInvalid and SettingsFileUnreadable.
    """
    values: dict[str, object] = {}
    origins = {field.name: "default" for field in fields(Settings)}
    path = environ.get(FILE_VARIABLE)
    if path:
        _take(_in_file(path), path, values, origins)
    given = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environ.items()
        if name.startswith(PREFIX) and name != FILE_VARIABLE
    }
    _take(given, "environment", values, origins)
    return LoadedSettings(Settings(**values), origins)  # type: ignore[arg-type]  # read below


def shown_url(url: str) -> str:
    """Return the address of a database without its password, so that it may be printed.

    >>> shown_url("postgresql://desk:hunter2@localhost/desk")
    'postgresql://desk:***@localhost/desk'
    """
    return _PASSWORD_IN_URL.sub(
        lambda found: "***" if found[1] is None else f"{found[1]}:***@", url
    )


def _in_file(path: str) -> dict[str, object]:
    try:
        return tomllib.loads(Path(path).read_text("utf-8"))
    except ValueError as trouble:
        raise SettingsFileUnreadable(origin=path, trouble=trouble) from trouble


def _take(
    given: Mapping[str, object], origin: str, values: dict[str, object], origins: dict[str, str]
) -> None:
    kinds = {field.name: type(field.default) for field in fields(Settings)}
    unknown = sorted(set(given) - set(kinds))
    if unknown:
        raise SettingUnknown(
            origin=origin, names=", ".join(unknown), known=", ".join(sorted(kinds))
        )
    for name, value in given.items():
        values[name] = _read(name, value, kinds[name], origin)
        origins[name] = origin


def _read(name: str, value: object, kind: type, origin: str) -> object:
    if kind is tuple:
        return _mailboxes(name, value, origin)
    is_odd_secret = name == "mail_http_secret" and not _SIGNING_SECRET.fullmatch(str(value))
    is_odd = is_odd_secret or (name == "mail_relays" and not _are_relays(str(value)))
    if isinstance(value, kind) and value in CHOICES.get(name, (value,)) and not is_odd:
        return value
    if kind is int and isinstance(value, str) and value.strip().isdigit():
        return int(value)
    switches = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if kind is bool and isinstance(value, str) and value.lower() in switches:
        return switches[value.lower()]
    wanted = {int: "a whole number", bool: "true or false", str: "a text"}[kind]
    if name in CHOICES:
        wanted = " | ".join(CHOICES[name])
    if is_odd_secret:
        wanted = "whsec_ with at least 24 random bytes in base64"
    elif is_odd:
        wanted = "addresses and networks with commas between them, such as 10.0.0.0/24"
    shown = "***" if name in SECRETS else value
    raise SettingInvalid(origin=origin, name=name, value=shown, wanted=wanted)


def _mailboxes(name: str, value: object, origin: str) -> tuple[MailboxSettings, ...]:
    try:
        return mailboxes_in(value)
    except NoMailbox:
        raise SettingInvalid(origin=origin, name=name, value="***", wanted=WANTED) from None


def _are_relays(text: str) -> bool:
    try:
        relays_in(text)
    except ValueError:
        return False
    return True
