"""No statement reaches the rows of another agency."""

import pytest
from sqlalchemy import (
    Column,
    Executable,
    Integer,
    MetaData,
    Table,
    Text,
    and_,
    bindparam,
    column,
    delete,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
    text,
    true,
    tuple_,
    union,
    union_all,
    update,
)
from sqlalchemy.schema import CreateTable

from helpdesk.storage.column_types import Id
from helpdesk.storage.errors import (
    AgencyMissing,
    AgencyNotConstrained,
    QueryRefused,
)
from helpdesk.storage.query import Query, in_list, insert
from helpdesk.storage.tables.base import table_of
from helpdesk.storage.tables.ticket import TicketRow

T = Table(
    "ticket",
    MetaData(),
    Column("agency_id", Id, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("n", Integer),
)
M = Table(
    "message",
    MetaData(),
    Column("agency_id", Id, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("ticket_id", Id),
)
WORDS = Table("word", MetaData(), Column("id", Text, primary_key=True))
T2 = T.alias("other")

AGENCY = bindparam("agency_id", type_=Id())
TICKETS = table_of(TicketRow)
MINE = T.c.agency_id == AGENCY
SAME = T.c.agency_id == M.c.agency_id
OF_TICKET = and_(SAME, M.c.ticket_id == T.c.id)

HELD_SUB = select(T).where(MINE).subquery()
LOOSE_SUB = select(T).where(T.c.n > 1).subquery()
HELD_CTE = select(T.c.agency_id, T.c.id).where(MINE).cte("held")
FIRST = select(T.c.agency_id, T.c.id, T.c.n).where(MINE).cte("chain", recursive=True)
CHAIN = FIRST.union_all(
    select(T2.c.agency_id, T2.c.id, T2.c.n).where(
        T2.c.agency_id == FIRST.c.agency_id, T2.c.n == FIRST.c.n + 1
    )
)
LOOSE_CHAIN = FIRST.union_all(
    select(T2.c.agency_id, T2.c.id, T2.c.n).where(T2.c.n == FIRST.c.n + 1)
)
LAST_MESSAGE = (
    select(M.c.id).where(OF_TICKET).order_by(M.c.id.desc()).limit(1).correlate(T).scalar_subquery()
)
LOOSE_MESSAGE = select(M.c.id).where(M.c.ticket_id == T.c.id).scalar_subquery()
LATERAL = select(M.c.id).where(OF_TICKET).limit(3).lateral()
LOOSE_LATERAL = select(M.c.id).where(M.c.ticket_id == T.c.id).lateral()

HELD: dict[str, Executable] = {
    "where": select(T.c.id).where(MINE),
    "where, the other way round": select(T.c.id).where(AGENCY == T.c.agency_id),  # noqa: SIM300 - so
    "inside nested ands": select(T.c.id).where(and_(T.c.n > 1, and_(MINE, T.c.n < 9).self_group())),
    "an alias": select(T2.c.id).where(T2.c.agency_id == AGENCY),
    "join": select(T.c.id).join_from(T, M, OF_TICKET).where(MINE),
    "join held at the other end": select(T.c.id)
    .join_from(T, M, OF_TICKET)
    .where(M.c.agency_id == AGENCY),
    "join held by its condition": select(T.c.id).join_from(T, M, and_(OF_TICKET, MINE)),
    "tables side by side": select(T.c.id).where(SAME, MINE),
    "outer join": select(T.c.id).outerjoin_from(T, M, OF_TICKET).where(MINE),
    "outer join held by its own condition": select(T.c.id)
    .outerjoin_from(T, M, and_(M.c.ticket_id == T.c.id, M.c.agency_id == AGENCY))
    .where(MINE),
    "full join held outside": select(T.c.id)
    .join_from(T, M, M.c.ticket_id == T.c.id, full=True)
    .where(MINE, M.c.agency_id == AGENCY),
    "join of joins": select(T.c.id)
    .join_from(T, M, OF_TICKET)
    .outerjoin(T2, T2.c.agency_id == M.c.agency_id)
    .where(MINE),
    "outer join of a join": select(T.c.id)
    .select_from(T.outerjoin(M.join(T2, T2.c.agency_id == M.c.agency_id), OF_TICKET))
    .where(MINE),
    "subquery": select(HELD_SUB.c.id),
    "subquery that another table is joined to": select(M.c.id).join(
        HELD_SUB, HELD_SUB.c.agency_id == M.c.agency_id
    ),
    "alias of a cte": select(HELD_CTE.alias("c").c.id),
    "cte that another table is joined to": select(M.c.id).where(
        M.c.agency_id == HELD_CTE.c.agency_id
    ),
    "recursive cte": select(CHAIN.c.id),
    "in a subquery": select(T.c.id).where(
        MINE, T.c.id.in_(select(M.c.ticket_id).where(M.c.agency_id == AGENCY))
    ),
    "exists": select(T.c.id).where(MINE, exists(select(M.c.id).where(OF_TICKET))),
    "not exists": select(T.c.id).where(MINE, ~exists().where(OF_TICKET)),
    "scalar subquery": select(T.c.id, LAST_MESSAGE.label("last")).where(MINE),
    "in the order": select(T.c.id).where(MINE).order_by(func.coalesce(LAST_MESSAGE, T.c.id)),
    "lateral": select(T.c.id, LATERAL.c.id).join_from(T, LATERAL, true()).where(MINE),
    "union": union_all(select(T.c.id).where(MINE), select(M.c.id).where(M.c.agency_id == AGENCY)),
    "subquery of a union": select(
        union(
            select(T.c.agency_id, T.c.id).where(MINE),
            select(M.c.agency_id, M.c.id).where(M.c.agency_id == AGENCY),
        )
        .subquery()
        .c.id
    ),
    "window": select(func.row_number().over(partition_by=T.c.n)).where(MINE),
    "list": select(T.c.id).where(MINE, in_list(T.c.id, "ids")),
    "table without agency beside": select(T.c.id)
    .join_from(T, WORDS, WORDS.c.id == T.c.id)
    .where(MINE),
    "a table of the program": select(TICKETS.c.id).where(TICKETS.c.agency_id == AGENCY),
    "update": update(T).where(MINE).values(n=1),
    "update from": update(T).where(MINE, OF_TICKET).values(n=1),
    "update with a subquery": update(T)
    .where(MINE)
    .values(n=select(func.count()).select_from(M).where(OF_TICKET).scalar_subquery()),
    "delete": delete(T).where(MINE),
    "delete using": delete(T).where(MINE, OF_TICKET),
    "insert of parameters": insert(T),
    "insert of values": insert(T).values(agency_id=AGENCY, id=bindparam("id")),
    "insert of a column": insert(T).values({T.c.agency_id: AGENCY, T.c.id: "x"}),
    "insert of a select": insert(T).from_select(
        ["agency_id", "id"], select(M.c.agency_id, M.c.id).where(M.c.agency_id == AGENCY)
    ),
    "insert of a select of the parameter": insert(T).from_select(
        [T.c.agency_id, T.c.id], select(AGENCY, literal("x"))
    ),
    "upsert": insert(T).on_conflict_do_update(
        index_elements=[T.c.agency_id, T.c.id], set_={"n": insert(T).excluded.n}
    ),
    "insert into a table without agency, of a select": insert(WORDS).from_select(
        ["id"], select(T.c.id).where(MINE)
    ),
}

LOOSE: dict[str, Executable] = {
    "no condition": select(T.c.id),
    "another condition": select(T.c.id).where(T.c.n == 1),
    "another parameter": select(T.c.id).where(T.c.agency_id == bindparam("agency")),
    "another column": select(T.c.id).where(T.c.id == AGENCY),
    "a constant": select(T.c.id).where(T.c.agency_id == "abc"),
    "a parameter with a value": select(T.c.id).where(
        T.c.agency_id == bindparam("agency_id", value="abc")
    ),
    "a parameter of another's name": select(T.c.id).where(
        T.c.agency_id == bindparam("agency_id", unique=True, required=True)
    ),
    "or": select(T.c.id).where(or_(MINE, T.c.n == 1)),
    "not": select(T.c.id).where(~MINE),
    "not equal": select(T.c.id).where(T.c.agency_id != AGENCY),
    "greater": select(T.c.id).where(T.c.agency_id >= AGENCY),
    "list": select(T.c.id).where(in_list(T.c.agency_id, "agency_id")),
    "tuple": select(T.c.id).where(tuple_(T.c.agency_id) == tuple_(AGENCY)),
    "itself": select(T.c.id).where(T.c.agency_id == T.c.agency_id),
    "having": select(T.c.n).group_by(T.c.n).having(func.min(T.c.agency_id) == AGENCY),
    "alias of a held table": select(T.c.id, T2.c.id).where(MINE),
    "join on the id alone": select(T.c.id).join_from(T, M, M.c.ticket_id == T.c.id).where(MINE),
    "joined to each other": select(T.c.id).join_from(T, M, OF_TICKET),
    "outer join's condition on the kept side": select(T.c.id).outerjoin_from(
        T, M, and_(OF_TICKET, MINE)
    ),
    "outer join's condition from the other side": select(T.c.id).outerjoin_from(
        T, M, and_(OF_TICKET, M.c.agency_id == AGENCY)
    ),
    "full join's condition": select(T.c.id).join_from(T, M, OF_TICKET, full=True).where(MINE),
    "condition inside the other side of a full join": select(T.c.id).select_from(
        T.join(M, and_(MINE, M.c.agency_id == AGENCY)).join(T2, T2.c.id == T.c.id, full=True)
    ),
    "subquery": select(LOOSE_SUB.c.id),
    "subquery, held too late": select(LOOSE_SUB.c.id).where(LOOSE_SUB.c.agency_id == AGENCY),
    "joined to another column under that name": select(M.c.id).where(
        M.c.agency_id == select(T.c.id.label("agency_id")).where(MINE).subquery().c.agency_id
    ),
    "recursive cte": select(LOOSE_CHAIN.c.id),
    "in a subquery": select(T.c.id).where(MINE, T.c.id.in_(select(M.c.ticket_id))),
    "exists": select(T.c.id).where(MINE, exists().where(M.c.ticket_id == T.c.id)),
    "exists that reads the table again": select(T.c.id).where(
        MINE, exists(select(M.c.id).where(OF_TICKET).correlate(None))
    ),
    "exists that correlates with another": select(T.c.id)
    .select_from(T, T2)
    .where(MINE, T2.c.agency_id == AGENCY, exists(select(M.c.id).where(OF_TICKET).correlate(T2))),
    "exists that correlates with all but it": select(T.c.id).where(
        MINE, exists(select(M.c.id).where(OF_TICKET).correlate_except(T, M))
    ),
    "a second reading of the same table": select(T.c.id).where(
        MINE, T.c.n == select(func.max(T.c.n)).scalar_subquery()
    ),
    "scalar subquery": select(T.c.id, LOOSE_MESSAGE).where(MINE),
    "in the order": select(T.c.id).where(MINE).order_by(LOOSE_MESSAGE),
    "in a join's condition": select(T.c.id)
    .join_from(T, WORDS, WORDS.c.id == LOOSE_MESSAGE)
    .where(MINE),
    "lateral": select(T.c.id).join_from(T, LOOSE_LATERAL, true()).where(MINE),
    "one half of a union": union_all(select(T.c.id).where(MINE), select(M.c.id)),
    "cte beside": select(T.c.id).where(MINE).add_cte(delete(M).cte("gone")),
    "cte of an update": select(update(T).values(n=1).returning(T.c.id).cte("u").c.id),
    "update": update(T).values(n=1),
    "update from": update(T).where(MINE, M.c.ticket_id == T.c.id).values(n=1),
    "update with a subquery": update(T)
    .where(MINE)
    .values(n=select(func.count(M.c.id)).scalar_subquery()),
    "update of the agency": update(T).where(MINE).values(agency_id=bindparam("new")),
    "delete": delete(T).where(T.c.id == "x"),
    "delete using": delete(T).where(MINE, M.c.ticket_id == T.c.id),
    "insert without agency": insert(T).values(id=bindparam("id")),
    "insert of a constant agency": insert(T).values(agency_id="abc", id="x"),
    "insert of another parameter": insert(T).values(agency_id=bindparam("other"), id="x"),
    "insert of several rows": insert(T).values([{"agency_id": AGENCY, "id": "x"}]),
    "insert of a select without agency": insert(T).from_select(
        ["id"], select(M.c.id).where(M.c.agency_id == AGENCY)
    ),
    "insert of a select with another agency": insert(T).from_select(
        ["agency_id", "id"], select(literal("abc"), M.c.id).where(M.c.agency_id == AGENCY)
    ),
    "insert of a loose select": insert(WORDS).from_select(["id"], select(T.c.id)),
    "upsert on the id alone": insert(T).on_conflict_do_update(index_elements=["id"], set_={"n": 1}),
    "upsert on a constraint": insert(T).on_conflict_do_update(constraint="pk", set_={"n": 1}),
    "upsert of the agency": insert(T).on_conflict_do_update(
        index_elements=["agency_id", "id"], set_={"agency_id": "abc"}
    ),
}

UNSEEN: dict[str, Executable] = {
    "text": text("SELECT * FROM ticket"),
    "text in a condition": select(T.c.id).where(MINE, text("1 = 1")),
    "text as a table": select(T.c.id).select_from(text("message")).where(MINE),
    "columns of a text": text("SELECT id FROM ticket").columns(column("id")),
    "query in a literal column": select(T.c.id, literal_column("(SELECT 1)")).where(MINE),
    "lightweight table": select(table("ticket", column("id")).c.id),
    "values of an upsert": insert(T).on_conflict_do_update(
        index_elements=["agency_id", "id"], set_={"n": select(func.max(T.c.n)).scalar_subquery()}
    ),
}


@pytest.mark.parametrize("statement", HELD.values(), ids=HELD.keys())
def test_a_statement_held_to_the_agency_is_accepted(statement: Executable) -> None:
    query = Query(statement)

    assert query.needs_agency
    assert "agency_id" in query.compiled_for("postgresql").names


@pytest.mark.parametrize("statement", LOOSE.values(), ids=LOOSE.keys())
def test_a_loose_statement_is_refused(statement: Executable) -> None:
    with pytest.raises(AgencyNotConstrained):
        Query(statement)


@pytest.mark.parametrize("statement", UNSEEN.values(), ids=UNSEEN.keys())
def test_a_statement_that_cannot_be_seen_through_is_refused(statement: Executable) -> None:
    with pytest.raises(QueryRefused):
        Query(statement)


@pytest.mark.parametrize("statement", [*LOOSE.values()], ids=LOOSE.keys())
def test_the_way_round_says_why(statement: Executable) -> None:
    query = Query.across_agencies(statement, reason="the worker claims what is due")

    assert not query.needs_agency
    with pytest.raises(QueryRefused, match="says why"):
        Query.across_agencies(statement, reason=" ")


def test_a_statement_about_no_agency_needs_none() -> None:
    assert not Query(select(WORDS.c.id)).needs_agency
    assert not Query(select(literal(1))).needs_agency
    assert not Query(insert(WORDS)).needs_agency


@pytest.mark.parametrize("given", [{}, {"agency_id": None}, {"agency_id": ""}])
def test_an_agency_must_be_given(given: dict[str, object]) -> None:
    query = Query(select(T.c.id).where(MINE)).compiled_for("sqlite")

    assert query.arguments({"agency_id": "abc"}) == ["abc"]
    with pytest.raises(AgencyMissing):
        query.arguments(given)


def test_a_list_that_changes_the_text_is_refused() -> None:
    query = Query(select(T.c.id).where(MINE, T.c.id.in_(bindparam("ids"))))

    with pytest.raises(QueryRefused, match="in_list"):
        query.compiled_for("sqlite")


def test_a_definition_is_no_query() -> None:
    query = Query.across_agencies(CreateTable(T), reason="none is good enough")

    with pytest.raises(QueryRefused, match="no query but a definition"):
        query.compiled_for("sqlite")


def test_a_python_default_is_refused() -> None:
    counted = Table("word", MetaData(), Column("id", Text), Column("n", Integer, default=1))

    with pytest.raises(QueryRefused, match="default"):
        Query(insert(counted).values(id="x")).compiled_for("sqlite")


def test_the_text_is_constant_and_typed() -> None:
    query = Query(select(T.c.id).where(MINE, in_list(T.c.id, "ids")).limit(5))

    on_postgresql = query.compiled_for("postgresql")
    on_sqlite = query.compiled_for("sqlite")

    assert on_postgresql.sql.replace("\n", "") == (
        "SELECT ticket.id FROM ticket WHERE ticket.agency_id = $1::VARCHAR"
        " AND ticket.id = ANY ($2::TEXT[])  LIMIT $3::INTEGER"
    )
    assert on_sqlite.sql.replace("\n", "") == (
        "SELECT ticket.id FROM ticket WHERE ticket.agency_id = ?"
        " AND ticket.id IN (SELECT value FROM json_each(?)) LIMIT ? OFFSET ?"
    )
    assert query.compiled_for("sqlite") is on_sqlite
