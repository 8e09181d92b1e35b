"""Approved credits become documents, once, in one transaction or not at all."""

import hashlib
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from helpdesk.domain.access import AgencyOnly, NotFound
from helpdesk.domain.compensation_life import CreditState
from helpdesk.domain.credit_note import CreditNoteKind, NothingToCredit
from helpdesk.domain.credit_note_series import (
    GENESIS,
    IssuedBeforeLast,
    Numbering,
    NumberOfSharedSeries,
)
from helpdesk.domain.credit_note_use import CreditAboveInvoice, RateAmbiguous
from helpdesk.domain.en16931 import ProfileRuleBroken
from helpdesk.domain.errors import HelpdeskError, Locale
from helpdesk.domain.fiscal_identity import FiscalIdentity
from helpdesk.domain.ids import ClientId, InvoiceId
from helpdesk.domain.money import Money, VatRegime
from helpdesk.domain.month import Month, Months
from helpdesk.storage.query import Query
from helpdesk.storage.tables.credit_note import CREDIT_NOTE, CREDIT_NOTE_FILE, CREDIT_NOTE_LINE
from helpdesk.usecases.credit_note_ports import PaperKind
from helpdesk.usecases.idempotency import IdempotencyKeyReused
from helpdesk.usecases.issue_credit_note import KindsMixed, OneMonthOnly
from helpdesk.usecases.issue_document import (
    AgencyIdentityMissing,
    ClientIdentityMissing,
    InvoiceOfAnother,
    NoInvoiceToReduce,
)
from helpdesk.usecases.record_invoice import InvoiceRecorded
from helpdesk.usecases.show_credit_note import CreditNoteFormat, credit_note_file
from helpdesk.usecases.update_identity import (
    UpdateClientIdentity,
    update_agency_identity,
    update_client_identity,
)
from helpdesk.usecases.verify_series import verify_series
from tests.einvoice.documents import ALICE, BRUNO
from tests.factories import AGENCY_ID, BRUNOS_CLIENT, CHLOES_CLIENT
from tests.usecases.credit_notes import (
    PENALTY,
    an_invoice,
    approved,
    credit,
    introduced,
    issued,
    ready,
)
from tests.usecases.world import World


async def paper(world: World, note_id: str, kind: PaperKind) -> bytes | None:
    async with world.desk.store.reading(AGENCY_ID) as records:
        return await records.credit_notes.paper(note_id, kind)  # type: ignore[arg-type]


async def test_the_approved_credits_of_a_month_become_one_numbered_document(
    both_worlds: World,
) -> None:
    world = both_worlds
    first = await ready(world)
    second = await approved(world, 10_00)

    kept = await issued(world)

    note = kept.note
    assert (note.number, note.issuing and note.issuing.issued_on) == (
        "AV2026-000001",
        date(2026, 7, 6),
    )
    assert (note.net, note.vat, note.gross) == (Money(39_85), Money(7_97), Money(47_82))
    assert [one.credit_id for one in note.lines] == [first, second]
    assert [(one.number, one.net) for one in note.shares] == [("F2026-0701", Money(39_85))]
    assert note.issuing is not None
    assert note.issuing.previous_hash == GENESIS
    for credit_id in (first, second):
        told = await credit(world, credit_id)
        assert (told.state, told.facts[-1].document) == (CreditState.ISSUED, "AV2026-000001")
    (verdict,) = await verify_series(world.desk, viewer=world.alice)
    assert (verdict.documents, verdict.faults) == (1, ())


async def test_a_document_is_kept_with_its_papers(world: World) -> None:
    await ready(world)

    note = (await issued(world)).note

    page = await paper(world, note.id, PaperKind.PDF)
    file = await paper(world, note.id, PaperKind.XML)
    assert page is not None
    assert page.startswith(b"%PDF")
    assert file is not None
    assert b">AV2026-000001<" in file
    kept = {row["kind"]: row["sha256"] for row in await world.rows(CREDIT_NOTE_FILE)}
    assert kept == {
        "pdf": hashlib.sha256(page).hexdigest(),
        "xml": hashlib.sha256(file).hexdigest(),
    }


async def test_what_is_approved_later_makes_another_document(both_worlds: World) -> None:
    world = both_worlds
    await ready(world)
    first = await issued(world)
    async with world.refused(NothingToCredit):
        await issued(world)

    await approved(world, 5_00)
    second = await issued(world)

    assert second.note.issuing is not None
    assert second.note.number == "AV2026-000002"
    assert second.note.issuing.previous_hash == first.hash


async def test_the_same_key_gives_the_same_document(world: World) -> None:
    await ready(world)
    first = await issued(world, idempotency_key="july")

    again = await issued(world, idempotency_key="july")

    assert (again.note, again.hash) == (first.note, first.hash)
    async with world.refused(IdempotencyKeyReused):
        await issued(world, idempotency_key="july", locale=Locale.EN)


