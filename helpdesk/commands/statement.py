"""`helpdesk statement`: what happened to a forfait in a month, as a table or as CSV."""

import argparse

from helpdesk.bootstrap import Engine
from helpdesk.domain.access import system_viewer
from helpdesk.domain.agency import Agency
from helpdesk.domain.errors import Locale
from helpdesk.storage.reads.sql_reads import SqlReads
from helpdesk.usecases.statement_table import statement_question, statement_table


def add_words(parser: argparse.ArgumentParser) -> None:
    """Say what `statement` is told."""
    parser.add_argument("contract", help="the reference of the contract")
    parser.add_argument("--month", required=True, metavar="2026-07", help="when the period begins")
    parser.add_argument("--unit", help="corrective_tickets, run_minutes or pack_minutes")
    parser.add_argument("--csv", action="store_true", help="the file of the API's export")
    parser.add_argument("--agency", metavar="MAILBOX", help="the agency, when there are several")


async def statement(
    engine: Engine, agency: Agency, options: argparse.Namespace, *, locale: Locale
) -> bytes:
    """Return the statement as text in UTF-8: lines for a terminal, or CSV.

    Raises MonthInvalid, UnitUnknown and NotFound.
    """
    question = statement_question(options.contract, options.month, options.unit)
    viewer = system_viewer(agency.id, locale)
    reads = SqlReads(engine.database, engine.desk.timelines)
    reader = reads.reader(viewer, engine.desk.now())
    table = await statement_table(reader, question, locale=locale)
    return table.csv if options.csv else table.text.encode()
