"""Monthly reports as a kind of thing that is read."""

from sqlalchemy import and_

from helpdesk.domain.monthly_report import ReportState
from helpdesk.domain.plan import ReportLevel
from helpdesk.storage.reads import filters
from helpdesk.storage.reads.noun_table import NounTable, Predicate, of_the_client
from helpdesk.storage.tables.report import REPORT
from helpdesk.usecases.read_models import Noun


def _told_to_the_client() -> Predicate:
    return and_(
        of_the_client(REPORT.c.client_id),
        REPORT.c.state == ReportState.PUBLISHED.value,
        REPORT.c.level != ReportLevel.NONE.value,
    )


REPORT_TABLES = (
    NounTable(
        Noun.REPORT,
        REPORT,
        for_client=_told_to_the_client,
        filters={
            "months": filters.any_of(REPORT.c.month),
            "states": filters.any_of(REPORT.c.state),
        },
    ),
)
