"""The agency offers something beside the forfait: a gesture, with its reason."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.access import Viewer
from helpdesk.domain.ids import ContractId
from helpdesk.domain.message import required_text
from helpdesk.domain.retainer_entry import Entry, LotSource, LotTerms, Posting
from helpdesk.domain.retainer_lots import open_lot
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.idempotency import question
from helpdesk.usecases.retainer_ports import BookAsk, KeptBook
from helpdesk.usecases.retainer_step import Movement, contract_to_fill, moved_once

REASON_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class GiveGesture:
    """How much is offered and why, until when; None for the end of the period of today."""

    contract_id: ContractId
    unit: RetainerUnit
    quantity: int
    reason: str
    expires_at: datetime | None = None
    idempotency_key: str | None = None


async def give_gesture(desk: Desk, *, viewer: Viewer, request: GiveGesture) -> tuple[Entry, ...]:
    """Offer a quantity from now on and return its entry; it is drawn before everything else.

    Raises NotFound, AgencyOnly, ScopeMissing, TextRequired, TextTooLong, RetainerMissing,
    QuantityNotPositive, LotNeverUsable, IdempotencyKeyReused.
    """

    def decide(kept: KeptBook, posting: Posting) -> tuple[Entry, ...]:
        period = kept.book.terms.periods.period_of(posting.at)
        expires_at = period.end if request.expires_at is None else request.expires_at
        terms = LotTerms(LotSource.GESTURE, posting.at, expires_at)
        return open_lot(kept.book, posting, request.quantity, terms)

    async with desk.store.transaction(viewer.agency_id) as records:
        contract = await contract_to_fill(records, viewer, request.contract_id)
        reason = required_text(request.reason, field="reason", limit=REASON_LIMIT)
        asked = question(viewer, "giveGesture", request.idempotency_key, request)
        ask = BookAsk(contract.id, request.unit)
        movement = Movement(contract, ask, viewer.actor, "gesture", reason, decide)
        return await moved_once(desk, records, asked, movement)
