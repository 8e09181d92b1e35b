"""What can be said of the availability of a site."""

from datetime import datetime

import strawberry

from helpdesk.domain.ids import IncidentId, MaintenanceId, SiteId
from helpdesk.domain.uptime_clause import OutageReason
from helpdesk.graphql.availability import Incident
from helpdesk.graphql.fields import attribute, optional
from helpdesk.graphql.global_ids import id_of
from helpdesk.graphql.mutating import IDEMPOTENCY_KEY, MutationInput, Outcome, payload
from helpdesk.graphql.request import Request
from helpdesk.graphql.site import Site
from helpdesk.usecases.change_incident import (
    CorrectIncident,
    EndIncident,
    WithdrawIncident,
    correct_incident,
    end_incident,
    withdraw_incident,
)
from helpdesk.usecases.plan_maintenance import (
    AnnounceMaintenance,
    CancelMaintenance,
    announce_maintenance,
    cancel_maintenance,
)
from helpdesk.usecases.read_models import Noun
from helpdesk.usecases.record_incident import BY_HAND, RecordIncident, record_incident
from helpdesk.usecases.record_watch import RecordWatch, record_watch


@strawberry.input(description="A site was not available.")
class RecordIncidentInput(MutationInput):
    """A site was not available."""

    site_id: strawberry.ID = attribute("The site.")
    began_at: datetime = attribute("When it began.")
    title: str = attribute("What was wrong, in a few words.")
    ended_at: datetime | None = optional("When it ended; left out while it lasts.")
    reason: OutageReason = optional("Why, as far as it is known.", default=OutageReason.UNKNOWN)
    source: str = optional(
        "Who or what noticed it; one source tells of an instant once.", default=BY_HAND
    )
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="An incident is over.")
class EndIncidentInput(MutationInput):
    """An incident is over."""

    incident_id: strawberry.ID = attribute("The incident.")
    ended_at: datetime | None = optional("When it ended; now if left out.")


@strawberry.input(description="An incident was otherwise; what is left out stays as it was said.")
class CorrectIncidentInput(MutationInput):
    """An incident was otherwise."""

    incident_id: strawberry.ID = attribute("The incident.")
    explanation: str = attribute("What shows it; the client may read it.")
    began_at: datetime | None = optional("When it began after all.")
    ended_at: datetime | None = optional("When it ended after all.")
    is_open: bool = optional("Whether it lasts after all.", default=False)
    reason: OutageReason | None = optional("Why the site was not available after all.")


@strawberry.input(description="An incident never was.")
class WithdrawIncidentInput(MutationInput):
    """An incident never was."""

    incident_id: strawberry.ID = attribute("The incident.")
    explanation: str = attribute("What shows it; the client may read it.")


@strawberry.input(description="A site will be worked on.")
class AnnounceMaintenanceInput(MutationInput):
    """A site will be worked on."""

    site_id: strawberry.ID = attribute("The site.")
    starts_at: datetime = attribute("When the work begins.")
    ends_at: datetime = attribute("When it ends.")
    what: str = attribute("What is done, for the client to read.")


@strawberry.input(description="Work that was announced will not be.")
class CancelMaintenanceInput(MutationInput):
    """Work that was announced will not be."""

    maintenance_id: strawberry.ID = attribute("The work, as `Site.maintenance` names it.")


@strawberry.input(description="A probe watches a site, did so, or failed to.")
class RecordProbeWatchInput(MutationInput):
    """A probe watches a site, did so, or failed to."""

    site_id: strawberry.ID = attribute("The site.")
    source: str = attribute("Which probe.")
    began_at: datetime = attribute("Since when.")
    ended_at: datetime | None = optional("Until when; left out while it lasts.")
    is_gap: bool = optional("Whether it did not watch then, although it does.", default=False)


_INCIDENT = (Incident, "The incident.")
_SITE = (Site, "The site.")

