"""Bytes of unsure origin, turned into text that any database stores."""

import codecs
import re
from dataclasses import dataclass

import chardet

MAX_GUESSED_BYTES = 32 * 1024
FEW_ERRORS = 0.02
SURE_TIMES = 4
MIN_CONFIDENCE = 0.4
LOW_CONFIDENCE = 0.1
VENDOR_JIS = "vendor-jis"

# what mail programs write, and the superset that decodes what they mean
_ALIASES = {
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "ansi_x3.4-1968": "utf-8",
    "utf8": "utf-8",
    "utf-8mb4": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "ksc5601": "cp949",
    "euc-kr": "cp949",
    "iso-2022-jp": "iso2022_jp_ext",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "sjis": "cp932",
    "windows-31j": "cp932",
    "macintosh": "mac_roman",
    "x-mac-roman": "mac_roman",
    "x-user-defined": "cp1252",
}
# what is sent under the name of another: decoded strictly, so that a wrong one rarely fits
_RELATIVES = {
    "iso2022_jp_ext": (VENDOR_JIS, "cp932", "euc_jp"),
    "cp932": ("euc_jp",),
    "euc_jp": ("cp932",),
    "gb18030": ("big5hkscs",),
    "big5hkscs": ("cp950", "gb18030"),
}
# they are text codecs to Python, but slow, unsafe or no charset of a mail
_REFUSED = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
)
_JIS_ESCAPE = re.compile(rb"(\x1b(?:\$[@B]|\$\([@BD]|\([BJIH]))")
_HIGH = bytes(range(128, 256))
_COMMON = (b"e", b"a", b"i", b"n", b"s", b"t", b"r", b"o", b"u", b"l")
_PREFIXES = re.compile(r"^(?:cs|x-)?(?=windows|iso|koi8|euc|utf|big5|gb)", re.IGNORECASE)
_SURROGATE = re.compile("[\ud800-\udbff]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_OTHER_CONTROLS = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


@dataclass(frozen=True)
class Decoded:
    """A text, and whether the charset was found by guessing."""

    text: str
    is_guess: bool = False


def decode(content: bytes, *, charset: str | None = None) -> Decoded:
    """Return the text: as declared, else UTF-8, else the likeliest reading; it never fails."""
    codec = known_codec(charset)
    if content.isascii() and codec in {None, "utf-8", "cp1252"}:
        return Decoded(content.decode("ascii"))
    for name in dict.fromkeys((codec or "utf-8", *_RELATIVES.get(codec or "", ()), "utf-8")):
        text = _strictly(content, name)
        if text is not None:
            return Decoded(text, is_guess=bool(charset) and name != codec)
    for name in dict.fromkeys(("utf-8", codec or "utf-8")):
        text = _with_few_errors(content, name)
        if text is not None:
            return Decoded(text, is_guess=True)
    return Decoded(_guessed(content), is_guess=True)


def decodes(content: bytes, codec: str) -> bool:
    """Return whether the bytes are a text of the codec, without one error."""
    return _strictly(content, codec) is not None


def is_single_byte(codec: str) -> bool:
    """Return whether a charset has one byte a letter, so that nearly every text fits it."""
    return codec.startswith(("cp12", "cp8", "cp4", "iso8859", "koi8", "mac_")) or codec == "ascii"


def known_codec(charset: str | None) -> str | None:
    """Return the Python codec for a charset name, None for one that is no text or unknown."""
    if not charset:
        return None
    name = charset.strip(" \t\"';").lower()[:40]
    for candidate in (_ALIASES.get(name, name), _PREFIXES.sub("", name)):
        codec = _looked_up(_ALIASES.get(candidate, candidate))
        if codec:
            return codec
    return None


def storable(text: str) -> str:
    """Return the text without what a database refuses: NUL and halves of surrogate pairs.

    Other control characters, which no reader shows, go too.
    """
    if text.isprintable():
        return text
    return _OTHER_CONTROLS.sub("", _UNSTORABLE.sub("", _paired(text)))


def _paired(text: str) -> str:
    """Return the text with surrogate pairs joined into the character they stand for."""
    if _SURROGATE.search(text) is None:
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")


def _looked_up(name: str) -> str | None:
    try:
        # fails for hex, zlib and the like, which are codecs but no charsets
        "a".encode(name)
        codec = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return None if codec in _REFUSED or codec.replace("-", "_") in _REFUSED else codec


def _strictly(content: bytes, codec: str) -> str | None:
    try:
        text = _from_jis(content) if codec == VENDOR_JIS else content.decode(codec)
    except (UnicodeError, ValueError, IndexError):
        return None
    return text


def _from_jis(content: bytes) -> str:
    """Return ISO-2022-JP that holds the circled digits and the like of one vendor, cp932's.

    The two bytes of a character are moved to where cp932 has them. Raises UnicodeError and
    ValueError for what is no such text.
    """
    shown: list[str] = []
    is_double = is_kana = False
    for index, piece in enumerate(_JIS_ESCAPE.split(content)):
        if index % 2:
            is_double, is_kana = piece.startswith(b"\x1b$"), piece == b"\x1b(I"
        elif is_double:
            shown.append(_shifted(piece))
        elif is_kana:
            shown.append(bytes(byte | 0x80 for byte in piece).decode("cp932"))
        else:
            shown.append(piece.decode("ascii"))
    return "".join(shown)


def _shifted(pairs: bytes) -> str:
    """Return the characters of JIS X 0208 byte pairs; line ends may stand between them."""
    moved, index = bytearray(), 0
    while index < len(pairs):
        first = pairs[index]
        if first <= 0x20:  # noqa: PLR2004 - a control character is one byte
            moved.append(first)
            index += 1
            continue
        second = pairs[index + 1]
        lead = (first + 1) // 2 + (0x70 if first < 0x5F else 0xB0)  # noqa: PLR2004 - Shift JIS
        tail = second + (0x1F + (second > 0x5F) if first % 2 else 0x7E)  # noqa: PLR2004
        moved += bytes((lead, tail))
        index += 2
    return moved.decode("cp932")


def _with_few_errors(content: bytes, codec: str) -> str | None:
    """Return the reading with marks for broken characters, when they are rare."""
    text = content.decode(codec, "replace")
    sample = text[:MAX_GUESSED_BYTES]
    letters = sum(1 for character in sample if character > "\x7f")
    broken = sample.count("\ufffd")
    # what fits UTF-8 several times over is no accident, however short the text
    is_sure = codec == "utf-8" and letters - broken >= SURE_TIMES * broken
    if (is_sure or broken <= FEW_ERRORS * len(sample)) and broken * 2 < letters:
        return text
    return None


def _has_ascii_letters(content: bytes) -> bool:
    far = len(content) - len(content.translate(None, _HIGH))
    return sum(content.count(letter) for letter in _COMMON) * 4 > far


def _guessed(content: bytes) -> str:
    found = chardet.detect(content[:MAX_GUESSED_BYTES])
    codec = known_codec(found["encoding"])
    # western words are mostly ASCII letters: what has none of them is from farther away
    least = MIN_CONFIDENCE if _has_ascii_letters(content[:MAX_GUESSED_BYTES]) else LOW_CONFIDENCE
    if codec and (found["confidence"] or 0) >= least:
        text = content.decode(codec, "replace")
        if text.count("\ufffd") <= FEW_ERRORS * len(text):
            return text
    # every byte is a letter here: the five that cp1252 leaves out stay visible as marks
    return content.decode("cp1252", "replace")
