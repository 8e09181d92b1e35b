"""The agency of the demo and its clients, as they settle in an empty database."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from helpdesk.demo.agreement import Agreement
from helpdesk.demo.story import document
from helpdesk.domain.access import ActorKind, Scope, Viewer
from helpdesk.domain.agency import (
    Agency,
    Agent,
    AgentRole,
    Client,
    Contact,
    Site,
    Team,
)
from helpdesk.domain.business_hours import BusinessHours
from helpdesk.domain.business_time import Timeline, compile_timeline
from helpdesk.domain.calendar import CalendarVersion
from helpdesk.domain.contract import Contract, ContractTerms
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import (
    AgencyId,
    AgentId,
    CalendarId,
    TeamId,
)
from helpdesk.domain.priority import Criticality, PriorityMatrix
from helpdesk.presets.catalogue import (
    calendar_hours,
    calendar_preset,
    holiday_preset,
    holiday_years,
    plan,
)
from helpdesk.usecases.create_client import CreateClient, create_client
from helpdesk.usecases.create_contact import CreateContact, create_contact
from helpdesk.usecases.create_site import CreateSite, create_site
from helpdesk.usecases.desk import Desk

HolidaysOf = Callable[[str, str | None, Iterable[int]], Iterable[date]]
"""The holidays of a country or of a part of it in some years."""

WORKING, CONTINUOUS = "ouvre5", "continuous"

_Document = Mapping[str, Any]  # the cast as it is written, known by its reader


@dataclass(frozen=True, slots=True)
class Colleague:
    """An agent of the agency with his team and what he knows."""

    agent: Agent
    team_id: TeamId
    platforms: frozenset[str]

    @property
    def viewer(self) -> Viewer:
        """Return the principal under which he works."""
        return Viewer(
            kind=ActorKind.AGENT,
            agency_id=self.agent.agency_id,
            name=self.agent.name,
            locale=self.agent.locale,
            scopes=frozenset(Scope),
            agent_id=self.agent.id,
        )


@dataclass(frozen=True, slots=True)
class Place:
    """A site and what it is made with."""

    site: Site
    platform: str


@dataclass(frozen=True, slots=True)
class House:
    """A client with its people, its sites, and its contract if it has one, with its hours.

    `working` are the agency's hours as they count for this client.
    """

    client: Client
    contacts: tuple[Contact, ...]
    places: tuple[Place, ...]
    share: int
    contract: Contract | None
    settled: Mapping[str, Any]  # what was agreed beside the plan, as it is written
    working: Timeline
    timelines: Mapping[CalendarId, Timeline]

    @property
    def terms(self) -> ContractTerms | None:
        """Return what was promised from the first day on."""
        return None if self.contract is None else self.contract.counting_terms()[-1]

    def matrix(self, default: PriorityMatrix) -> PriorityMatrix:
        """Return what weighs this client's requests."""
        return default if self.terms is None else self.terms.matrix


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody of the demo, by the names that the files use; `always` never closes."""

    agency: Agency
    colleagues: Mapping[str, Colleague]
    houses: Mapping[str, House]
    always: Timeline

    def expert(self, platform: str) -> tuple[Colleague, ...]:
        """Return the agents who know a platform."""
        known = (one for one in self.colleagues.values() if platform in one.platforms)
        return tuple(known)


@dataclass(frozen=True, slots=True)
class _Shelf:
    """A calendar of the agency with the hours that count on it."""

    calendar_id: CalendarId
    timeline: Timeline


@dataclass(frozen=True)
class Settlement:
    """The agency settling in: at this desk, from this instant on, with these holidays."""

    desk: Desk
    agency_id: AgencyId
    at: datetime
    holidays_of: HolidaysOf
    _shelves: dict[tuple[str, str | None], _Shelf] = field(default_factory=dict, init=False)

    async def settle(self) -> Cast:
        """Add the agency, its people, its calendars and its clients, and return them."""
        written = document("cast.yaml")
        agency, colleagues = await self._agency(written)
        alice = next(iter(colleagues.values())).viewer
        houses = {
            name: await self._house(alice, agency, house, number)
            for number, (name, house) in enumerate(written["clients"].items(), start=1)
        }
        always = await self._shelf(agency, CONTINUOUS, None)
        return Cast(agency, colleagues, houses, always.timeline)

    async def _agency(self, written: _Document) -> tuple[Agency, Mapping[str, Colleague]]:
        told = written["agency"]
        agency_id = self.agency_id
        agency = Agency(agency_id, told["name"], Locale.FR, told["zone"], told["mailbox"])
        teams = {
            code: Team(TeamId(self.desk.new_id()), agency_id, name)
            for code, name in told["teams"].items()
        }
        colleagues = {
            name: self._colleague(agency, one, teams[one["team"]])
            for name, one in written["agents"].items()
        }
        async with self.desk.store.transaction(agency_id) as records:
            await records.agencies.add_agency(agency)
            for team in teams.values():
                await records.agencies.add_team(team)
            for colleague in colleagues.values():
                await records.agencies.add_agent(colleague.agent)
                await records.agencies.add_team_member(colleague.team_id, colleague.agent.id)
        return agency, colleagues

    def _colleague(self, agency: Agency, told: _Document, team: Team) -> Colleague:
        agent = Agent(
            id=AgentId(self.desk.new_id()),
            agency_id=agency.id,
            name=told["name"],
            email=told["email"],
            role=AgentRole(told["role"]),
            locale=Locale.FR,
        )
        return Colleague(agent, team.id, frozenset(told["platforms"]))

    async def _house(self, alice: Viewer, agency: Agency, told: _Document, number: int) -> House:
        request = CreateClient(told["name"], (told["domain"],))
        client = await create_client(self.desk, viewer=alice, request=request)
        contacts = [
            await create_contact(
                self.desk,
                viewer=alice,
                request=CreateContact(client.id, one["name"], one["email"]),
            )
            for one in told["contacts"]
        ]
        places = [await self._place(alice, client, one) for one in told["sites"]]
        shelves = await self._shelves_of(agency, told)
        contract = await self._contract(alice, client, contacts[0], told, number)
        return House(
            client=client,
            contacts=tuple(contacts),
            places=tuple(places),
            share=told["share"],
            contract=contract,
            settled=told.get("contract", {}),
            working=shelves[WORKING].timeline,
            timelines={shelf.calendar_id: shelf.timeline for shelf in shelves.values()},
        )

    async def _place(self, alice: Viewer, client: Client, told: _Document) -> Place:
        request = CreateSite(client.id, told["name"], told["url"], Criticality(told["criticality"]))
        site = await create_site(self.desk, viewer=alice, request=request)
        return Place(site, told["platform"])

    async def _shelves_of(self, agency: Agency, told: _Document) -> Mapping[str, _Shelf]:
        codes = {WORKING} if told["plan"] is None else {WORKING, *plan(told["plan"]).calendar_codes}
        subdivision = told.get("subdivision")
        return {code: await self._shelf(agency, code, subdivision) for code in sorted(codes)}

    async def _shelf(self, agency: Agency, code: str, subdivision: str | None) -> _Shelf:
        preset = calendar_preset(code)
        region = subdivision if preset.is_closed_on_holidays else None
        if (code, region) not in self._shelves:
            hours = self._hours(agency, code, region)
            calendar_id = CalendarId(self.desk.new_id())
            version = CalendarVersion(calendar_id, agency.id, 1, self.at, hours)
            suffix = "" if region is None else holiday_preset().subdivisions[region][Locale.FR]
            name = preset.label[Locale.FR] + (f" ({suffix})" if suffix else "")
            async with self.desk.store.transaction(agency.id) as records:
                await records.contracts.add_calendar(
                    calendar_code(code, subdivision), name, version
                )
            self._shelves[code, region] = _Shelf(calendar_id, self._compiled(hours))
        return self._shelves[code, region]

    def _hours(self, agency: Agency, code: str, region: str | None) -> BusinessHours:
        years = holiday_years(self.at, agency.zone)
        return calendar_hours(
            code, agency.zone, self.holidays_of(holiday_preset().country, region, years)
        )

    def _compiled(self, hours: BusinessHours) -> Timeline:
        year = self.at.year
        return compile_timeline(hours, date(year - 1, 1, 1), date(year + 3, 12, 31))

    async def _contract(
        self, alice: Viewer, client: Client, signatory: Contact, told: _Document, number: int
    ) -> Contract | None:
        if told["plan"] is None:
            return None
        subdivision = told.get("subdivision")
        agreement = Agreement(alice, client, signatory, told["plan"], told["contract"])
        return await agreement.sign(
            self.desk,
            reference=f"TMA-{self.at.year}-{number:02}",
            starts_on=self.at.date().replace(day=1),
            calendars={
                code: calendar_code(code, subdivision) for code in plan(told["plan"]).calendar_codes
            },
        )


def calendar_code(code: str, subdivision: str | None) -> str:
    """Return what a calendar is called that has the public holidays of a part of the country."""
    is_regional = subdivision is not None and calendar_preset(code).is_closed_on_holidays
    return f"{code}-{subdivision.lower()}" if subdivision and is_regional else code
