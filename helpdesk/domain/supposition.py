"""What one may suppose about a request that has not come in: the facts of a life to be."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from helpdesk.domain.clock_facts import ClockFact, ClockFactKind
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.priority import Priority
from helpdesk.domain.waiting import WaitingOn

MOST_WAITS = 50


class SuppositionOutOfOrder(HelpdeskError):
    """Nothing happens to a request before it is opened, nor after its end."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{later} comes before {earlier}: put the instants in order."
    french: ClassVar[str] = "{later} vient avant {earlier} : mettez les instants dans l'ordre."


class WaitsOverlap(HelpdeskError):
    """A request waits for one thing at a time, and a wait that goes on has no other after it."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "The wait from {start} begins before the one from {earlier} ends."
    french: ClassVar[str] = "L'attente du {start} commence avant la fin de celle du {earlier}."


class TooManyWaits(HelpdeskError):
    """A supposition is a question, not a history."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{count} waits were given and {most} are allowed."
    french: ClassVar[str] = "{count} attentes sont données pour {most} permises."


@dataclass(frozen=True, slots=True)
class SupposedWait:
    """A wait `[start, end)` for somebody; without an end it goes on."""

    start: datetime
    end: datetime | None
    waiting_on: WaitingOn


@dataclass(frozen=True, slots=True)
class Supposition:
    """When the request would be answered, for whom it would wait, and when it would be resolved.

    `read_at` is when one looks at its clocks: when the last of it happened, unless said.
    """

    first_response_at: datetime | None = None
    waits: tuple[SupposedWait, ...] = ()
    resolved_at: datetime | None = None
    read_at: datetime | None = None

    def facts(self, opened_at: datetime, priority: Priority) -> tuple[ClockFact, ...]:
        """Return the facts in order, the opening first.

        Raises SuppositionOutOfOrder, WaitsOverlap and TooManyWaits, with the input at fault.
        """
        if len(self.waits) > MOST_WAITS:
            raise TooManyWaits(path=("waits",), count=len(self.waits), most=MOST_WAITS)
        facts = [ClockFact(opened_at, ClockFactKind.OPENED, priority)]
        if self.first_response_at is not None:
            _require_order(opened_at, self.first_response_at, "first_response_at")
            facts.append(ClockFact(self.first_response_at, ClockFactKind.AGENT_ANSWERED))
        facts += self._waits(opened_at)
        facts.sort(key=lambda fact: fact.at)
        if self.resolved_at is not None:
            _require_order(facts[-1].at, self.resolved_at, "resolved_at")
            facts.append(ClockFact(self.resolved_at, ClockFactKind.RESOLVED))
        return tuple(facts)

    def looked_at(self, facts: tuple[ClockFact, ...]) -> datetime:
        """Return when the clocks of these facts are read. Raises SuppositionOutOfOrder."""
        if self.read_at is None:
            return facts[-1].at
        _require_order(facts[-1].at, self.read_at, "read_at")
        return self.read_at

    def _waits(self, opened_at: datetime) -> list[ClockFact]:
        facts: list[ClockFact] = []
        earlier: SupposedWait | None = None
        ordered = sorted(enumerate(self.waits), key=lambda wait: wait[1].start)
        for index, wait in ordered:
            path = ("waits", str(index))
            _require_order(opened_at, wait.start, *path, "from")
            if earlier is not None and (earlier.end is None or wait.start < earlier.end):
                raise WaitsOverlap(path=path, start=wait.start, earlier=earlier.start)
            facts.append(ClockFact(wait.start, ClockFactKind.PAUSED, pause_reason=wait.waiting_on))
            if wait.end is not None:
                _require_order(wait.start, wait.end, *path, "to")
                facts.append(ClockFact(wait.end, ClockFactKind.RESUMED))
            earlier = wait
        return facts


def _require_order(earlier: datetime, later: datetime, *path: str) -> None:
    if later < earlier:
        raise SuppositionOutOfOrder(path=path, earlier=earlier, later=later)
