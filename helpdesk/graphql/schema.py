"""The schema: declared with strawberry, executed by graphql-core."""

from graphql import GraphQLSchema, print_schema
from strawberry import Schema
from strawberry.schema.config import StrawberryConfig

from helpdesk.graphql.agency import Agency, Agent, Team
from helpdesk.graphql.message import Attachment, Message
from helpdesk.graphql.mutation import Mutation
from helpdesk.graphql.query import Query
from helpdesk.graphql.scalars import SCALARS
from helpdesk.graphql.ways import prepare


def build_schema() -> GraphQLSchema:
    """Return the schema with a way for each field."""
    declared = Schema(
        query=Query,
        mutation=Mutation,
        types=[Agency, Agent, Team, Attachment, Message],
        config=StrawberryConfig(scalar_map=SCALARS),
    )
    schema = declared._schema  # noqa: SLF001 - strawberry declares, graphql-core executes
    prepare(schema)
    return schema


def export_schema() -> str:
    """Return the schema as text, as clients and their tools read it."""
    return print_schema(build_schema()).rstrip() + "\n"
