"""Notice is given: the contract ends with its term, or with the next one when it is too late.

A consumer who was not told of the last renewal in time leaves at once.
"""

from dataclasses import dataclass
from datetime import date

from helpdesk.domain.access import Viewer
from helpdesk.domain.commercial_terms import CommercialTerms
from helpdesk.domain.contract import Contract, ContractStatus
from helpdesk.domain.contract_facts import ContractFactKind
from helpdesk.domain.contract_life import noticed
from helpdesk.domain.contract_term import Notice, Term, can_give_notice
from helpdesk.domain.ids import ContractId
from helpdesk.domain.message import storable
from helpdesk.usecases.contract_step import manageable
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.end_contract import end
from helpdesk.usecases.leave_untold import left_untold, note_refund
from helpdesk.usecases.resume_contract import end_rest


@dataclass(frozen=True, slots=True)
class GiveNotice:
    """Which contract, and in words who gave the notice and why; both may be left out."""

    contract_id: ContractId
    reason: str = ""


async def give_notice(desk: Desk, *, viewer: Viewer, request: GiveNotice) -> Contract:
    """Record a notice of today and return the contract with its end.

    Notice after its last day ends the contract with the next term, because the present one is
    renewed. Until the end there is service, so the rest of a suspended contract ends. Who was to be
    told of the last renewal, and was not, leaves today: the contract is over, and the rest of a
    year that was paid ahead is paid back (L. 215-1). Raises
    NotFound, ManagersOnly, ContractStepRefused, ContractNeverSold, and RenewalNotAgreed for a
    contract that is over.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        held = await manageable(desk, records, viewer, request.contract_id)
        rested = held.contract.status is ContractStatus.SUSPENDED
        noticed(held.contract, ends_on=held.today)  # refused before anything is recorded
        term = await held.catch_up()
        left = await left_untold(held, term)
        ends_on = left.effective_on or _end(held.commercial, term, on=held.today)
        await held.become(noticed(held.contract, ends_on=ends_on))
        reason = storable(request.reason).strip()
        await held.note(ContractFactKind.NOTICE_GIVEN, held.today, until=ends_on, reason=reason)
        if rested:
            await end_rest(held)
        if left.is_accepted:
            await note_refund(held, left)
            await end(held)
        return held.contract


def _end(commercial: CommercialTerms, term: Term, *, on: date) -> date:
    notice = commercial.notice or Notice()
    if commercial.term.renewal_months is None or can_give_notice(term, notice, on=on):
        return term.ends_on
    return commercial.term.term(term.number + 1).ends_on
