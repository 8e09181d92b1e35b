"""What the doors read: what was wanted is there, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from helpdesk.domain.access import NotFound, Viewer
from helpdesk.usecases.read_models import (
    SORT_COLUMNS,
    THINGS,
    Branch,
    Noun,
    Order,
    OrderField,
    Page,
    PageAsk,
    Thing,
    Wanted,
    one,
    thing_of,
)
from tests.factories import MONDAY, a_viewer

BY_NAME = Order(OrderField.NAME)
FIRST_TWO = PageAsk(BY_NAME, size=2)


@dataclass
class ShelfReader:
    """A reader of a few things."""

    things: dict[str, Thing]
    viewer: Viewer = field(default_factory=a_viewer)
    at = MONDAY
    clocks: list[Thing] = field(default_factory=list)

    async def page(self, noun: Noun, ask: PageAsk, wanted: Wanted) -> Page:
        return Page(order=ask.order)

    async def by_ids(self, noun: Noun, ids: Sequence[str], wanted: Wanted) -> dict[str, Thing]:
        return {thing_id: self.things[thing_id] for thing_id in ids if thing_id in self.things}

    async def ticket_id(self, number: str) -> str | None:
        return None

    async def all_calendars(self) -> list[Thing]:
        raise NotImplementedError


async def test_a_thing_that_exists_for_the_viewer_is_read() -> None:
    ticket = Thing(number="1")

    assert await one(ShelfReader({"t1": ticket}), Noun.TICKET, "t1", Wanted()) is ticket


async def test_a_thing_that_does_not_exist_for_the_viewer_is_not_found() -> None:
    with pytest.raises(NotFound) as refusal:
        await one(ShelfReader({}), Noun.TICKET, "t1", Wanted())

    assert refusal.value.values == {"what": "Ticket", "id": "t1"}


def test_what_was_not_asked_for_is_not_there() -> None:
    ticket = thing_of(THINGS[Noun.TICKET], {"number": "1"})

    assert (ticket.number, ticket.noun) == ("1", Noun.TICKET)
    with pytest.raises(AttributeError, match="subject of Ticket was not read"):
        _ = ticket.subject


def test_every_noun_has_a_class_that_knows_it() -> None:
    assert {noun: kind.noun for noun, kind in THINGS.items()} == {noun: noun for noun in Noun}
    assert Thing().noun is None


def test_what_lies_along_a_branch_is_held_by_what_was_asked() -> None:
    ticket, client = Thing(), Thing()
    all_of_it = Branch("messages", PageAsk(BY_NAME, size=100))
    ticket.keep(Branch("client"), client)
    ticket.keep(Branch("messages", FIRST_TWO), "two")
    ticket.keep(all_of_it, "all")

    assert ticket.client is client
    assert ticket.along(Branch("messages", FIRST_TWO)) == "two"
    assert ticket.along(all_of_it) == "all"


def test_a_branch_is_wanted_once() -> None:
    wanted = Wanted()
    messages = wanted.branch(Branch("messages", FIRST_TWO))
    messages.leaves.add("body")

    assert wanted.branch(Branch("messages", FIRST_TWO)) is messages
    assert wanted.along("messages") == Wanted()
    wanted.branch(Branch("client")).leaves.add("name")
    assert wanted.along("client").leaves == {"name"}


def test_what_is_wanted_of_a_kind_is_wanted_of_no_other() -> None:
    wanted = Wanted(on={"Ticket": Wanted({"number"})})

    assert wanted.of("Ticket").leaves == {"number"}
    assert wanted.of("Client") == Wanted()


def test_a_page_knows_where_its_things_stand() -> None:
    things = [Thing(name="a"), Thing(name="b")]
    page = Page(things, [("a", "1"), ("b", "2")], order=BY_NAME, has_next=True)

    assert (page.nodes, page.order) == (things, BY_NAME)
    assert (page.has_next, page.has_previous) == (True, False)
    assert [page.key(index) for index in range(2)] == [("a", "1"), ("b", "2")]


def test_a_total_is_there_only_when_it_was_asked_for() -> None:
    page = Page(order=BY_NAME)
    with pytest.raises(AttributeError, match="the total was not asked for"):
        _ = page.total

    page.total = 0

    assert page.total == 0


def test_a_nullable_sort_column_stands_alone() -> None:
    assert SORT_COLUMNS.keys() == set(OrderField)
    for columns in SORT_COLUMNS.values():
        assert len(columns) == 1 or not any(column.is_nullable for column in columns)
