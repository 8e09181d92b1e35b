"""What requests are taken for, who pays, and what is excluded from maintenance."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from helpdesk.domain.classification import (
    ClassificationRule,
    Coverage,
    Funding,
    RequestNature,
    WhyCovered,
)
from helpdesk.domain.classification_life import ClassificationState
from helpdesk.domain.exclusion import EvidenceKind, ExclusionCause, InterventionAuthor
from helpdesk.graphql.client import Client
from helpdesk.graphql.fields import attribute, described_enum
from helpdesk.graphql.node import Node
from helpdesk.graphql.site import Site

if TYPE_CHECKING:
    from helpdesk.graphql.ticket import Ticket

described_enum(
    RequestNature,
    "RequestNature",
    "What a request asks for.",
    {
        RequestNature.BUG: "The correction of a bug in production.",
        RequestNature.UPDATE: "The update of an existing component.",
        RequestNature.NEW_PAGE: "A new page or section.",
        RequestNature.REDESIGN: "A redesign, even of a part.",
        RequestNature.API_INTEGRATION: "A new integration of a third party's API.",
        RequestNature.SMALL_UX: "A light improvement, under one hour.",
        RequestNature.SECURITY: "Security work.",
        RequestNature.MONITORING: "Monitoring.",
        RequestNature.PROJECT: "A project.",
        RequestNature.E_COMMERCE: "An e-commerce module or another major addition.",
        RequestNature.WORDING: "A small change of wording.",
        RequestNature.CONTENT: "Content to write or to update.",
        RequestNature.HACK_CLEANUP: "The clean-up after a hack.",
        RequestNature.QUESTION: "A question to the support.",
    },
)
described_enum(
    Coverage,
    "Coverage",
    "Where a request stands towards the contract.",
    {
        Coverage.INCLUDED: "Included in the contract.",
        Coverage.RUN: "Run work, on the run time of the plan.",
        Coverage.QUOTE: "A quote is needed first.",
        Coverage.OUT_OF_CONTRACT: "Outside the contract: a quote of its own.",
    },
)
described_enum(
    Funding,
    "Funding",
    "What pays for the work.",
    {
        Funding.TICKET_QUOTA: "One corrective ticket of the plan.",
        Funding.RUN_MINUTES: "The run time of the plan.",
        Funding.TIME_CREDIT: "Prepaid time.",
        Funding.PAY_PER_USE: "The time spent, invoiced.",
        Funding.QUOTE: "An accepted quote.",
        Funding.NONE: "Nothing is counted.",
    },
)
described_enum(
    ClassificationRule,
    "ClassificationRule",
    "Which rule decided; the first that speaks about a request does.",
    {
        ClassificationRule.WARRANTY: "What the agency broke it repairs.",
        ClassificationRule.EXCLUSION: "The cause is no matter of maintenance.",
        ClassificationRule.PROJECT: "A project is no part of maintenance.",
        ClassificationRule.BUG: "Bugs, as the plan says.",
        ClassificationRule.UPKEEP: "Updates, security and monitoring, as the plan says.",
        ClassificationRule.NEW_PAGE: "New work takes a quote, or run time by consent.",
        ClassificationRule.SMALL_UX: "Light improvements take run time.",
        ClassificationRule.CONTENT: "Content is no maintenance.",
        ClassificationRule.QUESTION: "Questions are not counted.",
    },
)
described_enum(
    WhyCovered,
    "ClassificationReason",
    "Why a request stands where it does.",
    {
        WhyCovered.REGRESSION: "What our work broke we repair at our own cost.",
        WhyCovered.EXCLUDED_CAUSE: "The cause is no matter of maintenance; evidence is attached.",
        WhyCovered.PROJECT_OF_ITS_OWN: "It is a project of its own.",
        WhyCovered.IN_PLAN: "The plan includes it.",
        WhyCovered.ON_HOUR_PACK: "The contract covers it, on prepaid time.",
        WhyCovered.PAID_BY_USE: "The contract covers it, for the time spent.",
        WhyCovered.NOT_IN_PLAN: "The plan does not include it.",
        WhyCovered.RUN_AGREED: "The client agreed to spend run time on it.",
        WhyCovered.RUN_NOT_AGREED: "New work takes a quote, or consent to spend run time.",
        WhyCovered.LIGHT_RUN: "It takes less than an hour of run time.",
        WhyCovered.NO_RUN_IN_PLAN: "The plan has no run time.",
        WhyCovered.EDITORIAL_WORK: "An editorial plan or a quote covers content.",
        WhyCovered.QUESTION_ANSWERED: "A question is always welcome.",
    },
)
described_enum(
    ClassificationState,
    "ClassificationState",
    "How certain a classification is.",
    {
        ClassificationState.PROPOSED: "The rules propose it; no person confirmed it.",
        ClassificationState.CONFIRMED: "A person of the agency confirmed it.",
        ClassificationState.DISPUTED: "The client contests it; the agency owes an answer.",
    },
)
described_enum(
    ExclusionCause,
    "ExclusionCause",
    "What is no matter of maintenance.",
    {
        ExclusionCause.CLIENT_INTERVENTION: "A side effect of the client's own intervention.",
        ExclusionCause.THIRD_PARTY_INTERVENTION: "A side effect of another provider's work.",
        ExclusionCause.HOSTING_FAILURE: "A failure of the host: server down, domain lapsed.",
        ExclusionCause.PRE_EXISTING: "A trouble found before the contract began.",
    },
)
described_enum(
    InterventionAuthor,
    "InterventionAuthor",
    "Who changed a site that the agency maintains.",
    {
        InterventionAuthor.CLIENT: "The client himself.",
        InterventionAuthor.THIRD_PARTY: "Another provider.",
    },
)
described_enum(
    EvidenceKind,
    "EvidenceKind",
    "What shows that something happened.",
    {
        EvidenceKind.ACTIVITY_LOG: "A log of what was done on the site.",
        EvidenceKind.COMMIT: "A commit.",
        EvidenceKind.HOST_STATUS: "What the host says of its service.",
        EvidenceKind.ENTRY_AUDIT: "The audit made when the contract began.",
        EvidenceKind.OTHER: "Something else.",
    },
)


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
