"""What can be done to clients, sites, contacts, tokens and inbound messages."""

from datetime import datetime

import strawberry

from helpdesk.domain.access import Scope
from helpdesk.domain.consumer_notice import ClientKind
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import ClientId, ContactId, InboundMailId, TokenId
from helpdesk.graphql.agency import Agent
from helpdesk.graphql.client import Client
from helpdesk.graphql.contact import Contact
from helpdesk.graphql.fields import attribute, optional
from helpdesk.graphql.global_ids import id_of
from helpdesk.graphql.inbound_message import InboundMessage
from helpdesk.graphql.mutating import MutationInput, Outcome, payload
from helpdesk.graphql.request import Request
from helpdesk.graphql.scalars import EmailAddress, LocaleCode, Url
from helpdesk.graphql.site import Site
from helpdesk.graphql.ticket_enums import Criticality
from helpdesk.graphql.token import ApiToken
from helpdesk.usecases.create_client import CreateClient, create_client
from helpdesk.usecases.create_contact import CreateContact, create_contact
from helpdesk.usecases.create_site import CreateSite, create_site
from helpdesk.usecases.create_token import CreateToken, create_token
from helpdesk.usecases.reached_again import (
    ClearUndeliverableAddress,
    clear_undeliverable_address,
)
from helpdesk.usecases.read_models import Noun
from helpdesk.usecases.requeue_inbound_message import (
    RequeueInboundMessage,
    requeue_inbound_message,
)
from helpdesk.usecases.revoke_token import RevokeToken, revoke_token
from helpdesk.usecases.update_client import UpdateClient, update_client


@strawberry.input(description="An organisation that joins.")
class CreateClientInput(MutationInput):
    """An organisation that joins."""

    name: str = attribute("The name of the organisation.")
    domains: list[str] = strawberry.field(
        description="The mail domains by which its people are recognised.", default_factory=list
    )
    kind: ClientKind = optional(
        "What it is before the law of consumption.", ClientKind.PROFESSIONAL
    )


@strawberry.input(description="What changes of a client; what is left out stays.")
class UpdateClientInput(MutationInput):
    """What changes of a client."""

    client_id: strawberry.ID = attribute("The client.")
    name: str | None = optional("The name of the organisation.")
    kind: ClientKind | None = optional("What it is before the law of consumption.")
    notice_contact_ids: list[strawberry.ID] | None = optional(
        "Who is told before a tacit renewal; everybody of the client if the list is empty."
    )


@strawberry.input(description="A website or application that comes under maintenance.")
class CreateSiteInput(MutationInput):
    """A website or application that comes under maintenance."""

    client_id: strawberry.ID = attribute("Whose site it is.")
    name: str = attribute("What people call the site.")
    url: Url = attribute("Where the site is.")
    criticality: Criticality = optional(
        "What the site is worth to the client's business.", Criticality.STANDARD
    )


@strawberry.input(description="A person at a client who may write and is written to.")
class CreateContactInput(MutationInput):
    """A person at a client."""

    client_id: strawberry.ID = attribute("The organisation that the person belongs to.")
    name: str = attribute("The name of the person.")
    email: EmailAddress = attribute("The address; one person has it in an agency.")
    locale: LocaleCode = optional(
        "The language that the person is written to in.", LocaleCode("fr")
    )


@strawberry.input(description="What lets a program in.")
class CreateTokenInput(MutationInput):
    """What lets a program in."""

    name: str = attribute("What the token is for.")
    scopes: list[Scope] = attribute("What the token may do; nobody gives more than he has.")
    client_id: strawberry.ID | None = optional("The one client that it is bound to, if any.")
    expires_at: datetime | None = optional("When it stops working; never if left out.")


@strawberry.input(description="A token that must no longer work.")
class RevokeTokenInput(MutationInput):
    """A token that must no longer work."""

    token_id: strawberry.ID = attribute("The token.")


@strawberry.input(description="An inbound message to read again.")
class RequeueInboundMessageInput(MutationInput):
    """An inbound message to read again."""

    inbound_message_id: strawberry.ID = attribute("The message.")


@strawberry.input(description="An address that mails are to be sent to again.")
class ClearUndeliverableAddressInput(MutationInput):
    """An address that mails are to be sent to again."""

    email: EmailAddress = attribute("The address, in any case.")


