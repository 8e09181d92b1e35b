"""What can be done to messages of the inbox, to mails of ours, to senders and to keys."""

from collections.abc import Sequence

import strawberry

from helpdesk.domain.ids import ClientId, ContactId, InboundMailId, OutboxMailId, TicketId
from helpdesk.graphql.fields import attribute, described_enum, optional
from helpdesk.graphql.global_ids import id_of
from helpdesk.graphql.inbound_message import InboundMessage
from helpdesk.graphql.mail_health import MailSigningKey, SenderRule, key_things, rule_thing
from helpdesk.graphql.mutating import MutationInput, Outcome, payload
from helpdesk.graphql.outgoing_message import OutgoingMessage
from helpdesk.graphql.request import Request
from helpdesk.graphql.scalars import EmailAddress
from helpdesk.graphql.ticket import Ticket
from helpdesk.usecases.block_sender import (
    BlockSender,
    LiftSenderBlock,
    block_sender,
    lift_sender_block,
)
from helpdesk.usecases.discard_inbound_message import (
    DiscardInboundMessages,
    discard_inbound_messages,
)
from helpdesk.usecases.file_inbound_message import FileInboundMessage, file_inbound_message
from helpdesk.usecases.inbound_in_hand import require_few
from helpdesk.usecases.mark_inbound_message_spam import (
    MarkInboundMessagesSpam,
    SenderBlock,
    mark_inbound_messages_spam,
)
from helpdesk.usecases.read_models import Noun
from helpdesk.usecases.requeue_outgoing_message import (
    OutgoingMessages,
    discard_outgoing_messages,
    requeue_outgoing_messages,
)
from helpdesk.usecases.rotate_mail_key import RetireMailKey, retire_mail_key, rotate_mail_key
from helpdesk.usecases.ticket_of_message import MakeTicketFromMessage, make_ticket_from_message

described_enum(
    SenderBlock,
    "SenderBlock",
    "Whose next mails are set aside.",
    {
        SenderBlock.NOBODY: "Nobody's.",
        SenderBlock.ADDRESS: "Those of the same address.",
        SenderBlock.DOMAIN: "Those of everybody of the same domain.",
    },
)

_MESSAGE, _MESSAGES, _MAILS = (
    "The message.",
    "The messages, 100 at most.",
    "The mails, 100 at most.",
)


@strawberry.input(description="A message that becomes a ticket.")
class MakeTicketFromInboundMessageInput(MutationInput):
    """A message that becomes a ticket."""

    inbound_message_id: strawberry.ID = attribute(_MESSAGE)
    requester_id: strawberry.ID | None = optional(
        "Who asked; else the author of the message, as if the mail had just come in."
    )
    client_id: strawberry.ID | None = optional(
        "The client that the author joins, when he is no contact yet."
    )
    name: str | None = optional("How the new contact is called; as the message says if left out.")
    email: EmailAddress | None = optional(
        "The address of the new contact; the author's if left out."
    )


@strawberry.input(description="A message that belongs on a ticket.")
class AddInboundMessageToTicketInput(MutationInput):
    """A message that belongs on a ticket."""

    inbound_message_id: strawberry.ID = attribute(_MESSAGE)
    ticket_id: strawberry.ID = attribute("The ticket.")
    is_internal: bool = optional("Whether it is kept from the client.", default=False)


@strawberry.input(description="Messages that are spam.")
class MarkInboundMessagesSpamInput(MutationInput):
    """Messages that are spam."""

    inbound_message_ids: list[strawberry.ID] = attribute(_MESSAGES)
    block: SenderBlock = optional("Whose next mails are set aside.", SenderBlock.NOBODY)


@strawberry.input(description="Messages that need nobody.")
class DiscardInboundMessagesInput(MutationInput):
    """Messages that need nobody."""

    inbound_message_ids: list[strawberry.ID] = attribute(_MESSAGES)


