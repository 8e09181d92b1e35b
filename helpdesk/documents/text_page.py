"""A page as plain lines, for a terminal."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from helpdesk.documents.page import (
    Bar,
    Block,
    Figure,
    Items,
    Lines,
    Page,
    Shares,
    Strip,
    SubHeading,
    Table,
)


def text_page(page: Page) -> str:
    """Return a page in words: what its charts show stands beside them anyway."""
    return "\n".join(_lines(page)) + "\n"


def _lines(page: Page) -> Iterator[str]:
    yield f"{page.title}, {page.subtitle} – {page.agency} / {page.client}"
    yield from page.about
    yield from filter(None, (page.notice, page.notice_text))
    yield ""
    yield from (f"{one.label} : {one.value}" for one in page.figures)
    if page.message:
        yield from ("", *page.message)
    yield from filter(None, (page.video_url,))
    for section in page.sections:
        yield from ("", f"{section.number}. {section.title}")
        for block in section.blocks:
            yield from (f"   {line}" for line in _block(block))
    yield from ("", *(f"{what} : {said}" for what, said in page.ends))


def _block(block: Block) -> Iterator[str]:
    return _TELLERS[type(block)](block)


def _table(table: Table) -> Iterator[str]:
    for row in table.rows:
        yield " | ".join(cell.text for cell in row)
        yield from (f"  {note}" for cell in row for note in cell.notes)


def _bar(bar: Bar) -> Iterator[str]:
    yield " ".join(filter(None, (f"{bar.title} : {bar.badge}", bar.figure)))
    yield f"  {bar.text}"


def _figure(figure: Figure) -> Iterator[str]:
    yield " ".join(filter(None, (f"{figure.title} : {figure.value}", figure.badge)))


def _shares(shares: Shares) -> Iterator[str]:
    yield from (f"{label} : {text}" for label, _, text in shares.lines)


def _items(items: Items) -> Iterator[str]:
    for item in items.items:
        yield " | ".join(filter(None, (item.label, item.when, item.text)))


def _text(block: Strip | SubHeading) -> Iterator[str]:
    yield block.text


def _plain(block: Lines) -> Iterator[str]:
    yield from block.texts


# Any: each teller takes the block of its own type.
_TELLERS: Mapping[type, Callable[[Any], Iterator[str]]] = {
    Lines: _plain,
    Table: _table,
    Bar: _bar,
    Figure: _figure,
    Shares: _shares,
    Items: _items,
    Strip: _text,
    SubHeading: _text,
}
