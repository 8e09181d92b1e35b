"""What lists can be ordered by."""

from enum import Enum

import strawberry

from helpdesk.graphql.connection import OrderDirection
from helpdesk.graphql.fields import attribute


@strawberry.enum(description="What tickets can be ordered by.")
class TicketOrderField(Enum):
    """What tickets can be ordered by."""

    OPENED_AT = strawberry.enum_value("OPENED_AT", description="When the request came in.")
    UPDATED_AT = strawberry.enum_value("UPDATED_AT", description="When something last happened.")
    PRIORITY = strawberry.enum_value(
        "PRIORITY", description="The priority, P0 first, then when the request came in."
    )
    NEXT_DEADLINE_AT = strawberry.enum_value(
        "NEXT_DEADLINE_AT",
        description="The next deadline; tickets without one come last, both ways.",
    )


@strawberry.input(description="The order of a list of tickets; equals are told apart by identity.")
class TicketOrder:
    """The order of a list of tickets."""

    field: TicketOrderField = attribute("What the tickets are ordered by.")
    direction: OrderDirection = attribute("Which way.")


@strawberry.enum(description="What things with a name can be ordered by.")
class NameOrderField(Enum):
    """What things with a name can be ordered by."""

    NAME = strawberry.enum_value("NAME", description="The name.")


@strawberry.input(description="The order of a list of things with a name.")
class NameOrder:
    """The order of a list of things with a name."""

    field: NameOrderField = attribute("What the things are ordered by.")
    direction: OrderDirection = attribute("Which way.")


@strawberry.enum(description="What contracts can be ordered by.")
class ContractOrderField(Enum):
    """What contracts can be ordered by."""

    REFERENCE = strawberry.enum_value("REFERENCE", description="The reference.")


@strawberry.input(description="The order of a list of contracts.")
class ContractOrder:
    """The order of a list of contracts."""

    field: ContractOrderField = attribute("What the contracts are ordered by.")
    direction: OrderDirection = attribute("Which way.")


@strawberry.enum(description="What batches can be ordered by.")
class BatchOrderField(Enum):
    """What batches can be ordered by."""

    CREATED_AT = strawberry.enum_value("CREATED_AT", description="When the batch was planned.")


@strawberry.input(description="The order of a list of batches.")
class BatchOrder:
    """The order of a list of batches."""

    field: BatchOrderField = attribute("What the batches are ordered by.")
    direction: OrderDirection = attribute("Which way.")


@strawberry.enum(description="What quotes can be ordered by.")
class QuoteOrderField(Enum):
    """What quotes can be ordered by."""

    CREATED_AT = strawberry.enum_value("CREATED_AT", description="When the version was drafted.")


@strawberry.input(description="The order of a list of quotes.")
class QuoteOrder:
    """The order of a list of quotes."""

    field: QuoteOrderField = attribute("What the quotes are ordered by.")
    direction: OrderDirection = attribute("Which way.")


@strawberry.enum(description="What incidents can be ordered by.")
class IncidentOrderField(Enum):
    """What incidents can be ordered by."""

    BEGAN_AT = strawberry.enum_value("BEGAN_AT", description="When the incident began.")


@strawberry.input(description="The order of a list of incidents.")
class IncidentOrder:
    """The order of a list of incidents."""

    field: IncidentOrderField = attribute("What the incidents are ordered by.")
    direction: OrderDirection = attribute("Which way.")


@strawberry.enum(description="What the calls of monitoring tools can be ordered by.")
class SignalOrderField(Enum):
    """What the calls of monitoring tools can be ordered by."""

    RECEIVED_AT = strawberry.enum_value("RECEIVED_AT", description="When the call came in.")


@strawberry.input(description="The order of a list of calls of monitoring tools.")
class SignalOrder:
    """The order of a list of calls of monitoring tools."""

    field: SignalOrderField = attribute("What the calls are ordered by.")
    direction: OrderDirection = attribute("Which way.")


@strawberry.enum(description="What credits can be ordered by.")
class CreditOrderField(Enum):
    """What credits can be ordered by."""

    CREATED_AT = strawberry.enum_value("CREATED_AT", description="When it was proposed.")


@strawberry.input(description="The order of a list of credits.")
class CreditOrder:
    """The order of a list of credits."""

    field: CreditOrderField = attribute("What the credits are ordered by.")
    direction: OrderDirection = attribute("Which way.")


@strawberry.enum(description="What messages can be ordered by.")
class MessageOrderField(Enum):
    """What messages can be ordered by."""

    SENT_AT = strawberry.enum_value("SENT_AT", description="When the message was sent.")


@strawberry.input(description="The order of a list of messages.")
class MessageOrder:
    """The order of a list of messages."""

    field: MessageOrderField = attribute("What the messages are ordered by.")
    direction: OrderDirection = attribute("Which way.")


@strawberry.enum(description="What the history of a ticket can be ordered by.")
class TimelineOrderField(Enum):
    """What the history of a ticket can be ordered by."""

    SEQUENCE = strawberry.enum_value("SEQUENCE", description="The number of the fact.")


@strawberry.input(description="The order of the history of a ticket.")
class TimelineOrder:
    """The order of the history of a ticket."""

    field: TimelineOrderField = attribute("What the facts are ordered by.")
    direction: OrderDirection = attribute("Which way.")


@strawberry.enum(description="What inbound messages can be ordered by.")
class InboundMessageOrderField(Enum):
    """What inbound messages can be ordered by."""

    RECEIVED_AT = strawberry.enum_value("RECEIVED_AT", description="When we took the message.")


@strawberry.input(description="The order of a list of inbound messages.")
class InboundMessageOrder:
    """The order of a list of inbound messages."""

    field: InboundMessageOrderField = attribute("What the messages are ordered by.")
    direction: OrderDirection = attribute("Which way.")


@strawberry.enum(description="What outgoing messages can be ordered by.")
class OutgoingMessageOrderField(Enum):
    """What outgoing messages can be ordered by."""

    CREATED_AT = strawberry.enum_value("CREATED_AT", description="When the mail was promised.")


@strawberry.input(description="The order of a list of outgoing messages.")
class OutgoingMessageOrder:
    """The order of a list of outgoing messages."""

    field: OutgoingMessageOrderField = attribute("What the messages are ordered by.")
    direction: OrderDirection = attribute("Which way.")


@strawberry.enum(description="What tokens can be ordered by.")
class TokenOrderField(Enum):
    """What tokens can be ordered by."""

    CREATED_AT = strawberry.enum_value("CREATED_AT", description="When the token was made.")


@strawberry.input(description="The order of a list of tokens.")
class TokenOrder:
    """The order of a list of tokens."""

    field: TokenOrderField = attribute("What the tokens are ordered by.")
    direction: OrderDirection = attribute("Which way.")


@strawberry.enum(description="What webhooks and their deliveries can be ordered by.")
class WebhookOrderField(Enum):
    """What webhooks and their deliveries can be ordered by."""

    CREATED_AT = strawberry.enum_value("CREATED_AT", description="When it was made or promised.")


@strawberry.input(description="The order of a list of webhooks or of deliveries.")
class WebhookOrder:
    """The order of a list of webhooks or of deliveries."""

    field: WebhookOrderField = attribute("What the list is ordered by.")
    direction: OrderDirection = attribute("Which way.")
