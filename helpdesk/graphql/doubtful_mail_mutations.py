"""What is said of mails and requesters of whom nothing was proven."""

import strawberry

from helpdesk.domain.ids import ContactId, MessageId
from helpdesk.graphql.fields import attribute, optional
from helpdesk.graphql.global_ids import id_of
from helpdesk.graphql.message import Message
from helpdesk.graphql.mutating import (
    EXPECTED_VERSION,
    MutationInput,
    Outcome,
    mutation,
    payload,
)
from helpdesk.graphql.request import Request
from helpdesk.graphql.ticket import Ticket
from helpdesk.graphql.ticket_mutations import ticket_of
from helpdesk.usecases.confirm_requester import ConfirmRequester, confirm_requester
from helpdesk.usecases.judge_message import JudgeMessage, accept_message, reject_message
from helpdesk.usecases.read_models import Noun
from helpdesk.usecases.reply_to_ticket import Reply


@strawberry.input(description="A mail of which it is not sure who wrote it.")
class AcceptMessageInput(MutationInput):
    """A mail of which it is not sure who wrote it."""

    message_id: strawberry.ID = attribute("The message.")


@strawberry.input(description="A mail of which it is not sure who wrote it.")
class RejectMessageInput(MutationInput):
    """A mail of which it is not sure who wrote it."""

    message_id: strawberry.ID = attribute("The message.")


@strawberry.input(description="Whose request a ticket is.")
class ConfirmRequesterInput(MutationInput):
    """Whose request a ticket is."""

    ticket_id: strawberry.ID = attribute("The ticket.")
    requester_id: strawberry.ID | None = optional(
        "Who asked; left out it is the requester who stands on the ticket."
    )
    expected_version: int | None = optional(EXPECTED_VERSION)


AcceptMessagePayload = payload(
    "AcceptMessagePayload",
    "A mail that counts as its author's.",
    message=(Message, "The message."),
    ticket=(Ticket, "The ticket after it."),
)
RejectMessagePayload = payload(
    "RejectMessagePayload",
    "A mail that is known not to be its author's.",
    message=(Message, "The message."),
    ticket=(Ticket, "The ticket after it."),
)
ConfirmRequesterPayload = payload(
    "ConfirmRequesterPayload",
    "A ticket whose requester is known.",
    ticket=(Ticket, "The ticket after it."),
)


async def _accepted(request: Request, given: AcceptMessageInput) -> Outcome:
    asked = JudgeMessage(_message_of(given.message_id))
    return _judged(await accept_message(request.desk, viewer=request.viewer, request=asked))


async def _rejected(request: Request, given: RejectMessageInput) -> Outcome:
    asked = JudgeMessage(_message_of(given.message_id))
    return _judged(await reject_message(request.desk, viewer=request.viewer, request=asked))


async def _confirmed(request: Request, given: ConfirmRequesterInput) -> Outcome:
    requester_id = (
        None
        if given.requester_id is None
        else ContactId(id_of(Noun.CONTACT, given.requester_id, path=("requesterId",)))
    )
    asked = ConfirmRequester(ticket_of(given.ticket_id), requester_id, given.expected_version)
    ticket = await confirm_requester(request.desk, viewer=request.viewer, request=asked)
    return {"ticket": ticket.id}


def _message_of(given: strawberry.ID) -> MessageId:
    return MessageId(id_of(Noun.MESSAGE, given, path=("messageId",)))


def _judged(reply: Reply) -> Outcome:
    return {"message": reply.message.id, "ticket": reply.ticket.id}


@strawberry.type(description="What is said of mails and requesters of whom nothing was proven.")
class DoubtfulMailMutation:
    """What is said of mails and requesters of whom nothing was proven."""

    accept_message = mutation(
        "Say that a mail is the client's although nothing proved it: it becomes a public message "
        "and counts from its arrival on; it starts a clock, ends a wait, reopens. Persons of the "
        "agency alone may.",
        _accepted,
        given=AcceptMessageInput,
        gives=AcceptMessagePayload,
    )
    reject_message = mutation(
        "Say that somebody else wrote a mail: it stays a note of the agency and moves nothing. "
        "Persons of the agency alone may.",
        _rejected,
        given=RejectMessageInput,
        gives=RejectMessagePayload,
    )
    confirm_requester = mutation(
        "Say whose request it is. Who was read in a forwarded mail hears of it now; a person of "
        "another client takes the ticket along while nothing was done for the first one.",
        _confirmed,
        given=ConfirmRequesterInput,
        gives=ConfirmRequesterPayload,
    )
