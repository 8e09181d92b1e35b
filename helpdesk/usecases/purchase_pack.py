"""A client buys a pack (crédit-temps): minutes paid for in advance, usable for a year or so."""

from dataclasses import dataclass
from typing import ClassVar

from helpdesk.domain.access import NotFound, Viewer
from helpdesk.domain.contract import Contract
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import ContractId, SiteId
from helpdesk.domain.period import expires_after
from helpdesk.domain.retainer_entry import Entry, LotSource, LotTerms, Posting
from helpdesk.domain.retainer_lots import open_lot
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.idempotency import question
from helpdesk.usecases.ports import Records
from helpdesk.usecases.retainer_ports import BookAsk, KeptBook
from helpdesk.usecases.retainer_step import Movement, contract_to_fill, moved_once

A_YEAR = 12


class ValidityNotPositive(HelpdeskError):
    """A pack can be used for a month at least."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "A pack cannot last {months} months: give 1 or more."
    french: ClassVar[str] = "Un pack ne peut pas durer {months} mois : donnez-en 1 ou plus."


@dataclass(frozen=True, slots=True)
class PurchasePack:
    """How much is bought, for how many months; for these sites, or for every one.

    `reference` is the order or the quote behind it.
    """

    contract_id: ContractId
    quantity: int
    unit: RetainerUnit = RetainerUnit.PACK_MINUTES
    months: int = A_YEAR
    site_ids: frozenset[SiteId] = frozenset()
    reference: str = ""
    idempotency_key: str | None = None


async def purchase_pack(desk: Desk, *, viewer: Viewer, request: PurchasePack) -> tuple[Entry, ...]:
    """Sell a pack from now on and return its entry.

    Its last day is the same day of the month so many months later. Raises NotFound, AgencyOnly,
    ScopeMissing, RetainerMissing, ValidityNotPositive, QuantityNotPositive, IdempotencyKeyReused.
    """

    def decide(kept: KeptBook, posting: Posting) -> tuple[Entry, ...]:
        zone = kept.book.terms.periods.zone
        bought_on = posting.at.astimezone(zone).date()
        expires_at = expires_after(bought_on, request.months, zone)
        terms = LotTerms(LotSource.PURCHASE, posting.at, expires_at, request.site_ids)
        return open_lot(kept.book, posting, request.quantity, terms)

    async with desk.store.transaction(viewer.agency_id) as records:
        contract = await contract_to_fill(records, viewer, request.contract_id)
        if request.months < 1:
            raise ValidityNotPositive(path=("months",), months=request.months)
        await _check_sites(records, contract, request.site_ids)
        asked = question(viewer, "purchaseTimePack", request.idempotency_key, request)
        ask = BookAsk(contract.id, request.unit)
        movement = Movement(contract, ask, viewer.actor, "purchase", request.reference, decide)
        return await moved_once(desk, records, asked, movement)


async def _check_sites(records: Records, contract: Contract, site_ids: frozenset[SiteId]) -> None:
    for site_id in sorted(site_ids):
        site = await records.clients.site(site_id)
        if site is None or site.client_id != contract.client_id or not contract.covers(site_id):
            raise NotFound(path=("siteIds",), what="Site", id=site_id)
