"""Which parts of a message are its words, and which are files."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from html import escape

from helpdesk.domain.inbound_email import Defect, InboundAttachment, filename_for
from helpdesk.domain.message import BODY_LIMIT
from helpdesk.mail.charset import decode, known_codec, storable
from helpdesk.mail.headers import split_headers
from helpdesk.mail.html_text import MAX_HTML_CHARACTERS, text_of_html
from helpdesk.mail.structure import Part, clean_filename, content_of
from helpdesk.mail.tnef import TNEF_TYPES, unpacked

MAX_TEXT_CHARACTERS = BODY_LIMIT
MAX_HEADERS_READ = 64 * 1024
MAX_SUBJECT_NAME = 100
MESSAGE_TYPES = frozenset({"message/rfc822", "message/global", "message/news"})
# a plain part this short beside a page may only say that there is a page
MAX_STUB = 600
STUB_TIMES = 3
MAX_SHARED = 0.5

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s{0,5}=\s{0,5}[\"']?([\w.:-]{1,40})", re.I)
_SLASHES = re.compile(r"[/\\]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_URL = re.compile(r"https?://\S+")
_LINE_ENDS = re.compile(r"\r\n|\r")
_TEXTS = frozenset({"text/plain", "text/html"})


@dataclass(frozen=True)
class Block:
    """One stretch of words, as plain text, as HTML, or as both."""

    plain: str = ""
    html: str = ""

    @property
    def text(self) -> str:
        """Return the words, from the HTML when the plain text only points to it."""
        if not self.html:
            return self.plain
        if not self.plain.strip():
            return text_of_html(self.html)
        if len(self.plain) > MAX_STUB or len(self.html) < 2 * len(self.plain):
            return self.plain
        page = text_of_html(self.html)
        return page if _is_stub(self.plain, page) else self.plain


def _is_stub(plain: str, page: str) -> bool:
    """Return whether a text only points to the page, as “your program shows no HTML” does."""
    words = _WORD.findall(_URL.sub(" ", plain).lower())
    told = _WORD.findall(page.lower())
    if not words or len(told) < STUB_TIMES * len(words):
        return False
    return len(set(words) & set(told)) <= MAX_SHARED * len(set(words))


@dataclass(frozen=True)
class Contents:
    """The words of a message in order, and the parts that are files."""

    blocks: tuple[Block, ...] = ()
    files: tuple[Part, ...] = ()

    def text(self) -> str:
        """Return all the words."""
        return "\n".join(block.text for block in self.blocks).strip("\n")

    def html(self) -> str:
        """Return all the words as HTML, empty when no part came as HTML."""
        if not any(block.html for block in self.blocks):
            return ""
        return "\n".join(block.html or _as_html(block.plain) for block in self.blocks)


def contents_of(part: Part, defects: set[Defect]) -> Contents:
    """Return the words and the files of a message, by the rule of RFC 8621 section 4.1.4."""
    contents = _gathered(part, defects, container="", index=0)
    if contents.files == (part,) and _is_readable(part):
        return Contents((_block(part, defects),), ())
    return contents


def attachments_of(files: Iterable[Part], defects: set[Defect]) -> tuple[InboundAttachment, ...]:
    """Return the parts as files with their exact bytes; a name of ours is never there twice."""
    found = tuple(file for part in files for file in _with_inside(_attachment(part, defects)))
    given = {file.filename for file in found if file.is_named}
    times: Counter[str] = Counter()
    numbered: list[InboundAttachment] = []
    for file in found:
        name = file.filename
        if not file.is_named:
            times[name] += 1 + (name in given and not times[name])
            name = _numbered(name, times[name])
        numbered.append(replace(file, filename=name))
    return tuple(numbered)


def words_in(files: Iterable[InboundAttachment]) -> str:
    """Return the words that Outlook hid in a winmail.dat, for a mail that says nothing else."""
    for file in files:
        if _is_tnef(file):
            inside = unpacked(file.content)
            return (inside.text.strip() or text_of_html(inside.html))[:MAX_TEXT_CHARACTERS]
    return ""


def file_of(name: str, kind: str, content: bytes) -> InboundAttachment:
    """Return bytes found inside a mail as a file of their own; the name may be empty."""
    given = clean_filename(name)
    return InboundAttachment(
        filename=given or filename_for(kind),
        is_named=bool(given),
        content_type=kind,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _is_tnef(file: InboundAttachment) -> bool:
    return file.content_type in TNEF_TYPES or file.filename.lower() == "winmail.dat"


def _with_inside(file: InboundAttachment) -> Iterator[InboundAttachment]:
    """Yield a file, and after a winmail.dat the files it holds."""
    yield file
    if _is_tnef(file):
        for name, kind, content in unpacked(file.content).files:
            yield file_of(name, kind, content)


def _attachment(part: Part, defects: set[Defect]) -> InboundAttachment:
    content = content_of(part, defects)
    content_id = part.headers.text("content-id").strip("<> ")
    is_inline = part.disposition.value == "inline"
    return InboundAttachment(
        filename=part.filename or _invented_name(part, content),
        is_named=bool(part.filename),
        content_type=storable(part.type),
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        is_inline=is_inline,
        content_id=content_id[:500] or None,
    )


def _invented_name(part: Part, content: bytes) -> str:
    """Return what to call a part without a name: a message goes by its subject.

    Else by how the sender described it, as delivery reports do, else by its type.
    """
    if part.type in MESSAGE_TYPES:
        headers, _ = split_headers(
            content[:MAX_HEADERS_READ], 0, min(len(content), MAX_HEADERS_READ)
        )
        subject = clean_filename(_SLASHES.sub("-", headers.text("subject")))
        if subject:
            return f"{subject[:MAX_SUBJECT_NAME]}.eml"
    name = filename_for(part.type)
    described = clean_filename(_SLASHES.sub("-", part.headers.text("content-description")))
    return f"{described[:MAX_SUBJECT_NAME]}.{name.rpartition('.')[2]}" if described else name


def _numbered(name: str, number: int) -> str:
    if number == 1:
        return name
    stem, dot, extension = name.rpartition(".")
    return f"{stem}-{number}{dot}{extension}" if dot else f"{name}-{number}"


def _gathered(part: Part, defects: set[Defect], *, container: str, index: int) -> Contents:
    if not part.is_multipart:
        if _is_words(part, container=container, index=index):
            return Contents((_block(part, defects),), ())
        return Contents((), (part,))
    children = [
        _gathered(child, defects, container=part.type, index=position)
        for position, child in enumerate(_root_first(part))
    ]
    files = tuple(file for child in children for file in child.files)
    if part.type == "multipart/alternative":
        return Contents(_chosen(children), files)
    return Contents(tuple(block for child in children for block in child.blocks), files)


def _is_readable(part: Part) -> bool:
    """Return whether a mail of this one part is better shown than offered as a file."""
    is_text = part.type.startswith("text/") and part.type != "text/calendar"
    return is_text and part.disposition.value != "attachment" and not part.filename


def _is_words(part: Part, *, container: str, index: int) -> bool:
    if part.disposition.value == "attachment" or part.type not in _TEXTS:
        return False
    if index == 0 or container == "multipart/alternative":
        return True
    return container != "multipart/related" and not part.filename


def _chosen(children: Iterable[Contents]) -> tuple[Block, ...]:
    """Return one block from alternatives: the last HTML, and every plain text that differs."""
    plains: dict[str, None] = {}
    html = ""
    for child in children:
        plains |= dict.fromkeys(block.plain for block in child.blocks if block.plain.strip())
        html = child.html() or html
    return (Block("\n".join(plains), html),) if plains or html else ()


def _root_first(part: Part) -> tuple[Part, ...]:
    """Return the children, the root of a multipart/related before what it shows."""
    start = part.content_type.parameters.get("start", "").strip("<> ")
    if part.type != "multipart/related" or not start:
        return part.children
    roots = [child for child in part.children if _content_id(child) == start]
    return (*roots, *(child for child in part.children if child not in roots))


def _content_id(part: Part) -> str:
    return part.headers.text("content-id").strip("<> ")


def _block(part: Part, defects: set[Defect]) -> Block:
    limit = MAX_HTML_CHARACTERS if part.type == "text/html" else MAX_TEXT_CHARACTERS
    content = content_of(part, defects)
    charset = part.content_type.parameters.get("charset")
    if part.type == "text/html" and known_codec(charset) is None:
        charset = _declared_inside(content) or charset
    if charset and known_codec(charset) is None:
        defects.add(Defect.UNKNOWN_CHARSET)
    # four bytes hold one character at most, so nothing below the limit is cut early
    text = _LINE_ENDS.sub("\n", decode(content[: 4 * limit], charset=charset).text)
    if "\x00" in text:
        defects.add(Defect.UNSTORABLE_TEXT)
    if part.type == "text/html":
        if len(text) > limit:
            defects.add(Defect.HTML_CUT)
        return Block(html=storable(text[:limit]))
    if len(text) > limit:
        defects.add(Defect.TEXT_CUT)
    return Block(plain=storable(text[:limit]))


def _declared_inside(content: bytes) -> str | None:
    found = _META_CHARSET.search(content[:4096])
    return found[1].decode("ascii") if found else None


def _as_html(plain: str) -> str:
    return f"<p>{escape(plain)}</p>".replace("\n", "<br>\n")
