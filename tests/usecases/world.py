"""Two agencies at work: who is there, and what their database says afterwards.

Alice runs the first agency. Bruno SA and Chloé SARL are her clients, both under the preset plan
`guide.business`; neither may see anything of the other. Zoé runs a second agency, with Yves SA as
its client. It is Monday 6 July 2026, 09:00 in Paris; the office is open from Monday to Friday,
09:00-13:00 and 14:00-18:00, and closed on 14 July.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Table, select

from helpdesk.bootstrap import desk_on
from helpdesk.domain.access import ActorKind, Viewer
from helpdesk.domain.agency import (
    Agency,
    Agent,
    AgentRole,
    Client,
    Contact,
    Site,
    Team,
)
from helpdesk.domain.calendar import CalendarVersion
from helpdesk.domain.contract import Contract, ContractStatus
from helpdesk.domain.errors import HelpdeskError, Locale
from helpdesk.domain.ids import (
    AgencyId,
    AgentId,
    CalendarId,
    ClientId,
    ContactId,
    ContractId,
    OutboxMailId,
    SiteId,
    TeamId,
    TicketId,
    TokenId,
)
from helpdesk.domain.priority import Criticality, MatrixAcceptance
from helpdesk.domain.ticket import Ticket, TicketEvent
from helpdesk.presets.catalogue import calendar_hours, contract_terms
from helpdesk.storage.database import Database
from helpdesk.storage.documents import mail_of
from helpdesk.storage.query import Query
from helpdesk.storage.tables.base import METADATA
from helpdesk.storage.tables.mail import OUTBOX_MAIL
from helpdesk.storage.tables.sla_clock import SLA_CLOCK
from helpdesk.storage.tables.ticket import MESSAGE
from helpdesk.testing import FrozenNow
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.mail_ports import OutboxMail
from helpdesk.usecases.open_ticket import OpenTicket, open_ticket
from tests.factories import (
    AGENCY_ID,
    CHLOES_CLIENT,
    MONDAY,
    OFFICE,
    ROBOT,
    a_viewer,
    at,
    bruno_as_viewer,
)

ZOES_AGENCY = AgencyId("agency-of-zoe")
YVES_CLIENT = ClientId("yves-sa")
TEAM = TeamId("team-of-alice")
MAILBOX = "support@alice.example"

_QUERIES = {
    table.name: Query.across_agencies(
        select(table).order_by(*table.primary_key.columns), reason="a test compares every row"
    )
    for table in METADATA.sorted_tables
}

RowOf = dict[str, Any]  # a row by the names of its columns


@dataclass
class World:
    """Both agencies, with a viewer for each of the cast."""

    desk: Desk
    now: FrozenNow
    database: Database
    alice: Viewer
    robot: Viewer
    bruno: Viewer
    chloe: Viewer
    brunos_robot: Viewer
    zoe: Viewer

    async def ticket(self, subject: str = "The contact form is silent", **asked: Any) -> Ticket:
        """Return a ticket that Bruno opens now. Any: the fields of the request."""
        request = OpenTicket(subject, "Nobody answers what my customers write.", **asked)
        return await open_ticket(self.desk, viewer=self.bruno, request=request)

    async def rows(self, table: Table) -> list[RowOf]:
        """Return every row of a table in the order of its key."""
        async with self.database.reading() as connection:
            rows = await connection.fetch_all(_QUERIES[table.name])
        names = table.columns.keys()
        return [dict(zip(names, row, strict=True)) for row in rows]

    async def everything(self) -> dict[str, list[RowOf]]:
        """Return every row of the database, by table."""
        return {table.name: await self.rows(table) for table in METADATA.sorted_tables}

    @asynccontextmanager
    async def refused(
        self, error: type[HelpdeskError]
    ) -> AsyncIterator[pytest.ExceptionInfo[HelpdeskError]]:
        """Expect what is tried inside to be refused with this error, and to change nothing."""
        before = await self.everything()
        with pytest.raises(error) as refusal:
            yield refusal
        assert refusal.type is error
        assert await self.everything() == before

    async def kept(self, ticket_id: TicketId, agency_id: AgencyId = AGENCY_ID) -> Ticket:
        """Return a ticket as the database has it."""
        async with self.desk.store.reading(agency_id) as records:
            ticket = await records.tickets.ticket(ticket_id)
        assert ticket is not None
        return ticket

    async def history(self, ticket_id: TicketId) -> tuple[TicketEvent, ...]:
        """Return every fact of a ticket of Alice's agency."""
        async with self.desk.store.reading(AGENCY_ID) as records:
            return await records.tickets.history(ticket_id)

    async def clocks(self, ticket_id: TicketId) -> dict[tuple[str, int], RowOf]:
        """Return the clocks of a ticket as they are kept, by metric and cycle."""
        rows = await self.rows(SLA_CLOCK)
        return {(row["metric"], row["cycle"]): row for row in rows if row["ticket_id"] == ticket_id}

    async def messages(self, ticket_id: TicketId) -> list[RowOf]:
        """Return what was said on a ticket, notes included, the oldest first."""
        return [row for row in await self.rows(MESSAGE) if row["ticket_id"] == ticket_id]

    async def outbox(self) -> tuple[OutboxMail, ...]:
        """Return every promised mail, the oldest first."""
        return tuple(
            OutboxMail(
                id=OutboxMailId(row["id"]),
                agency_id=AgencyId(row["agency_id"]),
                ticket_id=TicketId(row["ticket_id"]) if row["ticket_id"] else None,
                idempotency_key=row["idempotency_key"],
                mail=mail_of(row["document"]),
                created_at=row["created_at"],
                attempts=row["attempts"],
            )
            for row in await self.rows(OUTBOX_MAIL)
        )


