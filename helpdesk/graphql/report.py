"""Monthly reports: what a contract's month was, version by version."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import strawberry

from helpdesk.domain.errors import Locale
from helpdesk.domain.month import Month
from helpdesk.domain.monthly_report import ReportState
from helpdesk.domain.plan import ReportLevel
from helpdesk.domain.report_snapshot import canonical
from helpdesk.graphql.fields import attribute, computed, condition, described_enum
from helpdesk.graphql.global_ids import global_id
from helpdesk.graphql.node import Node
from helpdesk.graphql.scalars import LocaleCode, Url
from helpdesk.usecases.read_models import Noun

described_enum(
    ReportState,
    "ReportState",
    "Where a version of a report stands.",
    {
        ReportState.DRAFT: "It is being completed; the client does not see it.",
        ReportState.PUBLISHED: "The client has it; it never changes again.",
    },
)
described_enum(
    ReportLevel,
    "ReportLevel",
    "How much of the monthly report the client gets.",
    {
        ReportLevel.NONE: "None of it; its data are kept.",
        ReportLevel.SIMPLIFIED: "Summary, use of the plan, availability, alerts.",
        ReportLevel.DETAILED: "All seven rubrics.",
    },
)


def _summary(report: Any, request: Any) -> Sequence[str]:  # Any: a thing, and who asked for it
    """Return the lines that were published, or those that somebody wrote into the draft."""
    del request
    if report.snapshot is not None:
        lines: Sequence[str] = report.snapshot["rubrics"][0]["lines"]
        return lines
    return report.summary or ()


def _document(report: Any, request: Any) -> str | None:  # Any: likewise
    del request
    return None if report.snapshot is None else canonical(report.snapshot).decode()


def _url(extension: str) -> Any:  # Any: what `computed` calls
    def url(report: Any, request: Any) -> str:  # Any: likewise
        return f"{request.public_url}/reports/{global_id(Noun.REPORT, report.id)}.{extension}"

    return url


@strawberry.type(description="The report of a contract for a month, in one version.")
class Report(Node):
    """The report of a contract for a month, in one version."""

    month: Month = attribute("Which month.")
    version: int = attribute("The version; one after the first is a “rapport rectificatif”.")
    state: ReportState = attribute("Where it stands.")
    level: ReportLevel = attribute("How much of it the client gets.")
    locale: LocaleCode = computed(
        "The language that the agency writes it in.",
        lambda report, _: Locale(report.locale),
        needs=("locale",),
    )
    reason: str = attribute("Why it rectifies the version before; empty for the first.")
    summary: list[str] = computed(
        "Three lines at most; none in a draft whose lines the engine is to propose.",
        _summary,
        needs=("summary", "snapshot"),
    )
    message: str = attribute("The personal message; empty without one.")
    video_url: str = attribute("The https address of a video; empty without one.")
    created_at: datetime = attribute("When the version was drafted.")
    published_at: datetime | None = attribute("When it was published; absent for a draft.")
    published_by: str = attribute("Who published it; empty for a draft.")
    digest: str | None = attribute(
        "The SHA-256 of what was frozen, in hexadecimal digits; absent for a draft."
    )
    document: str | None = computed(
        "Everything that it says, frozen, as a JSON text of schema `helpdesk-report/1`: the bytes "
        "that `digest` is of. Absent for a draft.",
        _document,
        needs=("snapshot",),
    )
    pdf_url: Url = computed(
        "Where the PDF is, with the same token; `?locale=en` asks for another language. A draft is "
        "drawn as things stand now.",
        _url("pdf"),
        needs=("id",),
    )
    html_url: Url = computed("Where the same is as HTML.", _url("html"), needs=("id",))


@strawberry.input(description="Conditions on reports that all hold.")
class ReportFilter:
    """Conditions on reports that all hold."""

    month: list[str] | None = condition("Any of these months: `2026-07`.", "months")
    state: list[ReportState] | None = condition("Where it stands: any of these.", "states")
