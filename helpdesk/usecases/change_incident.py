"""What is said of an incident later: that it ended, was otherwise, or never was."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.ids import IncidentId
from helpdesk.domain.incident import (
    Incident,
    IncidentChange,
    IncidentCorrection,
    corrected,
    ended,
    withdrawn,
)
from helpdesk.domain.message import BODY_LIMIT, storable
from helpdesk.domain.uptime_clause import OutageReason
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.record_incident import require_told_once


@dataclass(frozen=True, slots=True)
class EndIncident:
    """An incident that is over; `ended_at` is None for just now."""

    incident_id: IncidentId
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CorrectIncident:
    """What an incident was after all; what is None stays, and the explanation says what shows it.

    `is_open` takes its end back, for an outage that lasts after all.
    """

    incident_id: IncidentId
    explanation: str
    began_at: datetime | None = None
    ended_at: datetime | None = None
    is_open: bool = False
    reason: OutageReason | None = None


@dataclass(frozen=True, slots=True)
class WithdrawIncident:
    """An incident that never was."""

    incident_id: IncidentId
    explanation: str


async def end_incident(desk: Desk, *, viewer: Viewer, request: EndIncident) -> Incident:
    """Write down that an incident is over, and return it.

    Raises AgencyOnly, ScopeMissing, NotFound, IncidentEnded, IncidentWithdrawn, IncidentReversed,
    IncidentToCome.
    """
    return await _changed(
        desk,
        viewer,
        request.incident_id,
        lambda incident, at: ended(incident, request.ended_at or at, at=at, actor=viewer.actor),
    )


async def correct_incident(desk: Desk, *, viewer: Viewer, request: CorrectIncident) -> Incident:
    """Write down what an incident was after all, and return it; what was said before is kept.

    Raises AgencyOnly, ScopeMissing, NotFound, IncidentExplanationRequired, IncidentWithdrawn,
    IncidentReversed, IncidentToCome, IncidentsOverlap.
    """

    def change(incident: Incident, at: datetime) -> IncidentChange:
        end = None if request.is_open else request.ended_at or incident.ended_at
        correction = IncidentCorrection(
            request.began_at or incident.began_at,
            end,
            request.reason or incident.reason,
            storable(request.explanation)[:BODY_LIMIT],
        )
        return corrected(incident, correction, at=at, actor=viewer.actor)

    return await _changed(desk, viewer, request.incident_id, change)


async def withdraw_incident(desk: Desk, *, viewer: Viewer, request: WithdrawIncident) -> Incident:
    """Write down that an incident never was, and return it; it counts nowhere from now on.

    Raises AgencyOnly, ScopeMissing, NotFound, IncidentExplanationRequired, IncidentWithdrawn.
    """
    why = storable(request.explanation)[:BODY_LIMIT]
    return await _changed(
        desk,
        viewer,
        request.incident_id,
        lambda incident, at: withdrawn(incident, why, at=at, actor=viewer.actor),
    )


async def _changed(
    desk: Desk,
    viewer: Viewer,
    incident_id: IncidentId,
    change: Callable[[Incident, datetime], IncidentChange],
) -> Incident:
    async with desk.store.transaction(viewer.agency_id) as records:
        viewer.require_agency(Scope.TICKETS_WRITE)
        incident = await records.incidents.incident(incident_id)
        if incident is None:
            raise NotFound(path=("incidentId",), what="Incident", id=incident_id)
        after = change(incident, desk.now())
        if not after.incident.is_withdrawn and incident.external_key is None:
            # Two probes of one tool may see the same outage; people are asked which one they mean.
            await require_told_once(records, after.incident)
        await records.incidents.save(after)
        return after.incident
