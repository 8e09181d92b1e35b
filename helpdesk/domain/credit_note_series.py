"""Series of documents: numbers without a gap, dates that never go back, and a chain of hashes."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from helpdesk.domain.credit_note import CreditNote, CreditNoteStep, Issuing, require_step
from helpdesk.domain.en16931_rules import LONGEST_NUMBER, number_is_valid
from helpdesk.domain.errors import ErrorCode, HelpdeskError

GENESIS = "0" * 64
"""What stands before the first document of a series."""

USUAL_WIDTH = 6
WIDEST = 12
YEAR = "{year}"
USUAL_PREFIX = f"AV{YEAR}-"
STATEMENT_PREFIX = f"PEN{YEAR}-"


class SeriesInvalid(HelpdeskError):
    """A number that the receiving platform refuses cannot be taken back once it is given."""

    code: ClassVar[ErrorCode] = ErrorCode.NUMBERING_INVALID
    english: ClassVar[str] = (
        "“{prefix}” with {width} digits cannot begin numbers: use letters, digits, + - _ and /, "
        "2 to 12 digits, 35 characters in all."
    )
    french: ClassVar[str] = (
        "« {prefix} » avec {width} chiffres ne peut ouvrir des numéros : lettres, chiffres, + - _ "
        "et /, 2 à 12 chiffres, 35 caractères en tout."
    )


class NumberInvalid(HelpdeskError):
    """A number from outside must be one that electronic invoices can carry."""

    code: ClassVar[ErrorCode] = ErrorCode.NUMBERING_INVALID
    english: ClassVar[str] = (
        "“{number}” cannot be a number: use 1 to 35 letters, digits, + - _ and /, without a blank."
    )
    french: ClassVar[str] = (
        "« {number} » ne peut être un numéro : 1 à 35 lettres, chiffres, + - _ et /, sans espace."
    )


class NumberOfSharedSeries(HelpdeskError):
    """Where invoices and credit notes share a series, whoever invoices gives the number."""

    code: ClassVar[ErrorCode] = ErrorCode.NUMBERING_INVALID
    english: ClassVar[str] = (
        "The number comes from {keeper}: a shared series takes one that is given, an own series "
        "counts by itself."
    )
    french: ClassVar[str] = (
        "Le numéro vient de {keeper} : une série partagée en reçoit un, une série propre compte"
        " seule."
    )


class IssuedBeforeLast(HelpdeskError):
    """Numbers are chronological: CGI ann. II art. 242 nonies A I 7°."""

    code: ClassVar[ErrorCode] = ErrorCode.NUMBERING_INVALID
    english: ClassVar[str] = (
        "The last document of {series} is of {last}, later than {today}: check the clock."
    )
    french: ClassVar[str] = (
        "Le dernier document de {series} est du {last}, après le {today} : vérifiez l'horloge."
    )


class SeriesFull(HelpdeskError):
    """A longer number would leave the order of its series."""

    code: ClassVar[ErrorCode] = ErrorCode.NUMBERING_INVALID
    english: ClassVar[str] = "The series {series} has no number left: choose another prefix."
    french: ClassVar[str] = "La série {series} n'a plus de numéro : choisissez un autre préfixe."


@dataclass(frozen=True, slots=True)
class Numbering:
    """How an agency numbers its documents: a prefix, in which `{year}` is the year, and digits.

    A shared series is counted by the tool that invoices, which gives each number; the documents of
    it are chained all the same. Raises SeriesInvalid. Source: BOFiP §121-124, distinct series.
    """

    prefix: str = USUAL_PREFIX
    width: int = USUAL_WIDTH
    is_shared: bool = False

    def __post_init__(self) -> None:
        """Refuse what would give numbers that no platform takes."""
        longest = self.series_of(2000) + "9" * max(self.width, 1)
        is_possible = number_is_valid(longest) and self.prefix.count(YEAR) <= 1
        if not (is_possible and 1 < self.width <= WIDEST):
            raise SeriesInvalid(
                path=("numberPrefix",), prefix=self.prefix[:LONGEST_NUMBER], width=self.width
            )

    def series_of(self, year: int) -> str:
        """Return the series that counts in a year: its prefix."""
        return self.prefix.replace(YEAR, f"{year:04}")


@dataclass(frozen=True, slots=True)
class Series:
    """Where a series stands: how many documents it has, and the date and hash of the last one.

    >>> Series("AV2026-", USUAL_WIDTH).next_number
    'AV2026-000001'
    """

    prefix: str
    width: int
    is_shared: bool = False
    last: int = 0
    last_on: date | None = None
    last_hash: str = GENESIS

    @property
    def next_number(self) -> str:
        """The number that comes next in a series that counts by itself. Raises SeriesFull."""
        digits = f"{self.last + 1:0{self.width}}"
        if len(digits) > self.width:
            raise SeriesFull(series=self.prefix)
        return f"{self.prefix}{digits}"

    def after(self, note: CreditNote, digest: str) -> "Series":
        """Return the series with one document more, of this hash."""
        issuing = note.issuing
        assert issuing is not None  # noqa: S101 - the caller has just issued it
        return replace(self, last=issuing.sequence, last_on=issuing.issued_on, last_hash=digest)


def numbered(draft: CreditNote, series: Series, *, on: date, given: str = "") -> CreditNote:
    """Return a draft as the next document of a series, dated `on`.

    `given` is the number of a shared series, and empty for one that counts by itself. Raises
    DocumentImmutable, NumberOfSharedSeries, NumberInvalid, IssuedBeforeLast and SeriesFull.
    """
    require_step(draft.state, CreditNoteStep.ISSUE, number=draft.number)
    if series.is_shared != bool(given):
        keeper = "the invoicing tool" if series.is_shared else "the series"
        raise NumberOfSharedSeries(path=("number",), keeper=keeper)
    if given and not number_is_valid(given):
        raise NumberInvalid(path=("number",), number=given[:60])
    if series.last_on is not None and on < series.last_on:
        raise IssuedBeforeLast(series=series.prefix, last=series.last_on, today=on)
    issuing = Issuing(
        series=series.prefix,
        sequence=series.last + 1,
        number=given or series.next_number,
        issued_on=on,
        previous_hash=series.last_hash,
    )
    return replace(draft, issuing=issuing)


def chained_hash(previous: str, content: str) -> str:
    """Return the hash of a document: SHA-256 of the hash before it, a line end, and its content."""
    return hashlib.sha256(f"{previous}\n{content}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Link:
    """A document as it is kept: its place, its number, its date, its content and both hashes."""

    series: str
    sequence: int
    number: str
    issued_on: date
    content: str
    previous_hash: str
    hash: str


def faults(series: Series, links: Iterable[Link]) -> Iterator[str]:
    """Return what is wrong with a series, a sentence each, its documents being in their order.

    A whole series has the places 1 to its last without a gap, dates that never go back, and each
    hash over the content and the hash before it; a series that counts by itself has the numbers
    that it gives.
    """
    stand = Series(series.prefix, series.width, is_shared=series.is_shared)
    for link in links:
        yield from _faults_of(stand, link)
        stand = replace(stand, last=link.sequence, last_on=link.issued_on, last_hash=link.hash)
    if stand != series:
        yield (
            f"{series.prefix}: the series says it ends with {series.last} of {series.last_on}, "
            f"its documents end with {stand.last} of {stand.last_on}"
        )


def _faults_of(stand: Series, link: Link) -> Iterator[str]:
    if link.sequence != stand.last + 1:
        yield f"{link.number}: place {link.sequence} comes after place {stand.last}"
    elif not stand.is_shared and link.number != stand.next_number:
        yield f"{link.number}: place {link.sequence} should have the number {stand.next_number}"
    if stand.last_on is not None and link.issued_on < stand.last_on:
        yield f"{link.number}: it is of {link.issued_on}, before the {stand.last_on} ahead of it"
    if link.previous_hash != stand.last_hash:
        yield f"{link.number}: it is not chained to the document ahead of it"
    if link.hash != chained_hash(link.previous_hash, link.content):
        yield f"{link.number}: its content is not the one that was issued"
