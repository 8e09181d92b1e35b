"""The care of each client's site and contract: a sheet, an audit, signals, reviews, routines."""

from dataclasses import replace
from datetime import UTC, date, datetime

from helpdesk.domain.access import Viewer
from helpdesk.domain.audit import Audit, AuditKind, PointAnswer, answered, completed
from helpdesk.domain.checklist import PointStatus
from helpdesk.domain.emergency import EmergencyContact, EmergencyProcedure, ProcedureVersion
from helpdesk.domain.ids import AuditId, ClientId, ContractId, SignalEpisodeId, SiteId
from helpdesk.domain.month import Month
from helpdesk.domain.review import ReviewMeeting
from helpdesk.domain.routine import PlannedRoutine, RoutineKind
from helpdesk.domain.signal import AuditCall, Signal, SignalChange, SignalEpisode
from helpdesk.domain.site_sheet import SheetVersion, SiteSheet
from helpdesk.domain.ticket import Ticket
from helpdesk.presets.diagnostics import checklist
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.diagnostics_ports import RoutineRun
from helpdesk.usecases.read_models import Noun

JULY = datetime(2026, 7, 1, 7, tzinfo=UTC)
TODAY = date(2026, 7, 1)


async def add_diagnostics(desk: Desk, agent: Viewer, name: str, ticket: Ticket) -> dict[Noun, str]:
    """Add them past the verbs, and return their identities."""
    audit = an_audit(agent, name, ticket)
    site_id, contract_id = audit.site_id, ContractId(f"contract-{name}")
    change = SignalChange(TODAY, JULY, agent.actor, f"seen at {name}'s")
    procedure = EmergencyProcedure(
        (EmergencyContact(f"Host of {name}", "host", phone="1"),), f"roll {name} back", "escalate"
    )
    meeting = ReviewMeeting(contract_id, 1, TODAY, name, f"Minutes of {name}", JULY, agent.actor)
    planned = PlannedRoutine(RoutineKind.BACKUPS, Month(2026, 6), date(2026, 6, 1), TODAY)
    async with desk.store.transaction(agent.agency_id) as records:
        sheet = SiteSheet(cms=f"CMS of {name}", php_supported_until=date(2026, 12, 31))
        await records.diagnostics.add_sheet(SheetVersion(site_id, 1, sheet, JULY, agent.actor))
        await records.diagnostics.add_audit(replace(audit, answers=()))
        await records.diagnostics.add_answers(audit.id, 0, *audit.answers)
        await records.diagnostics.complete(audit)
        await records.diagnostics.raise_signal(
            SignalEpisode(SignalEpisodeId(f"up-{name}"), site_id, Signal.NO_STAGING, change)
        )
        await records.diagnostics.raise_signal(
            SignalEpisode(
                SignalEpisodeId(f"down-{name}"), site_id, Signal.NO_SLA, change, cleared=change
            )
        )
        await records.diagnostics.add_call(AuditCall(site_id, TODAY, JULY), ticket.id)
        await records.care.add_procedure(
            ProcedureVersion(contract_id, 1, procedure, JULY, agent.actor)
        )
        await records.care.add_meeting(meeting)
        await records.care.add_run(RoutineRun(contract_id, planned, ticket.id, JULY))
    return {Noun.AUDIT: audit.id}


def an_audit(agent: Viewer, name: str, ticket: Ticket) -> Audit:
    """Return a completed audit of a site that was made for its client."""
    audit = Audit(
        id=AuditId(f"audit-{name}"),
        agency_id=agent.agency_id,
        client_id=ClientId(ticket.client_id),
        site_id=SiteId(f"site-{name}"),
        kind=AuditKind.CLIENT_AUDIT,
        checklist=checklist(),
        started_on=TODAY,
        started_at=JULY,
        started_by=agent.actor,
    )
    for code in ("A1", "A3"):
        answer = PointAnswer(
            point=code,
            status=PointStatus.GREEN if code == "A1" else PointStatus.RED,
            on=TODAY,
            expires_on=date(2027, 7, 1),
            at=JULY,
            by=agent.actor,
            evidence=f"seen at {name}'s",
        )
        audit = answered(audit, answer)
    return completed(audit, on=TODAY, at=JULY, by=agent.actor)
