"""The balances of forfaits in one query, whatever the age of the contract.

It looks at the lots that can be used, at the open holds, and at what no lot gave in the period
of today: each by an index, none of which grows with what is over.
"""

from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    Table,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
)

from helpdesk.domain.ids import ContractId
from helpdesk.domain.retainer_entry import EntryKind, LotNumber, LotSource
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.storage.column_types import Instant
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.query import in_list
from helpdesk.storage.retainer_documents import lot_of, terms_of
from helpdesk.storage.tables.retainer import (
    NOT_EMPTY,
    RETAINER_BOOK,
    RETAINER_ENTRY,
    RETAINER_HOLD,
    RETAINER_LOT,
)
from helpdesk.usecases.retainer_ports import KeptBalance, KeptLot

AnySelect: TypeAlias = Select[*tuple[Any, ...]]  # Any: columns of every type

_BOOK, _LOT, _HOLD, _ENTRY = RETAINER_BOOK.c, RETAINER_LOT.c, RETAINER_HOLD.c, RETAINER_ENTRY.c
_AT = bindparam("at", type_=Instant)


def balances_select(*conditions: ColumnElement[bool]) -> AnySelect:
    """Return the statement for the balances of the contracts `ids` at `at`, of one agency."""
    usable = and_(
        _of_the_book(RETAINER_LOT),
        _LOT.effective_at <= _AT,
        or_(_LOT.expires_at.is_(None), _LOT.expires_at > _AT),
    )
    left = func.coalesce(func.sum(_LOT.remaining), 0)
    return (
        select(
            _BOOK.contract_id,
            _BOOK.unit,
            _BOOK.terms,
            func.coalesce(func.sum(_LOT.granted), 0),
            left,
            func.coalesce(func.sum(_LOT.held), 0),
            func.min(case((_LOT.remaining > 0, _LOT.expires_at))),
            _held(),
            _over(),
            func.coalesce(func.max(_LOT.number), 0),
        )
        .select_from(RETAINER_BOOK.outerjoin(RETAINER_LOT, usable))
        .where(
            _BOOK.agency_id == bindparam("agency_id"),
            in_list(_BOOK.contract_id, "ids"),
            *conditions,
        )
        .group_by(_BOOK.agency_id, _BOOK.contract_id, _BOOK.unit)
        .order_by(_BOOK.contract_id, _BOOK.unit)
    )


def balance_of(row: Row) -> KeptBalance:
    """Return the balance that a row of `balances_select` stands for."""
    contract_id, unit, document, granted, left, held_of_lots, expires_at, held, over, newest = row
    return KeptBalance(
        contract_id=ContractId(contract_id),
        unit=RetainerUnit(unit),
        terms=terms_of(unit, document),
        granted=granted,
        held=held,
        consumed=granted - left + over,
        over=over,
        left=left - held_of_lots,
        expires_at=expires_at,
        newest_lot=LotNumber(newest),
    )


def expiring_packs_select(*conditions: ColumnElement[bool]) -> AnySelect:
    """Return the statement for the packs of one agency that expire in `(after, until]`."""
    return (
        select(RETAINER_LOT)
        .where(
            _LOT.agency_id == bindparam("agency_id"),
            _LOT.source == LotSource.PURCHASE.value,
            NOT_EMPTY,
            _LOT.expires_at > bindparam("after", type_=Instant),
            _LOT.expires_at <= bindparam("until", type_=Instant),
            *conditions,
        )
        .order_by(_LOT.contract_id, _LOT.unit, _LOT.number)
    )


def kept_lot_of(row: Row) -> KeptLot:
    """Return the lot that a row of `expiring_packs_select` stands for."""
    values = dict(zip(_LOT.keys(), row, strict=True))
    return KeptLot(ContractId(values["contract_id"]), RetainerUnit(values["unit"]), lot_of(values))


def _held() -> ScalarSelect[int]:
    return (
        select(func.coalesce(func.sum(_HOLD.quantity), 0))
        .where(_of_the_book(RETAINER_HOLD))
        .scalar_subquery()
    )


def _over() -> ScalarSelect[int]:
    used = [EntryKind.CONSUME.value, EntryKind.OVERAGE.value]
    moved = case(
        (_ENTRY.kind.in_(used), _ENTRY.quantity),
        (_ENTRY.kind == EntryKind.REVERSE.value, -_ENTRY.quantity),
        else_=0,
    )
    return (
        select(func.coalesce(func.sum(moved), 0))
        .where(
            _of_the_book(RETAINER_ENTRY),
            _ENTRY.lot.is_(None),
            _ENTRY.period_start >= _BOOK.open_from,
            _ENTRY.period_end > _AT,
        )
        .scalar_subquery()
    )


def _of_the_book(table: Table) -> ColumnElement[bool]:
    return and_(
        table.c.agency_id == _BOOK.agency_id,
        table.c.contract_id == _BOOK.contract_id,
        table.c.unit == _BOOK.unit,
    )
