"""The plain executor and graphql-core give the same answers, and the same errors."""

from typing import Any

import orjson
import pytest
from graphql import ExecutionResult
from sqlalchemy import bindparam
from typing_extensions import override

from helpdesk.graphql.executor import Parts, PlainExecutor
from helpdesk.graphql.limits import Limits
from helpdesk.graphql.operation import Operations
from helpdesk.graphql.query_errors import ErrorReport
from helpdesk.graphql.request import Request
from helpdesk.storage.query import Query
from helpdesk.storage.reads.sql_reads import SqlReads
from helpdesk.storage.tables.ticket import TICKET
from tests.graphql.api import Api
from tests.graphql.rows import add_tickets
from tests.graphql.selections import paged_queries
from tests.graphql.world import SCHEMA, World

_LIMITS = Limits(depth=50, tokens=100_000, points=10**9)
QUERIES = {
    **paged_queries(),
    "fragments": """
      query { ...Root tickets(first: 2) { nodes { ...T ... on Node { id } } } }
      fragment Root on Query { tickets(first: 2) { nodes { number __typename } } viewer { name } }
      fragment T on Ticket { subject client { ...C } clocks { explanation { kind start } } }
      fragment C on Client { name tickets(last: 1) { nodes { id ... { number } } } }
    """,
    "directives and aliases": """
      query { a: tickets(first: 1) { b: nodes { c: id d: id @skip(if: true)
        e: messages(first: 1) @include(if: false) { nodes { id } }
        f: messages(first: 1) { g: totalCount h: edges { i: cursor j: node { k: body } } } } } }
    """,
    "nodes": """
      query { nodes(ids: ["VGlja2V0Om5vbmU=", "Q2xpZW50OmNsaWVudC1icnVubw=="]) { __typename id
        ... on Client { name sites { nodes { name } } } ... on Ticket { number } } }
    """,
}


class SlowExecutor(PlainExecutor):
    """Hands everything to graphql-core."""

    @override
    def _parts_of(self, *_: Any) -> Parts | None:  # Any: what is not looked at
        return None


async def answer(
    world: World, query: str, executor: type[PlainExecutor]
) -> tuple[Any, int]:  # Any: what JSON gives
    operations = Operations(SCHEMA, _LIMITS, allows_introspection=True, executor=executor)
    request = Request(
        desk=world.desk,
        reads=SqlReads(world.database, world.desk.timelines),
        viewer=world.alice,
        at=world.now(),
        public_url="https://helpdesk.example",
        id="request",
        points_limit=_LIMITS.points,
    )
    document = operations.understood(query).document
    assert document is not None, operations.understood(query).errors
    result = await operations.answer(document, None, {}, request)
    assert isinstance(result, ExecutionResult)
    shown = ErrorReport("request", world.alice.locale, lambda _: False).shown(result.errors or [])
    text = orjson.dumps({"data": result.data, "errors": shown}, option=orjson.OPT_UTC_Z)
    return orjson.loads(text), operations.handed_over


@pytest.mark.parametrize("name", QUERIES)
async def test_both_executors_give_the_same_answer(world: World, name: str) -> None:
    await add_tickets(world.database, 5)
    world.now.advance(hours=30)

    plain, handed_over = await answer(world, QUERIES[name], PlainExecutor)
    slow, everything = await answer(world, QUERIES[name], SlowExecutor)

    assert plain == slow
    assert plain["errors"] == []
    assert handed_over == 0
    assert everything > 0


async def test_a_wrong_value_is_an_error_at_its_path_and_the_rest_is_given(
    world: World, alice: Api
) -> None:
    await add_tickets(world.database, 2)
    spoil = Query(
        TICKET.update()
        .where(TICKET.c.agency_id == bindparam("agency_id"), TICKET.c.id == "bruno-0001")
        .values(waiting_on="NONSENSE")
    )
    async with world.database.writing() as connection:
        await connection.execute(spoil, agency_id="agency-alice")
    query = """{ tickets(first: 2, filter: {channel: [MAIL]}) {
      nodes { subject waitingOn } } viewer { name } }"""

    plain = await alice.answer(query)
    slow, _ = await answer(world, query, SlowExecutor)

    [error] = plain["errors"]
    bad = error["path"][2]
    assert error["path"] == ["tickets", "nodes", bad, "waitingOn"]
    assert error["extensions"]["code"] == "INTERNAL"
    assert "NONSENSE" not in str(plain)
    assert plain["data"] == slow["data"]
    assert [node["waitingOn"] for node in plain["data"]["tickets"]["nodes"]] == [None, None]
    assert alice.endpoint.operations.handed_over > 0


async def test_a_missing_value_nulls_what_cannot_be_without_it(world: World, alice: Api) -> None:
    await add_tickets(world.database, 1)
    spoil = Query(
        TICKET.update()
        .where(TICKET.c.agency_id == bindparam("agency_id"), TICKET.c.id == "bruno-0000")
        .values(status="NONSENSE")
    )
    async with world.database.writing() as connection:
        await connection.execute(spoil, agency_id="agency-alice")
    query = "{ tickets(filter: {channel: [MAIL]}) { nodes { status } } }"

    plain = await alice.answer(query)

    assert plain["data"] is None
    assert plain["errors"][0]["path"] == ["tickets", "nodes", 0, "status"]
