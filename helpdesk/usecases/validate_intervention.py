"""A person of the agency agrees to a change that others are about to make."""

from dataclasses import dataclass, replace
from typing import ClassVar

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import InterventionId
from helpdesk.usecases.classification_ports import SiteIntervention
from helpdesk.usecases.desk import Desk


class ValidationNeedsPerson(HelpdeskError):
    """Who validates a change answers for what follows from it."""

    code: ClassVar[ErrorCode] = ErrorCode.FORBIDDEN
    english: ClassVar[str] = (
        "Only a person of the agency validates an intervention: {name} is none."
    )
    french: ClassVar[str] = (
        "Seule une personne de l'agence valide une intervention : {name} n'en est pas une."
    )


class InterventionDone(HelpdeskError):
    """A validation is given beforehand: afterwards the agency could only make a gesture."""

    code: ClassVar[ErrorCode] = ErrorCode.TRANSITION_REFUSED
    english: ClassVar[str] = (
        "“{what}” was done at {at}: what is done cannot be validated; lift the exclusion instead."
    )
    french: ClassVar[str] = (
        "« {what} » date du {at} : ce qui est fait ne se valide plus ; levez plutôt l'exclusion."
    )


@dataclass(frozen=True, slots=True)
class ValidateIntervention:
    """Which intervention."""

    intervention_id: InterventionId


async def validate_intervention(
    desk: Desk, *, viewer: Viewer, request: ValidateIntervention
) -> SiteIntervention:
    """Validate an intervention to come and return it; the first validation stands.

    Raises NotFound, AgencyOnly, ScopeMissing, ValidationNeedsPerson, InterventionDone.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        kept = await records.classifications.intervention(request.intervention_id)
        if kept is None or not viewer.sees_client(kept.client_id):
            raise NotFound(
                path=("interventionId",), what="Intervention", id=request.intervention_id
            )
        viewer.require_agency(Scope.TICKETS_WRITE)
        if not viewer.actor.is_human_agent:
            raise ValidationNeedsPerson(name=viewer.name)
        intervention = kept.intervention
        if intervention.is_covered:
            return kept
        if intervention.at <= desk.now():
            raise InterventionDone(what=intervention.what, at=intervention.at.isoformat())
        agreed = replace(intervention, validated_by=viewer.name)
        validated = replace(kept, intervention=agreed, validated_at=desk.now())
        await records.classifications.validate(validated)
        return validated
