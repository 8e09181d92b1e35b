"""The letters of everyday requests, told in the reader's language and the agency's time zone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from helpdesk.domain.agency import Agency, Contact
from helpdesk.domain.batch import Batch
from helpdesk.domain.errors import Locale
from helpdesk.domain.letter_kind import LetterKind, LetterValue
from helpdesk.domain.message import Message
from helpdesk.domain.postponement import Postponement
from helpdesk.domain.quote import Quote
from helpdesk.domain.ticket import Ticket
from helpdesk.mail.letter_words import spoken_time
from helpdesk.usecases.letter_ports import Letter

_A_MOMENT = timedelta(minutes=1)


class MailLetters:
    """Letters as mails."""

    def acknowledgement(
        self, ticket: Ticket, *, agency: Agency, contact: Contact, promised_at: datetime | None
    ) -> Letter:
        """Return what a client reads when his request has become a ticket."""
        values = {"promised_at": told_time(promised_at, agency, contact.locale)}
        return Letter(LetterKind.ACKNOWLEDGEMENT, values)

    def agent_reply(
        self, ticket: Ticket, message: Message, *, agency: Agency, contact: Contact
    ) -> Letter:
        """Return what a client reads when the agency answered him."""
        values = {"agent": message.author.name, "body": message.body}
        return Letter(LetterKind.AGENT_REPLY, values)

    def batch_opened(
        self, batch: Batch, tickets: Sequence[Ticket], *, agency: Agency, contact: Contact
    ) -> Letter:
        """Return what a client reads when his batch opens: which requests are in it."""
        requests = [{"number": str(one.number), "subject": one.subject} for one in tickets]
        values: dict[str, LetterValue] = {
            "batch": str(batch.number),
            "batch_name": batch.name,
            "requests": requests,
        }
        return Letter(LetterKind.BATCH_OPENED, values)

    def delivery_postponed(
        self, ticket: Ticket, postponement: Postponement, *, agency: Agency, contact: Contact
    ) -> Letter:
        """Return what a client reads when a delivery is put off."""
        values = {
            "old_due": told_time(postponement.old_due, agency, contact.locale),
            "new_due": told_time(postponement.new_due, agency, contact.locale),
            "reason": postponement.reason,
        }
        return Letter(LetterKind.DELIVERY_POSTPONED, values)

    def quote_sent(
        self, quote: Quote, ticket: Ticket | None, *, agency: Agency, contact: Contact
    ) -> Letter:
        """Return what a client reads when he is sent a quote: its lines and how long it holds."""
        assert quote.expires_at is not None  # noqa: S101 - a letter is about a quote that was sent
        locale, totals = contact.locale, quote.totals
        until = quote.expires_at.astimezone(quote.zone) - _A_MOMENT
        values: dict[str, LetterValue] = {
            "quote": quote.number,
            "version": str(quote.version),
            "title": quote.title,
            "lines": [
                {
                    "description": line.description,
                    "quantity": str(line.quantity),
                    "price": line.unit_price.shown(locale),
                }
                for line in quote.lines
            ],
            "net": totals.net.shown(locale),
            "vat": totals.vat.shown(locale),
            "gross": totals.gross.shown(locale),
            "until": spoken_time(until, locale=locale),
        }
        return Letter(LetterKind.QUOTE_SENT, values)


def told_time(instant: datetime | None, agency: Agency, locale: Locale) -> str:
    """Return an instant as people of the agency's time zone say it, nothing of none."""
    if instant is None:
        return ""
    return spoken_time(instant.astimezone(ZoneInfo(agency.zone)), locale=locale)
