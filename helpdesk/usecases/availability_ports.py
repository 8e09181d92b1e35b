"""Incidents, announced maintenance, watches and site records as use-cases need them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from helpdesk.domain.access import Actor
from helpdesk.domain.availability import Maintenance, ProbeWatch
from helpdesk.domain.ids import (
    ClientId,
    ContractId,
    IncidentId,
    MaintenanceId,
    SiteId,
    SiteRecordId,
    TicketId,
)
from helpdesk.domain.incident import Incident, IncidentChange, IncidentFact
from helpdesk.domain.period import Period
from helpdesk.domain.site_record import SiteRecord, SiteRecordKind
from helpdesk.domain.suspension import ContractSuspension


@dataclass(frozen=True, slots=True)
class PlannedWork:
    """Announced maintenance with its identity, what will be done, and who said so."""

    id: MaintenanceId
    maintenance: Maintenance
    what: str
    announced_by: Actor


@dataclass(frozen=True, slots=True)
class RecordedWatch:
    """A watch, or a gap of one, with its identity and who told of it when (UTC)."""

    id: str
    watch: ProbeWatch
    recorded_at: datetime
    recorded_by: Actor


class IncidentRecords(Protocol):
    """When sites were not available, were going to be worked on, and were watched."""

    async def incident(self, incident_id: IncidentId) -> Incident | None:
        """Return an incident, locked until the transaction ends; None when there is none."""
        ...

    async def incident_of_key(self, source: str, key: str) -> Incident | None:
        """Return the incident that a tool calls so, locked; None when there is none."""
        ...

    async def open_incident(self, source: str, key_prefix: str) -> Incident | None:
        """Return the last open incident of a source whose key begins so, locked, or None."""
        ...

    async def incidents(self, site_ids: Collection[SiteId], period: Period) -> tuple[Incident, ...]:
        """Return the incidents of sites that have an instant in a period, withdrawn ones too.

        They come in the order of their beginnings.
        """
        ...

    async def sites_of(
        self, client_ids: Collection[ClientId]
    ) -> Mapping[ClientId, tuple[SiteId, ...]]:
        """Return the sites of clients, by identity."""
        ...

    async def contracts_of(self, client_ids: Collection[ClientId]) -> tuple[ContractId, ...]:
        """Return every contract of clients, by identity."""
        ...

    async def suspensions(
        self, contract_ids: Collection[ContractId]
    ) -> Mapping[ContractId, tuple[ContractSuspension, ...]]:
        """Return when contracts rested; one that never did is not there."""
        ...

    async def facts(self, incident_id: IncidentId) -> tuple[IncidentFact, ...]:
        """Return what was said of an incident, in order."""
        ...

    async def lock_site(self, site_id: SiteId) -> None:
        """Let nobody else tell of this site until the transaction ends."""
        ...

    async def add(self, change: IncidentChange) -> None:
        """Add an incident with the first statement about it."""
        ...

    async def save(self, change: IncidentChange) -> None:
        """Write where an incident stands, and append the statement that led there."""
        ...

    async def set_ticket(self, incident_id: IncidentId, ticket_id: TicketId) -> None:
        """Write which ticket an incident opened."""
        ...

    async def planned_work(self, work_id: MaintenanceId) -> PlannedWork | None:
        """Return announced maintenance, locked; None when there is none."""
        ...

    async def maintenance(
        self, site_ids: Collection[SiteId], period: Period
    ) -> tuple[PlannedWork, ...]:
        """Return the announced maintenance of sites that has an instant in a period."""
        ...

    async def add_work(self, work: PlannedWork) -> None:
        """Add announced maintenance."""
        ...

    async def cancel_work(self, work_id: MaintenanceId, by: Actor, *, at: datetime) -> None:
        """Write that announced maintenance will not be."""
        ...

    async def watches(self, site_ids: Collection[SiteId], period: Period) -> tuple[ProbeWatch, ...]:
        """Return who watched sites in a period, and the gaps of it."""
        ...

    async def open_watch(self, site_id: SiteId, source: str) -> RecordedWatch | None:
        """Return the watch of a source over a site that lasts, locked; None without one."""
        ...

    async def add_watch(self, recorded: RecordedWatch) -> None:
        """Add a watch or a gap."""
        ...

    async def end_watch(self, watch_id: str, *, at: datetime) -> None:
        """Write when a watch ended."""
        ...

    async def end_watches_of(self, source: str, *, at: datetime) -> None:
        """End every watch of a source that lasts."""
        ...


class SiteRecords(Protocol):
    """What was done on sites and seen there."""

    async def record(self, record_id: SiteRecordId) -> SiteRecord | None:
        """Return a record; None when there is none."""
        ...

    async def add(self, record: SiteRecord) -> None:
        """Append a record."""
        ...

    async def records(
        self,
        site_ids: Collection[SiteId],
        kinds: Iterable[SiteRecordKind],
        period: Period | None = None,
    ) -> tuple[SiteRecord, ...]:
        """Return the records of these kinds that were not corrected, of a period or all there are.

        They come in the order of what they tell.
        """
        ...

    async def latest(self, site_id: SiteId, kind: SiteRecordKind) -> SiteRecord | None:
        """Return the last record of a kind that was not corrected; None without one."""
        ...
