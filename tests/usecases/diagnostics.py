"""Sites that the tests of audits and signals start from."""

from datetime import timedelta
from typing import Any

from helpdesk.domain.audit import Audit, AuditKind
from helpdesk.domain.ids import AuditId, SiteId, SiteRecordId
from helpdesk.domain.signal import Signal, SignalEpisode
from helpdesk.domain.site_record import SiteFact, SiteRecord
from helpdesk.domain.site_sheet import SheetVersion, SiteSheet
from helpdesk.usecases.describe_site import DescribeSite, describe_site
from helpdesk.usecases.start_audit import StartAudit, start_audit
from tests.factories import AGENCY_ID, ALICE
from tests.usecases.world import World

SITE = SiteId("bruno.example")
CHLOES_SITE = SiteId("chloe.example")


async def described(world: World, **fields: Any) -> SheetVersion:  # Any: the fields of the sheet
    """Return a version of the sheet of Bruno's site."""
    request = DescribeSite(SITE, SiteSheet(**fields))
    return await describe_site(world.desk, viewer=world.alice, request=request)


async def started(world: World, kind: AuditKind = AuditKind.CLIENT_AUDIT) -> Audit:
    """Return an audit of Bruno's site that has just begun."""
    return await start_audit(world.desk, viewer=world.alice, request=StartAudit(SITE, kind))


async def kept_audit(world: World, audit_id: AuditId) -> Audit:
    """Return an audit as the database has it."""
    async with world.desk.store.reading(AGENCY_ID) as records:
        audit = await records.diagnostics.audit(audit_id)
    assert audit is not None
    return audit


async def signals_of(world: World, site_id: SiteId = SITE) -> dict[Signal, SignalEpisode]:
    """Return the signals of a site that are up."""
    async with world.desk.store.reading(AGENCY_ID) as records:
        up = await records.diagnostics.signals_up(site_id)
    return {episode.signal: episode for episode in up}


async def recorded(world: World, fact: SiteFact, *, days_ago: int = 0) -> None:
    """Write down what was done on Bruno's site so many days ago."""
    now = world.now()
    record = SiteRecord(
        id=SiteRecordId(world.desk.new_id()),
        agency_id=AGENCY_ID,
        site_id=SITE,
        at=now - timedelta(days=days_ago),
        fact=fact,
        recorded_at=now,
        recorded_by=ALICE,
    )
    async with world.desk.store.transaction(AGENCY_ID) as records:
        await records.site_records.add(record)
