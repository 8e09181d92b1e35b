"""The tree of a MIME message as slices of its bytes: exact, without recursion limits."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from helpdesk.domain.inbound_email import Defect
from helpdesk.mail.charset import storable
from helpdesk.mail.headers import Headers, Parameterised, parameterised, split_headers
from helpdesk.mail.secure_parts import SMIME_TYPES, signed_content
from helpdesk.mail.transfer import transfer_decoded

MAX_PARTS = 2000
MAX_DEPTH = 60
MAX_FILENAME = 200
MAX_EXTENSION = 20
# each level of nesting reads its bytes again; this many readings of the whole mail are allowed
MAX_READINGS = 12
READING_FLOOR = 1024 * 1024

_TYPE = re.compile(r"[!-.0-~]{1,100}/[!-.0-~]{1,100}")
_UNSEPARATED = re.compile(rb"\s*([\w.+-]{1,100}/[\w.+-]{1,100})\s+([\w-]+\s*=.*)", re.DOTALL)
_OPAQUE = "application/octet-stream"


@dataclass(frozen=True)
class Part:
    """One node of the tree; `raw[start:end]` is its body as it was sent."""

    raw: bytes = field(repr=False)
    start: int
    end: int
    headers: Headers
    content_type: Parameterised
    disposition: Parameterised
    children: tuple["Part", ...] = ()

    @property
    def type(self) -> str:
        """Return the media type in lower case."""
        return self.content_type.value

    @property
    def is_multipart(self) -> bool:
        """Return whether the part was really split into others."""
        return bool(self.children)

    @property
    def encoding(self) -> str:
        """Return the transfer encoding in lower case."""
        return self.headers.text("content-transfer-encoding").split(";")[0].strip(" \"'").lower()

    @property
    def filename(self) -> str:
        """Return the name the sender gave, reduced to its last path piece, or nothing."""
        given = self.disposition.parameters.get("filename") or self.content_type.parameters.get(
            "name", ""
        )
        return clean_filename(given)

    def body(self) -> bytes:
        """Return the body as it was sent, transfer encoding included."""
        return self.raw[self.start : self.end]

    def walk(self) -> Iterator["Part"]:
        """Yield this part and all below it, in the order of the message."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass
