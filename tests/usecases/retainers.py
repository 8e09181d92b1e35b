"""Forfaits for tests: Bruno's contract gets books, and what they keep is proved by the entries."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from helpdesk.domain.billed_time import RoundingTerms
from helpdesk.domain.ids import ContractId
from helpdesk.domain.money import Money
from helpdesk.domain.period import PeriodRule
from helpdesk.domain.retainer import Book
from helpdesk.domain.retainer_check import violations
from helpdesk.domain.retainer_entry import Entry
from helpdesk.domain.retainer_terms import (
    OveragePolicy,
    OverageTerms,
    RetainerTerms,
    RetainerUnit,
    RolloverMode,
    RolloverTerms,
)
from helpdesk.usecases.grant_allowance import GrantAllowance, grant_allowance
from helpdesk.usecases.open_retainer import OpenRetainer, open_retainer
from helpdesk.usecases.retainer_ports import KeptBalance, KeptBook
from tests.factories import AGENCY_ID
from tests.usecases.world import World

CONTRACT = ContractId("contract-of-bruno")
TICKETS = RetainerUnit.CORRECTIVE_TICKETS
RUN = RetainerUnit.RUN_MINUTES
PACK = RetainerUnit.PACK_MINUTES
MONTHS = PeriodRule(ZoneInfo("Europe/Paris"))
BILLED = OverageTerms(OveragePolicy.BILL, Money(90_00))
HALF = RolloverTerms(RolloverMode.CAPPED, cap_percent=50)


def some_clauses(unit: RetainerUnit = TICKETS, **changes: Any) -> RetainerTerms:
    """Return clauses by calendar months that ask for a quote over the allowance.

    Any: the terms' own fields.
    """
    return replace(RetainerTerms(unit, MONTHS), **changes)


async def opened(
    world: World,
    unit: RetainerUnit = TICKETS,
    granted: int = 0,
    *,
    rounding: RoundingTerms | None = None,
    **changes: Any,
) -> KeptBook:
    """Open a book of Bruno's contract and grant it an allowance for July. Any: as above."""
    terms = some_clauses(unit, **changes)
    request = OpenRetainer(CONTRACT, terms, rounding or RoundingTerms())
    kept = await open_retainer(world.desk, viewer=world.alice, request=request)
    if granted:
        await grant(world, unit, granted)
    return kept


async def grant(world: World, unit: RetainerUnit, quantity: int) -> tuple[Entry, ...]:
    """Grant an allowance for the period of today."""
    request = GrantAllowance(CONTRACT, unit, quantity)
    return await grant_allowance(world.desk, viewer=world.alice, request=request)


async def entries(world: World, unit: RetainerUnit = TICKETS) -> tuple[Entry, ...]:
    """Return every entry of a book of Bruno's contract."""
    async with world.desk.store.reading(AGENCY_ID) as records:
        return await records.retainer.entries_of(CONTRACT, unit)


async def whole_book(world: World, unit: RetainerUnit = TICKETS) -> KeptBook:
    """Return a book of Bruno's contract as it is kept."""
    async with world.desk.store.reading(AGENCY_ID) as records:
        kept = await records.retainer.whole_book(CONTRACT, unit)
    assert kept is not None
    return kept


async def balance(world: World, unit: RetainerUnit = TICKETS) -> KeptBalance:
    """Return the balance of a book of Bruno's contract now, as it is read."""
    async with world.desk.store.reading(AGENCY_ID) as records:
        found = await records.retainer.balances([CONTRACT], at=world.now())
    return next(one for one in found if one.unit is unit)


async def proved(world: World, unit: RetainerUnit = TICKETS) -> Book:
    """Return what the entries of a book come to, once the kept rows have said the same."""
    kept, written = await whole_book(world, unit), await entries(world, unit)
    replayed = Book.replayed(kept.book.terms, kept.book.open_from, written)
    assert violations(kept.book, written) == ()
    assert dict(kept.book.lots) == dict(replayed.lots)
    assert dict(kept.book.holds) == dict(replayed.holds)
    shown = await balance(world, unit)
    now, lots = world.now(), replayed.lots.values()
    usable = [lot for lot in lots if lot.terms.effective_at <= now and not lot.is_expired(now)]
    assert shown.left == sum(lot.free for lot in usable)
    assert shown.held == replayed.balance(now).held
    return replayed
