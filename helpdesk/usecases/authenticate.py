"""A secret becomes a viewer, or nobody comes in."""

import hashlib
from typing import ClassVar

from helpdesk.domain.access import Viewer
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.usecases.desk import Desk


class Unauthenticated(HelpdeskError):
    """Every request is somebody's; which part of the secret was wrong is not said."""

    code: ClassVar[ErrorCode] = ErrorCode.UNAUTHENTICATED
    english: ClassVar[str] = (
        "This token is unknown, expired or revoked: send `Authorization: Bearer TOKEN` with a "
        "living one (`helpdesk token create` makes one)."
    )
    french: ClassVar[str] = (
        "Ce jeton est inconnu, expiré ou révoqué : envoyez `Authorization: Bearer JETON` avec un "
        "jeton valable (`helpdesk token create` en crée un)."
    )


def secret_hash(secret: str) -> str:
    """Return the only form in which a secret is kept; 256 random bits need no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


async def authenticate(desk: Desk, secret: str) -> Viewer:
    """Return the principal behind a token. Raises Unauthenticated."""
    token = await desk.store.token_by_hash(secret_hash(secret))
    if token is None or token.revoked_at is not None:
        raise Unauthenticated
    if token.expires_at is not None and token.expires_at <= desk.now():
        raise Unauthenticated
    return token.viewer
