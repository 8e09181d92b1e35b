"""Files made from what the API reads: the same token, the same figures, as CSV."""

from collections.abc import Awaitable, Callable, Mapping
from typing import ClassVar

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from helpdesk.domain.access import Scope, Viewer
from helpdesk.domain.compliance import SlaDimension
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.graphql.bearer import spoken_locale, viewer_of
from helpdesk.usecases.compliance_table import compliance_table, csv_of, table_question
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.read_models import Reads
from helpdesk.usecases.sla_compliance import SlaComplianceQuestion, sla_compliance

_STATUSES = {ErrorCode.FORBIDDEN: 403}
_KNOWN = frozenset({"from", "to", "groupBy"})


class ExportParameterUnknown(HelpdeskError):
    """A parameter that was left aside in silence would give other figures than those asked for."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "The parameter {name} is not known: give from, to and groupBy."
    french: ClassVar[str] = "Le paramètre {name} est inconnu : donnez from, to et groupBy."


def sla_compliance_export(desk: Desk, reads: Reads) -> Callable[[Request], Awaitable[Response]]:
    """Return what answers `GET /exports/sla-compliance.csv?from=2026-01&to=2026-06&groupBy=CLIENT`.

    `groupBy` is a list with commas; METRIC when it is left out.
    """

    async def export(request: Request) -> Response:
        try:
            viewer = await viewer_of(desk, request.headers)
        except HelpdeskError as error:
            said = error.message(spoken_locale(request.headers))
            return _refused(said, 401, {"www-authenticate": "Bearer"})
        try:
            question = _question(request.query_params)
            content = await _content(desk, reads, viewer, question)
        except HelpdeskError as error:
            return _refused(error.message(viewer.locale), _STATUSES.get(error.code, 400))
        name = f"sla-compliance-{question.months.first}-{question.months.last}.csv"
        return Response(
            content,
            media_type="text/csv; charset=utf-8",
            headers={
                "content-disposition": f'attachment; filename="{name}"',
                "x-content-type-options": "nosniff",
                "cache-control": "no-store",
            },
        )

    return export


def _question(given: Mapping[str, str]) -> SlaComplianceQuestion:
    for name in given:
        if name not in _KNOWN:
            raise ExportParameterUnknown(path=(name[:50],), name=name[:50])
    return table_question(
        given.get("from", ""), given.get("to", ""), given.get("groupBy", SlaDimension.METRIC)
    )


async def _content(
    desk: Desk, reads: Reads, viewer: Viewer, question: SlaComplianceQuestion
) -> bytes:
    if SlaDimension.CLIENT in question.group_by:
        viewer.require(Scope.CLIENTS_READ)
    answer = await sla_compliance(desk, reads.compliance, viewer=viewer, question=question)
    reader = reads.reader(viewer, answer.at)
    return csv_of(await compliance_table(reader, answer, locale=viewer.locale))


def _refused(message: str, status: int, headers: dict[str, str] | None = None) -> Response:
    return PlainTextResponse(message, status, {"cache-control": "no-store", **(headers or {})})
