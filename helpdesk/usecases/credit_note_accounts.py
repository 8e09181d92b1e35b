"""Credit notes for the accountant: a CSV of lines, one for each VAT rate of each document."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from helpdesk.domain.credit_note import CreditNote
from helpdesk.domain.credit_note_exchange import decimal_of, percent_of
from helpdesk.domain.errors import Locale

_BYTE_ORDER_MARK = "\ufeff"
_SEPARATORS = {Locale.FR: ";", Locale.EN: ","}
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
_HEADERS: Mapping[Locale, Sequence[str]] = {
    Locale.FR: (
        "numéro",
        "date",
        "nature",
        "client",
        "siren_client",
        "contrat",
        "factures",
        "devise",
        "taux_tva",
        "ht",
        "tva",
        "ttc",
        "empreinte",
    ),
    Locale.EN: (
        "number",
        "date",
        "kind",
        "client",
        "client_siren",
        "contract",
        "invoices",
        "currency",
        "vat_percent",
        "net",
        "vat",
        "gross",
        "hash",
    ),
}


def accounting_csv(notes: Iterable[tuple[CreditNote, str]], locale: Locale) -> bytes:
    """Return documents, each with its hash, as CSV that Excel opens in the reader's language.

    UTF-8 with a byte order mark; amounts are positive, as the documents say them. In French the
    separator is a semicolon and the decimal mark a comma. A text that a spreadsheet would take for
    a formula begins with an apostrophe.
    """
    text = io.StringIO(newline="")
    text.write(_BYTE_ORDER_MARK)
    writer = csv.writer(text, delimiter=_SEPARATORS[locale])
    writer.writerow(_HEADERS[locale])
    for note, digest in notes:
        writer.writerows(_lines(note, digest, locale))
    return text.getvalue().encode()


def _lines(note: CreditNote, digest: str, locale: Locale) -> Iterator[list[str]]:
    assert note.issuing is not None  # noqa: S101 - only issued documents are exported
    invoices = " ".join(dict.fromkeys(one.number for one in note.shares))
    for share in note.vat_shares:
        amounts = (share.net, share.vat, share.net + share.vat)
        figures = [percent_of(share.rate), *map(decimal_of, amounts)]
        yield [
            *map(
                _harmless,
                (
                    note.number,
                    note.issuing.issued_on.isoformat(),
                    note.kind.value,
                    note.buyer.name,
                    note.buyer.siren,
                    note.contract_reference,
                    invoices,
                    note.currency,
                ),
            ),
            *(_written(str(one), locale) for one in figures),
            digest,
        ]


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULAS) else text


def _written(figure: str, locale: Locale) -> str:
    return figure.replace(".", ",") if locale is Locale.FR else figure
