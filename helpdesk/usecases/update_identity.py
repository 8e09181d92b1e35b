"""Who bills and who is billed, as the next documents say it; issued ones keep what they said."""

from dataclasses import dataclass

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.fiscal_identity import FiscalIdentity
from helpdesk.domain.ids import ClientId
from helpdesk.domain.party import Party
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.require_manager import require_manager


@dataclass(frozen=True, slots=True)
class UpdateClientIdentity:
    """Which client, and who he is on documents."""

    client_id: ClientId
    party: Party


async def update_agency_identity(
    desk: Desk, *, viewer: Viewer, request: FiscalIdentity
) -> FiscalIdentity:
    """Say how the agency invoices from now on, and return it. Raises ManagersOnly.

    Another prefix begins another series; one that exists goes on where it stands.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        await require_manager(records, viewer)
        await records.credit_notes.save_agency_identity(request, at=desk.now())
    return request


async def update_client_identity(
    desk: Desk, *, viewer: Viewer, request: UpdateClientIdentity
) -> Party:
    """Say who a client is on his documents from now on, and return it.

    Raises NotFound and ManagersOnly.
    """
    viewer.require_agency(Scope.AGENCY_WRITE)
    async with desk.store.transaction(viewer.agency_id) as records:
        await require_manager(records, viewer)
        if await records.clients.client(request.client_id) is None:
            raise NotFound(path=("clientId",), what="Client", id=request.client_id)
        await records.credit_notes.save_client_identity(
            request.client_id, request.party, at=desk.now()
        )
    return request.party
