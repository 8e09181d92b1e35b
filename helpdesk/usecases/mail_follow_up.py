"""What a client writes on a finished ticket: it goes on, a new one follows, or he says thanks."""

from datetime import datetime

from helpdesk.domain.agency import Contact
from helpdesk.domain.follow_up import FollowUp, goes_to_and_fro, is_finished
from helpdesk.domain.inbound_email import InboundEmail
from helpdesk.domain.thanks import LONGEST_THANKS, is_mere_thanks
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.ports import Records

DEFAULT_FOLLOW_UP = FollowUp()
"""What holds for an agency that said nothing."""


async def follow_up_of(records: Records) -> FollowUp:
    """Return the rule of the agency."""
    said = await records.mail.follow_up()
    return DEFAULT_FOLLOW_UP if said is None else said.follow_up


async def goes_on(records: Records, ticket: Ticket, *, at: datetime) -> bool:
    """Return whether a ticket that is over goes on with what a client writes at an instant.

    Else a new ticket follows it: because of the agency's rule, or because this one was reopened
    too often lately.
    """
    if not (await follow_up_of(records)).reopens(ticket, at=at):
        return False
    return not goes_to_and_fro(await records.tickets.history(ticket.id), at=at)


async def merely_thanks(
    records: Records, ticket: Ticket, sender: Contact, email: InboundEmail, text: str
) -> bool:
    """Return whether a client only says thanks on a finished ticket, with no file."""
    has_file = any(not file.is_inline for file in email.attachments)
    if has_file or len(text) > LONGEST_THANKS or not is_finished(ticket):
        return False
    agents = await records.agencies.agents()
    return is_mere_thanks(text, names=(sender.name, *(agent.name for agent in agents)))
