"""Everything that can be asked."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from helpdesk.graphql.client import Client
from helpdesk.graphql.connection import Connection
from helpdesk.graphql.contact import Contact, ContactFilter
from helpdesk.graphql.contract import Contract, ContractFilter
from helpdesk.graphql.fields import POINTS, attribute, paged
from helpdesk.graphql.inbound_message import InboundMessage, InboundMessageFilter
from helpdesk.graphql.lookups import (
    MOST_NODES,
    read_contract,
    read_nodes,
    read_preview,
    read_ticket,
)
from helpdesk.graphql.node import Node
from helpdesk.graphql.ordering import (
    ContractOrder,
    InboundMessageOrder,
    NameOrder,
    TicketOrder,
    TokenOrder,
)
from helpdesk.graphql.request import Info
from helpdesk.graphql.site import Site, SiteFilter
from helpdesk.graphql.sla_clock import SlaClock
from helpdesk.graphql.ticket import Ticket
from helpdesk.graphql.ticket_enums import Priority
from helpdesk.graphql.ticket_filter import TicketFilter
from helpdesk.graphql.token import ApiToken
from helpdesk.graphql.viewer import Viewer, read_viewer
from helpdesk.usecases.read_models import Noun, Order, OrderField, Thing


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
_PRIORITY = Annotated[Priority, strawberry.argument(description="The priority of the request.")]
_AT = Annotated[datetime, strawberry.argument(description="When the request would come in.")]


# Any: a thing stands for the declared type.
@strawberry.type(description="Everything that can be asked.")
class Query:
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
    inbound_messages: Connection[InboundMessage] = paged(
        "What was handed to the mail door; it does not exist for a client.",
        Noun.INBOUND_MESSAGE,
        order=Order(OrderField.RECEIVED_AT, is_descending=True),
        orders=InboundMessageOrder,
        filters=InboundMessageFilter,
    )
    tokens: Connection[ApiToken] = paged(
        "What lets programs in; it does not exist for a client.",
        Noun.TOKEN,
        order=Order(OrderField.CREATED_AT, is_descending=True),
        orders=TokenOrder,
    )

    @strawberry.field(
        description="What would be promised if a request came in: the clocks that it would have.",
        graphql_type=list[SlaClock],
        metadata={POINTS: 4},
    )
    async def preview_deadline(
        self, info: Info, contract_id: _CONTRACT_ID, priority: _PRIORITY, at: _AT
    ) -> Any:
        """Return the clocks that a request would have."""
        wanted = info.context.wanted(info.path)
        return await read_preview(info.context, wanted, contract_id, priority, at)

    @strawberry.field(
        description="What this query costs, and what a query may cost.", graphql_type=RateLimit
    )
    async def rate_limit(self, info: Info) -> Any:
        """Return the cost of the query."""
        request = info.context
        return Thing(cost=request.plan.points, limit=request.points_limit)
