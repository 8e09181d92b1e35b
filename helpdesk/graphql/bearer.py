"""Who sends a request: the token in its Authorization header."""

from typing import ClassVar

from starlette.datastructures import Headers

from helpdesk.domain.access import Viewer
from helpdesk.domain.errors import ErrorCode, HelpdeskError, Locale
from helpdesk.usecases.authenticate import authenticate
from helpdesk.usecases.desk import Desk

_LONGEST_SECRET = 500


class TokenMissing(HelpdeskError):
    """Every request is somebody's."""

    code: ClassVar[ErrorCode] = ErrorCode.UNAUTHENTICATED
    english: ClassVar[str] = (
        "No token was given: send the header `Authorization: Bearer TOKEN` "
        "(`helpdesk token create` makes one)."
    )
    french: ClassVar[str] = (
        "Aucun jeton n'est donné : envoyez l'en-tête `Authorization: Bearer JETON` "
        "(`helpdesk token create` en crée un)."
    )


async def viewer_of(desk: Desk, headers: Headers) -> Viewer:
    """Return the principal behind a request. Raises TokenMissing and Unauthenticated."""
    scheme, _, secret = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise TokenMissing
    return await authenticate(desk, secret.strip()[:_LONGEST_SECRET])


def spoken_locale(headers: Headers) -> Locale:
    """Return the language of somebody whom we do not know, by what his program says."""
    is_french = headers.get("accept-language", "").lower().startswith("fr")
    return Locale.FR if is_french else Locale.EN
