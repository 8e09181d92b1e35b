"""Movements of forfaits as kinds of things that are read, and the periods that they add up to."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, select

from helpdesk.domain.month import Month
from helpdesk.domain.period import Period
from helpdesk.domain.retainer_entry import LEFT_CHANGES, EntryKind
from helpdesk.domain.retainer_statement import retainer_statement
from helpdesk.domain.retainer_terms import (
    FreeCause,
    OverageStatus,
    RetainerTerms,
    RetainerUnit,
)
from helpdesk.storage.column_types import Instant
from helpdesk.storage.query import in_list
from helpdesk.storage.reads import filters
from helpdesk.storage.reads.loader import Loader
from helpdesk.storage.reads.neighbours import read_actors
from helpdesk.storage.reads.noun_table import (
    AnySelect,
    Beside,
    Derived,
    Filter,
    NounTable,
    Predicate,
    of_the_client,
)
from helpdesk.storage.retainer_documents import claim_of, entry_of, terms_of
from helpdesk.storage.tables.contract import CONTRACT
from helpdesk.storage.tables.retainer import RETAINER_BOOK, RETAINER_ENTRY
from helpdesk.usecases.read_models import THINGS, Branch, Noun, Thing, Wanted, thing_of
from helpdesk.usecases.shown_statements import statement_thing

Values = Mapping[str, Any]  # Any: columns of every type

_BOOK, _ENTRY = RETAINER_BOOK.c, RETAINER_ENTRY.c
_OF_A_TICKET = ("ticket", "work", "quoted")


async def read_ticket(
    loader: Loader, entries: Sequence[Thing], branch: Branch, wanted: Wanted
) -> None:
    """Give each movement the ticket that it is for, where there is one that the viewer sees."""
    named = [_ticket_id(entry.posted_for) for entry in entries]
    ids = sorted({one for one in named if one is not None})
    tickets = await loader.by_ids(Noun.TICKET, ids, wanted)
    for entry, ticket_id in zip(entries, named, strict=True):
        entry.keep(branch, None if ticket_id is None else tickets.get(ticket_id))


async def read_statements(
    loader: Loader, contracts: Sequence[Thing], branch: Branch, wanted: Wanted
) -> None:
    """Give each contract the statements of a period: of one unit, or of each."""
    asked = dict(branch.ask) if isinstance(branch.ask, tuple) else {}
    found: dict[str, list[Thing]] = {contract.id: [] for contract in contracts}
    books = await loader.rows("books", books_select, ids=list(found))
    for contract_id, unit, document in books:
        if asked.get("unit") in {None, RetainerUnit(unit)}:
            terms = terms_of(unit, document)
            period = _period(terms, asked.get("month"), loader.at)
            shown = await _statement(loader, contract_id, terms, period, wanted)
            found[contract_id].append(shown)
    for contract in contracts:
        contract.keep(branch, found[contract.id])


async def _statement(
    loader: Loader, contract_id: str, terms: RetainerTerms, period: Period, wanted: Wanted
) -> Thing:
    book: dict[str, Any] = {"of_contract": contract_id, "of_unit": terms.unit.value}
    sums = await loader.rows("opening", sums_before_select, **book, start=period.start)
    opening = sum(LEFT_CHANGES.get(EntryKind(kind), 0) * int(sum_) for kind, sum_ in sums)
    rows = await loader.rows("period", period_select, **book, start=period.start)
    values = [dict(zip(_ENTRY.keys(), row, strict=True)) for row in rows]
    statement = retainer_statement(terms, opening, map(entry_of, values), period)
    lines = wanted.along("lines")
    shown = await _entries(loader, values, lines.along("entry"))
    return statement_thing(statement, shown, locale=loader.viewer.locale)


async def _entries(loader: Loader, rows: Sequence[Values], wanted: Wanted) -> list[Thing]:
    """Return movements that were read whole as a list of them shows them."""
    table = RETAINER_ENTRIES
    things = []
    for row in rows:
        values = {**row, **{one: row[name] for one, name in table.renamed.items()}}
        derived = {name: one.value(values, loader.at) for name, one in table.derived.items()}
        things.append(thing_of(THINGS[table.noun], {**values, **derived}))
    await loader.fill(table, things, wanted)
    return things


def _period(terms: RetainerTerms, month: object, at: datetime) -> Period:
    return terms.periods.period(month) if isinstance(month, Month) else terms.periods.period_of(at)


def _ticket_id(posted_for: str) -> str | None:
    source, _, source_id = posted_for.partition(":")
    return source_id if source in _OF_A_TICKET else None


def _contract_of_the_client(column: ColumnElement[str], agency: ColumnElement[str]) -> Predicate:
    return exists().where(
        CONTRACT.c.agency_id == agency,
        CONTRACT.c.id == column,
        of_the_client(CONTRACT.c.client_id),
    )


def _entry_of_the_client() -> Predicate:
    return _contract_of_the_client(_ENTRY.contract_id, _ENTRY.agency_id)


def books_select(is_client: bool) -> AnySelect:  # noqa: FBT001 - called back by the reader
    """Return the statement for the clauses of the books of the contracts `ids`."""
    own = [_contract_of_the_client(_BOOK.contract_id, _BOOK.agency_id)] if is_client else []
    return (
        select(_BOOK.contract_id, _BOOK.unit, _BOOK.terms)
        .where(_BOOK.agency_id == bindparam("agency_id"), in_list(_BOOK.contract_id, "ids"), *own)
        .order_by(_BOOK.contract_id, _BOOK.unit)
    )


def _of_the_book(*, is_client: bool) -> list[Predicate]:
    return [
        _ENTRY.agency_id == bindparam("agency_id"),
        _ENTRY.contract_id == bindparam("of_contract"),
        _ENTRY.unit == bindparam("of_unit"),
        *([_entry_of_the_client()] if is_client else []),
    ]


def sums_before_select(is_client: bool) -> AnySelect:  # noqa: FBT001 - likewise
    """Return the statement for what each kind of entry moved before `start`, in one book."""
    return (
        select(_ENTRY.kind, func.sum(_ENTRY.quantity))
        .where(
            *_of_the_book(is_client=is_client),
            _ENTRY.lot.is_not(None),
            _ENTRY.period_start < bindparam("start", type_=Instant),
        )
        .group_by(_ENTRY.kind)
    )


def period_select(is_client: bool) -> AnySelect:  # noqa: FBT001 - likewise
    """Return the statement for the entries of the period that begins at `start`, in one book."""
    return (
        select(RETAINER_ENTRY)
        .where(
            *_of_the_book(is_client=is_client),
            _ENTRY.period_start == bindparam("start", type_=Instant),
        )
        .order_by(_ENTRY.number)
    )


def _reported_at() -> Filter:
    def condition(name: str, _: object) -> Predicate:
        at = bindparam(name, type_=Instant)
        return and_(_ENTRY.period_start <= at, _ENTRY.period_end > at)

    return Filter(condition)


def _of(column: str, value: Callable[[Any], object]) -> Derived:  # Any: the column's value
    """Return an attribute that follows from one column; nothing from nothing."""

    def derived(row: Values, _: datetime) -> object:
        return None if row[column] is None else value(row[column])

    return Derived((column,), derived)


def _left_change(row: Values, _: datetime) -> int:
    sign = 0 if row["lot"] is None else LEFT_CHANGES.get(EntryKind(row["kind"]), 0)
    return sign * int(row["quantity"])


def _held_change(row: Values, _: datetime) -> int:
    quantity = 0 if row["lot"] is None else int(row["quantity"])
    if row["kind"] == EntryKind.HOLD.value:
        return quantity
    return 0 if row["hold"] is None else -quantity


def _usable_until(row: Values, _: datetime) -> datetime | None:
    opens: Values | None = row["opens"]
    if opens is None:
        prolonged: datetime | None = row["prolonged_until"]
        return prolonged
    return None if opens["expires_at"] is None else datetime.fromisoformat(opens["expires_at"])


def _claimed(document: Values) -> object:
    claim = claim_of(document)
    return None if claim is None else claim.amount


RETAINER_ENTRIES = NounTable(
    Noun.RETAINER_ENTRY,
    RETAINER_ENTRY,
    key="unit",
    for_client=_entry_of_the_client,
    renamed={
        "written_at": "at",
        "corrects_from": "corrects_start",
        "prolonged_until": "expires_at",
        "posted_for": "source",
        "given_reason": "reason",
        "approval": "approved_by",
    },
    derived={
        "kind": _of("kind", EntryKind),
        "cause": _of("cause", FreeCause),
        "left_change": Derived(("kind", "quantity", "lot"), _left_change),
        "held_change": Derived(("kind", "quantity", "lot", "hold"), _held_change),
        "expires_at": Derived(("opens", "prolonged_until"), _usable_until),
        "reason": _of("given_reason", lambda reason: reason or None),
        "source": _of("posted_for", lambda posted_for: posted_for.partition(":")[0]),
        "overage_status": _of("claim", lambda claim: OverageStatus(claim["status"])),
        "amount": _of("claim", _claimed),
        "approved_by": _of("approval", lambda approval: approval["name"]),
    },
    beside={
        "ticket": Beside(read_ticket, ("posted_for",)),
        "actor": Beside(read_actors, ("actor_kind", "actor_name", "agent_id", "contact_id")),
    },
    filters={"units": filters.any_of(_ENTRY.unit), "reported_at": _reported_at()},
)
"""A list of movements is one contract's, so its unit and its number tell them apart."""
