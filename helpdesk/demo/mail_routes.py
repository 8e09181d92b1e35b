"""The addresses under which a demo shows the mails that it would have sent."""

from asyncio import to_thread
from collections.abc import Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from helpdesk.demo.outbox_page import (
    CaughtMailUnknown,
    caught_mail,
    caught_mail_html,
    caught_mail_page,
    caught_mails_page,
)
from helpdesk.domain.errors import Locale

BASE = "/demo/mails"
HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
PAGE_HEADERS = {
    **HEADERS,
    "content-security-policy": f"{HEADERS['content-security-policy']}; img-src data:; sandbox",
}


def caught_mail_routes(folder: Path) -> list[BaseRoute]:
    """Return the list of caught mails, each mail to read, and each as it would have left."""

    async def every(_: Request) -> Response:
        page = await to_thread(caught_mails_page, folder, base=BASE)
        return HTMLResponse(page, headers=HEADERS)

    async def single(request: Request) -> Response:
        return await _found(
            lambda: HTMLResponse(
                caught_mail_page(folder, request.path_params["name"], base=BASE), headers=HEADERS
            )
        )

    async def html(request: Request) -> Response:
        return await _found(
            lambda: HTMLResponse(
                caught_mail_html(folder, request.path_params["name"]), headers=PAGE_HEADERS
            )
        )

    async def raw(request: Request) -> Response:
        return await _found(
            lambda: PlainTextResponse(
                caught_mail(folder, request.path_params["name"]), headers=HEADERS
            )
        )

    return [
        Route(BASE, every, methods=["GET"]),
        Route(BASE + "/{name}", single, methods=["GET"]),
        Route(BASE + "/{name}/html", html, methods=["GET"]),
        Route(BASE + "/{name}/raw", raw, methods=["GET"]),
    ]


async def _found(show: Callable[[], Response]) -> Response:
    try:
        return await to_thread(show)
    except CaughtMailUnknown as unknown:
        return PlainTextResponse(unknown.message(Locale.FR), 404, headers=HEADERS)
