"""The files of monthly reports: PDF, HTML and JSON, with the token of the API."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from helpdesk.domain.access import NotFound
from helpdesk.domain.errors import ErrorCode, HelpdeskError, Locale
from helpdesk.domain.ids import ReportId
from helpdesk.domain.report_snapshot import canonical
from helpdesk.graphql.bearer import spoken_locale, viewer_of
from helpdesk.graphql.global_ids import id_of
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.read_models import Noun
from helpdesk.usecases.show_report import ShownReport, show_report

_PDF, _HTML, _JSON = "application/pdf", "text/html; charset=utf-8", "application/json"
_TYPES = {"pdf": _PDF, "html": _HTML, "json": _JSON}
_STATUSES = {ErrorCode.FORBIDDEN: 403, ErrorCode.NOT_FOUND: 404, ErrorCode.BAD_INPUT: 404}
# The page needs its own styles and nothing else: no script, no picture, no request.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups"


def report_file(desk: Desk) -> Callable[[Request], Awaitable[Response]]:
    """Return what answers `GET /reports/{report_id}.{pdf,html,json}?locale=en`.

    What was published is drawn from what was frozen; a draft as things stand now, for the agency.
    """

    async def file(request: Request) -> Response:
        try:
            viewer = await viewer_of(desk, request.headers)
        except HelpdeskError as error:
            said = error.message(spoken_locale(request.headers))
            return _refused(said, 401, {"www-authenticate": "Bearer"})
        try:
            given, extension = request.path_params["report_id"], request.path_params["extension"]
            if extension not in _TYPES:
                raise NotFound(what="Report", id=f"{given}.{extension}")
            report_id = ReportId(id_of(Noun.REPORT, given))
            shown = await show_report(desk, viewer=viewer, report_id=report_id)
            locale = _locale(request, shown.locale)
            content = await _content(desk, shown, locale, extension)
        except HelpdeskError as error:
            return _refused(error.message(viewer.locale), _STATUSES.get(error.code, 400))
        return _answer(content, shown, extension)

    return file


def _locale(request: Request, known: Locale) -> Locale:
    asked = request.query_params.get("locale", known.value)
    return Locale(asked) if asked in set(Locale) else known


async def _content(desk: Desk, shown: ShownReport, locale: Locale, extension: str) -> bytes:
    printer = desk.reports.printer
    if extension == "json":
        return canonical(shown.snapshot)
    if extension == "html":
        return printer.html(shown.snapshot, locale).encode()
    # Typesetting takes a moment, in which others are answered.
    return await asyncio.to_thread(printer.pdf, shown.snapshot, locale)


def _answer(content: bytes, shown: ShownReport, extension: str) -> Response:
    is_frozen = shown.digest is not None
    kept = "private, max-age=31536000" if is_frozen else "no-store"
    return Response(
        content,
        media_type=_TYPES[extension],
        headers={
            "content-disposition": f'inline; filename="{shown.file_name}.{extension}"',
            "content-security-policy": _POLICY,
            "cross-origin-resource-policy": "same-origin",
            "referrer-policy": "no-referrer",
            "x-content-type-options": "nosniff",
            "cache-control": kept,
            "vary": "authorization",
        },
    )


def _refused(message: str, status: int, headers: dict[str, str] | None = None) -> Response:
    return PlainTextResponse(message, status, {"cache-control": "no-store", **(headers or {})})
