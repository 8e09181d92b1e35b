"""An incident, a hook with a call, announced work and a record for each client's site."""

from datetime import UTC, datetime, timedelta

from helpdesk.domain.access import Viewer
from helpdesk.domain.availability import Maintenance, ProbeWatch
from helpdesk.domain.ids import (
    IncidentId,
    MaintenanceId,
    MonitoringHookId,
    SignalId,
    SiteId,
    SiteRecordId,
)
from helpdesk.domain.incident import Incident, recorded
from helpdesk.domain.monitoring import MonitoringHook, MonitoringTool, Signal
from helpdesk.domain.period import Period
from helpdesk.domain.site_record import Environment, SiteRecord, Update
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.uptime_clause import OutageReason
from helpdesk.domain.webhook import secret_of
from helpdesk.usecases.availability_ports import PlannedWork, RecordedWatch
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.read_models import Noun

JULY = datetime(2026, 7, 1, 7, tzinfo=UTC)
DAY = timedelta(days=1)


async def add_site_care(desk: Desk, agent: Viewer, name: str, ticket: Ticket) -> dict[Noun, str]:
    """Add them past the verbs and return the identities of those that have one."""
    site_id = SiteId(f"site-{name}")
    hook = MonitoringHook(
        MonitoringHookId(f"hook-{name}"),
        agent.agency_id,
        f"Hook of {name}",
        MonitoringTool.GENERIC,
        secret_of(name),
        JULY,
        site_id,
    )
    signal = Signal(
        SignalId(f"signal-{name}"),
        agent.agency_id,
        hook.id,
        f"call of {name}",
        "proof",
        f"{name} is down",
        "",
        JULY,
    )
    incident = Incident(
        id=IncidentId(f"incident-{name}"),
        agency_id=agent.agency_id,
        site_id=site_id,
        source=hook.source,
        began_at=JULY,
        ended_at=JULY + timedelta(hours=1),
        reason=OutageReason.UNKNOWN,
        title=f"{name} is down",
        ticket_id=ticket.id,
    )
    window = Period(JULY + DAY, JULY + 2 * DAY)
    work = PlannedWork(
        MaintenanceId(f"maintenance-{name}"),
        Maintenance(site_id, window, JULY),
        f"Work for {name}",
        agent.actor,
    )
    record = SiteRecord(
        id=SiteRecordId(f"record-{name}"),
        agency_id=agent.agency_id,
        site_id=site_id,
        at=JULY,
        fact=Update(f"Plugin of {name}", "1.0", "1.1", Environment.PRODUCTION, JULY - 4 * DAY),
        recorded_at=JULY,
        recorded_by=agent.actor,
    )
    watch = ProbeWatch(site_id, hook.source, JULY - DAY, None)
    async with desk.store.transaction(agent.agency_id) as records:
        await records.monitoring.add_hook(hook)
        await records.monitoring.add_signal(signal)
        await records.incidents.add(recorded(incident, at=JULY + DAY, actor=agent.actor))
        await records.incidents.add_work(work)
        await records.incidents.add_watch(RecordedWatch(f"watch-{name}", watch, JULY, agent.actor))
        await records.site_records.add(record)
    return {
        Noun.INCIDENT: incident.id,
        Noun.MONITORING_HOOK: hook.id,
        Noun.MONITORING_SIGNAL: signal.id,
    }
