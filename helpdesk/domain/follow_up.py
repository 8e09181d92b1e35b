"""What a client's mail does to a ticket that was finished: it goes on, or a new one follows it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from helpdesk.domain.access import ActorKind
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ticket import Ticket, TicketEvent, TicketEventKind, TicketStatus

LONGEST_REOPENING = 3650
REOPENINGS_A_DAY = 5
"""How often clients reopen one ticket within a day before what they write follows it instead."""

_A_DAY = timedelta(days=1)


class FollowUpRule(StrEnum):
    """What an agency wants of mails on finished tickets."""

    REOPEN_WITHIN_DAYS = "REOPEN_WITHIN_DAYS"
    ALWAYS_REOPEN = "ALWAYS_REOPEN"
    NEW_TICKET = "NEW_TICKET"


class ReopenDaysOutOfRange(HelpdeskError):
    """A grace of no day or of decades is another rule, and has a name."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = (
        "`reopenDays` is {days}: give 1 to {longest} days, or choose ALWAYS_REOPEN or NEW_TICKET."
    )
    french: ClassVar[str] = (
        "« reopenDays » vaut {days} : donnez de 1 à {longest} jours, ou choisissez ALWAYS_REOPEN ou"
        " NEW_TICKET."
    )


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The rule of an agency; the days count for REOPEN_WITHIN_DAYS, from the end of the work on."""

    rule: FollowUpRule = FollowUpRule.REOPEN_WITHIN_DAYS
    reopen_days: int = 14

    def __post_init__(self) -> None:
        """Refuse days that make no sense."""
        if not 1 <= self.reopen_days <= LONGEST_REOPENING:
            raise ReopenDaysOutOfRange(
                path=("followUp", "reopenDays"), days=self.reopen_days, longest=LONGEST_REOPENING
            )

    def reopens(self, ticket: Ticket, *, at: datetime) -> bool:
        """Return whether what a client writes at `at` reopens a ticket that is finished.

        What was given up, or is spam, never goes on by itself. Whether the work is done is the
        client's to say as long as nobody closed the ticket, so a new one replaces closed ones only.
        """
        ended_at = ticket.closed_at or ticket.resolved_at
        if ended_at is None or not is_finished(ticket):
            return False
        if self.rule is FollowUpRule.REOPEN_WITHIN_DAYS:
            return at < ended_at + timedelta(days=self.reopen_days)
        return self.rule is FollowUpRule.ALWAYS_REOPEN or ticket.status is TicketStatus.RESOLVED


def is_finished(ticket: Ticket) -> bool:
    """Return whether the work on a ticket is done, by the agency's word or for good."""
    return ticket.status in {TicketStatus.RESOLVED, TicketStatus.CLOSED}


def goes_to_and_fro(history: Iterable[TicketEvent], *, at: datetime) -> bool:
    """Return whether clients reopened the ticket as often within a day as is good for anybody."""
    reopened = (
        event
        for event in history
        if event.kind is TicketEventKind.REOPENED
        and event.actor.kind is ActorKind.CONTACT
        and event.at > at - _A_DAY
    )
    return sum(1 for _ in reopened) >= REOPENINGS_A_DAY
