"""Terms that were agreed to come take over: the kept clocks of open tickets follow."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.ids import AgencyId, ContractId, TicketId
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.rederive import rederive_tickets


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

    To follow twice changes nothing more.
    """
    async with desk.store.transaction(taken_over.agency_id) as records:
        await records.contracts.contract_to_change(taken_over.contract_id)
        concerned = await records.tickets_in_bulk.open_tickets_of_contract(taken_over.contract_id)
        return await rederive_tickets(desk, records, concerned)
