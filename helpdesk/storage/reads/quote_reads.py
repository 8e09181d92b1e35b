"""What stands beside quotes: lines, the answer of the client, and what became of them."""

from collections.abc import Sequence

from sqlalchemy import Table, bindparam, select

from helpdesk.storage.query import in_list
from helpdesk.storage.reads.loader import Loader
from helpdesk.storage.reads.noun_table import AnySelect, NounTable, ToOne
from helpdesk.storage.tables.quote import QUOTE_ANSWER, QUOTE_CONVERSION, QUOTE_LINE
from helpdesk.usecases.read_models import THINGS, Branch, Noun, Thing, Wanted, thing_of

# What a quote became has no table that is read by selection, only a neighbour.
_WORK = NounTable(
    Noun.QUOTE_WORK, QUOTE_CONVERSION, ones={"ticket": ToOne("ticket_id", Noun.TICKET)}
)
_LINE = ("quote_id", "description", "quantity", "unit_cents", "vat_rate")
_ANSWER = ("quote_id", "kind", "name", "at", "document_hash", "reason", "then")
_CONVERSION = ("quote_id", "kind", "at", "ticket_id")


async def read_lines(loader: Loader, quotes: Sequence[Thing], branch: Branch, _: Wanted) -> None:
    """Give each quote its lines, in their order."""
    found: dict[str, list[Thing]] = {quote.id: [] for quote in quotes}
    rows = await loader.agency_rows("quote lines", _lines, parents=list(found))
    for row in rows:
        values = dict(zip(_LINE, row, strict=True))
        found[values["quote_id"]].append(Thing(**values))
    for quote in quotes:
        quote.keep(branch, found[quote.id])


async def read_answer(loader: Loader, quotes: Sequence[Thing], branch: Branch, _: Wanted) -> None:
    """Give each quote what the client answered, if he did; no hash of an address is shown."""
    ids = [quote.id for quote in quotes]
    rows = await loader.agency_rows("quote answers", _answers, parents=ids)
    found = {row[0]: Thing(**dict(zip(_ANSWER, row, strict=True))) for row in rows}
    for quote in quotes:
        quote.keep(branch, found.get(quote.id))


async def read_work(
    loader: Loader, quotes: Sequence[Thing], branch: Branch, wanted: Wanted
) -> None:
    """Give each quote what it became, if it became anything."""
    ids = [quote.id for quote in quotes]
    rows = await loader.agency_rows("quote conversions", _conversions, parents=ids)
    found = {
        row[0]: thing_of(THINGS[Noun.QUOTE_WORK], dict(zip(_CONVERSION, row, strict=True)))
        for row in rows
    }
    await loader.fill(_WORK, list(found.values()), wanted)
    for quote in quotes:
        quote.keep(branch, found.get(quote.id))


def _lines() -> AnySelect:
    return _of_quotes(QUOTE_LINE, _LINE).order_by(QUOTE_LINE.c.quote_id, QUOTE_LINE.c.place)


def _answers() -> AnySelect:
    return _of_quotes(QUOTE_ANSWER, _ANSWER)


def _conversions() -> AnySelect:
    return _of_quotes(QUOTE_CONVERSION, _CONVERSION)


def _of_quotes(table: Table, names: Sequence[str]) -> AnySelect:
    return select(*(table.c[name] for name in names)).where(
        table.c.agency_id == bindparam("agency_id"), in_list(table.c.quote_id, "parents")
    )
