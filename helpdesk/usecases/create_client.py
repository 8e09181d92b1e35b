"""A client joins, with the mail domains by which its people are recognised."""

import re
from dataclasses import dataclass
from typing import ClassVar

from helpdesk.domain.access import Scope, Viewer
from helpdesk.domain.agency import Client
from helpdesk.domain.consumer_notice import ClientKind
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import ClientId
from helpdesk.domain.message import required_text
from helpdesk.usecases.desk import Desk

NAME_LIMIT = 200
_DOMAIN = re.compile(r"(?=.{1,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")


class DomainInvalid(HelpdeskError):
    """A domain that no mail comes from would never recognise anybody."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{domain} is not a mail domain: write it like example.org."
    french: ClassVar[str] = "{domain} n'est pas un domaine de messagerie : écrivez exemple.fr."


class DomainTaken(HelpdeskError):
    """A mail domain says whose person writes, so it belongs to one client."""

    code: ClassVar[ErrorCode] = ErrorCode.ALREADY_EXISTS
    english: ClassVar[str] = "The domain {domain} belongs to {owner} already."
    french: ClassVar[str] = "Le domaine {domain} appartient déjà à {owner}."


@dataclass(frozen=True, slots=True)
class CreateClient:
    """The client's name and mail domains, and what it is before the law of consumption."""

    name: str
    domains: tuple[str, ...] = ()
    kind: ClientKind = ClientKind.PROFESSIONAL


async def create_client(desk: Desk, *, viewer: Viewer, request: CreateClient) -> Client:
    """Add the client and return it. Raises DomainInvalid, DomainTaken, TextRequired."""
    viewer.require_agency(Scope.CLIENTS_WRITE)
    client = Client(
        id=ClientId(desk.new_id()),
        agency_id=viewer.agency_id,
        name=required_text(request.name, field="name", limit=NAME_LIMIT),
        domains=frozenset(_domain(domain) for domain in request.domains),
        kind=request.kind,
    )
    async with desk.store.transaction(viewer.agency_id) as records:
        for domain in sorted(client.domains):
            owner = await records.clients.client_of_domains((domain,))
            if owner is not None:
                raise DomainTaken(path=("domains",), domain=domain, owner=owner.name)
        await records.clients.add_client(client)
    return client


def _domain(text: str) -> str:
    domain = text.strip().lower().removeprefix("@")
    if not _DOMAIN.fullmatch(domain):
        raise DomainInvalid(path=("domains",), domain=text)
    return domain
