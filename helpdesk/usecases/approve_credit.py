"""A credit is let through: from now on the client sees its amount."""

from dataclasses import dataclass

from helpdesk.domain.access import Viewer
from helpdesk.domain.compensation import CreditId
from helpdesk.domain.compensation_life import Credit, CreditDeed
from helpdesk.usecases.credit_step import decidable
from helpdesk.usecases.desk import Desk


@dataclass(frozen=True, slots=True)
class ApproveCredit:
    """Which credit."""

    credit_id: CreditId


async def approve_credit(desk: Desk, *, viewer: Viewer, request: ApproveCredit) -> Credit:
    """Approve a credit and return it; above the amount of the contract another one approves too.

    Raises NotFound, ManagersOnly, CreditStepRefused, SecondApproverRequired and
    ApproverWorkedOnTicket.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        held = await decidable(records, viewer, request.credit_id)
        approved = held.credit.approved(held.approval, CreditDeed(desk.now(), viewer.actor))
        await records.credits.save_step(approved)
        return approved
