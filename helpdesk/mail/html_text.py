"""HTML turned into the text a person would have typed, quotes marked with `>`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from helpdesk.mail.charset import storable

MAX_HTML_CHARACTERS = 2 * 1024 * 1024
MAX_TAGS = 200_000
# past this depth every HTML parser known to us is quadratic or loses the rest
MAX_NESTING = 2_000
MAX_LINK_LENGTH = 2_000
MAX_LINKS = 5_000
LINK_PIECES = 50
MAX_QUOTE_DEPTH = 10

_SKIPPED = frozenset({"script", "style", "head", "title", "template", "svg", "object", "select"})
_PARAGRAPHS = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre", "dl"}
)
_BLOCKS = _PARAGRAPHS | frozenset(
    {
        "address", "article", "aside", "body", "caption", "center", "dd", "details", "div", "dt",
        "fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "li", "main", "nav",
        "section", "summary", "tr",
    }
)  # fmt: skip
_CELLS = frozenset({"td", "th"})
_NEST_NOT = frozenset(
    {
        "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link",
        "meta", "option", "p", "param", "source", "tbody", "td", "th", "tr", "track", "wbr", "o",
    }
)  # fmt: skip
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
_ANY_TAG = re.compile(r"<(?:!--.*?-->|/?[a-zA-Z!?][^<>]{0,5000}>)", re.DOTALL)
# one tag with this many attributes: looking each up among the others takes parsers minutes
_HUGE_TAG = re.compile(
    r"<[a-zA-Z][^\s/>]*+(?>[\s/]*+[^\s/>][^\s/>=]*+"
    r"(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+)?+)?+){300}"
)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass
class _Page:
    """The lines written so far; a block opens a line, a paragraph leaves a blank one."""

    lines: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    quotes: int = 0
    preformatted: int = 0
    links: int = 0

    def write(self, text: str) -> None:
        if self.preformatted:
            first, *others = text.replace("\r\n", "\n").split("\n")
            self.line.append(first)
            for other in others:
                self.end_line()
                self.line.append(other)
            return
        shown = _SPACES.sub(" ", text)
        if not self.line or self.line[-1].endswith(" "):
            shown = shown.lstrip(" ")
        if shown:
            self.line.append(shown)

    def end_line(self) -> None:
        mark = "> " * min(self.quotes, MAX_QUOTE_DEPTH)
        self.lines.append((mark + "".join(self.line)).rstrip())
        self.line = []

    def close_quote(self) -> None:
        """End a quote without the blank line its last paragraph left inside it."""
        while self.lines and self.lines[-1].startswith(">") and not self.lines[-1].strip("> "):
            self.lines.pop()
        self.quotes -= 1

    def open_block(self) -> None:
        if self.line:
            self.end_line()

    def open_paragraph(self) -> None:
        self.open_block()
        if self.lines and self.lines[-1].strip("> "):
            self.end_line()


def text_of_html(html: str) -> str:
    """Return the text of a page; one tangled beyond reason only loses its tags."""
    if is_tangled(html):
        return _without_tags(html)
    return text_of_tree(parsed(html))


def parsed(html: str) -> LexborHTMLParser:
    """Return the tree of a page."""
    return LexborHTMLParser(html[:MAX_HTML_CHARACTERS])


def text_of_tree(tree: LexborHTMLParser) -> str:
    """Return the text of a page that was read already."""
    page = _Page()
    root = tree.body or tree.root
    for node, is_end in _steps(root) if root else ():
        if is_end:
            _leave(page, node)
        else:
            _enter(page, node)
    page.open_block()
    text = "\n".join(page.lines).replace("\xa0", " ")
    return storable(_BLANK_LINES.sub("\n\n", text)).strip("\n")


def is_tangled(html: str) -> bool:
    """Return whether the tags are beyond what a parser reads in reasonable time."""
    if html.count("<", 0, MAX_HTML_CHARACTERS) > MAX_TAGS or _nests_too_deep(html):
        return True
    return _HUGE_TAG.search(html, 0, MAX_HTML_CHARACTERS) is not None


def _nests_too_deep(html: str) -> bool:
    if html.count("<") <= MAX_NESTING:
        return False
    depth = 0
    for tag in _TAG.finditer(html, 0, MAX_HTML_CHARACTERS):
        if tag[2].lower() in _NEST_NOT:
            continue
        depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > MAX_NESTING:
            return True
    return False


def _without_tags(html: str) -> str:
    text = unescape(_ANY_TAG.sub(" ", html[:MAX_HTML_CHARACTERS]))
    return storable(_SPACES.sub(" ", text)).strip()


def _steps(root: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """Yield each node when it opens and when it closes, without recursion."""
    stack = [(root, False)]
    while stack:
        node, is_end = stack.pop()
        yield node, is_end
        if is_end:
            continue
        stack.append((node, True))
        if node.tag not in _SKIPPED:
            children = list(node.iter(include_text=True))
            stack.extend((child, False) for child in reversed(children))


def _enter(page: _Page, node: LexborNode) -> None:
    tag = node.tag
    if tag == "-text":
        page.write(node.text_content or "")
    elif tag == "br":
        page.end_line()
    elif tag == "img":
        alt = (node.attributes.get("alt") or "").strip()
        page.write(f"[{alt}]" if alt else "")
    elif tag in _CELLS:
        page.write(" " if page.line else "")
    elif tag in _PARAGRAPHS:
        page.open_paragraph()
        page.quotes += tag == "blockquote"
        page.preformatted += tag == "pre"
    elif tag in _BLOCKS:
        page.open_block()
        page.line += ["- "] if tag == "li" else []


def _leave(page: _Page, node: LexborNode) -> None:
    tag = node.tag
    if tag in _PARAGRAPHS:
        page.open_block()
        if tag == "blockquote":
            page.close_quote()
        page.preformatted -= tag == "pre"
        page.open_paragraph()
        if page.lines and page.lines[-1].strip("> "):
            page.end_line()
    elif tag in _BLOCKS:
        page.open_block()
    elif tag == "a":
        _write_target(page, node)


def _write_target(page: _Page, node: LexborNode) -> None:
    """Write where a link goes, unless its text says so already."""
    target = (node.attributes.get("href") or "").strip()
    is_web = target.startswith(("http://", "https://")) and len(target) <= MAX_LINK_LENGTH
    if page.links >= MAX_LINKS:
        return
    # what a link shows stands last; a line without end is not read again for each of its links
    shown = "".join(page.line[-LINK_PIECES:])
    bare = target.split("://", 1)[-1].rstrip("/")
    if is_web and shown.strip() and bare not in shown:
        page.links += 1
        page.write(f" <{target}>")
