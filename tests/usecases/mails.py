"""Mails that the cast writes, and the door they come in by."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from typing_extensions import override

from helpdesk.domain.agency import Agency, Contact
from helpdesk.domain.ids import AgencyId, InboundMailId, TicketId
from helpdesk.domain.inbound_email import ReceivedMail, Transport
from helpdesk.domain.inbox import InboundMail
from helpdesk.domain.ticket import Ticket
from helpdesk.mail.ticket_mails import MailLetters
from helpdesk.storage.tables.mail import INBOUND_MAIL
from helpdesk.storage.tables.ticket import MESSAGE, TICKET
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.letter_ports import Letter
from helpdesk.usecases.receive_email import receive_email
from helpdesk.usecases.store_inbound_mail import StoredMail, store_inbound_mail
from tests.factories import AGENCY_ID
from tests.usecases.world import MAILBOX, RowOf, World

ZOES_MAILBOX = "support@zoe.example"
BRUNO = "Bruno <bruno@bruno.example>"
CHLOE = "Chloé <chloe@chloe.example>"
ALICE = "Alice <alice@alice.example>"
STRANGER = "Dora <dora@nowhere.example>"
WORDS = "Nobody answers what my customers write."


def a_mail(
    text: str = WORDS,
    *,
    sender: str | None = BRUNO,
    subject: str | None = "The contact form is silent",
    message_id: str | None = "first@bruno.example",
    to: str = MAILBOX,
    **headers: str,
) -> EmailMessage:
    """Return a mail, Bruno's unless said; None leaves a header out, `In_Reply_To` names one."""
    mail = EmailMessage()
    given = {"From": sender, "To": to, "Subject": subject, "Date": "Mon, 06 Jul 2026 09:00 +0200"}
    given["Message-ID"] = message_id and f"<{message_id}>"
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in given.items():
        if value is not None:
            mail[name] = value
    mail.set_content(text)
    return mail


def an_answer(answered: str, text: str = "It still is.", **changes: Any) -> EmailMessage:
    """Return a mail that answers a Message-ID. Any: whatever `a_mail` takes."""
    given = {"subject": "Re: whatever", "message_id": "second@bruno.example", "text": text}
    return a_mail(**(given | {"In_Reply_To": f"<{answered}>"} | changes))


def raw_mail(
    body: bytes, *, subject: bytes = b"Panne", content_type: bytes = b"text/plain"
) -> bytes:
    """Return the bytes of a mail of Bruno that no library would write."""
    return (
        b"From: Bruno <bruno@bruno.example>\r\n"
        b"To: support@alice.example\r\n"
        b"Message-ID: <raw@bruno.example>\r\n"
        b"Subject: " + subject + b"\r\nContent-Type: " + content_type + b"\r\n\r\n" + body
    )


def a_bounce(sender: bytes = b"MAILER-DAEMON@mx.example", more: bytes = b"") -> bytes:
    """Return what a mail server says when our mail did not arrive; `more` is header lines."""
    return (
        b"From: Mail Delivery System <" + sender + b">\r\n"
        b"To: support@alice.example\r\n"
        b"Subject: Undelivered Mail Returned to Sender\r\n" + more + b"MIME-Version: 1.0\r\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=limit\r\n\r\n"
        b"--limit\r\nContent-Type: text/plain\r\n\r\nIt did not arrive.\r\n"
        b"--limit\r\nContent-Type: message/delivery-status\r\n\r\n"
        b"Reporting-MTA: dns; mx.example\r\n\r\n"
        b"Final-Recipient: rfc822; bruno@bruno.example\r\n"
        b"Action: failed\r\nStatus: 5.1.1\r\n\r\n--limit--\r\n"
    )


@dataclass
class Door:
    """The mail door of both agencies, and what came of each mail."""

    world: World

    async def store_all(
        self,
        mail: EmailMessage | bytes,
        *,
        envelope_from: str = "bruno@bruno.example",
        recipients: tuple[str, ...] = (MAILBOX,),
    ) -> tuple[StoredMail, ...]:
        """Hand a mail over and return what was kept of it, agency by agency."""
        received = ReceivedMail(
            transport=Transport.SMTP,
            envelope_from=envelope_from,
            recipients=recipients,
            raw=bytes(mail),
            received_at=self.world.now(),
        )
        return await store_inbound_mail(self.world.desk, received)

    async def store(
        self, mail: EmailMessage | bytes, *, envelope_from: str = "bruno@bruno.example"
    ) -> InboundMail:
        """Hand a mail over to Alice's agency and return its row."""
        (stored,) = await self.store_all(mail, envelope_from=envelope_from)
        return stored.mail

    async def receive(
        self, mail: EmailMessage | bytes, *, envelope_from: str = "bruno@bruno.example"
    ) -> InboundMail:
        """Hand a mail over to Alice's agency, have it understood, and return its row."""
        return await self.understand(await self.store(mail, envelope_from=envelope_from))

    async def understand(self, stored: InboundMail) -> InboundMail:
        """Have a mail of Alice's agency understood and return its row."""
        outcome = await receive_email(self.world.desk, AGENCY_ID, stored.id)
        assert outcome == await self.kept(outcome.id)
        return outcome

    async def open(self, mail: EmailMessage | bytes | None = None) -> Ticket:
        """Return the ticket that a mail opens, Bruno's first one unless said."""
        outcome = await self.receive(a_mail() if mail is None else mail)
        assert outcome.reason == "OPENED_TICKET"
        return await self.ticket_of(outcome)

    async def ticket_of(self, mail: InboundMail) -> Ticket:
        """Return the ticket that a mail belongs to, as it is kept."""
        assert mail.ticket_id is not None
        return await self.world.kept(mail.ticket_id, mail.agency_id)

    async def kept(self, mail_id: InboundMailId, agency_id: AgencyId = AGENCY_ID) -> InboundMail:
        """Return the row of a message as the database has it."""
        async with self.world.desk.store.reading(agency_id) as records:
            mail = await records.mail.inbound(mail_id)
        assert mail is not None
        return mail

    async def inbox(self) -> list[tuple[str, str | None]]:
        """Return state and reason of every message, in the order of their arrival."""
        return [(row["state"], row["reason"]) for row in await self.world.rows(INBOUND_MAIL)]

    async def messages(self, ticket_id: TicketId) -> list[RowOf]:
        """Return what was said on a ticket, the oldest first."""
        rows = await self.world.rows(MESSAGE)
        return [row for row in rows if row["ticket_id"] == ticket_id]

    async def kinds(self, ticket_id: TicketId) -> list[str]:
        """Return what happened to a ticket, in order."""
        return [event.kind.value for event in await self.world.history(ticket_id)]

    async def tickets(self) -> list[RowOf]:
        """Return every ticket of both agencies."""
        return await self.world.rows(TICKET)


class TornLetters(MailLetters):
    """Letters that cannot be written: what fails at the very end of a verb."""

    def __init__(self, *failures: Exception) -> None:
        self._failures = list(failures)

    @override
    def acknowledgement(
        self, ticket: Ticket, *, agency: Agency, contact: Contact, promised_at: datetime | None
    ) -> Letter:
        """Fail as often as asked, then write."""
        if self._failures:
            raise self._failures.pop(0)
        return super().acknowledgement(
            ticket, agency=agency, contact=contact, promised_at=promised_at
        )


def at_a_torn_desk(desk: Desk, failures: Sequence[Exception]) -> Desk:
    """Return the desk with letters that fail so often."""
    return replace(desk, letters=TornLetters(*failures))
