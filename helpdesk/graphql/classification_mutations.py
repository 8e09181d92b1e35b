"""What can be done about classifications, exclusions and interventions."""

from datetime import date, datetime

import strawberry

from helpdesk.domain.classification import Coverage, Funding, RequestNature
from helpdesk.domain.exclusion import Evidence as Trace
from helpdesk.domain.exclusion import EvidenceKind, ExclusionCause, InterventionAuthor
from helpdesk.domain.ids import ClientId, ExclusionId, InterventionId, SiteId
from helpdesk.graphql.classification import Exclusion, Intervention
from helpdesk.graphql.fields import attribute, optional
from helpdesk.graphql.global_ids import id_of
from helpdesk.graphql.mutating import MutationInput, Outcome, payload
from helpdesk.graphql.request import Request
from helpdesk.graphql.ticket import Ticket
from helpdesk.graphql.ticket_mutations import ticket_of
from helpdesk.usecases.classify_ticket import ClassifyTicket, classify_ticket
from helpdesk.usecases.confirm_classification import (
    ConfirmClassification,
    confirm_classification,
)
from helpdesk.usecases.contest_classification import (
    ContestClassification,
    contest_classification,
)
from helpdesk.usecases.declare_intervention import DeclareIntervention, declare_intervention
from helpdesk.usecases.exclude_ticket import (
    ExcludeTicket,
    LiftExclusion,
    exclude_ticket,
    lift_exclusion,
)
from helpdesk.usecases.read_models import Noun
from helpdesk.usecases.validate_intervention import ValidateIntervention, validate_intervention

_TICKET_ID = "The ticket."


@strawberry.input(description="What is known of a request that is weighed against the contract.")
class ClassifyTicketInput(MutationInput):
    """What is known of a request."""

    ticket_id: strawberry.ID = attribute(_TICKET_ID)
    nature: RequestNature = attribute("What it asks for.")
    estimate_minutes: int | None = optional("How long the work takes, if somebody weighed it.")
    client_agrees_run: bool = optional(
        "Whether the client agrees to spend run time on it.", default=False
    )
    is_regression: bool = optional("Whether the agency broke it.", default=False)


@strawberry.input(description="The decision of a person of the agency.")
class ConfirmClassificationInput(MutationInput):
    """The decision of a person of the agency."""

    ticket_id: strawberry.ID = attribute(_TICKET_ID)
    coverage: Coverage | None = optional("Where it stands; as proposed unless said.")
    funding: Funding | None = optional("What pays; as proposed, or as usual, unless said.")
    reason: str = optional(
        "Why; required where the decision departs from the rules or answers the client.", ""
    )


@strawberry.input(description="Why a classification is wrong.")
class ContestClassificationInput(MutationInput):
    """Why a classification is wrong."""

    ticket_id: strawberry.ID = attribute(_TICKET_ID)
    reason: str = attribute("Why; the agency answers it.")


@strawberry.input(description="A change that others than the agency make on a site.")
class DeclareInterventionInput(MutationInput):
    """A change that others make on a site."""

    what: str = attribute("What is done.")
    at: datetime = attribute("When it is done.")
    by: InterventionAuthor = attribute("By whom.")
    client_id: strawberry.ID | None = optional(
        "Whose site it is; a client declares for himself, and a site says it too."
    )
    site_id: strawberry.ID | None = optional("The site.")
    detected_by: EvidenceKind | None = optional("What detected it, where nobody told it.")


@strawberry.input(description="An intervention to agree to.")
class ValidateInterventionInput(MutationInput):
    """An intervention to agree to."""

    intervention_id: strawberry.ID = attribute("The intervention, which is still to come.")


@strawberry.input(description="A trace that others can check.")
class EvidenceInput:
    """A trace that others can check."""

    kind: EvidenceKind = attribute("What it is.")
    reference: str = attribute("Where it is.")
    at: datetime = attribute("The instant that it shows.")


@strawberry.input(description="A cause outside maintenance, with what shows it.")
class ExcludeTicketInput(MutationInput):
    """A cause outside maintenance, with what shows it."""

    ticket_id: strawberry.ID = attribute(_TICKET_ID)
    cause: ExclusionCause = attribute("Which cause.")
    explanation: str = attribute("How it led to the trouble; the client reads it.")
    began_at: datetime = attribute("When the trouble began.")
    evidence: list[EvidenceInput] = attribute("What shows it: one piece at least.")
    intervention_id: strawberry.ID | None = optional(
        "The intervention that led to it; required for the causes that are interventions."
    )
    seen_on: date | None = optional(
        "The local day on which a trouble that pre-exists was seen, before the contract began."
    )


