"""A period of a forfait is closed: what is left is carried over or expires, and nothing moves."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.access import Actor, Viewer
from helpdesk.domain.contract import Contract
from helpdesk.domain.ids import ContractId
from helpdesk.domain.retainer_close import close_period as closed
from helpdesk.domain.retainer_entry import Entry
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.usecases.contract_step import manageable
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records
from helpdesk.usecases.retainer_ports import BookAsk
from helpdesk.usecases.retainer_step import book_to_move
from helpdesk.usecases.turn_periods import closing_of, grant_begun, packs_wait_since


@dataclass(frozen=True, slots=True)
class ClosePeriod:
    """An instant of the period, and of which units; None for every one of the contract."""

    contract_id: ContractId
    period_of: datetime
    unit: RetainerUnit | None = None


async def close_period(desk: Desk, *, viewer: Viewer, request: ClosePeriod) -> tuple[Entry, ...]:
    """Close a period and return the entries that did; none when nothing had to move.

    A period that is closed stays so, and nothing is written again. The one that follows gets its
    allowance if it has begun. Raises NotFound, AgencyOnly,
    ScopeMissing, ManagersOnly, RetainerMissing, PeriodNotOver, PeriodOutOfOrder.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        held = await manageable(desk, records, viewer, request.contract_id)
        entries = await closed_period(
            desk,
            records,
            held.contract,
            request,
            actor=viewer.actor,
            suspended_since=packs_wait_since(held),
        )
        await grant_begun(held)
        return entries


async def closed_period(
    desk: Desk,
    records: Records,
    contract: Contract,
    request: ClosePeriod,
    *,
    actor: Actor,
    suspended_since: datetime | None = None,
) -> tuple[Entry, ...]:
    """Close a period within a transaction and return the entries that did.

    `suspended_since` says since when the contract rests: packs wait for its end. Raises as
    `close_period` does.
    """
    units = (
        await records.retainer.units_of(contract.id) if request.unit is None else (request.unit,)
    )
    written: list[Entry] = []
    for unit in units:
        kept = await book_to_move(records, contract, BookAsk(contract.id, unit))
        period = kept.book.terms.periods.period_of(request.period_of)
        if period.end <= kept.book.open_from:
            continue
        posting = closing_of(period, actor=actor, at=desk.now())
        entries = closed(kept.book, posting, period, suspended_since=suspended_since)
        await records.retainer.append(kept, entries, closed_until=period.end)
        written += entries
    return tuple(written)
