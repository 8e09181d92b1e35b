"""A contract that rested goes on: its tickets go on as they were, and their clocks run."""

from helpdesk.domain.access import Viewer
from helpdesk.domain.contract import Contract
from helpdesk.domain.contract_facts import ContractFactKind
from helpdesk.domain.contract_life import ContractStep, stepped
from helpdesk.domain.ids import ContractId
from helpdesk.domain.suspended_ticket import woken
from helpdesk.domain.ticket_life import Occasion
from helpdesk.domain.waiting import WaitingOn
from helpdesk.usecases.contract_step import ContractInHand, manageable
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ticket_clocks import save_change


async def resume_contract(desk: Desk, *, viewer: Viewer, contract_id: ContractId) -> Contract:
    """End the rest of a contract today and return it; its tickets go on as they were.

    Raises NotFound, ManagersOnly, ContractStepRefused.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        held = await manageable(desk, records, viewer, contract_id)
        await held.become(stepped(held.contract, ContractStep.RESUME))
        await end_rest(held)
        return held.contract


async def end_rest(held: ContractInHand) -> None:
    """Record that there is service again, and let the tickets go on."""
    await held.note(ContractFactKind.RESUMED, held.today)
    records = held.records
    on = Occasion(held.desk.now(), held.actor)
    ids = await records.tickets_in_bulk.open_tickets_of_contract(held.contract.id)
    for ticket in await records.tickets_in_bulk.tickets(ids):
        if ticket.waiting_on is WaitingOn.CONTRACT_SUSPENDED:
            history = await records.tickets.history(ticket.id)
            await save_change(held.desk, records, woken(ticket, history, on=on))
