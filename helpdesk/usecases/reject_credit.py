"""A credit is not paid, and its history says why."""

from dataclasses import dataclass

from helpdesk.domain.access import Viewer
from helpdesk.domain.compensation import CreditId
from helpdesk.domain.compensation_life import Credit, CreditDeed
from helpdesk.domain.message import storable
from helpdesk.usecases.credit_step import decidable
from helpdesk.usecases.desk import Desk


@dataclass(frozen=True, slots=True)
class RejectCredit:
    """Which credit, and why."""

    credit_id: CreditId
    reason: str


async def reject_credit(desk: Desk, *, viewer: Viewer, request: RejectCredit) -> Credit:
    """Reject a credit that was not issued, and return it.

    It is proposed again only by a settlement with a reason. Raises NotFound, ManagersOnly,
    CreditStepRefused and CreditRejectionReason.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        held = await decidable(records, viewer, request.credit_id)
        deed = CreditDeed(desk.now(), viewer.actor, storable(request.reason))
        rejected = held.credit.rejected(deed)
        await records.credits.save_step(rejected)
        return rejected
