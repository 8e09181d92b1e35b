"""Forfaits in the database: entries are appended, and the rows that they change follow at once."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Integer, Table, bindparam, delete, func, select, update

from helpdesk.domain.ids import ContractId
from helpdesk.domain.retainer import Book, Lot
from helpdesk.domain.retainer_entry import Entry, EntryKind, EntryNumber, LotNumber
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.domain.retainer_turn import next_turn
from helpdesk.storage.column_types import Json
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.errors import TransactionConflict
from helpdesk.storage.query import Query, in_list, insert
from helpdesk.storage.retainer_balance import (
    balance_of,
    balances_select,
    expiring_packs_select,
    kept_lot_of,
)
from helpdesk.storage.retainer_documents import (
    entry_of,
    entry_values,
    held_of,
    lot_of,
    lot_values,
    rounding_of,
    terms_document,
    terms_of,
)
from helpdesk.storage.session import MINE, Session
from helpdesk.storage.tables.retainer import (
    NOT_EMPTY,
    RETAINER_BOOK,
    RETAINER_ENTRY,
    RETAINER_HOLD,
    RETAINER_LOT,
)
from helpdesk.usecases.retainer_ports import BookAsk, KeptBalance, KeptBook, KeptLot

Values = Mapping[str, Any]  # a row by the names of its columns


def _of_book(table: Table) -> tuple[ColumnElement[bool], ...]:
    return (
        table.c.agency_id == MINE,
        table.c.contract_id == bindparam("book_contract"),
        table.c.unit == bindparam("book_unit"),
    )


_ENTRY = RETAINER_ENTRY.c
_READ_BOOK = select(RETAINER_BOOK).where(*_of_book(RETAINER_BOOK))
_BOOK, _LOCKED_BOOK = Query(_READ_BOOK), Query(_READ_BOOK.with_for_update())
_UNITS_OF = (
    select(RETAINER_BOOK.c.unit)
    .where(RETAINER_BOOK.c.agency_id == MINE, RETAINER_BOOK.c.contract_id == bindparam("contract"))
    .order_by(RETAINER_BOOK.c.unit)
)
_UNITS, _LOCKED_UNITS = Query(_UNITS_OF), Query(_UNITS_OF.with_for_update())
_DUE = Query(_UNITS_OF.where(RETAINER_BOOK.c.turn_at <= bindparam("at")).limit(1))
_LOTS = select(RETAINER_LOT).where(*_of_book(RETAINER_LOT)).order_by(RETAINER_LOT.c.number)
_ALL_LOTS = Query(_LOTS)
OPEN_LOTS = Query(_LOTS.where(NOT_EMPTY))
_NAMED_LOTS = Query(
    _LOTS.where(RETAINER_LOT.c.remaining == 0, in_list(RETAINER_LOT.c.number, "numbers"))
)
_HOLDS = select(RETAINER_HOLD).where(*_of_book(RETAINER_HOLD)).order_by(RETAINER_HOLD.c.number)
_ALL_HOLDS = Query(_HOLDS)
_HOLDS_OF_SOURCES = Query(_HOLDS.where(in_list(RETAINER_HOLD.c.source, "of_sources")))
_ENTRIES = select(RETAINER_ENTRY).where(*_of_book(RETAINER_ENTRY)).order_by(_ENTRY.number)
_ALL_ENTRIES = Query(_ENTRIES)
_ENTRIES_OF_SOURCE = Query(_ENTRIES.where(_ENTRY.source == bindparam("of_source")))
_ENTRIES_OF_KEY = Query(_ENTRIES.where(_ENTRY.key == bindparam("of_key")))
_ANSWERED = Query(
    select(_ENTRY.key).where(*_of_book(RETAINER_ENTRY), in_list(_ENTRY.key, "of_keys"))
)
_REVERSED = Query(
    select(_ENTRY.reverses, func.sum(_ENTRY.quantity))
    .where(*_of_book(RETAINER_ENTRY), in_list(_ENTRY.reverses, "numbers"))
    .group_by(_ENTRY.reverses)
)
_BALANCES = Query(balances_select())
_EXPIRING_PACKS = Query(expiring_packs_select())

_ADD_BOOK = Query(insert(RETAINER_BOOK).on_conflict_do_nothing())
_ADD_LOT, _ADD_HOLD = Query(insert(RETAINER_LOT)), Query(insert(RETAINER_HOLD))
_ADD_ENTRY = Query(insert(RETAINER_ENTRY))
_COUNT_ON = Query(
    update(RETAINER_BOOK)
    .where(*_of_book(RETAINER_BOOK), RETAINER_BOOK.c.last_number == bindparam("read_number"))
    .values(last_number=bindparam("new_number"), turn_at=bindparam("new_turn"))
)
_OF_THIS_BOOK = update(RETAINER_BOOK).where(*_of_book(RETAINER_BOOK))
_CLOSE = Query(
    _OF_THIS_BOOK.values(open_from=bindparam("new_start"), turn_at=bindparam("new_turn"))
)
_TURN = Query(_OF_THIS_BOOK.values(turn_at=bindparam("new_turn")))
_REWRITE = Query(_OF_THIS_BOOK.values(terms=bindparam("new_terms", type_=Json)))
NEXT_TURN = Query.across_agencies(
    select(func.min(RETAINER_BOOK.c.turn_at)).where(RETAINER_BOOK.c.turn_at > bindparam("at")),
    reason="the worker sleeps until a period of any agency ends",
)
TO_TURN = Query.across_agencies(
    select(RETAINER_BOOK.c.agency_id, RETAINER_BOOK.c.contract_id)
    .where(RETAINER_BOOK.c.turn_at <= bindparam("at"))
    # As in the index: distinct contracts would have SQLite walk through every book.
    .order_by(RETAINER_BOOK.c.turn_at),
    reason="the worker closes the periods of every agency",
)
_MOVE_LOT = Query(
    update(RETAINER_LOT)
    .where(
        *_of_book(RETAINER_LOT),
        RETAINER_LOT.c.number == bindparam("of_lot"),
        RETAINER_LOT.c.version == bindparam("read_version"),
    )
    .values(
        remaining=bindparam("new_remaining"),
        held=bindparam("new_held"),
        expires_at=bindparam("new_expires_at"),
        version=bindparam("new_version"),
        granted=RETAINER_LOT.c.granted + bindparam("adjusted", type_=Integer),
    )
)
_OF_HOLD = (*_of_book(RETAINER_HOLD), RETAINER_HOLD.c.number == bindparam("of_hold"))
_SHORTEN_HOLD = Query(
    update(RETAINER_HOLD).where(*_OF_HOLD).values(quantity=bindparam("new_quantity"))
)
_END_HOLD = Query(delete(RETAINER_HOLD).where(*_OF_HOLD))


class SqlRetainerRecords:
    """RetainerRecords on a database; `locks` takes a book for the time of the transaction."""

    def __init__(self, session: Session, *, locks: bool) -> None:
        self._session = session
        self._book = _LOCKED_BOOK if locks else _BOOK
        self._units = _LOCKED_UNITS if locks else _UNITS

    async def add_book(self, kept: KeptBook) -> bool:
        """Add an empty book; False when the contract has one of this unit."""
        added = await self._session.execute(
            _ADD_BOOK,
            contract_id=kept.contract_id,
            unit=kept.unit.value,
            terms=terms_document(kept.book.terms, kept.rounding),
            open_from=kept.book.open_from,
            last_number=kept.book.last_number,
            turn_at=next_turn(kept.book),
        )
        return added == 1

    async def book(self, ask: BookAsk) -> KeptBook | None:
        """Return a book in part, locked until the transaction ends."""
        of_book = _names(ask.contract_id, ask.unit)
        row = await self._session.fetch_one(self._book, **of_book)
        if row is None:
            return None
        # Only now, as the lock may have waited for whoever changed what follows.
        lots, holds, of_source, of_key = await self._session.fetch_batch(
            (OPEN_LOTS, of_book),
            (_HOLDS_OF_SOURCES, {**of_book, "of_sources": sorted({ask.source, *ask.holders})}),
            (_ENTRIES_OF_SOURCE, {**of_book, "of_source": ask.source}),
            (_ENTRIES_OF_KEY, {**of_book, "of_key": ask.key}),
        )
        known = _entries(of_source)
        named = ask.lots.union(entry.lot for entry in known if entry.lot is not None)
        empty, reversed_ = await self._named(of_book, named, known)
        kept = _kept(row, chain(lots, empty), holds)
        answers = _entries(of_key)
        book = replace(
            kept.book,
            answers={ask.key: answers} if answers else {},
            reversed={EntryNumber(number): int(quantity) for number, quantity in reversed_},
        )
        return replace(kept, book=book, entries=known)

    async def whole_book(self, contract_id: ContractId, unit: RetainerUnit) -> KeptBook | None:
        """Return a book with every kept lot and hold."""
        of_book = _names(contract_id, unit)
        row = await self._session.fetch_one(self._book, **of_book)
        if row is None:
            return None
        lots, holds = await self._session.fetch_batch((_ALL_LOTS, of_book), (_ALL_HOLDS, of_book))
        return _kept(row, lots, holds)

    async def append(
        self, kept: KeptBook, entries: Sequence[Entry], *, closed_until: datetime | None = None
    ) -> KeptBook:
        """Write entries and what they change, and return the book after them."""
        of_book = _names(kept.contract_id, kept.unit)
        before, after = kept.book, kept.book.after(entries)
        if closed_until is not None:
            after = after.closed_until(closed_until)
        turn = {"new_turn": next_turn(after)}
        if entries:
            numbers = {"read_number": before.last_number, "new_number": after.last_number}
            await self._change(_COUNT_ON, of_book, **numbers, **turn)
            await self._write_lots(kept, after, entries)
            await self._write_holds(kept, after)
            await self._write_entries(kept, entries)
        if closed_until is not None:
            # After the entries, which belong to the period that they close.
            await self._session.write(_CLOSE, **of_book, new_start=closed_until, **turn)
        return replace(kept, book=after)

    async def turn_next(self, kept: KeptBook, *, at: datetime | None) -> None:
        """Say when the worker has to look at a book next; None for not any more."""
        await self._session.write(_TURN, **_names(kept.contract_id, kept.unit), new_turn=at)

    async def is_due(self, contract_id: ContractId, *, at: datetime) -> bool:
        """Return whether something of a book of a contract has ended by an instant."""
        return await self._session.fetch_one(_DUE, contract=contract_id, at=at) is not None

    async def keep_clauses(self, kept: KeptBook) -> None:
        """Write the clauses that a book is kept by from now on."""
        document = terms_document(kept.book.terms, kept.rounding)
        await self._session.write(
            _REWRITE, **_names(kept.contract_id, kept.unit), new_terms=document
        )

    async def answered(self, kept: KeptBook, keys: Iterable[str]) -> frozenset[str]:
        """Return under which of these keys entries were written to a book, in one query."""
        of_book = _names(kept.contract_id, kept.unit)
        rows = await self._session.fetch_all(_ANSWERED, **of_book, of_keys=sorted(keys))
        return frozenset(row[0] for row in rows)

    async def units_of(self, contract_id: ContractId) -> tuple[RetainerUnit, ...]:
        """Return the units that a contract has a book of, its books locked in their order."""
        rows = await self._session.fetch_all(self._units, contract=contract_id)
        return tuple(RetainerUnit(row[0]) for row in rows)

    async def entries_of(
        self, contract_id: ContractId, unit: RetainerUnit, *, source: str | None = None
    ) -> tuple[Entry, ...]:
        """Return the entries of a book, or those of a source, by number."""
        of_book = _names(contract_id, unit)
        if source is None:
            return _entries(await self._session.fetch_all(_ALL_ENTRIES, **of_book))
        rows = await self._session.fetch_all(_ENTRIES_OF_SOURCE, **of_book, of_source=source)
        return _entries(rows)

    async def balances(
        self, contract_ids: Iterable[ContractId], *, at: datetime
    ) -> tuple[KeptBalance, ...]:
        """Return the balances of contracts by contract and unit, in one query."""
        rows = await self._session.fetch_all(_BALANCES, ids=sorted(contract_ids), at=at)
        return tuple(map(balance_of, rows))

    async def expiring_packs(self, *, after: datetime, until: datetime) -> tuple[KeptLot, ...]:
        """Return the packs of the agency that are not used up and expire in `(after, until]`."""
        rows = await self._session.fetch_all(_EXPIRING_PACKS, after=after, until=until)
        return tuple(map(kept_lot_of, rows))

    async def _named(
        self, of_book: Values, lots: Iterable[LotNumber], entries: Sequence[Entry]
    ) -> Sequence[Sequence[Row]]:
        """Return the empty ones of these lots, and how much of entries was reversed."""
        numbers = sorted(lots)
        if not numbers and not entries:
            return (), ()
        return await self._session.fetch_batch(
            (_NAMED_LOTS, {**of_book, "numbers": numbers}),
            (_REVERSED, {**of_book, "numbers": [entry.number for entry in entries]}),
        )

    async def _change(self, query: Query, of_book: Values, **params: object) -> None:
        """Change a row that is still as it was read. Raises TransactionConflict."""
        if await self._session.execute(query, **of_book, **params) != 1:
            raise TransactionConflict("another transaction moved the same lots first")

    async def _write_lots(self, kept: KeptBook, after: Book, entries: Sequence[Entry]) -> None:
        of_book = _names(kept.contract_id, kept.unit)
        adjusted: Counter[LotNumber] = Counter()
        for entry in entries:
            if entry.kind is EntryKind.ADJUST and entry.lot is not None:
                adjusted[entry.lot] += entry.quantity
        for number, lot in after.lots.items():
            before = kept.book.lots.get(number)
            if before is None:
                granted = lot.quantity + adjusted[number]
                row = {**_columns(kept), **lot_values(lot), "granted": granted}
                await self._session.write(_ADD_LOT, **row)
            elif before != lot:
                await self._change(
                    _MOVE_LOT, of_book, **_moved(before, lot), adjusted=adjusted[number]
                )

    async def _write_holds(self, kept: KeptBook, after: Book) -> None:
        of_book = _names(kept.contract_id, kept.unit)
        for number, held in after.holds.items():
            before = kept.book.holds.get(number)
            if before is None:
                row = {
                    "number": number,
                    "source": held.source,
                    "lot": held.lot,
                    "quantity": held.quantity,
                    "effective_at": held.effective_at,
                }
                await self._session.write(_ADD_HOLD, **_columns(kept), **row)
            elif before != held:
                await self._session.write(
                    _SHORTEN_HOLD, **of_book, of_hold=number, new_quantity=held.quantity
                )
        for number in kept.book.holds.keys() - after.holds.keys():
            await self._session.write(_END_HOLD, **of_book, of_hold=number)

    async def _write_entries(self, kept: KeptBook, entries: Sequence[Entry]) -> None:
        places: Counter[str] = Counter()
        for entry in entries:
            key = entry.posting.key
            row = {**_columns(kept), **entry_values(entry), "place": places[key]}
            await self._session.write(_ADD_ENTRY, **row)
            places[key] += 1


def _names(contract_id: ContractId, unit: RetainerUnit) -> dict[str, object]:
    return {"book_contract": contract_id, "book_unit": unit.value}


def _columns(kept: KeptBook) -> dict[str, object]:
    return {"contract_id": kept.contract_id, "unit": kept.unit.value}


def _moved(before: Lot, lot: Lot) -> dict[str, object]:
    return {
        "of_lot": lot.number,
        "read_version": before.version,
        "new_remaining": lot.left,
        "new_held": lot.held,
        "new_expires_at": lot.terms.expires_at,
        "new_version": lot.version,
    }


def _kept(row: Row, lots: Iterable[Row], holds: Iterable[Row]) -> KeptBook:
    values = _named(RETAINER_BOOK, row)
    found = {lot.number: lot for lot in (lot_of(_named(RETAINER_LOT, one)) for one in lots)}
    held = {one.number: one for one in (held_of(_named(RETAINER_HOLD, each)) for each in holds)}
    book = Book(
        terms_of(values["unit"], values["terms"]),
        values["open_from"],
        lots=found,
        holds=held,
        last_number=values["last_number"],
    )
    return KeptBook(ContractId(values["contract_id"]), book, rounding_of(values["terms"]))


def _entries(rows: Iterable[Row]) -> tuple[Entry, ...]:
    return tuple(entry_of(_named(RETAINER_ENTRY, row)) for row in rows)


def _named(table: Table, row: Row) -> dict[str, Any]:
    return dict(zip(table.c.keys(), row, strict=True))
