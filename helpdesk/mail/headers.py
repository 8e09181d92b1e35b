"""Header fields as they really come: folded, broken, encoded twice or not at all."""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import unquote_to_bytes

from helpdesk.mail.charset import decode, decodes, is_single_byte, known_codec, storable
from helpdesk.mail.transfer import base64_decoded

MAX_HEADER_BYTES = 64 * 1024
MAX_FIELDS = 2000
MAX_MESSAGE_IDS = 200
MAX_MESSAGE_ID_LENGTH = 998
REPAIR_LINES = 6
MAX_STRAY_WORDS = 200
HINT_BYTES = 16 * 1024
MAX_HINTS = 20

# atomic: a CRLF is never taken for two line ends
_EOL = rb"(?>\r\n|\r|\n)"
_FIELD = re.compile(
    rb"([!-9;-~]{1,100})[ \t]*:([^\r\n]*(?:" + _EOL + rb"[ \t][^\r\n]*)*)(?:" + _EOL + rb"|\Z)"
)
_BLANK = re.compile(rb"[ \t]*" + _EOL)
_BLANK_LINE = re.compile(_EOL + rb"[ \t]*" + _EOL)
_LINE = re.compile(rb"[^\r\n]*" + _EOL)
_MBOX_LINE = re.compile(rb">?From [^\r\n]*" + _EOL)
# a stray line in the header block is only skipped when a field like these follows it
_PLAUSIBLE_FIELD = re.compile(
    rb"(?i)(?:from|to|cc|bcc|subject|date|sender|reply-to|message-id|in-reply-to|references|received"
    rb"|return-path|delivered-to|mime-version|content-[a-z-]{1,30}|list-[a-z-]{1,30}"
    rb"|x-[!-9;-~]{1,60}|dkim-signature|authentication-results|user-agent|thread-[a-z]{1,9})[ \t]*:"
)
_WORD = re.compile(
    r"=\?([^?\s*]{1,60})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?]*(?:\?(?!=)[^?]{0,400}){0,3}?)(?:\?=|\?$|$)"
)
_CHARSET = re.compile(rb"charset\s{0,3}=\s{0,3}[\"']?([\w.:-]{1,40})", re.IGNORECASE)
# a piece of a folded value that lost its indent: one long word, as in signatures and trackers
_STRAY_WORD = re.compile(rb"[^\s:]{40,}" + _EOL)
_TORN_PARAMETER = re.compile(rb"[\w*-]{1,40}=[^\r\n]{0,998}" + _EOL)
_TORN_ADDRESS = re.compile(rb"[^\r\n:]{0,400}@[^\r\n:]{0,400}" + _EOL)
_MESSAGE_ID = re.compile(r"<\s*([^<>]{1,998}?)\s*>")
_PARAMETER = re.compile(
    r";\s*([^\s=;\"]{1,80})\s*=\s*(?:\"((?:[^\"\\]|\\.)*)(?:\"|$)|([^;]*))", re.DOTALL
)
# only these two: an unescaped Windows path is common, an escaped letter is not
_ESCAPED = re.compile(r"\\([\"\\])")
_CONTINUED = re.compile(r"^(.+?)(?:\*(\d{1,3}))?(\*)?$")
_FOLD = re.compile(r"[\r\n]+[ \t]*")
_SPACES = re.compile(r"[ \t\r\n]+")
_BREAKS = re.compile("[\\r\\n\\x80-\\x9f\\u2028\\u2029]+")
_TURNS = re.compile("[\\u202a-\\u202e\\u2066-\\u2069]")


@dataclass(frozen=True)
class Headers:
    """The fields of one part in order; names in lower case, values as raw bytes."""

    fields: tuple[tuple[str, bytes], ...] = ()
    is_broken: bool = False
    is_cut: bool = False

    def first(self, name: str) -> bytes:
        """Return the first value of a field, empty when it is absent."""
        return next((value for field, value in self.fields if field == name), b"")

    def all(self, name: str) -> tuple[bytes, ...]:
        """Return every value of a field that may be repeated."""
        return tuple(value for field, value in self.fields if field == name)

    def has(self, *names: str) -> bool:
        """Return whether one of the fields is there."""
        return any(field in names for field, _ in self.fields)

    def text(self, name: str) -> str:
        """Return the first value of a field, decoded."""
        return decoded_header(self.first(name))


@dataclass(frozen=True)
class Parameterised:
    """A value such as `text/plain; charset=utf-8`: what it is, in lower case, and the rest."""

    value: str
    parameters: dict[str, str]


