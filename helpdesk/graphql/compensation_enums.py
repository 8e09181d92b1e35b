"""The scales of compensation: how much a breach is worth, and what becomes of a credit."""

from helpdesk.domain.breach import ConsequenceKind, Promise
from helpdesk.domain.compensation import CreditKind
from helpdesk.domain.compensation_clause import ResolutionMode, SameIncident, UptimeMode
from helpdesk.domain.compensation_life import CreditState, CreditStep
from helpdesk.domain.postponement import PromiseOutcome
from helpdesk.graphql.fields import described_enum

described_enum(
    CreditKind,
    "CreditKind",
    "Which promise pays.",
    {
        CreditKind.P0_RESOLUTION: "A P0 was resolved too late.",
        CreditKind.UPTIME: "Less was available in a month than promised.",
    },
)
described_enum(
    CreditState,
    "CreditState",
    "Where a credit is in its life.",
    {
        CreditState.PROPOSED: "The engine computed it; nobody decided yet.",
        CreditState.APPROVED: "It will be on the next document; the client sees the amount.",
        CreditState.ISSUED: "A document says it.",
        CreditState.APPLIED: "An invoice was reduced by it.",
        CreditState.REFUNDED: "It was paid out.",
        CreditState.REJECTED: "It is not paid; its history says why.",
        CreditState.SUPERSEDED: "A recomputed one took its place.",
        CreditState.NIL: "The breach is worth nothing: it is recorded and no document follows.",
    },
)
described_enum(
    CreditStep,
    "CreditStep",
    "What can happen to a credit.",
    {
        CreditStep.APPROVE: "Somebody approved it.",
        CreditStep.REJECT: "Somebody rejected it.",
        CreditStep.ISSUE: "A document was issued with it.",
        CreditStep.APPLY: "It reduced an invoice.",
        CreditStep.REFUND: "It was paid out.",
        CreditStep.REPLACE: "It was computed again, and replaced.",
        CreditStep.FLAG: "It was computed again, and less is owed than was issued.",
    },
)
described_enum(
    Promise,
    "GuidePromise",
    "The promises of the guide's table.",
    {
        Promise.UPTIME: "How much of a month the sites are available.",
        Promise.P0_RESPONSE: "When a P0 is answered.",
        Promise.P0_RESOLUTION: "When a P0 is resolved.",
        Promise.P1_RESPONSE: "When a P1 is answered.",
        Promise.P2_P3_DELIVERY: "When a P2 or P3 is delivered on staging.",
    },
)
described_enum(
    ConsequenceKind,
    "BreachConsequence",
    "What follows from a broken promise.",
    {
        ConsequenceKind.CREDIT: "A credit on the next invoice.",
        ConsequenceKind.ESCALATION: "It is escalated at once.",
        ConsequenceKind.REPORT_MENTION: "The monthly report mentions it.",
        ConsequenceKind.POSTPONEMENT: "A new date is owed, with the reason.",
        ConsequenceKind.RECORD: "It is recorded: the contract names nothing else.",
    },
)
described_enum(
    PromiseOutcome,
    "PromiseOutcome",
    "How a promise reads in a report.",
    {
        PromiseOutcome.PENDING: "It has not begun to count.",
        PromiseOutcome.RUNNING: "It counts.",
        PromiseOutcome.MET: "It was kept.",
        PromiseOutcome.POSTPONED: "It was put off in time, and the new date holds.",
        PromiseOutcome.BREACHED_DOCUMENTED: "It was broken, put off then, and the new date holds.",
        PromiseOutcome.BREACHED: "It was broken.",
        PromiseOutcome.CANCELLED: "It is promised no more.",
    },
)
described_enum(
    ResolutionMode,
    "ResolutionCreditMode",
    "What a late resolution of a P0 is worth.",
    {
        ResolutionMode.PER_STARTED_HOUR: "A percentage of the fee for each started hour over.",
        ResolutionMode.PER_MINUTE: "The same percentage of an hour, by started minute.",
        ResolutionMode.RATIO_TO_TARGET: "The fee, by the time over for the time promised; the fee "
        "at most.",
        ResolutionMode.PRORATA_TEMPORIS: "The fee of the time over, as a part of the month.",
        ResolutionMode.FIXED: "An amount.",
        ResolutionMode.NONE: "Nothing.",
    },
)
described_enum(
    UptimeMode,
    "UptimeCreditMode",
    "What a month below the promised availability is worth.",
    {
        UptimeMode.TIERS: "A percentage of the fee by how low it was.",
        UptimeMode.PER_STEP: "A percentage of the fee for each started step below.",
        UptimeMode.PRORATA: "The fee of the time without service.",
        UptimeMode.NONE: "Nothing.",
    },
)
described_enum(
    SameIncident,
    "SameIncidentRule",
    "What is paid when one incident breaks two promises.",
    {
        SameIncident.HIGHEST: "The higher credit.",
        SameIncident.CUMULATE: "Both.",
    },
)
