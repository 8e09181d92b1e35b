"""Clients: the organisations whose applications the agency maintains."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from helpdesk.domain.consumer_notice import ClientKind
from helpdesk.graphql.billing_identity import BillingIdentity
from helpdesk.graphql.connection import Connection
from helpdesk.graphql.fields import attribute, described_enum, paged
from helpdesk.graphql.node import Node
from helpdesk.graphql.ordering import ContractOrder, NameOrder, TicketOrder
from helpdesk.graphql.ticket_filter import TicketFilter
from helpdesk.usecases.read_models import Noun, Order, OrderField

if TYPE_CHECKING:
    from helpdesk.graphql.contact import Contact
    from helpdesk.graphql.contract import Contract
    from helpdesk.graphql.site import Site
    from helpdesk.graphql.ticket import Ticket


described_enum(
    ClientKind,
    "ClientKind",
    "What a client is before the law of consumption.",
    {
        ClientKind.PROFESSIONAL: "A professional.",
        ClientKind.CONSUMER: "A consumer, who is told before a tacit renewal.",
        ClientKind.NON_PROFESSIONAL: "A legal person that acts for no trade; it is told likewise.",
    },
)


@strawberry.type(description="An organisation whose websites or applications the agency maintains.")
class Client(Node):
    """An organisation whose applications the agency maintains."""

    name: str = attribute("The name of the organisation.")
    domains: list[str] = attribute("The mail domains by which its people are recognised.", points=2)
    is_unknown_sender_pool: bool = attribute(
        "Whether this stands for senders who belong to no client yet; an agency has one at most."
    )
    billing_identity: BillingIdentity | None = attribute(
        "Who he is on his documents; absent while nobody has said so.", points=2
    )
    kind: ClientKind = attribute("What the client is before the law of consumption.")
    sites: Connection[Annotated["Site", strawberry.lazy("helpdesk.graphql.site")]] = paged(
        "The websites and applications of the client.",
        Noun.SITE,
        order=Order(OrderField.NAME),
        orders=NameOrder,
    )
    contacts: Connection[Annotated["Contact", strawberry.lazy("helpdesk.graphql.contact")]] = paged(
        "The people of the client.",
        Noun.CONTACT,
        order=Order(OrderField.NAME),
        orders=NameOrder,
    )
    contracts: Connection[Annotated["Contract", strawberry.lazy("helpdesk.graphql.contract")]] = (
        paged(
            "The contracts with the client.",
            Noun.CONTRACT,
            order=Order(OrderField.REFERENCE),
            orders=ContractOrder,
        )
    )
    tickets: Connection[Annotated["Ticket", strawberry.lazy("helpdesk.graphql.ticket")]] = paged(
        "The requests of the client.",
        Noun.TICKET,
        order=Order(OrderField.OPENED_AT, is_descending=True),
        orders=TicketOrder,
        filters=TicketFilter,
    )
