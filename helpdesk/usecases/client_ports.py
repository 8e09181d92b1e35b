"""The client's side as use-cases need it: organisations, sites, contacts."""

from collections.abc import Collection, Sequence
from typing import Protocol

from helpdesk.domain.agency import Client, Contact, Site
from helpdesk.domain.ids import ClientId, ContactId, SiteId


class ClientRecords(Protocol):
    """The client's side: organisations, sites, contacts."""

    async def client(self, client_id: ClientId) -> Client | None:
        """Return a client, None when there is none."""
        ...

    async def client_of_domains(self, domains: Sequence[str]) -> Client | None:
        """Return the client that owns the first of these domains that anybody owns."""
        ...

    async def unknown_sender_pool(self) -> Client | None:
        """Return the client that stands for senders who belong to nobody yet."""
        ...

    async def site(self, site_id: SiteId) -> Site | None:
        """Return a site, None when there is none."""
        ...

    async def contact(self, contact_id: ContactId) -> Contact | None:
        """Return a contact, None when there is none."""
        ...

    async def contact_by_email(self, email: str) -> Contact | None:
        """Return the contact with this address, None when there is none."""
        ...

    async def contacts_of(self, client_id: ClientId) -> tuple[Contact, ...]:
        """Return the contacts of a client, by name."""
        ...

    async def save_client(self, client: Client) -> None:
        """Write what a client is called and what it is before the law."""
        ...

    async def save_notice_readers(
        self, client_id: ClientId, contact_ids: Collection[ContactId]
    ) -> None:
        """Write who of a client is told before a tacit renewal, and that the others are not."""
        ...

    async def add_client(self, client: Client) -> None:
        """Add a client with its domains."""
        ...

    async def add_site(self, site: Site) -> None:
        """Add a site."""
        ...

    async def add_contact(self, contact: Contact) -> None:
        """Add a contact."""
        ...
