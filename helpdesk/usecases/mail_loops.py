"""When two machines answer each other on a ticket, our automatic mail stops and people hear."""

from helpdesk.domain.mail_loop import LOOP_WINDOW, is_ping_pong
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records


async def goes_round(desk: Desk, records: Records, ticket: Ticket) -> bool:
    """Return whether mails on the ticket go round between two machines just now."""
    since = desk.now() - LOOP_WINDOW
    return is_ping_pong(await records.tickets.said_since(ticket.id, since))
