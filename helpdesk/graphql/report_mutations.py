"""What can be done to monthly reports: the agency completes, publishes and rectifies them."""

import strawberry

from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import ContactId, ContractId
from helpdesk.domain.month import Month
from helpdesk.graphql.fields import attribute, optional
from helpdesk.graphql.global_ids import id_of
from helpdesk.graphql.mutating import MutationInput, Outcome, mutation, payload
from helpdesk.graphql.report import Report
from helpdesk.graphql.request import Request
from helpdesk.graphql.scalars import LocaleCode
from helpdesk.usecases.edit_report import EditReport, edit_report
from helpdesk.usecases.publish_report import PublishReport, publish_report
from helpdesk.usecases.read_models import Noun
from helpdesk.usecases.rectify_report import RectifyReport, rectify_report

_CONTRACT_ID, _MONTH = "Of which contract.", "Of which month."


@strawberry.input(description="What people add to the figures of a month.")
class EditReportInput(MutationInput):
    """What people add to the figures of a month."""

    contract_id: strawberry.ID = attribute(_CONTRACT_ID)
    month: Month = attribute(_MONTH)
    summary: str | None = optional(
        "Three lines at most; as they are if left out, those that the engine proposes if empty."
    )
    message: str | None = optional("A personal message; as it is if left out.")
    video_url: str | None = optional("The https address of a video; as it is if left out.")
    locale: LocaleCode | None = optional("The language of the proposed lines and of the pages.")


@strawberry.input(description="A report to publish.")
class PublishReportInput(MutationInput):
    """A report to publish."""

    contract_id: strawberry.ID = attribute(_CONTRACT_ID)
    month: Month = attribute(_MONTH)
    recipient_ids: list[strawberry.ID] | None = optional(
        "Who of the client is sent the PDF; everybody unless said, nobody for an empty list."
    )


@strawberry.input(description="A published report that was wrong.")
class RectifyReportInput(MutationInput):
    """A published report that was wrong."""

    contract_id: strawberry.ID = attribute(_CONTRACT_ID)
    month: Month = attribute(_MONTH)
    reason: str = attribute("What was wrong; the client reads it.")


EditReportPayload = payload(
    "EditReportPayload", "A draft that was completed.", report=(Report, "The draft.")
)
PublishReportPayload = payload(
    "PublishReportPayload",
    "A report that was published.",
    report=(Report, "The report, which never changes again."),
)
RectifyReportPayload = payload(
    "RectifyReportPayload",
    "A report that is put right.",
    report=(Report, "The draft of the next version: publish it when it is right."),
)


async def report_edited(request: Request, given: EditReportInput) -> Outcome:
    """Complete the draft of a month."""
    asked = EditReport(
        contract_id=_contract(given.contract_id),
        month=given.month,
        summary=given.summary,
        message=given.message,
        video_url=given.video_url,
        locale=None if given.locale is None else Locale(given.locale),
    )
    return {"report": (await edit_report(request.desk, viewer=request.viewer, request=asked)).id}


async def report_published(request: Request, given: PublishReportInput) -> Outcome:
    """Publish the report of a month."""
    readers = given.recipient_ids
    asked = PublishReport(
        contract_id=_contract(given.contract_id),
        month=given.month,
        recipient_ids=None
        if readers is None
        else tuple(ContactId(id_of(Noun.CONTACT, one, path=("recipientIds",))) for one in readers),
    )
    return {"report": (await publish_report(request.desk, viewer=request.viewer, request=asked)).id}


async def report_rectified(request: Request, given: RectifyReportInput) -> Outcome:
    """Draft the next version of a published report."""
    asked = RectifyReport(_contract(given.contract_id), given.month, given.reason)
    return {"report": (await rectify_report(request.desk, viewer=request.viewer, request=asked)).id}


def _contract(given: str) -> ContractId:
    return ContractId(id_of(Noun.CONTRACT, given, path=("contractId",)))


@strawberry.type(description="What can be done to monthly reports.")
class ReportMutation:
    """What can be done to monthly reports."""

    edit_report = mutation(
        "Write the words of a month's report: summary, message, link. The first makes the draft.",
        report_edited,
        given=EditReportInput,
        gives=EditReportPayload,
    )
    publish_report = mutation(
        "Publish the report of a month that is over: its forfait is closed, what it says is frozen "
        "with its hash, and the client is sent the PDF.",
        report_published,
        given=PublishReportInput,
        gives=PublishReportPayload,
    )
    rectify_report = mutation(
        "Draft the next version of a published report; the one before stays as it was read.",
        report_rectified,
        given=RectifyReportInput,
        gives=RectifyReportPayload,
    )
