"""Audits as a kind of things that are read."""

from sqlalchemy import and_

from helpdesk.domain.audit import AuditKind
from helpdesk.storage.reads.diagnostic_reads import read_points, read_result, read_verdict
from helpdesk.storage.reads.noun_table import (
    Beside,
    Derived,
    NounTable,
    Predicate,
    ToOne,
    Values,
    of_the_client,
)
from helpdesk.storage.tables.diagnostics import AUDIT
from helpdesk.usecases.read_models import Noun


def _audit_of_the_client() -> Predicate:
    """Return that an audit was made for the client and is done: others are the agency's own."""
    return and_(
        of_the_client(AUDIT.c.client_id),
        AUDIT.c.kind == AuditKind.CLIENT_AUDIT.value,
        AUDIT.c.completed_at.is_not(None),
    )


def _name_of(column: str) -> Derived:
    def name(row: Values, _: object) -> object:
        return row[column]["name"] if row[column] else None

    return Derived((column,), name)


DIAGNOSTIC_TABLES = (
    NounTable(
        Noun.AUDIT,
        AUDIT,
        for_client=_audit_of_the_client,
        ones={
            "client": ToOne("client_id", Noun.CLIENT),
            "site": ToOne("site_id", Noun.SITE),
        },
        derived={
            "started_by_name": _name_of("started_by"),
            "completed_by_name": _name_of("completed_by"),
        },
        beside={
            "points": Beside(read_points),
            "result": Beside(read_result),
            "verdict": Beside(read_verdict),
        },
    ),
)
