"""Everything that can be done about credits."""

import strawberry

from helpdesk.graphql import credit_mutations as credit
from helpdesk.graphql.mutating import mutation


@strawberry.type
class CreditMutation:
    """Everything that can be done about credits."""

    approve_credit = mutation(
        "Let a credit through: the client sees its amount from now on, and the next document has "
        "it. Managers alone may.",
        credit.credit_approved,
        given=credit.ApproveCreditInput,
        gives=credit.ApproveCreditPayload,
    )
    reject_credit = mutation(
        "Decide that a credit that was not issued is not paid, with the reason. Managers alone "
        "may.",
        credit.credit_rejected,
        given=credit.RejectCreditInput,
        gives=credit.RejectCreditPayload,
    )
    recompute_credits = mutation(
        "Compute the credits of a contract for a month again from what is true now: what waits is "
        "replaced, what was issued is completed or flagged. Managers alone may.",
        credit.credits_recomputed,
        given=credit.RecomputeCreditsInput,
        gives=credit.RecomputeCreditsPayload,
    )
