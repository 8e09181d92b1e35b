"""What upkeep reads in bulk: tickets with everything that is kept of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from helpdesk.domain.correction import Correction
from helpdesk.domain.ids import CalendarId, ContractId, TicketId
from helpdesk.domain.sla import SlaMetric
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.ticket_ports import DerivedClock, TicketPast


@dataclass(frozen=True, slots=True)
class KeptTicket:
    """A ticket with its facts and with what is kept of them; kept clocks have no stretches."""

    ticket: Ticket
    past: TicketPast
    clocks: Mapping[tuple[SlaMetric, int], DerivedClock]
    next_deadline_at: datetime | None
    breached_at: datetime | None


class UpkeepRecords(Protocol):
    """Tickets in bulk, and the corrections that were carried out."""

    async def kept_tickets(
        self,
        *,
        after: TicketId | None,
        limit: int,
        of_contracts: Collection[ContractId] | None = None,
    ) -> tuple[KeptTicket, ...]:
        """Return the next tickets in the order of their ids, of these contracts or all."""
        ...

    async def kept_ticket(self, ticket_id: TicketId) -> KeptTicket | None:
        """Return one ticket, locked until the transaction ends."""
        ...

    async def contracts_counting_on(self, calendar_id: CalendarId) -> tuple[ContractId, ...]:
        """Return the contracts of which a version names this calendar."""
        ...

    async def corrections(self, *, limit: int) -> tuple[Correction, ...]:
        """Return the latest corrections, the newest first."""
        ...

    async def add_correction(self, correction: Correction) -> None:
        """Keep a correction that was carried out."""
        ...
