"""Terms that were agreed to come take over: the kept clocks of open tickets follow."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.access import SYSTEM
from helpdesk.domain.ids import AgencyId, ContractId, TicketId
from helpdesk.usecases.contract_step import in_hand
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.rederive import rederive_tickets
from helpdesk.usecases.turn_periods import turn_books


@dataclass(frozen=True, slots=True)
class TakenOver:
    """A contract of which a version took over."""

    agency_id: AgencyId
    contract_id: ContractId


async def contracts_taken_over(
    desk: Desk, *, after: datetime | None, until: datetime
) -> tuple[TakenOver, ...]:
    """Return the contracts of which a later version took over in `(after, until]`, or ever."""
    found = await desk.store.queue().terms_taken_over(after=after, until=until)
    return tuple(TakenOver(agency_id, contract_id) for agency_id, contract_id in found)


async def follow_terms(desk: Desk, taken_over: TakenOver) -> tuple[TicketId, ...]:
    """Rewrite the kept clocks of the open tickets of a contract; return the tickets that moved.

    The clauses of its forfait follow likewise. To follow twice changes nothing more.
    """
    async with desk.store.transaction(taken_over.agency_id) as records:
        contract = await records.contracts.contract_to_change(taken_over.contract_id)
        concerned = await records.tickets_in_bulk.open_tickets_of_contract(taken_over.contract_id)
        moved = await rederive_tickets(desk, records, concerned)
        if contract is not None:
            await turn_books(await in_hand(desk, records, contract, SYSTEM))
        return moved
