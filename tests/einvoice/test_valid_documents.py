"""Whatever is issued passes the XSD, EN 16931 and the French profile."""

from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.domain.credit_note import CreditNote, CreditNoteKind
from helpdesk.domain.credit_note_exchange import exchange_document
from helpdesk.domain.credit_note_series import Series, numbered
from helpdesk.domain.en16931_rules import check
from helpdesk.domain.errors import Locale
from helpdesk.domain.fiscal_identity import FiscalIdentity
from helpdesk.domain.money import Money, VatRegime
from helpdesk.domain.party import Party, PostalAddress, french_vat_number, siren_adds_up
from helpdesk.domain.vat import FRENCH_RATES
from helpdesk.einvoice.cii import cii_xml
from tests.einvoice.documents import a_draft, a_line, a_share
from tests.einvoice.oracle import broken_rules

words = st.text(min_size=1, max_size=40).map(lambda text: f"x{text}")
numbers = st.text("ABCabc0123+-_/", min_size=1, max_size=35)
days = st.dates(date(2026, 1, 1), date(2027, 12, 1))
rates = st.sampled_from(sorted(FRENCH_RATES - {0}))


@st.composite
def sirens(draw: st.DrawFn) -> str:
    begin = draw(st.integers(1, 99_999_999))
    return next(text for digit in range(10) if siren_adds_up(text := f"{begin:08}{digit}"))


@st.composite
def companies(draw: st.DrawFn) -> Party:
    siren = draw(sirens())
    suffix = draw(st.sampled_from(["", "_COMPTA", "-1.a"]))
    return Party(
        name=draw(words),
        address=PostalAddress(draw(words), draw(words), draw(words), complement=draw(words)),
        siren=siren,
        vat_number=french_vat_number(siren),
        electronic_address=f"{siren}{suffix}" if suffix else "",
    )


@st.composite
def foreigners(draw: st.DrawFn) -> Party:
    country = draw(st.sampled_from(["DE", "BE", "IT"]))
    return Party(
        name=draw(words),
        address=PostalAddress(draw(words), draw(words), draw(words), country),
        vat_number=f"{country}123456789",
        electronic_address="billing@example.org",
        is_consumer=draw(st.booleans()),
    )


@st.composite
def notes(draw: st.DrawFn) -> CreditNote:
    first_day, locale = draw(days), draw(st.sampled_from(Locale))
    identity = FiscalIdentity(draw(companies()), is_vat_on_debits=draw(st.booleans()))
    lines = [
        a_line(label=draw(words), evidence=draw(words), net=Money(cents), vat_rate=rate)
        for cents, rate in draw(
            st.lists(st.tuples(st.integers(1, 10**9), rates), min_size=1, max_size=5)
        )
    ]
    shares = st.lists(st.tuples(numbers, days), min_size=1, max_size=3)
    draft = a_draft(
        kind=draw(st.sampled_from([CreditNoteKind.CREDIT_NOTE, CreditNoteKind.YEARLY_CREDIT_NOTE])),
        locale=locale,
        contract_reference=draw(words),
        seller=identity.seller,
        buyer=draw(st.one_of(companies(), foreigners())),
        regime=draw(st.sampled_from(VatRegime)),
        mentions=identity.mentions(locale),
        first_day=first_day,
        last_day=first_day + timedelta(days=draw(st.integers(0, 365))),
        lines=tuple(lines),
        shares=tuple(a_share(number=number, issued_on=day) for number, day in draw(shares)),
    )
    return numbered(draft, Series("AV2027-", 6), on=date(2027, 12, 31))


def test_hundreds_of_credit_notes_pass_every_judge() -> None:
    with TemporaryDirectory() as folder:

        @settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
        @given(note=notes())
        def write(note: CreditNote) -> None:
            document = exchange_document(note)
            check(document)
            place = len(list(Path(folder).iterdir()))
            Path(folder, f"note-{place:03}.xml").write_bytes(cii_xml(document))

        write()
        verdicts = broken_rules(Path(folder))

    assert len(verdicts) >= 150
    assert {name: rules for name, rules in verdicts.items() if rules} == {}
