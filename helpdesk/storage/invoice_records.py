"""Who bills whom, and the invoices that other tools issued, in the database."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from helpdesk.domain.credit_note_content import party_of
from helpdesk.domain.credit_note_series import Numbering
from helpdesk.domain.credit_note_use import ExternalInvoice, Reducible
from helpdesk.domain.fiscal_identity import FiscalIdentity
from helpdesk.domain.ids import AgencyId, ClientId, ContractId, InvoiceId
from helpdesk.domain.money import Money, VatRegime
from helpdesk.domain.party import Party
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.query import Query, in_list, insert
from helpdesk.storage.session import MINE, Session
from helpdesk.storage.tables.credit_note import (
    CLIENT_IDENTITY,
    CREDIT_NOTE_SHARE,
    CREDIT_NOTE_USE,
    EXTERNAL_INVOICE,
    EXTERNAL_INVOICE_RATE,
    FISCAL_IDENTITY,
)

_FISCAL = Query(select(FISCAL_IDENTITY.c.document).where(FISCAL_IDENTITY.c.agency_id == MINE))
_put_fiscal = insert(FISCAL_IDENTITY)
_SAVE_FISCAL = Query(
    _put_fiscal.on_conflict_do_update(
        index_elements=[FISCAL_IDENTITY.c.agency_id],
        set_={name: _put_fiscal.excluded[name] for name in ("document", "changed_at")},
    )
)
_CLIENT = Query(
    select(CLIENT_IDENTITY.c.document).where(
        CLIENT_IDENTITY.c.agency_id == MINE,
        CLIENT_IDENTITY.c.client_id == bindparam("client_id"),
    )
)
_put_client = insert(CLIENT_IDENTITY)
_SAVE_CLIENT = Query(
    _put_client.on_conflict_do_update(
        index_elements=[CLIENT_IDENTITY.c.agency_id, CLIENT_IDENTITY.c.client_id],
        set_={name: _put_client.excluded[name] for name in ("document", "changed_at")},
    )
)

_INVOICE_COLUMNS = (
    EXTERNAL_INVOICE.c.id,
    EXTERNAL_INVOICE.c.agency_id,
    EXTERNAL_INVOICE.c.client_id,
    EXTERNAL_INVOICE.c.contract_id,
    EXTERNAL_INVOICE.c.number,
    EXTERNAL_INVOICE.c.issued_on,
    EXTERNAL_INVOICE.c.currency,
)
_INVOICES = select(*_INVOICE_COLUMNS).where(
    EXTERNAL_INVOICE.c.agency_id == MINE, in_list(EXTERNAL_INVOICE.c.id, "ids")
)
# In the order of their ids, so that two that lock the same invoices never wait for each other.
_READ, _LOCKED = (
    Query(_INVOICES.order_by(EXTERNAL_INVOICE.c.id)),
    Query(_INVOICES.order_by(EXTERNAL_INVOICE.c.id).with_for_update()),
)
_BY_NUMBER = Query(
    select(EXTERNAL_INVOICE.c.id).where(
        EXTERNAL_INVOICE.c.agency_id == MINE, EXTERNAL_INVOICE.c.number == bindparam("number")
    )
)
_OF_CONTRACT = Query(
    select(EXTERNAL_INVOICE.c.id)
    .where(
        EXTERNAL_INVOICE.c.agency_id == MINE,
        EXTERNAL_INVOICE.c.contract_id == bindparam("contract_id"),
        EXTERNAL_INVOICE.c.issued_on >= bindparam("first_day"),
        EXTERNAL_INVOICE.c.issued_on <= bindparam("last_day"),
    )
    .order_by(EXTERNAL_INVOICE.c.issued_on, EXTERNAL_INVOICE.c.number)
)
_RATES = Query(
    select(
        EXTERNAL_INVOICE_RATE.c.invoice_id,
        EXTERNAL_INVOICE_RATE.c.vat_rate,
        EXTERNAL_INVOICE_RATE.c.net_cents,
    )
    .where(
        EXTERNAL_INVOICE_RATE.c.agency_id == MINE,
        in_list(EXTERNAL_INVOICE_RATE.c.invoice_id, "ids"),
    )
    .order_by(EXTERNAL_INVOICE_RATE.c.invoice_id, EXTERNAL_INVOICE_RATE.c.vat_rate)
)
_CREDITED = Query(
    select(
        CREDIT_NOTE_SHARE.c.invoice_id,
        CREDIT_NOTE_SHARE.c.vat_rate,
        func.sum(CREDIT_NOTE_SHARE.c.net_cents),
    )
    .where(CREDIT_NOTE_SHARE.c.agency_id == MINE, in_list(CREDIT_NOTE_SHARE.c.invoice_id, "ids"))
    .group_by(CREDIT_NOTE_SHARE.c.invoice_id, CREDIT_NOTE_SHARE.c.vat_rate)
)
_APPLIED = Query(
    select(func.coalesce(func.sum(CREDIT_NOTE_USE.c.cents), 0)).where(
        CREDIT_NOTE_USE.c.agency_id == MINE,
        CREDIT_NOTE_USE.c.invoice_id == bindparam("invoice_id"),
    )
)
_ADD = Query(
    insert(EXTERNAL_INVOICE).on_conflict_do_nothing(
        index_elements=[EXTERNAL_INVOICE.c.agency_id, EXTERNAL_INVOICE.c.number]
    )
)
_ADD_RATE = Query(insert(EXTERNAL_INVOICE_RATE))

Nets = dict[str, dict[int, Money]]


class SqlInvoiceRecords:
    """The part of CreditNoteRecords that is about parties and invoices."""

    def __init__(self, session: Session, *, locks: bool) -> None:
        self._session = session
        self._invoices = _LOCKED if locks else _READ

    async def agency_identity(self) -> FiscalIdentity | None:
        """Return how the agency invoices; None while it has not said so."""
        row = await self._session.fetch_one(_FISCAL)
        return None if row is None else _identity_of(row[0])

    async def save_agency_identity(self, identity: FiscalIdentity, *, at: datetime) -> None:
        """Write how the agency invoices from now on."""
        params = {"document": asdict(identity), "changed_at": at}
        await self._session.add(_SAVE_FISCAL, params)

    async def client_identity(self, client_id: ClientId) -> Party | None:
        """Return who a client is on his documents; None while nobody has said so."""
        row = await self._session.fetch_one(_CLIENT, client_id=client_id)
        return None if row is None else party_of(row[0])

    async def save_client_identity(
        self, client_id: ClientId, party: Party, *, at: datetime
    ) -> None:
        """Write who a client is on his documents from now on."""
        params = {"client_id": client_id, "document": asdict(party), "changed_at": at}
        await self._session.add(_SAVE_CLIENT, params)

    async def add_invoice(self, invoice: ExternalInvoice, *, at: datetime) -> bool:
        """Add an invoice; False when there is one of this number."""
        if await self._session.execute(_ADD, **_invoice_params(invoice, at)) == 0:
            return False
        for rate, net in invoice.nets.items():
            params = {"invoice_id": invoice.id, "vat_rate": rate, "net_cents": net.cents}
            await self._session.add(_ADD_RATE, params)
        return True

    async def invoice(self, invoice_id: InvoiceId) -> ExternalInvoice | None:
        """Return an invoice; None when there is none."""
        found = await self._reducible(_READ, [invoice_id])
        return found[0].invoice if found else None

    async def invoice_by_number(self, number: str) -> ExternalInvoice | None:
        """Return the invoice of a number; None when there is none."""
        row = await self._session.fetch_one(_BY_NUMBER, number=number)
        return None if row is None else await self.invoice(InvoiceId(row[0]))

    async def reducible(self, invoice_ids: Sequence[InvoiceId]) -> tuple[Reducible, ...]:
        """Return the invoices that exist of these, in their order, with what was credited."""
        return await self._reducible(self._invoices, list(dict.fromkeys(invoice_ids)))

    async def _reducible(self, query: Query, ids: list[InvoiceId]) -> tuple[Reducible, ...]:
        rows = await self._session.fetch_all(query, ids=ids)
        currencies = {row[0]: row[6] for row in rows}
        nets = _by_invoice(await self._session.fetch_all(_RATES, ids=ids), currencies)
        credited = _by_invoice(await self._session.fetch_all(_CREDITED, ids=ids), currencies)
        found = {
            row[0]: Reducible(_invoice_of(row, nets[row[0]]), credited.get(row[0], {}))
            for row in rows
        }
        return tuple(found[one] for one in ids if one in found)

    async def invoices_of(
        self, contract_id: ContractId, first_day: date, last_day: date
    ) -> tuple[InvoiceId, ...]:
        """Return the invoices of a contract that are dated within two days, the oldest first."""
        rows = await self._session.fetch_all(
            _OF_CONTRACT, contract_id=contract_id, first_day=first_day, last_day=last_day
        )
        return tuple(InvoiceId(row[0]) for row in rows)

    async def applied_to(self, invoice_id: InvoiceId, currency: str) -> Money:
        """Return what credit notes paid of an invoice already."""
        row = await self._session.fetch_one(_APPLIED, invoice_id=invoice_id)
        assert row is not None  # noqa: S101 - a sum is always one row
        return Money(int(row[0]), currency)


def _identity_of(said: Mapping[str, Any]) -> FiscalIdentity:  # Any: decoded JSON of our own
    return FiscalIdentity(
        seller=party_of(said["seller"]),
        regime=VatRegime(said["regime"]),
        numbering=Numbering(**said["numbering"]),
        is_vat_on_debits=said["is_vat_on_debits"],
    )


def _by_invoice(rows: Sequence[Row], currencies: Mapping[str, str]) -> Nets:
    found: Nets = {}
    for invoice_id, rate, cents in rows:
        amount = Money(int(cents), currencies[invoice_id])
        found.setdefault(invoice_id, {})[rate] = amount
    return found


def _invoice_of(row: Row, nets: Mapping[int, Money]) -> ExternalInvoice:
    invoice_id, agency_id, client_id, contract_id, number, issued_on, currency = row
    return ExternalInvoice(
        id=InvoiceId(invoice_id),
        agency_id=AgencyId(agency_id),
        client_id=ClientId(client_id),
        number=number,
        issued_on=issued_on,
        nets=nets,
        contract_id=None if contract_id is None else ContractId(contract_id),
        currency=currency,
    )


def _invoice_params(invoice: ExternalInvoice, at: datetime) -> dict[str, Any]:  # Any: columns
    totals = invoice.totals
    return {
        "id": invoice.id,
        "client_id": invoice.client_id,
        "contract_id": invoice.contract_id,
        "number": invoice.number,
        "issued_on": invoice.issued_on,
        "currency": invoice.currency,
        "net_cents": totals.net.cents,
        "vat_cents": totals.vat.cents,
        "recorded_at": at,
    }
