"""The memory of the engine on a database: transactions of one agency, and what the worker finds."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from helpdesk.domain.agency import Agency
from helpdesk.domain.ids import AgencyId, MonitoringHookId
from helpdesk.domain.mail_token import without_plus
from helpdesk.domain.monitoring import MonitoringHook
from helpdesk.storage.agency_records import (
    AGENCY_OF_MAILBOX,
    ALL_AGENCIES,
    TOKEN_BY_HASH,
    SqlAgencyRecords,
    agency_of,
    token_of,
)
from helpdesk.storage.batch_records import SqlBatchRecords
from helpdesk.storage.care_records import SqlCareRecords
from helpdesk.storage.classification_records import SqlClassificationRecords
from helpdesk.storage.client_records import SqlClientRecords
from helpdesk.storage.contract_records import SqlContractRecords
from helpdesk.storage.credit_note_records import SqlCreditNoteRecords
from helpdesk.storage.credit_records import SqlCreditRecords
from helpdesk.storage.database import Connection, Database
from helpdesk.storage.deadline_bell import DeadlineBell
from helpdesk.storage.deadline_queue import OpenTransaction, SqlDeadlineQueue, SqlSteps
from helpdesk.storage.diagnostic_records import SqlDiagnosticRecords
from helpdesk.storage.firing_records import SqlFiringRecords
from helpdesk.storage.incident_records import SqlIncidentRecords
from helpdesk.storage.mail_records import SqlMailRecords, SqlWorkQueue
from helpdesk.storage.monitoring_records import HOOK_BY_ID, HOOKS, SqlMonitoringRecords
from helpdesk.storage.notification_records import SqlNotificationRecords
from helpdesk.storage.quote_records import SqlQuoteRecords
from helpdesk.storage.report_facts import SqlReportFacts
from helpdesk.storage.report_records import SqlReportRecords
from helpdesk.storage.retainer_records import SqlRetainerRecords
from helpdesk.storage.session import Session
from helpdesk.storage.site_record_store import SqlSiteRecords
from helpdesk.storage.ticket_records import SqlTicketRecords
from helpdesk.storage.tickets_in_bulk import SqlTicketsInBulk
from helpdesk.storage.undelivered_records import SqlUndeliveredRecords
from helpdesk.storage.upkeep_records import SqlUpkeepRecords
from helpdesk.storage.version_shelf import VersionShelf
from helpdesk.storage.webhook_records import SqlWebhookRecords
from helpdesk.storage.wording_records import SqlWordingRecords
from helpdesk.storage.work_log_records import SqlWorkLogRecords
from helpdesk.usecases.ports import Records, Token, WorkQueue


class SqlRecords:
    """Records of one agency on one connection."""

    def __init__(  # noqa: PLR0915 - a line for each kind of record
        self, connection: Connection, agency_id: AgencyId, shelf: VersionShelf, *, locks: bool
    ) -> None:
        self._session = Session(connection, agency_id)
        self.agency_id = agency_id
        self.agencies = SqlAgencyRecords(self._session)
        self.clients = SqlClientRecords(self._session)
        self.contracts = SqlContractRecords(self._session, shelf, locks=locks)
        self.tickets = SqlTicketRecords(self._session, locks=locks)
        self.batches = SqlBatchRecords(self._session, locks=locks)
        self.tickets_in_bulk = SqlTicketsInBulk(self._session, locks=locks)
        self.mail = SqlMailRecords(self._session, locks=locks)
        self.notifications = SqlNotificationRecords(self._session)
        self.undelivered = SqlUndeliveredRecords(self._session)
        self.wording = SqlWordingRecords(self._session)
        self.webhooks = SqlWebhookRecords(self._session, locks=locks)
        self.quotes = SqlQuoteRecords(self._session, locks=locks)
        self.classifications = SqlClassificationRecords(self._session, locks=locks)
        self.firings = SqlFiringRecords(self._session)
        self.steps = SqlSteps(OpenTransaction(connection, self._session))
        self.upkeep = SqlUpkeepRecords(self._session)
        self.retainer = SqlRetainerRecords(self._session, locks=locks)
        self.work_logs = SqlWorkLogRecords(self._session, locks=locks)
        self.credit_notes = SqlCreditNoteRecords(self._session, locks=locks)
        self.credits = SqlCreditRecords(self._session, locks=locks)
        self.reports = SqlReportRecords(self._session, locks=locks)
        self.report_facts = SqlReportFacts(self._session)
        self.incidents = SqlIncidentRecords(self._session, locks=locks)
        self.site_records = SqlSiteRecords(self._session)
        self.diagnostics = SqlDiagnosticRecords(self._session, locks=locks)
        self.care = SqlCareRecords(self._session)
        self.monitoring = SqlMonitoringRecords(self._session, locks=locks)

    @property
    def has_step_soon(self) -> bool:
        """Whether a clock was written whose next step comes soon."""
        return self._session.has_step_soon

    async def flush(self) -> None:
        """Send what waits, so that a refused row is told before the commit."""
        await self._session.flush()


class SqlStore:
    """Store on a database; deadlines go by its clock unless `now` gives another one."""

    def __init__(
        self, database: Database, *, now: Callable[[], Awaitable[datetime]] | None = None
    ) -> None:
        self._database = database
        self._shelf = VersionShelf()
        self._bell = DeadlineBell(database)
        self._now = now or database.now

    @asynccontextmanager
    async def transaction(self, agency_id: AgencyId) -> AsyncIterator[Records]:
        """Open one transaction of one agency: all of it is kept, or nothing."""
        async with self._database.writing() as connection:
            records = SqlRecords(connection, agency_id, self._shelf, locks=True)
            yield records
            await records.flush()
            if records.has_step_soon:
                await self._bell.announce(connection)
        if records.has_step_soon:
            self._bell.ring()

    @asynccontextmanager
    async def reading(self, agency_id: AgencyId) -> AsyncIterator[Records]:
        """Read what an agency has, without locks; each read is a snapshot of its own."""
        async with self._database.reading() as connection:
            yield SqlRecords(connection, agency_id, self._shelf, locks=False)

    def queue(self) -> WorkQueue:
        """Return what the worker has to do."""
        deadlines = SqlDeadlineQueue(self._database, self._bell, self._now)
        return SqlWorkQueue(self._database, deadlines)

    async def token_by_hash(self, secret_hash: str) -> Token | None:
        """Return the token whose secret has this hash."""
        async with self._database.reading() as connection:
            row = await connection.fetch_one(TOKEN_BY_HASH, secret_hash=secret_hash)
        return None if row is None else token_of(row)

    async def monitoring_hook(self, hook_id: MonitoringHookId) -> MonitoringHook | None:
        """Return a hook of any agency."""
        async with self._database.reading() as connection:
            row = await connection.fetch_one(HOOK_BY_ID, id=hook_id)
        return None if row is None else HOOKS.read(row)

    async def agency_of_mailbox(self, address: str) -> Agency | None:
        """Return the agency that is written to at this address, or at its plus-addresses."""
        async with self._database.reading() as connection:
            row = await connection.fetch_one(AGENCY_OF_MAILBOX, mailbox=address.strip().lower())
            if row is None and "+" in address:
                mailbox = without_plus(address)
                row = await connection.fetch_one(AGENCY_OF_MAILBOX, mailbox=mailbox)
        return None if row is None else agency_of(row)

    async def agencies(self) -> tuple[Agency, ...]:
        """Return every agency of this installation."""
        async with self._database.reading() as connection:
            rows = await connection.fetch_all(ALL_AGENCIES)
        return tuple(agency_of(row) for row in rows)

    async def only_agency(self) -> Agency | None:
        """Return the agency when there is exactly one."""
        agencies = await self.agencies()
        return agencies[0] if len(agencies) == 1 else None
