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
from helpdesk.domain.ticket_life import Occasion
from helpdesk.usecases.classification_ports import ClassifiedTicket
from helpdesk.usecases.classify_ticket import next_step
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.fund_ticket import Decided, fund_decided
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

    The forfait holds what the ticket takes, as of its opening, and a resolved ticket takes it at
    once; what an earlier decision took is given back. Raises NotFound, AgencyOnly, ScopeMissing,
    TicketUnclassified, FundingImpossible, RegressionNotCharged, ClassificationNeedsPerson,
    ClassificationReasonRequired, and InsufficientAllowance where nothing is left and the contract
    does not bill it: but never for a P0.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        ticket = await visible_ticket(records, viewer, request.ticket_id)
        viewer.require_agency(Scope.TICKETS_WRITE)
        latest = await latest_of(records, ticket)
        verdict = decided(latest.classification.verdict, request.coverage, request.funding)
        on, reason = Occasion(desk.now(), viewer.actor), storable(request.reason)
        decision = confirmed(latest.classification, verdict, reason, by=on.actor, at=on.at)
        await fund_decided(desk, records, ticket, Decided(verdict, reason.strip()), on)
        return await next_step(desk, records, ticket, latest, decision, on)


async def latest_of(records: Records, ticket: Ticket) -> ClassifiedTicket:
    """Return the classification that holds. Raises TicketUnclassified."""
    latest = await records.classifications.latest(ticket.id)
    if latest is None:
        raise TicketUnclassified(number=ticket.number)
    return latest
