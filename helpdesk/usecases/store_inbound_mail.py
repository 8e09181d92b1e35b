"""A message is stored before it is acknowledged; what it means is found out later."""

import hashlib
from dataclasses import dataclass
from typing import ClassVar

from helpdesk.domain.agency import Agency
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import InboundMailId
from helpdesk.domain.inbound_email import ReceivedMail
from helpdesk.domain.inbox import InboundMail, without_trace_headers
from helpdesk.domain.message import storable
from helpdesk.usecases.desk import Desk


class MailboxUnknown(HelpdeskError):
    """A message for an address that is nobody's would be stored where nobody looks."""

    code: ClassVar[ErrorCode] = ErrorCode.NOT_FOUND
    english: ClassVar[str] = "No agency reads {addresses}: name its mailbox (--mailbox ADDRESS)."
    french: ClassVar[str] = (
        "Aucune agence ne lit {addresses} : indiquez sa boîte (--mailbox ADRESSE)."
    )


class PartlyStored(Exception):
    """Not all agencies that a message is for have it: whoever hands it over does so again.

    `kept` are the recipients whose agency has it; for them the second time changes nothing.
    """

    def __init__(self, kept: frozenset[str]) -> None:
        super().__init__("not stored for every recipient")
        self.kept = kept


@dataclass(frozen=True, slots=True)
class StoredMail:
    """A message of an agency that is safe in the store; `is_new` is False when it was already."""

    mail: InboundMail
    is_new: bool


async def store_inbound_mail(desk: Desk, received: ReceivedMail) -> tuple[StoredMail, ...]:
    """Store the message once for each agency mailbox among its recipients, and return the rows.

    When this returns, the bytes are committed: the transport may say so to the sender. Raises
    MailboxUnknown when none of the recipients is a mailbox of ours, PartlyStored when trouble left
    some of the agencies without it.
    """
    agencies: dict[str, tuple[Agency, list[str]]] = {}
    for recipient in received.recipients:
        agency = await desk.store.agency_of_mailbox(recipient)
        if agency is not None:
            agencies.setdefault(agency.mailbox, (agency, []))[1].append(recipient)
    if not agencies:
        raise MailboxUnknown(addresses=", ".join(received.recipients))
    return await _stored_for_each(desk, received, list(agencies.values()))


async def _stored_for_each(
    desk: Desk, received: ReceivedMail, agencies: list[tuple[Agency, list[str]]]
) -> tuple[StoredMail, ...]:
    stored: list[StoredMail] = []
    kept: set[str] = set()
    troubles: list[Exception] = []
    for agency, recipients in agencies:
        try:
            stored.append(await _stored(desk, agency, received))
            kept.update(recipients)
        except Exception as trouble:  # one agency's trouble is no other's
            troubles.append(trouble)
    if troubles and kept:
        raise PartlyStored(frozenset(kept)) from troubles[0]
    if troubles:
        raise troubles[0]
    return tuple(stored)


async def _stored(desk: Desk, agency: Agency, received: ReceivedMail) -> StoredMail:
    mail = InboundMail(
        id=InboundMailId(desk.new_id()),
        agency_id=agency.id,
        mailbox=agency.mailbox,
        transport=received.transport,
        envelope_from=storable(received.envelope_from),
        envelope_to=received.recipients,
        received_at=received.received_at,
        raw_sha256=hashlib.sha256(received.raw).hexdigest(),
        content_hash=hashlib.sha256(without_trace_headers(received.raw)).hexdigest(),
        size=len(received.raw),
        peer=received.peer,
    )
    async with desk.store.transaction(agency.id) as records:
        if not await records.mail.add_inbound(mail):
            return StoredMail(mail, is_new=False)
        await records.tickets.add_blob(mail.raw_sha256, received.raw)
    return StoredMail(mail, is_new=True)
