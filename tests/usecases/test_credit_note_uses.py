"""Credit notes pay the next invoices, the oldest first, and what remains is given back."""

import asyncio

import pytest

from helpdesk.domain.access import AgencyOnly, NotFound
from helpdesk.domain.compensation_life import CreditState
from helpdesk.domain.credit_note import CreditNoteState, StepNotPossible
from helpdesk.domain.credit_note_use import Application, CreditExhausted, ExternalInvoice
from helpdesk.domain.ids import CreditNoteId, InvoiceId
from helpdesk.domain.message import TextRequired
from helpdesk.domain.money import Money
from helpdesk.storage.tables.credit_note import CREDIT_NOTE_USE
from helpdesk.usecases.credit_note_ports import KeptCreditNote
from helpdesk.usecases.use_credit_note import (
    ApplyCreditNotes,
    RefundCreditNote,
    apply_credit_notes,
    refund_credit_note,
)
from tests.factories import CHLOES_CLIENT
from tests.usecases.credit_notes import an_invoice, approved, credit, issued, ready
from tests.usecases.world import World


async def paid(world: World, invoice: ExternalInvoice) -> Application:
    asked = ApplyCreditNotes(invoice.id)
    return await apply_credit_notes(world.desk, viewer=world.alice, request=asked)


async def refunded(
    world: World, note_id: CreditNoteId, cents: int | None = None, reason: str = "Transfer 4711"
) -> KeptCreditNote:
    asked = RefundCreditNote(note_id, reason, cents)
    return await refund_credit_note(world.desk, viewer=world.alice, request=asked)


async def test_the_oldest_credit_note_pays_first_and_the_rest_waits(both_worlds: World) -> None:
    world = both_worlds
    old_credit = await ready(world, 30_00)
    old = await issued(world)
    new_credit = await approved(world, 50_00)
    await issued(world)
    august = await an_invoice(world, "F2026-0801", nets={20_00: 40_00})

    application = await paid(world, august)

    assert [(one.credit.number, one.amount, one.left) for one in application.parts] == [
        ("AV2026-000001", Money(36_00), Money(0)),
        ("AV2026-000002", Money(12_00), Money(48_00)),
    ]
    assert application.payable == Money(0)
    assert (await credit(world, old_credit)).state is CreditState.APPLIED
    assert (await credit(world, new_credit)).state is CreditState.ISSUED
    async with world.refused(StepNotPossible):
        await refunded(world, old.note.id)
    assert (await paid(world, august)).parts == ()

    september = await an_invoice(world, "F2026-0901", nets={20_00: 100_00})
    assert (await paid(world, september)).payable == Money(72_00)
    assert (await credit(world, new_credit)).state is CreditState.APPLIED


async def test_another_client_is_not_paid_for(world: World) -> None:
    await ready(world)
    await issued(world)
    hers = await an_invoice(world, "F9", client_id=CHLOES_CLIENT, contract_id=None)

    application = await paid(world, hers)

    assert (application.parts, application.payable) == ((), Money(238_80))


async def test_what_remains_is_given_back(both_worlds: World) -> None:
    world = both_worlds
    credit_id = await ready(world)
    kept = await issued(world)

    part = await refunded(world, kept.note.id, 5_82)
    assert (part.left, part.state) == (Money(30_00), CreditNoteState.ISSUED)
    assert (await credit(world, credit_id)).state is CreditState.ISSUED
    rest = await refunded(world, kept.note.id)

    assert (rest.left, rest.state) == (Money(0), CreditNoteState.REFUNDED)
    told = await credit(world, credit_id)
    assert (told.state, told.facts[-1].document) == (CreditState.REFUNDED, "AV2026-000001")
    uses = await world.rows(CREDIT_NOTE_USE)
    assert [(use["kind"], use["cents"], use["reason"]) for use in uses] == [
        ("REFUNDED", 5_82, "Transfer 4711"),
        ("REFUNDED", 30_00, "Transfer 4711"),
    ]


async def test_a_refund_is_of_what_is_left_and_says_how(world: World) -> None:
    await ready(world)
    kept = await issued(world)

    for cents in (-1, 0, 35_83):
        async with world.refused(CreditExhausted):
            await refunded(world, kept.note.id, cents)
    async with world.refused(TextRequired):
        await refunded(world, kept.note.id, reason=" ")
    async with world.refused(NotFound):
        await refunded(world, CreditNoteId("none"))


async def test_an_unknown_invoice_is_paid_by_nothing(world: World) -> None:
    asked = ApplyCreditNotes(InvoiceId("none"))

    async with world.refused(NotFound):
        await apply_credit_notes(world.desk, viewer=world.alice, request=asked)
    async with world.refused(AgencyOnly):
        await apply_credit_notes(world.desk, viewer=world.bruno, request=asked)


@pytest.mark.parametrize("racers", [8])
async def test_a_credit_is_spent_once_however_many_ask(both_worlds: World, racers: int) -> None:
    world = both_worlds
    await ready(world, 100_00)
    kept = await issued(world)
    invoices = [
        await an_invoice(world, f"F2026-08{place:02}", nets={20_00: 50_00})
        for place in range(racers)
    ]

    await asyncio.gather(
        *(paid(world, invoice) for invoice in invoices),
        refunded(world, kept.note.id, 1),
        return_exceptions=True,
    )

    spent = sum(use["cents"] for use in await world.rows(CREDIT_NOTE_USE))
    assert spent == 120_00
