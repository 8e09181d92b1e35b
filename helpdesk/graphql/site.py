"""Sites: the websites and applications under maintenance."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from helpdesk.graphql.client import Client
from helpdesk.graphql.connection import Connection
from helpdesk.graphql.fields import attribute, condition, paged
from helpdesk.graphql.node import Node
from helpdesk.graphql.ordering import TicketOrder
from helpdesk.graphql.scalars import Url
from helpdesk.graphql.ticket_enums import Criticality
from helpdesk.graphql.ticket_filter import TicketFilter
from helpdesk.usecases.read_models import Noun, Order, OrderField

if TYPE_CHECKING:
    from helpdesk.graphql.ticket import Ticket


@strawberry.type(description="A website or application under maintenance.")
class Site(Node):
    """A website or application under maintenance."""

    name: str = attribute("What people call the site.")
    url: Url = attribute("Where the site is.")
    criticality: Criticality = attribute("What the site is worth to the client's business.")
    client: Client = attribute("Whose site it is.")
    tickets: Connection[Annotated["Ticket", strawberry.lazy("helpdesk.graphql.ticket")]] = paged(
        "The requests about the site.",
        Noun.TICKET,
        order=Order(OrderField.OPENED_AT, is_descending=True),
        orders=TicketOrder,
        filters=TicketFilter,
    )


@strawberry.input(description="Conditions on sites that all hold.")
class SiteFilter:
    """Conditions on sites that all hold."""

    client_id: list[strawberry.ID] | None = condition(
        "Whose site it is: any of these clients.", "client_ids", ids_of=Noun.CLIENT
    )