@strawberry.input(description="An exclusion to lift as a gesture.")
class LiftExclusionInput(MutationInput):
    """An exclusion to lift as a gesture."""

    exclusion_id: strawberry.ID = attribute("The exclusion.")
    reason: str = attribute("Why.")


_AFTER = (Ticket, "The ticket with its classification.")
ClassifyTicketPayload = payload(
    "ClassifyTicketPayload", "A ticket that was weighed against the contract.", ticket=_AFTER
)
ConfirmClassificationPayload = payload(
    "ConfirmClassificationPayload", "A classification that is final.", ticket=_AFTER
)
ContestClassificationPayload = payload(
    "ContestClassificationPayload", "A classification that the client contests.", ticket=_AFTER
)
DeclareInterventionPayload = payload(
    "DeclareInterventionPayload",
    "An intervention that was written down.",
    intervention=(Intervention, "The intervention."),
)
ValidateInterventionPayload = payload(
    "ValidateInterventionPayload",
    "An intervention that the agency agreed to.",
    intervention=(Intervention, "The intervention."),
)
ExcludeTicketPayload = payload(
    "ExcludeTicketPayload",
    "A request that is excluded from maintenance.",
    exclusion=(Exclusion, "The exclusion."),
)
LiftExclusionPayload = payload(
    "LiftExclusionPayload",
    "An exclusion that was lifted.",
    exclusion=(Exclusion, "The exclusion."),
)


async def ticket_classified(request: Request, given: ClassifyTicketInput) -> Outcome:
    """Propose a classification."""
    asked = ClassifyTicket(
        ticket_of(given.ticket_id),
        given.nature,
        given.estimate_minutes,
        client_agrees_run=given.client_agrees_run,
        is_regression=given.is_regression,
    )
    step = await classify_ticket(request.desk, viewer=request.viewer, request=asked)
    return {"ticket": step.ticket_id}


async def classification_confirmed(request: Request, given: ConfirmClassificationInput) -> Outcome:
    """Make a classification final."""
    asked = ConfirmClassification(
        ticket_of(given.ticket_id), given.reason, given.coverage, given.funding
    )
    step = await confirm_classification(request.desk, viewer=request.viewer, request=asked)
    return {"ticket": step.ticket_id}


async def classification_contested(request: Request, given: ContestClassificationInput) -> Outcome:
    """Contest a classification."""
    asked = ContestClassification(ticket_of(given.ticket_id), given.reason)
    step = await contest_classification(request.desk, viewer=request.viewer, request=asked)
    return {"ticket": step.ticket_id}


async def intervention_declared(request: Request, given: DeclareInterventionInput) -> Outcome:
    """Write an intervention down."""
    client_id, site_id = given.client_id, given.site_id
    asked = DeclareIntervention(
        what=given.what,
        at=given.at,
        by=given.by,
        client_id=None
        if client_id is None
        else ClientId(id_of(Noun.CLIENT, client_id, path=("clientId",))),
        site_id=None if site_id is None else SiteId(id_of(Noun.SITE, site_id, path=("siteId",))),
        detected_by=given.detected_by,
    )
    declared = await declare_intervention(request.desk, viewer=request.viewer, request=asked)
    return {"intervention": declared.id}


async def intervention_validated(request: Request, given: ValidateInterventionInput) -> Outcome:
    """Agree to an intervention."""
    asked = ValidateIntervention(_intervention(given.intervention_id))
    validated = await validate_intervention(request.desk, viewer=request.viewer, request=asked)
    return {"intervention": validated.id}


async def ticket_excluded(request: Request, given: ExcludeTicketInput) -> Outcome:
    """Exclude a request."""
    named = given.intervention_id
    asked = ExcludeTicket(
        ticket_id=ticket_of(given.ticket_id),
        cause=given.cause,
        explanation=given.explanation,
        began_at=given.began_at,
        evidence=tuple(Trace(one.kind, one.reference, one.at) for one in given.evidence),
        intervention_id=None if named is None else _intervention(named),
        seen_on=given.seen_on,
    )
    excluded = await exclude_ticket(request.desk, viewer=request.viewer, request=asked)
    return {"exclusion": excluded.id}


async def exclusion_lifted(request: Request, given: LiftExclusionInput) -> Outcome:
    """Lift an exclusion."""
    exclusion_id = ExclusionId(id_of(Noun.EXCLUSION, given.exclusion_id, path=("exclusionId",)))
    asked = LiftExclusion(exclusion_id, given.reason)
    lifted = await lift_exclusion(request.desk, viewer=request.viewer, request=asked)
    return {"exclusion": lifted.id}


def _intervention(given: strawberry.ID) -> InterventionId:
    return InterventionId(id_of(Noun.INTERVENTION, given, path=("interventionId",)))
