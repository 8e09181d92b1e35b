"""Files made from what the API reads: the same token, the same figures, as CSV."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import ClassVar

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from helpdesk.domain.access import Scope, Viewer
from helpdesk.domain.compliance import SlaDimension
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.graphql.bearer import spoken_locale, viewer_of
from helpdesk.usecases.compliance_table import compliance_table, csv_of, table_question
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.read_models import Reads
from helpdesk.usecases.sla_compliance import sla_compliance
from helpdesk.usecases.statement_table import statement_question, statement_table

_STATUSES = {ErrorCode.FORBIDDEN: 403, ErrorCode.NOT_FOUND: 404}
_PLAIN = frozenset("-_.")

Parameters = Mapping[str, str]
Export = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A file with the name that a browser keeps it under."""

    name: str
    content: bytes


class ExportParameterUnknown(HelpdeskError):
    """A parameter that was left aside in silence would give other figures than those asked for."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "The parameter {name} is not known: give {known}."
    french: ClassVar[str] = "Le paramètre {name} est inconnu : donnez {known}."


def export_routes(desk: Desk, reads: Reads) -> tuple[Route, ...]:
    """Return where each file is."""
    return (
        Route("/exports/sla-compliance.csv", sla_compliance_export(desk, reads), methods=["GET"]),
        Route(
            "/exports/retainer-statement.csv",
            retainer_statement_export(desk, reads),
            methods=["GET"],
        ),
    )


def sla_compliance_export(desk: Desk, reads: Reads) -> Export:
    """Return what answers `GET /exports/sla-compliance.csv?from=2026-01&to=2026-06&groupBy=CLIENT`.

    `groupBy` is a list with commas; METRIC when it is left out.
    """

    async def made(viewer: Viewer, given: Parameters) -> CsvFile:
        by = given.get("groupBy", SlaDimension.METRIC)
        question = table_question(given.get("from", ""), given.get("to", ""), by)
        if SlaDimension.CLIENT in question.group_by:
            viewer.require(Scope.CLIENTS_READ)
        answer = await sla_compliance(desk, reads.compliance, viewer=viewer, question=question)
        reader = reads.reader(viewer, answer.at)
        content = csv_of(await compliance_table(reader, answer, locale=viewer.locale))
        months = question.months
        return CsvFile(f"sla-compliance-{months.first}-{months.last}.csv", content)

    return _export(desk, ("from", "to", "groupBy"), made)


def retainer_statement_export(desk: Desk, reads: Reads) -> Export:
    """Return what answers `GET /exports/retainer-statement.csv?contract=TMA-2&month=2026-07`.

    `contract` is its reference; `unit` names one unit, each that the contract counts without it.
    """

    async def made(viewer: Viewer, given: Parameters) -> CsvFile:
        month = given.get("month", "")
        question = statement_question(given.get("contract", ""), month, given.get("unit"))
        reader = reads.reader(viewer, desk.now())
        table = await statement_table(reader, question, locale=viewer.locale)
        plain = "".join(
            one if (one.isascii() and one.isalnum()) or one in _PLAIN else "-"
            for one in question.reference
        )
        return CsvFile(f"retainer-statement-{plain}-{question.month}.csv", table.csv)

    return _export(desk, ("contract", "month", "unit"), made)


def _export(
    desk: Desk,
    known: Collection[str],
    made: Callable[[Viewer, Parameters], Awaitable[CsvFile]],
) -> Export:
    async def export(request: Request) -> Response:
        try:
            viewer = await viewer_of(desk, request.headers)
        except HelpdeskError as error:
            said = error.message(spoken_locale(request.headers))
            return _refused(said, 401, {"www-authenticate": "Bearer"})
        try:
            _require_known(request.query_params, known)
            file = await made(viewer, request.query_params)
        except HelpdeskError as error:
            return _refused(error.message(viewer.locale), _STATUSES.get(error.code, 400))
        return Response(
            file.content,
            media_type="text/csv; charset=utf-8",
            headers={
                "content-disposition": f'attachment; filename="{file.name}"',
                "x-content-type-options": "nosniff",
                "cache-control": "no-store",
            },
        )

    return export


def _require_known(given: Parameters, known: Collection[str]) -> None:
    for name in given:
        if name not in known:
            raise ExportParameterUnknown(path=(name[:50],), name=name[:50], known=", ".join(known))


def _refused(message: str, status: int, headers: dict[str, str] | None = None) -> Response:
    return PlainTextResponse(message, status, {"cache-control": "no-store", **(headers or {})})
