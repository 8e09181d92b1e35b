"""What the steps of a credit have in common: rights, the lock, and what the contract says."""

from dataclasses import dataclass

from helpdesk.domain.access import NotFound, Viewer
from helpdesk.domain.compensation import CreditId
from helpdesk.domain.compensation_clause import ApprovalClause
from helpdesk.domain.compensation_evidence import compensation_terms_of
from helpdesk.domain.compensation_life import Credit
from helpdesk.domain.contract import Contract
from helpdesk.usecases.ports import Records
from helpdesk.usecases.require_manager import require_manager


@dataclass(frozen=True, slots=True)
class CreditInHand:
    """A credit that is locked, with the contract that it is for."""

    credit: Credit
    contract: Contract

    @property
    def approval(self) -> ApprovalClause:
        """Who has to approve it, in the version of the terms that pays."""
        version = self.credit.calculation.clause_version
        return compensation_terms_of(self.contract, version).approval.value


async def decidable(records: Records, viewer: Viewer, credit_id: CreditId) -> CreditInHand:
    """Return a credit that a manager may decide about, locked.

    Raises NotFound when it does not exist for the viewer, then ManagersOnly.
    """
    credit = await records.credits.credit(credit_id)
    contract = (
        None
        if credit is None
        else await records.contracts.contract(credit.calculation.key.contract_id)
    )
    if credit is None or contract is None or not viewer.sees_client(contract.client_id):
        raise NotFound(path=("creditId",), what="Credit", id=credit_id)
    if not (viewer.is_of_agency or credit.is_amount_shown):
        raise NotFound(path=("creditId",), what="Credit", id=credit_id)
    await require_manager(records, viewer)
    return CreditInHand(credit, contract)
