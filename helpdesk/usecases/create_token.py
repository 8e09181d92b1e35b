"""A token lets a program in: shown once, kept as a hash, with the rights that its maker has."""

from dataclasses import dataclass, replace
from datetime import datetime

from helpdesk.domain.access import ActorKind, NotFound, Scope, Viewer
from helpdesk.domain.ids import ClientId, TokenId
from helpdesk.domain.message import required_text
from helpdesk.usecases.authenticate import secret_hash
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Token

NAME_LIMIT = 100


@dataclass(frozen=True, slots=True)
class CreateToken:
    """What the token may do; bound to one client when `client_id` is given."""

    name: str
    scopes: frozenset[Scope]
    client_id: ClientId | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new token; `secret` is shown now and never again."""

    token_id: TokenId
    secret: str


async def create_token(desk: Desk, *, viewer: Viewer, request: CreateToken) -> IssuedToken:
    """Return a new token of a service account.

    Nobody gives more than he has: each scope is required of the maker too (ScopeMissing).
    """
    viewer.require_agency(Scope.AGENCY_WRITE)
    for scope in request.scopes:
        viewer.require(scope)
    async with desk.store.transaction(viewer.agency_id) as records:
        if request.client_id is not None:
            client = await records.clients.client(request.client_id)
            if client is None:
                raise NotFound(path=("clientId",), what="Client", id=request.client_id)
        secret = desk.new_secret()
        token = _token(desk, viewer, request, secret)
        await records.agencies.add_token(token)
        return IssuedToken(token.id, secret)


def _token(desk: Desk, viewer: Viewer, request: CreateToken, secret: str) -> Token:
    token_id = TokenId(desk.new_id())
    name = required_text(request.name, field="name", limit=NAME_LIMIT)
    account = replace(
        viewer,
        kind=ActorKind.SERVICE_ACCOUNT,
        name=name,
        scopes=request.scopes,
        client_id=request.client_id,
        agent_id=None,
        contact_id=None,
        token_id=token_id,
    )
    return Token(
        id=token_id,
        agency_id=viewer.agency_id,
        name=name,
        secret_hash=secret_hash(secret),
        viewer=account,
        created_at=desk.now(),
        expires_at=request.expires_at,
    )
