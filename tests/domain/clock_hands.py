"""What the oracle of the clocks is made of: deeds, office minutes, the hand of a clock."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from helpdesk.domain.sla import SlaMetric, SlaState, Target

PARIS = ZoneInfo("Europe/Paris")
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
# Twenty days around the clock change of 29 March and Easter Monday, 6 April 2026.
FIRST, LAST = datetime(2026, 3, 22, 23, tzinfo=UTC), datetime(2026, 4, 11, 22, tzinfo=UTC)
EASTER_MONDAY = "2026-04-06"
SINGLE = (SlaMetric.FIRST_RESPONSE, SlaMetric.RESOLUTION, SlaMetric.DELIVERY)


@dataclass(frozen=True)
class Deed:
    """What somebody did: the verb, and the priority, the new date or whom the ticket waits for."""

    at: datetime
    verb: str
    argument: str = ""


@dataclass(frozen=True)
class Shown:
    """What a clock shows, in minutes, and which steps of its ladder came by now."""

    state: SlaState
    elapsed: int
    broken_at: datetime | None
    earlier: tuple[tuple[datetime, int, bool], ...] = ()
    steps: tuple[tuple[str, datetime], ...] = ()


def _is_office_minute(minute: datetime) -> bool:
    local = minute.astimezone(PARIS)
    if local.weekday() > 4 or local.date().isoformat() == EASTER_MONDAY:
        return False
    return "09:00" <= f"{local:%H:%M}" < "12:30" or "14:00" <= f"{local:%H:%M}" < "18:00"


_COUNT = round((LAST - FIRST) / MINUTE)
OFFICE_MINUTES = [_is_office_minute(FIRST + number * MINUTE) for number in range(_COUNT + 1)]


@dataclass
class Hand:
    """The hand of one clock: `times` are the instants at which each of its minutes was full."""

    metric: SlaMetric
    cycle: int
    earliest: datetime
    origin: datetime | None = None
    stopped_at: datetime | None = None
    is_cancelled: bool = False
    promise: Target | None = None
    postponed_to: datetime | None = None
    given: int = 0
    counted_when_lost: int | None = None
    broken_at: datetime | None = None
    times: list[datetime] = field(default_factory=list)
    is_provisional: bool = False
    earlier: list[tuple[datetime, bool]] = field(default_factory=list)
    earlier_when_lost: int = 0
    closed: list[tuple[datetime, datetime]] = field(default_factory=list)
    climbed: tuple[tuple[str, datetime], ...] = ()

    @property
    def is_over(self) -> bool:
        return self.stopped_at is not None or self.is_cancelled

    @property
    def is_running(self) -> bool:
        return self.origin is not None and not self.is_over
