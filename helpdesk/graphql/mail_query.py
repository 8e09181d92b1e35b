"""Everything that can be asked about the mails."""

from typing import Annotated, Any

import strawberry

from helpdesk.graphql.connection import Connection
from helpdesk.graphql.fields import POINTS, paged
from helpdesk.graphql.inbound_message import InboundMessage, InboundMessageFilter
from helpdesk.graphql.mail_health import (
    MOST_KEYS,
    MOST_MAILBOXES,
    MOST_RULES,
    Mailbox,
    MailSigningKey,
    SenderRule,
    read_mail_keys,
    read_mailboxes,
    read_sender_rules,
)
from helpdesk.graphql.message_preview import (
    POINTS_OF_A_PREVIEW,
    InboundMessagePreview,
    read_preview,
)
from helpdesk.graphql.ordering import InboundMessageOrder, OutgoingMessageOrder
from helpdesk.graphql.outgoing_message import OutgoingMessage, OutgoingMessageFilter
from helpdesk.graphql.request import Info
from helpdesk.usecases.read_models import Noun, Order, OrderField

_MESSAGE_ID = Annotated[strawberry.ID, strawberry.argument(description="The message.")]


# Any: a thing stands for the declared type.
@strawberry.type
class MailQuery:
    """Everything that can be asked about the mails."""

    inbound_messages: Connection[InboundMessage] = paged(
        "What was handed to the mail door; it does not exist for a client.",
        Noun.INBOUND_MESSAGE,
        order=Order(OrderField.RECEIVED_AT, is_descending=True),
        orders=InboundMessageOrder,
        filters=InboundMessageFilter,
    )
    outgoing_messages: Connection[OutgoingMessage] = paged(
        "The mails that we promised, with what became of each; they do not exist for a client.",
        Noun.OUTGOING_MESSAGE,
        order=Order(OrderField.CREATED_AT, is_descending=True),
        orders=OutgoingMessageOrder,
        filters=OutgoingMessageFilter,
    )

    @strawberry.field(
        description="What an inbound message says, read from its bytes now; for the agency.",
        graphql_type=InboundMessagePreview | None,
        metadata={POINTS: POINTS_OF_A_PREVIEW},
    )
    async def inbound_message_preview(self, info: Info, inbound_message_id: _MESSAGE_ID) -> Any:
        """Return what a message says."""
        info.context.wanted(info.path)
        return await read_preview(info.context, inbound_message_id)

    @strawberry.field(
        description="How each way in does; they do not exist for a client.",
        graphql_type=list[Mailbox],
        metadata={POINTS: MOST_MAILBOXES},
    )
    async def mailboxes(self, info: Info) -> Any:
        """Return the ways in."""
        info.context.wanted(info.path)
        return await read_mailboxes(info.context)

    @strawberry.field(
        description="The senders whose mails are set aside now, the latest first, 1,000 at most; "
        "they do not exist for a client.",
        graphql_type=list[SenderRule],
        metadata={POINTS: MOST_RULES},
    )
    async def blocked_senders(self, info: Info) -> Any:
        """Return the rules that hold."""
        info.context.wanted(info.path)
        return await read_sender_rules(info.context)

    @strawberry.field(
        description="The keys that sign our mails, the one in use first; for managers.",
        graphql_type=list[MailSigningKey],
        metadata={POINTS: MOST_KEYS},
    )
    async def mail_keys(self, info: Info) -> Any:
        """Return the keys."""
        info.context.wanted(info.path)
        return await read_mail_keys(info.context)
