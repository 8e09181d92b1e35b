"""A person of the agency answers for a classification; it is final until the client contests it."""

from dataclasses import dataclass
from typing import ClassVar

from helpdesk.domain.access import Scope, Viewer
from helpdesk.domain.classification import Coverage, Funding
from helpdesk.domain.classification_decision import decided
from helpdesk.domain.classification_life import confirmed
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import TicketId
from helpdesk.domain.message import storable
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.classification_ports import ClassifiedTicket
from helpdesk.usecases.classify_ticket import next_step
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records
from helpdesk.usecases.ticket_step import visible_ticket


class TicketUnclassified(HelpdeskError):
    """Only what was proposed can be confirmed or contested."""

    code: ClassVar[ErrorCode] = ErrorCode.TRANSITION_REFUSED
    english: ClassVar[str] = "Nobody classified ticket {number} yet: classifyTicket comes first."
    french: ClassVar[str] = (
        "Personne n'a encore classé le ticket {number} : classifyTicket d'abord."
    )


@dataclass(frozen=True, slots=True)
class ConfirmClassification:
    """The decision: as proposed, unless a coverage or a funding is given, with the reason."""

    ticket_id: TicketId
    reason: str = ""
    coverage: Coverage | None = None
    funding: Funding | None = None


async def confirm_classification(
    desk: Desk, *, viewer: Viewer, request: ConfirmClassification
) -> ClassifiedTicket:
    """Make a classification final and return it; an open dispute is answered by it.

    Raises NotFound, AgencyOnly, ScopeMissing, TicketUnclassified, FundingImpossible,
    ClassificationNeedsPerson, ClassificationReasonRequired.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        ticket = await visible_ticket(records, viewer, request.ticket_id)
        viewer.require_agency(Scope.TICKETS_WRITE)
        latest = await latest_of(records, ticket)
        verdict = decided(latest.classification.verdict, request.coverage, request.funding)
        decision = confirmed(
            latest.classification,
            verdict,
            storable(request.reason),
            by=viewer.actor,
            at=desk.now(),
        )
        return await next_step(records, latest, decision)


async def latest_of(records: Records, ticket: Ticket) -> ClassifiedTicket:
    """Return the classification that holds. Raises TicketUnclassified."""
    latest = await records.classifications.latest(ticket.id)
    if latest is None:
        raise TicketUnclassified(number=ticket.number)
    return latest
