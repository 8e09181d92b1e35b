"""Which facts of a ticket's history its clocks take notice of."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from helpdesk.domain.clock_facts import ClockFact, ClockFactKind
from helpdesk.domain.priority import Priority
from helpdesk.domain.ticket import TicketEvent, TicketEventKind
from helpdesk.domain.waiting import WaitingOn

_FACTS = {
    TicketEventKind.OPENED: ClockFactKind.OPENED,
    TicketEventKind.AGENT_REPLIED: ClockFactKind.AGENT_ANSWERED,
    TicketEventKind.CALL_LOGGED: ClockFactKind.AGENT_CALLED,
    TicketEventKind.CLIENT_REPLIED: ClockFactKind.CLIENT_WROTE,
    TicketEventKind.PRIORITY_SET: ClockFactKind.PRIORITY_SET,
    TicketEventKind.WAITING: ClockFactKind.PAUSED,
    TicketEventKind.RESUMED: ClockFactKind.RESUMED,
    TicketEventKind.BATCH_OPENED: ClockFactKind.BATCH_OPENED,
    TicketEventKind.POSTPONED: ClockFactKind.POSTPONED,
    TicketEventKind.DELIVERED: ClockFactKind.DELIVERED,
    TicketEventKind.RESOLVED: ClockFactKind.RESOLVED,
    TicketEventKind.REOPENED: ClockFactKind.REOPENED,
    TicketEventKind.CANCELLED: ClockFactKind.CANCELLED,
    TicketEventKind.MARKED_SPAM: ClockFactKind.CANCELLED,
    TicketEventKind.MERGED: ClockFactKind.CANCELLED,
}


def clock_facts(history: Iterable[TicketEvent]) -> tuple[ClockFact, ...]:
    """Return what the clocks need of a history, ordered by instant, then by sequence.

    An instant that was corrected is the corrected one. Notes, assignments, links, automatic
    messages and the closing move no clock.
    """
    told = in_corrected_order(history)
    is_opened = bool(told) and told[0].kind is TicketEventKind.OPENED
    opener = told[0].actor.agent_id if is_opened else None
    return tuple(_fact(event, opener) for event in told if event.kind in _FACTS)


def in_corrected_order(history: Iterable[TicketEvent]) -> list[TicketEvent]:
    """Return the events at the instants that count, ordered by them, then by sequence.

    The sequence says in which order things happened: an event that a clock behind time dated
    before the one it follows happened when that one did, so that the end of a wait never comes
    before its beginning. A corrected instant is somebody's word and counts as it stands, and so
    does the arrival of a mail that was accepted later. Nothing happened to a ticket before its
    opening, which stays first.
    """
    events = sorted(history, key=lambda event: event.sequence)
    corrected = corrected_instants(events)
    told: list[TicketEvent] = []
    opened_at = latest_at = None
    for event in events:
        at = corrected.get(event.sequence, event.at if _is_dated_back(event) else None)
        if at is None:
            at = latest_at = event.at if latest_at is None else max(event.at, latest_at)
        opened_at = opened_at or at
        at = max(at, opened_at)
        told.append(event if at == event.at else replace(event, at=at))
    told.sort(key=lambda event: event.at)  # keeps the order of the sequence at one instant
    return told


_DATED_BACK = frozenset(
    {TicketEventKind.CLIENT_REPLIED, TicketEventKind.RESUMED, TicketEventKind.REOPENED}
)
"""What an accepted mail did at its arrival, written down once it was accepted."""


def _is_dated_back(event: TicketEvent) -> bool:
    return "recorded_at" in event.after and event.kind in _DATED_BACK


def corrected_instants(history: Sequence[TicketEvent]) -> dict[int, datetime]:
    """Return the instants that were corrected, by the sequence of their event."""
    return {
        int(event.after["sequence"] or 0): datetime.fromisoformat(event.after["at"] or "")
        for event in history
        if event.kind is TicketEventKind.TIME_CORRECTED
    }


def _fact(event: TicketEvent, opener: str | None) -> ClockFact:
    priority = event.after.get("priority")
    waiting_on = event.after.get("waiting_on")
    postponed_to = event.after.get("postponed_to")
    return ClockFact(
        at=event.at,
        kind=_FACTS[event.kind],
        priority=Priority(priority) if priority else None,
        pause_reason=WaitingOn(waiting_on) if waiting_on else None,
        is_by_opener=opener is not None and event.actor.agent_id == opener,
        postponed_to=datetime.fromisoformat(postponed_to) if postponed_to else None,
    )
