"""What a suspended contract does to an open ticket: it waits, and later goes on as it was."""

from collections.abc import Sequence

from helpdesk.domain.ticket import Ticket, TicketChange, TicketEvent, TicketEventKind
from helpdesk.domain.ticket_life import Occasion, resumed, waiting
from helpdesk.domain.waiting import WaitingOn


def laid_to_rest(ticket: Ticket, reason: str, *, on: Occasion) -> TicketChange:
    """Return the ticket waiting for the end of the suspension, instead of what it waited for.

    Raises StepReasonRequired, and TransitionRefused for a finished ticket.
    """
    if ticket.waiting_on is None:
        return waiting(ticket, WaitingOn.CONTRACT_SUSPENDED, reason, on=on)
    freed = resumed(ticket, on=on)
    return freed.then(waiting(freed.ticket, WaitingOn.CONTRACT_SUSPENDED, reason, on=on))


def woken(ticket: Ticket, history: Sequence[TicketEvent], *, on: Occasion) -> TicketChange:
    """Return the ticket after the suspension: it waits again for what it waited for before.

    A ticket that waited for a client who has written meanwhile is in work.
    """
    freed = resumed(ticket, on=on)
    before = _wait_before(history)
    if before is None:
        return freed
    waiting_on, reason = before
    return freed.then(waiting(freed.ticket, waiting_on, reason, on=on))


def _wait_before(history: Sequence[TicketEvent]) -> tuple[WaitingOn, str] | None:
    """Return what the rest took the place of: the wait that ended in the fact before it."""
    rest = max(
        place
        for place, event in enumerate(history)
        if event.kind is TicketEventKind.WAITING
        and event.after.get("waiting_on") == WaitingOn.CONTRACT_SUSPENDED
    )
    freed = history[rest - 1]
    if freed.kind is not TicketEventKind.RESUMED or freed.at != history[rest].at:
        return None
    wait = next(one for one in reversed(history[:rest]) if one.kind is TicketEventKind.WAITING)
    waited_for = WaitingOn(wait.after["waiting_on"] or "")
    wrote = any(one.kind is TicketEventKind.CLIENT_REPLIED for one in history[rest:])
    if waited_for is WaitingOn.CLIENT and wrote:
        return None
    return waited_for, wait.reason or ""
