"""Webhooks: where the agency wants to hear of what happens, and what it was told."""

from datetime import datetime

import strawberry

from helpdesk.domain.sending import SendingState
from helpdesk.graphql.connection import Connection
from helpdesk.graphql.fields import attribute, computed, condition, described_enum, paged
from helpdesk.graphql.node import Node
from helpdesk.graphql.ordering import WebhookOrder
from helpdesk.graphql.scalars import Url
from helpdesk.usecases.read_models import Noun, Order, OrderField

described_enum(
    SendingState,
    "WebhookDeliveryState",
    "What became of a call that was promised.",
    {
        SendingState.PENDING: "It waits for its first try, or for the next one.",
        SendingState.SENDING: "It is being made.",
        SendingState.SENT: "The receiver answered it with a 2xx.",
        SendingState.DEAD: "It was given up: requeue it once the receiver works again.",
    },
)


@strawberry.input(description="Conditions on deliveries that all hold.")
class WebhookDeliveryFilter:
    """Conditions on deliveries that all hold."""

    state: list[SendingState] | None = condition(
        "What became of the delivery: any of these.", "states"
    )


@strawberry.type(description="A call of a webhook that was promised.")
class WebhookDelivery(Node):
    """A call of a webhook that was promised."""

    message_id: str = computed(
        "The `webhook-id` of its calls, the same at every try.",
        lambda delivery, _: delivery.id,
        needs=("id",),
    )
    kind: str = attribute("The type of the event, such as `webhook.test`.")
    state: SendingState = attribute("What became of it.")
    attempts: int = attribute("How often it was tried; one that a crash cut short counts.")
    last_error: str | None = attribute(
        "What went wrong at the last try, with the beginning of the receiver's answer; absent "
        "when nothing has."
    )
    created_at: datetime = attribute("When the event happened and the call was promised.")
    next_attempt_at: datetime | None = attribute(
        "When it is tried next; absent when it is not, or is being tried."
    )
    sent_at: datetime | None = attribute("When the receiver answered; absent while it has not.")
    webhook: "Webhook" = attribute("The webhook that is called.")


@strawberry.type(description="An address that is told of events, signed with a secret.")
class Webhook(Node):
    """An address that is told of events."""

    name: str = attribute("What people call it.")
    url: Url = attribute("The address that is called.")
    created_at: datetime = attribute("When it was made.")
    disabled_at: datetime | None = attribute("When it was disabled; absent while it is called.")
    deliveries: Connection[WebhookDelivery] = paged(
        "The calls that were promised to it, the latest first.",
        Noun.WEBHOOK_DELIVERY,
        order=Order(OrderField.CREATED_AT, is_descending=True),
        orders=WebhookOrder,
        filters=WebhookDeliveryFilter,
    )
