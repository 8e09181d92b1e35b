"""A request is weighed against the contract: the rules propose, and say why."""

from dataclasses import dataclass, replace
from typing import ClassVar

from helpdesk.domain.access import Scope, Viewer
from helpdesk.domain.classification import ClassificationRule, Request, RequestNature, classified
from helpdesk.domain.classification_facts import classification_told
from helpdesk.domain.classification_life import Classification, proposed
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import TicketId
from helpdesk.domain.retainer_use import InsufficientAllowance
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.ticket_life import Occasion
from helpdesk.usecases.classification_ports import ClassifiedTicket
from helpdesk.usecases.covering_plan import NOTHING_PROMISED, covering_plan
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.fund_ticket import Decided, fund_decided
from helpdesk.usecases.ports import Records
from helpdesk.usecases.ticket_clocks import save_change
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

    Rules that the agency marked as automatic need no person: what it takes is held at once. A
    standing exclusion counts. A dispute of the client stays open until it is answered. Raises
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
    """Append what the rules say now, exclusions included, and return it.

    It is final where the agency marked the rule as automatic, no dispute waits for an answer, and
    the forfait gives what it takes: who pays for what is missing is for a person to decide.
    """
    standing = await records.classifications.standing_exclusion(ticket.id)
    cause = None if standing is None else standing.exclusion.cause
    asked = replace(asked, exclusion=cause)
    plan = await covering_plan(desk, records, ticket)
    verdict = classified(asked, plan)
    dispute = None if latest is None else latest.classification.dispute
    marked = await records.classifications.automatic_rules() if dispute is None else None
    automatic = frozenset[ClassificationRule]() if marked is None else marked.rules
    proposal = proposed(verdict, by=on.actor, at=on.at, automatic=automatic)
    if proposal.decision is not None:
        try:
            await fund_decided(desk, records, ticket, Decided(verdict), on)
        except InsufficientAllowance:
            proposal = proposed(verdict, by=on.actor, at=on.at)
    proposal = replace(proposal, dispute=dispute)
    plan_code = None if plan is NOTHING_PROMISED else plan.code
    sequence = 1 if latest is None else latest.sequence + 1
    step = ClassifiedTicket(ticket.id, sequence, asked, proposal, plan_code)
    return await kept_step(desk, records, ticket, latest, step, on)


async def propose_again(
    desk: Desk, records: Records, ticket: Ticket, on: Occasion
) -> ClassifiedTicket | None:
    """Append what the rules say now of a request that was classified; None of one that was not."""
    latest = await records.classifications.latest(ticket.id)
    if latest is None:
        return None
    return await propose(desk, records, ticket, latest.request, latest, on)


async def next_step(  # noqa: PLR0917 - one step with all that it takes
    desk: Desk,
    records: Records,
    ticket: Ticket,
    latest: ClassifiedTicket,
    classification: Classification,
    on: Occasion,
) -> ClassifiedTicket:
    """Append a classification that follows from the latest one, and return the step."""
    step = replace(latest, sequence=latest.sequence + 1, classification=classification)
    return await kept_step(desk, records, ticket, latest, step, on)


async def kept_step(  # noqa: PLR0917 - likewise
    desk: Desk,
    records: Records,
    ticket: Ticket,
    latest: ClassifiedTicket | None,
    step: ClassifiedTicket,
    on: Occasion,
) -> ClassifiedTicket:
    """Keep a step and the fact of it in the ticket's history, and return it."""
    await records.classifications.append(step)
    before = None if latest is None else latest.classification
    told = classification_told(ticket, before, step.classification, on=on)
    await save_change(desk, records, told)
    return step