async def test_a_penalty_is_a_statement_outside_the_series(world: World) -> None:
    await introduced(world)
    await approved(world, nature=PENALTY)

    kept = await issued(world)

    assert kept.note.kind is CreditNoteKind.PENALTY_STATEMENT
    assert kept.note.number == "PEN2026-000001"
    assert (kept.note.vat, kept.note.shares) == (Money(0), ())
    assert await paper(world, kept.note.id, PaperKind.XML) is None
    async with world.desk.store.reading(AGENCY_ID) as records:
        assert [one.prefix for one in await records.credit_notes.all_series()] == ["PEN2026-"]


async def test_both_natures_make_two_documents(world: World) -> None:
    await ready(world)
    await approved(world, 5_00, nature=PENALTY)
    async with world.refused(KindsMixed):
        await issued(world)

    reduction = await issued(world, kind=CreditNoteKind.CREDIT_NOTE)
    statement = await issued(world)

    assert (reduction.note.net, statement.note.net) == (Money(29_85), Money(5_00))


async def test_several_months_make_a_global_credit_note(world: World) -> None:
    await ready(world)
    await approved(world, 5_00, month=Month(2026, 6))
    months = Months(Month(2026, 1), Month(2026, 12))
    async with world.refused(OneMonthOnly):
        await issued(world, months=months, kind=CreditNoteKind.CREDIT_NOTE)

    kept = await issued(world, months=months)

    assert kept.note.kind is CreditNoteKind.YEARLY_CREDIT_NOTE
    assert (kept.note.first_day, kept.note.last_day) == (date(2026, 1, 1), date(2026, 12, 31))
    file = await paper(world, kept.note.id, PaperKind.XML)
    assert file is not None
    assert b"<ram:TypeCode>262</ram:TypeCode>" in file


async def test_a_credit_above_its_invoice_takes_the_next_one_or_is_refused(world: World) -> None:
    await ready(world, 250_00)
    async with world.refused(CreditAboveInvoice) as refusal:
        await issued(world)
    assert "51.00 EUR that remain" in str(refusal.value)

    one = await an_invoice(world, "F2026-0601", issued_on=date(2026, 6, 1))
    july = await an_invoice(world)
    kept = await issued(world, invoice_ids=(july.id, one.id))

    assert [(share.number, share.net) for share in kept.note.shares] == [
        ("F2026-0701", Money(199_00)),
        ("F2026-0601", Money(51_00)),
    ]
    await approved(world, 1)
    async with world.refused(CreditAboveInvoice):
        await issued(world)


async def test_the_rate_is_that_of_the_invoice(world: World) -> None:
    await introduced(world)
    await an_invoice(world, nets={10_00: 99_00, 20_00: 100_00})
    await approved(world, 50_00)
    async with world.refused(RateAmbiguous):
        await issued(world)

    kept = await issued(world, vat_rate=10_00)

    assert (kept.note.vat, kept.note.shares[0].vat_rate) == (Money(5_00), 10_00)


async def test_a_credit_note_net_of_tax_leaves_the_vat_as_it_is(world: World) -> None:
    await ready(world)

    kept = await issued(world, is_net_of_tax=True)

    assert kept.note.regime is VatRegime.NET_OF_TAX
    assert kept.note.gross == Money(29_85)
    file = await paper(world, kept.note.id, PaperKind.XML)
    assert file is not None
    assert b"VATEX-FR-CNWVAT" in file


async def test_a_rule_of_the_profile_refuses_before_a_number_is_taken(world: World) -> None:
    await ready(world)
    without_vat = replace(ALICE, vat_number="")
    await introduced(world, FiscalIdentity(without_vat))
    async with world.refused(ProfileRuleBroken) as refusal:
        await issued(world)
    assert "BR-S-02" in str(refusal.value)

    await introduced(world)

    assert (await issued(world)).note.number == "AV2026-000001"


async def test_without_parties_or_invoice_nothing_is_issued(world: World) -> None:
    await approved(world)
    async with world.refused(AgencyIdentityMissing):
        await issued(world)
    await update_agency_identity(world.desk, viewer=world.alice, request=FiscalIdentity(ALICE))
    async with world.refused(ClientIdentityMissing):
        await issued(world)
    await introduced(world)
    async with world.refused(NoInvoiceToReduce):
        await issued(world)
    async with world.refused(NotFound):
        await issued(world, invoice_ids=(InvoiceId("none"),))
    other = await an_invoice(world, "F9", client_id=CHLOES_CLIENT, contract_id=None)
    async with world.refused(InvoiceOfAnother):
        await issued(world, invoice_ids=(other.id,))


async def test_the_date_of_a_series_never_goes_back(world: World) -> None:
    await ready(world)
    await issued(world)
    await approved(world)
    world.now.advance(days=-2)

    async with world.refused(IssuedBeforeLast):
        await issued(world)


