"""What an operation wants, read from its text once, before anything is executed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_interface_type,
    is_object_type,
)
from graphql.execution.values import VariableValues, get_argument_values, get_directive_values
from graphql.type.directives import GraphQLIncludeDirective, GraphQLSkipDirective

from helpdesk.domain.access import Scope
from helpdesk.graphql.scopes import SCOPE_OF_TYPE
from helpdesk.graphql.ways import WAY, Way
from helpdesk.usecases.read_models import Branch, PageAsk, Wanted


@dataclass(slots=True)
class RootPlan:
    """What is wanted of one root field, the scopes that it takes and the points that it costs."""

    wanted: Wanted = field(default_factory=Wanted)
    scopes: set[Scope] = field(default_factory=set)
    points: int = 0


@dataclass(slots=True)
class Plan:
    """What is wanted of an operation, by the name that each root field has in the answer."""

    roots: dict[str, RootPlan] = field(default_factory=dict)

    @property
    def points(self) -> int:
        """What the operation costs: about the number of objects that it may give."""
        return sum(root.points for root in self.roots.values())


def plan_of(
    schema: GraphQLSchema,
    fragments: Mapping[str, FragmentDefinitionNode],
    operation: OperationDefinitionNode,
    variables: VariableValues,
) -> Plan:
    """Return what a valid operation wants. Raises what the arguments of a page are refused for."""
    root_type = schema.get_root_type(operation.operation)
    assert root_type is not None  # noqa: S101 - the document is valid
    walk = _Walk(schema, fragments, variables)
    plan = Plan()
    for node in walk.fields(root_type, operation.selection_set):
        declared = root_type.fields.get(node.name.value)
        if declared is not None:
            response_name = node.alias.value if node.alias else node.name.value
            walk.root = plan.roots.setdefault(response_name, RootPlan())
            walk.enter(declared, node, walk.root.wanted, 1)
    return plan


class _Walk:
    """Goes through the selections of an operation, fragments included."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: VariableValues,
    ) -> None:
        self.root = RootPlan()
        self._schema = schema
        self._fragments = fragments
        self._variables = variables

    def fields(self, parent: GraphQLNamedType, selections: SelectionSetNode) -> Iterable[FieldNode]:
        """Yield the fields that are selected of things of one type."""
        for node in selections.selections:
            if self._is_left_out(node):
                continue
            if isinstance(node, FieldNode):
                yield node
                continue
            assert isinstance(node, FragmentSpreadNode | InlineFragmentNode)  # noqa: S101 - else
            condition, inner = self._fragment(node)
            if condition is None or self._applies(condition, parent):
                yield from self.fields(parent, inner)

    def enter(self, declared: GraphQLField, node: FieldNode, wanted: Wanted, times: int) -> None:
        """Take in what is wanted along a field, of as many things as `times` says."""
        way: Way = declared.extensions[WAY]
        if way.scope is not None:
            self.root.scopes.add(way.scope)
        target = get_named_type(declared.type)
        if node.selection_set is None:
            return
        if way.paged is not None:
            self._take_scope(way.paged.noun.value)
            size = _size(way.branch(self._arguments(declared, node)))
            self.root.points += times
            self._take_page(target, node.selection_set, wanted, times * size)
            return
        self.root.points += times * way.points
        self._take(target, node.selection_set, wanted, times * way.points)

    def _take(
        self, kind: GraphQLNamedType, selections: SelectionSetNode, wanted: Wanted, times: int
    ) -> None:
        if is_interface_type(kind):
            points = self.root.points
            most = points
            for possible in self._schema.get_possible_types(kind):
                self.root.points = points
                one = wanted.on.setdefault(possible.name, Wanted())
                self._take_fields(possible, selections, one, times)
                most = max(most, self.root.points)
            self.root.points = most
            return
        assert is_object_type(kind)  # noqa: S101 - there are no unions
        self._take_scope(kind.name)
        self._take_fields(kind, selections, wanted, times)

    def _take_scope(self, type_name: str) -> None:
        if type_name in SCOPE_OF_TYPE:
            self.root.scopes.add(SCOPE_OF_TYPE[type_name])

    def _take_fields(
        self, kind: GraphQLObjectType, selections: SelectionSetNode, wanted: Wanted, times: int
    ) -> None:
        for node in self.fields(kind, selections):
            declared = kind.fields.get(node.name.value)
            if declared is not None:
                self._take_field(declared, node, wanted, times)

    def _take_field(
        self, declared: GraphQLField, node: FieldNode, wanted: Wanted, times: int
    ) -> None:
        way: Way = declared.extensions[WAY]
        if way.computed is not None:
            wanted.leaves |= way.computed.needs
        elif way.is_leaf and way.is_asked:
            self.root.points += times * way.points
            wanted.branch(way.branch(self._arguments(declared, node)))
        elif way.is_leaf:
            wanted.leaves.add(way.name)
        else:
            branch = way.branch(self._arguments(declared, node))
            self.enter(declared, node, wanted.branch(branch), times)

    def _take_page(
        self, kind: GraphQLNamedType, selections: SelectionSetNode, wanted: Wanted, times: int
    ) -> None:
        assert is_object_type(kind)  # noqa: S101 - a connection
        for node in self.fields(kind, selections):
            name = node.name.value
            wanted.is_counted |= name == "totalCount"
            wanted.has_rows |= name in {"nodes", "edges", "pageInfo"}
            if node.selection_set is not None and name == "nodes":
                self._take_nodes(kind.fields["nodes"], node, wanted, times)
            elif node.selection_set is not None and name == "edges":
                edge = get_named_type(kind.fields["edges"].type)
                assert is_object_type(edge)  # noqa: S101 - it is declared so
                for inner in self.fields(edge, node.selection_set):
                    if inner.name.value == "node":
                        self._take_nodes(edge.fields["node"], inner, wanted, times)

    def _take_nodes(
        self, declared: GraphQLField, node: FieldNode, wanted: Wanted, times: int
    ) -> None:
        if node.selection_set is not None:
            self.root.points += times
            self._take(get_named_type(declared.type), node.selection_set, wanted, times)

    def _arguments(self, declared: GraphQLField, node: FieldNode) -> dict[str, Any]:
        # Any: coerced arguments.
        if not declared.args:
            return {}
        return get_argument_values(declared, node, self._variables)

    def _fragment(
        self, node: FragmentSpreadNode | InlineFragmentNode
    ) -> tuple[str | None, SelectionSetNode]:
        if isinstance(node, FragmentSpreadNode):
            fragment = self._fragments[node.name.value]
            return fragment.type_condition.name.value, fragment.selection_set
        condition = node.type_condition
        return condition.name.value if condition else None, node.selection_set

    def _applies(self, condition: str, parent: GraphQLNamedType) -> bool:
        kind = self._schema.type_map[condition]
        if kind is parent:
            return True
        return (
            is_interface_type(kind)
            and isinstance(parent, GraphQLObjectType)
            and self._schema.is_sub_type(kind, parent)
        )

    def _is_left_out(self, node: Any) -> bool:  # Any: one of the three kinds of selection
        if not node.directives:
            return False
        skip = get_directive_values(GraphQLSkipDirective, node, self._variables)
        include = get_directive_values(GraphQLIncludeDirective, node, self._variables)
        return bool(skip and skip["if"]) or bool(include and not include["if"])


def _size(branch: Branch) -> int:
    assert isinstance(branch.ask, PageAsk)  # noqa: S101 - it is the way of a page
    return branch.ask.size
