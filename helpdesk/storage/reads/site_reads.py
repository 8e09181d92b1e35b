"""What stands beside a site: figures, announced work, and what was done and seen there."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from helpdesk.domain.ids import SiteId
from helpdesk.domain.month import Month
from helpdesk.domain.period import Period
from helpdesk.domain.site_record import SiteRecordKind
from helpdesk.storage.reads.loader import LoadBeside, Loader
from helpdesk.storage.reads.noun_table import Beside
from helpdesk.storage.reads.uptime_reads import read_site_availability
from helpdesk.usecases.ports import Records
from helpdesk.usecases.read_models import Branch, Thing, Wanted
from helpdesk.usecases.shown_uptime import record_thing, work_thing

MOST_RECORDS = 200
"""How many records of a kind are shown of a site at most, the latest."""

_EVER = Period(datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))


def _records_of(kind: SiteRecordKind) -> LoadBeside:
    async def load(loader: Loader, sites: Sequence[Thing], branch: Branch, wanted: Wanted) -> None:
        del wanted  # records have no neighbours
        ids = [SiteId(site.id) for site in sites]
        async with loader.records() as records:
            period = await _period(records, branch)
            told = await records.site_records.records(ids, [kind], period)
        found: dict[str, list[Thing]] = {site_id: [] for site_id in ids}
        for record in reversed(told):
            found[record.site_id].append(record_thing(record))
        for site in sites:
            site.keep(branch, found[site.id][:MOST_RECORDS])

    return load


async def _read_maintenance(
    loader: Loader, sites: Sequence[Thing], branch: Branch, wanted: Wanted
) -> None:
    del wanted  # announced work has no neighbours
    ids = [SiteId(site.id) for site in sites]
    async with loader.records() as records:
        period = await _period(records, branch) or _EVER
        planned = await records.incidents.maintenance(ids, period)
    found: dict[str, list[Thing]] = {site_id: [] for site_id in ids}
    for work in reversed(planned):
        found[work.maintenance.site_id].append(work_thing(work))
    for site in sites:
        site.keep(branch, found[site.id][:MOST_RECORDS])


async def _period(records: Records, branch: Branch) -> Period | None:
    """Return the month that was asked for in the agency's zone; None when none was."""
    asked = dict(branch.ask) if isinstance(branch.ask, tuple) else {}
    month = asked.get("month")
    if not isinstance(month, Month):
        return None
    zone = ZoneInfo((await records.agencies.agency()).zone)
    return Period(month.starts_at(zone), month.following.starts_at(zone))


CARE_OF_A_SITE: Mapping[str, Beside] = {
    "availability": Beside(read_site_availability, ("id", "client_id")),
    "maintenance": Beside(_read_maintenance),
    "updates": Beside(_records_of(SiteRecordKind.UPDATE)),
    "backups": Beside(_records_of(SiteRecordKind.BACKUP)),
    "restore_tests": Beside(_records_of(SiteRecordKind.RESTORE_TEST)),
    "certificates": Beside(_records_of(SiteRecordKind.CERTIFICATE)),
    "vulnerabilities": Beside(_records_of(SiteRecordKind.VULNERABILITY)),
    "performance": Beside(_records_of(SiteRecordKind.PERFORMANCE)),
    "checks": Beside(_records_of(SiteRecordKind.CHECK)),
}
