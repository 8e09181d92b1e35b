"""A message of the inbox that a person decides about."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from helpdesk.domain.access import NotFound, Viewer
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import AgencyId, InboundMailId
from helpdesk.domain.inbound_email import InboundEmail
from helpdesk.domain.inbox import InboundMail
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records

MOST_AT_ONCE = 100

_log = logging.getLogger(__name__)


class MessageOnTicket(HelpdeskError):
    """What stands on a ticket is part of its history: it goes nowhere else."""

    code: ClassVar[ErrorCode] = ErrorCode.TRANSITION_REFUSED
    english: ClassVar[str] = "This message is on ticket {number} already: act on the ticket."
    french: ClassVar[str] = "Ce message est déjà sur le ticket {number} : agissez sur le ticket."


class TooManyAtOnce(HelpdeskError):
    """All of them or none is one transaction, and others wait for its end."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "You gave {count}: give {limit} at most, then the others."
    french: ClassVar[str] = "Vous en donnez {count} : donnez-en {limit} au plus, puis les autres."


def require_few(given: Sequence[str], *, field: str) -> None:
    """Refuse more than a transaction should hold, with TooManyAtOnce."""
    if len(given) > MOST_AT_ONCE:
        raise TooManyAtOnce(path=(field,), count=len(given), limit=MOST_AT_ONCE)


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """A message with its bytes; `email` is None when it cannot be understood."""

    mail: InboundMail
    raw: bytes
    email: InboundEmail | None


async def read_message(desk: Desk, agency_id: AgencyId, mail_id: InboundMailId) -> ReadMessage:
    """Return a message as it came and as far as it is understood. Raises NotFound."""
    async with desk.store.reading(agency_id) as records:
        mail = await message_in_hand(records, mail_id)
        raw = await records.tickets.blob(mail.raw_sha256) or b""
    return ReadMessage(mail, raw, await _understood(desk, mail, raw))


async def message_in_hand(records: Records, mail_id: InboundMailId) -> InboundMail:
    """Return a message of the agency, locked in a transaction. Raises NotFound."""
    mail = await records.mail.inbound(mail_id)
    if mail is None:
        raise NotFound(path=("inboundMessageId",), what="InboundMessage", id=mail_id)
    return mail


async def require_off_ticket(records: Records, mail: InboundMail) -> None:
    """Refuse a message that stands on a ticket, with MessageOnTicket."""
    if mail.ticket_id is None:
        return
    ticket = await records.tickets.ticket(mail.ticket_id)
    number = "?" if ticket is None else ticket.number
    raise MessageOnTicket(path=("inboundMessageId",), number=number)


async def settle(desk: Desk, records: Records, viewer: Viewer, mail: InboundMail) -> InboundMail:
    """Write what became of a message by the decision of a person, and return it."""
    settled = replace(mail, retry_at=None, processed_at=desk.now(), settled_by=viewer.name)
    await records.mail.save_inbound(settled)
    return settled


async def _understood(desk: Desk, mail: InboundMail, raw: bytes) -> InboundEmail | None:
    """Return what a message says, None of one that not even its headers can be read of."""
    try:
        # It may take a moment, in which others are answered.
        return await asyncio.to_thread(desk.parse_email, raw)
    except Exception:  # what it holds is not for us to foresee: a person looks at it
        _log.exception("mail_unreadable id=%s", mail.id)
        return None
