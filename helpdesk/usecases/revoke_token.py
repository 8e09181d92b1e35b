"""A token that leaked or is no longer needed stops working at once."""

from dataclasses import dataclass

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.ids import TokenId
from helpdesk.usecases.desk import Desk


@dataclass(frozen=True, slots=True)
class RevokeToken:
    """The token to stop."""

    token_id: TokenId


async def revoke_token(desk: Desk, *, viewer: Viewer, request: RevokeToken) -> TokenId:
    """Revoke the token and return its id; NotFound when it is not a living one of the agency."""
    viewer.require_agency(Scope.AGENCY_WRITE)
    async with desk.store.transaction(viewer.agency_id) as records:
        if not await records.agencies.revoke_token(request.token_id, at=desk.now()):
            raise NotFound(path=("tokenId",), what="ApiToken", id=request.token_id)
        return request.token_id
