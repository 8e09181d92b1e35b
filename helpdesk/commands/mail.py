"""`helpdesk mail`: a message from a file or a pipe, delivered or only parsed."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import orjson

from helpdesk.bootstrap import Engine, utc_now
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.inbound_email import ReceivedMail, Transport
from helpdesk.domain.inbox import InboundMail
from helpdesk.domain.message import storable
from helpdesk.mail.dkim_key import made_key, public_record, read_key, zone_line
from helpdesk.mail.envelope import envelope_sender
from helpdesk.mail.listener import MAX_MAIL_BYTES
from helpdesk.mail.parse import parse_email
from helpdesk.mail.parsed_line import parsed_line
from helpdesk.usecases.ports import StoreBusy
from helpdesk.usecases.store_inbound_mail import store_inbound_mail
from helpdesk.worker.inbox import understand

STORED, REFUSED, TRY_AGAIN = 0, 65, 75
"""Exit codes of sysexits.h that a mail system understands: kept, never will be, come back."""


@dataclass(frozen=True)
class Delivered:
    """What to tell the caller: an exit code and a sentence for each agency."""

    exit_code: int
    lines: tuple[str, ...]


def read_message(source: str) -> bytes:
    """Return the bytes of a file, or of what is piped in when `source` is a dash."""
    return sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()


async def deliver(engine: Engine, source: str, raw: bytes, mailbox: str | None) -> Delivered:
    """Store a message, then read it at once; once it is stored, nothing is an error any more.

    Without `mailbox` it goes to the only agency of this machine.
    """
    name = storable(source)
    if len(raw) > MAX_MAIL_BYTES:
        return Delivered(
            REFUSED,
            (f"{name}: {len(raw)} bytes, at most {MAX_MAIL_BYTES} are taken: send a link.",),
        )
    agency = None if mailbox else await engine.desk.store.only_agency()
    received = ReceivedMail(
        transport=Transport.PIPE,
        envelope_from=envelope_sender(raw),
        recipients=(mailbox or (agency.mailbox if agency else ""),),
        raw=raw,
        received_at=utc_now(),
    )
    stored = await store_inbound_mail(engine.desk, received)
    lines = []
    for one in stored:
        if not one.is_new:
            lines.append(f"{name}: already stored, nothing done")
            continue
        try:
            understood = await understand(engine.desk, one.mail)
        except StoreBusy:
            lines.append(f"{name}: stored, and read by the worker")
            continue
        lines.append(await _outcome(engine, name, understood))
    return Delivered(STORED, tuple(lines))


async def _outcome(engine: Engine, name: str, mail: InboundMail) -> str:
    if mail.ticket_id is None:
        return f"{name}: {mail.state} ({mail.reason})"
    async with engine.desk.store.reading(mail.agency_id) as records:
        ticket = await records.tickets.ticket(mail.ticket_id)
    number = "?" if ticket is None else ticket.number
    return f"{name}: {mail.state} ({mail.reason}) ticket {number}"


class DkimSettingsMissing(HelpdeskError):
    """A record is of one key, under one name, of one domain."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "Set dkim_domain, dkim_selector and dkim_key_file first."
    french: ClassVar[str] = "Réglez d'abord dkim_domain, dkim_selector et dkim_key_file."


def dkim_record(domain: str, selector: str, key_file: str) -> str:
    """Return the line of the zone file that lets others check our mails; an absent key is made."""
    if not (domain and selector and key_file):
        raise DkimSettingsMissing
    path = Path(key_file)
    key = read_key(path) if path.exists() else made_key(path)
    return zone_line(public_record(key, path=path), selector=selector, domain=domain)


def parse_files(paths: list[str]) -> int:
    """Print a JSON line for each file, and return 1 when one could not be read."""
    exit_code = 0
    for path in paths:
        try:
            raw = Path(path).read_bytes()
        except OSError as trouble:
            print(f"{path}: {trouble.strerror}", file=sys.stderr)  # noqa: T201 - for the person
            exit_code = 1
            continue
        line = orjson.dumps(parsed_line(storable(path), parse_email(raw)))
        sys.stdout.buffer.write(line + b"\n")
    return exit_code
