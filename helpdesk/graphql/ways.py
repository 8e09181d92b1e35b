"""How each field of the schema finds its value, worked out once when the schema is built."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, TypeAlias

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    get_named_type,
    is_interface_type,
    is_leaf_type,
    is_object_type,
)
from strawberry.types.field import StrawberryField

from helpdesk.domain.access import Scope
from helpdesk.graphql.connection import Cursors, page_ask
from helpdesk.graphql.fields import ASKED, COMPUTED, PAGED, POINTS, SCOPE, Computed, Paged
from helpdesk.graphql.global_ids import NODES, global_id
from helpdesk.usecases.read_models import Branch, Noun, Page, Thing

# Any: a thing, a request, coerced arguments.
Arguments: TypeAlias = Mapping[str, Any]
Get: TypeAlias = Callable[[Any], Any]

WAY = "helpdesk:way"
_DECLARATION = "strawberry-definition"
_ROOTS = frozenset({"Query", "Mutation"})


@dataclass(frozen=True, slots=True)
class Way:
    """How a field finds its value.

    `name` is the attribute of the thing. A `paged` field and an `is_asked` one take arguments. A
    `computed` one takes the request. `resolved` says that a resolver of its own gives the value.
    """

    name: str
    is_leaf: bool
    paged: Paged | None = None
    is_asked: bool = False
    computed: Computed | None = None
    scope: Scope | None = None
    points: int = 1
    is_resolved: bool = False

    def branch(self, arguments: Arguments) -> Branch:
        """Return the way to what lies along the field when it is asked this."""
        if self.paged is not None:
            return Branch(self.name, page_ask(self.paged, arguments))
        given = tuple((key, value) for key, value in arguments.items() if value is not None)
        return Branch(self.name, given or None)

    def getter(self, arguments: Arguments, request: object) -> Get:
        """Return the function from a thing to the value of the field."""
        computed = self.computed
        if computed is not None:
            return lambda thing: computed.value(thing, request)
        if self.paged is not None:
            branch = self.branch(arguments)
            return lambda thing: Cursors(thing.along(branch))
        if self.is_asked and (branch := self.branch(arguments)).ask is not None:
            return lambda thing: thing.along(branch)
        return attrgetter(self.name)


def way_of(field: GraphQLField) -> Way:
    """Return how a field of the prepared schema finds its value."""
    way: Way = field.extensions[WAY]
    return way


def prepare(schema: GraphQLSchema) -> None:
    """Give every field of the schema its way, and a resolver that goes it.

    Strawberry's own resolvers build arguments and an info object for each field of each row, and
    its types check each row; all that is left out here, because things know what they are.
    """
    for graphql_type in schema.type_map.values():
        if graphql_type.name.startswith("__"):
            continue
        if is_interface_type(graphql_type):
            graphql_type.resolve_type = _kind_of
        elif is_object_type(graphql_type):
            graphql_type.is_type_of = None
            for name, field in graphql_type.fields.items():
                _prepare(graphql_type, name, field)


def _prepare(parent: GraphQLObjectType, name: str, field: GraphQLField) -> None:
    declared: StrawberryField = field.extensions[_DECLARATION]
    metadata = declared.metadata
    is_node_id = name == "id" and parent.name in NODES
    way = Way(
        name=declared.python_name,
        is_leaf=is_leaf_type(get_named_type(field.type)),
        paged=metadata.get(PAGED),
        is_asked=bool(metadata.get(ASKED)),
        computed=_identity(Noun(parent.name)) if is_node_id else metadata.get(COMPUTED),
        scope=metadata.get(SCOPE),
        points=metadata.get(POINTS, 1),
        is_resolved=declared.base_resolver is not None,
    )
    field.extensions = {**field.extensions, WAY: way}
    if not way.is_resolved:
        field.resolve = _root_page(way) if parent.name in _ROOTS else _along(way)


def _identity(noun: Noun) -> Computed:
    return Computed(lambda thing, _: global_id(noun, thing.id), frozenset({"id"}))


def _kind_of(thing: Thing, *_: object) -> str | None:
    return None if thing.noun is None else thing.noun.value


def _along(way: Way) -> Callable[..., object]:
    def resolve(source: object, info: GraphQLResolveInfo[Any], **arguments: object) -> object:
        return way.getter(arguments, info.context)(source)

    return resolve


def _root_page(way: Way) -> Callable[..., object]:
    paged = way.paged
    assert paged is not None  # noqa: S101 - the other fields of the roots have resolvers

    async def resolve(_: object, info: GraphQLResolveInfo[Any], **arguments: Any) -> Cursors:
        wanted = info.context.wanted(info.path)
        reader = info.context.reader()
        page: Page = await reader.page(paged.noun, page_ask(paged, arguments), wanted)
        await info.context.explain(reader, wanted)
        return Cursors(page)

    return resolve
