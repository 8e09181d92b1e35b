"""The report of a month as it would be published now; nothing is written."""

from dataclasses import dataclass

from helpdesk.domain.access import Viewer
from helpdesk.domain.ids import ContractId, ReportId
from helpdesk.domain.month import Month
from helpdesk.domain.monthly_report import ReportContent, ReportState
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.report_step import (
    blank_report,
    content_now,
    contract_to_report,
    month_at,
)

_NOWHERE = ReportId("")


@dataclass(frozen=True, slots=True)
class PreviewReport:
    """Of which contract and month; a month that is not over is told as far as it went (X-26)."""

    contract_id: ContractId
    month: Month


async def preview_report(desk: Desk, *, viewer: Viewer, request: PreviewReport) -> ReportContent:
    """Return what the next version would tell, with the words of its draft if there is one.

    Raises NotFound, AgencyOnly, ScopeMissing and ReportOutsideContract.
    """
    async with desk.store.reading(viewer.agency_id) as records:
        month = await month_at(records, request.month, desk.now())
        contract = await contract_to_report(records, viewer, request.contract_id, month)
        known = await records.reports.latest(contract.id, month.month)
        if known is None or known.state is ReportState.PUBLISHED:
            known = await blank_report(records, contract, month, _NOWHERE)
        return await content_now(desk, records, contract, month, known)
