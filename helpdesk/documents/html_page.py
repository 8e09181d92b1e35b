"""A page as HTML: one file, readable by everybody, printable, that fetches and runs nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from helpdesk.documents.page import (
    Bar,
    Block,
    Cell,
    Column,
    Figure,
    Items,
    Lines,
    Page,
    Section,
    Shares,
    Strip,
    SubHeading,
    Table,
    Tone,
)

CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""What a browser that shows the page may do: draw it, and load nothing."""

_FILLS = {
    Tone.PLAIN: "#e7e5e4",
    Tone.QUIET: "#d6d3d1",
    Tone.GOOD: "#86c79c",
    Tone.WARN: "#e8a33d",
    Tone.BAD: "#c93a3a",
}
_UNDER_AN_OVERAGE = "#a8a29e"
_BAR_HEIGHT = 12
_STRIP_CELL, _STRIP_GAP, _STRIP_HEIGHT = 20, 3, 22


def html_page(page: Page) -> str:
    """Return the whole document; every text of it is escaped."""
    return "".join(_document(page))


def _document(page: Page) -> Iterator[str]:
    title = escape(f"{page.title} – {page.subtitle} – {page.client}")
    yield f'<!DOCTYPE html>\n<html lang="{escape(page.language)}">\n<head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(CONTENT_SECURITY_POLICY)}">'
    yield f"<title>{title}</title>"
    yield f"<style>:root{{--accent:{escape(page.accent)}}}\n{_stylesheet()}</style></head>\n"
    yield "<body><main>\n<header>"
    yield f'<div class="who"><p class="agency">{escape(page.agency)}</p>'
    yield f'<p class="client">{escape(page.client)}</p></div>'
    yield f'<p class="kicker">{escape(page.title)}</p><h1>{escape(page.subtitle)}</h1>'
    yield f'<p class="about">{escape(" · ".join(page.about))}</p></header>\n'
    yield from _notice(page)
    yield from _figures(page)
    yield from _message(page)
    for section in page.sections:
        yield from _section(section)
    yield from _ends(page)
    yield "</main></body>\n</html>\n"


@cache
def _stylesheet() -> str:
    return (files("helpdesk.documents") / "templates" / "page.css").read_text("utf-8")


def _notice(page: Page) -> Iterator[str]:
    if page.notice:
        why = f"<br>{escape(page.notice_text)}" if page.notice_text else ""
        yield f'<p class="notice"><strong>{escape(page.notice)}</strong>{why}</p>\n'


def _figures(page: Page) -> Iterator[str]:
    yield '<ul class="figures">'
    for one in page.figures:
        yield f'<li><span class="label">{escape(one.label)}</span> '
        yield f'<span class="value {one.tone}">{escape(one.value)}</span></li>'
    yield "</ul>\n"


def _message(page: Page) -> Iterator[str]:
    if not (page.message or page.video_url):
        return
    yield '<div class="message">'
    if page.message:
        yield f"<h2>{escape(page.message_title)}</h2>"
        yield from (f"<p>{escape(line)}</p>" for line in page.message)
    if page.video_url:
        link, label = escape(page.video_url), escape(page.video_label)
        yield f'<p><a href="{link}" rel="noopener noreferrer" target="_blank">{label} →</a></p>'
    yield "</div>\n"


def _section(section: Section) -> Iterator[str]:
    name = f"rubric-{section.number}"
    yield f'<section aria-labelledby="{name}"><h2 id="{name}">'
    yield f'<span class="n">{section.number}</span>{escape(section.title)}</h2>'
    yield f'<p class="explained">{escape(section.explained)}</p>\n'
    for block in section.blocks:
        yield from _block(block)
    yield "</section>\n"


def _block(block: Block) -> Iterator[str]:
    return _DRAWERS[type(block)](block)


def _ends(page: Page) -> Iterator[str]:
    if page.ends:
        yield "<footer><dl>"
        yield from (f"<dt>{escape(what)}</dt><dd>{escape(said)}</dd>" for what, said in page.ends)
        yield "</dl></footer>\n"


def _badge(text: str, tone: Tone) -> str:
    return f'<span class="badge {tone}">{escape(text)}</span>' if text else ""


def _table(table: Table) -> Iterator[str]:
    caption = escape(table.caption)
    yield f'<div class="scroll" role="region" tabindex="0" aria-label="{caption}">'
    yield f"<table><caption>{caption}</caption><thead><tr>"
    for column in table.columns:
        yield f'<th scope="col"{_side(column)}>{escape(column.title)}</th>'
    yield "</tr></thead><tbody>\n"
    for row in table.rows:
        cells = zip(row, table.columns, strict=True)
        yield "<tr>" + "".join(_cell(cell, column) for cell, column in cells) + "</tr>\n"
    yield "</tbody>"
    if table.total:
        totals = zip(table.total, table.columns, strict=True)
        shown = "".join(f"<td{_side(column)}>{escape(text)}</td>" for text, column in totals)
        yield f"<tfoot><tr>{shown}</tr></tfoot>"
    yield "</table></div>\n"


