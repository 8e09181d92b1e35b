"""A contract is renewed tacitly: the terms that began are recorded, each once."""

from helpdesk.domain.access import Viewer
from helpdesk.domain.contract import Contract
from helpdesk.domain.contract_life import ContractStep, stepped
from helpdesk.domain.ids import ContractId
from helpdesk.usecases.contract_step import manageable
from helpdesk.usecases.desk import Desk


async def renew_contract(desk: Desk, *, viewer: Viewer, contract_id: ContractId) -> Contract:
    """Record the terms that began by today and return the contract.

    Safe to repeat: while the present term runs, nothing is recorded. Raises NotFound, ManagersOnly,
    ContractStepRefused, ContractNeverSold, RenewalNotAgreed.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        held = await manageable(desk, records, viewer, contract_id)
        stepped(held.contract, ContractStep.RENEW)
        await held.catch_up()
        return held.contract