@strawberry.input(description="Mails of ours to send after all.")
class RequeueOutgoingMessagesInput(MutationInput):
    """Mails of ours to send after all."""

    outgoing_message_ids: list[strawberry.ID] = attribute(_MAILS)


@strawberry.input(description="Mails of ours to give up.")
class DiscardOutgoingMessagesInput(MutationInput):
    """Mails of ours to give up."""

    outgoing_message_ids: list[strawberry.ID] = attribute(_MAILS)


@strawberry.input(description="A sender whose mails are to be set aside.")
class BlockSenderInput(MutationInput):
    """A sender whose mails are to be set aside."""

    sender: str = attribute("An address, or everybody of a domain, as `@example.org`.")


@strawberry.input(description="A sender who is to be heard again.")
class LiftSenderBlockInput(MutationInput):
    """A sender who is to be heard again."""

    sender: str = attribute("The sender, as the rule names him.")


@strawberry.input(description="A new key to sign our mails with.")
class RotateMailKeyInput(MutationInput):
    """A new key to sign our mails with."""


@strawberry.input(description="A key that is to be believed no more.")
class RetireMailKeyInput(MutationInput):
    """A key that is to be believed no more."""

    number: int = attribute("The number of the key, below that of the one in use.")


MakeTicketFromInboundMessagePayload = payload(
    "MakeTicketFromInboundMessagePayload",
    "A message that became a ticket.",
    inbound_message=(InboundMessage, "The message."),
    ticket=(Ticket, "The ticket."),
)
AddInboundMessageToTicketPayload = payload(
    "AddInboundMessageToTicketPayload",
    "A message that was filed on a ticket.",
    inbound_message=(InboundMessage, "The message."),
    ticket=(Ticket, "The ticket."),
)
MarkInboundMessagesSpamPayload = payload(
    "MarkInboundMessagesSpamPayload",
    "Messages that were marked as spam.",
    inbound_messages=(list[InboundMessage], "The messages."),
)
DiscardInboundMessagesPayload = payload(
    "DiscardInboundMessagesPayload",
    "Messages that need nobody.",
    inbound_messages=(list[InboundMessage], "The messages."),
)
RequeueOutgoingMessagesPayload = payload(
    "RequeueOutgoingMessagesPayload",
    "Mails that were put back in the queue.",
    outgoing_messages=(list[OutgoingMessage], "The mails."),
)
DiscardOutgoingMessagesPayload = payload(
    "DiscardOutgoingMessagesPayload",
    "Mails that were given up.",
    outgoing_messages=(list[OutgoingMessage], "The mails."),
)
BlockSenderPayload = payload(
    "BlockSenderPayload", "A sender who is blocked.", sender_rule=(SenderRule, "The rule.")
)
LiftSenderBlockPayload = payload(
    "LiftSenderBlockPayload",
    "A sender who is heard again.",
    sender_rule=(SenderRule, "The rule that holds no more."),
)
RotateMailKeyPayload = payload(
    "RotateMailKeyPayload",
    "A key that signs from now on.",
    keys=(list[MailSigningKey], "Every key, that one first."),
)
RetireMailKeyPayload = payload(
    "RetireMailKeyPayload",
    "A key that is believed no more.",
    keys=(list[MailSigningKey], "Every key, the one in use first."),
)


async def ticket_made(request: Request, given: MakeTicketFromInboundMessageInput) -> Outcome:
    """Make a ticket of a message."""
    requester, client = given.requester_id, given.client_id
    asked = MakeTicketFromMessage(
        _message(given.inbound_message_id),
        requester_id=None
        if requester is None
        else ContactId(id_of(Noun.CONTACT, requester, path=("requesterId",))),
        client_id=None
        if client is None
        else ClientId(id_of(Noun.CLIENT, client, path=("clientId",))),
        name=given.name,
        email=given.email,
    )
    mail, ticket = await make_ticket_from_message(
        request.desk, viewer=request.viewer, request=asked
    )
    return {"inbound_message": mail.id, "ticket": ticket.id}


