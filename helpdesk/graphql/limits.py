"""How deep, how wide and how dear a query may be; what a fragment holds counts where it is used."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    SelectionSetNode,
)

from helpdesk.graphql.query_errors import QueryErrorCode


@dataclass(frozen=True, slots=True)
class Limits:
    """What a request may be: each limit is far above what a page of an application needs.

    `points` bounds the objects that an answer may hold; the others bound the work before that.
    """

    depth: int = 15
    aliases: int = 50
    roots: int = 20
    directives: int = 50
    tokens: int = 4000
    points: int = 20_000


@dataclass(frozen=True, slots=True)
class Size:
    """How large a selection is once its fragments are put in place."""

    depth: int = 0
    aliases: int = 0
    directives: int = 0


class _Gauge:
    """Measures selections; each fragment is measured once, however often it is used."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._measured: dict[str, Size] = {}

    def size(self, selections: SelectionSetNode) -> Size:
        return _sum(self._size_of(node) for node in selections.selections)

    def _size_of(self, node: object) -> Size:
        if isinstance(node, FieldNode):
            return self._size_of_field(node)
        if isinstance(node, FragmentSpreadNode):
            inner = self._size_of_fragment(node.name.value)
        else:
            inner = self.size(node.selection_set)  # type: ignore[attr-defined]  # inline fragment
        directives = len(node.directives or ())  # type: ignore[attr-defined]  # every node has them
        return Size(inner.depth, inner.aliases, inner.directives + directives)

    def _size_of_field(self, node: FieldNode) -> Size:
        inner = Size()
        # Introspection has a rule of its own, and needs to go deep into lists of lists.
        if node.selection_set is not None and not node.name.value.startswith("__"):
            inner = self.size(node.selection_set)
        return Size(
            inner.depth + 1,
            inner.aliases + (node.alias is not None),
            inner.directives + len(node.directives or ()),
        )

    def _size_of_fragment(self, name: str) -> Size:
        if name not in self._measured:
            # A fragment that uses itself is refused by validation; here it only must not loop.
            self._measured[name] = Size()
            fragment = self._fragments.get(name)
            if fragment is not None:
                self._measured[name] = self.size(fragment.selection_set)
        return self._measured[name]


def _sum(sizes: Iterable[Size]) -> Size:
    depth = aliases = directives = 0
    for size in sizes:
        depth = max(depth, size.depth)
        aliases += size.aliases
        directives += size.directives
    return Size(depth, aliases, directives)


def too_large(document: DocumentNode, limits: Limits) -> list[GraphQLError]:
    """Return why a document is too large to be looked at any further, nothing when it is not."""
    gauge = _Gauge(
        {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
    )
    errors = []
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            size = gauge.size(definition.selection_set)
            roots = len(definition.selection_set.selections)
            errors += [too_complex(text) for text in _broken(size, roots, limits)]
    return errors


def too_complex(message: str) -> GraphQLError:
    """Return the error for a query that asks for too much."""
    return GraphQLError(message, extensions={"code": QueryErrorCode.QUERY_TOO_COMPLEX.value})


def too_dear(points: int, limits: Limits) -> GraphQLError:
    """Return the error for a query that costs too much."""
    return too_complex(
        f"This query costs {points} points and {limits.points} are allowed: ask for smaller pages "
        "or fewer nested lists."
    )


def _broken(size: Size, roots: int, limits: Limits) -> Iterable[str]:
    counted = (
        ("fields deep", size.depth, limits.depth, "split it"),
        ("aliases", size.aliases, limits.aliases, "use lists and filters instead"),
        ("directives", size.directives, limits.directives, "use fewer"),
        ("fields at its root", roots, limits.roots, "split it"),
    )
    for what, count, limit, advice in counted:
        if count > limit:
            yield f"This query is or has {count} {what} and {limit} are allowed: {advice}."
