"""The scales by which plans and contracts are sold."""

from helpdesk.domain.billed_time import RoundingMode, RoundingScope
from helpdesk.domain.contract_facts import ContractFactKind
from helpdesk.domain.contract_life import CompensationNature
from helpdesk.domain.engagement import EngagementModel
from helpdesk.domain.plan import BillingInterval, Cover, Origin, TaxBasis, TmaDimension
from helpdesk.domain.retainer_terms import OveragePolicy, RetainerUnit, RolloverMode
from helpdesk.graphql.fields import described_enum

described_enum(
    Origin,
    "ValueOrigin",
    "Why a value is what it is.",
    {
        Origin.SOURCE: "A source says so.",
        Origin.RESOLUTION: "It was settled where sources contradict each other.",
        Origin.PROPOSAL: "It is proposed by us.",
        Origin.AGREED: "The parties of this contract settled it.",
    },
)
described_enum(
    EngagementModel,
    "EngagementModel",
    "How maintenance is sold; a contract may have several.",
    {
        EngagementModel.MONTHLY_PLAN: "A plan for a fee by the month.",
        EngagementModel.PREPAID_TIME: "Hours that are bought beforehand.",
        EngagementModel.PAY_PER_USE: "Work that is paid by the hour.",
        EngagementModel.SLA: "Delays that are promised.",
    },
)
described_enum(
    RetainerUnit,
    "RetainerUnit",
    "What is counted; one unit is never turned into another.",
    {
        RetainerUnit.CORRECTIVE_TICKETS: "Corrective tickets of a period.",
        RetainerUnit.RUN_MINUTES: "Minutes of a period.",
        RetainerUnit.PACK_MINUTES: "Minutes of hours that were bought.",
    },
)
described_enum(
    OveragePolicy,
    "OveragePolicy",
    "Who decides about what is over the allowance.",
    {
        OveragePolicy.BILL: "It is done and billed.",
        OveragePolicy.QUOTE: "It waits for a quote.",
        OveragePolicy.BLOCK: "It is not done before the client decides.",
    },
)
described_enum(
    RolloverMode,
    "RolloverMode",
    "How much of an allowance that was not used is carried over.",
    {
        RolloverMode.NONE: "Nothing.",
        RolloverMode.CAPPED: "A share or a quantity at most.",
        RolloverMode.FULL: "All of it.",
    },
)
described_enum(
    TmaDimension,
    "TmaDimension",
    "The dimensions of application maintenance.",
    {
        TmaDimension.CORRECTIVE: "What is broken is repaired.",
        TmaDimension.PREVENTIVE: "What would break is updated.",
        TmaDimension.SECURITY: "Holes are closed.",
        TmaDimension.MONITORING: "The service is watched.",
        TmaDimension.EVOLUTION: "Something new is made.",
    },
)
described_enum(
    Cover,
    "DimensionCover",
    "How the work of a dimension is paid for.",
    {
        Cover.INCLUDED: "By the fee.",
        Cover.TIME_CREDIT: "By hours that were bought.",
        Cover.PAY_PER_USE: "By the hour.",
        Cover.NOT_COVERED: "Not at all: a quote comes first.",
    },
)
described_enum(
    TaxBasis,
    "TaxBasis",
    "Whether tax is in a price.",
    {TaxBasis.HT: "Tax comes on top.", TaxBasis.TTC: "Tax is in it."},
)
described_enum(
    BillingInterval,
    "BillingInterval",
    "How often the fee is invoiced.",
    {BillingInterval.MONTHLY: "Once a month.", BillingInterval.YEARLY: "Once a year."},
)
described_enum(
    RoundingMode,
    "RoundingMode",
    "How minutes become units of the increment.",
    {
        RoundingMode.NONE: "They stay as they are.",
        RoundingMode.UP: "Up.",
        RoundingMode.NEAREST: "To the nearest, a half up.",
    },
)
described_enum(
    RoundingScope,
    "RoundingScope",
    "What is summed before it is rounded.",
    {
        RoundingScope.ENTRY: "Each entry by itself.",
        RoundingScope.TICKET_DAY: "The entries of a ticket on one day.",
        RoundingScope.TICKET: "The entries of a ticket.",
    },
)
described_enum(
    CompensationNature,
    "CompensationNature",
    "What a compensation is before tax law.",
    {
        CompensationNature.PRICE_REDUCTION: "A reduction of the price, which bears VAT.",
        CompensationNature.PENALTY: "A penalty, which bears none.",
    },
)
described_enum(
    ContractFactKind,
    "ContractFactKind",
    "What can happen to a contract.",
    {
        ContractFactKind.ACTIVATED: "It came into force, with its first term.",
        ContractFactKind.SUSPENDED: "It rests from that day on.",
        ContractFactKind.RESUMED: "There is service again from that day on.",
        ContractFactKind.RENEWED: "Another term began.",
        ContractFactKind.NOTICE_GIVEN: "Notice was given.",
        ContractFactKind.ENDED: "It is over.",
        ContractFactKind.PLAN_CHANGED: "It has another plan from that day on.",
        ContractFactKind.CLIENT_INFORMED: "The client was told that it will be renewed.",
        ContractFactKind.BALANCE_LOST: "What was left of the forfait at its end is lost.",
        ContractFactKind.PACKS_REFUNDED: "What was left of packs at its end is paid back.",
        ContractFactKind.PREPAYMENT_REFUNDED: "What was paid ahead is paid back until that day.",
        ContractFactKind.CREDITS_OWED: "Credit notes were left at its end: the reason names them.",
    },
)
