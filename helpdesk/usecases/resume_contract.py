"""A contract that rested goes on: its tickets go on as they were, and their clocks run."""

from helpdesk.domain.access import Viewer
from helpdesk.domain.contract import Contract
from helpdesk.domain.contract_facts import ContractFactKind, recorded_suspensions
from helpdesk.domain.contract_life import ContractStep, stepped
from helpdesk.domain.ids import ContractId
from helpdesk.domain.retainer_entry import Posting
from helpdesk.domain.retainer_lots import extend_lots
from helpdesk.domain.suspended_ticket import woken
from helpdesk.domain.ticket_life import Occasion
from helpdesk.domain.waiting import WaitingOn
from helpdesk.usecases.contract_step import ContractInHand, manageable
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.retainer_ports import BookAsk
from helpdesk.usecases.retainer_step import book_to_move
from helpdesk.usecases.ticket_clocks import save_change

REST = "rest"


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
    """Record that there is service again, let the tickets go on and packs last longer.

    The books come last: whoever finishes a ticket locks it before the book.
    """
    await held.note(ContractFactKind.RESUMED, held.today)
    records = held.records
    on = Occasion(held.desk.now(), held.actor)
    ids = await records.tickets_in_bulk.open_tickets_of_contract(held.contract.id)
    for ticket in await records.tickets_in_bulk.tickets(ids):
        if ticket.waiting_on is WaitingOn.CONTRACT_SUSPENDED:
            history = await records.tickets.history(ticket.id)
            await save_change(held.desk, records, woken(ticket, history, on=on))
    await _prolong_packs(held)


async def _prolong_packs(held: ContractInHand) -> None:
    """Let bought hours last for the days of the rest longer, where the contract says so."""
    rests = recorded_suspensions(held.facts)
    if not rests or rests[-1].days.end != held.today or not _are_prolonged(held):
        return
    rest, now = rests[-1].days, held.desk.now()
    key = f"{REST}:{rest.first}"
    posting = Posting(held.actor, now, now, rests[-1].reason, REST, key)
    for unit in await held.records.retainer.units_of(held.contract.id):
        ask = BookAsk(held.contract.id, unit, key)
        kept = await book_to_move(held.records, held.contract, ask)
        if key not in kept.book.answers:
            await held.records.retainer.append(kept, extend_lots(kept.book, posting, rest))


def _are_prolonged(held: ContractInHand) -> bool:
    sold = held.contract.terms_at(held.desk.now()).commercial
    return sold is None or sold.packs.is_prolonged_by_rests
