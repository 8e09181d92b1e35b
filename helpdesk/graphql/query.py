"""Everything that can be asked."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from helpdesk.domain.access import Scope
from helpdesk.domain.compliance import SlaDimension
from helpdesk.domain.month import Month
from helpdesk.graphql.agency import Agent, Team
from helpdesk.graphql.batch import Batch, BatchFilter
from helpdesk.graphql.billing_query import BillingQuery
from helpdesk.graphql.calendar import Calendar, PublicHoliday
from helpdesk.graphql.calendar_queries import (
    read_calendar,
    read_calendars,
    read_public_holidays,
)
from helpdesk.graphql.client import Client
from helpdesk.graphql.commercial import Plan
from helpdesk.graphql.connection import Connection
from helpdesk.graphql.contact import Contact, ContactFilter
from helpdesk.graphql.contract import Contract, ContractFilter
from helpdesk.graphql.correction import MOST_CORRECTIONS, Correction, read_corrections
from helpdesk.graphql.credit_query import CreditQuery
from helpdesk.graphql.escalation import MOST_WORKERS, Worker, read_workers
from helpdesk.graphql.fields import POINTS, attribute, paged
from helpdesk.graphql.lookups import (
    MOST_NODES,
    PreviewAsked,
    read_contract,
    read_nodes,
    read_preview,
    read_ticket,
)
from helpdesk.graphql.mail_query import MailQuery
from helpdesk.graphql.mail_template import MailTemplateQuery
from helpdesk.graphql.monitoring import MonitoringHook
from helpdesk.graphql.node import Node
from helpdesk.graphql.notification import NotificationQuery
from helpdesk.graphql.ordering import (
    BatchOrder,
    ContractOrder,
    NameOrder,
    TicketOrder,
    TokenOrder,
    WebhookOrder,
)
from helpdesk.graphql.plan_queries import MOST_PLANS, read_plans
from helpdesk.graphql.preview_input import SuppositionInput, supposition_given
from helpdesk.graphql.request import Info
from helpdesk.graphql.site import Site, SiteFilter
from helpdesk.graphql.sla_clock import SlaClock
from helpdesk.graphql.sla_compliance import (
    SlaCompliance,
    SlaComplianceFilter,
    read_sla_compliance,
)
from helpdesk.graphql.ticket import Ticket
from helpdesk.graphql.ticket_enums import Priority
from helpdesk.graphql.ticket_filter import TicketFilter
from helpdesk.graphql.token import ApiToken
from helpdesk.graphql.viewer import Viewer, read_viewer
from helpdesk.graphql.webhook import Webhook
from helpdesk.usecases.read_models import Noun, Order, OrderField, Thing
from helpdesk.usecases.sla_compliance import MOST_MONTHS


@strawberry.type(description="What a query costs, and what it may cost.")
class RateLimit:
    """What a query costs, and what it may cost."""

    cost: int = attribute("What this query costs: about the number of objects that it may give.")
    limit: int = attribute("What a query may cost at most.")


_ID = Annotated[strawberry.ID, strawberry.argument(name="id", description="The identity.")]
_NO_ID = Annotated[
    strawberry.ID | None, strawberry.argument(name="id", description="The identity.")
]
_IDS = Annotated[
    list[strawberry.ID],
    strawberry.argument(name="ids", description=f"The identities, {MOST_NODES} at most."),
]
_NUMBER = Annotated[str | None, strawberry.argument(description="The number for people.")]
_CONTRACT_ID = Annotated[
    strawberry.ID, strawberry.argument(description="The identity of the contract.")
]
_CODE = Annotated[str, strawberry.argument(description="The name by which contracts call it.")]
_COUNTRY = Annotated[
    str, strawberry.argument(description="The country, as ISO 3166 calls it, such as `FR`.")
]
_SUBDIVISION = Annotated[
    str | None,
    strawberry.argument(description="A part of it: `57` or `6AE` for Moselle and Alsace."),
]
_YEAR = Annotated[int, strawberry.argument(description="The year.")]
_PRIORITY = Annotated[Priority, strawberry.argument(description="The priority of the request.")]
_FROM = Annotated[
    Month, strawberry.argument(name="from", description="The first month that counts.")
]
_TO = Annotated[
    Month,
    strawberry.argument(
        name="to", description=f"The last month that counts, {MOST_MONTHS} in all."
    ),
]
_GROUP_BY = Annotated[
    list[SlaDimension], strawberry.argument(description="What the rows are about, in this order.")
]
_COMPLIANCE_FILTER = Annotated[
    SlaComplianceFilter | None,
    strawberry.argument(name="filter", description="Only the clocks that meet every condition."),
]
_AT = Annotated[datetime, strawberry.argument(description="When the request would come in.")]
_SUPPOSING = Annotated[
    SuppositionInput | None,
    strawberry.argument(description="What would happen then; nothing more if left out."),
]


_BY_METRIC = [SlaDimension.METRIC]


# Any: a thing stands for the declared type.
@strawberry.type(description="Everything that can be asked.")
class Query(BillingQuery, CreditQuery, MailQuery, MailTemplateQuery, NotificationQuery):
    """Everything that can be asked."""

    @strawberry.field(
        description="Who asks, for which agency, and what that lets him do.",
        graphql_type=Viewer,
    )
    async def viewer(self, info: Info) -> Any:
        """Return the viewer."""
        return await read_viewer(info.context, info.context.wanted(info.path))

    @strawberry.field(
        description="A thing by its identity; nothing when it does not exist for the viewer.",
        graphql_type=Node | None,
    )
    async def node(self, info: Info, thing_id: _ID) -> Any:
        """Return a thing."""
        [found] = await read_nodes(info.context, info.context.wanted(info.path), [thing_id])
        return found

    @strawberry.field(
        description="Things by their identities, in the same order; nothing in the place of one "
        "that does not exist for the viewer.",
        graphql_type=list[Node | None],
        metadata={POINTS: MOST_NODES},
    )
    async def nodes(self, info: Info, thing_ids: _IDS) -> Any:
        """Return things."""
        return await read_nodes(info.context, info.context.wanted(info.path), thing_ids)

    @strawberry.field(
        description="A ticket by its identity or by its number; the error NOT_FOUND when it does "
        "not exist for the viewer.",
        graphql_type=Ticket | None,
    )
    async def ticket(
        self, info: Info, thing_id: _NO_ID = strawberry.UNSET, number: _NUMBER = strawberry.UNSET
    ) -> Any:
        """Return a ticket."""
        return await read_ticket(
            info.context, info.context.wanted(info.path), thing_id or None, number or None
        )

    @strawberry.field(
        description="A contract by its identity; the error NOT_FOUND when it does not exist for "
        "the viewer.",
        graphql_type=Contract | None,
    )
    async def contract(self, info: Info, thing_id: _ID) -> Any:
        """Return a contract."""
        return await read_contract(info.context, info.context.wanted(info.path), thing_id)

    tickets: Connection[Ticket] = paged(
        "The requests.",
        Noun.TICKET,
        order=Order(OrderField.OPENED_AT, is_descending=True),
        orders=TicketOrder,
        filters=TicketFilter,
    )
    clients: Connection[Client] = paged(
        "The organisations whose applications are maintained.",
        Noun.CLIENT,
        order=Order(OrderField.NAME),
        orders=NameOrder,
    )
    sites: Connection[Site] = paged(
        "The websites and applications under maintenance.",
        Noun.SITE,
        order=Order(OrderField.NAME),
        orders=NameOrder,
        filters=SiteFilter,
    )
    contacts: Connection[Contact] = paged(
        "The people of the clients.",
        Noun.CONTACT,
        order=Order(OrderField.NAME),
        orders=NameOrder,
        filters=ContactFilter,
    )
    contracts: Connection[Contract] = paged(
        "The agreements with the clients.",
        Noun.CONTRACT,
        order=Order(OrderField.REFERENCE),
        orders=ContractOrder,
        filters=ContractFilter,
    )
    batches: Connection[Batch] = paged(
        "The batches in which requests are delivered together.",
        Noun.BATCH,
        order=Order(OrderField.CREATED_AT, is_descending=True),
        orders=BatchOrder,
        filters=BatchFilter,
    )
    agents: Connection[Agent] = paged(
        "The people of the agency; for a client, those who take care of its requests.",
        Noun.AGENT,
        order=Order(OrderField.NAME),
        orders=NameOrder,
        scope=Scope.AGENCY_READ,
    )
    teams: Connection[Team] = paged(
        "The teams of the agency; they do not exist for a client.",
        Noun.TEAM,
        order=Order(OrderField.NAME),
        orders=NameOrder,
        scope=Scope.AGENCY_READ,
    )
    webhooks: Connection[Webhook] = paged(
        "The addresses that are told of events; they do not exist for a client.",
        Noun.WEBHOOK,
        order=Order(OrderField.CREATED_AT, is_descending=True),
        orders=WebhookOrder,
    )
    monitoring_hooks: Connection[MonitoringHook] = paged(
        "The doors for monitoring tools; they do not exist for a client.",
        Noun.MONITORING_HOOK,
        order=Order(OrderField.CREATED_AT, is_descending=True),
        orders=WebhookOrder,
    )
    tokens: Connection[ApiToken] = paged(
        "What lets programs in; it does not exist for a client.",
        Noun.TOKEN,
        order=Order(OrderField.CREATED_AT, is_descending=True),
        orders=TokenOrder,
    )

    @strawberry.field(
        description="The hours that promises are counted on, each calendar as it stands now, by "
        "their codes; they do not exist for a client.",
        graphql_type=list[Calendar],
        metadata={POINTS: 10},
    )
    async def calendars(self, info: Info) -> Any:
        """Return the calendars."""
        info.context.wanted(info.path)
        return await read_calendars(info.context)

    @strawberry.field(
        description="A calendar by its code, as it stands now; the error NOT_FOUND when it does "
        "not exist for the viewer.",
        graphql_type=Calendar | None,
    )
    async def calendar(self, info: Info, code: _CODE) -> Any:
        """Return a calendar."""
        info.context.wanted(info.path)
        return await read_calendar(info.context, code)

    @strawberry.field(
        description="The plans that contracts are made from, family by family, each from the "
        "smallest to the largest.",
        graphql_type=list[Plan],
        metadata={POINTS: MOST_PLANS},
    )
    async def plans(self, info: Info) -> Any:
        """Return the plans."""
        info.context.wanted(info.path)
        return read_plans(info.context)

    @strawberry.field(
        description="The public holidays of a year in the order of their dates, so that each can "
        "be switched on or off in a calendar.",
        graphql_type=list[PublicHoliday],
        metadata={POINTS: 15},
    )
    async def public_holidays(
        self,
        info: Info,
        country: _COUNTRY,
        year: _YEAR,
        subdivision: _SUBDIVISION = strawberry.UNSET,
    ) -> Any:
        """Return the holidays."""
        return read_public_holidays(info.context, country, subdivision or None, year)

    @strawberry.field(
        description="What would be promised if a request came in, and if this and that happened "
        "then: the clocks that it would have.",
        graphql_type=list[SlaClock],
        metadata={POINTS: 4},
    )
    async def preview_deadline(
        self,
        info: Info,
        contract_id: _CONTRACT_ID,
        priority: _PRIORITY,
        at: _AT,
        supposing: _SUPPOSING = None,
    ) -> Any:
        """Return the clocks that a request would have."""
        asked = PreviewAsked(contract_id, priority, at, supposition_given(supposing))
        return await read_preview(info.context, info.context.wanted(info.path), asked)

    @strawberry.field(
        description="How promises were kept: met and missed, and how long it took.",
        graphql_type=SlaCompliance,
    )
    async def sla_compliance(
        self,
        info: Info,
        first: _FROM,
        last: _TO,
        group_by: _GROUP_BY = _BY_METRIC,
        conditions: _COMPLIANCE_FILTER = strawberry.UNSET,
    ) -> Any:
        """Return how promises were kept."""
        wanted = info.context.wanted(info.path)
        return await read_sla_compliance(info.context, wanted, (first, last), group_by, conditions)

    @strawberry.field(
        description="The latest corrections of the past; they do not exist for a client.",
        graphql_type=list[Correction],
        metadata={POINTS: MOST_CORRECTIONS},
    )
    async def corrections(self, info: Info) -> Any:
        """Return the corrections."""
        info.context.wanted(info.path)
        return await read_corrections(info.context)

    @strawberry.field(
        description="The worker processes that are known; for managers.",
        graphql_type=list[Worker],
        metadata={POINTS: MOST_WORKERS},
    )
    async def workers(self, info: Info) -> Any:
        """Return the workers."""
        info.context.wanted(info.path)
        return await read_workers(info.context)

    @strawberry.field(
        description="What this query costs, and what a query may cost.", graphql_type=RateLimit
    )
    async def rate_limit(self, info: Info) -> Any:
        """Return the cost of the query."""
        request = info.context
        return Thing(cost=request.plan.points, limit=request.points_limit)