def split_headers(raw: bytes, start: int, end: int) -> tuple[Headers, int]:
    """Return the fields that stand at `start`, and where the body begins.

    A stray line inside the block is skipped when fields follow it, else the body begins there.
    Values in an 8-bit charset come as UTF-8 when the message declares the charset somewhere.
    """
    headers, body = _split(raw, start, end)
    if all(value.isascii() for _, value in headers.fields):
        return headers, body
    codecs = _declared_codecs(headers, raw[body : min(end, body + HINT_BYTES)])
    if not codecs:
        return headers, body
    fields = tuple((name, _as_utf8(value, codecs)) for name, value in headers.fields)
    return replace(headers, fields=fields), body


def _declared_codecs(headers: Headers, beginning: bytes) -> tuple[str, ...]:
    """Return the charsets a message names, those that not every text fits first."""
    declared = _CHARSET.findall(headers.first("content-type")) + _CHARSET.findall(beginning)
    codecs = dict.fromkeys(known_codec(name.decode("ascii")) for name in declared[:MAX_HINTS])
    known = [codec for codec in codecs if codec and codec != "utf-8"]
    return tuple(sorted(known, key=is_single_byte))


def _as_utf8(value: bytes, codecs: tuple[str, ...]) -> bytes:
    """Return an 8-bit value in UTF-8; one that names its charsets itself stays as it is."""
    if value.isascii() or b"=?" in value or decodes(value, "utf-8"):
        return value
    fitting = next((codec for codec in codecs if decodes(value, codec)), codecs[0])
    return decode(value, charset=fitting).text.encode("utf-8", "replace")


def _split(raw: bytes, start: int, end: int) -> tuple[Headers, int]:
    fields: list[tuple[str, bytes]] = []
    position, is_broken, is_cut = start, False, False
    mbox_line = _MBOX_LINE.match(raw, position, end)
    if mbox_line:
        position = mbox_line.end()
    while position < end:
        field = _FIELD.match(raw, position, end)
        if field is None:
            blank = _BLANK.match(raw, position, end)
            if blank:
                return Headers(tuple(fields), is_broken, is_cut), blank.end()
            is_broken = True
            torn = _torn_line(fields, raw, position, end)
            if torn:
                fields[-1] = (fields[-1][0], fields[-1][1] + b" " + torn[0].strip())
                position = torn.end()
                continue
            position, goes_on = _after_stray_line(raw, position, end)
            if goes_on:
                continue
            break
        if len(fields) >= MAX_FIELDS:
            return Headers(tuple(fields), is_broken, is_cut=True), _body_after(raw, position, end)
        position = field.end()
        is_cut = is_cut or len(field[2]) > MAX_HEADER_BYTES
        fields.append((field[1].decode("ascii").lower(), field[2][:MAX_HEADER_BYTES].strip()))
    return Headers(tuple(fields), is_broken, is_cut), position


def decoded_header(value: bytes) -> str:
    """Return the value as a person reads it: unfolded, RFC 2047 words and raw 8-bit decoded."""
    return on_one_line(decoded_words(unfolded(value))).strip()


def on_one_line(text: str) -> str:
    """Return the text without breaks, other controls and marks that turn the direction of letters.

    An encoded word may hold them: `=?utf-8?Q?Panne=0D=0ABcc=3A?=` is one line in the mail.

    >>> on_one_line("Panne\\r\\nBcc: b@x.example"), on_one_line("facture\\u202egpj.exe")
    ('Panne Bcc: b@x.example', 'facturegpj.exe')
    """
    if text.isprintable():
        return text
    return _BREAKS.sub(" ", _TURNS.sub("", storable(text)))


def unfolded(value: bytes) -> str:
    """Return the value on one line, each byte still one character: decode it when it is taken."""
    text = value.decode("latin-1")
    return _FOLD.sub(" ", text) if "\n" in text or "\r" in text else text


def decoded_words(text: str) -> str:
    """Return a text of one character per byte, decoded; a word may be cut inside a character.

    >>> decoded_words("=?utf-8?Q?Caf=C3?= =?utf-8?Q?=A9?= ouvert")
    'Café ouvert'
    """
    if "=?" not in text:
        return _plain(text)
    shown: list[str] = []
    pending: tuple[str, bytes] | None = None
    end = 0
    for word in _WORD.finditer(text):
        between = text[end : word.start()]
        content = _word_bytes(word[2], word[3])
        if pending and not between.strip() and pending[0].lower() == word[1].lower():
            pending = (pending[0], pending[1] + content)
        else:
            shown.append(_pending_text(pending))
            shown.append(_plain(between) if between.strip() or not pending else "")
            pending = (word[1], content)
        end = word.end()
    return "".join((*shown, _pending_text(pending), _plain(text[end:])))


def parameterised(value: bytes) -> Parameterised:
    """Return the value and its parameters, RFC 2231 pieces joined and decoded."""
    text = unfolded(value)
    head, semicolon, rest = text.partition(";")
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for found in _PARAMETER.finditer(semicolon + rest):
        raw = _ESCAPED.sub(r"\1", found[2]) if found[2] is not None else found[3].strip(" \t")
        _add_piece(pieces, found[1].lower(), raw)
    joined = {name: _joined(parts) for name, parts in pieces.items()}
    return Parameterised(storable(head).strip().lower()[:200], joined)


