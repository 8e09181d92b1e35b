"""The HTTP door: a raw message in the body of a signed call, stored before it is acknowledged."""

import logging
from collections.abc import Awaitable, Callable

from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response

from helpdesk.domain.errors import Locale
from helpdesk.domain.inbound_email import ReceivedMail, Transport
from helpdesk.domain.webhook import is_signed
from helpdesk.mail.envelope import envelope_sender
from helpdesk.mail.parse import MAX_MAIL_BYTES
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.store_inbound_mail import MailboxUnknown, store_inbound_mail

ENVELOPE_FROM = "x-envelope-from"
ENVELOPE_TO = "x-envelope-to"

_STORED, _UNSIGNED, _NEVER, _LATER = 200, 401, 406, 503

_log = logging.getLogger(__name__)


def http_door(
    desk: Desk,
    *,
    secret: str,
    woken: Callable[[], None] | None = None,
    max_mail_bytes: int = MAX_MAIL_BYTES,
) -> Callable[[Request], Awaitable[Response]]:
    """Return what answers `POST /mail/inbound`.

    200 once the message is committed, 401 without a valid signature over envelope and message, 406
    for what will never be taken (too large, no mailbox of ours), 503 on any trouble: the caller
    keeps it and tries again. The same message twice is one. `woken` is called when there is
    something to read.
    """

    async def door(request: Request) -> Response:
        try:
            raw = await _body(request, max_mail_bytes)
            if raw is None:
                return _said(_NEVER, f"too large: at most {max_mail_bytes} bytes")
            if not is_signed(secret, request.headers, signed_content(request, raw), at=desk.now()):
                return _said(_UNSIGNED, "the signature is missing, wrong or too old")
            await store_inbound_mail(desk, _received(request, raw, desk))
        except MailboxUnknown as error:
            return _said(_NEVER, error.message(Locale.EN))
        except Exception:
            _log.exception("mail_refused transport=http")
            return _said(_LATER, "try again later")
        if woken is not None:
            woken()
        return _said(_STORED, "stored")

    return door


def signed_content(request: HTTPConnection, raw: bytes) -> bytes:
    """Return what the signature is over: the envelope as its headers give it, then the message.

    A line `x-envelope-from: …` when it was given, one `x-envelope-to: …` for each field in their
    order, an empty line, the bytes of the message; lines end in a line feed.
    """
    given = [
        f"{name}: {value}\n"
        for name in (ENVELOPE_FROM, ENVELOPE_TO)
        for value in request.headers.getlist(name)
    ]
    return "".join((*given, "\n")).encode("latin-1", "replace") + raw


def _received(request: Request, raw: bytes, desk: Desk) -> ReceivedMail:
    """Return the message with the envelope of its headers; the sender may be left out."""
    given = request.headers.getlist(ENVELOPE_TO)
    recipients = [one.strip(" <>") for value in given for one in value.split(",")]
    sender = request.headers.get(ENVELOPE_FROM)
    return ReceivedMail(
        transport=Transport.HTTP,
        envelope_from=envelope_sender(raw) if sender is None else sender.strip(" <>"),
        recipients=tuple(filter(None, recipients)),
        raw=raw,
        received_at=desk.now(),
    )


async def _body(request: Request, limit: int) -> bytes | None:
    """Return the body, None when it is larger than the limit: the rest is not read."""
    pieces: list[bytes] = []
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > limit:
            return None
        pieces.append(piece)
    return b"".join(pieces)


def _said(status: int, text: str) -> Response:
    return PlainTextResponse(text, status, {"cache-control": "no-store"})
