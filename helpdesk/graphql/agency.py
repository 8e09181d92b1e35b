"""The agency: its people and its teams."""

from datetime import datetime

import strawberry

from helpdesk.domain.access import Scope
from helpdesk.domain.agency import AgentRole
from helpdesk.domain.follow_up import FollowUpRule
from helpdesk.graphql.billing_identity import FiscalIdentity
from helpdesk.graphql.classification_enums import ClassificationRule
from helpdesk.graphql.connection import Connection
from helpdesk.graphql.fields import attribute, described_enum, paged
from helpdesk.graphql.node import Node
from helpdesk.graphql.ordering import NameOrder
from helpdesk.graphql.scalars import EmailAddress, LocaleCode
from helpdesk.usecases.read_models import Noun, Order, OrderField

described_enum(
    AgentRole,
    "AgentRole",
    "What an agent answers for.",
    {
        AgentRole.AGENT: "The requests that he takes care of.",
        AgentRole.MANAGER: "The agency's promises as a whole.",
    },
)


@strawberry.type(description="A person of the agency.")
class Agent(Node):
    """A person of the agency."""

    name: str = attribute("The name of the person.")
    email: EmailAddress | None = attribute("The address; it does not exist for a client.")
    role: AgentRole | None = attribute(
        "What the person answers for; it does not exist for a client."
    )
    locale: LocaleCode | None = attribute(
        "The language of the person; it does not exist for a client."
    )
    undeliverable_since: datetime | None = attribute(
        "Since when automatic mails are no longer sent to the person, because they came back; "
        "absent while they arrive, and for a client.",
        points=2,
    )
    undeliverable_reason: str | None = attribute(
        "What the mail server said; absent while mails arrive, and for a client.", points=2
    )


@strawberry.type(description="A group of agents that requests are given to.")
class Team(Node):
    """A group of agents."""

    name: str = attribute("The name of the team.")
    members: list[Agent] = attribute(
        "The people of the team, by name.", points=5, scope=Scope.AGENCY_READ
    )


@strawberry.type(description="Which rules of classification need no person of the agency.")
class AutomaticRules:
    """Which rules of classification need no person."""

    rules: list[ClassificationRule] = attribute("The rules; what they say is final at once.")
    set_by_name: str = attribute("Who said so.")
    set_at: datetime = attribute("When.")


described_enum(
    FollowUpRule,
    "FollowUpRule",
    "What the client's mail on a finished ticket does. Thanks, automatic mails and mails of which "
    "nobody knows who wrote them reopen nothing, whatever the rule.",
    {
        FollowUpRule.REOPEN_WITHIN_DAYS: "It reopens the ticket for some days after its end; later "
        "it opens one that follows it.",
        FollowUpRule.ALWAYS_REOPEN: "It reopens the ticket.",
        FollowUpRule.NEW_TICKET: "On a closed ticket it opens one that follows it; one that is "
        "only resolved is reopened.",
    },
)


@strawberry.type(description="What the client's mail on a finished ticket does.")
class FollowUp:
    """What the client's mail on a finished ticket does."""

    rule: FollowUpRule = attribute("What it does.")
    reopen_days: int = attribute("For how many days after its end a ticket is reopened.")
    set_by_name: str | None = attribute("Who said so; absent while nobody did.")
    set_at: datetime | None = attribute("When; absent while nobody did.")


@strawberry.type(description="An agency that maintains websites and applications under contract.")
class Agency(Node):
    """An agency."""

    name: str = attribute("The name of the agency.")
    locale: LocaleCode = attribute("The language of the agency.")
    zone: str = attribute("The time zone of the agency, such as `Europe/Paris`.")
    mailbox: EmailAddress = attribute("The address that requests are mailed to.")
    fiscal_identity: FiscalIdentity | None = attribute(
        "How it invoices; absent while it has not said so, and for a client.",
        points=2,
    )
    automatic_rules: AutomaticRules | None = attribute(
        "The rules of classification that need no person; absent while the agency said nothing, "
        "and for a client.",
        scope=Scope.AGENCY_READ,
    )
    follow_up: FollowUp | None = attribute(
        "What the client's mail on a finished ticket does; absent for a client.",
        scope=Scope.AGENCY_READ,
    )
    teams: Connection[Team] = paged(
        "The teams of the agency; they do not exist for a client.",
        Noun.TEAM,
        order=Order(OrderField.NAME),
        orders=NameOrder,
        scope=Scope.AGENCY_READ,
    )
    agents: Connection[Agent] = paged(
        "The people of the agency; for a client, those who take care of its requests.",
        Noun.AGENT,
        order=Order(OrderField.NAME),
        orders=NameOrder,
        scope=Scope.AGENCY_READ,
    )
