"""The files of credit notes: PDF, XML, JSON and CSV, with the token of the API."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from helpdesk.domain.access import NotFound, Viewer
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import CreditNoteId
from helpdesk.domain.month import Month, Months
from helpdesk.graphql.bearer import spoken_locale, viewer_of
from helpdesk.graphql.exports import ExportParameterUnknown
from helpdesk.graphql.global_ids import id_of
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.read_models import Noun
from helpdesk.usecases.show_credit_note import (
    CreditNoteFile,
    CreditNoteFormat,
    credit_note_file,
    credit_notes_export,
)

Handler = Callable[[Request], Awaitable[Response]]

_TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "xml": "application/xml; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
}
_STATUSES = {ErrorCode.FORBIDDEN: 403, ErrorCode.NOT_FOUND: 404}
_KNOWN = frozenset({"from", "to"})


def credit_note_routes(desk: Desk) -> list[BaseRoute]:
    """Return where the files of credit notes are."""
    return [
        Route("/credit-notes/{note_id}.{extension}", credit_note_download(desk), methods=["GET"]),
        Route("/exports/credit-notes.csv", credit_notes_csv(desk), methods=["GET"]),
    ]


def credit_note_download(desk: Desk) -> Handler:
    """Return what answers `GET /credit-notes/{note_id}.{pdf,xml,json,csv}`.

    Page and file are what was issued, byte for byte.
    """

    async def found(request: Request, viewer: Viewer) -> CreditNoteFile:
        given, form = request.path_params["note_id"], request.path_params["extension"]
        if form not in _TYPES:
            raise NotFound(what="CreditNote", id=f"{given}.{form}"[:200])
        try:
            note_id = CreditNoteId(id_of(Noun.CREDIT_NOTE, given))
        except HelpdeskError:
            raise NotFound(what="CreditNote", id=given[:200]) from None
        return await credit_note_file(
            desk, viewer=viewer, note_id=note_id, form=CreditNoteFormat(form)
        )

    return _answering(desk, found)


def credit_notes_csv(desk: Desk) -> Handler:
    """Return what answers `GET /exports/credit-notes.csv?from=2026-01&to=2026-06`."""

    async def found(request: Request, viewer: Viewer) -> CreditNoteFile:
        for name in request.query_params:
            if name not in _KNOWN:
                raise ExportParameterUnknown(
                    path=(name[:50],), name=name[:50], known=", ".join(sorted(_KNOWN))
                )
        first, last = (
            Month.parsed(request.query_params.get(name, ""), path=(name,))
            for name in ("from", "to")
        )
        return await credit_notes_export(desk, viewer=viewer, months=Months(first, last))

    return _answering(desk, found)


def _answering(
    desk: Desk, found: Callable[[Request, Viewer], Awaitable[CreditNoteFile]]
) -> Handler:
    """Return a handler that gives the file that was found, or says why not."""

    async def answer(request: Request) -> Response:
        try:
            viewer = await viewer_of(desk, request.headers)
        except HelpdeskError as error:
            said = error.message(spoken_locale(request.headers))
            return _refused(said, 401, {"www-authenticate": "Bearer"})
        try:
            file = await found(request, viewer)
        except HelpdeskError as error:
            return _refused(error.message(viewer.locale), _STATUSES.get(error.code, 400))
        return Response(
            file.content,
            media_type=_TYPES[file.name.rpartition(".")[2]],
            headers={
                "content-disposition": f'attachment; filename="{file.name}"',
                "content-security-policy": "default-src 'none'; sandbox",
                "cross-origin-resource-policy": "same-origin",
                "x-content-type-options": "nosniff",
                "cache-control": "private, no-store",
            },
        )

    return answer


def _refused(message: str, status: int, headers: dict[str, str] | None = None) -> Response:
    return PlainTextResponse(message, status, {"cache-control": "no-store", **(headers or {})})
