"""Inbound messages as they came, with the token of the API."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import InboundMailId
from helpdesk.graphql.bearer import spoken_locale, viewer_of
from helpdesk.graphql.global_ids import id_of
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.preview_message import original_message
from helpdesk.usecases.read_models import Noun

_STATUSES = {ErrorCode.FORBIDDEN: 403, ErrorCode.NOT_FOUND: 404, ErrorCode.BAD_INPUT: 404}


def original_file(desk: Desk) -> Callable[[Request], Awaitable[Response]]:
    """Return what answers `GET /inbound-messages/{message_id}`, for the agency.

    Anybody may have written the bytes: they are saved, and nothing in them is ever run.
    """

    async def file(request: Request) -> Response:
        try:
            viewer = await viewer_of(desk, request.headers)
        except HelpdeskError as error:
            said = error.message(spoken_locale(request.headers))
            return _refused(said, 401, {"www-authenticate": "Bearer"})
        try:
            mail_id = InboundMailId(id_of(Noun.INBOUND_MESSAGE, request.path_params["message_id"]))
            original = await original_message(desk, viewer=viewer, mail_id=mail_id)
        except HelpdeskError as error:
            return _refused(error.message(viewer.locale), _STATUSES.get(error.code, 400))
        return Response(
            original.content,
            media_type="message/rfc822",
            headers={
                "content-disposition": f'attachment; filename="{original.sha256[:12]}.eml"',
                "content-security-policy": "default-src 'none'; sandbox",
                "cross-origin-resource-policy": "same-origin",
                "referrer-policy": "no-referrer",
                "x-content-type-options": "nosniff",
                "cache-control": "private, no-store",
                "vary": "authorization",
            },
        )

    return file


def _refused(message: str, status: int, headers: dict[str, str] | None = None) -> Response:
    return PlainTextResponse(message, status, {"cache-control": "no-store", **(headers or {})})
