"""Inbound messages: what was handed to the mail door, and what became of it."""

from datetime import datetime
from typing import Any

import strawberry

from helpdesk.domain.inbound_email import Transport
from helpdesk.domain.inbox import InboundMailReason, InboundMailState
from helpdesk.domain.mail_trust import AuthMethod, AuthOutcome
from helpdesk.graphql.fields import attribute, computed, condition, described_enum
from helpdesk.graphql.global_ids import global_id
from helpdesk.graphql.node import Node
from helpdesk.graphql.scalars import Url
from helpdesk.graphql.ticket import Ticket
from helpdesk.usecases.read_models import Noun

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
        InboundMailReason.LOOP: "It goes round in a circle: a mail of ours, or too many servers.",
        InboundMailReason.UNSUBSCRIBED: "Its author left what a mail of ours was about.",
        InboundMailReason.NO_SENDER: "Nobody can be named who sent it.",
        InboundMailReason.TROUBLE: "Something went wrong while it was read.",
        InboundMailReason.BLOCKED_SENDER: "Its sender is blocked.",
        InboundMailReason.SPAM: "A person says that it is spam.",
        InboundMailReason.DISCARDED: "A person says that it needs nobody.",
    },
)


described_enum(
    AuthOutcome,
    "AuthOutcome",
    "What became of the check of an author.",
    {
        AuthOutcome.PASS: "The domain of the author vouches for the mail.",
        AuthOutcome.FAIL: "The domain of the author disowns it.",
        AuthOutcome.NONE: "Neither.",
    },
)
described_enum(
    AuthMethod,
    "AuthMethod",
    "How an author is checked.",
    {
        AuthMethod.DMARC: "By the policy of the domain (RFC 7489).",
        AuthMethod.DKIM: "By a signature of the mail (RFC 6376).",
        AuthMethod.SPF: "By the server that sent it (RFC 7208).",
    },
)


described_enum(
    Transport,
    "MailTransport",
    "How a message came to us.",
    {
        Transport.SMTP: "A mail server handed it over (RFC 5321).",
        Transport.LMTP: "The mail server of our machine handed it over (RFC 2033).",
        Transport.PIPE: "A mail server piped it to our command.",
        Transport.HTTP: "It was posted to `/mail/inbound`.",
        Transport.IMAP: "We took it out of a mailbox on another server.",
    },
)


def _original_url(message: Any, request: Any) -> str:  # Any: a thing, and who asked for it
    return f"{request.public_url}/inbound-messages/{global_id(Noun.INBOUND_MESSAGE, message.id)}"


@strawberry.type(description="A message that was handed to the mail door.")
class InboundMessage(Node):
    """A message that was handed to the mail door."""

    mailbox: str = attribute("The address that it was delivered to.")
    transport: str = attribute("By which transport it came.")
    envelope_from: str = attribute("The sender on the envelope; empty for a bounce.")
    envelope_to: list[str] = attribute("The recipients on the envelope.")
    received_at: datetime = attribute("When we took it.")
    size: int = attribute("How many bytes it has.")
    state: InboundMailState = attribute("What became of it.")
    reason: InboundMailReason | None = attribute("Why; absent while nothing has become of it.")
    subject: str | None = attribute("Its subject; absent until it was read, or when it has none.")
    from_address: str | None = attribute("Its author; absent until it was read, or when unknown.")
    attempts: int = attribute("How often we tried to understand it.")
    retry_at: datetime | None = attribute("When we try again; absent when we do not.")
    last_error: str | None = attribute("What went wrong last; absent when nothing has.")
    processed_at: datetime | None = attribute("When it was understood; absent while it is not.")
    auth_outcome: AuthOutcome | None = attribute(
        "What our mail server says of its author; absent when no server of ours is known to say it."
    )
    auth_method: AuthMethod | None = attribute("How it was found out; absent when nothing was.")
    auth_domain: str | None = attribute("The domain that was checked; absent when none was.")
    auth_server: str | None = attribute("The server that says so; absent when none does.")
    settled_by: str | None = attribute(
        "Who decided what becomes of it, by his name of that day; absent while nobody had to."
    )
    original_url: Url = computed(
        "Where its bytes are as they came (`message/rfc822`); send the same token.",
        _original_url,
        needs=("id",),
    )
    ticket: Ticket | None = attribute("The ticket that it belongs to; absent when it became none.")


@strawberry.input(description="Conditions on inbound messages that all hold.")
class InboundMessageFilter:
    """Conditions on inbound messages that all hold."""

    state: list[InboundMailState] | None = condition(
        "What became of the message: any of these.", "states"
    )
    reason: list[InboundMailReason] | None = condition("Why: any of these.", "reasons")
    transport: list[Transport] | None = condition("By which transport it came.", "transports")
    mailbox: list[str] | None = condition("The address that it was delivered to.", "mailboxes")
    from_address: str | None = condition(
        "Its author, whatever the case of the letters.", "from_address"
    )
    subject: str | None = condition(
        "A part of its subject, whatever the case of Latin letters.", "subject"
    )
    received_from: datetime | None = condition(
        "Received at this instant or later.", "received_from"
    )
    received_before: datetime | None = condition("Received before this instant.", "received_before")
