"""Contracts that are left to themselves: days go by, and what their books say is proved."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from helpdesk.domain.contract import Contract
from helpdesk.domain.contract_facts import ContractFact, ContractFactKind
from helpdesk.domain.ids import ContractId
from helpdesk.domain.period import midnight
from helpdesk.domain.retainer import Book
from helpdesk.domain.retainer_check import violations
from helpdesk.domain.retainer_close import statement_of
from helpdesk.domain.retainer_entry import Entry, EntryKind, Posting
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.domain.retainer_use import Work, consume
from helpdesk.usecases.contract_terms_wanted import WantedTerms, WantedUnit
from helpdesk.usecases.resume_contract import resume_contract
from helpdesk.usecases.retainer_ports import BookAsk, KeptBook
from helpdesk.usecases.suspend_contract import SuspendContract, suspend_contract
from helpdesk.usecases.turn_periods import turn_periods
from tests.factories import AGENCY_ID, ALICE
from tests.usecases.contracts import SETTLED, active, facts
from tests.usecases.retainers import BILLED, HALF, MONTHS, RUN
from tests.usecases.world import World

PARIS = MONTHS.zone
CARRIED = replace(SETTLED, units=(WantedUnit(RUN, overage=BILLED, rollover=HALF),))
"""Half of the minutes that are left is carried over, and what is over is billed."""


def day(text: str, hour: int = 9) -> datetime:
    """Return an hour of a day in Paris, in UTC."""
    return midnight(date.fromisoformat(text), PARIS) + timedelta(hours=hour)


async def carried(world: World, terms: WantedTerms = CARRIED, **changes: Any) -> Contract:
    """Return a contract of Bruno in force since 1 July. Any: the fields of the request."""
    return await active(world, **{"starts_on": date(2026, 7, 1), "terms": terms, **changes})


async def turned(world: World, contract: Contract) -> None:
    """Bring the forfait of a contract up to now."""
    await turn_periods(world.desk, AGENCY_ID, contract.id)


async def used(world: World, contract: Contract, quantity: int, source: str) -> None:
    """Count work of now against the minutes of a contract."""
    async with world.desk.store.transaction(AGENCY_ID) as records:
        kept = await records.retainer.book(BookAsk(contract.id, RUN))
        assert kept is not None
        posting = Posting(ALICE, world.now(), world.now(), "", source, source)
        await records.retainer.append(kept, consume(kept.book, posting, Work(quantity)))


async def suspended(world: World, contract: Contract) -> None:
    """Let a contract rest from today on."""
    request = SuspendContract(contract.id, "Unpaid.")
    await suspend_contract(world.desk, viewer=world.alice, request=request)


async def resumed(world: World, contract: Contract) -> None:
    """End the rest of a contract today."""
    await resume_contract(world.desk, viewer=world.alice, contract_id=contract.id)


async def book_of(world: World, contract_id: ContractId, unit: RetainerUnit = RUN) -> KeptBook:
    """Return a book as it is kept."""
    async with world.desk.store.reading(AGENCY_ID) as records:
        kept = await records.retainer.whole_book(contract_id, unit)
    assert kept is not None
    return kept


async def written(
    world: World, contract_id: ContractId, unit: RetainerUnit = RUN
) -> tuple[Entry, ...]:
    """Return every entry of a book."""
    async with world.desk.store.reading(AGENCY_ID) as records:
        return await records.retainer.entries_of(contract_id, unit)


async def proved(world: World, contract_id: ContractId, unit: RetainerUnit = RUN) -> Book:
    """Return a book, once its entries said the same and every period was shown to close."""
    kept, entries = await book_of(world, contract_id, unit), await written(world, contract_id, unit)
    assert violations(kept.book, entries) == ()
    closing = 0
    for period in sorted({entry.period for entry in entries}):
        statement = statement_of(entries, period)
        assert statement.is_balanced
        assert statement.opening == closing
        closing = statement.closing
        for cut in (period.start, period.end):
            assert cut == midnight(cut.astimezone(PARIS).date(), PARIS)
    return kept.book


def told(entries: tuple[Entry, ...], *kinds: EntryKind) -> list[tuple[str, int, str]]:
    """Return entries, of these kinds or all: kind, quantity, and the local day they count on."""
    return [
        (
            entry.kind.value,
            entry.quantity,
            entry.move.effective_at.astimezone(PARIS).date().isoformat(),
        )
        for entry in entries
        if not kinds or entry.kind in kinds
    ]


def timeless(entries: tuple[Entry, ...]) -> list[Entry]:
    """Return entries as if all had been written at one instant, and packs sold under one key."""
    at = day("2026-01-01")
    return [
        replace(
            one,
            posting=replace(
                one.posting,
                at=at,
                key="" if one.kind is EntryKind.PURCHASE else one.posting.key,
            ),
        )
        for one in entries
    ]


async def last(world: World, contract: Contract, kind: ContractFactKind) -> ContractFact:
    """Return the only fact of a kind."""
    found = [one for one in await facts(world, contract.id) if one.kind is kind]
    assert len(found) == 1
    return found[0]
