"""A draft comes into force, once everything is settled."""

from helpdesk.domain.access import NotFound, Viewer
from helpdesk.domain.contract import Contract
from helpdesk.domain.contract_life import activated
from helpdesk.domain.ids import ContractId
from helpdesk.usecases.contract_step import manageable
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.open_contract_books import open_contract_books


async def activate_contract(desk: Desk, *, viewer: Viewer, contract_id: ContractId) -> Contract:
    """Put a draft in force and return it: requests fall under it from now on.

    Raises NotFound, ManagersOnly, ContractStepRefused, ContractNeverSold, the first thing that is
    not settled (R-LIFE 2), and SiteAlreadyCovered, also when two are activated at once.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        found = await records.contracts.contract(contract_id)
        if found is None or not viewer.sees_client(found.client_id):
            raise NotFound(path=("contractId",), what="Contract", id=contract_id)
        await records.contracts.lock_contracts_of(found.client_id)
        held = await manageable(desk, records, viewer, contract_id)
        contract = held.contract
        acceptance = contract.counting_terms()[-1].matrix.acceptance
        file = held.commercial.activation_file(contract.reference, acceptance)
        others = await records.contracts.contracts_of(contract.client_id)
        await held.become(activated(contract, file, others))
        await held.catch_up()
        await open_contract_books(desk, records, held.contract, held.commercial, actor=viewer.actor)
        return held.contract
