"""The clocks of a month are found by index, however many there are."""

import sqlite3
from datetime import UTC, datetime

from helpdesk.storage.query import Query
from helpdesk.storage.reads.compliance_reads import counted_statement
from helpdesk.usecases.compliance_reads import ClockConditions
from tests.factories import a_viewer

JULY = {
    "start": datetime(2026, 6, 30, 22, tzinfo=UTC),
    "end": datetime(2026, 7, 31, 22, tzinfo=UTC),
}
INDEXES = (
    "ix_helpdesk_sla_clock_stopped",
    "ix_helpdesk_sla_clock_breached",
    "ix_helpdesk_ticket_updated",
)


def test_sqlite_finds_the_clocks_of_a_month_by_index(sqlite_url: str) -> None:
    viewer = a_viewer()
    statement = counted_statement(viewer, ClockConditions(), is_past_needed=False)
    query = Query(statement).compiled_for("sqlite")
    values = query.arguments({"agency_id": viewer.agency_id, **JULY})
    connection = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))

    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query.sql}", values)]
    connection.close()

    assert [step for step in plan if step.startswith("SCAN")] == []
    for index in INDEXES:
        assert any(index in step for step in plan), index
