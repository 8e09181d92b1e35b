"""What a page is made of, whoever draws it: typst or HTML. All text is final, in one language."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias


class Tone(StrEnum):
    """What the colour of something says; a word beside it always says the same."""

    PLAIN = "plain"
    QUIET = "quiet"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: a text, shown as a badge if it has a tone, and notes below it."""

    text: str
    notes: tuple[str, ...] = ()
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, its share of the width (0 for as much as it needs), its side."""

    title: str
    share: int = 0
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption for those who do not see it; `total` is its last row, if any."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[str, ...] = ()
    kind: str = "table"


@dataclass(frozen=True, slots=True)
class Bar:
    """A gauge: how much of its length is filled, 0 to 100, and the same in words.

    `over` is how much of the filled length lies over the limit.
    """

    title: str
    badge: str
    tone: Tone
    figure: str
    filled: int
    over: int
    text: str
    facts: tuple[tuple[str, str], ...] = ()
    kind: str = "bar"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a whole, counted."""

    label: str
    count: int
    tone: Tone


@dataclass(frozen=True, slots=True)
class Shares:
    """Lines of which each shows how a number is made up, as a bar and in words."""

    title: str
    lines: tuple[tuple[str, tuple[Part, ...], str], ...]
    kind: str = "shares"


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure, large, with a badge and what explains it."""

    title: str
    value: str
    badge: str
    tone: Tone
    notes: tuple[str, ...] = ()
    kind: str = "figure"


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a strip."""

    label: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Strip:
    """The days of a month side by side, and the same in words."""

    title: str
    days: tuple[Day, ...]
    text: str
    kind: str = "strip"


@dataclass(frozen=True, slots=True)
class Item:
    """A point of a list: what sort, what about, when."""

    label: str
    text: str
    when: str = ""
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Items:
    """Points one below the other."""

    items: tuple[Item, ...]
    kind: str = "items"


@dataclass(frozen=True, slots=True)
class Lines:
    """Plain lines; large ones for what is read first."""

    texts: tuple[str, ...]
    is_large: bool = False
    kind: str = "lines"


@dataclass(frozen=True, slots=True)
class SubHeading:
    """A heading within a section."""

    text: str
    kind: str = "subheading"


Block: TypeAlias = Table | Bar | Shares | Figure | Strip | Items | Lines | SubHeading


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered section, the line that explains it, and its blocks."""

    number: int
    title: str
    explained: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure of the strip at the top."""

    label: str
    value: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Page:
    """A whole document: what stands at its head, its sections, and what stands at its end."""

    language: str
    title: str
    subtitle: str
    agency: str
    client: str
    about: tuple[str, ...]
    notice: str
    notice_text: str
    figures: tuple[KeyFigure, ...]
    sections: tuple[Section, ...]
    message_title: str = ""
    message: tuple[str, ...] = ()
    video_label: str = ""
    video_url: str = ""
    ends: tuple[tuple[str, str], ...] = field(default=())
    foot: str = ""
    accent: str = "#0f4c5c"