async def message_filed(request: Request, given: AddInboundMessageToTicketInput) -> Outcome:
    """File a message on a ticket."""
    asked = FileInboundMessage(
        _message(given.inbound_message_id),
        TicketId(id_of(Noun.TICKET, given.ticket_id, path=("ticketId",))),
        given.is_internal,
    )
    mail, ticket = await file_inbound_message(request.desk, viewer=request.viewer, request=asked)
    return {"inbound_message": mail.id, "ticket": ticket.id}


async def messages_marked(request: Request, given: MarkInboundMessagesSpamInput) -> Outcome:
    """Mark messages as spam."""
    asked = MarkInboundMessagesSpam(_messages(given.inbound_message_ids), given.block)
    mails = await mark_inbound_messages_spam(request.desk, viewer=request.viewer, request=asked)
    return {"inbound_messages": frozenset(mail.id for mail in mails)}


async def messages_discarded(request: Request, given: DiscardInboundMessagesInput) -> Outcome:
    """Discard messages."""
    asked = DiscardInboundMessages(_messages(given.inbound_message_ids))
    mails = await discard_inbound_messages(request.desk, viewer=request.viewer, request=asked)
    return {"inbound_messages": frozenset(mail.id for mail in mails)}


async def mails_requeued(request: Request, given: RequeueOutgoingMessagesInput) -> Outcome:
    """Put mails back in the queue."""
    asked = _mails(given.outgoing_message_ids)
    mails = await requeue_outgoing_messages(request.desk, viewer=request.viewer, request=asked)
    return {"outgoing_messages": frozenset(mail.id for mail in mails)}


async def mails_discarded(request: Request, given: DiscardOutgoingMessagesInput) -> Outcome:
    """Give mails up."""
    asked = _mails(given.outgoing_message_ids)
    mails = await discard_outgoing_messages(request.desk, viewer=request.viewer, request=asked)
    return {"outgoing_messages": frozenset(mail.id for mail in mails)}


async def sender_blocked(request: Request, given: BlockSenderInput) -> Outcome:
    """Block a sender."""
    asked = BlockSender(given.sender)
    rule = await block_sender(request.desk, viewer=request.viewer, request=asked)
    return {"sender_rule": rule_thing(rule)}


async def block_lifted(request: Request, given: LiftSenderBlockInput) -> Outcome:
    """Lift a block."""
    asked = LiftSenderBlock(given.sender)
    rule = await lift_sender_block(request.desk, viewer=request.viewer, request=asked)
    return {"sender_rule": rule_thing(rule)}


async def key_rotated(request: Request, _: RotateMailKeyInput) -> Outcome:
    """Make a new key."""
    return {"keys": key_things(await rotate_mail_key(request.desk, viewer=request.viewer))}


async def key_retired(request: Request, given: RetireMailKeyInput) -> Outcome:
    """Retire a key."""
    asked = RetireMailKey(given.number)
    keys = await retire_mail_key(request.desk, viewer=request.viewer, request=asked)
    return {"keys": key_things(keys)}


def _message(given: strawberry.ID, *, field: str = "inboundMessageId") -> InboundMailId:
    return InboundMailId(id_of(Noun.INBOUND_MESSAGE, given, path=(field,)))


def _messages(given: Sequence[strawberry.ID]) -> tuple[InboundMailId, ...]:
    require_few(given, field="inboundMessageIds")
    return tuple(_message(one, field="inboundMessageIds") for one in given)


def _mails(given: Sequence[strawberry.ID]) -> OutgoingMessages:
    require_few(given, field="outgoingMessageIds")
    path = ("outgoingMessageIds",)
    ids = (id_of(Noun.OUTGOING_MESSAGE, one, path=path) for one in given)
    return OutgoingMessages(tuple(OutboxMailId(one) for one in ids))
