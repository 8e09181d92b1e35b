"""Lists that are read page by page, in the shape that Relay knows."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, ClassVar, Generic, TypeVar

import strawberry

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.graphql.cursors import cursor, parse_cursor
from helpdesk.graphql.fields import Condition, Paged, attribute
from helpdesk.graphql.global_ids import id_of
from helpdesk.usecases.read_models import (
    DEFAULT_PAGE,
    LARGEST_PAGE,
    FilterValue,
    Order,
    OrderField,
    Page,
    PageAsk,
    Thing,
)

T = TypeVar("T")


class PageSizeRefused(HelpdeskError):
    """A page that is too long helps nobody: the next one is a cursor away."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "`{argument}` is {size}: ask for 1 to {limit} things at a time."
    french: ClassVar[str] = "« {argument} » vaut {size} : demandez de 1 à {limit} objets à la fois."


class PageFromBothEnds(HelpdeskError):
    """A page starts at one end."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "`first` and `last` were both given: give one of them."
    french: ClassVar[str] = "« first » et « last » sont donnés tous deux : n'en donnez qu'un."


@strawberry.enum(description="Which way a list is ordered.")
class OrderDirection(Enum):
    """Which way a list is ordered."""

    ASC = strawberry.enum_value("ASC", description="From the smallest or the earliest.")
    DESC = strawberry.enum_value("DESC", description="From the largest or the latest.")


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    """Where a page lies in its list."""

    has_next_page: bool = attribute(
        "Whether the list goes on after this page. With `last`, it says whether `before` was given."
    )
    has_previous_page: bool = attribute(
        "Whether the list has things before this page. With `first`, it says whether `after` was "
        "given."
    )
    start_cursor: str | None = attribute(
        "The cursor of the first thing; absent from an empty page."
    )
    end_cursor: str | None = attribute("The cursor of the last thing; absent from an empty page.")


@strawberry.type(description="A thing of a list, with its place in it.")
class Edge(Generic[T]):
    """A thing of a list, with its place in it."""

    cursor: str = attribute("Where the thing stands in this order: give it as `after` or `before`.")
    node: T = attribute("The thing.")


@strawberry.type(description="One page of a list.")
class Connection(Generic[T]):
    """One page of a list."""

    edges: list[Edge[T]] = attribute("The things of the page with their cursors.")
    nodes: list[T] = attribute("The things of the page.")
    page_info: PageInfo = attribute("Where the page lies in the list.")
    total_count: int = attribute(
        "How many things the whole list has; counted only when it is asked."
    )


class Cursors:
    """A page as the API shows it."""

    __slots__ = ("_page",)

    def __init__(self, page: Page) -> None:
        """Show this page."""
        self._page = page

    @property
    def nodes(self) -> object:
        """The things of the page."""
        return self._page.nodes

    @property
    def edges(self) -> list[Thing]:
        """The things of the page with their cursors."""
        page = self._page
        return [
            Thing(cursor=cursor(page.order, page.key(index)), node=node)
            for index, node in enumerate(page.nodes)
        ]

    @property
    def page_info(self) -> Thing:
        """Where the page lies in the list."""
        page = self._page
        count = len(page.nodes)
        return Thing(
            has_next_page=page.has_next,
            has_previous_page=page.has_previous,
            start_cursor=cursor(page.order, page.key(0)) if count else None,
            end_cursor=cursor(page.order, page.key(count - 1)) if count else None,
        )

    @property
    def total_count(self) -> int:
        """How many things the whole list has."""
        return self._page.total


def page_ask(paged: Paged, arguments: Mapping[str, Any]) -> PageAsk:  # Any: coerced arguments
    """Return which page the arguments of a field ask for.

    Raises PageSizeRefused, PageFromBothEnds, CursorMalformed, and IdMalformed for a filter.
    """
    first, last = arguments.get("first"), arguments.get("last")
    if first is not None and last is not None:
        raise PageFromBothEnds(path=("last",))
    for argument, size in (("first", first), ("last", last)):
        if size is not None and not 1 <= size <= LARGEST_PAGE:
            raise PageSizeRefused(
                path=(argument,), argument=argument, size=size, limit=LARGEST_PAGE
            )
    order = _order(paged, arguments.get("orderBy"))
    keys = {
        argument: None
        if arguments.get(argument) is None
        else parse_cursor(arguments[argument], order, argument=argument)
        for argument in ("after", "before")
    }
    return PageAsk(
        order=order,
        size=first or last or DEFAULT_PAGE,
        is_backward=last is not None,
        after=keys["after"],
        before=keys["before"],
        conditions=_conditions(paged, arguments.get("filter")),
    )


def _conditions(paged: Paged, given: Any) -> tuple[tuple[str, FilterValue], ...]:
    # Any: a coerced input, which holds what was given and nothing else.
    return tuple(
        (condition.name, _filter_value(name, condition, given[name]))
        for name, condition in paged.conditions.items()
        if given is not None and given.get(name) is not None
    )


def _filter_value(name: str, condition: Condition, value: Any) -> FilterValue:  # Any: likewise
    if isinstance(value, str) and condition.name == "email":
        return value.lower()
    if not isinstance(value, list):
        single: FilterValue = value
        return single
    if condition.noun is None:
        return tuple(str(one) for one in value)
    return tuple(id_of(condition.noun, one, path=("filter", name)) for one in value)


def _order(paged: Paged, given: Any) -> Order:  # Any: a coerced input
    if given is None:
        return paged.order
    is_descending = OrderDirection(given["direction"]) is OrderDirection.DESC
    return Order(OrderField(given["field"].value), is_descending=is_descending)
