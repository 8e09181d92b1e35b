"""What a correction would move: the clocks of the tickets that it concerns, before and after."""

from collections.abc import Collection
from datetime import datetime

from helpdesk.domain.correction import CorrectionWithoutReason, MovedClock, moved_clocks
from helpdesk.domain.ids import ContractId, TicketId
from helpdesk.domain.message import storable
from helpdesk.domain.sla import SlaClock
from helpdesk.usecases.ports import Records
from helpdesk.usecases.rederive import AsIf, derived_in_bulk
from helpdesk.usecases.ticket_clocks import TicketClocks
from helpdesk.usecases.timelines import TimelineShelf

BATCH = 500


async def moves_of(
    records: Records, contract_ids: Collection[ContractId], as_if: AsIf, *, at: datetime
) -> tuple[MovedClock, ...]:
    """Return every clock of the tickets under these contracts that would differ, at `at`.

    Nothing is written, and what would be true never reaches the shelf that everybody counts on.
    """
    moves: list[MovedClock] = []
    written, supposed = TimelineShelf(), TimelineShelf()
    position: TicketId | None = None
    while True:
        page = await records.upkeep.kept_tickets(
            after=position, limit=BATCH, of_contracts=contract_ids
        )
        tickets = [one.ticket for one in page]
        pasts = {one.ticket.id: one.past for one in page}
        before = await derived_in_bulk(written, records, tickets, pasts, at=at)
        after = await derived_in_bulk(supposed, records, tickets, pasts, at=at, as_if=as_if)
        for ticket in tickets:
            was, would = _clocks(before[ticket.id]), _clocks(after[ticket.id])
            moves += moved_clocks(ticket.id, ticket.number, was, would, at=at)
        if len(page) < BATCH:
            return tuple(moves)
        position = page[-1].ticket.id


def _clocks(told: TicketClocks) -> list[SlaClock]:
    return [one.clock for one in told.clocks]


def given_reason(reason: str) -> str:
    """Return the reason of a correction. Raises CorrectionWithoutReason."""
    said = storable(reason).strip()
    if not said:
        raise CorrectionWithoutReason(path=("reason",))
    return said
