"""Tickets: the requests of the clients."""

from datetime import datetime
from typing import Annotated

import strawberry

from helpdesk.graphql.agency import Agent, Team
from helpdesk.graphql.batch import Batch
from helpdesk.graphql.classification import Classification, Exclusion
from helpdesk.graphql.client import Client
from helpdesk.graphql.connection import Connection
from helpdesk.graphql.contact import Contact
from helpdesk.graphql.contract import Contract
from helpdesk.graphql.escalation import Escalation
from helpdesk.graphql.fields import attribute, condition, paged
from helpdesk.graphql.message import Message
from helpdesk.graphql.node import Node
from helpdesk.graphql.ordering import MessageOrder, QuoteOrder, TimelineOrder
from helpdesk.graphql.quote import Quote, QuoteFilter
from helpdesk.graphql.retainer import WorkedTime, WorkLog
from helpdesk.graphql.site import Site
from helpdesk.graphql.sla_clock import SlaClock
from helpdesk.graphql.ticket_enums import (
    Channel,
    Criticality,
    Impact,
    LinkKind,
    Priority,
    SecuritySign,
    TicketKind,
    TicketStatus,
    Urgency,
    WaitingOn,
)
from helpdesk.graphql.timeline import TicketEvent
from helpdesk.usecases.read_models import Noun, Order, OrderField


@strawberry.input(description="Conditions on messages that all hold.")
class MessageFilter:
    """Conditions on messages that all hold."""

    is_internal: bool | None = condition("Whether it is a note of the agency.", "is_internal")


@strawberry.type(description="That a ticket relates to another one.")
class TicketLink:
    """That a ticket relates to another one."""

    kind: LinkKind = attribute("How.")
    is_outgoing: bool = attribute(
        "Whether this ticket is the first one of the relation (“this one follows the other”)."
    )
    ticket: Annotated["Ticket", strawberry.lazy("helpdesk.graphql.ticket")] = attribute(
        "The other ticket."
    )
    linked_at: datetime = attribute("When that was said.")


@strawberry.type(description="A request of a client, and everything that became of it.")
class Ticket(Node):
    """A request of a client, and everything that became of it."""

    number: str = attribute("The number for people, one of a kind in the agency.")
    subject: str = attribute("What it is about, in a line.")
    description: str = attribute("What was asked for, as it came in.")
    channel: Channel = attribute("By which door it came in.")
    kind: TicketKind = attribute("The nature of the request.")
    status: TicketStatus = attribute("Where the ticket stands.")
    waiting_on: WaitingOn | None = attribute(
        "Whom or what it waits for; absent while it does not wait."
    )
    impact: Impact = attribute("How much of the service is hit.")
    urgency: Urgency = attribute("How long the client can go on without a solution.")
    priority: Priority = attribute("The order in which it is handled, and the row of the SLA.")
    priority_reason: str | None = attribute(
        "Why the priority is not the one of the contract's matrix; absent when it is."
    )
    security_sign: SecuritySign | None = attribute(
        "What makes it a security incident; absent when it is none."
    )
    criticality: Criticality = attribute("What the site was worth to the business at the opening.")
    triaged_at: datetime | None = attribute("When somebody weighed it; absent while nobody has.")
    client: Client = attribute("Whose request it is.")
    site: Site | None = attribute("The site that it is about; absent when none was named.")
    contract: Contract | None = attribute(
        "The contract that it falls under; absent when there is none."
    )
    batch: Batch | None = attribute("The batch that it is in; absent while it is in none.")
    requester: Contact | None = attribute("Who asked; absent when nobody was named.")
    is_requester_unconfirmed: bool = attribute(
        "Whether the requester was taken from a forwarded mail, which anybody can write: he gets "
        "no automatic mail until `confirmRequester`."
    )
    assignee: Agent | None = attribute("The agent who takes care of it; absent while nobody does.")
    team: Team | None = attribute(
        "The team that takes care of it; absent while none does, and for a client."
    )
    merged_into: Annotated["Ticket", strawberry.lazy("helpdesk.graphql.ticket")] | None = attribute(
        "The ticket in which it goes on; absent unless it was merged."
    )
    opened_at: datetime = attribute("When the request came in.")
    first_responded_at: datetime | None = attribute(
        "When a person of the agency first answered; absent while nobody has."
    )
    delivered_at: datetime | None = attribute(
        "When the correction was first on staging; absent while it is not."
    )
    resolved_at: datetime | None = attribute("When it was resolved; absent while it is not.")
    postponed_to: datetime | None = attribute(
        "The date to which its delivery was put off last; absent while it was not."
    )
    closed_at: datetime | None = attribute("When it was closed; absent while it is not.")
    updated_at: datetime = attribute("When something last happened to it.")
    version: int = attribute("How many facts its history has: give it as `expectedVersion`.")
    classification: Classification | None = attribute(
        "What it is taken for and who pays; absent while nobody classified it."
    )
    exclusions: list[Exclusion] = attribute(
        "The causes outside maintenance that were shown for it, lifted ones too.", points=2
    )
    quotes: Connection[Quote] = paged(
        "The quotes about it, the latest first; drafts for the agency alone.",
        Noun.QUOTE,
        order=Order(OrderField.CREATED_AT, is_descending=True),
        orders=QuoteOrder,
        filters=QuoteFilter,
    )
    clocks: list[SlaClock] = attribute("What was promised about it, and how that stands.", points=4)
    escalations: list[Escalation] = attribute(
        "The steps of its clocks that came; none for a client.", points=4
    )
    next_deadline_at: datetime | None = attribute(
        "The earliest deadline of a running clock; absent when none runs."
    )
    is_breached: bool = attribute("Whether a promise about it is broken by now.")
    messages: Connection[Message] = paged(
        "What was said on it.",
        Noun.MESSAGE,
        order=Order(OrderField.SENT_AT),
        orders=MessageOrder,
        filters=MessageFilter,
    )
    timeline: Connection[TicketEvent] = paged(
        "What happened to it.",
        Noun.TICKET_EVENT,
        order=Order(OrderField.SEQUENCE),
        orders=TimelineOrder,
    )
    work_logs: list[WorkLog] = attribute(
        "The time that was worked on it, by number; what was corrected too.", points=5
    )
    worked_time: WorkedTime = attribute(
        "The time that was worked on it in all, and what is charged of it."
    )
    links: list[TicketLink] = attribute("The tickets that it relates to.", points=3)
