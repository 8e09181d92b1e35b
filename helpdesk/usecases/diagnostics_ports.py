"""Audits, signals, sheets, routines and reviews as use-cases need them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from helpdesk.domain.agency import Site
from helpdesk.domain.audit import Audit, PointAnswer
from helpdesk.domain.checklist import Checklist, DiagnosticLevel
from helpdesk.domain.emergency import ProcedureVersion
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import AuditId, ClientId, ContractId, SiteId, TicketId
from helpdesk.domain.month import Month
from helpdesk.domain.plan import Text
from helpdesk.domain.review import ReviewMeeting, RhythmVersion
from helpdesk.domain.routine import PlannedRoutine, RoutineKind, Weeks
from helpdesk.domain.signal import AuditCall, Signal, SignalEpisode
from helpdesk.domain.site_sheet import SheetVersion
from helpdesk.domain.ticket import Channel


@dataclass(frozen=True, slots=True)
class RoutineRun:
    """A routine of a contract that was opened as a ticket."""

    contract_id: ContractId
    planned: PlannedRoutine
    ticket_id: TicketId
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class TaskText:
    """The subject and the description of a ticket that the engine opens."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class RoutineText:
    """What the text of a routine's ticket names: the contract, and from when until when."""

    planned: PlannedRoutine
    reference: str


@dataclass(frozen=True, slots=True)
class SignalWords:
    """A warning signal in words: what it reveals, what it risks, how much it weighs."""

    number: int
    level: DiagnosticLevel
    label: Text
    reveals: Text
    risk: Text
    source: str


class DiagnosticsCatalogue(Protocol):
    """The checklist and the routines that diagnostics are made from, and their words."""

    def checklist(self) -> Checklist:
        """Return the checklist that a new audit begins with."""
        ...

    def weeks(self) -> Mapping[RoutineKind, Weeks]:
        """Return in which weeks of a month each routine is done."""
        ...

    def point_text(self, code: str) -> Text:
        """Return what a point of the checklist says."""
        ...

    def signal_words(self, signal: Signal) -> SignalWords:
        """Return what a signal means."""
        ...

    def routine_label(self, kind: RoutineKind) -> Text:
        """Return the name of a routine."""
        ...

    def routine_text(self, text: RoutineText, *, locale: Locale) -> TaskText:
        """Return what the ticket of a routine says."""
        ...

    def audit_text(self, site: Site, *, locale: Locale) -> TaskText:
        """Return what the task says that three signals together call for."""
        ...


class DiagnosticRecords(Protocol):
    """What is known of sites: their sheets, audits and signals."""

    async def lock_site(self, site_id: SiteId) -> Site | None:
        """Return a site, locked until the transaction ends; None when there is none."""
        ...

    async def sites(self) -> tuple[Site, ...]:
        """Return every site of the agency, by identity."""
        ...

    async def sheet(self, site_id: SiteId) -> SheetVersion | None:
        """Return the latest sheet of a site; None while nobody described it."""
        ...

    async def add_sheet(self, version: SheetVersion) -> None:
        """Add a version of the sheet of a site."""
        ...

    async def audit(self, audit_id: AuditId) -> Audit | None:
        """Return an audit with its answers, locked; None when there is none."""
        ...

    async def add_audit(self, audit: Audit) -> None:
        """Add an audit that has no answers yet."""
        ...

    async def add_answers(self, audit_id: AuditId, after: int, *answers: PointAnswer) -> None:
        """Append answers to the first so many of an audit."""
        ...

    async def last_audits_for_clients(self, site_ids: Collection[SiteId]) -> tuple[Audit, ...]:
        """Return of each site the last completed audit that was made for its client, by site."""
        ...

    async def complete(self, audit: Audit) -> None:
        """Write the verdict of an audit, who completed it, and when."""
        ...

    async def signals_up(self, site_id: SiteId) -> tuple[SignalEpisode, ...]:
        """Return the signals of a site that are up, the first raised at the front."""
        ...

    async def raise_signal(self, episode: SignalEpisode) -> None:
        """Add a time that a signal is up."""
        ...

    async def clear_signal(self, episode: SignalEpisode) -> None:
        """Write the end of a time that a signal was up."""
        ...

    async def standing_call(self, site_id: SiteId) -> AuditCall | None:
        """Return the call for an audit that stands at a site; None without one."""
        ...

    async def add_call(self, call: AuditCall, ticket_id: TicketId) -> None:
        """Add a call for an audit with the task that it opened."""
        ...

    async def end_call(self, site_id: SiteId, on: date) -> None:
        """Write that the call which stands at a site is over."""
        ...

    async def requests_since(
        self, client_id: ClientId, site_id: SiteId, since: datetime
    ) -> Mapping[Channel, int]:
        """Return how many tickets came in by each channel, about the site or about none.

        Spam and duplicates are no requests, and neither is an audit that signals called for.
        """
        ...

    async def last_reported(self, contract_id: ContractId) -> Month | None:
        """Return the last month whose report the client could read; None before the first."""
        ...


class CareRecords(Protocol):
    """How contracts are cared for: emergency procedures, reviews, routines."""

    async def procedure(self, contract_id: ContractId) -> ProcedureVersion | None:
        """Return the emergency procedure of a contract; None while there is none."""
        ...

    async def add_procedure(self, version: ProcedureVersion) -> None:
        """Add a version of the emergency procedure of a contract."""
        ...

    async def rhythm(self, contract_id: ContractId) -> RhythmVersion | None:
        """Return how often a contract is reviewed; None while nobody settled it."""
        ...

    async def add_rhythm(self, version: RhythmVersion) -> None:
        """Add a version of how often a contract is reviewed."""
        ...

    async def meetings(self, contract_id: ContractId) -> tuple[ReviewMeeting, ...]:
        """Return the reviews of a contract in the order they were recorded in."""
        ...

    async def add_meeting(self, meeting: ReviewMeeting) -> None:
        """Append a review that was held."""
        ...

    async def runs_of(self, contract_id: ContractId, month: str) -> frozenset[RoutineKind]:
        """Return the routines of a contract that were opened in a month."""
        ...

    async def add_run(self, run: RoutineRun) -> None:
        """Append a routine that was opened."""
        ...