async def build_world(database: Database) -> World:
    """Fill an empty database."""
    now = FrozenNow(MONDAY)
    desk = desk_on(database, now=now)
    alice = a_viewer()
    zoe = a_viewer(name="Zoé", agency_id=ZOES_AGENCY, agent_id=AgentId("zoe"))
    bruno = bruno_as_viewer()
    chloe = bruno_as_viewer(
        name="Chloé",
        locale=Locale.EN,
        client_id=CHLOES_CLIENT,
        contact_id=ContactId("chloe"),
    )
    robot = a_viewer(
        kind=ActorKind.SERVICE_ACCOUNT,
        name=ROBOT.name,
        agent_id=None,
        token_id=TokenId("token-of-robot"),
    )
    brunos_robot = bruno_as_viewer(
        kind=ActorKind.SERVICE_ACCOUNT,
        name="Shop of Bruno",
        contact_id=None,
        token_id=TokenId("token-of-bruno"),
    )
    for viewer, name, locale in ((alice, "alice", Locale.FR), (zoe, "zoe", Locale.EN)):
        await _settle(desk, viewer, name, locale)
    yves = bruno_as_viewer(
        name="Yves",
        agency_id=ZOES_AGENCY,
        client_id=YVES_CLIENT,
        contact_id=ContactId("yves"),
    )
    for client, company in ((bruno, "Bruno SA"), (chloe, "Chloé SARL"), (yves, "Yves SA")):
        await _welcome(desk, client, company)
    return World(desk, now, database, alice, robot, bruno, chloe, brunos_robot, zoe)


async def _settle(desk: Desk, viewer: Viewer, name: str, locale: Locale) -> None:
    """Add an agency with its manager, a team and its office hours."""
    assert viewer.agent_id is not None
    agency_id = viewer.agency_id
    mailbox = f"support@{name}.example"
    hours = calendar_hours("ouvre5", "Europe/Paris", [date(2026, 7, 14)])
    since = at("01-01 00:00")
    async with desk.store.transaction(agency_id) as records:
        await records.agencies.add_agency(
            Agency(agency_id, f"Agency of {viewer.name}", locale, "Europe/Paris", mailbox)
        )
        await records.agencies.add_agent(
            Agent(
                viewer.agent_id,
                agency_id,
                viewer.name,
                f"{name}@{name}.example",
                AgentRole.MANAGER,
                locale,
            )
        )
        await records.agencies.add_team(Team(TeamId(f"team-of-{name}"), agency_id, "Care"))
        await records.contracts.add_calendar(
            "ouvre5", "Office hours", CalendarVersion(OFFICE, agency_id, 1, since, hours)
        )


async def _welcome(desk: Desk, viewer: Viewer, company: str) -> None:
    """Add a client with a contact, a site and a contract on the plan `guide.business`."""
    assert viewer.client_id is not None
    assert viewer.contact_id is not None
    agency_id, client_id, name = viewer.agency_id, viewer.client_id, str(viewer.contact_id)
    domain = f"{name}.example"
    async with desk.store.transaction(agency_id) as records:
        await records.clients.add_client(Client(client_id, agency_id, company, frozenset({domain})))
        await records.clients.add_contact(
            Contact(
                viewer.contact_id,
                agency_id,
                client_id,
                viewer.name,
                f"{name}@{domain}",
                viewer.locale,
            )
        )
        await records.clients.add_site(
            Site(
                SiteId(domain),
                agency_id,
                client_id,
                domain,
                f"https://{domain}",
                Criticality.VITAL,
            )
        )
        await records.contracts.add_contract(_contract(viewer, client_id, name))


def _contract(viewer: Viewer, client_id: ClientId, name: str) -> Contract:
    reference = f"TMA-{name.upper()}"
    since = at("01-01 00:00")
    terms = contract_terms(
        "guide.business",
        reference=reference,
        calendar_ids={"ouvre5": CalendarId(OFFICE)},
        effective_from=since,
        acceptance=MatrixAcceptance(viewer.name, since),
    )
    return Contract(
        id=ContractId(f"contract-of-{name}"),
        agency_id=viewer.agency_id,
        client_id=client_id,
        reference=reference,
        name=f"Maintenance of {name}.example",
        status=ContractStatus.ACTIVE,
        starts_on=date(2026, 1, 1),
        ends_on=None,
        site_ids=frozenset(),
        terms=(terms,),
    )
