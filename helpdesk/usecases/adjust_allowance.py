"""A manager puts a lot of a forfait right by hand, and says why."""

from dataclasses import dataclass

from helpdesk.domain.access import Viewer
from helpdesk.domain.ids import ContractId
from helpdesk.domain.retainer_entry import Entry, LotNumber, Posting
from helpdesk.domain.retainer_lots import adjust
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.idempotency import question
from helpdesk.usecases.require_manager import require_manager
from helpdesk.usecases.retainer_ports import BookAsk, KeptBook
from helpdesk.usecases.retainer_step import Movement, moved_once, visible_contract


@dataclass(frozen=True, slots=True)
class AdjustAllowance:
    """Which lot, and how much is added to it, or taken from it below 0."""

    contract_id: ContractId
    unit: RetainerUnit
    lot: LotNumber
    quantity: int
    reason: str
    idempotency_key: str | None = None


async def adjust_allowance(
    desk: Desk, *, viewer: Viewer, request: AdjustAllowance
) -> tuple[Entry, ...]:
    """Adjust a lot and return the entry, which names the manager who approved it.

    Raises NotFound, AgencyOnly, ScopeMissing, ManagersOnly, RetainerMissing,
    AdjustmentWithoutReason, LotUnknown, LotExpired, QuantityNotPositive, InsufficientAllowance,
    IdempotencyKeyReused.
    """

    def decide(kept: KeptBook, posting: Posting) -> tuple[Entry, ...]:
        return adjust(kept.book, posting, request.lot, request.quantity, approved_by=viewer.actor)

    async with desk.store.transaction(viewer.agency_id) as records:
        contract = await visible_contract(records, viewer, request.contract_id)
        await require_manager(records, viewer)
        asked = question(viewer, "adjustAllowance", request.idempotency_key, request)
        ask = BookAsk(contract.id, request.unit, lots=frozenset({request.lot}))
        movement = Movement(contract, ask, viewer.actor, "adjustment", request.reason, decide)
        return await moved_once(desk, records, asked, movement)
