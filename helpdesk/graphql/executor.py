"""Executes what lies under a loaded thing as plain functions; graphql-core does everything else.

Below the root everything was loaded beforehand, so a field is a function from a thing to a value.
The functions of a selection are put together once, then applied to each row. Whatever does not
fit (a missing value, a resolver of its own, introspection) is handed to graphql-core, which
executes it again and says what is wrong: errors, their paths and nulls are its own.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeAlias

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    is_enum_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from graphql.execution import Executor
from graphql.execution.collect_fields import FieldDetails, FieldDetailsList, GroupedFieldSet
from graphql.execution.values import get_argument_values
from graphql.pyutils import Path
from graphql.type import GraphQLBoolean, GraphQLID, GraphQLInt, GraphQLString
from typing_extensions import override

from helpdesk.graphql.ways import WAY, Get, Way

# Any: values of the answer.
Complete: TypeAlias = Callable[[Any], Any]
Parts: TypeAlias = list[tuple[str, Get, Complete]]

_EXACT = {GraphQLString: str, GraphQLID: str, GraphQLInt: int, GraphQLBoolean: bool}


class NotPlain(Exception):
    """Something is not a plain function of a loaded thing."""


class PlainExecutor(Executor[Any]):
    """An executor that applies functions to loaded things where that is all there is to do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: graphql-core's own
        super().__init__(*args, **kwargs)
        self._parts: dict[int, tuple[GroupedFieldSet, Parts | None]] = {}
        self.handed_over = 0
        """How many objects graphql-core executed itself, below the root."""

    @override
    def execute_fields(  # Any: graphql-core's own
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Path | None,
        grouped_field_set: GroupedFieldSet,
        position_context: Any,
    ) -> Any:
        if path is not None:
            parts = self._parts_of(parent_type, grouped_field_set)
            if parts is not None:
                try:
                    return {name: complete(get(source_value)) for name, get, complete in parts}
                except Exception:  # noqa: S110 - graphql-core says what is wrong
                    pass
            self.handed_over += 1
        return super().execute_fields(
            parent_type, source_value, path, grouped_field_set, position_context
        )

    def _parts_of(self, parent: GraphQLObjectType, fields: GroupedFieldSet) -> Parts | None:
        # Kept with the set, so that its id is not given to another one.
        kept = self._parts.get(id(fields))
        if kept is None:
            try:
                parts: Parts | None = self._put_together(parent, fields)
            except NotPlain:
                parts = None
            kept = self._parts[id(fields)] = (fields, parts)
        return kept[1]

    def _put_together(self, parent: GraphQLObjectType, fields: GroupedFieldSet) -> Parts:
        return [(name, *self._part(parent, details)) for name, details in fields.items()]

    def _part(self, parent: GraphQLObjectType, details: FieldDetailsList) -> tuple[Get, Complete]:
        node = details[0].node
        if node.name.value == "__typename":
            name = parent.name
            return (lambda _: name), _as_it_is
        field = parent.fields.get(node.name.value)
        way = None if field is None else field.extensions.get(WAY)
        if field is None or way is None or way.is_resolved:
            raise NotPlain
        return self._getter(field, way, details[0]), self._completion(field.type, details)

    def _getter(self, field: GraphQLField, way: Way, details: FieldDetails) -> Get:
        arguments = {}
        if field.args:
            arguments = get_argument_values(
                field, details.node, self.variable_values, details.fragment_variable_values
            )
        return way.getter(arguments, self.context_value)

    def _completion(self, kind: GraphQLOutputType, details: FieldDetailsList) -> Complete:
        if is_non_null_type(kind):
            return self._completion_of_value(kind.of_type, details)
        complete = self._completion_of_value(kind, details)
        return lambda value: None if value is None else complete(value)

    def _completion_of_value(self, kind: GraphQLOutputType, details: FieldDetailsList) -> Complete:
        """Return the completion of values that are not null; it raises for one that is."""
        if is_list_type(kind):
            item = self._completion(kind.of_type, details)
            return lambda values: [item(value) for value in values]
        if is_leaf_type(kind):
            return _leaf(kind)
        if not is_object_type(kind):
            raise NotPlain
        fields = self.collect_subfields(kind, details).grouped_field_set
        parts = self._put_together(kind, fields)
        return lambda thing: {name: complete(get(thing)) for name, get, complete in parts}


def _as_it_is(value: Any) -> Any:  # Any: a value of the answer
    return value


def _leaf(kind: Any) -> Complete:  # Any: a scalar or an enumeration
    if is_enum_type(kind):
        named: Complete = {value.value: name for name, value in kind.values.items()}.__getitem__
        return named
    coerce = _coercion(kind)
    if kind.name == "DateTime":
        # orjson writes an instant in UTC as the scalar does, and faster.
        return lambda value: (
            value if value.__class__ is datetime and value.tzinfo is UTC else coerce(value)
        )
    exact = _EXACT.get(kind)
    if exact is None:
        return coerce
    return lambda value: value if value.__class__ is exact else coerce(value)


def _coercion(kind: Any) -> Complete:  # Any: a scalar
    coerce: Complete = kind.coerce_output_value

    def coerced(value: Any) -> Any:  # Any: a value of the answer
        if value is None:
            raise NotPlain
        return coerce(value)

    return coerced
