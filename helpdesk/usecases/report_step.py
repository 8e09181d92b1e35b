"""What every step on a report has in common: whose it is, the month, and what it tells now."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.contract import Contract
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import ContractId, ReportId
from helpdesk.domain.month import Month
from helpdesk.domain.monthly_report import Report, ReportContent, ReportHead, ReportState
from helpdesk.domain.plan import ReportLevel
from helpdesk.domain.report_lines import ReportLines
from helpdesk.domain.report_summary import proposed_summary
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.gather_report import (
    ReportMonth,
    gathered,
    level_of,
    report_head,
    require_in_contract,
)
from helpdesk.usecases.ports import Records
from helpdesk.usecases.retainer_step import visible_contract


async def month_at(records: Records, month: Month, at: datetime) -> ReportMonth:
    """Return a month of the agency's time zone, looked at from an instant."""
    agency = await records.agencies.agency()
    return ReportMonth(month, ZoneInfo(agency.zone), at)


async def contract_to_report(
    records: Records, viewer: Viewer, contract_id: ContractId, month: ReportMonth
) -> Contract:
    """Return a contract whose report the agency may write.

    Raises NotFound, AgencyOnly, ScopeMissing and ReportOutsideContract.
    """
    contract = await visible_contract(records, viewer, contract_id)
    viewer.require_agency(Scope.CLIENTS_WRITE)
    require_in_contract(contract, month)
    return contract


async def latest_report(records: Records, contract: Contract, month: ReportMonth) -> Report | None:
    """Return the last version of a month; nobody else drafts or publishes one meanwhile."""
    # The contract is there before its first report is, so it is what they take turns at.
    await records.contracts.contract_to_change(contract.id)
    return await records.reports.latest(contract.id, month.month)


async def report_to_change(
    desk: Desk, records: Records, contract: Contract, month: ReportMonth
) -> Report:
    """Return the last version of a month; the first one is drafted if there is none."""
    known = await latest_report(records, contract, month)
    if known is not None:
        return known
    draft = await blank_report(records, contract, month, ReportId(desk.new_id()))
    await records.reports.add(draft)
    return draft


async def blank_report(
    records: Records, contract: Contract, month: ReportMonth, report_id: ReportId
) -> Report:
    """Return a first version that says nothing yet, in the language of the agency."""
    agency = await records.agencies.agency()
    return Report(
        id=report_id,
        agency_id=agency.id,
        client_id=contract.client_id,
        contract_id=contract.id,
        month=month.month,
        version=1,
        locale=agency.locale,
        created_at=month.at,
        level=level_of(contract, month),
    )


async def visible_report(records: Records, viewer: Viewer, report_id: ReportId) -> Report:
    """Return a report that exists for the viewer; NotFound otherwise.

    For a client there are only published reports, of a level that he gets.
    """
    report = await records.reports.report(report_id)
    if report is None or not viewer.sees_client(report.client_id):
        raise NotFound(path=("reportId",), what="Report", id=report_id)
    is_told = report.state is ReportState.PUBLISHED and report.level is not ReportLevel.NONE
    if not (is_told or viewer.is_of_agency):
        raise NotFound(path=("reportId",), what="Report", id=report_id)
    return report


async def content_now(
    desk: Desk, records: Records, contract: Contract, month: ReportMonth, report: Report
) -> ReportContent:
    """Return what a draft tells as things stand now."""
    lines = (await gathered(desk, records, [contract], month))[contract.id]
    head = await report_head(records, contract, month)
    return worded(replace(head, version=report.version, rectifies=report.reason), report, lines)


def worded(head: ReportHead, report: Report, lines: ReportLines) -> ReportContent:
    """Return a report with the words of people, and those that the engine proposes for the rest."""
    words, locale = report.words, report.locale
    is_proposed = words.summary is None
    return ReportContent(
        head=head,
        locale=locale,
        summary=_summary(words.summary, lines, locale),
        is_summary_proposed=is_proposed,
        message=words.message,
        video_url=words.video_url,
        lines=lines,
    )


def _summary(given: tuple[str, ...] | None, lines: ReportLines, locale: Locale) -> tuple[str, ...]:
    return proposed_summary(lines, locale) if given is None else given
