"""The HTML of a mail, made from its text: one column, for Outlook as for a telephone.

It fetches nothing, and says nothing that the text does not say.
"""

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from helpdesk.domain.errors import Locale
from helpdesk.domain.letter_kind import PassageKind
from helpdesk.domain.mail_look import MailLook
from helpdesk.domain.outgoing_mail import OutgoingMail
from helpdesk.mail.letter_blocks import Block, BlockKind, blocks_of, paragraphs_of
from helpdesk.mail.reply_marks import PREVIEW_SIGN, REPLY_ABOVE_EN, REPLY_ABOVE_FR

LOGO_ID = "logo@helpdesk"
MAX_PREHEADER = 110
PREHEADER_PADDING = 40

_MARKERS = frozenset({REPLY_ABOVE_FR, REPLY_ABOVE_EN})

_LINK = re.compile(r"https?://[^\s<>\"]{1,2000}")
_LABELLED = re.compile(
    r"(?P<label>[^:]{1,80}?)[ \u00a0\u202f]?: (?P<url>(?:https?://|mailto:)[^\s<>\"]+)"
)
_LEADING_SPACES = re.compile(r"^[ \t]+")
_NO_BREAK, _NARROW = "\u00a0", "\u202f"
_COLON = {Locale.FR: f"{_NO_BREAK}:", Locale.EN: ":"}
_FRENCH_SPACES = (
    (re.compile(r" (?=[;:!?»])"), _NO_BREAK),
    (re.compile(r"(?<=«) "), _NO_BREAK),
    (re.compile(r"(?<=\d) (?=[%€])"), _NO_BREAK),
    (re.compile(r"(?<=\d) h (?=\d\d\b)"), f"{_NO_BREAK}h{_NO_BREAK}"),
)


@dataclass(frozen=True, slots=True)
class _ShownLogo:
    source: str
    width: int
    height: int


def html_of(mail: OutgoingMail) -> str:
    """Return the mail as HTML; its logo is the part of the mail that is called `LOGO_ID`."""
    return _rendered(mail, logo_source=f"cid:{LOGO_ID}")


def page_of(mail: OutgoingMail) -> str:
    """Return the HTML of a mail as one page, its logo inside of it."""
    kind = "" if mail.look is None or mail.look.logo is None else mail.look.logo.content_type
    return _rendered(mail, logo_source=f"data:{kind};base64,{b64encode(mail.logo).decode()}")


def with_reference(mail: OutgoingMail) -> str:
    """Return the text with the line that leads an answer back, below the marker or at the end."""
    line = _reference(mail)
    if not line:
        return mail.text
    marker, _, rest = mail.text.partition("\n")
    if marker in _MARKERS:
        return f"{marker}\n{line}\n{rest}"
    return f"{mail.text.rstrip()}\n\n{line}\n"


def _rendered(mail: OutgoingMail, *, logo_source: str) -> str:
    above = _above(mail)
    lines = mail.text.split("\n")
    skipped = 1 if above and lines[0] == above[0] else 0
    shown = [line if number >= skipped else "" for number, line in enumerate(lines)]
    look = mail.look or MailLook()
    blocks = list(blocks_of(shown, mail.passages))
    footer = [one for one in mail.passages if one.kind is PassageKind.FOOTER]
    below = [run for one in footer for run in paragraphs_of(lines[one.first : one.end])]
    if mail.locale is Locale.FR:
        blocks = [_in_french(block) for block in blocks]
        below = [[_french(line) for line in run] for run in below]
    below = [[_footer_line(line) for line in run] for run in below]
    return _layout().render(
        language=mail.locale.value,
        title=mail.subject,
        preheader=f"{PREVIEW_SIGN}{_preheader(blocks)}",
        padding=range(PREHEADER_PADDING),
        above=above,
        accent=look.accent,
        agency=mail.sender.name or mail.sender.email,
        logo=_logo(mail, logo_source),
        blocks=blocks,
        colon=_COLON[mail.locale],
        below=below,
    )


def with_links(line: str) -> Markup:
    """Return a line as HTML: escaped, its links to be followed, its leading spaces kept."""
    if isinstance(line, Markup):
        return line
    indent = _LEADING_SPACES.match(line)
    width = len(indent[0].expandtabs(4)) if indent else 0
    shown, end = ["&nbsp;" * width], indent.end() if indent else 0
    for link in _LINK.finditer(line):
        url = link[0].rstrip(".,;:!?)]'»")
        shown += [escape(line[end : link.start()]), f'<a href="{escape(url)}">{escape(url)}</a>']
        end = link.start() + len(url)
    # every piece was escaped above
    return Markup("".join((*shown, escape(line[end:]))))  # noqa: S704


def _footer_line(line: str) -> str:
    """Return the line; its words are the link where it ends with an address that nobody reads."""
    found = _LABELLED.fullmatch(line)
    if found is None:
        return line
    return Markup('<a href="{url}">{label}</a>').format(url=found["url"], label=found["label"])


def _above(mail: OutgoingMail) -> list[str]:
    """Return the lines before the letter: where to answer above, and what leads an answer back."""
    marker = mail.text.partition("\n")[0]
    return [line for line in (marker if marker in _MARKERS else "", _reference(mail)) if line]


def _reference(mail: OutgoingMail) -> str:
    return f"Ref: {mail.token}" if mail.token and mail.ticket_number is not None else ""


def _logo(mail: OutgoingMail, source: str) -> _ShownLogo | None:
    logo = None if mail.look is None else mail.look.logo
    if logo is None or not mail.logo:
        return None
    width, height = logo.shown
    return _ShownLogo(source, width, height)


def _preheader(blocks: Sequence[Block]) -> str:
    """Return what a list of mails shows beside the subject: what comes after the greeting."""
    words: list[str] = []
    for block in blocks[1:]:
        inside = block.inside or (block,)
        words += [line for one in inside if one.kind is not BlockKind.CODE for line in one.lines]
        if sum(map(len, words)) > MAX_PREHEADER:
            break
    told = " ".join(" ".join(words).split())
    if len(told) <= MAX_PREHEADER:
        return told
    return f"{told[:MAX_PREHEADER].rsplit(' ', 1)[0]}…"


def _in_french(block: Block) -> Block:
    """Return words of ours with the spaces that French keeps together; a person's stay as is."""
    if block.kind is BlockKind.PROSE:
        return block
    return replace(
        block,
        lines=tuple(map(_french, block.lines)),
        pairs=tuple((_french(label), _french(told)) for label, told in block.pairs),
    )


def _french(line: str) -> str:
    if "://" in line:
        return line
    for pattern, kept in _FRENCH_SPACES:
        line = pattern.sub(kept, line)
    return line


@cache
def _layout() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    environment.filters["shown"] = with_links
    source = (files("helpdesk.mail") / "templates" / "layout.html").read_text("utf-8")
    return environment.from_string(source)
