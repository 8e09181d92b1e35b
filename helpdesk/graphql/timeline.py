"""The history of a ticket: who did what, when."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from helpdesk.graphql.fields import field
from helpdesk.graphql.message import Actor, Message
from helpdesk.graphql.ticket_enums import TicketEventKind

if TYPE_CHECKING:
    from helpdesk.graphql.ticket import Ticket


@strawberry.type(description="A field of a ticket before and after something happened.")
class FieldChange:
    """A field before and after something happened."""

    field: str = field("The name of the field in this API.")
    before: str | None = field("Its value before, as text; absent when it had none.")
    after: str | None = field("Its value after, as text; absent when it has none.")


@strawberry.type(description="A fact in the history of a ticket; facts are never edited.")
class TicketEvent:
    """A fact in the history of a ticket."""

    sequence: int = field("The number of the fact; the numbers of a ticket have no hole.")
    at: datetime = field("When it happened.")
    kind: TicketEventKind = field("What happened.")
    actor: Actor = field("Who did it.")
    reason: str | None = field("Why, in his words; absent when no reason was given.")
    changes: list[FieldChange] = field("What it changed.", points=3)
    message: Message | None = field("The message that it is about; absent for anything else.")
    related_ticket: Annotated["Ticket", strawberry.lazy("helpdesk.graphql.ticket")] | None = field(
        "The other ticket that it is about; absent for anything else."
    )
