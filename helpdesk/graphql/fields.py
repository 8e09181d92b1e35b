"""How the fields of the API are declared: each with its description, and how it finds its value.

The types of the API are only declarations. Values are things that were read beforehand, so a
field is an attribute of its thing, a page of things, or a value computed from both.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.enum import StrawberryEnumDefinition
from strawberry.types.field import StrawberryField
from strawberry.utils.str_converters import to_camel_case

from helpdesk.domain.access import Scope
from helpdesk.usecases.read_models import DEFAULT_PAGE, LARGEST_PAGE, Noun, Order

PAGED = "helpdesk:paged"
ASKED = "helpdesk:asked"
COMPUTED = "helpdesk:computed"
SCOPE = "helpdesk:scope"
POINTS = "helpdesk:points"
CONDITION = "helpdesk:condition"


@dataclass(frozen=True, slots=True)
class Condition:
    """What a field of a filter asks of the things: its name there, and what its ids are of."""

    name: str
    noun: Noun | None = None


@dataclass(frozen=True, slots=True)
class Paged:
    """A list that is read page by page: of what, in which order unless another is asked for.

    `conditions` are those that its filter knows, by their names in the API.
    """

    noun: Noun
    order: Order
    conditions: Mapping[str, Condition]


@dataclass(frozen=True, slots=True)
class Computed:
    """A value computed from the thing and the request; `needs` names the attributes it takes."""

    value: Callable[[Any, Any], object]  # Any: a thing and the request it was read for
    needs: frozenset[str]


def attribute(
    description: str, *, name: str | None = None, points: int = 1, scope: Scope | None = None
) -> Any:  # Any: the declared type of the field
    """Return a field that is an attribute of its thing.

    `points` is what an object, or a list that has no pages, adds to the cost of a query; `scope`
    is what it takes beside the scope of its type.
    """
    metadata = {POINTS: points, SCOPE: scope}
    return strawberry.field(description=description, name=name, metadata=metadata)


def computed(
    description: str,
    value: Callable[[Any, Any], object],  # Any: as above
    *,
    needs: tuple[str, ...],
) -> Any:  # Any: the declared type of the field
    """Return a field whose value is computed from attributes of its thing and the request."""
    return strawberry.field(
        description=description, metadata={COMPUTED: Computed(value, frozenset(needs))}
    )


def asked(
    description: str, *, points: int = 1, **arguments: Any
) -> Any:  # Any: annotations, and the field's type
    """Return a field whose thing depends on arguments; each is given as its annotation.

    `points` is what it adds to the cost of a query.
    """
    declared: StrawberryField = strawberry.field(
        description=description, metadata={ASKED: True, POINTS: points}
    )
    declared.arguments = [_argument(name, kind) for name, kind in arguments.items()]
    return declared


def paged(
    description: str,
    noun: Noun,
    *,
    order: Order,
    orders: Any = None,  # Any: an input type
    filters: Any = None,  # Any: likewise
    scope: Scope | None = None,
) -> Any:  # Any: the declared type of the field
    """Return a field that is a list of things, read page by page."""
    declared: StrawberryField = strawberry.field(
        description=description,
        metadata={PAGED: Paged(noun, order, _conditions(filters)), SCOPE: scope},
    )
    declared.arguments = [_argument(name, kind) for name, kind in _PAGE_ARGUMENTS.items()]
    if filters is not None:
        text = "Only the things that meet every condition given here."
        declared.arguments.append(_argument("filter", Annotated[filters | None, _said(text)]))
    if orders is not None:
        text = f"The order of the list; {_spoken(order)} unless said otherwise."
        declared.arguments.append(_argument("order_by", Annotated[orders | None, _said(text)]))
    return declared


def condition(
    description: str, name: str, *, ids_of: Noun | None = None
) -> Any:  # Any: the declared type of the field
    """Return a field of a filter; one that is left out asks nothing."""
    return strawberry.field(
        description=description,
        default=strawberry.UNSET,
        metadata={CONDITION: Condition(name, ids_of)},
    )


def optional(
    description: str, default: object = strawberry.UNSET, *, name: str | None = None
) -> Any:  # Any: the declared type of the field
    """Return a field of an input that may be left out."""
    return strawberry.field(description=description, default=default, name=name)


def described_enum(
    kind: Any, name: str, description: str, values: Mapping[Any, str]
) -> Any:  # Any: an enumeration of the domain
    """Declare an enumeration of the domain in the API, with a sentence for each value."""
    declared = strawberry.enum(kind, name=name, description=description)
    definition: StrawberryEnumDefinition = declared.__strawberry_definition__
    for value in definition.values:
        value.description = values[kind[value.name]]
    return declared


def _said(text: str) -> Any:  # Any: what strawberry gives
    return strawberry.argument(description=text)


_PAGE_ARGUMENTS: Mapping[str, Any] = {  # Any: annotations
    "first": Annotated[
        int | None,
        _said(
            f"How many things from the start of the list, or after `after`: 1 to {LARGEST_PAGE}, "
            f"{DEFAULT_PAGE} when neither `first` nor `last` is given."
        ),
    ],
    "after": Annotated[str | None, _said("The cursor of the thing that the page comes after.")],
    "last": Annotated[
        int | None,
        _said(
            f"How many things from the end of the list, or before `before`: 1 to {LARGEST_PAGE}."
        ),
    ],
    "before": Annotated[str | None, _said("The cursor of the thing that the page comes before.")],
}


def _argument(name: str, kind: Any) -> StrawberryArgument:  # Any: an annotation
    return StrawberryArgument(
        python_name=name,
        graphql_name=None,
        type_annotation=StrawberryAnnotation(kind),
        default=strawberry.UNSET,
    )


def _conditions(filters: Any) -> Mapping[str, Condition]:  # Any: an input type
    if filters is None:
        return {}
    return {
        to_camel_case(declared.python_name): declared.metadata[CONDITION]
        for declared in filters.__strawberry_definition__.fields
    }


def _spoken(order: Order) -> str:
    return f"{order.field.value} {'DESC' if order.is_descending else 'ASC'}"
