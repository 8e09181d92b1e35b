"""A request is weighed against the contract: the rules propose, and say why."""

from dataclasses import dataclass, replace
from typing import ClassVar

from helpdesk.domain.access import Scope, Viewer
from helpdesk.domain.classification import Request, RequestNature, classified
from helpdesk.domain.classification_life import Classification, proposed
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import TicketId
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.ticket_life import Occasion
from helpdesk.usecases.classification_ports import ClassifiedTicket
from helpdesk.usecases.covering_plan import NOTHING_PROMISED, covering_plan
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records
from helpdesk.usecases.ticket_step import visible_ticket

LONGEST_ESTIMATE = 60 * 24 * 365
"""A year of minutes: more is a slip of the keyboard."""


class EstimateImpossible(HelpdeskError):
    """An estimate decides between run time and a quote, so it is an amount of work."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{minutes} minutes are no estimate: give 0 to {most}."
    french: ClassVar[str] = "{minutes} minutes ne sont pas une estimation : donnez 0 à {most}."


@dataclass(frozen=True, slots=True)
class ClassifyTicket:
    """What is known of the request; `estimate_minutes` is None while nobody weighed the work."""

    ticket_id: TicketId
    nature: RequestNature
    estimate_minutes: int | None = None
    client_agrees_run: bool = False
    is_regression: bool = False


async def classify_ticket(
    desk: Desk, *, viewer: Viewer, request: ClassifyTicket
) -> ClassifiedTicket:
    """Propose a classification by the rules and return it; a person confirms it (R-CLS).

    A standing exclusion counts. A dispute of the client stays open until it is answered. Raises
    NotFound, AgencyOnly, ScopeMissing, EstimateImpossible.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        ticket = await visible_ticket(records, viewer, request.ticket_id)
        viewer.require_agency(Scope.TICKETS_WRITE)
        minutes = request.estimate_minutes
        if minutes is not None and not 0 <= minutes <= LONGEST_ESTIMATE:
            raise EstimateImpossible(
                path=("estimateMinutes",), minutes=minutes, most=LONGEST_ESTIMATE
            )
        asked = Request(
            request.nature,
            minutes,
            client_agrees_run=request.client_agrees_run,
            is_regression=request.is_regression,
        )
        latest = await records.classifications.latest(ticket.id)
        on = Occasion(desk.now(), viewer.actor)
        return await propose(desk, records, ticket, asked, latest, on)


async def propose(  # noqa: PLR0917 - one proposal with all that it takes
    desk: Desk,
    records: Records,
    ticket: Ticket,
    asked: Request,
    latest: ClassifiedTicket | None,
    on: Occasion,
) -> ClassifiedTicket:
    """Append what the rules say now, exclusions included, and return it."""
    standing = await records.classifications.standing_exclusion(ticket.id)
    cause = None if standing is None else standing.exclusion.cause
    asked = replace(asked, exclusion=cause)
    plan = await covering_plan(desk, records, ticket)
    proposal = proposed(classified(asked, plan), by=on.actor, at=on.at)
    if latest is not None:
        proposal = replace(proposal, dispute=latest.classification.dispute)
    plan_code = None if plan is NOTHING_PROMISED else plan.code
    sequence = 1 if latest is None else latest.sequence + 1
    step = ClassifiedTicket(ticket.id, sequence, asked, proposal, plan_code)
    await records.classifications.append(step)
    return step


async def propose_again(
    desk: Desk, records: Records, ticket: Ticket, on: Occasion
) -> ClassifiedTicket | None:
    """Append what the rules say now of a request that was classified; None of one that was not."""
    latest = await records.classifications.latest(ticket.id)
    if latest is None:
        return None
    return await propose(desk, records, ticket, latest.request, latest, on)


async def next_step(
    records: Records, latest: ClassifiedTicket, classification: Classification
) -> ClassifiedTicket:
    """Append a classification that follows from the latest one, and return the step."""
    step = replace(latest, sequence=latest.sequence + 1, classification=classification)
    await records.classifications.append(step)
    return step
