"""What is missing in a draft is settled."""

from dataclasses import dataclass, replace
from typing import ClassVar

from helpdesk.domain.access import Viewer
from helpdesk.domain.contract import Contract, ContractStatus
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import ContractId
from helpdesk.usecases.contract_step import manageable
from helpdesk.usecases.contract_terms_wanted import WantedTerms, settled
from helpdesk.usecases.desk import Desk


class ContractNotDraft(HelpdeskError):
    """What was agreed is not rewritten: from the activation on it changes from an instant on."""

    code: ClassVar[ErrorCode] = ErrorCode.TRANSITION_REFUSED
    english: ClassVar[str] = (
        "Contract {reference} is {status}, no draft: amend it from an instant to come instead."
    )
    french: ClassVar[str] = (
        "Le contrat {reference} est {status}, pas en projet : faites plutôt un avenant à partir"
        " d'un instant à venir."
    )


@dataclass(frozen=True, slots=True)
class ReviseContract:
    """Which draft, and what the parties settled since."""

    contract_id: ContractId
    terms: WantedTerms


async def revise_contract(desk: Desk, *, viewer: Viewer, request: ReviseContract) -> Contract:
    """Replace the terms of a draft by a version that says more, and return the contract.

    Raises NotFound, ManagersOnly, ContractNotDraft, and what impossible clauses raise.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        held = await manageable(desk, records, viewer, request.contract_id)
        contract = held.contract
        if contract.status is not ContractStatus.DRAFT:
            raise ContractNotDraft(reference=contract.reference, status=contract.status)
        last = contract.counting_terms()[-1]
        terms = replace(
            await settled(records, last, request.terms, zone=held.zone),
            version=max(one.version for one in contract.terms) + 1,
            corrects=last.version,
            published_at=desk.now(),
        )
        await records.contracts.add_terms(contract.id, terms)
        return replace(contract, terms=(*contract.terms, terms))