def _side(column: Column) -> str:
    return ' class="num"' if column.is_number else ""


def _cell(cell: Cell, column: Column) -> str:
    names = ["wide" if column.share else "narrow", *(["num"] if column.is_number else [])]
    if cell.tone in {Tone.GOOD, Tone.WARN, Tone.BAD}:
        shown = _badge(cell.text, cell.tone)
    else:
        shown = f'<span class="{cell.tone}">{escape(cell.text)}</span>'
    notes = "".join(f'<span class="note">{escape(note)}</span>' for note in cell.notes)
    return f'<td class="{" ".join(names)}">{shown}{notes}</td>'


def _bar(bar: Bar) -> Iterator[str]:
    yield '<div class="gauge"><div class="top"><div>'
    yield f'<span class="name">{escape(bar.title)}</span>{_badge(bar.badge, bar.tone)}</div>'
    yield f'<span class="percent {bar.tone}">{escape(bar.figure)}</span></div>'
    if bar.figure:
        fill = _UNDER_AN_OVERAGE if bar.over else _FILLS[bar.tone]
        parts = [(bar.filled - bar.over, fill), (bar.over, _FILLS[Tone.BAD])]
        yield _drawn_bar(f"{bar.title} : {bar.figure}", parts)
    yield f'<p class="text">{escape(bar.text)}</p>'
    if bar.facts:
        facts = "".join(
            f"<div><dt>{escape(what)}</dt><dd>{escape(said)}</dd></div>" for what, said in bar.facts
        )
        yield f'<dl class="facts">{facts}</dl>'
    yield "</div>\n"


def _drawn_bar(label: str, parts: Iterable[tuple[float, str]]) -> str:
    """Return a bar of parts by their share of 100, each with its colour."""
    drawn = [f'<rect width="100" height="{_BAR_HEIGHT}" fill="{_FILLS[Tone.PLAIN]}"/>']
    start = 0.0
    for share, fill in parts:
        if share:
            size = f'x="{start:g}" width="{share:g}" height="{_BAR_HEIGHT}"'
            drawn.append(f'<rect {size} fill="{fill}"/>')
            start += share
    return (
        f'<svg role="img" aria-label="{escape(label)}" viewBox="0 0 100 {_BAR_HEIGHT}"'
        f' height="{_BAR_HEIGHT}" preserveAspectRatio="none" style="border-radius:6px">'
        f"{''.join(drawn)}</svg>"
    )


def _shares(shares: Shares) -> Iterator[str]:
    yield f'<h3>{escape(shares.title)}</h3><div class="shares">'
    for label, parts, text in shares.lines:
        whole = sum(part.count for part in parts)
        drawn = [(100 * part.count / whole, _FILLS[part.tone]) for part in parts]
        yield f"<span>{escape(label)}</span>{_drawn_bar(f'{label} : {text}', drawn)}"
        yield f'<span class="small">{escape(text)}</span>'
    yield "</div>\n"


def _figure(figure: Figure) -> Iterator[str]:
    yield f'<div class="key"><span class="value {figure.tone}">{escape(figure.value)}</span>'
    yield f'<div class="notes"><span class="site">{escape(figure.title)}</span>'
    yield _badge(figure.badge, figure.tone)
    yield f'<p class="text">{escape("  ·  ".join(figure.notes))}</p></div></div>\n'


def _strip(strip: Strip) -> Iterator[str]:
    step = _STRIP_CELL + _STRIP_GAP
    width = len(strip.days) * step - _STRIP_GAP
    yield f"<h3>{escape(strip.title)}</h3>"
    yield f'<svg role="img" aria-label="{escape(strip.text)}"'
    yield f' viewBox="0 0 {width} {_STRIP_HEIGHT}">'
    for place, day in enumerate(strip.days):
        size = f'x="{place * step}" width="{_STRIP_CELL}" height="{_STRIP_HEIGHT}" rx="3"'
        label = f"<title>{escape(day.label)}</title>"
        yield f'<rect {size} fill="{_FILLS[day.tone]}">{label}</rect>'
    yield f'</svg><p class="text">{escape(strip.text)}</p>\n'


def _items(items: Items) -> Iterator[str]:
    yield '<ul class="items">'
    for item in items.items:
        yield f'<li class="{item.tone}"><span class="label {item.tone}">{escape(item.label)}</span>'
        yield f'<span class="small">{escape(item.when)}</span>'
        yield f'<span class="what">{escape(item.text)}</span></li>'
    yield "</ul>\n"


def _lines(lines: Lines) -> Iterator[str]:
    name = "large" if lines.is_large else "text"
    yield from (f'<p class="{name}">{escape(text)}</p>' for text in lines.texts)


def _subheading(heading: SubHeading) -> Iterator[str]:
    yield f"<h3>{escape(heading.text)}</h3>"


# Any: each drawer takes the block of its own type.
_DRAWERS: Mapping[type, Callable[[Any], Iterator[str]]] = {
    Table: _table,
    Bar: _bar,
    Shares: _shares,
    Figure: _figure,
    Strip: _strip,
    Items: _items,
    Lines: _lines,
    SubHeading: _subheading,
}
