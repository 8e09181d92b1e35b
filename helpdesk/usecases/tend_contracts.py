"""What comes of itself in the life of contracts: renewals, ends, and reminders of notice days."""

from helpdesk.domain.access import SYSTEM
from helpdesk.domain.contract import ContractStatus
from helpdesk.domain.contract_facts import ContractFactKind
from helpdesk.domain.contract_life import noticed
from helpdesk.domain.contract_term import Reminder, Term, reminders_due
from helpdesk.domain.ids import AgencyId, ContractId
from helpdesk.domain.outgoing_mail import AutoSubmitted
from helpdesk.usecases.contract_letters import NoticeDay
from helpdesk.usecases.contract_step import ContractInHand, in_hand
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.end_contract import end
from helpdesk.usecases.inform_client import inform_of_renewal
from helpdesk.usecases.letters import Envelope, promise_letter


async def contracts_to_tend(desk: Desk, agency_id: AgencyId) -> tuple[ContractId, ...]:
    """Return the contracts of an agency that were activated and have not ended."""
    async with desk.store.reading(agency_id) as records:
        return await records.contracts.contracts_in_force()


async def tend_contract(desk: Desk, agency_id: AgencyId, contract_id: ContractId) -> None:
    """Record the terms that began or that the contract is over, and promise letters that are due.

    Safe to repeat: each of them comes once. A contract older than the clauses of its term is left
    alone.
    """
    async with desk.store.transaction(agency_id) as records:
        contract = await records.contracts.contract_to_change(contract_id)
        if contract is None or contract.counting_terms()[-1].commercial is None:
            return
        held = await in_hand(desk, records, contract, SYSTEM)
        is_over = contract.ends_on is not None and contract.ends_on <= held.today
        if is_over and contract.status is not ContractStatus.ENDED:
            await _end(held)
        elif contract.status in {ContractStatus.ACTIVE, ContractStatus.SUSPENDED}:
            term = await held.catch_up()
            await _remind(held, term)
            await inform_of_renewal(held, term)


async def _end(held: ContractInHand) -> None:
    """End a contract that is over; one that was not to be renewed needs no notice."""
    contract = held.contract
    if contract.status is not ContractStatus.ENDING and contract.ends_on is not None:
        await held.become(noticed(contract, ends_on=contract.ends_on))
        await held.note(ContractFactKind.NOTICE_GIVEN, contract.ends_on, until=contract.ends_on)
    await end(held)


async def _remind(held: ContractInHand, term: Term) -> None:
    """Promise the managers the latest reminder that is due: an earlier one says nothing more."""
    notice = held.commercial.notice
    if held.commercial.term.renewal_months is None or notice is None:
        return
    due = tuple(reminders_due(term, notice, today=held.today))
    if due:
        day = NoticeDay(
            reference=held.contract.reference,
            client_name=await _client_name(held),
            last_day=notice.last_day(term.ends_on),
            renewed_on=term.ends_on,
        )
        await _tell_managers(held, due[-1], day)


async def _client_name(held: ContractInHand) -> str:
    client = await held.records.clients.client(held.contract.client_id)
    return "" if client is None else client.name


async def _tell_managers(held: ContractInHand, reminder: Reminder, day: NoticeDay) -> None:
    desk, records = held.desk, held.records
    agency = await records.agencies.agency()
    for manager in await records.agencies.managers():
        letter = desk.contract_letters.notice_reminder(day, agency=agency, agent=manager)
        await promise_letter(
            desk,
            records,
            None,
            Envelope(agency, manager, letter),
            key=f"notice:{held.contract.id}:{reminder.key}:{manager.id}",
            auto_submitted=AutoSubmitted.AUTO_GENERATED,
        )
