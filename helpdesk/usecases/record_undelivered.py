"""A mail of ours did not arrive: it is written down, its address is judged, people hear once."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from helpdesk.domain.access import SYSTEM
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import AgencyId, MessageId, OutboxMailId, TicketId
from helpdesk.domain.message import Message
from helpdesk.domain.ticket import Channel, Ticket
from helpdesk.domain.ticket_life import Occasion, noted
from helpdesk.domain.undelivered import (
    FailureWeight,
    UndeliverableAddress,
    Undelivered,
    failures_since,
    is_dead,
    weighs_on_address,
)
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.mail_ports import OutboxMail
from helpdesk.usecases.mail_thread import survivor
from helpdesk.usecases.ports import Records
from helpdesk.usecases.tell_undeliverable import tell_undeliverable
from helpdesk.usecases.ticket_clocks import save_change
from helpdesk.usecases.undelivered_ports import PromisedMail

_NOTES = {
    Locale.FR: "Le mail « {subject} » du {day} à {reader} n'est pas arrivé : {text}",
    Locale.EN: "The mail “{subject}” of {day} to {reader} did not arrive: {text}",
}
_MARKED = {
    Locale.FR: "L'adresse est tenue pour injoignable : les mails automatiques n'y partent plus.",
    Locale.EN: "The address counts as unreachable: automatic mails are no longer sent there.",
}


async def reason_not_to_send(desk: Desk, mail: OutboxMail) -> str | None:
    """Return why a mail is not sent, None when it is.

    What nobody wrote is not sent to an address that counts as unreachable; the words of a person
    are tried all the same.
    """
    if not mail.mail.is_automatic:
        return None
    async with desk.store.reading(mail.agency_id) as records:
        known = await records.undelivered.address(mail.mail.envelope_recipient.lower())
    if known is None or not known.is_marked:
        return None
    return f"{known.address} is not reached since {known.since.isoformat()}: {known.reason}"


async def record_refused(
    desk: Desk, agency_id: AgencyId, mail_id: OutboxMailId, failure: Undelivered
) -> None:
    """Record that the server refused the recipient of a mail when we named him."""
    async with desk.store.transaction(agency_id) as records:
        sent = await records.undelivered.promised(mail_id)
        assert sent is not None  # noqa: S101 - rows of the outbox are never removed
        await record_undelivered(desk, records, sent, failure)


async def record_undelivered(
    desk: Desk, records: Records, sent: PromisedMail, failure: Undelivered
) -> TicketId | None:
    """Record that a mail did not arrive, and return the ticket where it is noted, if any.

    Several reports about one mail are one failure. Its address is marked when it is dead by the
    rule (`is_dead`).
    """
    of_mail = None if sent.ticket_id is None else await records.tickets.ticket(sent.ticket_id)
    ticket = await survivor(records, of_mail)
    ticket_id = None if ticket is None else ticket.id
    if sent.bounced_at is not None:
        return ticket_id
    at = desk.now()
    await records.undelivered.record_failure(sent.id, failure, at=at)
    marked = await _marked(desk, records, sent, failure)
    if ticket is not None:
        ticket = await _note(desk, records, ticket, _Failed(sent, failure, marked is not None))
    if marked is not None:
        await tell_undeliverable(desk, records, marked, ticket)
    return ticket_id


@dataclass(frozen=True, slots=True)
class _Failed:
    sent: PromisedMail
    failure: Undelivered
    marks: bool


async def _marked(
    desk: Desk, records: Records, sent: PromisedMail, failure: Undelivered
) -> UndeliverableAddress | None:
    """Mark the address and return what is known of it now; None when it stays as it was."""
    at, address = desk.now(), sent.mail.envelope_recipient.lower()
    known = await records.undelivered.address(address)
    if known is not None and known.is_marked:
        return None
    failed = 1
    if failure.weight is FailureWeight.MAY_PASS:
        since = failures_since(known, at=at)
        failed = weighs_on_address(await records.undelivered.failures(address, since=since))
    if not is_dead(failure.weight, failed_mails=failed):
        return None
    marked = UndeliverableAddress(address, at, failure.status, failure.text)
    await records.undelivered.mark(marked)
    return marked


async def _note(desk: Desk, records: Records, ticket: Ticket, failed: _Failed) -> Ticket:
    agency = await records.agencies.agency()
    mail = failed.sent.mail
    lines = [
        _NOTES[agency.locale].format(
            subject=mail.subject,
            day=mail.sent_at.astimezone(ZoneInfo(agency.zone)).date().isoformat(),
            reader=mail.envelope_recipient,
            text=failed.failure.text,
        )
    ]
    if failed.marks:
        lines.append(_MARKED[agency.locale])
    note = Message(
        id=MessageId(desk.new_id()),
        agency_id=ticket.agency_id,
        ticket_id=ticket.id,
        sent_at=desk.now(),
        author=SYSTEM,
        channel=Channel.MAIL,
        body="\n\n".join(lines),
        is_internal=True,
        is_automatic=True,
    )
    change = noted(ticket, note.id, on=Occasion(note.sent_at, note.author))
    saved = await save_change(desk, records, change)
    await records.tickets.add_message(note)
    return saved.ticket
