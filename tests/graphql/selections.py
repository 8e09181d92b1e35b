"""Queries that select everything, made from the schema."""

from graphql import GraphQLObjectType, get_named_type, is_leaf_type, is_object_type

from helpdesk.graphql.fields import PAGED
from tests.graphql.world import SCHEMA


def everything_of(kind: GraphQLObjectType, depth: int) -> str:
    """Return a selection of every field of a type, and of what it leads to."""
    parts = ["__typename"]
    for name, field in kind.fields.items():
        target = get_named_type(field.type)
        if is_leaf_type(target):
            parts.append(name)
        elif depth and is_object_type(target) and name != "explanation":
            arguments = "(first: 3)" if "first" in field.args else ""
            parts.append(f"{name}{arguments} {{ {everything_of(target, depth - 1)} }}")
    return " ".join(parts)


def paged_queries() -> dict[str, str]:
    """Return a query for each list of the root, with everything of its things."""
    query = SCHEMA.query_type
    assert query is not None
    queries = {}
    for name, field in query.fields.items():
        if PAGED in field.extensions["strawberry-definition"].metadata:
            kind = get_named_type(get_named_type(field.type).fields["nodes"].type)
            queries[name] = (
                f"{{ {name}(first: 100) {{ totalCount nodes {{ {everything_of(kind, 3)} }} }} }}"
            )
    return queries
