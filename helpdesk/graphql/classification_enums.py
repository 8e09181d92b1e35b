"""What classifications and exclusions are said with, described."""

from helpdesk.domain.classification import (
    ClassificationRule,
    Coverage,
    Funding,
    RequestNature,
    WhyCovered,
)
from helpdesk.domain.classification_life import ClassificationStanding, ClassificationState
from helpdesk.domain.exclusion import EvidenceKind, ExclusionCause, InterventionAuthor
from helpdesk.graphql.fields import described_enum

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
    ClassificationStanding,
    "ClassificationStanding",
    "Where the classification of a ticket stands.",
    {
        ClassificationStanding.UNCLASSIFIED: "Nobody classified the ticket yet.",
        ClassificationStanding.PROPOSED: "The rules propose it; no person confirmed it.",
        ClassificationStanding.CONFIRMED: "It is decided.",
        ClassificationStanding.DISPUTED: "The client contests it; the agency owes an answer.",
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

__all__ = [
    "ClassificationRule",
    "ClassificationStanding",
    "ClassificationState",
    "Coverage",
    "EvidenceKind",
    "ExclusionCause",
    "Funding",
    "InterventionAuthor",
    "RequestNature",
    "WhyCovered",
]
