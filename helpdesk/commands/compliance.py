"""`helpdesk compliance`: how promises were kept, as a table or as CSV."""

import argparse

from helpdesk.bootstrap import Engine
from helpdesk.domain.access import system_viewer
from helpdesk.domain.agency import Agency
from helpdesk.domain.errors import Locale
from helpdesk.storage.reads.sql_reads import SqlReads
from helpdesk.usecases.compliance_table import aligned, compliance_table, csv_of, table_question
from helpdesk.usecases.sla_compliance import sla_compliance


def add_words(parser: argparse.ArgumentParser) -> None:
    """Say what `compliance` is told."""
    parser.add_argument("--from", dest="first", required=True, metavar="2026-01")
    parser.add_argument("--to", dest="last", required=True, metavar="2026-06")
    parser.add_argument("--by", default="metric", help="month, client, priority, metric, agent")
    parser.add_argument("--csv", action="store_true", help="the file of the API's export")
    parser.add_argument("--agency", metavar="MAILBOX", help="the agency, when there are several")


async def compliance(
    engine: Engine, agency: Agency, options: argparse.Namespace, *, locale: Locale
) -> bytes:
    """Return the figures as text in UTF-8: lines for a terminal, or CSV.

    Raises MonthInvalid, MonthsReversed, TooManyMonths, TooManyGroups, DimensionUnknown.
    """
    question = table_question(options.first, options.last, options.by)
    viewer = system_viewer(agency.id, locale)
    reads = SqlReads(engine.database, engine.desk.timelines)
    answer = await sla_compliance(engine.desk, reads.compliance, viewer=viewer, question=question)
    table = await compliance_table(reads.reader(viewer, answer.at), answer, locale=locale)
    if options.csv:
        return csv_of(table)
    return "\n".join((*aligned(table), "")).encode()