class Tree:
    """A message as a tree, with what was met while reading it."""

    defects: set[Defect] = field(default_factory=set)
    parts: int = 0
    readings: int = 0
    budget: int = 0

    def read(self, raw: bytes) -> Part:
        """Return the root of the tree; over a limit the rest stays in one opaque part."""
        self.budget = MAX_READINGS * len(raw) + READING_FLOOR
        start = len(raw) - len(raw.lstrip(b"\r\n"))
        return self._part(raw, start, len(raw), depth=0)

    def _part(self, raw: bytes, start: int, end: int, *, depth: int) -> Part:
        headers, body = split_headers(raw, start, end)
        self.parts += 1
        self._note(headers)
        content_type = _content_type(headers)
        disposition = parameterised(headers.first("content-disposition"))
        part = Part(raw, body, end, headers, content_type, disposition)
        if content_type.value.startswith("multipart/"):
            return self._split(part, depth=depth)
        return self._opened(part, depth=depth) if is_sealed(part, is_root=depth == 0) else part

    def _opened(self, part: Part, *, depth: int) -> Part:
        """Return an S/MIME part with the message its signature wraps, and itself, inside."""
        inner = signed_content(content_of(part, self.defects))
        self.readings += len(inner or b"")
        if not inner or depth >= MAX_DEPTH or self.readings > self.budget:
            return part
        root = self._part(inner, 0, len(inner), depth=depth + 1)
        return replace(_retyped(part, "multipart/signed"), children=(root, part))

    def _note(self, headers: Headers) -> None:
        if headers.is_broken:
            self.defects.add(Defect.BROKEN_HEADERS)
        if headers.is_cut:
            self.defects.add(Defect.HEADER_CUT)

    def _split(self, part: Part, *, depth: int) -> Part:
        boundary = part.content_type.parameters.get("boundary", "")
        self.readings += part.end - part.start
        if depth >= MAX_DEPTH or self.readings > self.budget:
            self.defects.add(Defect.TOO_DEEP)
            return _retyped(part, _OPAQUE)
        spans = list(self._spans(part, boundary))
        if not spans:
            self.defects.add(Defect.MISSING_BOUNDARY)
            return _retyped(part, "text/plain")
        children = [self._part(part.raw, *span, depth=depth + 1) for span in self._counted(spans)]
        return replace(part, children=tuple(children))

    def _counted(self, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        for span in spans:
            if self.parts >= MAX_PARTS:
                self.defects.add(Defect.TOO_MANY_PARTS)
                return
            yield span

    def _spans(self, part: Part, boundary: str) -> Iterator[tuple[int, int]]:
        """Yield where each child starts and ends, the line end before a boundary left out."""
        if not boundary:
            return
        begin, seen = -1, 0
        for line in _delimiter(boundary).finditer(part.raw, part.start, part.end):
            # the pattern cannot look before its range, and a boundary opens a line
            if line.start() > part.start and part.raw[line.start() - 1] not in b"\r\n":
                continue
            if begin >= 0:
                yield begin, max(begin, _before_line_end(part.raw, line.start(), begin))
                seen += 1
            begin = line.end()
            if line[1] or seen > MAX_PARTS:
                return
        if begin >= 0:
            yield begin, part.end


def content_of(part: Part, defects: set[Defect]) -> bytes:
    """Return the content of a leaf once decoded, noting an encoding that was broken."""
    decoded = transfer_decoded(part.body(), encoding=part.encoding)
    if decoded.is_broken:
        defects.add(Defect.BROKEN_ENCODING)
    return decoded.content


def is_sealed(part: Part, *, is_root: bool) -> bool:
    """Return whether the part is a mail inside S/MIME, not a document that was signed by it."""
    is_document = part.disposition.value == "attachment" and part.filename != "smime.p7m"
    return part.type in SMIME_TYPES and (is_root or not is_document)


def clean_filename(given: str) -> str:
    """Return a label safe to show: no folder, no control character, at most 200 characters.

    >>> clean_filename("C:\\\\Users\\\\bruno\\\\devis été.pdf")
    'devis été.pdf'
    """
    name = re.split(r"[/\\]", re.sub(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", "", given))[-1]
    name = storable(name).strip(" .\"'")
    if len(name) <= MAX_FILENAME:
        return name
    stem, dot, extension = name.rpartition(".")
    room = MAX_FILENAME - MAX_EXTENSION
    return f"{stem[:room]}{dot}{extension[: MAX_EXTENSION - 1]}" if dot else name[:MAX_FILENAME]


def _content_type(headers: Headers) -> Parameterised:
    # of two contradicting fields the last one is the one that was meant to win
    raw = (headers.all("content-type") or (b"",))[-1]
    given = parameterised(raw)
    if _TYPE.fullmatch(given.value):
        return given
    unseparated = _UNSEPARATED.match(raw)
    if unseparated:
        return parameterised(unseparated[1] + b";" + unseparated[2])
    if given.value and given.parameters.get("name"):
        return Parameterised(_OPAQUE, given.parameters)
    # an absent or unreadable type is plain text (RFC 2045 section 5.2)
    return Parameterised("text/plain", given.parameters)


def _retyped(part: Part, value: str) -> Part:
    return replace(part, content_type=Parameterised(value, part.content_type.parameters))


def _delimiter(boundary: str) -> re.Pattern[bytes]:
    # the value was decoded for reading; what the bytes hold may be any 8-bit charset
    text = boundary.strip() if boundary.strip() else boundary
    encoded = text.encode("utf-8", "surrogatepass")
    return re.compile(rb"--" + re.escape(encoded) + rb"(--)?[ \t]{0,1000}(?:\r\n|\r|\n|\Z)")


def _before_line_end(raw: bytes, position: int, start: int) -> int:
    if position - 2 >= start and raw[position - 2 : position] == b"\r\n":
        return position - 2
    return position - 1 if position > start and raw[position - 1] in b"\r\n" else position
