"""`helpdesk mail status` and `rotate-key`: for who looks after the mails of an installation."""

import argparse
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from helpdesk.bootstrap import Engine
from helpdesk.domain.access import system_viewer
from helpdesk.domain.agency import Agency
from helpdesk.domain.mail_health import MailboxHealth, MailboxState, MailHealth, age_in_seconds
from helpdesk.usecases.mail_health import agency_mail_health
from helpdesk.usecases.rotate_mail_key import (
    RetireMailKey,
    retire_mail_key,
    rotate_mail_key,
)

A_MINUTE, AN_HOUR, A_DAY = 60, 3600, 86400

Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - has no other name


def add_words(verbs: Verbs, *, status: object, rotate_key: object) -> None:
    """Say what `mail status` and `mail rotate-key` are told, and who carries them out."""
    word = verbs.add_parser("status", help="how each mailbox does; exit code 1: one is not well")
    word.add_argument("--agency", metavar="MAILBOX", help="of one agency alone")
    word.set_defaults(handler=status)
    word = verbs.add_parser("rotate-key", help="sign mails with a new key, or retire an old one")
    word.add_argument("--retire", type=int, metavar="NUMBER", help="believe this key no more")
    word.add_argument("--agency", metavar="MAILBOX", help="the agency, when there are several")
    word.set_defaults(handler=rotate_key)


async def status(engine: Engine, agencies: Sequence[Agency]) -> tuple[bool, str]:
    """Return whether every way in is well, and a line for each, and for what did not leave."""
    lines: list[str] = []
    is_well = True
    for agency in agencies:
        health = await agency_mail_health(engine.desk, agency.id)
        is_well = is_well and health.state is MailboxState.OK
        lines.append(f"{agency.name} <{agency.mailbox}>: {health.state.value}")
        lines.extend(f"  {line}" for line in _lines(health))
    return is_well, "\n".join(lines)


async def rotate_key(engine: Engine, agency: Agency, *, retire: int | None) -> str:
    """Make the key that signs the agency's mails from now on, or retire one; return both kinds."""
    viewer = system_viewer(agency.id, agency.locale)
    keys = (
        await rotate_mail_key(engine.desk, viewer=viewer)
        if retire is None
        else await retire_mail_key(engine.desk, viewer=viewer, request=RetireMailKey(retire))
    )
    believed = [str(key.number) for key in keys if key.retired_at is None]
    retired = [str(key.number) for key in keys if key.retired_at is not None]
    said = f"{agency.mailbox}: key {keys[0].number} signs; believed: {', '.join(believed)}"
    return f"{said}; retired: {', '.join(retired)}" if retired else said


def _lines(health: MailHealth) -> Iterator[str]:
    for mailbox in health.mailboxes:
        yield _line(mailbox, health)
    for outgoing in health.outgoing:
        oldest = age_in_seconds(outgoing.oldest_at, at=health.at)
        since = f", the oldest for {_told(oldest)}" if outgoing.waiting else ""
        yield f"outgoing: {outgoing.waiting} waiting{since}, {outgoing.failed} given up"


def _line(mailbox: MailboxHealth, health: MailHealth) -> str:
    said = f"{mailbox.transport.value} {mailbox.address}: {mailbox.state(at=health.at).value}"
    did = "read" if mailbox.is_read_by_us else "the last message came"
    if mailbox.last_success_at is None:
        said += ", never read"
    else:
        said += f", {did} {_told(age_in_seconds(mailbox.last_success_at, at=health.at))} ago"
    said += f", {mailbox.waiting} waiting"
    if mailbox.oldest_at is not None:
        said += f", the oldest for {_told(age_in_seconds(mailbox.oldest_at, at=health.at))}"
    said += f", {mailbox.quarantined} in quarantine"
    if mailbox.failing_since is not None:
        failing = _told(age_in_seconds(mailbox.failing_since, at=health.at))
        said += f"; fails for {failing}: {mailbox.last_error}"
    return said


def _told(seconds: int) -> str:
    """Return a duration in its largest unit.

    >>> _told(59), _told(7300), _told(200000)
    ('59 s', '2 h', '2 d')
    """
    for size, unit in ((A_DAY, "d"), (AN_HOUR, "h"), (A_MINUTE, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
