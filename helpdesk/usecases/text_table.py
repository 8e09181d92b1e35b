"""Tables as text: for a spreadsheet in the reader's language, and for a terminal."""

import csv
import io
from collections.abc import Collection, Iterable, Sequence
from typing import TypeAlias

from helpdesk.domain.errors import Locale

Cell: TypeAlias = str | int | None

_BYTE_ORDER_MARK = "\ufeff"
"""What tells Excel that a CSV is UTF-8."""

_SEPARATORS = {Locale.EN: ",", Locale.FR: ";"}
_DECIMAL_MARKS = {Locale.EN: ".", Locale.FR: ","}
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes a spreadsheet take a text for a formula (OWASP, CSV injection)."""


def csv_bytes(lines: Iterable[Sequence[Cell]], *, locale: Locale) -> bytes:
    """Return lines as CSV that Excel opens in the reader's language.

    UTF-8 with a byte order mark. In French the separator is a semicolon and the decimal mark a
    comma, otherwise comma and point: what Excel expects where that language is spoken. A text that
    a spreadsheet would take for a formula begins with an apostrophe.
    """
    text = io.StringIO(newline="")
    text.write(_BYTE_ORDER_MARK)
    writer = csv.writer(text, delimiter=_SEPARATORS[locale])
    for line in lines:
        writer.writerow([_harmless(cell) for cell in line])
    return text.getvalue().encode()


def aligned_lines(lines: Iterable[Sequence[Cell]], *, figures: Collection[int]) -> list[str]:
    """Return lines for a terminal, the columns under each other, those of `figures` to the right.

    >>> aligned_lines([["July", 5], ["August", 12]], figures={1})
    ['July     5', 'August  12']
    """
    texts = [["" if cell is None else str(cell) for cell in line] for line in lines]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    return [_padded(line, widths, figures) for line in texts]


def hundredths(value: int, *, locale: Locale) -> str:
    """Return a number of hundredths as a spreadsheet of the language reads it.

    >>> hundredths(-1_234_50, locale=Locale.FR), hundredths(5, locale=Locale.EN)
    ('-1234,50', '0.05')
    """
    whole, rest = divmod(abs(value), 100)
    return f"{'-' if value < 0 else ''}{whole}{_DECIMAL_MARKS[locale]}{rest:02}"


def _padded(line: Sequence[str], widths: Sequence[int], figures: Collection[int]) -> str:
    cells = [
        text.rjust(width) if place in figures else text.ljust(width)
        for place, (text, width) in enumerate(zip(line, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()


def _harmless(cell: Cell) -> Cell:
    is_formula = isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA_STARTS)
    return f"'{cell}" if is_formula else cell
