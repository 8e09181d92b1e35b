"""Who writes a mail: the contact that he is, or becomes, and what he may do."""

import re
from unicodedata import normalize

from helpdesk.domain.access import ActorKind, Scope, Viewer
from helpdesk.domain.agency import Agency, Client, Contact, domains_of
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import ClientId, ContactId
from helpdesk.domain.inbound_email import Address
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records

POOL_NAMES = {Locale.FR: "Expéditeurs inconnus", Locale.EN: "Unknown senders"}
_ADDRESSES = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")


async def client_party(records: Records, ticket: Ticket, contact: Contact | None) -> Contact | None:
    """Return the contact if he may write on the ticket: threading headers prove nothing.

    The people of a client are parties of all its tickets. The senders of the pool have nothing in
    common: each of them is a party of his own.
    """
    if contact is None or contact.client_id != ticket.client_id:
        return None
    client = await records.clients.client(contact.client_id)
    is_of_pool = client is not None and client.is_unknown_sender_pool
    return contact if contact.id == ticket.requester_id or not is_of_pool else None


async def new_contact(desk: Desk, records: Records, agency: Agency, address: Address) -> Contact:
    """Return the sender as a contact of the client that owns his domain, else of the pool."""
    client = await records.clients.client_of_domains(domains_of(address.email))
    client = client or await pool(desk, records, agency)
    contact = Contact(
        id=ContactId(desk.new_id()),
        agency_id=agency.id,
        client_id=client.id,
        name=_name_of(address),
        email=address.email.lower(),
        locale=agency.locale,
    )
    await records.clients.add_contact(contact)
    return contact


def _name_of(address: Address) -> str:
    """Return the name that a sender gave, or his address when the name tells another address."""
    told = _ADDRESSES.findall(normalize("NFKC", address.name).lower())
    is_borrowed = any(one != address.email.lower() for one in told)
    return address.email if is_borrowed or not address.name else address.name


async def pool(desk: Desk, records: Records, agency: Agency) -> Client:
    """Return the client of the senders that belong to nobody yet; the first one makes it."""
    known = await records.clients.unknown_sender_pool()
    if known is not None:
        return known
    made = Client(
        id=ClientId(desk.new_id()),
        agency_id=agency.id,
        name=POOL_NAMES[agency.locale],
        domains=frozenset(),
        is_unknown_sender_pool=True,
    )
    await records.clients.add_client(made)
    return made


def contact_viewer(contact: Contact) -> Viewer:
    """Return the principal of a contact who acts by mail."""
    return Viewer(
        kind=ActorKind.CONTACT,
        agency_id=contact.agency_id,
        name=contact.name,
        locale=contact.locale,
        scopes=frozenset({Scope.TICKETS_READ, Scope.TICKETS_WRITE}),
        client_id=contact.client_id,
        contact_id=contact.id,
    )
