"""What can be done to webhooks and to what they are told."""

import strawberry

from helpdesk.domain.ids import WebhookDeliveryId, WebhookId
from helpdesk.graphql.fields import attribute
from helpdesk.graphql.global_ids import id_of
from helpdesk.graphql.mutating import MutationInput, Outcome, payload
from helpdesk.graphql.request import Request
from helpdesk.graphql.scalars import Url
from helpdesk.graphql.webhook import Webhook, WebhookDelivery
from helpdesk.usecases.create_webhook import CreateWebhook, create_webhook
from helpdesk.usecases.disable_webhook import DisableWebhook, disable_webhook
from helpdesk.usecases.read_models import Noun
from helpdesk.usecases.requeue_webhook_delivery import (
    RequeueWebhookDelivery,
    requeue_webhook_delivery,
)
from helpdesk.usecases.try_webhook import TryWebhook, try_webhook


@strawberry.input(description="An address that wants to hear of what happens.")
class CreateWebhookInput(MutationInput):
    """An address that wants to hear of what happens."""

    name: str = attribute("What people call it.")
    url: Url = attribute("The address to call: https, without a login and without a fragment.")


@strawberry.input(description="A webhook that is to be called no more.")
class DisableWebhookInput(MutationInput):
    """A webhook that is to be called no more."""

    webhook_id: strawberry.ID = attribute("The webhook.")


@strawberry.input(description="A webhook to try.")
class TryWebhookInput(MutationInput):
    """A webhook to try."""

    webhook_id: strawberry.ID = attribute("The webhook.")


@strawberry.input(description="A delivery to make again.")
class RequeueWebhookDeliveryInput(MutationInput):
    """A delivery to make again."""

    delivery_id: strawberry.ID = attribute("The delivery.")


CreateWebhookPayload = payload(
    "CreateWebhookPayload",
    "A webhook that was made.",
    webhook=(Webhook, "The webhook."),
    secret=(str, "The secret that signs its calls, shown now and never again: keep it safe."),
)
DisableWebhookPayload = payload(
    "DisableWebhookPayload", "A webhook that was disabled.", webhook=(Webhook, "The webhook.")
)
TryWebhookPayload = payload(
    "TryWebhookPayload",
    "A call that was promised to a webhook.",
    delivery=(WebhookDelivery, "The call, before it is made."),
)
RequeueWebhookDeliveryPayload = payload(
    "RequeueWebhookDeliveryPayload",
    "A delivery that was put back in the queue.",
    delivery=(WebhookDelivery, "The delivery."),
)


async def webhook_created(request: Request, given: CreateWebhookInput) -> Outcome:
    """Add a webhook."""
    asked = CreateWebhook(given.name, given.url)
    webhook = await create_webhook(request.desk, viewer=request.viewer, request=asked)
    return {"webhook": webhook.id, "secret": webhook.secret}


async def webhook_disabled(request: Request, given: DisableWebhookInput) -> Outcome:
    """Disable a webhook."""
    asked = DisableWebhook(_webhook(given.webhook_id))
    webhook = await disable_webhook(request.desk, viewer=request.viewer, request=asked)
    return {"webhook": webhook.id}


async def webhook_tried(request: Request, given: TryWebhookInput) -> Outcome:
    """Promise a call of a webhook."""
    asked = TryWebhook(_webhook(given.webhook_id))
    delivery = await try_webhook(request.desk, viewer=request.viewer, request=asked)
    return {"delivery": delivery.id}


async def delivery_requeued(request: Request, given: RequeueWebhookDeliveryInput) -> Outcome:
    """Put a delivery back in the queue."""
    delivery_id = id_of(Noun.WEBHOOK_DELIVERY, given.delivery_id, path=("deliveryId",))
    asked = RequeueWebhookDelivery(WebhookDeliveryId(delivery_id))
    delivery = await requeue_webhook_delivery(request.desk, viewer=request.viewer, request=asked)
    return {"delivery": delivery.id}


def _webhook(given: strawberry.ID) -> WebhookId:
    return WebhookId(id_of(Noun.WEBHOOK, given, path=("webhookId",)))
