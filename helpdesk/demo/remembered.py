"""Contracts and calendars read once: during the demo every deed asks for the same few."""

from collections.abc import Iterable
from dataclasses import dataclass

from helpdesk.domain.calendar import CalendarVersion
from helpdesk.domain.contract import Contract, ContractTerms
from helpdesk.domain.contract_facts import ContractFact
from helpdesk.domain.ids import AgencyId, CalendarId, ClientId, ContractId
from helpdesk.usecases.availability_ports import IncidentRecords, SiteRecords
from helpdesk.usecases.batch_ports import BatchRecords
from helpdesk.usecases.classification_ports import ClassificationRecords
from helpdesk.usecases.client_ports import ClientRecords
from helpdesk.usecases.compensation_ports import CreditRecords
from helpdesk.usecases.contract_ports import ContractRecords
from helpdesk.usecases.credit_note_ports import CreditNoteRecords
from helpdesk.usecases.deadline_ports import ComingSteps, FiringRecords
from helpdesk.usecases.diagnostics_ports import CareRecords, DiagnosticRecords
from helpdesk.usecases.mail_ports import MailRecords
from helpdesk.usecases.mail_wording_ports import WordingRecords
from helpdesk.usecases.monitoring_ports import MonitoringRecords
from helpdesk.usecases.notification_ports import NotificationRecords
from helpdesk.usecases.ports import (
    AgencyRecords,
    Records,
)
from helpdesk.usecases.quote_ports import QuoteRecords
from helpdesk.usecases.report_ports import ReportFacts, ReportRecords
from helpdesk.usecases.retainer_ports import RetainerRecords
from helpdesk.usecases.ticket_ports import TicketRecords, TicketsInBulk
from helpdesk.usecases.undelivered_ports import UndeliveredRecords
from helpdesk.usecases.upkeep_ports import UpkeepRecords
from helpdesk.usecases.webhook_ports import WebhookRecords
from helpdesk.usecases.work_log_ports import WorkLogRecords


class RememberedContracts:
    """ContractRecords that keep what they read until something is added."""

    def __init__(self, contracts: ContractRecords) -> None:
        """Take the records underneath."""
        self._contracts = contracts
        self._by_id: dict[ContractId, Contract | None] = {}
        self._of_client: dict[ClientId, tuple[Contract, ...]] = {}
        self._versions: dict[frozenset[CalendarId], tuple[CalendarVersion, ...]] = {}

    async def contract(self, contract_id: ContractId) -> Contract | None:
        """Return a contract with all versions of its terms."""
        if contract_id not in self._by_id:
            self._by_id[contract_id] = await self._contracts.contract(contract_id)
        return self._by_id[contract_id]

    async def contracts(self, contract_ids: Iterable[ContractId]) -> tuple[Contract, ...]:
        """Return those of these contracts that there are."""
        return await self._contracts.contracts(contract_ids)

    async def contract_to_change(self, contract_id: ContractId) -> Contract | None:
        """Return a contract, locked."""
        return await self._contracts.contract_to_change(contract_id)

    async def contract_to_turn(self, contract_id: ContractId) -> Contract | None:
        """Return a contract, locked against its changes."""
        return await self._contracts.contract_to_turn(contract_id)

    async def contracts_of(self, client_id: ClientId) -> tuple[Contract, ...]:
        """Return every contract of a client."""
        if client_id not in self._of_client:
            self._of_client[client_id] = await self._contracts.contracts_of(client_id)
        return self._of_client[client_id]

    async def calendar_versions(
        self, calendar_ids: Iterable[CalendarId]
    ) -> tuple[CalendarVersion, ...]:
        """Return every version of these calendars."""
        asked = frozenset(calendar_ids)
        if asked not in self._versions:
            self._versions[asked] = await self._contracts.calendar_versions(asked)
        return self._versions[asked]

    async def contracts_in_force(self) -> tuple[ContractId, ...]:
        """Return the contracts that were activated and have not ended."""
        return await self._contracts.contracts_in_force()

    async def facts(self, contract_id: ContractId) -> tuple[ContractFact, ...]:
        """Return what happened to a contract, in order."""
        return await self._contracts.facts(contract_id)

    async def add_fact(self, contract_id: ContractId, fact: ContractFact) -> None:
        """Append what happened to a contract."""
        await self._contracts.add_fact(contract_id, fact)

    async def lock_contracts_of(self, client_id: ClientId) -> None:
        """Lock every contract of a client."""
        await self._contracts.lock_contracts_of(client_id)

    async def save_contract(self, contract: Contract) -> None:
        """Write where a contract stands."""
        self._forget()
        await self._contracts.save_contract(contract)

    async def add_contract(self, contract: Contract) -> bool:
        """Add a contract with its terms and sites."""
        self._forget()
        return await self._contracts.add_contract(contract)

    async def add_terms(self, contract_id: ContractId, terms: ContractTerms) -> None:
        """Add a version of a contract's terms."""
        self._forget()
        await self._contracts.add_terms(contract_id, terms)

    async def calendar_of_code(self, code: str) -> CalendarId | None:
        """Return the calendar that is called so."""
        return await self._contracts.calendar_of_code(code)

    async def add_calendar(self, code: str, name: str, version: CalendarVersion) -> None:
        """Add a calendar with its first version."""
        self._forget()
        await self._contracts.add_calendar(code, name, version)

    async def add_calendar_version(self, version: CalendarVersion) -> None:
        """Add a version of a calendar."""
        self._forget()
        await self._contracts.add_calendar_version(version)

    def _forget(self) -> None:
        self._by_id.clear()
        self._of_client.clear()
        self._versions.clear()


@dataclass(frozen=True)
class RememberedRecords:
    """Records of one agency whose contracts are read once."""

    agency_id: AgencyId
    agencies: AgencyRecords
    clients: ClientRecords
    contracts: ContractRecords
    tickets: TicketRecords
    tickets_in_bulk: TicketsInBulk
    batches: BatchRecords
    mail: MailRecords
    undelivered: UndeliveredRecords
    notifications: NotificationRecords
    wording: WordingRecords
    webhooks: WebhookRecords
    quotes: QuoteRecords
    classifications: ClassificationRecords
    firings: FiringRecords
    steps: ComingSteps
    upkeep: UpkeepRecords
    retainer: RetainerRecords
    work_logs: WorkLogRecords
    credits: CreditRecords
    credit_notes: CreditNoteRecords
    reports: ReportRecords
    report_facts: ReportFacts
    incidents: IncidentRecords
    site_records: SiteRecords
    diagnostics: DiagnosticRecords
    care: CareRecords
    monitoring: MonitoringRecords


def remembered(records: Records) -> RememberedRecords:
    """Return the records with a memory for contracts and calendars."""
    return RememberedRecords(
        agency_id=records.agency_id,
        agencies=records.agencies,
        clients=records.clients,
        contracts=RememberedContracts(records.contracts),
        tickets=records.tickets,
        tickets_in_bulk=records.tickets_in_bulk,
        batches=records.batches,
        mail=records.mail,
        undelivered=records.undelivered,
        notifications=records.notifications,
        wording=records.wording,
        webhooks=records.webhooks,
        quotes=records.quotes,
        classifications=records.classifications,
        firings=records.firings,
        steps=records.steps,
        upkeep=records.upkeep,
        retainer=records.retainer,
        work_logs=records.work_logs,
        credits=records.credits,
        credit_notes=records.credit_notes,
        reports=records.reports,
        report_facts=records.report_facts,
        incidents=records.incidents,
        site_records=records.site_records,
        diagnostics=records.diagnostics,
        care=records.care,
        monitoring=records.monitoring,
    )
