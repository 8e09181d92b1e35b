"""The work log: the minutes that somebody really worked, kept for ever, and the timer for them.

What the client is charged for is another figure, a view of these minutes (`billed_time.py`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, NewType
from zoneinfo import ZoneInfo

from helpdesk.domain.access import Actor
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import AgentId, TicketId
from helpdesk.domain.money import half_up
from helpdesk.domain.month import Month
from helpdesk.domain.utc_seconds import utc_second

SECONDS_A_MINUTE = 60

WorkNumber = NewType("WorkNumber", int)
"""The place of an entry among those of its ticket, from 1 on."""


class MinutesNotPositive(HelpdeskError):
    """Work takes a minute at least; a correction may say that there was none."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{minutes} minutes are no work: give a positive whole number."
    french: ClassVar[str] = (
        "{minutes} minutes ne sont pas un travail : donnez un nombre entier positif."
    )


class WorkCorrectionWithoutReason(HelpdeskError):
    """Who changes what was worked says why: the client may have read the first figure."""

    code: ClassVar[ErrorCode] = ErrorCode.REASON_REQUIRED
    english: ClassVar[str] = "A corrected time needs a reason: it is kept beside the first one."
    french: ClassVar[str] = "Un temps corrigé demande un motif : il est conservé à côté du premier."


class WorkUnknown(HelpdeskError):
    """Only what was written can be corrected."""

    code: ClassVar[ErrorCode] = ErrorCode.NOT_FOUND
    english: ClassVar[str] = "There is no time entry {number} on this ticket to correct."
    french: ClassVar[str] = "Il n'y a pas de temps passé {number} à corriger sur ce ticket."


class TimerRunsAlready(HelpdeskError):
    """Nobody works twice at once, so each agent has one timer."""

    code: ClassVar[ErrorCode] = ErrorCode.TIMER_STATE
    english: ClassVar[str] = "A timer has run on ticket {ticket} since {started_at}: stop it first."
    french: ClassVar[str] = (
        "Un minuteur tourne sur le ticket {ticket} depuis {started_at} : arrêtez-le d'abord."
    )


class TimerStoppedBeforeStart(HelpdeskError):
    """A timer stops after it was started."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "The timer started at {started_at} cannot stop at {at}: give a later."
    french: ClassVar[str] = (
        "Le minuteur lancé à {started_at} ne peut pas s'arrêter à {at} : donnez plus tard."
    )


@dataclass(frozen=True, slots=True)
class WorkEntry:
    """Real minutes on a ticket from an instant on (UTC), by whom, and when it was written.

    One that `corrects` another replaces it, minutes, start and all, with a reason; 0 minutes say
    that there was no work. Nothing is ever changed or removed. Raises MinutesNotPositive and
    WorkCorrectionWithoutReason.
    """

    number: WorkNumber
    ticket_id: TicketId
    actor: Actor
    started_at: datetime
    minutes: int
    written_at: datetime
    note: str = ""
    corrects: WorkNumber | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        """Refuse no work, and a correction that nobody explains."""
        if self.minutes < 0 or (self.minutes == 0 and self.corrects is None):
            raise MinutesNotPositive(path=("minutes",), minutes=self.minutes)
        if self.corrects is not None and not self.reason.strip():
            raise WorkCorrectionWithoutReason(path=("reason",))

    def worked_on(self, zone: ZoneInfo) -> date:
        """Return the local day on which the work began: it decides the day and the month."""
        return self.started_at.astimezone(zone).date()

    def month(self, zone: ZoneInfo) -> Month:
        """Return the month in which the work counts, in the contract's zone.

        >>> from datetime import UTC
        >>> from helpdesk.domain.access import SYSTEM
        >>> late = datetime(2026, 7, 31, 22, 30, tzinfo=UTC)
        >>> entry = WorkEntry(WorkNumber(1), TicketId("42"), SYSTEM, late, 15, late)
        >>> str(entry.month(ZoneInfo("Europe/Paris")))
        '2026-08'
        """
        return Month.of(self.started_at, zone)


def counting_work(entries: Iterable[WorkEntry]) -> tuple[WorkEntry, ...]:
    """Return the entries of a ticket that count: the last correction of each, if it has minutes.

    A correction may be corrected itself; in the order in which they were first written. Raises
    WorkUnknown for a correction of what is not among them.
    """
    firsts: dict[WorkNumber, WorkNumber] = {}
    standing: dict[WorkNumber, WorkEntry] = {}
    for entry in sorted(entries, key=lambda one: one.number):
        corrected = entry.number if entry.corrects is None else entry.corrects
        if entry.corrects is not None and corrected not in firsts:
            raise WorkUnknown(path=("corrects",), number=corrected)
        first = firsts[entry.number] = firsts.get(corrected, entry.number)
        standing[first] = entry
    return tuple(entry for entry in standing.values() if entry.minutes)


def real_minutes(entries: Iterable[WorkEntry]) -> int:
    """Return the minutes that were really worked, corrections applied."""
    return sum(entry.minutes for entry in counting_work(entries))


@dataclass(frozen=True, slots=True)
class Timer:
    """The timer of an agent, running on a ticket since an instant (UTC)."""

    ticket_id: TicketId
    agent_id: AgentId
    started_at: datetime

    def stopped(self, at: datetime) -> int:
        """Return the minutes that ran, to the nearest minute and one at least.

        Raises TimerStoppedBeforeStart.
        """
        seconds = utc_second(at) - utc_second(self.started_at)
        if seconds < 0:
            raise TimerStoppedBeforeStart(started_at=self.started_at.isoformat(), at=at.isoformat())
        return max(1, half_up(seconds, SECONDS_A_MINUTE))


def started_timer(
    running: Sequence[Timer], ticket_id: TicketId, agent_id: AgentId, at: datetime
) -> Timer:
    """Return the timer that an agent starts. Raises TimerRunsAlready while he has another."""
    for timer in running:
        if timer.agent_id == agent_id:
            raise TimerRunsAlready(ticket=timer.ticket_id, started_at=timer.started_at.isoformat())
    return Timer(ticket_id, agent_id, at)
