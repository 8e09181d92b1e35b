"""What is known of a client changes: its name, what it is before the law, who reads its notices."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.agency import Client
from helpdesk.domain.consumer_notice import ClientKind
from helpdesk.domain.ids import ClientId, ContactId
from helpdesk.domain.message import required_text
from helpdesk.usecases.create_client import NAME_LIMIT
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records


@dataclass(frozen=True, slots=True)
class UpdateClient:
    """Which client, and what changes; None stays as it is.

    `notice_contact_ids` are those who are told before a tacit renewal, none for everybody.
    """

    client_id: ClientId
    name: str | None = None
    kind: ClientKind | None = None
    notice_contact_ids: Collection[ContactId] | None = None


async def update_client(desk: Desk, *, viewer: Viewer, request: UpdateClient) -> Client:
    """Change the client and return it. Raises NotFound, AgencyOnly, ScopeMissing, TextRequired."""
    async with desk.store.transaction(viewer.agency_id) as records:
        client = await records.clients.client(request.client_id)
        if client is None or not viewer.sees_client(client.id):
            raise NotFound(path=("clientId",), what="Client", id=request.client_id)
        viewer.require_agency(Scope.CLIENTS_WRITE)
        if request.name is not None:
            name = required_text(request.name, field="name", limit=NAME_LIMIT)
            client = replace(client, name=name)
        if request.kind is not None:
            client = replace(client, kind=request.kind)
        if request.notice_contact_ids is not None:
            await _require_people(records, client, request.notice_contact_ids)
            await records.clients.save_notice_readers(client.id, request.notice_contact_ids)
        await records.clients.save_client(client)
        return client


async def _require_people(
    records: Records, client: Client, contact_ids: Collection[ContactId]
) -> None:
    known = {contact.id for contact in await records.clients.contacts_of(client.id)}
    for contact_id in sorted(contact_ids):
        if contact_id not in known:
            raise NotFound(path=("noticeContactIds",), what="Contact", id=contact_id)
