"""What the monthly report reads, for many contracts at once, and where reports are kept."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from helpdesk.domain.agency import Contact
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import ClientId, ContractId, ReportId
from helpdesk.domain.month import Month
from helpdesk.domain.monthly_report import Report
from helpdesk.domain.report_lines import AlertLine, ForecastLine, TicketLine, UnitConsumption
from helpdesk.usecases.letter_ports import Letter


@dataclass(frozen=True, slots=True)
class ReportSpan:
    """Of which contracts, and of which time: `[start, end)` in UTC.

    `end` is the end of the month, or now for a preview of a month that is not over.
    """

    contract_ids: Sequence[ContractId]
    start: datetime
    end: datetime


class ReportFacts(Protocol):
    """The facts of the rubrics, by contract; one without any is not there.

    Each costs a few statements for all contracts together, and follows the month, not the history.
    """

    async def tickets(self, span: ReportSpan) -> Mapping[ContractId, tuple[TicketLine, ...]]:
        """Return the tickets that were handled: opened, answered, worked on, ended or broken.

        They stand as they stood at the end of the span, by number. The promises are those that
        were settled in it or still run. What turned out to be spam or another's duplicate is left
        out, and so is what was cancelled before anybody worked on it.
        """
        ...

    async def consumption(
        self, span: ReportSpan
    ) -> Mapping[ContractId, tuple[UnitConsumption, ...]]:
        """Return what became of each unit of the forfait in the period that ends last in the span.

        That is the month for a contract whose periods are months.
        """
        ...

    async def expiring_packs(
        self, span: ReportSpan, *, until: datetime
    ) -> Mapping[ContractId, tuple[AlertLine, ...]]:
        """Return the bought lots with something left that expire from the end of the span on."""
        ...

    async def planned(
        self, span: ReportSpan, clients: Mapping[ContractId, ClientId]
    ) -> Mapping[ContractId, tuple[ForecastLine, ...]]:
        """Return the postponed tickets and the planned batches of what comes after the span."""
        ...


class ReportRecords(Protocol):
    """The reports that were drafted and published, version by version."""

    async def report(self, report_id: ReportId) -> Report | None:
        """Return a version, locked until the transaction ends; None when there is none."""
        ...

    async def latest(self, contract_id: ContractId, month: Month) -> Report | None:
        """Return the last version of a month, locked; None while there is none."""
        ...

    async def published(self, contract_id: ContractId, month: Month) -> Report | None:
        """Return the last version that was published; None while there is none."""
        ...

    async def add(self, report: Report) -> None:
        """Add a version; its contract is locked."""
        ...

    async def save(self, report: Report) -> None:
        """Write what people say in a draft, or that it was published; a published one stays."""
        ...

    async def untold_mentions(
        self, contract_ids: Sequence[ContractId], month: Month
    ) -> Mapping[ContractId, tuple[AlertLine, ...]]:
        """Return the P1 mentions of earlier months that the client had no report to read in (X-12).

        Those are the published reports of level NONE since the last one that he could read.
        """
        ...

    async def contract_of_reference(self, reference: str) -> ContractId | None:
        """Return the contract with this reference on paper; None when there is none."""
        ...

    async def readers(self, client_id: ClientId) -> tuple[Contact, ...]:
        """Return the people of a client, by name."""
        ...

    async def site_names(self, site_ids: Collection[str]) -> Mapping[str, str]:
        """Return the names of sites."""
        ...


class ReportPrinter(Protocol):
    """What makes documents of a frozen report, for people."""

    def pdf(self, snapshot: Mapping[str, Any], locale: Locale) -> bytes:
        """Return the pages of a snapshot, which is a JSON document, as a PDF.

        The same snapshot gives the same bytes, whenever it is printed.
        """
        ...

    def html(self, snapshot: Mapping[str, Any], locale: Locale) -> str:
        """Return a snapshot as one HTML file."""
        ...

    def text(self, snapshot: Mapping[str, Any], locale: Locale) -> str:
        """Return a snapshot as lines for a terminal."""
        ...


@dataclass(frozen=True, slots=True)
class ReportNews:
    """What a letter says of a report: of which month of whose contract, and why it came again."""

    agency_name: str
    month: Month
    contract_name: str
    rectifies: str
    video_url: str


class ReportLetters(Protocol):
    """The texts of the mails that carry a report."""

    def report_published(self, news: ReportNews, contact: Contact) -> Letter:
        """Return what a person of the client reads with the report."""
        ...


@dataclass(frozen=True, slots=True)
class ReportMaking:
    """What makes letters and documents of reports."""

    letters: ReportLetters
    printer: ReportPrinter
