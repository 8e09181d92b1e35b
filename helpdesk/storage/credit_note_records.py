"""Issued documents in the database: their series, their content, their papers and their use."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select, update

from helpdesk.domain.credit_note import CreditNote
from helpdesk.domain.credit_note_content import read
from helpdesk.domain.credit_note_series import GENESIS, Link, Numbering, Series
from helpdesk.domain.ids import ClientId, CreditNoteId
from helpdesk.domain.money import Money
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.invoice_records import SqlInvoiceRecords
from helpdesk.storage.query import Query, in_list, insert
from helpdesk.storage.session import MINE, Session
from helpdesk.storage.tables.credit_note import (
    CREDIT_NOTE,
    CREDIT_NOTE_FILE,
    CREDIT_NOTE_LINE,
    CREDIT_NOTE_SHARE,
    CREDIT_NOTE_USE,
    DOCUMENT_SERIES,
)
from helpdesk.usecases.credit_note_ports import (
    CreditNoteUse,
    KeptCreditNote,
    PaperKind,
    Sealed,
    UseKind,
)

_START_SERIES = Query(insert(DOCUMENT_SERIES).on_conflict_do_nothing())
_SERIES_COLUMNS = (
    DOCUMENT_SERIES.c.prefix,
    DOCUMENT_SERIES.c.width,
    DOCUMENT_SERIES.c.is_shared,
    DOCUMENT_SERIES.c.last,
    DOCUMENT_SERIES.c.last_on,
    DOCUMENT_SERIES.c.last_hash,
)
_SERIES = Query(
    select(*_SERIES_COLUMNS)
    .where(DOCUMENT_SERIES.c.agency_id == MINE, DOCUMENT_SERIES.c.prefix == bindparam("prefix"))
    .with_for_update()
)
_ALL_SERIES = Query(
    select(*_SERIES_COLUMNS)
    .where(DOCUMENT_SERIES.c.agency_id == MINE)
    .order_by(DOCUMENT_SERIES.c.prefix)
)
_SAVE_SERIES = Query(
    update(DOCUMENT_SERIES)
    .where(DOCUMENT_SERIES.c.agency_id == MINE, DOCUMENT_SERIES.c.prefix == bindparam("of_prefix"))
    .values(
        last=bindparam("new_last"),
        last_on=bindparam("new_last_on"),
        last_hash=bindparam("new_last_hash"),
    )
)
_LINKS = Query(
    select(
        CREDIT_NOTE.c.series,
        CREDIT_NOTE.c.sequence,
        CREDIT_NOTE.c.number,
        CREDIT_NOTE.c.issued_on,
        CREDIT_NOTE.c.content,
        CREDIT_NOTE.c.previous_hash,
        CREDIT_NOTE.c.hash,
    )
    .where(
        CREDIT_NOTE.c.agency_id == MINE,
        CREDIT_NOTE.c.series == bindparam("prefix"),
        CREDIT_NOTE.c.sequence > bindparam("after"),
    )
    .order_by(CREDIT_NOTE.c.sequence)
    .limit(bindparam("size"))
)
_NOTE_COLUMNS = (CREDIT_NOTE.c.id, CREDIT_NOTE.c.content, CREDIT_NOTE.c.hash)
_BY_ID = select(*_NOTE_COLUMNS).where(
    CREDIT_NOTE.c.agency_id == MINE, CREDIT_NOTE.c.id == bindparam("id")
)
_READ, _LOCKED = Query(_BY_ID), Query(_BY_ID.with_for_update())
_ISSUED_WITHIN = Query(
    select(*_NOTE_COLUMNS)
    .where(
        CREDIT_NOTE.c.agency_id == MINE,
        CREDIT_NOTE.c.issued_on >= bindparam("first_day"),
        CREDIT_NOTE.c.issued_on <= bindparam("last_day"),
    )
    .order_by(CREDIT_NOTE.c.issued_on, CREDIT_NOTE.c.number)
)
_HOLDER = Query(
    select(CREDIT_NOTE.c.client_id).where(
        CREDIT_NOTE.c.agency_id == MINE, CREDIT_NOTE.c.id == bindparam("id")
    )
)
_USED = (
    select(func.coalesce(func.sum(CREDIT_NOTE_USE.c.cents), 0))
    .where(
        CREDIT_NOTE_USE.c.agency_id == MINE,
        CREDIT_NOTE_USE.c.credit_note_id == CREDIT_NOTE.c.id,
    )
    .correlate(CREDIT_NOTE)
    .scalar_subquery()
)
_OF_CLIENT = (
    select(*_NOTE_COLUMNS)
    .where(
        CREDIT_NOTE.c.agency_id == MINE,
        CREDIT_NOTE.c.client_id == bindparam("client_id"),
        CREDIT_NOTE.c.currency == bindparam("currency"),
        CREDIT_NOTE.c.gross_cents > _USED,
    )
    .order_by(CREDIT_NOTE.c.issued_on, CREDIT_NOTE.c.number)
)
_READ_OPEN, _LOCKED_OPEN = Query(_OF_CLIENT), Query(_OF_CLIENT.with_for_update(of=CREDIT_NOTE))
_USES = Query(
    select(
        CREDIT_NOTE_USE.c.credit_note_id,
        CREDIT_NOTE_USE.c.kind,
        func.sum(CREDIT_NOTE_USE.c.cents),
    )
    .where(CREDIT_NOTE_USE.c.agency_id == MINE, in_list(CREDIT_NOTE_USE.c.credit_note_id, "ids"))
    .group_by(CREDIT_NOTE_USE.c.credit_note_id, CREDIT_NOTE_USE.c.kind)
)
_PAPER = Query(
    select(CREDIT_NOTE_FILE.c.content).where(
        CREDIT_NOTE_FILE.c.agency_id == MINE,
        CREDIT_NOTE_FILE.c.credit_note_id == bindparam("id"),
        CREDIT_NOTE_FILE.c.kind == bindparam("kind"),
    )
)
_ADD = Query(insert(CREDIT_NOTE))
_ADD_LINE = Query(insert(CREDIT_NOTE_LINE))
_ADD_SHARE = Query(insert(CREDIT_NOTE_SHARE))
_ADD_FILE = Query(insert(CREDIT_NOTE_FILE))
_ADD_USE = Query(insert(CREDIT_NOTE_USE))


class SqlCreditNoteRecords(SqlInvoiceRecords):
    """CreditNoteRecords on a database; `locks` takes rows for the time of the transaction."""

    def __init__(self, session: Session, *, locks: bool) -> None:
        super().__init__(session, locks=locks)
        self._note = _LOCKED if locks else _READ
        self._open = _LOCKED_OPEN if locks else _READ_OPEN

    async def series(self, prefix: str, numbering: Numbering) -> Series:
        """Return a series, begun with this numbering if it is new, locked until the end."""
        blank = Series(prefix, numbering.width, is_shared=numbering.is_shared)
        await self._session.add(
            _START_SERIES,
            {
                "prefix": blank.prefix,
                "width": blank.width,
                "is_shared": blank.is_shared,
                "last": 0,
                "last_on": None,
                "last_hash": GENESIS,
            },
        )
        return await self.locked_series(prefix)

    async def locked_series(self, prefix: str) -> Series:
        """Return a series that was begun, locked until the transaction ends."""
        row = await self._session.fetch_one(_SERIES, prefix=prefix)
        assert row is not None  # noqa: S101 - a series is never removed
        return _series_of(row)

    async def save_series(self, series: Series) -> None:
        """Write where a series stands."""
        await self._session.write(
            _SAVE_SERIES,
            of_prefix=series.prefix,
            new_last=series.last,
            new_last_on=series.last_on,
            new_last_hash=series.last_hash,
        )

    async def all_series(self) -> tuple[Series, ...]:
        """Return every series, by prefix."""
        return tuple(map(_series_of, await self._session.fetch_all(_ALL_SERIES)))

    async def links(self, prefix: str, *, after: int, limit: int) -> tuple[Link, ...]:
        """Return documents of a series, in their order, those after a place."""
        rows = await self._session.fetch_all(_LINKS, prefix=prefix, after=after, size=limit)
        return tuple(Link(*row) for row in rows)

    async def add(self, sealed: Sealed) -> None:
        """Add a document with its papers; a credit that stands on one already is refused."""
        note = sealed.note
        await self._session.add(_ADD, _note_params(sealed))
        for place, line in enumerate(note.lines):
            params = {
                "credit_note_id": note.id,
                "place": place,
                "credit_id": line.credit_id,
                "label": line.label,
                "evidence": line.evidence,
                "net_cents": line.net.cents,
                "vat_rate": line.vat_rate,
            }
            await self._session.add(_ADD_LINE, params)
        for share in note.shares:
            params = {
                "credit_note_id": note.id,
                "invoice_id": share.invoice_id,
                "vat_rate": share.vat_rate,
                "net_cents": share.net.cents,
            }
            await self._session.add(_ADD_SHARE, params)
        for kind, content in sealed.papers.items():
            digest = hashlib.sha256(content).hexdigest()
            params = {"credit_note_id": note.id, "kind": kind.value}
            await self._session.add(_ADD_FILE, {**params, "sha256": digest, "content": content})

    async def holder_of(self, note_id: CreditNoteId) -> ClientId | None:
        """Return the client of a document; None when there is none."""
        row = await self._session.fetch_one(_HOLDER, id=note_id)
        return None if row is None else ClientId(row[0])

    async def credit_note(self, note_id: CreditNoteId) -> KeptCreditNote | None:
        """Return a document, locked until the transaction ends."""
        row = await self._session.fetch_one(self._note, id=note_id)
        return None if row is None else (await self._kept([row]))[0]

    async def open_credit_notes(
        self, client_id: ClientId, currency: str
    ) -> tuple[KeptCreditNote, ...]:
        """Return the documents of a client of which something is left, the oldest first.

        Who waited for a lock reads the uses after it, so what another one used is not used again.
        """
        rows = await self._session.fetch_all(self._open, client_id=client_id, currency=currency)
        return tuple(one for one in await self._kept(rows) if one.left.cents > 0)

    async def issued_within(self, first_day: date, last_day: date) -> tuple[KeptCreditNote, ...]:
        """Return the documents that are dated within two days, the oldest first."""
        rows = await self._session.fetch_all(_ISSUED_WITHIN, first_day=first_day, last_day=last_day)
        return tuple(await self._kept(rows))

    async def add_use(self, use: CreditNoteUse) -> None:
        """Add a use of a document."""
        params = {
            "id": use.id,
            "credit_note_id": use.credit_note_id,
            "kind": use.kind.value,
            "invoice_id": use.invoice_id,
            "cents": use.amount.cents,
            "at": use.at,
            "actor": use.actor,
            "reason": use.reason,
        }
        await self._session.add(_ADD_USE, params)

    async def paper(self, note_id: CreditNoteId, kind: PaperKind) -> bytes | None:
        """Return a paper of a document as it was issued."""
        row = await self._session.fetch_one(_PAPER, id=note_id, kind=kind.value)
        return None if row is None else row[0]

    async def _kept(self, rows: Sequence[Row]) -> list[KeptCreditNote]:
        uses = await self._session.fetch_all(_USES, ids=[row[0] for row in rows])
        used = {(note_id, kind): int(cents) for note_id, kind, cents in uses}
        return [_kept_of(read(content), digest, used) for _, content, digest in rows]


def _kept_of(note: CreditNote, digest: str, used: dict[tuple[str, str], int]) -> KeptCreditNote:
    applied, refunded = (
        Money(used.get((note.id, kind.value), 0), note.currency)
        for kind in (UseKind.APPLIED, UseKind.REFUNDED)
    )
    return KeptCreditNote(note, digest, applied, refunded)


def _series_of(row: Row) -> Series:
    prefix, width, is_shared, last, last_on, last_hash = row
    return Series(prefix, width, bool(is_shared), last, last_on, last_hash)


def _note_params(sealed: Sealed) -> dict[str, Any]:  # Any: columns of every type
    note = sealed.note
    issuing = note.issuing
    assert issuing is not None  # noqa: S101 - only issued documents are kept
    return {
        "id": note.id,
        "client_id": note.client_id,
        "contract_id": note.contract_id,
        "kind": note.kind.value,
        "series": issuing.series,
        "sequence": issuing.sequence,
        "number": issuing.number,
        "issued_on": issuing.issued_on,
        "issued_at": sealed.issued_at,
        "issued_by": sealed.issued_by,
        "first_day": note.first_day,
        "last_day": note.last_day,
        "currency": note.currency,
        "net_cents": note.net.cents,
        "vat_cents": note.vat.cents,
        "gross_cents": note.gross.cents,
        "content": sealed.content,
        "previous_hash": issuing.previous_hash,
        "hash": sealed.hash,
    }
