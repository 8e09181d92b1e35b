"""What puts the past right settles its credits at once: nobody reads a proposal that is stale."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from helpdesk.domain.access import SYSTEM
from helpdesk.domain.compensation_base import FeeIncludesTax
from helpdesk.domain.compensation_life import CreditDeed
from helpdesk.domain.correction import MovedClock
from helpdesk.domain.ids import AgencyId, ContractId, TicketId
from helpdesk.domain.month import Month
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records
from helpdesk.usecases.settle_breaches import settled_again


@dataclass(frozen=True, slots=True)
class PutRight:
    """The contracts that something was put right under, from when on, and the clocks it moved."""

    contract_ids: Collection[ContractId]
    since: datetime
    moves: tuple[MovedClock, ...] = ()


async def hold_contracts(records: Records, contract_ids: Iterable[ContractId]) -> None:
    """Lock contracts, always in the same order and before their tickets, as settlements do."""
    for contract_id in sorted(contract_ids):
        await records.contracts.contract_to_change(contract_id)


async def contracts_of_ticket(
    desk: Desk, agency_id: AgencyId, ticket_id: TicketId
) -> tuple[ContractId, ...]:
    """Return the contract of a ticket, to be held before the ticket is; none for an unknown one."""
    async with desk.store.reading(agency_id) as records:
        found = await records.tickets_in_bulk.tickets([ticket_id])
    return tuple(one.contract_id for one in found if one.contract_id is not None)


async def settle_again(desk: Desk, records: Records, right: PutRight) -> None:
    """Settle the months that may owe something else now, in the caller's transaction.

    These are the months that have credits, since what was put right, and those in which a clock
    broke before or breaks now. The caller holds the contracts. What was rejected stays so; a
    contract whose fee includes tax has no base, and nothing is computed for it (R-CMP 7).
    """
    zone = ZoneInfo((await records.agencies.agency()).zone)
    moved = await _months_moved(records, right.moves, zone)
    since = Month.of(right.since, zone)
    for contract_id in sorted(right.contract_ids):
        with_credits = await records.credits.months_with_credits(contract_id, since)
        for month in sorted({*with_credits, *moved.get(contract_id, ())}):
            await _settle(desk, records, contract_id, month)


async def _settle(desk: Desk, records: Records, contract_id: ContractId, month: Month) -> None:
    contract = await records.contracts.contract_to_change(contract_id)
    assert contract is not None  # noqa: S101 - the caller holds it
    try:
        await settled_again(desk, records, contract, month, CreditDeed(desk.now(), SYSTEM, ""))
    except FeeIncludesTax:
        return


async def _months_moved(
    records: Records, moves: tuple[MovedClock, ...], zone: ZoneInfo
) -> dict[ContractId, set[Month]]:
    """Return the months in which clocks broke before or break now, by the contract."""
    tickets = await records.tickets_in_bulk.tickets(sorted({move.ticket_id for move in moves}))
    contracts = {ticket.id: ticket.contract_id for ticket in tickets}
    found: dict[ContractId, set[Month]] = {}
    for move in moves:
        contract_id = contracts[move.ticket_id]
        for standing in (move.before, move.after):
            broken_at = None if standing is None else standing.breached_at
            if contract_id is not None and broken_at is not None:
                found.setdefault(contract_id, set()).add(Month.of(broken_at, zone))
    return found
