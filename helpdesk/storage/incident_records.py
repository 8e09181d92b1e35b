"""Incidents, announced maintenance and watches in the database."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, func, or_, select, update

from helpdesk.domain.access import Actor
from helpdesk.domain.availability import Maintenance, ProbeWatch
from helpdesk.domain.contract_facts import ContractFact, ContractFactKind, recorded_suspensions
from helpdesk.domain.ids import (
    ClientId,
    ContractId,
    IncidentId,
    MaintenanceId,
    SiteId,
    TicketId,
)
from helpdesk.domain.incident import Incident, IncidentChange, IncidentFact, IncidentFactKind
from helpdesk.domain.period import Period
from helpdesk.domain.suspension import ContractSuspension
from helpdesk.domain.uptime_clause import OutageReason
from helpdesk.storage.classification_documents import actor_document, actor_of
from helpdesk.storage.column_types import Id, Instant
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.contract_facts import FACT_COLUMNS, contract_fact_of
from helpdesk.storage.query import Query, in_list, insert
from helpdesk.storage.row_mapper import RowMapper
from helpdesk.storage.session import MINE, Session
from helpdesk.storage.tables.availability import (
    INCIDENT,
    INCIDENT_FACT,
    MAINTENANCE,
    PROBE_WATCH,
)
from helpdesk.storage.tables.client import SITE
from helpdesk.storage.tables.contract import CONTRACT, CONTRACT_FACT
from helpdesk.usecases.availability_ports import PlannedWork, RecordedWatch

INCIDENTS = RowMapper(Incident, INCIDENT, {"reason": OutageReason})

_STANDING = ("began_at", "ended_at", "reason", "is_withdrawn", "sequence")
_FROM: ColumnElement[datetime] = bindparam("period_start", type_=Instant)
_TO: ColumnElement[datetime] = bindparam("period_end", type_=Instant)


def _in_period(table: Table, start: str, end: str) -> list[ColumnElement[bool]]:
    """Return the conditions that a row of some sites has an instant in the period."""
    return [
        table.c.agency_id == MINE,
        in_list(table.c.site_id, "site_ids"),
        table.c[start] < _TO,
        or_(table.c[end].is_(None), table.c[end] > _FROM),
    ]


_MINE = select(*INCIDENTS.columns).where(INCIDENT.c.agency_id == MINE)
_BY_ID = _MINE.where(INCIDENT.c.id == bindparam("id"))
_BY_KEY = _MINE.where(
    INCIDENT.c.source == bindparam("source"), INCIDENT.c.external_key == bindparam("key")
)
_OPEN = (
    _MINE.where(
        INCIDENT.c.source == bindparam("source"),
        func.substr(INCIDENT.c.external_key, 1, bindparam("length")) == bindparam("prefix"),
        INCIDENT.c.ended_at.is_(None),
        INCIDENT.c.is_withdrawn.is_(False),
    )
    .order_by(INCIDENT.c.began_at.desc(), INCIDENT.c.id.desc())
    .limit(1)
)
_BY_IDS, _BY_KEYS, _OPENS = (
    (Query(one), Query(one.with_for_update())) for one in (_BY_ID, _BY_KEY, _OPEN)
)
_OF_PERIOD = Query(
    select(*INCIDENTS.columns)
    .where(*_in_period(INCIDENT, "began_at", "ended_at"))
    .order_by(INCIDENT.c.began_at, INCIDENT.c.id)
)
_SITES_OF = Query(
    select(SITE.c.client_id, SITE.c.id)
    .where(SITE.c.agency_id == MINE, in_list(SITE.c.client_id, "client_ids"))
    .order_by(SITE.c.id)
)
_CONTRACTS_OF = Query(
    select(CONTRACT.c.id)
    .where(CONTRACT.c.agency_id == MINE, in_list(CONTRACT.c.client_id, "client_ids"))
    .order_by(CONTRACT.c.id)
)
_RESTS = Query(
    select(
        CONTRACT_FACT.c.contract_id,
        *FACT_COLUMNS,
    )
    .where(
        CONTRACT_FACT.c.agency_id == MINE,
        in_list(CONTRACT_FACT.c.contract_id, "contract_ids"),
        CONTRACT_FACT.c.kind.in_(
            [ContractFactKind.SUSPENDED.value, ContractFactKind.RESUMED.value]
        ),
    )
    .order_by(CONTRACT_FACT.c.contract_id, CONTRACT_FACT.c.sequence)
)
_FACTS = Query(
    select(INCIDENT_FACT)
    .where(INCIDENT_FACT.c.agency_id == MINE, INCIDENT_FACT.c.incident_id == bindparam("id"))
    .order_by(INCIDENT_FACT.c.sequence)
)
_LOCK_SITE = Query(
    select(SITE.c.id)
    .where(SITE.c.agency_id == MINE, SITE.c.id == bindparam("id"))
    .with_for_update()
)
_ADD = Query(insert(INCIDENT))
_ADD_FACT = Query(insert(INCIDENT_FACT))
_SAVE = Query(
    update(INCIDENT)
    .where(INCIDENT.c.agency_id == MINE, INCIDENT.c.id == bindparam("id_"))
    .values({INCIDENT.c[name]: bindparam(f"new_{name}") for name in _STANDING})
)
_SET_TICKET = Query(
    update(INCIDENT)
    .where(INCIDENT.c.agency_id == MINE, INCIDENT.c.id == bindparam("id_"))
    .values(ticket_id=bindparam("new_ticket_id", type_=Id))
)
_WORK = select(MAINTENANCE).where(
    MAINTENANCE.c.agency_id == MINE, MAINTENANCE.c.id == bindparam("id")
)
_WORKS = (Query(_WORK), Query(_WORK.with_for_update()))
_WORK_OF_PERIOD = Query(
    select(MAINTENANCE)
    .where(*_in_period(MAINTENANCE, "starts_at", "ends_at"))
    .order_by(MAINTENANCE.c.starts_at, MAINTENANCE.c.id)
)
_ADD_WORK = Query(insert(MAINTENANCE))
_CANCEL_WORK = Query(
    update(MAINTENANCE)
    .where(MAINTENANCE.c.agency_id == MINE, MAINTENANCE.c.id == bindparam("id_"))
    .values(cancelled_at=bindparam("new_at"), cancelled_by=bindparam("new_by"))
)
_WATCHES = Query(
    select(PROBE_WATCH)
    .where(*_in_period(PROBE_WATCH, "began_at", "ended_at"))
    .order_by(PROBE_WATCH.c.began_at, PROBE_WATCH.c.id)
)
_OPEN_WATCH = select(PROBE_WATCH).where(
    PROBE_WATCH.c.agency_id == MINE,
    PROBE_WATCH.c.site_id == bindparam("site_id"),
    PROBE_WATCH.c.source == bindparam("source"),
    PROBE_WATCH.c.is_gap.is_(False),
    PROBE_WATCH.c.ended_at.is_(None),
)
_OPEN_WATCHES = (Query(_OPEN_WATCH), Query(_OPEN_WATCH.with_for_update()))
_ADD_WATCH = Query(insert(PROBE_WATCH))
_END_WATCH = Query(
    update(PROBE_WATCH)
    .where(PROBE_WATCH.c.agency_id == MINE, PROBE_WATCH.c.id == bindparam("id_"))
    .values(ended_at=bindparam("new_ended_at"))
)
_END_WATCHES_OF = Query(
    update(PROBE_WATCH)
    .where(
        PROBE_WATCH.c.agency_id == MINE,
        PROBE_WATCH.c.source == bindparam("of_source"),
        PROBE_WATCH.c.ended_at.is_(None),
    )
    .values(ended_at=bindparam("new_ended_at"))
)


class SqlIncidentRecords:
    """IncidentRecords on a database; `locks` takes rows for the time of the transaction."""

    def __init__(self, session: Session, *, locks: bool) -> None:
        self._session = session
        self._by_id, self._by_key, self._open = (
            each[locks] for each in (_BY_IDS, _BY_KEYS, _OPENS)
        )
        self._work, self._open_watch = _WORKS[locks], _OPEN_WATCHES[locks]

    async def incident(self, incident_id: IncidentId) -> Incident | None:
        """Return an incident."""
        return _incident(await self._session.fetch_one(self._by_id, id=incident_id))

    async def incident_of_key(self, source: str, key: str) -> Incident | None:
        """Return the incident that a tool calls so."""
        return _incident(await self._session.fetch_one(self._by_key, source=source, key=key))

    async def open_incident(self, source: str, key_prefix: str) -> Incident | None:
        """Return the last open incident of a source whose key begins so."""
        row = await self._session.fetch_one(
            self._open,
            source=source,
            prefix=key_prefix,
            length=len(key_prefix),
        )
        return _incident(row)

    async def incidents(self, site_ids: Collection[SiteId], period: Period) -> tuple[Incident, ...]:
        """Return the incidents of sites that have an instant in a period."""
        rows = await self._session.fetch_all(_OF_PERIOD, **_asked(site_ids, period))
        return tuple(INCIDENTS.read(row) for row in rows)

    async def sites_of(
        self, client_ids: Collection[ClientId]
    ) -> Mapping[ClientId, tuple[SiteId, ...]]:
        """Return the sites of clients, by identity."""
        found: dict[ClientId, tuple[SiteId, ...]] = {}
        for client_id, site_id in await self._session.fetch_all(
            _SITES_OF, client_ids=list(client_ids)
        ):
            found[client_id] = (*found.get(client_id, ()), SiteId(site_id))
        return found

    async def contracts_of(self, client_ids: Collection[ClientId]) -> tuple[ContractId, ...]:
        """Return every contract of clients, by identity."""
        rows = await self._session.fetch_all(_CONTRACTS_OF, client_ids=list(client_ids))
        return tuple(ContractId(row[0]) for row in rows)

    async def suspensions(
        self, contract_ids: Collection[ContractId]
    ) -> Mapping[ContractId, tuple[ContractSuspension, ...]]:
        """Return when contracts rested."""
        facts: dict[ContractId, list[ContractFact]] = {}
        for row in await self._session.fetch_all(_RESTS, contract_ids=list(contract_ids)):
            facts.setdefault(row[0], []).append(contract_fact_of(row[1:]))
        return {contract_id: recorded_suspensions(told) for contract_id, told in facts.items()}

    async def facts(self, incident_id: IncidentId) -> tuple[IncidentFact, ...]:
        """Return what was said of an incident, in order."""
        rows = await self._session.fetch_all(_FACTS, id=incident_id)
        return tuple(fact_of(_held(INCIDENT_FACT, row)) for row in rows)

    async def lock_site(self, site_id: SiteId) -> None:
        """Let nobody else tell of this site until the transaction ends."""
        await self._session.fetch_one(_LOCK_SITE, id=site_id)

    async def add(self, change: IncidentChange) -> None:
        """Add an incident with the first statement about it."""
        await self._session.add(_ADD, INCIDENTS.params(change.incident))
        await self._append(change)

    async def save(self, change: IncidentChange) -> None:
        """Write where an incident stands, and append the statement."""
        params = INCIDENTS.params(change.incident)
        changes = {f"new_{name}": params[name] for name in _STANDING}
        await self._session.write(_SAVE, id_=change.incident.id, **changes)
        await self._append(change)

    async def set_ticket(self, incident_id: IncidentId, ticket_id: TicketId) -> None:
        """Write which ticket an incident opened."""
        await self._session.write(_SET_TICKET, id_=incident_id, new_ticket_id=ticket_id)

    async def planned_work(self, work_id: MaintenanceId) -> PlannedWork | None:
        """Return announced maintenance."""
        row = await self._session.fetch_one(self._work, id=work_id)
        return None if row is None else _work_of(_held(MAINTENANCE, row))

    async def maintenance(
        self, site_ids: Collection[SiteId], period: Period
    ) -> tuple[PlannedWork, ...]:
        """Return the announced maintenance of sites that has an instant in a period."""
        rows = await self._session.fetch_all(_WORK_OF_PERIOD, **_asked(site_ids, period))
        return tuple(_work_of(_held(MAINTENANCE, row)) for row in rows)

    async def add_work(self, work: PlannedWork) -> None:
        """Add announced maintenance."""
        maintenance = work.maintenance
        await self._session.write(
            _ADD_WORK,
            id=work.id,
            site_id=maintenance.site_id,
            starts_at=maintenance.window.start,
            ends_at=maintenance.window.end,
            what=work.what,
            announced_at=maintenance.announced_at,
            announced_by=actor_document(work.announced_by),
            cancelled_at=None,
            cancelled_by=None,
        )

    async def cancel_work(self, work_id: MaintenanceId, by: Actor, *, at: datetime) -> None:
        """Write that announced maintenance will not be."""
        await self._session.write(_CANCEL_WORK, id_=work_id, new_at=at, new_by=actor_document(by))

    async def watches(self, site_ids: Collection[SiteId], period: Period) -> tuple[ProbeWatch, ...]:
        """Return who watched sites in a period, and the gaps of it."""
        rows = await self._session.fetch_all(_WATCHES, **_asked(site_ids, period))
        return tuple(_watch_of(_held(PROBE_WATCH, row)).watch for row in rows)

    async def open_watch(self, site_id: SiteId, source: str) -> RecordedWatch | None:
        """Return the watch of a source over a site that lasts."""
        row = await self._session.fetch_one(self._open_watch, site_id=site_id, source=source)
        return None if row is None else _watch_of(_held(PROBE_WATCH, row))

    async def add_watch(self, recorded: RecordedWatch) -> None:
        """Add a watch or a gap."""
        watch = recorded.watch
        await self._session.write(
            _ADD_WATCH,
            id=recorded.id,
            site_id=watch.site_id,
            source=watch.source,
            began_at=watch.began_at,
            ended_at=watch.ended_at,
            is_gap=watch.is_gap,
            recorded_at=recorded.recorded_at,
            recorded_by=actor_document(recorded.recorded_by),
        )

    async def end_watch(self, watch_id: str, *, at: datetime) -> None:
        """Write when a watch ended."""
        await self._session.write(_END_WATCH, id_=watch_id, new_ended_at=at)

    async def end_watches_of(self, source: str, *, at: datetime) -> None:
        """End every watch of a source that lasts."""
        await self._session.write(_END_WATCHES_OF, of_source=source, new_ended_at=at)

    async def _append(self, change: IncidentChange) -> None:
        fact = change.fact
        await self._session.write(
            _ADD_FACT,
            incident_id=change.incident.id,
            sequence=fact.sequence,
            kind=fact.kind.value,
            at=fact.at,
            began_at=fact.began_at,
            ended_at=fact.ended_at,
            reason=fact.reason.value,
            actor=actor_document(fact.actor),
            explanation=fact.explanation,
        )


def fact_of(values: Mapping[str, Any]) -> IncidentFact:  # Any: columns of every type
    """Return the statement that a row holds."""
    return IncidentFact(
        sequence=values["sequence"],
        kind=IncidentFactKind(values["kind"]),
        at=values["at"],
        began_at=values["began_at"],
        ended_at=values["ended_at"],
        reason=OutageReason(values["reason"]),
        actor=actor_of(values["actor"]),
        explanation=values["explanation"],
    )


def _incident(row: Row | None) -> Incident | None:
    return None if row is None else INCIDENTS.read(row)


def _work_of(values: Mapping[str, Any]) -> PlannedWork:  # Any: likewise
    return PlannedWork(
        id=MaintenanceId(values["id"]),
        maintenance=Maintenance(
            site_id=SiteId(values["site_id"]),
            window=Period(values["starts_at"], values["ends_at"]),
            announced_at=values["announced_at"],
            cancelled_at=values["cancelled_at"],
        ),
        what=values["what"],
        announced_by=actor_of(values["announced_by"]),
    )


def _watch_of(values: Mapping[str, Any]) -> RecordedWatch:  # Any: likewise
    return RecordedWatch(
        id=values["id"],
        watch=ProbeWatch(
            site_id=SiteId(values["site_id"]),
            source=values["source"],
            began_at=values["began_at"],
            ended_at=values["ended_at"],
            is_gap=values["is_gap"],
        ),
        recorded_at=values["recorded_at"],
        recorded_by=actor_of(values["recorded_by"]),
    )


def _asked(site_ids: Collection[SiteId], period: Period) -> dict[str, object]:
    return {"site_ids": list(site_ids), "period_start": period.start, "period_end": period.end}


def _held(table: Table, row: Row) -> Mapping[str, Any]:  # Any: likewise
    return dict(zip(table.c.keys(), row, strict=True))
