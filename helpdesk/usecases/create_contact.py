"""A person at a client may write and is written to."""

import re
from dataclasses import dataclass
from typing import ClassVar

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.agency import Contact
from helpdesk.domain.errors import ErrorCode, HelpdeskError, Locale
from helpdesk.domain.ids import ClientId, ContactId
from helpdesk.domain.message import required_text
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records

NAME_LIMIT = 200
_EMAIL = re.compile(r"[^\s@<>,;\"]{1,64}@[^\s@<>,;\"]{1,255}")


class EmailInvalid(HelpdeskError):
    """An address that nothing can be sent to identifies nobody."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{email} is not a mail address: write it like name@example.org."
    french: ClassVar[str] = "{email} n'est pas une adresse mail : écrivez nom@exemple.fr."


class EmailTaken(HelpdeskError):
    """An address is one person of one client, else a mail could be two people's."""

    code: ClassVar[ErrorCode] = ErrorCode.ALREADY_EXISTS
    english: ClassVar[str] = "{email} belongs to a contact or an agent already."
    french: ClassVar[str] = "{email} appartient déjà à un interlocuteur ou à un intervenant."


@dataclass(frozen=True, slots=True)
class CreateContact:
    """The person, the client he belongs to, and the language he is written to in."""

    client_id: ClientId
    name: str
    email: str
    locale: Locale = Locale.FR


async def create_contact(desk: Desk, *, viewer: Viewer, request: CreateContact) -> Contact:
    """Add the contact and return it. Raises NotFound, EmailInvalid, EmailTaken, TextRequired."""
    viewer.require_agency(Scope.CLIENTS_WRITE)
    async with desk.store.transaction(viewer.agency_id) as records:
        return await added_contact(desk, records, request)


async def added_contact(desk: Desk, records: Records, request: CreateContact) -> Contact:
    """Return the contact added within the caller's transaction; raises as `create_contact`."""
    contact = Contact(
        id=ContactId(desk.new_id()),
        agency_id=records.agency_id,
        client_id=request.client_id,
        name=required_text(request.name, field="name", limit=NAME_LIMIT),
        email=email_address(request.email, field="email"),
        locale=request.locale,
    )
    if await records.clients.client(request.client_id) is None:
        raise NotFound(path=("clientId",), what="Client", id=request.client_id)
    is_taken = (
        await records.clients.contact_by_email(contact.email) is not None
        or await records.agencies.agent_by_email(contact.email) is not None
    )
    if is_taken:
        raise EmailTaken(path=("email",), email=contact.email)
    await records.clients.add_contact(contact)
    return contact


def email_address(text: str, *, field: str) -> str:
    """Return a mail address in lower case. Raises EmailInvalid."""
    email = text.strip().lower()
    if not _EMAIL.fullmatch(email) or not email.isprintable():
        raise EmailInvalid(path=(field,), email=text)
    return email
