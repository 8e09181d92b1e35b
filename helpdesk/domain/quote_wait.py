"""What a quote does to the request that it is about: it waits for the answer, then goes on."""

from helpdesk.domain.priority import Priority
from helpdesk.domain.quote import AfterRefusal, Quote, Refusal
from helpdesk.domain.quote_life import answer_wait
from helpdesk.domain.ticket import UNFINISHED, Ticket, TicketChange
from helpdesk.domain.ticket_life import Occasion, cancelled, resumed, waiting
from helpdesk.domain.waiting import WaitingOn


def waiting_for_answer(ticket: Ticket, quote: Quote, *, on: Occasion) -> TicketChange | None:
    """Return the ticket waiting for the answer to a sent quote, None where it goes on.

    A P0 waits for no quote (R-P0), what is finished does not wait, and one wait is enough for two
    quotes. Raises TicketAlreadyWaiting when it waits for somebody else.
    """
    if answer_wait(quote, ticket.priority) is None or ticket.status not in UNFINISHED:
        return None
    if ticket.waiting_on is WaitingOn.QUOTE_ANSWER:
        return None
    return waiting(ticket, WaitingOn.QUOTE_ANSWER, quote.number, on=on)


def going_on(ticket: Ticket, *, on: Occasion) -> TicketChange | None:
    """Return the ticket in work again once no quote is left to answer, None where it is already."""
    if ticket.waiting_on is not WaitingOn.QUOTE_ANSWER:
        return None
    return resumed(ticket, on=on)


def after_refusal(ticket: Ticket, refusal: Refusal, *, on: Occasion) -> TicketChange | None:
    """Return the ticket closed or given back to the client with his reason (R-QUO).

    None where nothing changes: it is finished, or it waits for somebody else. A P0 is handled
    whoever pays: it only ends its wait.
    """
    if ticket.status not in UNFINISHED:
        return None
    resuming = going_on(ticket, on=on)
    if ticket.priority is Priority.P0:
        return resuming
    if refusal.then is AfterRefusal.CLOSE:
        return cancelled(ticket, refusal.reason, on=on)
    if resuming is not None:
        given_back = waiting(resuming.ticket, WaitingOn.CLIENT, refusal.reason, on=on)
        return resuming.then(given_back)
    if ticket.waiting_on is not None:
        return None
    return waiting(ticket, WaitingOn.CLIENT, refusal.reason, on=on)
