"""What S/MIME and PGP wrap: signed content is shown, encrypted content is named as such."""

import re
from dataclasses import dataclass, field

SMIME_TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
MAX_ARMORED = 10

_CMS = bytes.fromhex("2a864886f70d0107")
_SIGNED = _CMS + b"\x02"
_ENVELOPED = (
    _CMS + b"\x03",
    _CMS + b"\x04",
    _CMS + b"\x06",
    bytes.fromhex("2a864886f70d0109100117"),
)
_SEQUENCE, _INTEGER, _OID, _SET, _EXPLICIT = 0x30, 0x02, 0x06, 0x31, 0xA0
_OCTETS, _PIECES = 0x04, 0x24
_INDEFINITE = 0x80
_MAX_LENGTH_BYTES = 4
_MAX_NESTING = 50

_MESSAGE = ("-----BEGIN PGP MESSAGE-----", "-----END PGP MESSAGE-----")
_CLEAR = "-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNATURE = ("-----BEGIN PGP SIGNATURE-----", "-----END PGP SIGNATURE-----")
_DASHED = re.compile(r"^- ", re.MULTILINE)


class _NotCms(ValueError):
    """The bytes are not what the type says."""


@dataclass(frozen=True)
class Unarmored:
    """A text without its PGP armour, and the armour taken out: messages and signatures."""

    text: str
    messages: tuple[str, ...] = ()
    signatures: tuple[str, ...] = field(default=())


def unarmored(text: str) -> Unarmored:
    """Return the words of a text in which PGP stands inline; what is encrypted is taken out.

    >>> unarmored("Bonjour").text
    'Bonjour'
    """
    if "-----BEGIN PGP " not in text:
        return Unarmored(text)
    text, messages = _taken_out(text, *_MESSAGE)
    if _CLEAR not in text:
        return Unarmored(text, messages)
    text, signatures = _taken_out(text, *_SIGNATURE)
    first, *pieces = text.split(_CLEAR)
    shown = "".join((first, *(_dash_escaped(piece) for piece in pieces)))
    return Unarmored(shown.strip("\n"), messages, signatures)


def _taken_out(text: str, begin: str, end: str) -> tuple[str, tuple[str, ...]]:
    """Return the text without the blocks between two marks, and the blocks."""
    kept: list[str] = []
    taken: list[str] = []
    at = 0
    while len(taken) < MAX_ARMORED:
        start = text.find(begin, at)
        stop = text.find(end, start) if start >= 0 else -1
        if stop < 0:
            break
        kept.append(text[at:start])
        at = stop + len(end)
        taken.append(text[start:at])
    return "".join((*kept, text[at:])).strip("\n"), tuple(taken)


def _dash_escaped(piece: str) -> str:
    """Return what was signed, without the lines that name the hash, as it was written."""
    _, _, words = piece.partition("\n\n")
    return _DASHED.sub("", words.rstrip("\n"))


def is_enveloped(content: bytes, *, declared: str) -> bool:
    """Return whether S/MIME content is encrypted, by what it is, else by what it is called."""
    try:
        oid, _ = _content_info(content)
    except (_NotCms, IndexError):
        return declared.startswith(("enveloped", "authenveloped", "encrypted"))
    return oid in _ENVELOPED


def signed_content(content: bytes) -> bytes | None:
    """Return what an S/MIME signature wraps, None when it wraps nothing or is something else."""
    try:
        oid, at = _content_info(content)
        if oid != _SIGNED:
            return None
        at = _inside(content, at, _SEQUENCE)
        at = _after(content, _expected(content, at, _INTEGER))
        at = _after(content, _expected(content, at, _SET))
        at = _inside(content, at, _SEQUENCE)
        at = _after(content, _expected(content, at, _OID))
        at = _inside(content, at, _EXPLICIT)
        return _octets(content, at)
    except (_NotCms, IndexError):
        return None


def _content_info(content: bytes) -> tuple[bytes, int]:
    """Return which kind of content it is, and where the content stands."""
    at = _inside(content, 0, _SEQUENCE)
    start, stop = _span(content, _expected(content, at, _OID))
    return content[start:stop], _inside(content, stop, _EXPLICIT)


def _octets(content: bytes, at: int) -> bytes:
    """Return an octet string, which may come in pieces."""
    if content[at] == _OCTETS:
        start, stop = _span(content, at)
        return content[start:stop]
    if content[at] != _PIECES:
        raise _NotCms
    end = len(content) if content[at + 1] == _INDEFINITE else _span(content, at)[1]
    at = _inside(content, at, _PIECES)
    pieces = bytearray()
    while at < end and content[at] == _OCTETS:
        start, at = _span(content, at)
        pieces += content[start:at]
    return bytes(pieces)


def _expected(content: bytes, at: int, tag: int) -> int:
    if content[at] != tag:
        raise _NotCms
    return at


def _inside(content: bytes, at: int, tag: int) -> int:
    """Return where the content of an element begins."""
    _expected(content, at, tag)
    length = content[at + 1]
    return at + 2 + (length & 0x7F if length > _INDEFINITE else 0)


def _span(content: bytes, at: int) -> tuple[int, int]:
    """Return where the content of an element of known length begins and ends."""
    length = content[at + 1]
    if length < _INDEFINITE:
        return at + 2, at + 2 + length
    size = length & 0x7F
    if not 0 < size <= _MAX_LENGTH_BYTES:
        raise _NotCms
    start = at + 2 + size
    return start, start + int.from_bytes(content[at + 2 : start], "big")


def _after(content: bytes, at: int) -> int:
    """Return where the element after one begins; one of unknown length is walked to its end."""
    depth = 0
    while True:
        if content[at + 1] == _INDEFINITE:
            depth, at = depth + 1, at + 2
        else:
            at = _span(content, at)[1]
        while depth and content[at : at + 2] == b"\0\0":
            depth, at = depth - 1, at + 2
        if not depth:
            return at
        if depth > _MAX_NESTING:
            raise _NotCms
