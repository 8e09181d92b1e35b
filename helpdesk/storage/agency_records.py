"""The agency's side in the database: tenant, people, tokens, series, remembered answers."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, select, update

from helpdesk.domain.access import ActorKind, Scope, Viewer
from helpdesk.domain.agency import Agency, Agent, AgentRole, Team
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import (
    AgencyId,
    AgentId,
    ClientId,
    ContactId,
    TeamId,
    TokenId,
)
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.query import Query, insert
from helpdesk.storage.row_mapper import RowMapper
from helpdesk.storage.session import MINE, Session
from helpdesk.storage.tables.agency import (
    AGENCY,
    AGENT,
    IDEMPOTENCY,
    SEQUENCE,
    TEAM,
    TEAM_MEMBER,
    TOKEN,
)
from helpdesk.storage.tables.client import CONTACT
from helpdesk.usecases.ports import RememberedAnswer, Token

AGENTS = RowMapper(Agent, AGENT, {"role": AgentRole, "locale": Locale})
TEAMS = RowMapper(Team, TEAM, {})

_AGENCY_COLUMNS = (
    AGENCY.c.agency_id,
    AGENCY.c.name,
    AGENCY.c.locale,
    AGENCY.c.zone,
    AGENCY.c.mailbox,
)
_THE_AGENCY = Query(select(*_AGENCY_COLUMNS).where(AGENCY.c.agency_id == MINE))
AGENCY_OF_MAILBOX = Query.across_agencies(
    select(*_AGENCY_COLUMNS).where(AGENCY.c.mailbox == bindparam("mailbox")),
    reason="a mail names its agency by the address it was sent to",
)
ALL_AGENCIES = Query.across_agencies(
    select(*_AGENCY_COLUMNS).order_by(AGENCY.c.agency_id),
    reason="the command line works for the agencies of a machine",
)
_AGENT_BY_ID = Query(
    select(*AGENTS.columns).where(AGENT.c.agency_id == MINE, AGENT.c.id == bindparam("id"))
)
_AGENT_BY_EMAIL = Query(
    select(*AGENTS.columns).where(AGENT.c.agency_id == MINE, AGENT.c.email == bindparam("email"))
)
_TEAM_BY_ID = Query(
    select(*TEAMS.columns).where(TEAM.c.agency_id == MINE, TEAM.c.id == bindparam("id"))
)
_TEAM_MEMBERS = Query(
    select(*AGENTS.columns)
    .join_from(
        TEAM_MEMBER,
        AGENT,
        and_(AGENT.c.agency_id == TEAM_MEMBER.c.agency_id, AGENT.c.id == TEAM_MEMBER.c.agent_id),
    )
    .where(TEAM_MEMBER.c.agency_id == MINE, TEAM_MEMBER.c.team_id == bindparam("team_id"))
    .order_by(AGENT.c.name, AGENT.c.id)
)
_ALL_AGENTS = Query(
    select(*AGENTS.columns).where(AGENT.c.agency_id == MINE).order_by(AGENT.c.name, AGENT.c.id)
)
_ALL_TEAMS = Query(
    select(*TEAMS.columns).where(TEAM.c.agency_id == MINE).order_by(TEAM.c.name, TEAM.c.id)
)
_MANAGERS = Query(
    select(*AGENTS.columns)
    .where(AGENT.c.agency_id == MINE, AGENT.c.role == AgentRole.MANAGER.value)
    .order_by(AGENT.c.name, AGENT.c.id)
)
_ADD_AGENCY = Query(insert(AGENCY))
_ADD_AGENT = Query(
    insert(AGENT).on_conflict_do_nothing(index_elements=[AGENT.c.agency_id, AGENT.c.email])
)
_ADD_TEAM = Query(insert(TEAM))
_ADD_TEAM_MEMBER = Query(insert(TEAM_MEMBER).on_conflict_do_nothing())
_REMOVE_TEAM_MEMBER = Query(
    delete(TEAM_MEMBER).where(
        TEAM_MEMBER.c.agency_id == MINE,
        TEAM_MEMBER.c.team_id == bindparam("team_id"),
        TEAM_MEMBER.c.agent_id == bindparam("agent_id"),
    )
)
_ADD_TOKEN = Query(insert(TOKEN))
_REVOKE = Query(
    update(TOKEN)
    .where(
        TOKEN.c.agency_id == MINE,
        TOKEN.c.id == bindparam("token_id"),
        TOKEN.c.revoked_at.is_(None),
    )
    .values(revoked_at=bindparam("at"))
)
_START_SERIES = Query(insert(SEQUENCE).on_conflict_do_nothing())
_NEXT_OF_SERIES = Query(
    update(SEQUENCE)
    .where(SEQUENCE.c.agency_id == MINE, SEQUENCE.c.name == bindparam("series"))
    .values(last=SEQUENCE.c.last + 1)
    .returning(SEQUENCE.c.last)
)
_REMEMBERED = Query(
    select(IDEMPOTENCY.c.verb, IDEMPOTENCY.c.input_hash, IDEMPOTENCY.c.answer).where(
        IDEMPOTENCY.c.agency_id == MINE,
        IDEMPOTENCY.c.principal == bindparam("principal"),
        IDEMPOTENCY.c.key == bindparam("key"),
    )
)
_TAKE_KEY = Query(insert(IDEMPOTENCY).on_conflict_do_nothing())
_REMEMBER = Query(
    update(IDEMPOTENCY)
    .where(
        IDEMPOTENCY.c.agency_id == MINE,
        IDEMPOTENCY.c.principal == bindparam("of_principal"),
        IDEMPOTENCY.c.key == bindparam("of_key"),
    )
    .values(answer=bindparam("new_answer"))
)
_TOKEN_SOURCE = TOKEN.outerjoin(
    AGENT, (AGENT.c.agency_id == TOKEN.c.agency_id) & (AGENT.c.id == TOKEN.c.agent_id)
).outerjoin(
    CONTACT, (CONTACT.c.agency_id == TOKEN.c.agency_id) & (CONTACT.c.id == TOKEN.c.contact_id)
)
TOKEN_BY_HASH = Query.across_agencies(
    select(
        TOKEN.c.id,
        TOKEN.c.agency_id,
        TOKEN.c.name,
        TOKEN.c.secret_hash,
        TOKEN.c.scopes,
        TOKEN.c.locale,
        TOKEN.c.agent_id,
        TOKEN.c.client_id,
        TOKEN.c.contact_id,
        TOKEN.c.created_at,
        TOKEN.c.expires_at,
        TOKEN.c.revoked_at,
        AGENT.c.name.label("agent_name"),
        CONTACT.c.name.label("contact_name"),
    )
    .select_from(_TOKEN_SOURCE)
    .where(TOKEN.c.secret_hash == bindparam("secret_hash")),
    reason="a token tells which agency a request is for",
)


def agency_of(row: Row) -> Agency:
    """Return the agency that a row stands for."""
    agency_id, name, locale, zone, mailbox = row
    return Agency(AgencyId(agency_id), name, Locale(locale), zone, mailbox)


def token_of(row: Row) -> Token:
    """Return the token that a row of TOKEN_BY_HASH stands for."""
    (id_, agency_id, name, secret_hash, scopes, locale, agent_id, client_id, contact_id) = row[:9]
    created_at, expires_at, revoked_at, agent_name, contact_name = row[9:]
    kind = ActorKind.AGENT if agent_id else ActorKind.CONTACT if contact_id else None
    viewer = Viewer(
        kind=kind or ActorKind.SERVICE_ACCOUNT,
        agency_id=AgencyId(agency_id),
        name=agent_name or contact_name or name,
        locale=Locale(locale),
        scopes=frozenset(Scope(scope) for scope in scopes),
        client_id=ClientId(client_id) if client_id else None,
        agent_id=AgentId(agent_id) if agent_id else None,
        contact_id=ContactId(contact_id) if contact_id else None,
        token_id=TokenId(id_),
    )
    return Token(
        id=TokenId(id_),
        agency_id=AgencyId(agency_id),
        name=name,
        secret_hash=secret_hash,
        viewer=viewer,
        created_at=created_at,
        expires_at=expires_at,
        revoked_at=revoked_at,
    )


class SqlAgencyRecords:
    """AgencyRecords on a database."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def agency(self) -> Agency:
        """Return the tenant."""
        row = await self._session.fetch_one(_THE_AGENCY)
        if row is None:
            raise LookupError(f"agency {self._session.agency_id} is not in the store")
        return agency_of(row)

    async def agent(self, agent_id: AgentId) -> Agent | None:
        """Return an agent."""
        row = await self._session.fetch_one(_AGENT_BY_ID, id=agent_id)
        return None if row is None else AGENTS.read(row)

    async def agent_by_email(self, email: str) -> Agent | None:
        """Return the agent with this address."""
        row = await self._session.fetch_one(_AGENT_BY_EMAIL, email=email)
        return None if row is None else AGENTS.read(row)

    async def team(self, team_id: TeamId) -> Team | None:
        """Return a team."""
        row = await self._session.fetch_one(_TEAM_BY_ID, id=team_id)
        return None if row is None else TEAMS.read(row)

    async def team_members(self, team_id: TeamId) -> tuple[Agent, ...]:
        """Return the agents of a team, by name."""
        rows = await self._session.fetch_all(_TEAM_MEMBERS, team_id=team_id)
        return tuple(AGENTS.read(row) for row in rows)

    async def agents(self) -> tuple[Agent, ...]:
        """Return every agent, by name."""
        return tuple(AGENTS.read(row) for row in await self._session.fetch_all(_ALL_AGENTS))

    async def teams(self) -> tuple[Team, ...]:
        """Return every team, by name."""
        return tuple(TEAMS.read(row) for row in await self._session.fetch_all(_ALL_TEAMS))

    async def managers(self) -> tuple[Agent, ...]:
        """Return the agents who answer for the agency's promises as a whole, by name."""
        rows = await self._session.fetch_all(_MANAGERS)
        return tuple(AGENTS.read(row) for row in rows)

    async def next_number(self, series: str) -> int:
        """Return the next number; the row of the series is locked until the commit."""
        row = await self._session.fetch_one(_NEXT_OF_SERIES, series=series)
        if row is None:
            await self._session.write(_START_SERIES, name=series, last=0)
            row = await self._session.fetch_one(_NEXT_OF_SERIES, series=series)
        if row is None:
            raise LookupError(f"the series {series} could not be started")
        return int(row[0])

    async def take_key(
        self, principal: str, key: str, blank: RememberedAnswer, *, at: datetime
    ) -> RememberedAnswer | None:
        """Take a key, or return what was answered to it."""
        taken = await self._session.execute(
            _TAKE_KEY,
            principal=principal,
            key=key,
            verb=blank.verb,
            input_hash=blank.input_hash,
            answer=blank.answer,
            created_at=at,
        )
        if taken == 1:
            return None
        row = await self._session.fetch_one(_REMEMBERED, principal=principal, key=key)
        return None if row is None else RememberedAnswer(*row)

    async def remember(
        self,
        principal: str,
        key: str,
        answer: dict[str, Any],  # a JSON document
    ) -> None:
        """Keep the answer under a key that was taken."""
        await self._session.write(_REMEMBER, of_principal=principal, of_key=key, new_answer=answer)

    async def add_agency(self, agency: Agency) -> None:
        """Add the tenant itself."""
        await self._session.write(
            _ADD_AGENCY,
            name=agency.name,
            locale=agency.locale.value,
            zone=agency.zone,
            mailbox=agency.mailbox,
        )

    async def add_agent(self, agent: Agent) -> bool:
        """Add an agent; False when another one has his address."""
        params = {k: v for k, v in AGENTS.params(agent).items() if k != "agency_id"}
        return await self._session.execute(_ADD_AGENT, **params) == 1

    async def add_team(self, team: Team) -> None:
        """Add a team."""
        await self._session.add(_ADD_TEAM, TEAMS.params(team))

    async def add_team_member(self, team_id: TeamId, agent_id: AgentId) -> None:
        """Take an agent into a team; one who is of it stays so."""
        await self._session.write(_ADD_TEAM_MEMBER, team_id=team_id, agent_id=agent_id)

    async def remove_team_member(self, team_id: TeamId, agent_id: AgentId) -> None:
        """Take an agent out of a team."""
        await self._session.write(_REMOVE_TEAM_MEMBER, team_id=team_id, agent_id=agent_id)

    async def add_token(self, token: Token) -> None:
        """Add a token."""
        viewer = token.viewer
        await self._session.write(
            _ADD_TOKEN,
            id=token.id,
            name=token.name,
            secret_hash=token.secret_hash,
            scopes=sorted(scope.value for scope in viewer.scopes),
            locale=viewer.locale.value,
            agent_id=viewer.agent_id,
            client_id=viewer.client_id,
            contact_id=viewer.contact_id,
            created_at=token.created_at,
            expires_at=token.expires_at,
            revoked_at=token.revoked_at,
        )

    async def revoke_token(self, token_id: TokenId, *, at: datetime) -> bool:
        """Revoke a token; False when there is no such living token."""
        return await self._session.execute(_REVOKE, token_id=token_id, at=at) == 1
