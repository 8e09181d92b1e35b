"""A contract gets other promises and clauses from an instant to come."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from helpdesk.domain.access import NotFound, Viewer
from helpdesk.domain.contract import Contract, ContractTerms
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import ContractId
from helpdesk.domain.utc_seconds import utc_second
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.policy_change import PolicyChange, calendar_ids_of, changed_policy
from helpdesk.usecases.ports import Records
from helpdesk.usecases.rederive import rederive_tickets
from helpdesk.usecases.require_manager import require_manager
from helpdesk.usecases.version_to_come import require_to_come


class TermsNotLater(HelpdeskError):
    """A version takes over from the one before it, so it takes effect later."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = (
        "Version {version} of contract {reference} takes effect on {since}: choose a later"
        " instant, or correct it."
    )
    french: ClassVar[str] = (
        "La version {version} du contrat {reference} prend effet le {since} : choisissez un"
        " instant plus tardif, ou corrigez-la."
    )


@dataclass(frozen=True, slots=True)
class AmendContract:
    """Which contract, from when on, and what changes."""

    contract_id: ContractId
    effective_from: datetime
    change: PolicyChange


async def amend_contract(desk: Desk, *, viewer: Viewer, request: AmendContract) -> Contract:
    """Publish a version of the terms and return the contract; deadlines it moves follow at once.

    What is not named stays as the last version says. Raises NotFound, AgencyOnly, ScopeMissing,
    ManagersOnly, VersionInPast, TermsNotLater, and what impossible promises raise.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        contract = await records.contracts.contract_to_change(request.contract_id)
        if contract is None or not viewer.sees_client(contract.client_id):
            raise NotFound(path=("contractId",), what="Contract", id=request.contract_id)
        await require_manager(records, viewer)
        require_to_come(request.effective_from, now=desk.now())
        terms = await _amended(desk, records, contract, request)
        await records.contracts.add_terms(contract.id, terms)
        concerned = await records.tickets_in_bulk.open_tickets_of_contract(contract.id)
        await rederive_tickets(desk, records, concerned)
        return replace(contract, terms=(*contract.terms, terms))


def require_later(last: ContractTerms, since: datetime) -> None:
    """Refuse with TermsNotLater a version that would not take over from the last one."""
    if utc_second(since) <= utc_second(last.effective_from):
        raise TermsNotLater(
            path=("effectiveFrom",),
            version=last.version,
            reference=last.reference,
            since=last.effective_from.isoformat(),
        )


async def _amended(
    desk: Desk, records: Records, contract: Contract, request: AmendContract
) -> ContractTerms:
    last = contract.counting_terms()[-1]
    require_later(last, request.effective_from)
    sla = await changed_policy(records, last.sla, request.change)
    return replace(
        last,
        version=max(terms.version for terms in contract.terms) + 1,
        effective_from=request.effective_from,
        calendar_ids=calendar_ids_of(sla),
        sla=sla,
        corrects=None,
        published_at=desk.now(),
    )
