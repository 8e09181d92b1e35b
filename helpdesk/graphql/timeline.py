"""The history of a ticket: who did what, when."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from helpdesk.graphql.fields import attribute
from helpdesk.graphql.message import Actor, Message
from helpdesk.graphql.ticket_enums import TicketEventKind

if TYPE_CHECKING:
    from helpdesk.graphql.ticket import Ticket


@strawberry.type(description="A field of a ticket before and after something happened.")
class FieldChange:
    """A field before and after something happened."""

    field: str = attribute("The name of the field in this API.")
    before: str | None = attribute("Its value before, as text; absent when it had none.")
    after: str | None = attribute("Its value after, as text; absent when it has none.")


@strawberry.type(description="A fact in the history of a ticket; facts are never edited.")
class TicketEvent:
    """A fact in the history of a ticket."""

    sequence: int = attribute("The number of the fact; the numbers of a ticket have no hole.")
    at: datetime = attribute("When it happened.")
    kind: TicketEventKind = attribute("What happened.")
    actor: Actor = attribute("Who did it.")
    reason: str | None = attribute("Why, in his words; absent when no reason was given.")
    changes: list[FieldChange] = attribute("What it changed.", points=3)
    message: Message | None = attribute("The message that it is about; absent for anything else.")
    related_ticket: Annotated["Ticket", strawberry.lazy("helpdesk.graphql.ticket")] | None = (
        attribute("The other ticket that it is about; absent for anything else.")
    )