CreateClientPayload = payload(
    "CreateClientPayload", "A client that joined.", client=(Client, "The client.")
)
UpdateClientPayload = payload(
    "UpdateClientPayload", "A client that changed.", client=(Client, "The client.")
)
CreateSitePayload = payload("CreateSitePayload", "A site that was added.", site=(Site, "The site."))
CreateContactPayload = payload(
    "CreateContactPayload", "A person who was added.", contact=(Contact, "The person.")
)
CreateTokenPayload = payload(
    "CreateTokenPayload",
    "A token that was made.",
    token=(ApiToken, "The token."),
    secret=(str, "The secret, shown now and never again: keep it safe."),
)
RevokeTokenPayload = payload(
    "RevokeTokenPayload", "A token that was revoked.", token=(ApiToken, "The token.")
)
RequeueInboundMessagePayload = payload(
    "RequeueInboundMessagePayload",
    "A message that was put back in the queue.",
    inbound_message=(InboundMessage, "The message."),
)


ClearUndeliverableAddressPayload = payload(
    "ClearUndeliverableAddressPayload",
    "An address that mails are sent to again.",
    contact=(Contact, "The person of a client whose address it is; absent when nobody's."),
    agent=(Agent, "The person of the agency whose address it is; absent when nobody's."),
)


async def client_created(request: Request, given: CreateClientInput) -> Outcome:
    """Add a client."""
    asked = CreateClient(given.name, tuple(given.domains), given.kind)
    client = await create_client(request.desk, viewer=request.viewer, request=asked)
    return {"client": client.id}


async def client_updated(request: Request, given: UpdateClientInput) -> Outcome:
    """Change a client."""
    people, path = given.notice_contact_ids, ("noticeContactIds",)
    asked = UpdateClient(
        _client(given.client_id),
        given.name,
        given.kind,
        None
        if people is None
        else frozenset(ContactId(id_of(Noun.CONTACT, one, path=path)) for one in people),
    )
    client = await update_client(request.desk, viewer=request.viewer, request=asked)
    return {"client": client.id}


async def site_created(request: Request, given: CreateSiteInput) -> Outcome:
    """Add a site."""
    asked = CreateSite(_client(given.client_id), given.name, given.url, given.criticality)
    site = await create_site(request.desk, viewer=request.viewer, request=asked)
    return {"site": site.id}


async def contact_created(request: Request, given: CreateContactInput) -> Outcome:
    """Add a contact."""
    asked = CreateContact(_client(given.client_id), given.name, given.email, Locale(given.locale))
    contact = await create_contact(request.desk, viewer=request.viewer, request=asked)
    return {"contact": contact.id}


async def token_created(request: Request, given: CreateTokenInput) -> Outcome:
    """Make a token."""
    asked = CreateToken(
        name=given.name,
        scopes=frozenset(given.scopes),
        client_id=None if given.client_id is None else _client(given.client_id),
        expires_at=given.expires_at,
    )
    issued = await create_token(request.desk, viewer=request.viewer, request=asked)
    return {"token": issued.token_id, "secret": issued.secret}


async def token_revoked(request: Request, given: RevokeTokenInput) -> Outcome:
    """Revoke a token."""
    asked = RevokeToken(TokenId(id_of(Noun.TOKEN, given.token_id, path=("tokenId",))))
    await revoke_token(request.desk, viewer=request.viewer, request=asked)
    return {"token": asked.token_id}


async def inbound_message_requeued(request: Request, given: RequeueInboundMessageInput) -> Outcome:
    """Put a message back in the queue."""
    message_id = id_of(Noun.INBOUND_MESSAGE, given.inbound_message_id, path=("inboundMessageId",))
    asked = RequeueInboundMessage(InboundMailId(message_id))
    mail = await requeue_inbound_message(request.desk, viewer=request.viewer, request=asked)
    return {"inbound_message": mail.id}


async def address_cleared(request: Request, given: ClearUndeliverableAddressInput) -> Outcome:
    """Send mails to an address again."""
    asked = ClearUndeliverableAddress(given.email)
    reached = await clear_undeliverable_address(request.desk, viewer=request.viewer, request=asked)
    people = {"contact": reached.contact, "agent": reached.agent}
    return {name: person.id for name, person in people.items() if person is not None}


def _client(given: strawberry.ID) -> ClientId:
    return ClientId(id_of(Noun.CLIENT, given, path=("clientId",)))
