"""What the page of a document says, in the words of its reader."""

from collections.abc import Mapping
from datetime import date

from helpdesk.domain.credit_note import CreditNote, CreditNoteKind
from helpdesk.domain.errors import Locale
from helpdesk.domain.money import CENTS_A_UNIT
from helpdesk.domain.party import Party
from helpdesk.domain.vat import EXEMPTIONS
from helpdesk.einvoice.page_words import KINDS, OF_A_STATEMENT, OUTSIDE_VAT, PROMISES, WORDS

Data = dict[str, object]

_NO_BREAK_SPACE = "\u00a0"


def title_of(note: CreditNote) -> str:
    """Return what a document is called: its kind and its number."""
    return f"{KINDS[note.locale][note.kind]} {note.number}"


def page_data(note: CreditNote, digest: str) -> Data:
    """Return the data of the template `credit_note`: texts only, each as it is printed.

    `digest` is the hash of the document, which the page shows.
    """
    locale, issuing = note.locale, note.issuing
    assert issuing is not None, "a draft has no page"  # noqa: S101
    words = WORDS[locale]
    if not note.kind.bears_vat:
        words = {**words, **OF_A_STATEMENT[locale]}
    return {
        "lang": locale.value,
        "words": words,
        "title": title_of(note),
        "kind": KINDS[locale][note.kind],
        "number": note.number,
        "seller": _party(note.seller, words),
        "legal": note.seller.legal_notice,
        "buyer": _party(note.buyer, words),
        "facts": _facts(note, words),
        "lines": [_line(note, place) for place in range(len(note.lines))],
        "sums": _sums(note, words),
        "gross": note.gross.shown(locale),
        "promise": PROMISES[locale][note.vat.cents > 0],
        "notes": _notes(note, words),
        "digest": digest,
    }


def _party(party: Party, words: Mapping[str, str]) -> Data:
    address = party.address
    lines = [address.street, address.complement, f"{address.postcode} {address.city}"]
    if not party.is_french:
        lines.append(address.country)
    numbers = [
        words[key].format(number=number)
        for key, number in (("siren", _spaced(party.siren)), ("vat_number", party.vat_number))
        if number
    ]
    return {"name": party.name, "lines": [one for one in lines if one], "numbers": numbers}


def _spaced(siren: str) -> str:
    return _NO_BREAK_SPACE.join(siren[start : start + 3] for start in range(0, len(siren), 3))


def _facts(note: CreditNote, words: Mapping[str, str]) -> list[list[str]]:
    """Return what the document refers to, as pairs of a name and a value."""
    assert note.issuing is not None  # noqa: S101 - a page is that of an issued document
    locale = note.locale
    invoices = {one.number: one.issued_on for one in note.shares}
    facts = [[words["issued_on"], _day(note.issuing.issued_on, locale)]]
    facts += [
        [words["invoice"], words["dated"].format(number=number, day=_day(day, locale))]
        for number, day in invoices.items()
    ]
    span = words["span"].format(
        first=_day(note.first_day, locale), last=_day(note.last_day, locale)
    )
    return [
        *facts,
        [words["contract"], note.contract_reference],
        [words["period"], span],
        [words["operation"], words["services"]],
    ]


def _line(note: CreditNote, place: int) -> Data:
    line = note.lines[place]
    rate = note.taxed_as.rate(line.vat_rate)
    return {
        "label": line.label,
        "evidence": line.evidence,
        "unit": line.net.shown(note.locale),
        "rate": _percent(rate, note.locale) if note.kind.bears_vat else "—",
        "net": line.net.shown(note.locale),
    }


def _sums(note: CreditNote, words: Mapping[str, str]) -> list[list[str]]:
    locale = note.locale
    sums = [[words["net"], note.net.shown(locale)]]
    if note.kind.bears_vat:
        sums += [
            [
                words["vat_on"].format(
                    rate=_percent(share.rate, locale), net=share.net.shown(locale)
                ),
                share.vat.shown(locale),
            ]
            for share in note.vat_shares
        ]
    return sums


def _notes(note: CreditNote, words: Mapping[str, str]) -> list[str]:
    """Return the mentions of the law: why there is no VAT, and what every invoice says."""
    says, locale = note.mentions, note.locale
    if note.kind is CreditNoteKind.PENALTY_STATEMENT:
        return [OUTSIDE_VAT[locale]]
    why = EXEMPTIONS.get(note.taxed_as)
    notes = [f"{why.reason[locale]}."] if why else []
    if says.is_vat_on_debits:
        notes.append(words["debits"])
    return [*notes, says.discount, says.late_penalties, says.recovery_fee]


def _percent(rate: int, locale: Locale) -> str:
    """Return a rate as people write it, without zeros that say nothing."""
    whole, part = divmod(rate, CENTS_A_UNIT)
    point = "," if locale is Locale.FR else "."
    text = f"{whole}{point}{part:02}".rstrip("0").rstrip(point) if part else str(whole)
    return f"{text}{_NO_BREAK_SPACE}%"


def _day(day: date, locale: Locale) -> str:
    return f"{day:%d/%m/%Y}" if locale is Locale.FR else day.isoformat()
