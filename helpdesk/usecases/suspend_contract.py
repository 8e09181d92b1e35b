"""A contract rests: its open tickets wait and their clocks pause."""

from dataclasses import dataclass

from helpdesk.domain.access import Viewer
from helpdesk.domain.contract import Contract
from helpdesk.domain.contract_facts import ContractFactKind, recorded_suspensions
from helpdesk.domain.contract_life import ContractStep, stepped
from helpdesk.domain.ids import ContractId
from helpdesk.domain.message import storable
from helpdesk.domain.suspended_ticket import laid_to_rest
from helpdesk.domain.suspension import ContractSuspension, Suspension, with_suspension
from helpdesk.domain.ticket import UNFINISHED
from helpdesk.domain.ticket_life import Occasion
from helpdesk.usecases.contract_step import ContractInHand, manageable
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ticket_clocks import save_change


@dataclass(frozen=True, slots=True)
class SuspendContract:
    """Which contract, and why: the client reads it."""

    contract_id: ContractId
    reason: str


async def suspend_contract(desk: Desk, *, viewer: Viewer, request: SuspendContract) -> Contract:
    """Let a contract rest from today on and return it; the tickets under it wait at once.

    Raises NotFound, ManagersOnly, ContractStepRefused, SuspensionReasonRequired.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        held = await manageable(desk, records, viewer, request.contract_id)
        contract = stepped(held.contract, ContractStep.SUSPEND)
        reason = storable(request.reason).strip()
        rest = ContractSuspension(Suspension(held.today), reason, held.actor)
        with_suspension(recorded_suspensions(held.facts), rest)
        await held.become(contract)
        await held.note(ContractFactKind.SUSPENDED, held.today, reason=reason)
        await _lay_tickets_to_rest(held, reason)
        return held.contract


async def _lay_tickets_to_rest(held: ContractInHand, reason: str) -> None:
    records = held.records
    on = Occasion(held.desk.now(), held.actor)
    ids = await records.tickets_in_bulk.open_tickets_of_contract(held.contract.id)
    locked = await records.tickets_in_bulk.tickets(ids)
    # One of them may have been finished before it was locked.
    for ticket in (one for one in locked if one.status in UNFINISHED):
        await save_change(held.desk, records, laid_to_rest(ticket, reason, on=on))
