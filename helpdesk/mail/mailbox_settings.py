"""The mailboxes elsewhere that an installation reads, one table of the settings for each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

SECURITIES = ("tls", "starttls", "none")


class NoMailbox(Exception):
    """What the settings hold is no mailbox; it is not shown, a password may be in it."""


@dataclass(frozen=True, kw_only=True)
class MailboxSettings:
    """A folder on an IMAP server, how to come in, and whose mails are in it.

    `mailbox` is the address of the agency; empty where there is only one.
    """

    host: str
    username: str
    port: int = 993
    security: str = "tls"
    password: str = field(default="", repr=False)
    token_file: str = ""
    folder: str = "INBOX"
    done_folder: str = ""
    mailbox: str = ""


WANTED = "tables [[mailboxes]] of the TOML file with host and username, and where needed " + (
    ", ".join(one.name for one in fields(MailboxSettings) if one.name not in {"host", "username"})
)


def mailboxes_in(given: object) -> tuple[MailboxSettings, ...]:
    """Return the mailboxes of a list of tables. Raises NoMailbox."""
    # a setting that comes from outside is a text, and no list of tables
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise NoMailbox
    return tuple(_mailbox(table) for table in given)


def _mailbox(table: Any) -> MailboxSettings:  # Any: whatever the file holds
    kinds = {one.name: type(one.default) for one in fields(MailboxSettings)}
    kinds |= {"host": str, "username": str}
    if not isinstance(table, Mapping) or not {"host", "username"} <= table.keys() <= kinds.keys():
        raise NoMailbox
    if any(type(value) is not kinds[name] for name, value in table.items()):
        raise NoMailbox
    if table.get("security", "tls") not in SECURITIES:
        raise NoMailbox
    return MailboxSettings(**table)
