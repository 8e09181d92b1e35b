"""Worked time as use-cases need it: entries that are added, and timers that run."""

from dataclasses import dataclass
from typing import Protocol

from helpdesk.domain.ids import AgentId, TicketId
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.domain.work_log import Timer, WorkEntry


@dataclass(frozen=True, slots=True)
class LoggedWork:
    """Work as it is kept: the unit of the forfait it counts against, None when it is free.

    `follows_funding` says that nobody chose the unit: it is that of the ticket's classification,
    and another one when a person decides so.
    """

    entry: WorkEntry
    charged_to: RetainerUnit | None
    follows_funding: bool = False


class WorkLogRecords(Protocol):
    """Worked time, and the timers that run."""

    async def work_of(self, ticket_id: TicketId) -> tuple[LoggedWork, ...]:
        """Return the work on a ticket, corrections too, by number."""
        ...

    async def add_work(self, work: LoggedWork) -> None:
        """Add an entry; it never changes again."""
        ...

    async def timer(self, agent_id: AgentId) -> Timer | None:
        """Return the running timer of an agent, locked until the transaction ends, or None."""
        ...

    async def add_timer(self, timer: Timer) -> bool:
        """Keep a timer that starts; False when the agent has another one by now."""
        ...

    async def remove_timer(self, agent_id: AgentId) -> None:
        """Take away the timer of an agent."""
        ...
