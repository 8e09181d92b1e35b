"""What stands in the rubrics of a monthly report, line by line: figures and facts, no wording."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from helpdesk.domain.consumption import Consumption
from helpdesk.domain.errors import Locale
from helpdesk.domain.priority import Priority
from helpdesk.domain.retainer_entry import EntryKind
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.domain.sla import SlaMetric, TargetUnit
from helpdesk.domain.ticket import TicketKind, TicketStatus


class SlaVerdict(StrEnum):
    """How a promise stood at the end of the month; the last four are R-SLA 5."""

    RUNNING = "RUNNING"
    KEPT = "KEPT"
    BROKEN = "BROKEN"
    POSTPONED = "POSTPONED"
    BROKEN_DOCUMENTED = "BROKEN_DOCUMENTED"

    @property
    def is_broken(self) -> bool:
        """Whether the promise was broken, documented or not."""
        return self in {SlaVerdict.BROKEN, SlaVerdict.BROKEN_DOCUMENTED}


@dataclass(frozen=True, slots=True)
class SlaLine:
    """A promise on a ticket: what was promised, what the clock showed, and how it stood.

    `counted_seconds` is None while the clock runs. `at` is when it stopped or broke, `count` how
    many clocks of the metric this line stands for. `priority` is the one of the ticket when the
    promise broke.
    """

    metric: SlaMetric
    verdict: SlaVerdict
    amount: int
    unit: TargetUnit
    is_strict: bool
    allowance_seconds: int | None
    counted_seconds: int | None = None
    at: datetime | None = None
    postponed_to: datetime | None = None
    count: int = 1
    priority: Priority | None = None

    @property
    def over_seconds(self) -> int | None:
        """How far over the promise the clock stopped; None where that is not known."""
        if self.counted_seconds is None or self.allowance_seconds is None:
            return None
        return max(0, self.counted_seconds - self.allowance_seconds)


@dataclass(frozen=True, slots=True)
class ExclusionLine:
    """A cause outside maintenance, in the agency's words; `cause` is its code."""

    cause: str
    explanation: str


@dataclass(frozen=True, slots=True)
class TicketLine:
    """A ticket that was handled in the month, as it stood at its end (REQ-J02)."""

    number: int
    title: str
    kind: TicketKind
    priority: Priority
    status: TicketStatus
    site: str | None
    opened_at: datetime
    resolved_at: datetime | None
    minutes: int
    promises: tuple[SlaLine, ...] = ()
    exclusions: tuple[ExclusionLine, ...] = ()


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A movement of a forfait; `corrects` is the closed period it puts right ("Régularisation")."""

    at: datetime
    kind: EntryKind
    quantity: int
    ticket_number: int | None
    subject: str
    corrects: date | None = None


@dataclass(frozen=True, slots=True)
class UnitConsumption:
    """What became of one unit of the forfait in a period: local days, the end exclusive.

    `net_cents` is what the overage comes to where a price was agreed, before VAT.
    """

    unit: RetainerUnit
    starts_on: date
    ends_on: date
    gauge: Consumption
    rollover_out: int = 0
    expired: int = 0
    overage_cents: int | None = None
    currency: str = "EUR"
    entries: tuple[LedgerLine, ...] = ()


@dataclass(frozen=True, slots=True)
class CreditLine:
    """What the client is owed for a broken promise; `number` once an avoir was issued."""

    subject: Mapping[Locale, str]
    net_cents: int
    currency: str
    status: str
    number: str | None = None


@dataclass(frozen=True, slots=True)
class UpdateLine:
    """A component that was updated (REQ-J06); `is_within_72h` is None but for security updates."""

    component: str
    from_version: str
    to_version: str
    done_on: date
    environment: str
    site: str | None = None
    is_security: bool = False
    is_within_72h: bool | None = None


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """An outage: `end` is None while it lasts, `excluded` says why it does not count, if so."""

    start: datetime
    end: datetime | None
    title: str
    source: str = ""
    excluded: str | None = None


@dataclass(frozen=True, slots=True)
class SiteAvailability:
    """How a site was available in the month, in seconds of its real length.

    `down_by_day` is the outage of each day in seconds, None for a day that nobody watched. A month
    that was not watched enough `is_measured` not, and has no figure (R-UPT 4).
    """

    site: str
    total_seconds: int
    down_seconds: int
    counted_seconds: int
    promised_hundredths: int | None
    is_measured: bool
    is_met: bool | None
    allowed_minutes: int | None = None
    down_by_day: tuple[int | None, ...] = ()
    incidents: tuple[IncidentLine, ...] = ()

    @property
    def contractual_hundredths(self) -> int:
        """The share that the contract counts, in hundredths of a percent, cut off (R-UPT 3)."""
        return _hundredths(self.total_seconds - self.counted_seconds, self.total_seconds)

    @property
    def measured_hundredths(self) -> int:
        """The share without any outage, in hundredths of a percent, cut off."""
        return _hundredths(self.total_seconds - self.down_seconds, self.total_seconds)


def _hundredths(part: int, whole: int) -> int:
    return part * 100_00 // whole


class AlertKind(StrEnum):
    """Why something asks for attention (R-REP 6)."""

    P0_ESCALATED = "P0_ESCALATED"
    P0_RESOLUTION = "P0_RESOLUTION"
    P1_MENTION = "P1_MENTION"
    PACK_EXPIRY = "PACK_EXPIRY"
    OPEN_POINT = "OPEN_POINT"
    SIGNAL = "SIGNAL"
    END_OF_LIFE = "END_OF_LIFE"
    CERTIFICATE = "CERTIFICATE"
    SECURITY_WATCH = "SECURITY_WATCH"
    RECOMMENDATION = "RECOMMENDATION"


@dataclass(frozen=True, slots=True)
class AlertLine:
    """A point of attention: `subject` is what it is about, `on` its day, if it has one.

    `quote_number` names the quote that it became (REQ-J17). `words` say the rest where the engine
    has words of its own for it.
    """

    kind: AlertKind
    subject: str
    on: date | None = None
    ticket_number: int | None = None
    quantity: int | None = None
    unit: RetainerUnit | None = None
    quote_number: str | None = None
    promise: SlaLine | None = None
    words: Mapping[Locale, str] = field(default_factory=dict)


class ForecastKind(StrEnum):
    """What is to come (R-REP 7)."""

    POSTPONED_TICKET = "POSTPONED_TICKET"
    BATCH = "BATCH"
    PLANNED_WORK = "PLANNED_WORK"
    NOTICE = "NOTICE"
    RENEWAL = "RENEWAL"
    END = "END"
    MEETING = "MEETING"


@dataclass(frozen=True, slots=True)
class ForecastLine:
    """A day to come, and what it brings; the day is None where none was set."""

    kind: ForecastKind
    subject: str
    on: date | None
    ticket_number: int | None = None


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """A further figure of a site (REQ-J15); `load_time` is in milliseconds."""

    code: str
    value: int
    site: str


@dataclass(frozen=True, slots=True)
class ReportLines:
    """Everything of a month that the report tells; an empty rubric is told too."""

    tickets: tuple[TicketLine, ...] = ()
    consumption: tuple[UnitConsumption, ...] = ()
    credits: tuple[CreditLine, ...] = ()
    updates: tuple[UpdateLine, ...] = ()
    availability: tuple[SiteAvailability, ...] = ()
    alerts: tuple[AlertLine, ...] = ()
    forecast: tuple[ForecastLine, ...] = ()
    indicators: tuple[IndicatorLine, ...] = field(default=())
