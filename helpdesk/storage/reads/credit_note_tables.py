"""Credit notes and the invoices that they refer to as kinds of things that are read."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from helpdesk.storage.reads import filters
from helpdesk.storage.reads.credit_note_reads import (
    STANDING,
    read_amounts,
    read_payable,
    read_standing,
    read_uses,
)
from helpdesk.storage.reads.noun_table import (
    Beside,
    Derived,
    Filter,
    NounTable,
    Predicate,
    ToOne,
    of_the_client,
)
from helpdesk.storage.tables.credit_note import CREDIT_NOTE, CREDIT_NOTE_USE, EXTERNAL_INVOICE
from helpdesk.usecases.read_models import Noun, Thing

Values = Mapping[str, Any]  # Any: columns of every type


def _said(name: str, *, dated: bool = False) -> Derived:
    """Return what a document says in a list of its frozen content."""

    def things(row: Values, _: datetime) -> list[Thing]:
        said = json.loads(row["content"])[name]
        if dated:
            said = [{**one, "issued_on": date.fromisoformat(one["issued_on"])} for one in said]
        return [Thing(**one) for one in said]

    return Derived(("content",), things)


def _gross(row: Values, _: datetime) -> int:
    net_cents: int = row["net_cents"]
    vat_cents: int = row["vat_cents"]
    return net_cents + vat_cents


def _open() -> Filter:
    """Return the filter by whether something of a document is left."""
    used = (
        select(func.coalesce(func.sum(CREDIT_NOTE_USE.c.cents), 0))
        .where(
            CREDIT_NOTE_USE.c.agency_id == CREDIT_NOTE.c.agency_id,
            CREDIT_NOTE_USE.c.credit_note_id == CREDIT_NOTE.c.id,
        )
        .correlate(CREDIT_NOTE)
        .scalar_subquery()
    )

    def condition(_: str, wanted: object) -> Predicate:
        gross = CREDIT_NOTE.c.gross_cents
        return gross > used if wanted else gross <= used

    return Filter(condition, by_value=True)


CREDIT_NOTE_TABLES = (
    NounTable(
        Noun.CREDIT_NOTE,
        CREDIT_NOTE,
        for_client=lambda: of_the_client(CREDIT_NOTE.c.client_id),
        private=frozenset({"issued_by"}),
        ones={
            "client": ToOne("client_id", Noun.CLIENT),
            "contract": ToOne("contract_id", Noun.CONTRACT),
        },
        derived={
            "lines": _said("lines"),
            "invoices": _said("invoices", dated=True),
            "vat_shares": _said("vat"),
        },
        beside={
            **{name: Beside(read_standing, ("id", "gross_cents")) for name in STANDING},
            "uses": Beside(read_uses),
        },
        filters={
            "client_ids": filters.any_of(CREDIT_NOTE.c.client_id),
            "contract_ids": filters.any_of(CREDIT_NOTE.c.contract_id),
            "kinds": filters.any_of(CREDIT_NOTE.c.kind),
            "is_open": _open(),
        },
    ),
    NounTable(
        Noun.INVOICE,
        EXTERNAL_INVOICE,
        for_client=lambda: of_the_client(EXTERNAL_INVOICE.c.client_id),
        ones={
            "client": ToOne("client_id", Noun.CLIENT),
            "contract": ToOne("contract_id", Noun.CONTRACT),
        },
        derived={"gross_cents": Derived(("net_cents", "vat_cents"), _gross)},
        beside={
            "amounts": Beside(read_amounts),
            "applied_cents": Beside(read_payable, ("id", "net_cents", "vat_cents")),
            "payable_cents": Beside(read_payable, ("id", "net_cents", "vat_cents")),
        },
        filters={
            "client_ids": filters.any_of(EXTERNAL_INVOICE.c.client_id),
            "contract_ids": filters.any_of(EXTERNAL_INVOICE.c.contract_id),
        },
    ),
)
