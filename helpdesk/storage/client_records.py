"""The client's side in the database: organisations, domains, sites, contacts."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from helpdesk.domain.agency import Client, Contact, Site
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import AgencyId, ClientId, ContactId, SiteId
from helpdesk.domain.priority import Criticality
from helpdesk.storage.query import Query, in_list, insert
from helpdesk.storage.row_mapper import RowMapper
from helpdesk.storage.session import MINE, Session
from helpdesk.storage.tables.client import CLIENT, CLIENT_DOMAIN, CONTACT, SITE

SITES = RowMapper(Site, SITE, {"criticality": Criticality})
CONTACTS = RowMapper(Contact, CONTACT, {"locale": Locale})

_CLIENT_BY_ID = Query(
    select(CLIENT.c.name, CLIENT.c.is_unknown_sender_pool).where(
        CLIENT.c.agency_id == MINE, CLIENT.c.id == bindparam("id")
    )
)
_POOL = Query(
    select(CLIENT.c.id)
    .where(CLIENT.c.agency_id == MINE, CLIENT.c.is_unknown_sender_pool.is_(True))
    .order_by(CLIENT.c.id)
    .limit(1)
)
_DOMAINS = Query(
    select(CLIENT_DOMAIN.c.domain)
    .where(CLIENT_DOMAIN.c.agency_id == MINE, CLIENT_DOMAIN.c.client_id == bindparam("id"))
    .order_by(CLIENT_DOMAIN.c.domain)
)
_OWNERS = Query(
    select(CLIENT_DOMAIN.c.domain, CLIENT_DOMAIN.c.client_id).where(
        CLIENT_DOMAIN.c.agency_id == MINE, in_list(CLIENT_DOMAIN.c.domain, "domains")
    )
)
_SITE_BY_ID = Query(
    select(*SITES.columns).where(SITE.c.agency_id == MINE, SITE.c.id == bindparam("id"))
)
_CONTACT_BY_ID = Query(
    select(*CONTACTS.columns).where(CONTACT.c.agency_id == MINE, CONTACT.c.id == bindparam("id"))
)
_CONTACT_BY_EMAIL = Query(
    select(*CONTACTS.columns).where(
        CONTACT.c.agency_id == MINE, CONTACT.c.email == bindparam("email")
    )
)
_ADD_CLIENT = Query(insert(CLIENT))
_ADD_DOMAIN = Query(insert(CLIENT_DOMAIN))
_ADD_SITE = Query(insert(SITE))
_ADD_CONTACT = Query(insert(CONTACT))


class SqlClientRecords:
    """ClientRecords on a database."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def client(self, client_id: ClientId) -> Client | None:
        """Return a client with its domains."""
        row = await self._session.fetch_one(_CLIENT_BY_ID, id=client_id)
        if row is None:
            return None
        name, is_pool = row
        domains = await self._session.fetch_all(_DOMAINS, id=client_id)
        agency_id = AgencyId(self._session.agency_id)
        return Client(client_id, agency_id, name, frozenset(d for (d,) in domains), is_pool)

    async def client_of_domains(self, domains: Sequence[str]) -> Client | None:
        """Return the client that owns the first of these domains that anybody owns."""
        rows = await self._session.fetch_all(_OWNERS, domains=list(domains))
        owners: dict[str, str] = {row[0]: row[1] for row in rows}
        for domain in domains:
            if domain in owners:
                return await self.client(ClientId(owners[domain]))
        return None

    async def unknown_sender_pool(self) -> Client | None:
        """Return the client that stands for unknown senders."""
        row = await self._session.fetch_one(_POOL)
        return None if row is None else await self.client(ClientId(row[0]))

    async def site(self, site_id: SiteId) -> Site | None:
        """Return a site."""
        row = await self._session.fetch_one(_SITE_BY_ID, id=site_id)
        return None if row is None else SITES.read(row)

    async def contact(self, contact_id: ContactId) -> Contact | None:
        """Return a contact."""
        row = await self._session.fetch_one(_CONTACT_BY_ID, id=contact_id)
        return None if row is None else CONTACTS.read(row)

    async def contact_by_email(self, email: str) -> Contact | None:
        """Return the contact with this address."""
        row = await self._session.fetch_one(_CONTACT_BY_EMAIL, email=email)
        return None if row is None else CONTACTS.read(row)

    async def add_client(self, client: Client) -> None:
        """Add a client with its domains."""
        await self._session.write(
            _ADD_CLIENT,
            id=client.id,
            name=client.name,
            is_unknown_sender_pool=client.is_unknown_sender_pool,
        )
        for domain in sorted(client.domains):
            await self._session.write(_ADD_DOMAIN, domain=domain, client_id=client.id)

    async def add_site(self, site: Site) -> None:
        """Add a site."""
        await self._session.add(_ADD_SITE, SITES.params(site))

    async def add_contact(self, contact: Contact) -> None:
        """Add a contact."""
        await self._session.add(_ADD_CONTACT, CONTACTS.params(contact))
