"""What managers decide about credits."""

import strawberry

from helpdesk.domain.compensation import CreditId
from helpdesk.domain.ids import ContractId
from helpdesk.domain.month import Month
from helpdesk.graphql.contract import Contract
from helpdesk.graphql.credit import Credit
from helpdesk.graphql.fields import attribute, optional
from helpdesk.graphql.global_ids import id_of
from helpdesk.graphql.mutating import MutationInput, Outcome, payload
from helpdesk.graphql.request import Request
from helpdesk.usecases.approve_credit import ApproveCredit, approve_credit
from helpdesk.usecases.read_models import Noun
from helpdesk.usecases.reject_credit import RejectCredit, reject_credit
from helpdesk.usecases.settle_breaches import SettleBreaches, settle_breaches
from helpdesk.usecases.shown_compensation import settlement_thing


@strawberry.type(description="What a settlement changed.")
class CreditSettlement:
    """What a settlement changed."""

    added: int = attribute("How many credits are new.")
    changed: int = attribute("How many were replaced or flagged.")
    unpriced: int = attribute("How many breaches the contract puts no amount to.")
    may_terminate: bool = attribute(
        "Whether the yearly cap is used up and the client may leave for it."
    )


@strawberry.input(description="A credit to approve.")
class ApproveCreditInput(MutationInput):
    """A credit to approve."""

    credit_id: strawberry.ID = attribute("The credit.")


@strawberry.input(description="A credit that is not paid.")
class RejectCreditInput(MutationInput):
    """A credit that is not paid."""

    credit_id: strawberry.ID = attribute("The credit.")
    reason: str = attribute("Why; it is kept.")


@strawberry.input(description="A month whose credits are computed again.")
class RecomputeCreditsInput(MutationInput):
    """A month whose credits are computed again."""

    contract_id: strawberry.ID = attribute("The contract.")
    month: Month = attribute("The month of the breaches.")
    reason: str = optional(
        "Why; with a reason, credits that were rejected are proposed again.", default=""
    )


_AFTER = (Credit, "The credit after it.")
ApproveCreditPayload = payload("ApproveCreditPayload", "A credit that was approved.", credit=_AFTER)
RejectCreditPayload = payload("RejectCreditPayload", "A credit that was rejected.", credit=_AFTER)
RecomputeCreditsPayload = payload(
    "RecomputeCreditsPayload",
    "A month whose credits were computed again.",
    contract=(Contract, "The contract."),
    change=(CreditSettlement, "What that changed."),
)


async def credit_approved(request: Request, given: ApproveCreditInput) -> Outcome:
    """Approve a credit."""
    asked = ApproveCredit(_credit(given.credit_id))
    return {"credit": (await approve_credit(request.desk, viewer=request.viewer, request=asked)).id}


async def credit_rejected(request: Request, given: RejectCreditInput) -> Outcome:
    """Reject a credit."""
    asked = RejectCredit(_credit(given.credit_id), given.reason)
    return {"credit": (await reject_credit(request.desk, viewer=request.viewer, request=asked)).id}


async def credits_recomputed(request: Request, given: RecomputeCreditsInput) -> Outcome:
    """Compute the credits of a month again."""
    contract_id = ContractId(id_of(Noun.CONTRACT, given.contract_id, path=("contractId",)))
    asked = SettleBreaches(contract_id, given.month, given.reason or "")
    settled = await settle_breaches(request.desk, viewer=request.viewer, request=asked)
    return {"contract": contract_id, "change": settlement_thing(settled)}


def _credit(given: strawberry.ID) -> CreditId:
    return CreditId(id_of(Noun.CREDIT, given, path=("creditId",)))
