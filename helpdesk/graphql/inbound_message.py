"""Inbound messages: what was handed to the mail door, and what became of it."""

from datetime import datetime

import strawberry

from helpdesk.domain.inbox import InboundMailReason, InboundMailState
from helpdesk.graphql.fields import condition, described_enum, field
from helpdesk.graphql.node import Node
from helpdesk.graphql.ticket import Ticket

described_enum(
    InboundMailState,
    "InboundMessageState",
    "What became of a message.",
    {
        InboundMailState.STORED: "It is kept and waits to be understood.",
        InboundMailState.DONE: "It became a ticket, or an answer on one.",
        InboundMailState.IGNORED: "It needs nobody: an automatic answer, a copy, our own mail.",
        InboundMailState.QUARANTINED: "A person should look at it.",
        InboundMailState.FAILED: "It could not be understood and waits for another try.",
    },
)
described_enum(
    InboundMailReason,
    "InboundMessageReason",
    "Why a message is in its state.",
    {
        InboundMailReason.OPENED_TICKET: "It opened a ticket.",
        InboundMailReason.ANSWERED_TICKET: "It answered on a ticket.",
        InboundMailReason.DUPLICATE: "It had been received before.",
        InboundMailReason.AUTOMATIC: "A program sent it.",
        InboundMailReason.BOUNCE: "It says that a mail of ours did not arrive.",
        InboundMailReason.OWN_MAIL: "It is a mail of ours that came back.",
        InboundMailReason.NO_SENDER: "Nobody can be named who sent it.",
        InboundMailReason.TROUBLE: "Something went wrong while it was read.",
    },
)


@strawberry.type(description="A message that was handed to the mail door.")
class InboundMessage(Node):
    """A message that was handed to the mail door."""

    mailbox: str = field("The address that it was delivered to.")
    transport: str = field("By which transport it came.")
    envelope_from: str = field("The sender on the envelope; empty for a bounce.")
    envelope_to: list[str] = field("The recipients on the envelope.")
    received_at: datetime = field("When we took it.")
    size: int = field("How many bytes it has.")
    state: InboundMailState = field("What became of it.")
    reason: InboundMailReason | None = field("Why; absent while nothing has become of it.")
    subject: str | None = field("Its subject; absent until it was read, or when it has none.")
    from_address: str | None = field("Its author; absent until it was read, or when unknown.")
    message_id: str | None = field("Its Message-ID; absent until it was read, or when it has none.")
    attempts: int = field("How often we tried to understand it in vain.")
    retry_at: datetime | None = field("When we try again; absent when we do not.")
    last_error: str | None = field("What went wrong last; absent when nothing has.")
    processed_at: datetime | None = field("When it was understood; absent while it is not.")
    ticket: Ticket | None = field("The ticket that it belongs to; absent when it became none.")


@strawberry.input(description="Conditions on inbound messages that all hold.")
class InboundMessageFilter:
    """Conditions on inbound messages that all hold."""

    state: list[InboundMailState] | None = condition(
        "What became of the message: any of these.", "states"
    )
