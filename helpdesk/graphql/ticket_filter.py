"""The conditions that tickets are listed by."""

from datetime import datetime

import strawberry

from helpdesk.graphql.classification_enums import ClassificationStanding
from helpdesk.graphql.fields import condition
from helpdesk.graphql.ticket_enums import Channel, Priority, TicketKind, TicketStatus
from helpdesk.usecases.read_models import Noun


@strawberry.input(
    description="Conditions that all hold; of a list of values, any one is enough, none of none."
)
class TicketFilter:
    """Conditions that all hold."""

    status: list[TicketStatus] | None = condition("Where the ticket stands.", "statuses")
    priority: list[Priority] | None = condition("The priority.", "priorities")
    kind: list[TicketKind] | None = condition("The nature of the request.", "kinds")
    channel: list[Channel] | None = condition("The door by which it came in.", "channels")
    client_id: list[strawberry.ID] | None = condition(
        "Whose request it is.", "client_ids", ids_of=Noun.CLIENT
    )
    site_id: list[strawberry.ID] | None = condition(
        "The site that it is about.", "site_ids", ids_of=Noun.SITE
    )
    contract_id: list[strawberry.ID] | None = condition(
        "The contract that it falls under.", "contract_ids", ids_of=Noun.CONTRACT
    )
    batch_id: list[strawberry.ID] | None = condition(
        "The batch that it is in.", "batch_ids", ids_of=Noun.BATCH
    )
    requester_id: list[strawberry.ID] | None = condition(
        "Who asked.", "requester_ids", ids_of=Noun.CONTACT
    )
    assignee_id: list[strawberry.ID] | None = condition(
        "The agent who takes care of it.", "assignee_ids", ids_of=Noun.AGENT
    )
    team_id: list[strawberry.ID] | None = condition(
        "The team that takes care of it.", "team_ids", ids_of=Noun.TEAM
    )
    classification: list[ClassificationStanding] | None = condition(
        "Where its classification stands: what nobody classified, or the client contests, is "
        "still to be decided.",
        "classifications",
    )
    is_assigned: bool | None = condition("Whether an agent takes care of it.", "is_assigned")
    is_requester_unconfirmed: bool | None = condition(
        "Whether the requester was taken from a forwarded mail and nobody has confirmed him.",
        "is_requester_unconfirmed",
    )
    is_breached: bool | None = condition(
        "Whether a promise about it is broken by now.", "is_breached"
    )
    opened_from: datetime | None = condition("Opened at this instant or later.", "opened_from")
    opened_before: datetime | None = condition("Opened before this instant.", "opened_before")
    updated_from: datetime | None = condition(
        "Something happened to it at this instant or later.", "updated_from"
    )
    due_before: datetime | None = condition(
        "Its next deadline comes before this instant.", "due_before"
    )
