"""Reports about mails of ours that come back to the door."""

from dataclasses import dataclass, replace

from helpdesk.domain.ids import TicketId
from helpdesk.domain.inbound_email import ReceivedMail, Transport
from helpdesk.domain.inbox import InboundMail
from helpdesk.domain.outgoing_mail import OutgoingMail
from helpdesk.storage.tables.undeliverable import UNDELIVERABLE_ADDRESS
from helpdesk.usecases.desk import MailHabits
from helpdesk.usecases.mail_ports import OutboxMail
from helpdesk.usecases.receive_email import receive_email
from helpdesk.usecases.reply_to_ticket import ReplyToTicket, reply_to_ticket
from helpdesk.usecases.store_inbound_mail import store_inbound_mail
from tests.factories import AGENCY_ID
from tests.usecases.mails import Door
from tests.usecases.world import MAILBOX, World

BRUNO = "bruno@bruno.example"


@dataclass
class ReturningDoor(Door):
    """A door that reports come in by."""

    async def answer(self, text: str = "It is repaired.") -> OutboxMail:
        """Have Alice answer a new ticket of Bruno's, and return the mail that leaves."""
        ticket = await self.open()
        return await self.answer_again(ticket.id, text)

    async def answer_again(self, ticket_id: TicketId, text: str) -> OutboxMail:
        """Have Alice answer a ticket, and return the mail that leaves."""
        request = ReplyToTicket(ticket_id, text)
        await reply_to_ticket(self.world.desk, viewer=self.world.alice, request=request)
        to_bruno = [one for one in await self.world.outbox() if one.mail.recipient.email == BRUNO]
        return to_bruno[-1]

    async def take(self, raw: bytes, *, to: str = MAILBOX, sender: str = "") -> InboundMail:
        """Have a report understood that was written to an address, and return its row."""
        received = ReceivedMail(
            transport=Transport.SMTP,
            envelope_from=sender,
            recipients=(to,),
            raw=raw,
            received_at=self.world.now(),
        )
        (stored,) = await store_inbound_mail(self.world.desk, received)
        await receive_email(self.world.desk, AGENCY_ID, stored.mail.id)
        return await self.kept(stored.mail.id)

    async def marked(self) -> list[str]:
        """Return the addresses that count as unreachable."""
        rows = await self.world.rows(UNDELIVERABLE_ADDRESS)
        return [row["address"] for row in rows if row["cleared_at"] is None]


def returning(world: World, *, has_plus: bool = True) -> ReturningDoor:
    """Return the door of a world, with plus-addresses or without."""
    world.desk = replace(world.desk, mail_habits=MailHabits(has_plus_addresses=has_plus))
    return ReturningDoor(world)


def a_report_on(
    mail: OutgoingMail | None,
    *,
    status: str = "5.1.1",
    action: str = "failed",
    recipient: str = BRUNO,
    sender: str = "MAILER-DAEMON@mx.example",
    message_id: str = "report@mx.example",
    said: str = "550 it is refused",
) -> bytes:
    """Return the report of a mail server; without a mail it gives none back."""
    returned = "" if mail is None else f"Message-ID: <{mail.message_id}>\r\nSubject: a\r\n\r\nb\r\n"
    return (
        f"From: Mail Delivery System <{sender}>\r\nTo: support@alice.example\r\n"
        f"Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <{message_id}>\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=limit\r\n\r\n"
        "--limit\r\nContent-Type: text/plain\r\n\r\nIt did not arrive.\r\n"
        "--limit\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; {said}\r\n\r\n"
        f"--limit\r\nContent-Type: message/rfc822\r\n\r\n{returned}--limit--\r\n"
    ).encode()
