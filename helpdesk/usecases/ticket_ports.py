"""What use-cases need of the memory of tickets, as protocols."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from helpdesk.domain.ids import CalendarId, ContractId, TicketId
from helpdesk.domain.mail_loop import Utterance
from helpdesk.domain.message import Attachment, Message
from helpdesk.domain.sla import SlaClock, SlaMetric, StepDue
from helpdesk.domain.ticket import LinkKind, Ticket, TicketEvent


@dataclass(frozen=True, slots=True)
class DerivedClock:
    """A clock with the versions of the contract and of the calendar that it was counted on.

    `pending` is what it has still to set off.
    """

    clock: SlaClock
    terms_version: int
    calendar_version: int | None
    pending: tuple[StepDue, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketPast:
    """What happened to a ticket, and which steps its clocks fired, by metric and cycle."""

    history: tuple[TicketEvent, ...]
    fired: Mapping[tuple[SlaMetric, int], frozenset[str]]


class TicketRecords(Protocol):
    """Tickets: their present state, their history, what was said, their clocks."""

    async def ticket(self, ticket_id: TicketId) -> Ticket | None:
        """Return a ticket, locked until the transaction ends; None when there is none."""
        ...

    async def ticket_by_number(self, number: str) -> Ticket | None:
        """Return the ticket with this number, locked likewise."""
        ...

    async def history(self, ticket_id: TicketId) -> tuple[TicketEvent, ...]:
        """Return every fact of a ticket in order."""
        ...

    async def past(self, ticket_id: TicketId) -> TicketPast:
        """Return every fact of a ticket in order, and what its clocks set off."""
        ...

    async def save(
        self, ticket: Ticket, events: Sequence[TicketEvent], clocks: Sequence[DerivedClock]
    ) -> None:
        """Append the facts and rewrite what is kept of them: the ticket and its clocks."""
        ...

    async def add_message(self, message: Message, attachments: Sequence[Attachment] = ()) -> None:
        """Add a message with the description of its files."""
        ...

    async def said_since(self, ticket_id: TicketId, since: datetime) -> tuple[Utterance, ...]:
        """Return what was publicly said on a ticket since an instant, oldest first."""
        ...

    async def message(self, message_id: str) -> Message | None:
        """Return a message, None when there is none."""
        ...

    async def judge_message(self, message: Message) -> None:
        """Write whether a message is a note and what is doubted about it; the rest stays."""
        ...

    async def add_blob(self, sha256: str, content: bytes) -> None:
        """Keep bytes under their hash; the same bytes twice are kept once."""
        ...

    async def blob(self, sha256: str) -> bytes | None:
        """Return kept bytes."""
        ...

    async def link(self, ticket: Ticket, other: Ticket, kind: LinkKind, *, at: datetime) -> bool:
        """Link two tickets; False when they already were."""
        ...

    async def unlink(self, ticket: Ticket, other: Ticket) -> bool:
        """Remove the link between two tickets; False when there was none."""
        ...


class TicketsInBulk(Protocol):
    """Many tickets at once, for what moves the clocks of all of them."""

    async def open_tickets_of_contract(self, contract_id: ContractId) -> tuple[TicketId, ...]:
        """Return the tickets under a contract that are not finished, by id."""
        ...

    async def open_tickets_of_calendar(self, calendar_id: CalendarId) -> tuple[TicketId, ...]:
        """Return the unfinished tickets under contracts of which a version names a calendar."""
        ...

    async def tickets(self, ticket_ids: Collection[TicketId]) -> tuple[Ticket, ...]:
        """Return those of these tickets that there are, by id, locked in that order likewise."""
        ...

    async def pasts(self, ticket_ids: Collection[TicketId]) -> Mapping[TicketId, TicketPast]:
        """Return what happened to each of these tickets."""
        ...

    async def rewrite_clocks(
        self, clocks: Mapping[TicketId, Sequence[DerivedClock]]
    ) -> tuple[TicketId, ...]:
        """Make the kept clocks of these tickets these; return the tickets whose clocks were others.

        No fact is added and no version changes.
        """
        ...
