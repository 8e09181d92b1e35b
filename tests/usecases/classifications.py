"""What Alice makes of Bruno's requests."""

from datetime import datetime
from typing import Any

from helpdesk.domain.classification import RequestNature
from helpdesk.domain.exclusion import (
    Evidence,
    EvidenceKind,
    ExclusionCause,
    InterventionAuthor,
)
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.classification_ports import (
    ClassifiedTicket,
    SiteIntervention,
    TicketExclusion,
)
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
from helpdesk.usecases.exclude_ticket import ExcludeTicket, exclude_ticket
from tests.factories import AGENCY_ID, BRUNOS_CLIENT, at
from tests.usecases.world import World

LOG = Evidence(EvidenceKind.ACTIVITY_LOG, "wp-activity #4411", at("07-05 22:10"))
FRIDAY = at("07-03 12:00")


async def classify(
    world: World, ticket: Ticket, nature: RequestNature = RequestNature.BUG, **facts: Any
) -> ClassifiedTicket:
    """Return what the rules make of a request. Any: the fields of the request."""
    request = ClassifyTicket(ticket.id, nature, **facts)
    return await classify_ticket(world.desk, viewer=world.alice, request=request)


async def confirm(world: World, ticket: Ticket, **decision: Any) -> ClassifiedTicket:
    """Return what Alice decides. Any: likewise."""
    request = ConfirmClassification(ticket.id, **decision)
    return await confirm_classification(world.desk, viewer=world.alice, request=request)


async def contest(world: World, ticket: Ticket, reason: str = "It worked") -> ClassifiedTicket:
    """Return what Bruno contests."""
    request = ContestClassification(ticket.id, reason)
    return await contest_classification(world.desk, viewer=world.bruno, request=request)


async def declared(world: World, when: datetime = FRIDAY, **changes: Any) -> SiteIntervention:
    """Return a change that Bruno's son makes on the site. Any: likewise."""
    by = changes.pop("by", InterventionAuthor.CLIENT)
    request = DeclareIntervention("A new plugin", when, by, client_id=BRUNOS_CLIENT, **changes)
    return await declare_intervention(world.desk, viewer=world.alice, request=request)


async def exclude(
    world: World,
    ticket: Ticket,
    cause: ExclusionCause = ExclusionCause.HOSTING_FAILURE,
    **changes: Any,
) -> TicketExclusion:
    """Return the exclusion of a ticket by Alice. Any: likewise."""
    request = ExcludeTicket(
        ticket_id=ticket.id,
        cause=cause,
        explanation=changes.pop("explanation", "The server was down."),
        began_at=changes.pop("began_at", at("07-05 20:00")),
        evidence=changes.pop("evidence", (LOG,)),
        **changes,
    )
    return await exclude_ticket(world.desk, viewer=world.alice, request=request)


async def steps(world: World, ticket: Ticket) -> tuple[ClassifiedTicket, ...]:
    """Return every step of a classification as the database has it."""
    async with world.desk.store.reading(AGENCY_ID) as records:
        return await records.classifications.history(ticket.id)


async def latest(world: World, ticket: Ticket) -> ClassifiedTicket | None:
    """Return the one that holds."""
    async with world.desk.store.reading(AGENCY_ID) as records:
        return await records.classifications.latest(ticket.id)