RecordIncidentPayload = payload(
    "RecordIncidentPayload", "An incident that was written down.", incident=_INCIDENT
)
EndIncidentPayload = payload("EndIncidentPayload", "An incident that is over.", incident=_INCIDENT)
CorrectIncidentPayload = payload(
    "CorrectIncidentPayload", "An incident that was put right.", incident=_INCIDENT
)
WithdrawIncidentPayload = payload(
    "WithdrawIncidentPayload", "An incident that was taken back.", incident=_INCIDENT
)
AnnounceMaintenancePayload = payload(
    "AnnounceMaintenancePayload", "Work that was announced.", site=_SITE
)
CancelMaintenancePayload = payload(
    "CancelMaintenancePayload", "Work that was called off.", site=_SITE
)
RecordProbeWatchPayload = payload(
    "RecordProbeWatchPayload", "A watch, or a gap, that was written down.", site=_SITE
)


async def incident_recorded(request: Request, given: RecordIncidentInput) -> Outcome:
    """Write an incident down."""
    asked = RecordIncident(
        site_id=site_given(given.site_id),
        began_at=given.began_at,
        title=given.title,
        ended_at=given.ended_at,
        reason=given.reason,
        source=given.source,
        idempotency_key=given.idempotency_key,
    )
    incident = await record_incident(request.desk, viewer=request.viewer, request=asked)
    return {"incident": incident.id}


async def incident_ended(request: Request, given: EndIncidentInput) -> Outcome:
    """Write down that an incident is over."""
    asked = EndIncident(_incident(given.incident_id), given.ended_at)
    incident = await end_incident(request.desk, viewer=request.viewer, request=asked)
    return {"incident": incident.id}


async def incident_corrected(request: Request, given: CorrectIncidentInput) -> Outcome:
    """Write down what an incident was after all."""
    asked = CorrectIncident(
        incident_id=_incident(given.incident_id),
        explanation=given.explanation,
        began_at=given.began_at,
        ended_at=given.ended_at,
        is_open=given.is_open,
        reason=given.reason,
    )
    incident = await correct_incident(request.desk, viewer=request.viewer, request=asked)
    return {"incident": incident.id}


async def incident_withdrawn(request: Request, given: WithdrawIncidentInput) -> Outcome:
    """Write down that an incident never was."""
    asked = WithdrawIncident(_incident(given.incident_id), given.explanation)
    incident = await withdraw_incident(request.desk, viewer=request.viewer, request=asked)
    return {"incident": incident.id}


async def maintenance_announced(request: Request, given: AnnounceMaintenanceInput) -> Outcome:
    """Announce work on a site."""
    asked = AnnounceMaintenance(
        site_given(given.site_id), given.starts_at, given.ends_at, given.what
    )
    work = await announce_maintenance(request.desk, viewer=request.viewer, request=asked)
    return {"site": work.maintenance.site_id}


async def maintenance_cancelled(request: Request, given: CancelMaintenanceInput) -> Outcome:
    """Call work off."""
    asked = CancelMaintenance(MaintenanceId(given.maintenance_id))
    site_id = await cancel_maintenance(request.desk, viewer=request.viewer, request=asked)
    return {"site": site_id}


async def watch_recorded(request: Request, given: RecordProbeWatchInput) -> Outcome:
    """Write a watch down, or a gap."""
    asked = RecordWatch(
        site_id=site_given(given.site_id),
        source=given.source,
        began_at=given.began_at,
        ended_at=given.ended_at,
        is_gap=given.is_gap,
    )
    watch = await record_watch(request.desk, viewer=request.viewer, request=asked)
    return {"site": watch.site_id}


def site_given(given: strawberry.ID) -> SiteId:
    """Return the site that an input names. Raises IdMalformed and IdOfOtherType."""
    return SiteId(id_of(Noun.SITE, given, path=("siteId",)))


def _incident(given: strawberry.ID) -> IncidentId:
    return IncidentId(id_of(Noun.INCIDENT, given, path=("incidentId",)))
