"""The agency notes an invoice that its invoicing tool issued, so that credit notes can name it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.credit_note_use import ExternalInvoice
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import ClientId, ContractId, InvoiceId
from helpdesk.domain.money import EURO, Money
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records
from helpdesk.usecases.require_manager import require_manager


class InvoiceRecorded(HelpdeskError):
    """A number stands for one invoice; with other amounts it would hide a second one."""

    code: ClassVar[ErrorCode] = ErrorCode.ALREADY_EXISTS
    english: ClassVar[str] = "Invoice {number} is recorded with other values: it stays as it is."
    french: ClassVar[str] = (
        "La facture {number} est enregistrée avec d'autres valeurs : elle reste telle quelle."
    )


@dataclass(frozen=True, slots=True)
class RecordInvoice:
    """To whom and when it was issued, under which number, and its net amounts in cents by rate.

    Rates are in basis points.
    """

    client_id: ClientId
    number: str
    issued_on: date
    nets: Mapping[int, int]
    contract_id: ContractId | None = None
    currency: str = EURO


async def record_invoice(desk: Desk, *, viewer: Viewer, request: RecordInvoice) -> ExternalInvoice:
    """Add an invoice and return it; the same one again is the one that is there.

    Raises NotFound, ManagersOnly, NumberInvalid, InvoiceAmountInvalid, ProfileRuleBroken and
    InvoiceRecorded.
    """
    viewer.require_agency(Scope.AGENCY_WRITE)
    async with desk.store.transaction(viewer.agency_id) as records:
        await require_manager(records, viewer)
        await _require_known(records, request)
        invoice = ExternalInvoice(
            id=InvoiceId(desk.new_id()),
            agency_id=viewer.agency_id,
            client_id=request.client_id,
            number=request.number.strip(),
            issued_on=request.issued_on,
            nets={rate: Money(cents, request.currency) for rate, cents in request.nets.items()},
            contract_id=request.contract_id,
            currency=request.currency,
        )
        if await records.credit_notes.add_invoice(invoice, at=desk.now()):
            return invoice
        known = await records.credit_notes.invoice_by_number(invoice.number)
        assert known is not None  # noqa: S101 - it kept the new one out
        if _said(known) != _said(invoice):
            raise InvoiceRecorded(path=("number",), number=invoice.number)
        return known


async def _require_known(records: Records, request: RecordInvoice) -> None:
    if await records.clients.client(request.client_id) is None:
        raise NotFound(path=("clientId",), what="Client", id=request.client_id)
    if request.contract_id is None:
        return
    contract = await records.contracts.contract(request.contract_id)
    if contract is None or contract.client_id != request.client_id:
        raise NotFound(path=("contractId",), what="Contract", id=request.contract_id)


def _said(invoice: ExternalInvoice) -> tuple[object, ...]:
    return (
        invoice.client_id,
        invoice.contract_id,
        invoice.issued_on,
        invoice.currency,
        dict(invoice.nets),
    )