def message_ids(value: bytes) -> tuple[str, ...]:
    """Return the identifiers of a field without brackets; a bare one is taken as it is."""
    text = decoded_header(value)
    found = [_SPACES.sub("", each) for each in _MESSAGE_ID.findall(text)]
    if not found and "@" in text and len(text) < MAX_MESSAGE_ID_LENGTH:
        found = [word.strip("<>") for word in text.split()]
    return tuple(dict.fromkeys(identifier for identifier in found if identifier))[:MAX_MESSAGE_IDS]


def instant(value: bytes) -> datetime | None:
    """Return the UTC instant of a date field, None for one that cannot be read."""
    try:
        read = parsedate_to_datetime(decoded_header(value)[:100])
        aware = read if read.tzinfo else read.replace(tzinfo=UTC)
        return aware.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _body_after(raw: bytes, position: int, end: int) -> int:
    blank = _BLANK_LINE.search(raw, position, end)
    return blank.end() if blank else end


def _torn_line(
    fields: list[tuple[str, bytes]], raw: bytes, position: int, end: int
) -> re.Match[bytes] | None:
    """Return the line when it goes on with a value that stopped in its middle, its indent lost."""
    if not fields or len(fields[-1][1]) > MAX_HEADER_BYTES:
        return None
    if fields[-1][1].endswith(b";"):
        return _TORN_PARAMETER.match(raw, position, end)
    return _TORN_ADDRESS.match(raw, position, end) if fields[-1][1].endswith(b",") else None


def _after_stray_line(raw: bytes, position: int, end: int) -> tuple[int, bool]:
    """Return where to go on after a line that is no field, and whether the headers go on."""
    look, words, others = position, 0, 0
    while words < MAX_STRAY_WORDS and others <= REPAIR_LINES:
        following = _LINE.match(raw, look, end)
        if following is None or _BLANK.fullmatch(raw, look, following.end()):
            break
        is_word = _STRAY_WORD.fullmatch(raw, look, following.end()) is not None
        words, others = words + is_word, others + (not is_word)
        look = following.end()
        if _PLAUSIBLE_FIELD.match(raw, look, end):
            return look, True
    return position, False


def _plain(text: str) -> str:
    return text if text.isascii() else decode(text.encode("latin-1")).text


def _word_bytes(encoding: str, text: str) -> bytes:
    content = text.encode("latin-1")
    if encoding in "bB":
        return base64_decoded(content).content
    return binascii.a2b_qp(content.rstrip(b" "), header=True)


def _pending_text(pending: tuple[str, bytes] | None) -> str:
    if pending is None:
        return ""
    return decode(pending[1], charset=pending[0]).text


def _add_piece(pieces: dict[str, list[tuple[int, bool, str]]], name: str, raw: str) -> None:
    parsed = _CONTINUED.match(name)
    if parsed is None:
        return
    known = pieces.setdefault(parsed[1], [])
    known.append((int(parsed[2] or 0), parsed[3] is not None, raw))


def _joined(parts: list[tuple[int, bool, str]]) -> str:
    """Return one parameter from its pieces; the encoded form wins over the plain one."""
    is_encoded = any(extended for _, extended, _ in parts)
    if not is_encoded:
        plain = "".join(raw for _, _, raw in _first_of_each(parts))
        return storable(decoded_words(plain)).strip()
    kept = [part for part in parts if part[1]] if _has_two_forms(parts) else parts
    ordered = list(_first_of_each(kept))
    charset, quote, first = _charset_of(ordered[0][2])
    content = b"".join(
        _percent_decoded(first if index == 0 and quote else raw, extended)
        for index, (_, extended, raw) in enumerate(ordered)
    )
    return storable(decode(content, charset=charset).text).strip()


def _has_two_forms(parts: list[tuple[int, bool, str]]) -> bool:
    return len({number for number, _, _ in parts}) == 1 and len(parts) > 1


def _first_of_each(parts: list[tuple[int, bool, str]]) -> Iterator[tuple[int, bool, str]]:
    seen: set[int] = set()
    for part in sorted(parts, key=lambda piece: piece[0]):
        if part[0] not in seen:
            seen.add(part[0])
            yield part


def _charset_of(raw: str) -> tuple[str | None, bool, str]:
    pieces = raw.split("'", 2)
    if len(pieces) == 3:  # noqa: PLR2004 - charset'language'text
        return pieces[0] or None, True, pieces[2]
    return None, False, raw


def _percent_decoded(raw: str, is_extended: bool) -> bytes:  # noqa: FBT001 - private, by position
    content = raw.encode("latin-1")
    return unquote_to_bytes(content) if is_extended else content
