"""A version of a contract was written down wrongly: it is corrected from its first day on."""

from dataclasses import dataclass, replace

from helpdesk.domain.access import NotFound, Viewer
from helpdesk.domain.contract import Contract, ContractTerms
from helpdesk.domain.correction import CorrectionKind, VersionUnknown
from helpdesk.domain.ids import ContractId
from helpdesk.usecases.correction_impact import given_reason, moves_of
from helpdesk.usecases.corrections import CorrectionOutcome, kept_correction
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.policy_change import PolicyChange, calendar_ids_of, changed_policy
from helpdesk.usecases.ports import Records
from helpdesk.usecases.rederive import AsIf, rederive_tickets
from helpdesk.usecases.require_manager import require_manager
from helpdesk.usecases.settle_again import PutRight, settle_again


@dataclass(frozen=True, slots=True)
class CorrectContractTerms:
    """The promises and clauses that a version should have had; the others stay as it says."""

    contract_id: ContractId
    version: int
    change: PolicyChange
    reason: str
    is_dry_run: bool


async def correct_contract_terms(
    desk: Desk, *, viewer: Viewer, request: CorrectContractTerms
) -> CorrectionOutcome:
    """Replace the promises of a version from its first day on; return every clock that moves.

    The wrong version stays readable. Raises NotFound, VersionUnknown, CorrectionWithoutReason,
    ManagersOnly and what impossible terms raise.
    """
    reason = given_reason(request.reason)
    async with desk.store.transaction(viewer.agency_id) as records:
        contract = await _visible(records, viewer, request.contract_id)
        await require_manager(records, viewer)
        corrected = await _corrected(desk, records, contract, request)

        def as_corrected(one: Contract) -> Contract:
            return replace(one, terms=(*one.terms, corrected))

        moves = await moves_of(records, [contract.id], AsIf(as_corrected), at=desk.now())
        if request.is_dry_run:
            return CorrectionOutcome(moves, None)
        await records.contracts.add_terms(contract.id, corrected)
        await rederive_tickets(desk, records, {move.ticket_id for move in moves})
        right = PutRight([contract.id], corrected.effective_from, moves)
        await settle_again(desk, records, right)
        return await kept_correction(
            desk,
            records,
            viewer,
            kind=CorrectionKind.CONTRACT_TERMS,
            subject_id=contract.id,
            reason=reason,
            detail={
                "reference": contract.reference,
                "version": corrected.version,
                "corrects": request.version,
            },
            moves=moves,
        )


async def _visible(records: Records, viewer: Viewer, contract_id: ContractId) -> Contract:
    contract = await records.contracts.contract_to_change(contract_id)
    if contract is None or not viewer.sees_client(contract.client_id):
        raise NotFound(path=("contractId",), what="Contract", id=contract_id)
    return contract


async def _corrected(
    desk: Desk, records: Records, contract: Contract, request: CorrectContractTerms
) -> ContractTerms:
    counting = {terms.version: terms for terms in contract.counting_terms()}
    wrong = counting.get(request.version)
    if wrong is None:
        known = ", ".join(str(number) for number in counting)
        raise VersionUnknown(path=("version",), version=request.version, known=known)
    sla = await changed_policy(records, wrong.sla, request.change)
    return replace(
        wrong,
        version=max(terms.version for terms in contract.terms) + 1,
        calendar_ids=calendar_ids_of(sla),
        sla=sla,
        corrects=wrong.version,
        published_at=desk.now(),
    )
