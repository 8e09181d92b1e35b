"""Which ticket a mail answers, and what it shows to prove it."""

from dataclasses import dataclass

from helpdesk.domain.bounce_address import is_bounce_address, mails_named_in
from helpdesk.domain.inbound_email import InboundEmail, thread_candidates, ticket_number_in
from helpdesk.domain.mail_token import NO_TICKET, ThreadToken, tokens_of
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.mail_keys import tokens_made_here
from helpdesk.usecases.ports import Records

MERGE_HOPS = 20


@dataclass(frozen=True, slots=True)
class Thread:
    """The ticket that goes on, with the tokens that lead there; a bare number proves nothing."""

    ticket: Ticket
    tokens: tuple[ThreadToken, ...] = ()
    is_by_number_alone: bool = False

    @property
    def has_token(self) -> bool:
        """Return whether the author was shown a mail of ours about this ticket."""
        return self.tokens != ()

    def has_token_of(self, email: str) -> bool:
        """Return whether one of these mails was written to the address."""
        return any(token.was_sent_to(email) for token in self.tokens)

    def is_inside_for(self, email: str) -> bool:
        """Return whether one of them told the address what is the agency's alone."""
        return any(token.was_sent_inside_to(email) for token in self.tokens)


async def thread_of(
    records: Records, email: InboundEmail, *, envelope_to: tuple[str, ...]
) -> Thread | None:
    """Return the thread that the mail belongs to, None when it names no ticket of the agency.

    The surest clue wins: a token in an address (the author's own before that of another), a
    Message-ID that is known, a token in one that is not, a token in the text, the number in the
    subject. What was merged goes on where it went.
    """
    clues = tokens_of(email, envelope_to=envelope_to)
    returned = await _tokens_of_returned(records, email, envelope_to)
    in_addresses = await tokens_made_here(records, (*clues.in_addresses, *returned))
    author = "" if email.from_ is None else email.from_.email
    in_addresses = tuple(sorted(in_addresses, key=lambda one: not one.was_sent_to(author)))
    in_ids = await tokens_made_here(records, clues.in_ids)
    in_text = await tokens_made_here(records, clues.in_text)
    ticket = await _named(records, in_addresses)
    ticket = ticket or await _referred_to(records, email)
    ticket = ticket or await _named(records, in_ids) or await _named(records, in_text)
    by_number = None if ticket is not None else await _numbered(records, email)
    found = ticket or by_number
    last = await survivor(records, found)
    if found is None or last is None:
        return None
    shown = (*in_addresses, *in_ids, *in_text)
    tokens = tuple(token for token in shown if str(token.ticket_number) == found.number)
    return Thread(last, tokens, is_by_number_alone=by_number is not None)


async def _tokens_of_returned(
    records: Records, email: InboundEmail, envelope_to: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the tokens of our mails that are answered at the address for reports about them.

    That is where machines answer: what they write belongs to the mail's ticket.
    """
    named = (address.email for address in email.to)
    addresses = [
        one for one in (*envelope_to, *email.delivered_to, *named) if is_bounce_address(one)
    ]
    if not addresses:
        return ()
    mails = mails_named_in(addresses, await records.mail.mail_keys())
    sent = [await records.undelivered.promised(one) for one in mails]
    return tuple(one.mail.token for one in sent if one is not None and one.mail.token is not None)


async def _named(records: Records, tokens: tuple[ThreadToken, ...]) -> Ticket | None:
    for token in tokens:
        if token.ticket_number != NO_TICKET:
            return await records.tickets.ticket_by_number(str(token.ticket_number))
    return None


async def _referred_to(records: Records, email: InboundEmail) -> Ticket | None:
    ticket_id = await records.mail.ticket_of_reference(thread_candidates(email))
    return None if ticket_id is None else await records.tickets.ticket(ticket_id)


async def _numbered(records: Records, email: InboundEmail) -> Ticket | None:
    number = ticket_number_in(email.subject)
    return None if number is None else await records.tickets.ticket_by_number(str(number))


async def survivor(records: Records, ticket: Ticket | None) -> Ticket | None:
    """Return the ticket itself, or the one that it went on in, however often it was merged."""
    for _ in range(MERGE_HOPS):
        if ticket is None or ticket.merged_into_id is None:
            break
        ticket = await records.tickets.ticket(ticket.merged_into_id)
    return ticket
