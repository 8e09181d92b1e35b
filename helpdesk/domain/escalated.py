"""What a step of a clock adds to the history of its ticket."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from helpdesk.domain.access import SYSTEM
from helpdesk.domain.escalation import LadderStep
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import SlaMetric
from helpdesk.domain.ticket import Ticket, TicketChange, TicketEventKind, TicketStep, changed
from helpdesk.domain.ticket_life import Occasion


def breach_recorded(
    ticket: Ticket, metric: SlaMetric, cycle: int, *, broken_at: datetime, at: datetime
) -> TicketChange:
    """Return the ticket with the fact that a promise broke, dated by the true instant.

    `at` is when it was seen; after a downtime that is later.
    """
    return _told(
        ticket,
        TicketEventKind.SLA_BREACHED,
        broken_at,
        {"metric": metric.value, "cycle": str(cycle), "recorded_at": at.isoformat()},
    )


def escalated(
    ticket: Ticket,
    metric: SlaMetric,
    cycle: int,
    *,
    step: LadderStep,
    done: Sequence[str],
    at: datetime,
) -> TicketChange:
    """Return the ticket with the fact that a step of a ladder was taken, and what was done."""
    return _told(
        ticket,
        TicketEventKind.ESCALATED,
        at,
        {
            "metric": metric.value,
            "cycle": str(cycle),
            "step": step.key,
            "level": str(step.level),
            "done": "; ".join(done),
        },
    )


def raised_priority(ticket: Ticket, reason: str, *, on: Occasion) -> TicketChange | None:
    """Return the ticket one priority higher, its clocks follow; None when it has the highest.

    Raises TransitionRefused for a ticket that is over.
    """
    ticket.require(TicketStep.SET_PRIORITY)
    if ticket.priority is Priority.P0:
        return None
    ranks = tuple(Priority)
    higher = ranks[ranks.index(ticket.priority) - 1]
    return changed(
        ticket,
        TicketEventKind.PRIORITY_SET,
        at=on.at,
        actor=on.actor,
        reason=reason,
        priority=higher,
        priority_reason=reason,
    )


def _told(
    ticket: Ticket, kind: TicketEventKind, at: datetime, after: dict[str, str | None]
) -> TicketChange:
    change = changed(ticket, kind, at=at, actor=SYSTEM)
    return TicketChange(change.ticket, (replace(change.events[0], after=after),))
