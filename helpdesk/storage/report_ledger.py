"""The forfait of a month for its reports: what came in, what was used, what went out.

What earlier lots still had at the beginning is what is left of them now, without what happened
since: no entry before the period is read.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import Table, bindparam, select

from helpdesk.domain.consumption import Consumption
from helpdesk.domain.ids import ContractId
from helpdesk.domain.period import Period
from helpdesk.domain.report_lines import AlertKind, AlertLine, LedgerLine, UnitConsumption
from helpdesk.domain.retainer_close import PeriodStatement, statement_of
from helpdesk.domain.retainer_entry import Entry, EntryKind, LotSource
from helpdesk.domain.retainer_terms import RetainerTerms, RetainerUnit
from helpdesk.storage.column_types import Instant
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.query import Query, in_list
from helpdesk.storage.retainer_documents import entry_of, terms_of
from helpdesk.storage.session import MINE, Session
from helpdesk.storage.tables.retainer import RETAINER_BOOK, RETAINER_ENTRY, RETAINER_LOT
from helpdesk.storage.tables.ticket import TICKET
from helpdesk.usecases.report_ports import ReportSpan

_BOOK, _ENTRY, _LOT = RETAINER_BOOK.c, RETAINER_ENTRY.c, RETAINER_LOT.c
_THE_MOMENT_BEFORE = timedelta(microseconds=1)
_TOLD = frozenset(EntryKind) - {EntryKind.HOLD, EntryKind.RELEASE, EntryKind.EXTEND}

_BOOKS = Query(
    select(_BOOK.contract_id, _BOOK.unit, _BOOK.terms)
    .where(_BOOK.agency_id == MINE, in_list(_BOOK.contract_id, "contracts"))
    .order_by(_BOOK.contract_id, _BOOK.unit)
)
_ENTRIES = Query(
    select(RETAINER_ENTRY)
    .where(
        _ENTRY.agency_id == MINE,
        in_list(_ENTRY.contract_id, "contracts"),
        _ENTRY.period_start >= bindparam("earliest", type_=Instant),
    )
    .order_by(_ENTRY.contract_id, _ENTRY.unit, _ENTRY.number)
)
_LOTS = Query(
    select(_LOT.contract_id, _LOT.unit, _LOT.remaining, _LOT.source, _LOT.expires_at)
    .where(_LOT.agency_id == MINE, in_list(_LOT.contract_id, "contracts"), _LOT.remaining > 0)
    .order_by(_LOT.contract_id, _LOT.unit, _LOT.number)
)
_TICKETS = Query(
    select(TICKET.c.id, TICKET.c.number, TICKET.c.subject)
    .where(TICKET.c.agency_id == MINE, in_list(TICKET.c.id, "tickets"))
    .order_by(TICKET.c.id)
)

_Key: TypeAlias = tuple[str, str]
"""A contract and a unit."""


@dataclass(slots=True)
class _Book:
    """A unit of a contract with what was read of it, and the period that is reported."""

    terms: RetainerTerms
    period: Period
    entries: list[Entry] = field(default_factory=list)
    left_now: int = 0


async def consumption_of(
    session: Session, span: ReportSpan
) -> Mapping[ContractId, tuple[UnitConsumption, ...]]:
    """Return what became of each unit in the period that ends last in the span, by contract."""
    books = await _books(session, span)
    if not books:
        return {}
    asked = {"contracts": sorted(span.contract_ids)}
    earliest = min(book.period.start for book in books.values())
    entries, lots = await session.fetch_batch(
        (_ENTRIES, {**asked, "earliest": earliest}), (_LOTS, asked)
    )
    for row in entries:
        values = _named(RETAINER_ENTRY, row)
        books[values["contract_id"], values["unit"]].entries.append(entry_of(values))
    for contract_id, unit, remaining, _, _ in lots:
        books[contract_id, unit].left_now += remaining
    tickets = await _tickets(session, books.values())
    found: dict[ContractId, list[UnitConsumption]] = {}
    for (contract_id, _), book in books.items():
        found.setdefault(ContractId(contract_id), []).append(_consumption(book, tickets))
    order = list(RetainerUnit)
    return {
        contract_id: tuple(sorted(units, key=lambda one: order.index(one.unit)))
        for contract_id, units in found.items()
    }


async def expiring_packs_of(
    session: Session, span: ReportSpan, *, until: datetime, zone: ZoneInfo
) -> Mapping[ContractId, tuple[AlertLine, ...]]:
    """Return the bought lots with something left that expire soon, the first to expire first."""
    found: dict[ContractId, list[AlertLine]] = {}
    rows = await session.fetch_all(_LOTS, contracts=sorted(span.contract_ids))
    bought = [row for row in rows if LotSource(row[3]) is LotSource.PURCHASE and row[4] is not None]
    for contract_id, unit, remaining, _, expires_at in sorted(bought, key=lambda row: row[4]):
        if not span.end <= expires_at < until:
            continue
        day = expires_at.astimezone(zone).date()
        line = AlertLine(
            AlertKind.PACK_EXPIRY, "", day, quantity=remaining, unit=RetainerUnit(unit)
        )
        found.setdefault(ContractId(contract_id), []).append(line)
    return {contract_id: tuple(lines) for contract_id, lines in found.items()}


async def _books(session: Session, span: ReportSpan) -> dict[_Key, _Book]:
    rows = await session.fetch_all(_BOOKS, contracts=sorted(span.contract_ids))
    books = {}
    for contract_id, unit, document in rows:
        terms = terms_of(unit, document)
        # What holds the last moment of the span, if it ends with it; else the one before.
        period = terms.periods.period_of(span.end - _THE_MOMENT_BEFORE)
        if period.end > span.end and period.start > span.start:
            period = terms.periods.periods_later(period, -1)
        books[contract_id, unit] = _Book(terms, period)
    return books


async def _tickets(session: Session, books: Iterable[_Book]) -> Mapping[str, Row]:
    ids = {
        ticket_id
        for book in books
        for entry in book.entries
        if (ticket_id := _ticket_id(entry)) is not None
    }
    rows = await session.fetch_all(_TICKETS, tickets=sorted(ids))
    return {row[0]: row for row in rows}


def _ticket_id(entry: Entry) -> str | None:
    kind, _, ticket_id = entry.posting.source.partition(":")
    return ticket_id if kind in {"ticket", "work"} else None


def _consumption(book: _Book, tickets: Mapping[str, Row]) -> UnitConsumption:
    since = [entry for entry in book.entries if entry.period.start >= book.period.start]
    own = [entry for entry in since if entry.period.start == book.period.start]
    opening = book.left_now - sum(entry.left_change for entry in since)
    statement = statement_of(own, book.period)
    zone = book.terms.periods.zone
    amounts = [entry.move.claim.amount for entry in own if entry.move.claim is not None]
    priced = [amount for amount in amounts if amount is not None]
    price = book.terms.overage.price
    return UnitConsumption(
        unit=book.terms.unit,
        starts_on=book.period.start.astimezone(zone).date(),
        ends_on=book.period.end.astimezone(zone).date(),
        gauge=_gauge(statement, opening, is_unlimited=book.terms.is_unlimited),
        rollover_out=statement.of(EntryKind.ROLLOVER_OUT),
        expired=statement.of(EntryKind.EXPIRE),
        overage_cents=sum(amount.cents for amount in priced) if priced else None,
        currency="EUR" if price is None else price.currency,
        entries=tuple(_entry_line(entry, tickets, zone) for entry in _told(own)),
    )


def _told(entries: Iterable[Entry]) -> list[Entry]:
    """Return the movements that a client reads, by the day on which they count."""
    told = (entry for entry in entries if entry.kind in _TOLD)
    return sorted(told, key=lambda entry: entry.move.effective_at)


def _gauge(statement: PeriodStatement, opening: int, *, is_unlimited: bool) -> Consumption:
    moved: Counter[EntryKind] = statement.moved
    used = statement.uncounted if is_unlimited else 0
    return Consumption(
        granted=moved[EntryKind.GRANT],
        rollover_in=moved[EntryKind.ROLLOVER_IN],
        purchased=moved[EntryKind.PURCHASE],
        gesture=moved[EntryKind.GESTURE],
        adjust=moved[EntryKind.ADJUST],
        opening=opening,
        consumed=moved[EntryKind.CONSUME] - moved[EntryKind.REVERSE] + used,
        overage=max(0, statement.overage),
        is_unlimited=is_unlimited,
    )


def _entry_line(entry: Entry, tickets: Mapping[str, Row], zone: ZoneInfo) -> LedgerLine:
    ticket = tickets.get(_ticket_id(entry) or "")
    corrects = entry.posting.corrects
    return LedgerLine(
        at=entry.move.effective_at,
        kind=entry.kind,
        quantity=entry.quantity,
        ticket_number=None if ticket is None else int(ticket[1]),
        subject=entry.posting.reason if ticket is None else ticket[2],
        corrects=None if corrects is None else corrects.start.astimezone(zone).date(),
    )


def _named(table: Table, row: Sequence[Any]) -> dict[str, Any]:  # Any: columns of every type
    return dict(zip(table.c.keys(), row, strict=True))
