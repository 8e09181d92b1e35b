"""The credits of all contracts of an agency follow what happened, month by month."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from helpdesk.domain.access import Viewer
from helpdesk.domain.compensation_base import FeeIncludesTax
from helpdesk.domain.ids import ContractId
from helpdesk.domain.month import Month
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.require_manager import require_manager
from helpdesk.usecases.settle_breaches import SettleBreaches, settle_breaches

_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SettledAgency:
    """How many credits a settlement added and changed, and which contracts have no base for one."""

    added: int
    changed: int
    taxed: tuple[ContractId, ...]


@dataclass(frozen=True, slots=True)
class ToSettle:
    """Which contracts are settled today, and of which months: the one before, and this one."""

    contract_ids: tuple[ContractId, ...]
    months: tuple[Month, Month]


async def settle_agency(desk: Desk, *, viewer: Viewer) -> SettledAgency:
    """Settle the month before this one and this one for every contract; return what changed.

    Each contract and month is a transaction of its own: to be stopped half way, and to run twice,
    harms nothing. Raises ManagersOnly.
    """
    due = await contracts_to_settle(desk, viewer=viewer)
    added = changed = 0
    taxed: list[ContractId] = []
    for contract_id in due.contract_ids:
        settled = await settle_contract(desk, due.months, viewer=viewer, contract_id=contract_id)
        added += settled.added
        changed += settled.changed
        taxed += settled.taxed
    return SettledAgency(added, changed, tuple(taxed))


async def contracts_to_settle(desk: Desk, *, viewer: Viewer) -> ToSettle:
    """Return the contracts of the agency that something may be owed under, and the months.

    What happened on the last day of a month is settled the day after, and a contract that ended
    once more. Raises ManagersOnly.
    """
    async with desk.store.reading(viewer.agency_id) as records:
        await require_manager(records, viewer)
        zone = ZoneInfo((await records.agencies.agency()).zone)
        present = Month.of(desk.now(), zone)
        before = Month.of(present.starts_at(zone) - _A_DAY, zone)
        since = before.starts_at(zone).astimezone(zone).date()
        return ToSettle(await records.credits.contracts_to_settle(since), (before, present))


async def settle_contract(
    desk: Desk, months: tuple[Month, ...], *, viewer: Viewer, contract_id: ContractId
) -> SettledAgency:
    """Settle months of a contract, each in a transaction of its own, and return what changed.

    A contract whose fee includes tax has no base and is named. Raises as `settle_breaches` does.
    """
    added = changed = 0
    for month in months:
        request = SettleBreaches(contract_id, month)
        try:
            settled = await settle_breaches(desk, viewer=viewer, request=request)
        except FeeIncludesTax:
            return SettledAgency(added, changed, (contract_id,))
        added += len(settled.added)
        changed += len(settled.changed)
    return SettledAgency(added, changed, ())
