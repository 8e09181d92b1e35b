"""`helpdesk report`: what a contract's month was, for a terminal or as a file."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from helpdesk.bootstrap import Engine
from helpdesk.domain.access import NotFound, Viewer, system_viewer
from helpdesk.domain.agency import Agency
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import ContractId
from helpdesk.domain.month import Month
from helpdesk.domain.report_snapshot import canonical, snapshot_of
from helpdesk.usecases.preview_report import PreviewReport, preview_report


def add_words(parser: argparse.ArgumentParser) -> None:
    """Say what `report` is told."""
    parser.add_argument("contract", metavar="CONTRACT", help="the reference on paper")
    parser.add_argument("--month", required=True, metavar="2026-07")
    parser.add_argument("--pdf", type=Path, metavar="FILE", help="write the pages there")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write one HTML file there")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the document there")
    parser.add_argument("--agency", metavar="MAILBOX", help="the agency, when there are several")


async def report(
    engine: Engine, agency: Agency, options: argparse.Namespace, *, locale: Locale
) -> str:
    """Return the report of a month, or which files were written.

    What was published last is told; without it, what would be published now. Raises NotFound,
    MonthInvalid, ReportOutsideContract.
    """
    month = Month.parsed(options.month, path=("month",))
    viewer = system_viewer(agency.id, locale)
    snapshot = await _snapshot(engine, viewer, options.contract, month)
    printer = engine.desk.reports.printer
    written = []
    if options.pdf is not None:
        options.pdf.write_bytes(printer.pdf(snapshot, locale))
        written.append(str(options.pdf))
    if options.html is not None:
        options.html.write_text(printer.html(snapshot, locale), "utf-8")
        written.append(str(options.html))
    if options.json is not None:
        options.json.write_bytes(canonical(snapshot))
        written.append(str(options.json))
    return "\n".join(written) or printer.text(snapshot, locale).rstrip()


async def _snapshot(
    engine: Engine, viewer: Viewer, reference: str, month: Month
) -> Mapping[str, Any]:  # JSON
    async with engine.desk.store.reading(viewer.agency_id) as records:
        contract_id: ContractId | None = await records.reports.contract_of_reference(reference)
        if contract_id is None:
            raise NotFound(what="Contract", id=reference)
        known = await records.reports.published(contract_id, month)
    if known is not None and known.snapshot is not None:
        return known.snapshot
    request = PreviewReport(contract_id, month)
    return snapshot_of(await preview_report(engine.desk, viewer=viewer, request=request))
