"""The page behind the link at the end of a mail: a reader leaves topics, or takes them up again.

To look changes nothing, because servers that check links look too. A mail program that leaves by
one click (RFC 8058) posts to the same address.
"""

import logging
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from html import escape
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from helpdesk.domain.errors import Locale
from helpdesk.domain.notification import Delivery
from helpdesk.mail.topic_words import TOPIC_NAMES
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.unsubscribe import LeavingView, leave, show_leaving

BODY_LIMIT = 4_096
"""Bytes of a form that are read; a mail program sends 26."""

_LEAVE, _DIGEST, _AGAIN = "off", "digest", "on"
_CHOICES: Mapping[str, Delivery | None] = {
    _LEAVE: Delivery.OFF,
    _DIGEST: Delivery.DIGEST,
    _AGAIN: None,
}
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;color:#1c1917;background:#f5f5f4;margin:0;padding:1em}"
    "main{max-width:36rem;margin:2rem auto;padding:1.5rem;background:#fff;border-radius:.5rem}"
    "h1{font-size:1.25rem;margin:0 0 1rem}button{font:inherit;padding:.6rem 1rem;margin:.25rem 0;"
    "border:1px solid #44403c;border-radius:.375rem;background:#fff;color:#1c1917;cursor:pointer}"
    "button.first{background:#1c1917;color:#fff}"
)
_STYLE_HASH = b64encode(sha256(_STYLE.encode()).digest()).decode()
HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self';"
        " frame-ancestors 'none'; base-uri 'none'"
    ),
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex, nofollow",
}

_log = logging.getLogger(__name__)

_WORDS = {
    Locale.FR: {
        "title": "{agency} : vos messages",
        "ask": "Ne plus recevoir de messages sur : {topics} ?",
        "left": "C'est fait : plus de messages sur : {topics}.",
        "kept": "Vous recevez des messages sur : {topics}.",
        "digest_now": "Vous recevez un résumé par jour ouvré sur : {topics}.",
        _LEAVE: "Ne plus les recevoir",
        _DIGEST: "Un seul résumé par jour ouvré",
        _AGAIN: "Les recevoir à nouveau",
        "of_agency": "Les alertes vous parviennent toujours.",
        "other": "Les réponses de l'agence et ce que dit votre contrat vous parviennent toujours.",
        "unknown": "Ce lien n'est pas valable. Il est peut-être coupé : copiez-le en entier.",
        "unknown_title": "Lien inconnu",
    },
    Locale.EN: {
        "title": "{agency}: your messages",
        "ask": "No longer receive messages about: {topics}?",
        "left": "Done: no more messages about: {topics}.",
        "kept": "You receive messages about: {topics}.",
        "digest_now": "You receive one summary a working day about: {topics}.",
        _LEAVE: "No longer receive them",
        _DIGEST: "One summary a working day",
        _AGAIN: "Receive them again",
        "of_agency": "Alerts reach you anyway.",
        "other": "What the agency answers you, and what your contract says, reaches you anyway.",
        "unknown": "This link is not valid. Perhaps it was cut: copy the whole of it.",
        "unknown_title": "Unknown link",
    },
}
_PAGE = """\
<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
{content}
</main>
</body>
</html>
"""


def unsubscribe_page(desk: Desk) -> Callable[[Request], Awaitable[Response]]:
    """Return what answers GET and POST on `/mail/unsubscribe/{word}`.

    GET shows the page, POST does what its form says, or leaves when a mail program posts without
    one. 404 for a word that we did not sign, 413 for a form that is none of ours.
    """

    async def page(request: Request) -> Response:
        word = request.path_params["word"]
        if request.method != "POST":
            view = await show_leaving(desk, word)
            return _unknown() if view is None else HTMLResponse(page_of(view), headers=HEADERS)
        body = await _body(request)
        if body is None:
            return Response(status_code=413, headers=HEADERS)
        wanted = _CHOICES.get(_choice(body), Delivery.OFF)
        view = await leave(desk, word, wanted)
        if view is None:
            return _unknown()
        _log.info("notification_preference_set way=link wanted=%s", wanted or "default")
        return HTMLResponse(page_of(view, is_done=True), headers=HEADERS)

    return page


def page_of(view: LeavingView, *, is_done: bool = False) -> str:
    """Return the page of a link: what it is about, and what can be chosen.

    `is_done` when something was chosen just now.
    """
    words = _WORDS[view.locale]
    names = ", ".join(TOPIC_NAMES[view.locale][topic] for topic in view.chosen)
    title = words["title"].format(agency=view.agency_name)
    said = words[_standing(view, is_done=is_done)].format(topics=names)
    content = [
        f"<h1>{escape(title)}</h1>",
        f"<p>{escape(said)}</p>",
        '<form method="post">',
        *(_button(name, words[name], is_first=n == 0) for n, name in enumerate(_offers(view))),
        "</form>",
        f"<p>{escape(words['of_agency' if view.is_of_agency else 'other'])}</p>",
    ]
    return _page(view.locale, title, content)


async def _body(request: Request) -> bytes | None:
    pieces: list[bytes] = []
    async for piece in request.stream():
        pieces.append(piece)
        if sum(map(len, pieces)) > BODY_LIMIT:
            return None
    return b"".join(pieces)


def _choice(body: bytes) -> str:
    return parse_qs(body.decode("latin-1")).get("choice", [""])[0]


def _standing(view: LeavingView, *, is_done: bool) -> str:
    if view.is_left:
        return "left"
    if not is_done:
        return "ask"
    is_digest = set(view.chosen.values()) == {Delivery.DIGEST}
    return "digest_now" if is_digest else "kept"


def _offers(view: LeavingView) -> list[str]:
    offers = [_AGAIN] if view.is_left else [_LEAVE]
    return [*offers, _DIGEST] if view.offers_digest else offers


def _button(choice: str, label: str, *, is_first: bool) -> str:
    look = ' class="first"' if is_first else ""
    return f'<button{look} name="choice" value="{choice}">{escape(label)}</button>'


def _unknown() -> Response:
    content = [
        f'<p lang="{locale.value}">{escape(words["unknown"])}</p>'
        for locale, words in _WORDS.items()
    ]
    page = _page(Locale.FR, _WORDS[Locale.FR]["unknown_title"], content)
    return HTMLResponse(page, 404, headers=HEADERS)


def _page(locale: Locale, title: str, content: list[str]) -> str:
    return _PAGE.format(
        language=locale.value, title=escape(title), style=_STYLE, content="\n".join(content)
    )
