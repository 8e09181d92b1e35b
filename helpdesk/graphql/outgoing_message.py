"""Outgoing messages: the mails that we promised, and what became of them."""

from datetime import datetime

import strawberry

from helpdesk.domain.outgoing_state import OutgoingState
from helpdesk.graphql.fields import attribute, computed, condition, described_enum
from helpdesk.graphql.node import Node
from helpdesk.graphql.ticket import Ticket
from helpdesk.usecases.read_models import Noun

described_enum(
    OutgoingState,
    "OutgoingMessageState",
    "What became of a mail that was promised.",
    {
        OutgoingState.WAITING: "It waits for its first try, or for the next one.",
        OutgoingState.SENT: "It was handed to the mail server; it may still have come back.",
        OutgoingState.FAILED: "It was given up after its last try: a dead letter.",
        OutgoingState.SUPPRESSED: "It is not sent: our mails do not reach its address.",
        OutgoingState.DISCARDED: "A person gave it up.",
    },
)


@strawberry.input(description="Conditions on outgoing messages that all hold.")
class OutgoingMessageFilter:
    """Conditions on outgoing messages that all hold."""

    state: list[OutgoingState] | None = condition(
        "What became of the mail: any of these.", "states"
    )
    recipient: str | None = condition(
        "To whom it goes, whatever the case of the letters.", "recipient"
    )
    subject: str | None = condition(
        "A part of its subject, whatever the case of Latin letters.", "subject"
    )
    ticket_id: list[strawberry.ID] | None = condition(
        "The ticket that it is about.", "ticket_ids", ids_of=Noun.TICKET
    )
    is_bounced: bool | None = condition("Whether it came back.", "is_bounced")
    created_from: datetime | None = condition("Promised at this instant or later.", "created_from")
    created_before: datetime | None = condition("Promised before this instant.", "created_before")


@strawberry.type(description="A mail that we promised.")
class OutgoingMessage(Node):
    """A mail that we promised."""

    recipient: str | None = attribute("To whom it goes.")
    subject: str | None = attribute("Its subject.")
    state: OutgoingState = computed(
        "What became of it.", lambda mail, _: mail.outgoing_state, needs=("outgoing_state",)
    )
    text: str = attribute("Its words.", points=2)
    attempts: int = attribute("How often it was tried; one that a crash cut short counts.")
    last_error: str | None = attribute(
        "What went wrong at the last try, or why it is not sent; absent when nothing has."
    )
    created_at: datetime = attribute("When it was promised.")
    next_attempt_at: datetime | None = attribute(
        "When it is tried next; absent when it is not, or is being tried."
    )
    sent_at: datetime | None = attribute("When it left; absent while it has not.")
    bounced_at: datetime | None = attribute("When it came back; absent when it did not.")
    bounce_status: str | None = attribute(
        "Why, as RFC 3463 numbers it, such as `5.1.1`; absent when it did not."
    )
    bounce_text: str | None = attribute("Why, in the words of who said so; absent likewise.")
    discarded_at: datetime | None = attribute("When a person gave it up; absent if nobody did.")
    discarded_by: str | None = attribute("Who did, by his name of that day; absent likewise.")
    ticket: Ticket | None = attribute("The ticket that it is about; absent when it is about none.")
