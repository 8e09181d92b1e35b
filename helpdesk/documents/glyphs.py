"""What our fonts can print."""

import struct
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_FONT = "Inter-Regular.otf"
_UNKNOWN = "\u25a1"  # a white square, as everywhere
_TABLE = struct.Struct(">4sLLL")
_SUBTABLE = struct.Struct(">HHL")
_GROUP = struct.Struct(">LLL")
_FULL_UNICODE = (3, 10)


def printable(value: object) -> object:
    r"""Return plain data with a box for each character that our fonts lack.

    A name in an alphabet we do not carry must not keep a report from being printed.

    >>> printable({"title": ["1\u202f234,50\xa0€ \U0001f680\x07"]})
    {'title': ['1\u202f234,50\xa0€ □□']}
    """
    match value:
        case str():
            return _with_boxes(value)
        case Mapping():
            return {name: printable(one) for name, one in value.items()}
        case list() | tuple():
            return [printable(one) for one in value]
        case _:
            return value


def _with_boxes(text: str) -> str:
    composed = unicodedata.normalize("NFC", text.replace("\r", ""))
    return composed.translate({ord(one): _UNKNOWN for one in set(composed) - _printed()})


@cache
def _printed() -> frozenset[str]:
    """Return the characters of the font's own table (`cmap`, format 12), with line ends."""
    font = (files("helpdesk.documents") / "fonts" / _FONT).read_bytes()
    start = _character_table(font)
    (groups,) = struct.unpack_from(">L", font, start + 12)
    found = {"\n", "\t"}
    for group in range(groups):
        first, last, _ = _GROUP.unpack_from(font, start + 16 + group * _GROUP.size)
        found.update(map(chr, range(first, last + 1)))
    return frozenset(found)


def _character_table(font: bytes) -> int:
    (tables,) = struct.unpack_from(">H", font, 4)
    rows = (_TABLE.unpack_from(font, 12 + row * _TABLE.size) for row in range(tables))
    cmap = next(offset for tag, _, offset, _ in rows if tag == b"cmap")
    (encodings,) = struct.unpack_from(">H", font, cmap + 2)
    kinds = (_SUBTABLE.unpack_from(font, cmap + 4 + at * _SUBTABLE.size) for at in range(encodings))
    return int(cmap) + next(
        int(at) for platform, code, at in kinds if (platform, code) == _FULL_UNICODE
    )
