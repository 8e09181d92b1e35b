"""Which parts of a message are its words, and which are files."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from helpdesk.domain.inbound_email import Defect, InboundAttachment, filename_for
from helpdesk.mail.charset import decode, known_codec, storable
from helpdesk.mail.html_text import MAX_HTML_CHARACTERS, text_of_html
from helpdesk.mail.structure import Part, content_of

MAX_TEXT_CHARACTERS = 1024 * 1024

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s{0,5}=\s{0,5}[\"']?([\w.:-]{1,40})", re.I)
_LINE_ENDS = re.compile(r"\r\n|\r")
_TEXTS = frozenset({"text/plain", "text/html"})


@dataclass(frozen=True)
class Block:
    """One stretch of words, as plain text, as HTML, or as both."""

    plain: str = ""
    html: str = ""

    @property
    def text(self) -> str:
        """Return the words, from the HTML when there is no plain text."""
        return self.plain if self.plain.strip() else text_of_html(self.html)


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


def attachment_of(part: Part, defects: set[Defect]) -> InboundAttachment:
    """Return a part as a file with its exact bytes."""
    content = content_of(part, defects)
    content_id = part.headers.text("content-id").strip("<> ")
    is_inline = part.disposition.value == "inline" or (
        bool(content_id) and part.disposition.value != "attachment"
    )
    return InboundAttachment(
        filename=part.filename or filename_for(part.type),
        is_named=bool(part.filename),
        content_type=storable(part.type),
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        is_inline=is_inline,
        content_id=content_id[:500] or None,
    )


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
