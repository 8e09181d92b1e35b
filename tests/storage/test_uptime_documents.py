"""Terms that are older than the clause of availability follow the guide."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from helpdesk.domain.uptime_clause import OutageReason, SitesTogether, UptimeClause
from helpdesk.storage.uptime_documents import uptime_clause_of, uptime_document


def test_a_clause_comes_back_as_it_was_written() -> None:
    clause = UptimeClause(
        target=Decimal("99.90"),
        least_coverage=Decimal("80.5"),
        maintenance_notice=timedelta(minutes=90),
        is_hosting_sold=True,
        excluded=frozenset({OutageReason.FORCE_MAJEURE}),
        sites=SitesTogether.AVERAGE,
    )

    for kept in (clause, UptimeClause(), replace(clause, target=None)):
        assert uptime_clause_of(uptime_document(kept)) == kept


def test_parties_that_agreed_on_nothing_have_no_clause() -> None:
    assert uptime_clause_of(None) is None
