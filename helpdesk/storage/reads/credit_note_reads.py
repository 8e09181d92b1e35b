"""What stands beside credit notes and invoices: their use, what is left, and who bills whom."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import and_, bindparam, func, select

from helpdesk.domain.credit_note import state_after
from helpdesk.domain.money import Money
from helpdesk.storage.query import in_list
from helpdesk.storage.reads.loader import Loader
from helpdesk.storage.reads.noun_table import AnySelect
from helpdesk.storage.tables.credit_note import (
    CLIENT_IDENTITY,
    CREDIT_NOTE_SHARE,
    CREDIT_NOTE_USE,
    EXTERNAL_INVOICE,
    EXTERNAL_INVOICE_RATE,
    FISCAL_IDENTITY,
)
from helpdesk.usecases.credit_note_ports import UseKind
from helpdesk.usecases.read_models import Branch, Thing, Wanted

Document = Mapping[str, Any]  # decoded JSON of our own

STANDING = ("state", "applied_cents", "refunded_cents", "left_cents")
"""What follows from the uses of a document; they are read together."""

_USE = ("kind", "cents", "at", "actor", "reason", "invoice_number")


async def read_standing(loader: Loader, notes: Sequence[Thing], branch: Branch, _: Wanted) -> None:
    """Give each document where it stands, and how much of it was used and is left."""
    missing = [note for note in notes if branch.name not in note.__dict__]
    rows = await loader.agency_rows(
        "credit note sums", _sums, parents=[note.id for note in missing]
    )
    used = {(note_id, kind): int(cents) for note_id, kind, cents in rows}
    for note in missing:
        applied = used.get((note.id, UseKind.APPLIED.value), 0)
        refunded = used.get((note.id, UseKind.REFUNDED.value), 0)
        state = state_after(
            Money(note.gross_cents), applied=Money(applied), refunded=Money(refunded)
        )
        left = note.gross_cents - applied - refunded
        values = (state.value, applied, refunded, left)
        note.__dict__.update(zip(STANDING, values, strict=True))


async def read_uses(loader: Loader, notes: Sequence[Thing], branch: Branch, _: Wanted) -> None:
    """Give each document what became of its parts, in order."""
    found: dict[str, list[Thing]] = {note.id: [] for note in notes}
    for row in await loader.agency_rows("credit note uses", _uses, parents=list(found)):
        found[row[0]].append(Thing(**dict(zip(_USE, row[1:], strict=True))))
    for note in notes:
        note.keep(branch, found[note.id])


async def read_amounts(
    loader: Loader, invoices: Sequence[Thing], branch: Branch, _: Wanted
) -> None:
    """Give each invoice what it bills at each rate, and what credit notes took of it."""
    found: dict[str, list[Thing]] = {invoice.id: [] for invoice in invoices}
    for row in await loader.agency_rows("invoice amounts", _amounts, parents=list(found)):
        invoice_id, rate, net, credited = row
        amount = Thing(vat_rate=rate, net_cents=net, credited_cents=int(credited or 0))
        found[invoice_id].append(amount)
    for invoice in invoices:
        invoice.keep(branch, found[invoice.id])


async def read_payable(
    loader: Loader, invoices: Sequence[Thing], branch: Branch, _: Wanted
) -> None:
    """Give each invoice what credit notes paid of it, and what the client still pays."""
    ids = [invoice.id for invoice in invoices]
    rows = await loader.agency_rows("invoice uses", _paid, parents=ids)
    paid = {invoice_id: int(cents) for invoice_id, cents in rows}
    for invoice in invoices:
        invoice.__dict__["applied_cents"] = paid.get(invoice.id, 0)
        gross = invoice.net_cents + invoice.vat_cents
        invoice.__dict__["payable_cents"] = gross - invoice.applied_cents
    del branch  # both are kept, whichever was asked for


async def read_client_identity(
    loader: Loader, clients: Sequence[Thing], branch: Branch, _: Wanted
) -> None:
    """Give each client who he is on his documents, if somebody said so."""
    ids = [client.id for client in clients]
    rows = await loader.agency_rows("client identities", _clients, parents=ids)
    found = {client_id: party_thing(document) for client_id, document in rows}
    for client in clients:
        client.keep(branch, found.get(client.id))


async def read_fiscal_identity(
    loader: Loader, agencies: Sequence[Thing], branch: Branch, _: Wanted
) -> None:
    """Give the agency how it invoices, if it said so; nothing to a client."""
    rows = []
    if loader.viewer.is_of_agency:
        rows = await loader.agency_rows("fiscal identity", _agency)
    for agency in agencies:
        agency.keep(branch, fiscal_thing(rows[0][0]) if rows else None)


def party_thing(said: Document) -> Thing:
    """Return a party as it is shown."""
    return Thing(**{**said, "address": Thing(**said["address"])})


def fiscal_thing(said: Document) -> Thing:
    """Return how an agency invoices, as it is shown."""
    numbering = said["numbering"]
    return Thing(
        seller=party_thing(said["seller"]),
        regime=said["regime"],
        is_vat_on_debits=said["is_vat_on_debits"],
        number_prefix=numbering["prefix"],
        number_width=numbering["width"],
        is_numbering_shared=numbering["is_shared"],
    )


def _sums() -> AnySelect:
    return (
        select(
            CREDIT_NOTE_USE.c.credit_note_id,
            CREDIT_NOTE_USE.c.kind,
            func.sum(CREDIT_NOTE_USE.c.cents),
        )
        .where(
            CREDIT_NOTE_USE.c.agency_id == bindparam("agency_id"),
            in_list(CREDIT_NOTE_USE.c.credit_note_id, "parents"),
        )
        .group_by(CREDIT_NOTE_USE.c.credit_note_id, CREDIT_NOTE_USE.c.kind)
    )


def _uses() -> AnySelect:
    paid = CREDIT_NOTE_USE.outerjoin(
        EXTERNAL_INVOICE,
        and_(
            EXTERNAL_INVOICE.c.agency_id == CREDIT_NOTE_USE.c.agency_id,
            EXTERNAL_INVOICE.c.id == CREDIT_NOTE_USE.c.invoice_id,
        ),
    )
    return (
        select(
            CREDIT_NOTE_USE.c.credit_note_id,
            CREDIT_NOTE_USE.c.kind,
            CREDIT_NOTE_USE.c.cents,
            CREDIT_NOTE_USE.c.at,
            CREDIT_NOTE_USE.c.actor,
            CREDIT_NOTE_USE.c.reason,
            EXTERNAL_INVOICE.c.number,
        )
        .select_from(paid)
        .where(
            CREDIT_NOTE_USE.c.agency_id == bindparam("agency_id"),
            in_list(CREDIT_NOTE_USE.c.credit_note_id, "parents"),
        )
        .order_by(CREDIT_NOTE_USE.c.credit_note_id, CREDIT_NOTE_USE.c.at, CREDIT_NOTE_USE.c.id)
    )


def _amounts() -> AnySelect:
    share, rate = CREDIT_NOTE_SHARE, EXTERNAL_INVOICE_RATE
    credited = rate.outerjoin(
        share,
        and_(
            share.c.agency_id == rate.c.agency_id,
            share.c.invoice_id == rate.c.invoice_id,
            share.c.vat_rate == rate.c.vat_rate,
        ),
    )
    return (
        select(rate.c.invoice_id, rate.c.vat_rate, rate.c.net_cents, func.sum(share.c.net_cents))
        .select_from(credited)
        .where(rate.c.agency_id == bindparam("agency_id"), in_list(rate.c.invoice_id, "parents"))
        .group_by(rate.c.invoice_id, rate.c.vat_rate, rate.c.net_cents)
        .order_by(rate.c.invoice_id, rate.c.vat_rate.desc())
    )


def _paid() -> AnySelect:
    return (
        select(CREDIT_NOTE_USE.c.invoice_id, func.sum(CREDIT_NOTE_USE.c.cents))
        .where(
            CREDIT_NOTE_USE.c.agency_id == bindparam("agency_id"),
            in_list(CREDIT_NOTE_USE.c.invoice_id, "parents"),
        )
        .group_by(CREDIT_NOTE_USE.c.invoice_id)
    )


def _clients() -> AnySelect:
    return select(CLIENT_IDENTITY.c.client_id, CLIENT_IDENTITY.c.document).where(
        CLIENT_IDENTITY.c.agency_id == bindparam("agency_id"),
        in_list(CLIENT_IDENTITY.c.client_id, "parents"),
    )


def _agency() -> AnySelect:
    return select(FISCAL_IDENTITY.c.document).where(
        FISCAL_IDENTITY.c.agency_id == bindparam("agency_id")
    )
