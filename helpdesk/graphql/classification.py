"""What requests are taken for, who pays, and what is excluded from maintenance."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from helpdesk.graphql.classification_enums import (
    ClassificationRule,
    ClassificationState,
    Coverage,
    EvidenceKind,
    ExclusionCause,
    Funding,
    InterventionAuthor,
    RequestNature,
    WhyCovered,
)
from helpdesk.graphql.client import Client
from helpdesk.graphql.fields import attribute
from helpdesk.graphql.node import Node
from helpdesk.graphql.site import Site

if TYPE_CHECKING:
    from helpdesk.graphql.ticket import Ticket


@strawberry.type(description="What a request is taken for, and who pays for the work.")
class Classification:
    """What a request is taken for, and who pays."""

    sequence: int = attribute("How many steps its history has; every one is kept.")
    state: ClassificationState = attribute("How certain it is.")
    nature: RequestNature = attribute("What the request asks for.")
    coverage: Coverage = attribute("Where it stands towards the contract.")
    funding: Funding = attribute("What pays for the work.")
    rule: ClassificationRule = attribute("Which rule decided.")
    why: WhyCovered = attribute("Why.")
    exclusion: ExclusionCause | None = attribute("The excluded cause; absent without one.")
    estimate_minutes: int | None = attribute(
        "How long the work takes; absent while nobody weighed it."
    )
    client_agrees_run: bool = attribute("Whether the client agreed to spend run time on it.")
    is_regression: bool = attribute("Whether the agency broke it.")
    rules_coverage: Coverage = attribute("Where it stood by the rules, before any decision.")
    rules_funding: Funding = attribute("What paid by the rules, before any decision.")
    proposed_by_name: str = attribute("Who had the rules propose it.")
    proposed_at: datetime = attribute("When.")
    decided_by_name: str | None = attribute("Who confirmed it; absent while nobody did.")
    decided_at: datetime | None = attribute("When it was confirmed; absent while it is not.")
    decision_reason: str | None = attribute("Why it was decided so; absent while it is not.")
    disputed_by_name: str | None = attribute("Who contests it; absent unless somebody does.")
    disputed_at: datetime | None = attribute("Since when; absent unless somebody does.")
    dispute_reason: str | None = attribute("Why; absent unless somebody does.")


@strawberry.type(description="A trace that others can check.")
class Evidence:
    """A trace that others can check."""

    kind: EvidenceKind = attribute("What it is.")
    reference: str = attribute("Where it is.")
    at: datetime = attribute("The instant that it shows.")


@strawberry.type(description="A change that others than the agency made on a site, or will make.")
class Intervention(Node):
    """A change that others made on a site."""

    what: str = attribute("What is done.")
    at: datetime = attribute("When.")
    by: InterventionAuthor = attribute("By whom.")
    client: Client = attribute("Whose site it is.")
    site: Site | None = attribute("The site; absent when none was named.")
    is_declared: bool = attribute("Whether somebody told it; otherwise it was detected.")
    detected_by: EvidenceKind | None = attribute("What detected it; absent when it was told.")
    recorded_by_name: str = attribute("Who wrote it down.")
    recorded_at: datetime = attribute("When it was written down.")
    validated_by: str | None = attribute(
        "Who of the agency agreed beforehand, so that what follows stays covered; absent if nobody."
    )
    validated_at: datetime | None = attribute("When he agreed; absent if nobody did.")


@strawberry.type(description="A cause outside maintenance, with what shows it.")
class Exclusion(Node):
    """A cause outside maintenance, with what shows it."""

    cause: ExclusionCause = attribute("Which cause.")
    explanation: str = attribute("How it led to the trouble.")
    began_at: datetime = attribute("When the trouble began.")
    shown_by: list[Evidence] = attribute("What shows it.", name="evidence")
    ticket: Annotated["Ticket", strawberry.lazy("helpdesk.graphql.ticket")] = attribute(
        "The request that is excluded."
    )
    intervention: Intervention | None = attribute(
        "The intervention that led to it; absent for other causes."
    )
    recorded_by_name: str = attribute("Who answers for it.")
    recorded_at: datetime = attribute("When it was recorded.")
    lifted_by_name: str | None = attribute("Who lifted it as a gesture; absent while it stands.")
    lifted_at: datetime | None = attribute("When; absent while it stands.")
    lift_reason: str | None = attribute("Why; absent while it stands.")
