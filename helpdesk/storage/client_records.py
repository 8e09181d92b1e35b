"""The client's side in the database: organisations, domains, sites, contacts."""

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, select, update

from helpdesk.domain.agency import Client, Contact, Site
from helpdesk.domain.consumer_notice import ClientKind
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
    select(CLIENT.c.name, CLIENT.c.is_unknown_sender_pool, CLIENT.c.kind).where(
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
_CONTACTS_OF = Query(
    select(*CONTACTS.columns)
    .where(CONTACT.c.agency_id == MINE, CONTACT.c.client_id == bindparam("client"))
    .order_by(CONTACT.c.name, CONTACT.c.id)
)
_SAVE_CLIENT = Query(
    update(CLIENT)
    .where(CLIENT.c.agency_id == MINE, CLIENT.c.id == bindparam("client"))
    .values(name=bindparam("new_name"), kind=bindparam("new_kind"))
)
_OF_CLIENT = (CONTACT.c.agency_id == MINE, CONTACT.c.client_id == bindparam("client"))
_FORGET_READERS = Query(
    update(CONTACT)
    .where(*_OF_CLIENT, CONTACT.c.reads_notices.is_(True))
    .values(reads_notices=False)
)
_NAME_READER = Query(
    update(CONTACT)
    .where(*_OF_CLIENT, CONTACT.c.id == bindparam("contact"))
    .values(reads_notices=True)
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
        name, is_pool, kind = row
        domains = await self._session.fetch_all(_DOMAINS, id=client_id)
        agency_id = AgencyId(self._session.agency_id)
        owned = frozenset(d for (d,) in domains)
        return Client(client_id, agency_id, name, owned, is_pool, ClientKind(kind))

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

    async def contacts_of(self, client_id: ClientId) -> tuple[Contact, ...]:
        """Return the contacts of a client, by name."""
        rows = await self._session.fetch_all(_CONTACTS_OF, client=client_id)
        return tuple(CONTACTS.read(row) for row in rows)

    async def save_client(self, client: Client) -> None:
        """Write what a client is called and what it is before the law."""
        await self._session.write(
            _SAVE_CLIENT, client=client.id, new_name=client.name, new_kind=client.kind.value
        )

    async def save_notice_readers(
        self, client_id: ClientId, contact_ids: Collection[ContactId]
    ) -> None:
        """Write who of a client is told before a tacit renewal, and that the others are not."""
        await self._session.write(_FORGET_READERS, client=client_id)
        for contact_id in sorted(contact_ids):
            await self._session.write(_NAME_READER, client=client_id, contact=contact_id)

    async def add_client(self, client: Client) -> None:
        """Add a client with its domains."""
        await self._session.write(
            _ADD_CLIENT,
            id=client.id,
            name=client.name,
            is_unknown_sender_pool=client.is_unknown_sender_pool,
            kind=client.kind.value,
        )
        for domain in sorted(client.domains):
            await self._session.write(_ADD_DOMAIN, domain=domain, client_id=client.id)

    async def add_site(self, site: Site) -> None:
        """Add a site."""
        await self._session.add(_ADD_SITE, SITES.params(site))

    async def add_contact(self, contact: Contact) -> None:
        """Add a contact."""
        await self._session.add(_ADD_CONTACT, CONTACTS.params(contact))
