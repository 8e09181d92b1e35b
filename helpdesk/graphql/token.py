"""Tokens: what lets programs in."""

from datetime import datetime

import strawberry

from helpdesk.domain.access import Scope
from helpdesk.graphql.agency import Agent
from helpdesk.graphql.client import Client
from helpdesk.graphql.contact import Contact
from helpdesk.graphql.fields import attribute, described_enum
from helpdesk.graphql.node import Node

described_enum(
    Scope,
    "TokenScope",
    "What a token may do.",
    {
        Scope.AGENCY_READ: "Read the agency's people, teams, tokens and webhooks (`agency:read`).",
        Scope.AGENCY_WRITE: "Make and revoke tokens; make people, teams and webhooks "
        "(`agency:write`).",
        Scope.CLIENTS_READ: "Read clients, sites and contacts (`clients:read`).",
        Scope.CLIENTS_WRITE: "Add clients, sites and contacts (`clients:write`).",
        Scope.CONTRACTS_READ: "Read contracts and preview deadlines (`contracts:read`).",
        Scope.TICKETS_READ: "Read tickets with all that belongs to them (`tickets:read`).",
        Scope.TICKETS_WRITE: "Open tickets and act on them (`tickets:write`).",
        Scope.MAIL_READ: "Read what was handed to the mail door (`mail:read`).",
        Scope.MAIL_WRITE: "Have a message read again (`mail:write`).",
    },
)


@strawberry.type(description="What lets a program in; its secret is kept nowhere.")
class ApiToken(Node):
    """What lets a program in."""

    name: str = attribute("What the token is for.")
    scopes: list[Scope] = attribute("What the token may do.")
    client: Client | None = attribute("The one client that it is bound to; absent when it is not.")
    agent: Agent | None = attribute("The person of the agency that it stands for, if it does.")
    contact: Contact | None = attribute("The person of a client that it stands for, if it does.")
    created_at: datetime = attribute("When it was made.")
    expires_at: datetime | None = attribute("When it stops working; absent when it does not.")
    revoked_at: datetime | None = attribute("When it was revoked; absent while it was not.")
