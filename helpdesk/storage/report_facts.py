"""What the monthly report reads, on a database, for many contracts at once."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, or_, select

from helpdesk.domain.batch import BatchStatus
from helpdesk.domain.ids import ClientId, ContractId
from helpdesk.domain.report_lines import (
    AlertLine,
    ForecastKind,
    ForecastLine,
    TicketLine,
    UnitConsumption,
)
from helpdesk.domain.ticket import UNFINISHED
from helpdesk.storage.column_types import Instant
from helpdesk.storage.query import Query, in_list
from helpdesk.storage.report_ledger import consumption_of, expiring_packs_of
from helpdesk.storage.report_tickets import tickets_of
from helpdesk.storage.session import MINE, Session
from helpdesk.storage.tables.agency import AGENCY
from helpdesk.storage.tables.batch import BATCH
from helpdesk.storage.tables.ticket import TICKET
from helpdesk.usecases.report_ports import ReportSpan

_ZONE = Query(select(AGENCY.c.zone).where(AGENCY.c.agency_id == MINE))
_POSTPONED = Query(
    select(TICKET.c.contract_id, TICKET.c.number, TICKET.c.subject, TICKET.c.postponed_to)
    .where(
        TICKET.c.agency_id == MINE,
        in_list(TICKET.c.contract_id, "contracts"),
        TICKET.c.postponed_to >= bindparam("end", type_=Instant),
        TICKET.c.status.in_(sorted(UNFINISHED)),
    )
    .order_by(TICKET.c.postponed_to, TICKET.c.id)
)
_BATCHES = Query(
    select(BATCH.c.client_id, BATCH.c.number, BATCH.c.name, BATCH.c.planned_on)
    .where(
        BATCH.c.agency_id == MINE,
        in_list(BATCH.c.client_id, "clients"),
        BATCH.c.status == BatchStatus.PLANNED.value,
        or_(BATCH.c.planned_on.is_(None), BATCH.c.planned_on >= bindparam("first")),
    )
    .order_by(BATCH.c.planned_on, BATCH.c.id)
)


class SqlReportFacts:
    """ReportFacts on a database."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def tickets(self, span: ReportSpan) -> Mapping[ContractId, tuple[TicketLine, ...]]:
        """Return the tickets that were handled, by contract."""
        return await tickets_of(self._session, span)

    async def consumption(
        self, span: ReportSpan
    ) -> Mapping[ContractId, tuple[UnitConsumption, ...]]:
        """Return what became of each unit of the forfait, by contract."""
        return await consumption_of(self._session, span)

    async def expiring_packs(
        self, span: ReportSpan, *, until: datetime
    ) -> Mapping[ContractId, tuple[AlertLine, ...]]:
        """Return the bought lots that expire soon, by contract."""
        zone = await self._zone()
        return await expiring_packs_of(self._session, span, until=until, zone=zone)

    async def planned(
        self, span: ReportSpan, clients: Mapping[ContractId, ClientId]
    ) -> Mapping[ContractId, tuple[ForecastLine, ...]]:
        """Return the postponed tickets and the planned batches, by contract."""
        zone = await self._zone()
        found: dict[ContractId, list[ForecastLine]] = {}
        postponed, batches = await self._session.fetch_batch(
            (_POSTPONED, {"contracts": sorted(span.contract_ids), "end": span.end}),
            (_BATCHES, {"clients": sorted(set(clients.values())), "first": _day(span.end, zone)}),
        )
        for contract_id, number, subject, day in postponed:
            line = ForecastLine(
                ForecastKind.POSTPONED_TICKET, subject, _day(day, zone), int(number)
            )
            found.setdefault(ContractId(contract_id), []).append(line)
        for client_id, number, name, planned_on in batches:
            line = ForecastLine(ForecastKind.BATCH, name or number, planned_on)
            for contract_id, of_client in clients.items():
                if of_client == client_id:
                    found.setdefault(contract_id, []).append(line)
        return {contract_id: tuple(lines) for contract_id, lines in found.items()}

    async def _zone(self) -> ZoneInfo:
        row = await self._session.fetch_one(_ZONE)
        assert row is not None  # noqa: S101 - the transaction is of this agency
        return ZoneInfo(row[0])


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()
