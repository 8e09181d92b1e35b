"""A person writes the words of a report: the summary, a message, a link to a video."""

from dataclasses import dataclass

from helpdesk.domain.access import Viewer
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import ContractId
from helpdesk.domain.month import Month
from helpdesk.domain.monthly_report import Report, ReportWords
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.report_step import contract_to_report, month_at, report_to_change


@dataclass(frozen=True, slots=True)
class EditReport:
    """What changes; None leaves it as it is, an empty summary takes what the engine proposes."""

    contract_id: ContractId
    month: Month
    summary: str | None = None
    message: str | None = None
    video_url: str | None = None
    locale: Locale | None = None


async def edit_report(desk: Desk, *, viewer: Viewer, request: EditReport) -> Report:
    """Write words into the draft of a month and return it; the first one makes the draft.

    Raises NotFound, AgencyOnly, ScopeMissing, ReportOutsideContract, ReportPublished,
    SummaryTooLong, TextTooLong and VideoLinkInvalid.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        month = await month_at(records, request.month, desk.now())
        contract = await contract_to_report(records, viewer, request.contract_id, month)
        report = await report_to_change(desk, records, contract, month)
        edited = report.edited(_words(report.words, request), request.locale)
        await records.reports.save(edited)
        return edited


def _words(known: ReportWords, request: EditReport) -> ReportWords:
    kept = None if known.summary is None else "\n".join(known.summary)
    return ReportWords.given(
        kept if request.summary is None else request.summary,
        known.message if request.message is None else request.message,
        known.video_url if request.video_url is None else request.video_url,
    )
