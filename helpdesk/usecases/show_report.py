"""A version of a report as it is read: what was frozen, or a draft as things stand now."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helpdesk.domain.access import Scope, Viewer
from helpdesk.domain.contract import Contract
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import ReportId
from helpdesk.domain.monthly_report import Report
from helpdesk.domain.report_snapshot import snapshot_of
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.report_step import content_now, month_at, visible_report

_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class ShownReport:
    """What a report says, with the hash of what was frozen; a draft has none.

    `snapshot` is the document of domain/report_snapshot.py, `file_name` has no extension.
    """

    snapshot: Mapping[str, Any]
    digest: str | None
    locale: Locale
    file_name: str


async def show_report(desk: Desk, *, viewer: Viewer, report_id: ReportId) -> ShownReport:
    """Return a version that exists for the viewer. Raises ScopeMissing and NotFound."""
    viewer.require(Scope.CONTRACTS_READ)
    async with desk.store.reading(viewer.agency_id) as records:
        report = await visible_report(records, viewer, report_id)
        contract = await records.contracts.contract(report.contract_id)
        assert contract is not None  # noqa: S101 - the report names it, and none is ever removed
        snapshot = report.snapshot
        if snapshot is None:
            month = await month_at(records, report.month, desk.now())
            snapshot = snapshot_of(await content_now(desk, records, contract, month, report))
        return ShownReport(snapshot, report.digest, report.locale, file_name(contract, report))


def file_name(contract: Contract, report: Report) -> str:
    """Return the name of a report's file, without its extension, in letters that every disk takes.

    >>> _NOT_IN_A_NAME.sub("-", "Été/2026 : TMA")
    '-t-2026-TMA'
    """
    version = f"-v{report.version}" if report.is_rectified else ""
    reference = _NOT_IN_A_NAME.sub("-", contract.reference).strip("-.") or "report"
    return f"{reference}-{report.month}{version}"
