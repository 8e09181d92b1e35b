"""An agency starts: itself, its first manager with a token of his own, and its calendars."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from helpdesk.domain.access import ActorKind, Scope, Viewer
from helpdesk.domain.agency import Agency, Agent, AgentRole
from helpdesk.domain.business_hours import BusinessHours
from helpdesk.domain.calendar import CalendarVersion
from helpdesk.domain.errors import ErrorCode, HelpdeskError, Locale
from helpdesk.domain.ids import AgencyId, AgentId, CalendarId, TokenId
from helpdesk.domain.message import required_text
from helpdesk.usecases.authenticate import secret_hash
from helpdesk.usecases.create_contact import email_address
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Token

NAME_LIMIT = 200


class MailboxTaken(HelpdeskError):
    """A mailbox says which agency is written to, so it belongs to one."""

    code: ClassVar[ErrorCode] = ErrorCode.ALREADY_EXISTS
    english: ClassVar[str] = "The mailbox {mailbox} belongs to {owner} already: nothing was made."
    french: ClassVar[str] = "La boîte {mailbox} appartient déjà à {owner} : rien n'a été créé."


@dataclass(frozen=True, slots=True)
class FoundAgency:
    """The agency, its manager, and opening hours by the code that contracts name them with."""

    name: str
    mailbox: str
    locale: Locale
    zone: str
    manager_name: str
    manager_email: str
    calendars: Mapping[str, BusinessHours]


@dataclass(frozen=True, slots=True)
class FoundedAgency:
    """A new agency; `secret` is its manager's token, shown now and never again."""

    agency: Agency
    secret: str


async def found_agency(desk: Desk, request: FoundAgency) -> FoundedAgency:
    """Add the agency in one transaction and return it with its manager's token.

    For the operator at the machine: nobody is there yet to ask. Raises MailboxTaken, EmailInvalid
    and TextRequired.
    """
    agency = Agency(
        id=AgencyId(desk.new_id()),
        name=required_text(request.name, field="name", limit=NAME_LIMIT),
        locale=request.locale,
        zone=request.zone,
        mailbox=email_address(request.mailbox, field="mailbox"),
    )
    manager = Agent(
        id=AgentId(desk.new_id()),
        agency_id=agency.id,
        name=required_text(request.manager_name, field="manager", limit=NAME_LIMIT),
        email=email_address(request.manager_email, field="email"),
        role=AgentRole.MANAGER,
        locale=request.locale,
    )
    owner = await desk.store.agency_of_mailbox(agency.mailbox)
    if owner is not None:
        raise MailboxTaken(path=("mailbox",), mailbox=agency.mailbox, owner=owner.name)
    secret = desk.new_secret()
    async with desk.store.transaction(agency.id) as records:
        await records.agencies.add_agency(agency)
        await records.agencies.add_agent(manager)
        await records.agencies.add_token(_token(desk, manager, secret))
        for code, hours in request.calendars.items():
            version = CalendarVersion(CalendarId(desk.new_id()), agency.id, 1, desk.now(), hours)
            await records.contracts.add_calendar(code, code, version)
    return FoundedAgency(agency, secret)


def _token(desk: Desk, manager: Agent, secret: str) -> Token:
    token_id = TokenId(desk.new_id())
    viewer = Viewer(
        kind=ActorKind.AGENT,
        agency_id=manager.agency_id,
        name=manager.name,
        locale=manager.locale,
        scopes=frozenset(Scope),
        agent_id=manager.id,
        token_id=token_id,
    )
    return Token(
        id=token_id,
        agency_id=manager.agency_id,
        name=manager.name,
        secret_hash=secret_hash(secret),
        viewer=viewer,
        created_at=desk.now(),
    )
