"""What a published report got wrong is said by its next version, the "rapport rectificatif"."""

from dataclasses import dataclass

from helpdesk.domain.access import NotFound, Viewer
from helpdesk.domain.ids import ContractId, ReportId
from helpdesk.domain.month import Month
from helpdesk.domain.monthly_report import Report
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.report_step import contract_to_report, latest_report, month_at


@dataclass(frozen=True, slots=True)
class RectifyReport:
    """Of which contract and month, and why; the client reads the reason."""

    contract_id: ContractId
    month: Month
    reason: str


async def rectify_report(desk: Desk, *, viewer: Viewer, request: RectifyReport) -> Report:
    """Draft the next version of a published report and return it; publish it when it is right.

    The version before stays as it was read. Raises NotFound, AgencyOnly, ScopeMissing,
    ReportOutsideContract, ReportNotPublished, TextRequired and TextTooLong.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        month = await month_at(records, request.month, desk.now())
        contract = await contract_to_report(records, viewer, request.contract_id, month)
        published = await latest_report(records, contract, month)
        if published is None:
            raise NotFound(path=("month",), what="Report", id=request.month)
        draft = published.rectified(ReportId(desk.new_id()), request.reason, at=month.at)
        await records.reports.add(draft)
        return draft
