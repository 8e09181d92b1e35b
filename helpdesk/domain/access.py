"""Who asks, for which agency, and what that lets him see and do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from helpdesk.domain.errors import ErrorCode, HelpdeskError, Locale
from helpdesk.domain.ids import AgencyId, AgentId, ClientId, ContactId, TokenId


class ActorKind(StrEnum):
    """Who does something: a person of the agency, a person of the client, a program, the engine."""

    AGENT = "AGENT"
    CONTACT = "CONTACT"
    SERVICE_ACCOUNT = "SERVICE_ACCOUNT"
    SYSTEM = "SYSTEM"


class Scope(StrEnum):
    """What a token may do; each resource has a reading and a writing scope."""

    AGENCY_READ = "agency:read"
    AGENCY_WRITE = "agency:write"
    CLIENTS_READ = "clients:read"
    CLIENTS_WRITE = "clients:write"
    CONTRACTS_READ = "contracts:read"
    TICKETS_READ = "tickets:read"
    TICKETS_WRITE = "tickets:write"
    MAIL_READ = "mail:read"
    MAIL_WRITE = "mail:write"


CLIENT_SCOPES = frozenset(
    {Scope.CLIENTS_READ, Scope.CONTRACTS_READ, Scope.TICKETS_READ, Scope.TICKETS_WRITE}
)
"""What a principal of a client may do at most, whatever its token says."""


class ScopeMissing(HelpdeskError):
    """A token does what its owner gave it to do, and no more."""

    code: ClassVar[ErrorCode] = ErrorCode.FORBIDDEN
    english: ClassVar[str] = "This token lacks the scope {scope}: create one that has it."
    french: ClassVar[str] = "Ce jeton n'a pas le droit {scope} : créez-en un qui l'ait."


class AgencyOnly(HelpdeskError):
    """Some acts belong to the agency: a client's principal cannot do them, whatever its scopes."""

    code: ClassVar[ErrorCode] = ErrorCode.FORBIDDEN
    english: ClassVar[str] = "Only the agency can do this: ask it with a reply on the ticket."
    french: ClassVar[str] = (
        "Seule l'agence peut le faire : demandez-le-lui en répondant sur le ticket."
    )


class NotFound(HelpdeskError):
    """A thing of another agency or client does not exist for the viewer, so nothing leaks."""

    code: ClassVar[ErrorCode] = ErrorCode.NOT_FOUND
    english: ClassVar[str] = "There is no {what} {id} here."
    french: ClassVar[str] = "Il n'y a pas ici d'objet « {what} » {id}."


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did something, as the history keeps it: the name is the one of that day."""

    kind: ActorKind
    name: str
    agent_id: AgentId | None = None
    contact_id: ContactId | None = None

    @property
    def is_human_agent(self) -> bool:
        """Whether a person of the agency acted: only such a person gives a first response."""
        return self.kind is ActorKind.AGENT


SYSTEM = Actor(ActorKind.SYSTEM, "helpdesk")


@dataclass(frozen=True, slots=True)
class Viewer:
    """The principal behind a request: its agency, its scopes, and the one client it is bound to.

    `client_id` is None for the agency's own people and programs. A viewer bound to a client is
    another principal: internal notes and other clients do not exist for it.
    """

    kind: ActorKind
    agency_id: AgencyId
    name: str
    locale: Locale
    scopes: frozenset[Scope]
    client_id: ClientId | None = None
    agent_id: AgentId | None = None
    contact_id: ContactId | None = None
    token_id: TokenId | None = None

    @property
    def is_of_agency(self) -> bool:
        """Whether this is the agency itself, not one of its clients."""
        return self.client_id is None

    def may(self, scope: Scope) -> bool:
        """Return whether the viewer holds `scope`; a client's principal is capped."""
        if not self.is_of_agency and scope not in CLIENT_SCOPES:
            return False
        return scope in self.scopes

    def require(self, scope: Scope) -> None:
        """Refuse with ScopeMissing unless the viewer holds `scope`."""
        if not self.may(scope):
            raise ScopeMissing(scope=scope)

    def require_agency(self, scope: Scope) -> None:
        """Refuse unless the viewer is the agency and holds `scope`."""
        if not self.is_of_agency:
            raise AgencyOnly
        self.require(scope)

    def sees_client(self, client_id: ClientId) -> bool:
        """Return whether this client's things exist for the viewer."""
        return self.client_id is None or self.client_id == client_id

    @property
    def actor(self) -> Actor:
        """Who the history names when this viewer acts."""
        return Actor(self.kind, self.name, self.agent_id, self.contact_id)


def system_viewer(agency_id: AgencyId, locale: Locale) -> Viewer:
    """Return the engine itself acting for an agency: the mail door and the worker."""
    return Viewer(
        kind=ActorKind.SYSTEM,
        agency_id=agency_id,
        name=SYSTEM.name,
        locale=locale,
        scopes=frozenset(Scope),
    )
