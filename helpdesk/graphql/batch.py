"""Batches: the requests of a client that are delivered together."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from helpdesk.domain.batch import BatchStatus
from helpdesk.graphql.client import Client
from helpdesk.graphql.connection import Connection
from helpdesk.graphql.fields import attribute, condition, described_enum, paged
from helpdesk.graphql.node import Node
from helpdesk.graphql.ordering import TicketOrder
from helpdesk.graphql.ticket_filter import TicketFilter
from helpdesk.usecases.read_models import Noun, Order, OrderField

if TYPE_CHECKING:
    from helpdesk.graphql.ticket import Ticket

described_enum(
    BatchStatus,
    "BatchStatus",
    "Where a batch stands.",
    {
        BatchStatus.PLANNED: "It is being filled; nothing in it counts yet.",
        BatchStatus.OPEN: "It is worked on: the deliveries promised from its opening on count.",
        BatchStatus.CLOSED: "All that it held was delivered or given up.",
    },
)


@strawberry.type(description="Requests of one client that are delivered together (“lot”).")
class Batch(Node):
    """Requests of one client that are delivered together."""

    number: str = attribute("The number for people, one of a kind in the agency.")
    name: str = attribute("What people call it.")
    status: BatchStatus = attribute("Where the batch stands.")
    planned_on: date | None = attribute(
        "The day on which it is meant to open; absent while that is not known."
    )
    client: Client = attribute("Whose batch it is.")
    created_at: datetime = attribute("When it was planned.")
    opened_at: datetime | None = attribute("When it opened; absent while it is planned.")
    closed_at: datetime | None = attribute("When it closed; absent while it has not.")
    tickets: Connection[Annotated["Ticket", strawberry.lazy("helpdesk.graphql.ticket")]] = paged(
        "The requests in it.",
        Noun.TICKET,
        order=Order(OrderField.OPENED_AT),
        orders=TicketOrder,
        filters=TicketFilter,
    )


@strawberry.input(description="Conditions on batches that all hold.")
class BatchFilter:
    """Conditions on batches that all hold."""

    client_id: list[strawberry.ID] | None = condition(
        "Whose batch it is: any of these clients.", "client_ids", ids_of=Noun.CLIENT
    )
    status: list[BatchStatus] | None = condition(
        "Where the batch stands: any of these.", "statuses"
    )
