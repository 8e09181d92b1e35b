"""The page and the file of a document, the one inside the other where that is possible."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from helpdesk.documents.typesetting import typeset
from helpdesk.domain.credit_note import CreditNote, CreditNoteKind
from helpdesk.domain.credit_note_exchange import exchange_document
from helpdesk.domain.credit_note_series import Series
from helpdesk.domain.en16931 import treatment_of
from helpdesk.domain.errors import Locale
from helpdesk.domain.fiscal_identity import USUAL_MENTIONS
from helpdesk.domain.money import Money, VatRegime
from helpdesk.einvoice.cii import cii_xml
from helpdesk.einvoice.page import page_data
from helpdesk.einvoice.papers import FiscalPapers
from helpdesk.usecases.credit_note_ports import PaperKind
from tests.einvoice.documents import BRUNO, a_document, a_line, a_note, a_share

AT = datetime(2026, 8, 3, 9, tzinfo=UTC)
DIGEST = "0123456789abcdef" * 4
FOREIGNER = replace(BRUNO, address=replace(BRUNO.address, country="BE"), siren="", vat_number="")
ENGLISH: dict[str, Any] = {"locale": Locale.EN, "mentions": USUAL_MENTIONS[Locale.EN]}
STATEMENT: dict[str, Any] = {"kind": CreditNoteKind.PENALTY_STATEMENT, "shares": ()}


async def papers(note: CreditNote, *, embeds: bool) -> Mapping[PaperKind, bytes]:
    return await FiscalPapers(typeset, embeds=lambda: embeds).papers(note, digest=DIGEST, at=AT)


def text_of(page: bytes) -> str:
    return " ".join("\n".join(one.extract_text() for one in PdfReader(BytesIO(page)).pages).split())


async def test_the_file_inside_the_page_is_the_file() -> None:
    made = await papers(a_note(), embeds=True)

    reader = PdfReader(BytesIO(made[PaperKind.PDF]))

    assert reader.attachments == {"factur-x.xml": [made[PaperKind.XML]]}
    catalog: Any = reader.trailer["/Root"]  # Any: dictionaries of the PDF
    told = catalog["/Metadata"].get_data()
    assert b"<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>" in told
    assert b"<pdfaid:part>3</pdfaid:part>" in told
    assert catalog["/AF"][0].get_object()["/AFRelationship"] == "/Alternative"
    assert "AV2026-000001" in text_of(made[PaperKind.PDF])


async def test_without_the_library_the_page_comes_alone() -> None:
    made = await papers(a_note(), embeds=False)

    assert PdfReader(BytesIO(made[PaperKind.PDF])).attachments == {}
    assert made[PaperKind.XML] == cii_xml(exchange_document(a_note()))


async def test_a_statement_has_a_page_only() -> None:
    made = await papers(a_note(Series("PEN2026-", 6), **STATEMENT), embeds=True)

    assert set(made) == {PaperKind.PDF}
    said = text_of(made[PaperKind.PDF])
    assert "Relevé de pénalités" in said
    assert "hors du champ de la TVA" in said


async def test_the_page_says_what_the_law_asks_for() -> None:
    note = a_note(
        lines=(a_line(), a_line(net=Money(10_00), vat_rate=5_50, evidence="")),
        shares=(a_share(), a_share(number="F2026-0801")),
        mentions=replace(USUAL_MENTIONS[Locale.FR], is_vat_on_debits=True),
    )

    said = text_of((await papers(note, embeds=False))[PaperKind.PDF])

    for mention in (
        "Avoir",
        "AV2026-000001",
        "03/08/2026",
        "Atelier Alice",
        "12 rue des Lilas",
        "SIREN 732 829 320",
        "FR44732829320",
        "RCS Lyon 732 829 320",
        "Bruno SA",
        "SIREN 552 100 554",
        "n° F2026-0711 du 01/07/2026",
        "n° F2026-0801 du 01/07/2026",
        "TMA-BRUNO",
        "du 01/07/2026 au 31/07/2026",
        "Prestation de services",
        "d'après les débits",
        "TVA 20 % sur 29,85 €",
        "TVA 5,5 % sur 10,00 €",
        "5,97 €",
        "46,37 €",
        "Pas d'escompte",
        "indemnité forfaitaire de 40 €",
        "trois fois l'intérêt légal",
        DIGEST[:16],
    ):
        assert mention in said.replace("\u00a0", " ").replace("’", "'"), mention


async def test_an_english_page_says_why_there_is_no_vat() -> None:
    note = a_note(regime=VatRegime.FRANCHISE, buyer=FOREIGNER, **ENGLISH)

    said = text_of((await papers(note, embeds=False))[PaperKind.PDF])

    assert "Credit note" in said
    assert "art. 293 B" in said
    assert "VAT included" not in said
    assert " BE " in said


@pytest.mark.parametrize(("count", "pages"), [(8, {1}), (60, {3, 4})])
async def test_a_long_document_goes_on_over_pages(count: int, pages: set[int]) -> None:
    note = a_note(lines=(a_line(),) * count)

    page = (await papers(note, embeds=False))[PaperKind.PDF]

    assert len(PdfReader(BytesIO(page)).pages) in pages


def test_a_text_that_typesetting_would_take_for_code_is_only_text() -> None:
    note = a_note(lines=(a_line(label="#panic() *bold* $x$ <a> [b] \\"),))

    page = typeset("credit_note", page_data(note, DIGEST), at=AT)

    assert "#panic() *bold* $x$ <a> [b] \\" in text_of(page)


def test_a_document_without_a_period_or_a_number_of_vat_is_still_written() -> None:
    bare = replace(a_document().seller, vat_number="", siren="", routed_to="")

    written = cii_xml(a_document(first_day=None, last_day=None, seller=bare))

    assert b"BillingSpecifiedPeriod" not in written
    assert written.count(b"SpecifiedTaxRegistration") == 2


@pytest.mark.parametrize(
    ("changes", "treatment"),
    [({}, "B2B"), ({"is_consumer": True}, "B2C")],
)
def test_the_note_bar_says_between_whom_it_passes(changes: dict[str, bool], treatment: str) -> None:
    assert treatment_of(replace(BRUNO, **changes)) == treatment  # type: ignore[arg-type]
    assert treatment_of(FOREIGNER) == "B2BINT"
