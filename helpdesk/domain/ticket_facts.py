"""Which facts of a ticket's history its clocks take notice of."""

from collections.abc import Iterable

from helpdesk.domain.clock_tape import ClockFact, ClockFactKind
from helpdesk.domain.priority import Priority
from helpdesk.domain.ticket import TicketEvent, TicketEventKind, WaitingOn

_FACTS = {
    TicketEventKind.OPENED: ClockFactKind.OPENED,
    TicketEventKind.AGENT_REPLIED: ClockFactKind.AGENT_ANSWERED,
    TicketEventKind.CLIENT_REPLIED: ClockFactKind.CLIENT_WROTE,
    TicketEventKind.PRIORITY_SET: ClockFactKind.PRIORITY_SET,
    TicketEventKind.WAITING: ClockFactKind.PAUSED,
    TicketEventKind.RESUMED: ClockFactKind.RESUMED,
    TicketEventKind.DELIVERED: ClockFactKind.DELIVERED,
    TicketEventKind.RESOLVED: ClockFactKind.RESOLVED,
    TicketEventKind.REOPENED: ClockFactKind.REOPENED,
    TicketEventKind.CANCELLED: ClockFactKind.CANCELLED,
    TicketEventKind.MARKED_SPAM: ClockFactKind.CANCELLED,
    TicketEventKind.MERGED: ClockFactKind.CANCELLED,
}


def clock_facts(history: Iterable[TicketEvent]) -> tuple[ClockFact, ...]:
    """Return what the clocks need of a history, ordered by instant, then by sequence.

    Notes, assignments, links, automatic messages and the closing move no clock.
    """
    ordered = sorted(history, key=lambda event: (event.at, event.sequence))
    return tuple(_fact(event) for event in ordered if event.kind in _FACTS)


def _fact(event: TicketEvent) -> ClockFact:
    priority = event.after.get("priority")
    waiting_on = event.after.get("waiting_on")
    return ClockFact(
        at=event.at,
        kind=_FACTS[event.kind],
        priority=Priority(priority) if priority else None,
        pause_reason=waiting_on,
        is_third_party=waiting_on == WaitingOn.THIRD_PARTY,
    )
