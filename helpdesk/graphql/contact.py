"""Contacts: the people of the clients."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from helpdesk.graphql.client import Client
from helpdesk.graphql.connection import Connection
from helpdesk.graphql.fields import attribute, condition, paged
from helpdesk.graphql.node import Node
from helpdesk.graphql.ordering import TicketOrder
from helpdesk.graphql.scalars import EmailAddress, LocaleCode
from helpdesk.graphql.ticket_filter import TicketFilter
from helpdesk.usecases.read_models import Noun, Order, OrderField

if TYPE_CHECKING:
    from helpdesk.graphql.ticket import Ticket


@strawberry.type(description="A person at a client.")
class Contact(Node):
    """A person at a client."""

    name: str = attribute("The name of the person.")
    email: EmailAddress = attribute("The address, in lower case; one person has it in an agency.")
    locale: LocaleCode = attribute("The language that the person is written to in.")
    reads_notices: bool = attribute(
        "Whether the agency named the person to be told before a tacit renewal of a contract."
    )
    undeliverable_since: datetime | None = attribute(
        "Since when automatic mails are no longer sent to the person, because they came back; "
        "absent while they arrive, and for a client.",
        points=2,
    )
    undeliverable_reason: str | None = attribute(
        "What the mail server said; absent while mails arrive, and for a client.", points=2
    )
    client: Client = attribute("The organisation that the person belongs to.")
    tickets: Connection[Annotated["Ticket", strawberry.lazy("helpdesk.graphql.ticket")]] = paged(
        "What the person asked for.",
        Noun.TICKET,
        order=Order(OrderField.OPENED_AT, is_descending=True),
        orders=TicketOrder,
        filters=TicketFilter,
    )


@strawberry.input(description="Conditions on contacts that all hold.")
class ContactFilter:
    """Conditions on contacts that all hold."""

    client_id: list[strawberry.ID] | None = condition(
        "The organisation: any of these clients.", "client_ids", ids_of=Noun.CLIENT
    )
    email: EmailAddress | None = condition("The address, in any case.", "email")
