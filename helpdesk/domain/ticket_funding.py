"""What a ticket takes of the forfait: of which unit, whether it is finished, or free and why."""

from collections.abc import Mapping
from dataclasses import dataclass

from helpdesk.domain.classification import ClassificationRule, Funding, Verdict
from helpdesk.domain.retainer_terms import FreeCause, RetainerUnit
from helpdesk.domain.ticket import Ticket, TicketStatus

FUNDED_UNITS: Mapping[Funding, RetainerUnit] = {
    Funding.TICKET_QUOTA: RetainerUnit.CORRECTIVE_TICKETS,
    Funding.RUN_MINUTES: RetainerUnit.RUN_MINUTES,
    Funding.TIME_CREDIT: RetainerUnit.PACK_MINUTES,
}
"""What of the forfait pays; the other ways to pay take nothing from it."""

COUNTED_IN_TIME = frozenset({RetainerUnit.RUN_MINUTES, RetainerUnit.PACK_MINUTES})
"""What the work on a ticket takes minute by minute; a ticket of a quota is taken as a whole."""

_FREE_ENDS: Mapping[TicketStatus, FreeCause] = {
    TicketStatus.SPAM: FreeCause.SPAM,
    TicketStatus.MERGED: FreeCause.MERGED_DUPLICATE,
}
_DONE = frozenset({TicketStatus.RESOLVED, TicketStatus.CLOSED, TicketStatus.CANCELLED})


@dataclass(frozen=True, slots=True)
class TicketFunding:
    """What a ticket is paid by: a unit of the forfait, None where the forfait pays nothing.

    `cause` says why it is free of quota, None where something else pays. `is_done` says that
    nothing of it is held any more: it has taken what it took.
    """

    unit: RetainerUnit | None
    is_done: bool
    cause: FreeCause | None = None


def funding_of(ticket: Ticket, verdict: Verdict | None, *, was_worked: bool) -> TicketFunding:
    """Return what a ticket is paid by under the verdict that was decided last, None without one.

    Spam, merged duplicates and what is cancelled before work are free, and so is a regression of
    the agency, whatever was decided. A ticket that is cancelled after work was worked on. One that
    is on staging is not resolved yet: it holds. Source: R-LED 4 and 5.
    """
    ended = _FREE_ENDS.get(ticket.status)
    if ended is None and ticket.status is TicketStatus.CANCELLED:
        is_begun = was_worked or ticket.delivered_at is not None
        ended = None if is_begun else FreeCause.CANCELLED_BEFORE_WORK
    if ended is not None:
        return TicketFunding(None, is_done=True, cause=ended)
    is_done = ticket.status in _DONE
    unit = unit_paying(verdict)
    cause = None if verdict is None or unit is not None else verdict.free_cause
    return TicketFunding(unit, is_done, cause)


def unit_paying(verdict: Verdict | None) -> RetainerUnit | None:
    """Return the unit of the forfait that pays, None where none does or nobody decided."""
    if verdict is None or verdict.rule is ClassificationRule.WARRANTY:
        return None
    return FUNDED_UNITS.get(verdict.funding)
