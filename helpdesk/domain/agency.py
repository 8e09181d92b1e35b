"""The people and places of a ticket: the agency's side and the client's side."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from helpdesk.domain.consumer_notice import ClientKind
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import (
    AgencyId,
    AgentId,
    ClientId,
    ContactId,
    SiteId,
    TeamId,
)
from helpdesk.domain.priority import Criticality


class AgentRole(StrEnum):
    """What an agent answers for."""

    AGENT = "AGENT"
    MANAGER = "MANAGER"


@dataclass(frozen=True, slots=True)
class Agency:
    """The tenant: an agency with its language, its time zone and the address it is written to."""

    id: AgencyId
    name: str
    locale: Locale
    zone: str
    mailbox: str


@dataclass(frozen=True, slots=True)
class Agent:
    """A person of the agency."""

    id: AgentId
    agency_id: AgencyId
    name: str
    email: str
    role: AgentRole
    locale: Locale


@dataclass(frozen=True, slots=True)
class Team:
    """A group of agents that tickets are assigned to."""

    id: TeamId
    agency_id: AgencyId
    name: str


@dataclass(frozen=True, slots=True)
class Client:
    """An organisation whose applications the agency maintains.

    `domains` are the mail domains, lower case, by which its people are recognised. A client
    `is_unknown_sender_pool` when it stands for the senders that belong to nobody yet. `kind` says
    whether the law of consumption protects it.
    """

    id: ClientId
    agency_id: AgencyId
    name: str
    domains: frozenset[str]
    is_unknown_sender_pool: bool = False
    kind: ClientKind = ClientKind.PROFESSIONAL


@dataclass(frozen=True, slots=True)
class Site:
    """A website or application under maintenance."""

    id: SiteId
    agency_id: AgencyId
    client_id: ClientId
    name: str
    url: str
    criticality: Criticality


@dataclass(frozen=True, slots=True)
class Contact:
    """A person at a client; the address is lower case and unique in the agency.

    Who `reads_notices` is told before a tacit renewal; where nobody does, everybody is.
    """

    id: ContactId
    agency_id: AgencyId
    client_id: ClientId
    name: str
    email: str
    locale: Locale
    reads_notices: bool = False


def notice_readers(contacts: Sequence[Contact]) -> tuple[Contact, ...]:
    """Return who of a client is told about his contract: who reads notices, else everybody."""
    return tuple(one for one in contacts if one.reads_notices) or tuple(contacts)


def domains_of(email: str) -> tuple[str, ...]:
    """Return the mail domains an address stands for, the nearest first: a sub-domain, its parents.

    >>> domains_of("Anne@Mail.Example.org")
    ('mail.example.org', 'example.org')
    """
    labels = email.rpartition("@")[2].lower().split(".")
    return tuple(".".join(labels[start:]) for start in range(len(labels) - 1))
