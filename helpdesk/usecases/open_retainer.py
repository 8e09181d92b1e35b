"""A contract gets a book for a unit of its forfait, empty, from the period of today on."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from helpdesk.domain.access import Viewer
from helpdesk.domain.billed_time import RoundingTerms
from helpdesk.domain.contract import Contract
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import ContractId
from helpdesk.domain.money import require_price
from helpdesk.domain.period import FIRST_DAY, PeriodRule
from helpdesk.domain.retainer import Book
from helpdesk.domain.retainer_terms import (
    OveragePolicy,
    OverageTerms,
    RetainerTerms,
    RetainerUnit,
    RolloverTerms,
)
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records
from helpdesk.usecases.require_manager import require_manager
from helpdesk.usecases.retainer_ports import KeptBook
from helpdesk.usecases.retainer_step import visible_contract


class RetainerOpenAlready(HelpdeskError):
    """One book for each unit of a contract: two balances of the same thing would contradict."""

    code: ClassVar[ErrorCode] = ErrorCode.ALREADY_EXISTS
    english: ClassVar[str] = "Contract {reference} has a forfait in {unit} already: use that one."
    french: ClassVar[str] = (
        "Le contrat {reference} a déjà un forfait en {unit} : utilisez celui-là."
    )


@dataclass(frozen=True, slots=True)
class OpenRetainer:
    """Of which contract, by which clauses it is kept, and how its time is rounded."""

    contract_id: ContractId
    terms: RetainerTerms
    rounding: RoundingTerms = field(default=RoundingTerms())


@dataclass(frozen=True, slots=True)
class OpenUnit:
    """Of which contract, what is counted, and by which clauses."""

    contract_id: ContractId
    unit: RetainerUnit
    anchor_day: int = FIRST_DAY
    overage: OverageTerms = field(default=OverageTerms(OveragePolicy.QUOTE))
    rollover: RolloverTerms = field(default=RolloverTerms())
    is_unlimited: bool = False
    rounding: RoundingTerms = field(default=RoundingTerms())


async def open_retainer(desk: Desk, *, viewer: Viewer, request: OpenRetainer) -> KeptBook:
    """Open a book and return it.

    Raises NotFound, AgencyOnly, ManagersOnly, PriceNotPositive, CurrencyUnknown and
    RetainerOpenAlready.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        contract = await visible_contract(records, viewer, request.contract_id)
        await require_manager(records, viewer)
        require_price(request.terms.overage.price, path=("overage", "price"))
        return await opened_retainer(
            records, contract, request.terms, request.rounding, at=desk.now()
        )


async def open_unit(desk: Desk, *, viewer: Viewer, request: OpenUnit) -> KeptBook:
    """Open a book by clauses that follow no plan and return it, its periods in the agency's zone.

    Raises as `open_retainer` does, AnchorDayImpossible and OverageWithoutPrice.
    """
    async with desk.store.reading(viewer.agency_id) as records:
        zone = ZoneInfo((await records.agencies.agency()).zone)
    terms = RetainerTerms(
        request.unit,
        PeriodRule(zone, request.anchor_day),
        request.overage,
        request.rollover,
        is_unlimited=request.is_unlimited,
    )
    opening = OpenRetainer(request.contract_id, terms, request.rounding)
    return await open_retainer(desk, viewer=viewer, request=opening)


async def opened_retainer(
    records: Records,
    contract: Contract,
    terms: RetainerTerms,
    rounding: RoundingTerms,
    *,
    at: datetime,
) -> KeptBook:
    """Open a book within a transaction and return it; its first period is the one of `at`.

    Raises RetainerOpenAlready.
    """
    kept = KeptBook(contract.id, Book.opened(terms, at), rounding)
    if not await records.retainer.add_book(kept):
        raise RetainerOpenAlready(
            path=("unit",), reference=contract.reference, unit=terms.unit.value
        )
    return kept