async def test_a_year_begins_its_own_series(world: World) -> None:
    await ready(world)
    await issued(world)
    await approved(world)
    world.now.advance(days=200)

    kept = await issued(world)

    assert kept.note.number == "AV2027-000001"
    verdicts = await verify_series(world.desk, viewer=world.alice)
    assert [(one.series.prefix, one.faults) for one in verdicts] == [
        ("AV2026-", ()),
        ("AV2027-", ()),
    ]


async def test_a_shared_series_takes_the_number_of_the_invoicing_tool(world: World) -> None:
    await ready(world)
    shared = FiscalIdentity(ALICE, numbering=Numbering("F2026-", is_shared=True))
    await introduced(world, shared)
    async with world.refused(NumberOfSharedSeries):
        await issued(world)

    kept = await issued(world, number="F2026-0815")

    assert kept.note.number == "F2026-0815"
    (verdict,) = await verify_series(world.desk, viewer=world.alice)
    assert verdict.faults == ()


async def test_a_tampered_document_is_found(world: World) -> None:
    await ready(world)
    await issued(world)
    async with world.database.writing() as connection:
        for sql in (
            "DROP TRIGGER helpdesk_credit_note_no_update",
            "UPDATE helpdesk_credit_note SET content = '{}'",
        ):
            await connection.execute(Query.across_agencies(text(sql), reason="a hand at night"))

    (verdict,) = await verify_series(world.desk, viewer=world.alice)

    assert verdict.faults == ("AV2026-000001: its content is not the one that was issued",)


async def test_a_long_series_is_looked_at_part_by_part(world: World) -> None:
    await ready(world)
    await issued(world)
    await approved(world)
    await issued(world)

    (verdict,) = await verify_series(world.desk, viewer=world.alice, batch=1)

    assert (verdict.documents, verdict.faults) == (2, ())


async def test_a_statement_has_no_file_for_a_platform(world: World) -> None:
    await introduced(world)
    await approved(world, nature=PENALTY)
    note = (await issued(world)).note
    desk, bruno = world.desk, world.bruno

    page = await credit_note_file(desk, viewer=bruno, note_id=note.id, form=CreditNoteFormat.PDF)

    assert page.name == "PEN2026-000001.pdf"
    async with world.refused(NotFound):
        await credit_note_file(desk, viewer=bruno, note_id=note.id, form=CreditNoteFormat.XML)


async def test_an_invoice_is_recorded_once(world: World) -> None:
    first = await an_invoice(world)

    assert await an_invoice(world) == first
    async with world.refused(InvoiceRecorded):
        await an_invoice(world, nets={20_00: 1})
    async with world.refused(NotFound):
        await an_invoice(world, "F2", client_id=ClientId("nobody"))
    async with world.refused(NotFound):
        await an_invoice(world, "F2", client_id=CHLOES_CLIENT)
    assert (await an_invoice(world, "F2", contract_id=None)).contract_id is None


@pytest.mark.parametrize("name", ["bruno", "zoe"])
async def test_only_the_agency_issues(world: World, name: str) -> None:
    await ready(world)
    stranger = getattr(world, name)
    refusal: type[HelpdeskError] = AgencyOnly if name == "bruno" else NotFound

    async with world.refused(refusal):
        await issued(replace(world, alice=stranger))
    async with world.refused(refusal):
        await an_invoice(replace(world, alice=stranger), "F9")
    async with world.refused(refusal):
        asked = UpdateClientIdentity(BRUNOS_CLIENT, BRUNO)
        await update_client_identity(world.desk, viewer=stranger, request=asked)


async def test_later_documents_take_the_new_identity_and_old_ones_keep_theirs(
    world: World,
) -> None:
    await ready(world)
    first = await issued(world)
    renamed = replace(BRUNO, name="Bruno & Fils SA")
    asked = UpdateClientIdentity(BRUNOS_CLIENT, renamed)
    await update_client_identity(world.desk, viewer=world.alice, request=asked)
    await approved(world)

    second = await issued(world, locale=Locale.EN)

    async with world.desk.store.reading(AGENCY_ID) as records:
        kept = await records.credit_notes.credit_note(first.note.id)
    assert kept is not None
    assert (kept.note.buyer.name, second.note.buyer.name) == ("Bruno SA", "Bruno & Fils SA")
    assert (first.note.locale, second.note.locale) == (Locale.FR, Locale.EN)


async def test_a_document_without_lines_of_its_kind_is_refused(world: World) -> None:
    await ready(world)

    async with world.refused(NothingToCredit):
        await issued(world, kind=CreditNoteKind.PENALTY_STATEMENT)

    assert await world.rows(CREDIT_NOTE) == []
    assert await world.rows(CREDIT_NOTE_LINE) == []
