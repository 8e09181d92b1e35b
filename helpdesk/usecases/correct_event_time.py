"""A fact was written down at the wrong instant: its instant is corrected, its order kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk.domain.access import Viewer
from helpdesk.domain.correction import (
    CorrectionKind,
    CorrectionOutOfOrder,
    EventUnknown,
    moved_clocks,
)
from helpdesk.domain.ids import TicketId
from helpdesk.domain.ticket import Ticket, TicketChange, TicketEvent, TicketEventKind, changed
from helpdesk.domain.ticket_facts import corrected_instants
from helpdesk.domain.ticket_image import instants_of
from helpdesk.usecases.correction_impact import given_reason
from helpdesk.usecases.corrections import CorrectionOutcome, kept_correction
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.require_manager import require_manager
from helpdesk.usecases.settle_again import (
    PutRight,
    contracts_of_ticket,
    hold_contracts,
    settle_again,
)
from helpdesk.usecases.ticket_clocks import derived_clocks, save_change
from helpdesk.usecases.ticket_step import visible_ticket

_NOT_LIVED = frozenset(
    {
        TicketEventKind.TIME_CORRECTED,
        TicketEventKind.REPAIRED,
        TicketEventKind.SLA_BREACHED,
        TicketEventKind.ESCALATED,
    }
)
"""What the engine made of the facts: it has no order among them, and follows when they move."""


@dataclass(frozen=True, slots=True)
class CorrectEventTime:
    """The instant at which an event of a ticket really happened."""

    ticket_id: TicketId
    sequence: int
    at: datetime
    reason: str
    is_dry_run: bool


async def correct_event_time(
    desk: Desk, *, viewer: Viewer, request: CorrectEventTime
) -> CorrectionOutcome:
    """Correct the instant of an event and return every clock of the ticket that moves.

    The event stays as it was written; another one says when it really happened, who says so and
    why. Raises NotFound, EventUnknown, CorrectionOutOfOrder, CorrectionWithoutReason, ManagersOnly.
    """
    reason = given_reason(request.reason)
    under = await contracts_of_ticket(desk, viewer.agency_id, request.ticket_id)
    async with desk.store.transaction(viewer.agency_id) as records:
        await hold_contracts(records, under)
        ticket = await visible_ticket(records, viewer, request.ticket_id)
        await require_manager(records, viewer)
        past = await records.tickets.past(ticket.id)
        change = _changed(desk, viewer, ticket, past.history, request, reason)
        before = await derived_clocks(desk, records, ticket, past)
        after = await derived_clocks(desk, records, change.ticket, past, change.events)
        was, would = ([one.clock for one in told.clocks] for told in (before, after))
        moves = tuple(moved_clocks(ticket.id, ticket.number, was, would, at=desk.now()))
        if request.is_dry_run:
            return CorrectionOutcome(moves, None)
        await save_change(desk, records, change)
        since = min(ticket.opened_at, change.ticket.opened_at)
        await settle_again(desk, records, PutRight(under, since, moves))
        return await kept_correction(
            desk,
            records,
            viewer,
            kind=CorrectionKind.EVENT_TIME,
            subject_id=ticket.id,
            reason=reason,
            detail={"number": ticket.number, "sequence": request.sequence} | _shown(change),
            moves=moves,
        )


def _changed(  # noqa: PLR0917 - one correction with all that it needs
    desk: Desk,
    viewer: Viewer,
    ticket: Ticket,
    history: Sequence[TicketEvent],
    request: CorrectEventTime,
    reason: str,
) -> TicketChange:
    event = next((one for one in history if one.sequence == request.sequence), None)
    if event is None or event.kind in _NOT_LIVED:
        raise EventUnknown(path=("sequence",), number=ticket.number, sequence=request.sequence)
    known = corrected_instants(history)
    _require_order(ticket, history, known, request, now=desk.now())
    was, sequence = known.get(event.sequence, event.at), str(event.sequence)
    fields: dict[str, Any] = instants_of(event, was, request.at, ticket)  # Any: for `changed`
    change = changed(
        ticket,
        TicketEventKind.TIME_CORRECTED,
        at=desk.now(),
        actor=viewer.actor,
        reason=reason,
        **fields,
    )
    return change.with_details(
        before={"sequence": sequence, "at": was.isoformat()},
        after={"sequence": sequence, "at": request.at.isoformat()},
    )


def _require_order(
    ticket: Ticket,
    history: Sequence[TicketEvent],
    known: dict[int, datetime],
    request: CorrectEventTime,
    *,
    now: datetime,
) -> None:
    """Refuse an instant before the event that came before, after the one that followed, or now."""
    lived = {
        one.sequence: known.get(one.sequence, one.at)
        for one in history
        if one.kind not in _NOT_LIVED
    }
    earlier = [at for sequence, at in lived.items() if sequence < request.sequence]
    later = [at for sequence, at in lived.items() if sequence > request.sequence]
    earliest, latest = max(earlier, default=None), min([*later, now])
    if (earliest is not None and request.at < earliest) or request.at > latest:
        raise CorrectionOutOfOrder(
            path=("at",),
            number=ticket.number,
            sequence=request.sequence,
            at=request.at.isoformat(),
            earliest="—" if earliest is None else earliest.isoformat(),
            latest=latest.isoformat(),
        )


def _shown(change: TicketChange) -> dict[str, object]:
    event = change.events[-1]
    return {"was": event.before["at"], "is": event.after["at"]}
