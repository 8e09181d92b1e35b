"""Credits that were approved, the invoices of July, and who bills whom, in Alice's world."""

from dataclasses import replace
from datetime import date
from typing import Any

from helpdesk.domain.compensation import CreditId, CreditKey, CreditKind
from helpdesk.domain.compensation_clause import ApprovalClause
from helpdesk.domain.compensation_life import Amount, Credit, CreditState, proposed
from helpdesk.domain.contract_life import CompensationNature
from helpdesk.domain.credit_note_use import ExternalInvoice
from helpdesk.domain.fiscal_identity import FiscalIdentity
from helpdesk.domain.ids import ClientId, ContractId
from helpdesk.domain.money import Money
from helpdesk.domain.month import Month, Months
from helpdesk.usecases.credit_note_ports import KeptCreditNote
from helpdesk.usecases.issue_credit_note import IssueCreditNote, issue_credit_note
from helpdesk.usecases.record_invoice import RecordInvoice, record_invoice
from helpdesk.usecases.update_identity import (
    UpdateClientIdentity,
    update_agency_identity,
    update_client_identity,
)
from tests.domain.compensations import a_calculation, deed, late
from tests.einvoice.documents import ALICE, BRUNO
from tests.factories import AGENCY_ID, BRUNOS_CLIENT
from tests.usecases.world import World

CONTRACT = ContractId("contract-of-bruno")
JULY = Month(2026, 7)
IN_JULY = Months(JULY, JULY)
PENALTY = CompensationNature.PENALTY


async def introduced(world: World, identity: FiscalIdentity | None = None) -> None:
    """Say who Alice's agency and Bruno SA are on documents."""
    await update_agency_identity(
        world.desk, viewer=world.alice, request=identity or FiscalIdentity(ALICE)
    )
    asked = UpdateClientIdentity(BRUNOS_CLIENT, BRUNO)
    await update_client_identity(world.desk, viewer=world.alice, request=asked)


async def an_invoice(world: World, number: str = "F2026-0701", **given: Any) -> ExternalInvoice:
    """Return an invoice of 199.00 of 1 July. Any: fields of the request."""
    asked = RecordInvoice(
        **{
            "client_id": BRUNOS_CLIENT,
            "number": number,
            "issued_on": date(2026, 7, 1),
            "nets": {20_00: 199_00},
            "contract_id": CONTRACT,
            **given,
        }
    )
    return await record_invoice(world.desk, viewer=world.alice, request=asked)


async def approved(
    world: World,
    cents: int = 29_85,
    *,
    month: Month = JULY,
    contract_id: ContractId = CONTRACT,
    client_id: ClientId = BRUNOS_CLIENT,
    **changes: Any,
) -> CreditId:
    """Return a credit that was approved. Any: fields of its calculation."""
    credit_id = CreditId(world.desk.new_id())
    ticket = await world.ticket()
    key = CreditKey(contract_id, CreditKind.P0_RESOLUTION, f"ticket:{ticket.id}", month)
    calculation = replace(a_calculation(cents, late(ticket=ticket.id), **changes), key=key)
    clause = ApprovalClause(automatic_below=Money(10**8), second_above=None, excludes_agent=False)
    credit = proposed(credit_id, 1, Amount(calculation, Money(cents)), clause, deed())
    assert credit.state is CreditState.APPROVED
    async with world.desk.store.transaction(AGENCY_ID) as records:
        await records.credits.add_credit(credit, client_id)
    return credit_id


async def credit(world: World, credit_id: CreditId) -> Credit:
    """Return a credit as the database has it."""
    async with world.desk.store.reading(AGENCY_ID) as records:
        found = await records.credits.credit(credit_id)
    assert found is not None
    return found


async def issued(world: World, **given: Any) -> KeptCreditNote:
    """Return the document of July. Any: fields of the request."""
    asked = IssueCreditNote(**{"contract_id": CONTRACT, "months": IN_JULY, **given})
    return await issue_credit_note(world.desk, viewer=world.alice, request=asked)


async def ready(world: World, cents: int = 29_85) -> CreditId:
    """Introduce both parties, record the invoice of July, and return a credit on it."""
    await introduced(world)
    await an_invoice(world)
    return await approved(world, cents)
