"""The HTTP door for monitoring tools: POST /hooks/monitoring/{hook}."""

import json
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from helpdesk.domain.errors import ErrorCode, HelpdeskError, Locale
from helpdesk.domain.ids import MonitoringHookId
from helpdesk.domain.monitoring import Proof, SignalState
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.receive_signal import ReceiveSignal, receive_signal

BODY_LIMIT = 1_000_000
"""Bytes of a call that are read; a tool that tells of a thousand alerts sends some 600 000."""

TOKEN = "token"  # noqa: S105 - the name of a parameter
_STATUSES = {
    ErrorCode.UNAUTHENTICATED: 401,
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.SIGNAL_REPLAYED: 409,
    ErrorCode.BAD_INPUT: 422,
}
_TOO_LARGE = 413
_REFUSED = 422


def monitoring_door(desk: Desk) -> Callable[[Request], Awaitable[Response]]:
    """Return the handler of calls.

    A call is answered with 200 once it is kept and done. 401 is for who proves nothing, 404 for an
    unknown hook or site, 409 for a replay and 422 for what is not understood; tools that try again
    do so on any other failure, when nothing was done.
    """

    async def door(request: Request) -> Response:
        try:
            body = await _body(request)
        except ClientDisconnect:
            return Response(status_code=400)
        if body is None:
            return _answer({"code": ErrorCode.TOO_LONG.value}, _TOO_LARGE)
        try:
            signal = await receive_signal(desk, _call(request, body))
        except HelpdeskError as refusal:
            told = {"code": refusal.code.value, "message": refusal.message(Locale.EN)}
            return _answer(told, _STATUSES.get(refusal.code, _REFUSED))
        return _answer(
            {"state": signal.state.value, "outcome": signal.outcome}, _done(signal.state)
        )

    return door


def _call(request: Request, body: bytes) -> ReceiveSignal:
    headers = request.headers
    return ReceiveSignal(
        hook_id=MonitoringHookId(request.path_params["hook_id"]),
        proof=Proof(
            token=_token(request),
            signature=headers.get("webhook-signature") or headers.get("sentry-hook-signature", ""),
            call_id=headers.get("webhook-id", ""),
            timestamp=headers.get("webhook-timestamp", ""),
        ),
        body=body,
        topic=headers.get("sentry-hook-resource", ""),
        fields=_fields(request, body),
    )


def _token(request: Request) -> str:
    """Return the repeated secret: a bearer token, or the parameter of tools that know no header."""
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip()
    return request.query_params.get(TOKEN, "")


def _fields(request: Request, body: bytes) -> str | None:
    """Return the fields of a tool that sends no JSON as JSON; None where it does."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_form = kind == "application/x-www-form-urlencoded"
    if body.strip() and not is_form:
        return None
    form = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True) if is_form else []
    return _json({**dict(request.query_params), **dict(form)})


def _json(fields: Mapping[str, str]) -> str:
    return json.dumps({name: value for name, value in fields.items() if name != TOKEN})


async def _body(request: Request) -> bytes | None:
    """Return the body; None as soon as it is too large."""
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > BODY_LIMIT:
            return None
    return bytes(read)


def _done(state: SignalState) -> int:
    return _REFUSED if state is SignalState.REFUSED else 200


def _answer(told: Mapping[str, str], status: int) -> Response:
    return JSONResponse(dict(told), status, {"cache-control": "no-store"})
