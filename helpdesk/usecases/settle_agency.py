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


async def settle_agency(desk: Desk, *, viewer: Viewer) -> SettledAgency:
    """Settle the month before this one and this one for every contract; return what changed.

    What happened on the last day of a month is settled the day after, and a contract that ended
    once more. Each contract and month is a transaction of its own: to be stopped half way, and to
    run twice, harms nothing. Raises ManagersOnly.
    """
    async with desk.store.reading(viewer.agency_id) as records:
        await require_manager(records, viewer)
        zone = ZoneInfo((await records.agencies.agency()).zone)
        present = Month.of(desk.now(), zone)
        before = Month.of(present.starts_at(zone) - _A_DAY, zone)
        since = before.starts_at(zone).astimezone(zone).date()
        contracts = await records.credits.contracts_to_settle(since)
    added = changed = 0
    taxed: dict[ContractId, None] = {}
    for contract_id in contracts:
        for month in (before, present):
            request = SettleBreaches(contract_id, month)
            try:
                settled = await settle_breaches(desk, viewer=viewer, request=request)
            except FeeIncludesTax:
                taxed[contract_id] = None
                continue
            added += len(settled.added)
            changed += len(settled.changed)
    return SettledAgency(added, changed, tuple(taxed))
