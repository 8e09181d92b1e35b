"""A website or application comes under maintenance."""

from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlsplit

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.agency import Site
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import ClientId, SiteId
from helpdesk.domain.message import required_text
from helpdesk.domain.priority import Criticality
from helpdesk.usecases.desk import Desk

NAME_LIMIT = 200


class SiteUrlInvalid(HelpdeskError):
    """A site is found by its address, by people and by probes."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{url} is not a web address: write it like https://example.org."
    french: ClassVar[str] = "{url} n'est pas une adresse web : écrivez https://exemple.fr."


@dataclass(frozen=True, slots=True)
class CreateSite:
    """The site, and what it is worth to the client's business."""

    client_id: ClientId
    name: str
    url: str
    criticality: Criticality = Criticality.STANDARD


async def create_site(desk: Desk, *, viewer: Viewer, request: CreateSite) -> Site:
    """Add the site and return it. Raises NotFound, SiteUrlInvalid, TextRequired."""
    viewer.require_agency(Scope.CLIENTS_WRITE)
    site = Site(
        id=SiteId(desk.new_id()),
        agency_id=viewer.agency_id,
        client_id=request.client_id,
        name=required_text(request.name, field="name", limit=NAME_LIMIT),
        url=_web_address(request.url),
        criticality=request.criticality,
    )
    async with desk.store.transaction(viewer.agency_id) as records:
        if await records.clients.client(request.client_id) is None:
            raise NotFound(path=("clientId",), what="Client", id=request.client_id)
        await records.clients.add_site(site)
    return site


def _web_address(url: str) -> str:
    address = url.strip()
    try:
        parts = urlsplit(address)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise SiteUrlInvalid(path=("url",), url=url) from None
    is_one_word = address.isprintable() and " " not in address
    if parts.scheme not in {"http", "https"} or not has_host or not is_one_word:
        raise SiteUrlInvalid(path=("url",), url=url)
    return address
