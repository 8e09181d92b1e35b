"""A contract gets the allowance of a period: what its plan gives, once."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.access import Actor, Viewer
from helpdesk.domain.contract import Contract
from helpdesk.domain.ids import ContractId
from helpdesk.domain.retainer_entry import Entry, LotSource, LotTerms, Posting
from helpdesk.domain.retainer_lots import open_lot
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records
from helpdesk.usecases.require_manager import require_manager
from helpdesk.usecases.retainer_ports import BookAsk
from helpdesk.usecases.retainer_step import book_to_move, visible_contract

PLAN = "plan"


@dataclass(frozen=True, slots=True)
class GrantAllowance:
    """Of which book, how much, and an instant of the period; None for the one of today.

    `name` tells the grants of one period apart, such as what an upgrade adds.
    """

    contract_id: ContractId
    unit: RetainerUnit
    quantity: int
    period_of: datetime | None = None
    reason: str = ""
    name: str = PLAN


async def grant_allowance(
    desk: Desk, *, viewer: Viewer, request: GrantAllowance
) -> tuple[Entry, ...]:
    """Grant the allowance of a period and return its entry; the same one when asked again.

    Raises NotFound, AgencyOnly, ManagersOnly, RetainerMissing, QuantityNotPositive,
    EntryInClosedPeriod, and KeyReused for another quantity.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        contract = await visible_contract(records, viewer, request.contract_id)
        await require_manager(records, viewer)
        return await granted_allowance(desk, records, contract, request, actor=viewer.actor)


async def granted_allowance(
    desk: Desk, records: Records, contract: Contract, request: GrantAllowance, *, actor: Actor
) -> tuple[Entry, ...]:
    """Grant the allowance of a period within a transaction, and return its entry.

    It can be used until the period ends. Its key is its name and the period, so it is granted once.
    Raises as `grant_allowance` does.
    """
    ask = BookAsk(contract.id, request.unit)
    now = desk.now()
    periods = (await book_to_move(records, contract, ask)).book.terms.periods
    period = periods.period_of(now if request.period_of is None else request.period_of)
    key = f"{request.name}:{period.start.isoformat()}"
    kept = await book_to_move(records, contract, BookAsk(contract.id, request.unit, key))
    posting = Posting(actor, now, period.start, request.reason, request.name, key)
    terms = LotTerms(LotSource.PLAN, period.start, period.end)
    entries = open_lot(kept.book, posting, request.quantity, terms)
    if key not in kept.book.answers:
        await records.retainer.append(kept, entries)
    return entries
