"""Contracts: what was agreed with a client."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from helpdesk.domain.contract import ContractStatus
from helpdesk.domain.month import Month
from helpdesk.domain.plan_gaps import recommended_plan
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.graphql.availability import MONTH, ContractAvailability
from helpdesk.graphql.calendar import Calendar
from helpdesk.graphql.client import Client
from helpdesk.graphql.commercial import (
    CommercialTerms,
    ContractFact,
    ContractSuspension,
    ContractTermRecord,
)
from helpdesk.graphql.connection import Connection
from helpdesk.graphql.contract_care import (
    ContractReviews,
    EmergencyProcedure,
    Routine,
    RoutineRun,
)
from helpdesk.graphql.escalation import EscalationLadder
from helpdesk.graphql.fields import (
    asked,
    attribute,
    computed,
    condition,
    described_enum,
    paged,
)
from helpdesk.graphql.node import Node
from helpdesk.graphql.ordering import CreditOrder, TicketOrder
from helpdesk.graphql.report import Report, ReportFilter
from helpdesk.graphql.request import Request
from helpdesk.graphql.retainer import RetainerBalance, RetainerEntry, RetainerEntryFilter
from helpdesk.graphql.retainer_statement import RetainerAlert, RetainerStatement
from helpdesk.graphql.site import Site
from helpdesk.graphql.sla_clauses import (
    AnswerClause,
    NextResponseClause,
    PauseClause,
    ReopeningClause,
    RetargetClause,
)
from helpdesk.graphql.sla_clock import SlaTarget
from helpdesk.graphql.ticket_enums import Impact, Priority, Urgency
from helpdesk.graphql.ticket_filter import TicketFilter
from helpdesk.usecases.read_models import Noun, Order, OrderField
from helpdesk.usecases.shown_diagnostics import routine_things

if TYPE_CHECKING:
    from helpdesk.graphql.credit import Credit
    from helpdesk.graphql.ticket import Ticket

described_enum(
    ContractStatus,
    "ContractStatus",
    "Where a contract is in its life.",
    {
        ContractStatus.DRAFT: "It is being written.",
        ContractStatus.ACTIVE: "It is in force.",
        ContractStatus.SUSPENDED: "It is suspended.",
        ContractStatus.ENDING: "It is in force and notice was given.",
        ContractStatus.ENDED: "It is over.",
    },
)


@strawberry.type(description="What the matrix answers to one pair of impact and urgency.")
class MatrixCell:
    """What the matrix answers to one pair."""

    impact: Impact = attribute("How much of the service is hit.")
    urgency: Urgency = attribute("How long the client can go on without a solution.")
    priority: Priority = attribute("The priority that the contract gives to both.")


@strawberry.type(description="Who accepted the matrix for the client, and when.")
class MatrixAcceptance:
    """Who accepted the matrix, and when."""

    accepted_by: str = attribute("Who accepted it for the client.")
    accepted_at: datetime = attribute("When it was accepted.")


@strawberry.type(description="The table by which impact and urgency give the priority.")
class PriorityMatrix:
    """The table by which impact and urgency give the priority."""

    code: str = attribute("The name of the table.")
    version: int = attribute("The version of the table.")
    cells: list[MatrixCell] = attribute("What the table answers to every pair.", points=12)
    acceptance: MatrixAcceptance | None = attribute(
        "Who accepted the table; absent while nobody has."
    )


def _recommended(plan_code: str, request: Request) -> str | None:
    plan = recommended_plan(request.desk.plans.plans(), plan_code)
    return None if plan is None else plan.code


@strawberry.type(description="One version of what was agreed.")
class ContractTerms:
    """One version of what was agreed."""

    version: int = attribute("The number of the version; versions are never edited.")
    effective_from: datetime = attribute("Since when this version is in force.")
    corrects: int | None = attribute(
        "The version that it replaces from the same instant on; absent when it corrects none."
    )
    published_at: datetime | None = attribute(
        "When it was written down; absent for what is older than such records."
    )
    plan_code: str = attribute("The name of the plan that the terms come from.")
    recommended_plan_code: str | None = computed(
        "The smallest larger plan that covers staging and report too, for a plan that leaves them "
        "out by construction; absent for a plan that has both.",
        lambda terms, request: _recommended(terms.plan_code, request),
        needs=("plan_code",),
    )
    at_risk_percent: int = attribute("From which share of its time a clock is at risk, in percent.")
    third_party_pauses: bool = attribute("Whether a wait for a third party pauses the clocks.")
    pauses: list[PauseClause] = attribute("Which clocks each wait stops.", points=5)
    reopening: ReopeningClause = attribute("What becomes of a promise when it is reopened.")
    retargeting: RetargetClause = attribute(
        "From when a promise counts that came into force while the ticket was open."
    )
    answers: AnswerClause = attribute("What counts as an answer.")
    next_response: NextResponseClause = attribute("When a client waits for a next response.")
    ladders: list[EscalationLadder] = attribute(
        "What is done when a promise is in danger; none for a client.", points=10
    )
    default_impact: Impact = attribute("The impact of a request that nobody has weighed yet.")
    default_urgency: Urgency = attribute("The urgency of a request that nobody has weighed yet.")
    matrix: PriorityMatrix = attribute("The table of priorities.")
    sla_targets: list[SlaTarget] = attribute("What is promised, by priority.", points=10)
    calendars: list[Calendar] = attribute(
        "The calendars that the promises are counted on.", points=2
    )
    commercial: CommercialTerms | None = attribute(
        "What the contract is sold by; absent in terms that are older than such clauses."
    )


@strawberry.type(description="The agreement under which a client's requests are handled.")
class Contract(Node):
    """The agreement under which a client's requests are handled."""

    reference: str = attribute("The reference on paper, one of a kind in the agency.")
    name: str = attribute("What people call the contract.")
    status: ContractStatus = attribute("Where the contract is in its life.")
    starts_on: date = attribute("The first day of the contract.")
    ends_on: date | None = attribute(
        "The first day after the contract; absent while no end is agreed."
    )
    client: Client = attribute("With whom it was agreed.")
    sites: list[Site] = attribute(
        "The sites that the contract names; none when it covers every site of the client.",
        points=5,
    )
    terms: ContractTerms = asked(
        "What is agreed, in the version in force now or at another instant.",
        at=Annotated[
            datetime | None,
            strawberry.argument(
                description="When the terms are in force; now if left out. Before the first "
                "version, the first one."
            ),
        ],
    )
    versions: list[ContractTerms] = attribute(
        "Everything that was ever agreed, by number: later versions and corrections too.",
        points=10,
    )
    sla_targets: list[SlaTarget] = attribute("What is promised now, by priority.", points=10)
    history: list[ContractFact] = attribute("What happened to the contract, in order.", points=10)
    term_records: list[ContractTermRecord] = attribute("The terms that began.", points=3)
    suspensions: list[ContractSuspension] = attribute("The days on which it rests.", points=2)
    internal_note: str | None = computed(
        "What the agency noted for itself; absent for a client.",
        lambda contract, request: contract.internal_note if request.viewer.is_of_agency else None,
        needs=("internal_note",),
    )
    balances: list[RetainerBalance] = attribute(
        "What is left of the forfait now, by unit.", points=3
    )
    ledger: Connection[RetainerEntry] = paged(
        "The movements of the forfait, the last first.",
        Noun.RETAINER_ENTRY,
        order=Order(OrderField.WRITTEN_AT, is_descending=True),
        filters=RetainerEntryFilter,
    )
    statements: list[RetainerStatement] = asked(
        "What happened to the forfait in a period, by unit.",
        points=3,
        unit=Annotated[
            RetainerUnit | None,
            strawberry.argument(description="Of this unit; of each if left out."),
        ],
        month=Annotated[
            Month | None,
            strawberry.argument(
                description="The month in which the period begins; that of today if left out."
            ),
        ],
    )
    availability: ContractAvailability | None = asked(
        "How long its sites were available in a month; absent for a month in which it was not "
        "active.",
        points=10,
        month=MONTH,
    )
    reports: Connection[Report] = paged(
        "The monthly reports, the latest first; for a client those that were published for him.",
        Noun.REPORT,
        order=Order(OrderField.CREATED_AT, is_descending=True),
        filters=ReportFilter,
    )
    credits: Connection[Annotated["Credit", strawberry.lazy("helpdesk.graphql.credit")]] = paged(
        "The credits for its broken promises, the latest first; for a client, from their approval "
        "on.",
        Noun.CREDIT,
        order=Order(OrderField.CREATED_AT, is_descending=True),
        orders=CreditOrder,
    )
    emergency_procedure: EmergencyProcedure | None = attribute(
        "What is done when everything is down; absent while nobody set it."
    )
    reviews: ContractReviews = attribute("How it is reviewed with the client.", points=3)
    routines: list[Routine] = computed(
        "The recurring work, one for each service that is sold, with the days of the next one.",
        lambda contract, request: routine_things(contract.routine_basis, request.desk.diagnostics),
        needs=("routine_basis",),
    )
    routine_runs: list[RoutineRun] = attribute(
        "The recurring work that became tickets, the latest first: that of a year.", points=10
    )
    alerts: list[RetainerAlert] = attribute(
        "What is nearly used up, or about to expire, now.", points=3
    )
    tickets: Connection[Annotated["Ticket", strawberry.lazy("helpdesk.graphql.ticket")]] = paged(
        "The requests under the contract.",
        Noun.TICKET,
        order=Order(OrderField.OPENED_AT, is_descending=True),
        orders=TicketOrder,
        filters=TicketFilter,
    )


@strawberry.input(description="Conditions on contracts that all hold.")
class ContractFilter:
    """Conditions on contracts that all hold."""

    client_id: list[strawberry.ID] | None = condition(
        "With whom it was agreed: any of these clients.", "client_ids", ids_of=Noun.CLIENT
    )
    status: list[ContractStatus] | None = condition(
        "Where the contract is in its life: any of these.", "statuses"
    )
