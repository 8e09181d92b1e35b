"""Broken promises, and what follows from each: money, an escalation, a mention, a new date."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import takewhile

from helpdesk.domain.compensation import CreditKey, CreditKind
from helpdesk.domain.compensation_evidence import ResolutionEvidence, UptimeEvidence
from helpdesk.domain.compensation_rate import Overrun
from helpdesk.domain.compliance import FieldChange, value_at
from helpdesk.domain.exclusion import Exclusion, is_compensable
from helpdesk.domain.ids import ContractId
from helpdesk.domain.month import Month
from helpdesk.domain.postponement import PromiseOutcome, promise_outcome
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import (
    SlaClock,
    SlaMetric,
    Stretch,
    StretchKind,
    Timelines,
    allowance_seconds,
)
from helpdesk.domain.ticket import Ticket, TicketEvent, TicketStatus

_VOID = frozenset({TicketStatus.MERGED, TicketStatus.SPAM, TicketStatus.CANCELLED})
UPTIME_SUBJECT = "sites"
"""What breaks the availability of a month: the sites of the contract, taken together."""


class Promise(StrEnum):
    """The rows of the guide's table of promises (002 §4.3)."""

    UPTIME = "UPTIME"
    P0_RESPONSE = "P0_RESPONSE"
    P0_RESOLUTION = "P0_RESOLUTION"
    P1_RESPONSE = "P1_RESPONSE"
    P2_P3_DELIVERY = "P2_P3_DELIVERY"


class ConsequenceKind(StrEnum):
    """What follows from a broken promise; a promise outside the table is recorded (R-SLA 5)."""

    CREDIT = "CREDIT"
    ESCALATION = "ESCALATION"
    REPORT_MENTION = "REPORT_MENTION"
    POSTPONEMENT = "POSTPONEMENT"
    RECORD = "RECORD"


CONSEQUENCES: Mapping[Promise, ConsequenceKind] = {
    Promise.UPTIME: ConsequenceKind.CREDIT,
    Promise.P0_RESPONSE: ConsequenceKind.ESCALATION,
    Promise.P0_RESOLUTION: ConsequenceKind.CREDIT,
    Promise.P1_RESPONSE: ConsequenceKind.REPORT_MENTION,
    Promise.P2_P3_DELIVERY: ConsequenceKind.POSTPONEMENT,
}
"""What the guide's table says of each promise: the table is the rule (REQ-D01 to D05)."""

PROMISES: Mapping[tuple[SlaMetric, Priority], Promise] = {
    (SlaMetric.FIRST_RESPONSE, Priority.P0): Promise.P0_RESPONSE,
    (SlaMetric.RESOLUTION, Priority.P0): Promise.P0_RESOLUTION,
    (SlaMetric.FIRST_RESPONSE, Priority.P1): Promise.P1_RESPONSE,
    (SlaMetric.DELIVERY, Priority.P2): Promise.P2_P3_DELIVERY,
    (SlaMetric.DELIVERY, Priority.P3): Promise.P2_P3_DELIVERY,
}
"""Which row of the guide's table a clock is about, by the priority under which it broke."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A promise about a ticket that was broken at `at` (UTC), under the priority of that instant.

    `ended_at` is when what was promised happened at last, or when the promise ended because the
    priority changed; None while it is still owed. `overrun` is what was counted up to then, up to
    now while it is owed. `outcome` is how it reads in a report.
    """

    ticket: Ticket
    clock: SlaClock
    calendar_version: int | None
    priority: Priority
    at: datetime
    ended_at: datetime | None
    overrun: Overrun
    outcome: PromiseOutcome
    exclusion: Exclusion | None = None

    @property
    def is_compensable(self) -> bool:
        """Whether it earns compensation: an excluded one does not and stays visible (R-SLA 6)."""
        return is_compensable(self.exclusion)

    @property
    def promise(self) -> Promise | None:
        """Which row of the guide's table it broke; None for a promise beside the table."""
        return PROMISES.get((self.clock.metric, self.priority))


@dataclass(frozen=True, slots=True)
class UptimeBreach:
    """A month in which less was available than promised."""

    evidence: UptimeEvidence

    @property
    def at(self) -> datetime:
        """When it was certain: at the end of the month."""
        return self.evidence.month_ended_at

    @property
    def promise(self) -> Promise:
        """The row of the guide's table."""
        return Promise.UPTIME

    @property
    def is_compensable(self) -> bool:
        """Always: what is excluded is no part of the contractual figure."""
        return True


AnyBreach = Breach | UptimeBreach


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows from one breach; `is_owed` until it is done, as far as the breach shows that.

    A credit is owed for what is compensable, a mention always, a postponement until there is a new
    date that holds; an escalation and a record are done by the time one reads this.
    """

    breach: AnyBreach
    promise: Promise | None
    kind: ConsequenceKind
    is_owed: bool


def consequences_of(breaches: Iterable[AnyBreach]) -> tuple[Consequence, ...]:
    """Return what follows from each breach, in the order in which they happened (R-SLA 5).

    The report of a month takes its breaches; the register of the client shows all of them.
    """
    return tuple(_consequence(one) for one in sorted(breaches, key=lambda one: one.at))


def _consequence(breach: AnyBreach) -> Consequence:
    promise = breach.promise
    kind = ConsequenceKind.RECORD if promise is None else CONSEQUENCES[promise]
    return Consequence(breach, promise, kind, _is_owed(breach, kind))


def _is_owed(breach: AnyBreach, kind: ConsequenceKind) -> bool:
    if kind is ConsequenceKind.CREDIT:
        return breach.is_compensable
    if kind is ConsequenceKind.POSTPONEMENT and isinstance(breach, Breach):
        return breach.ended_at is None and breach.outcome is PromiseOutcome.BREACHED
    return kind is ConsequenceKind.REPORT_MENTION


@dataclass(frozen=True, slots=True)
class TicketStory:
    """A ticket as its breaches are read: its facts, the exclusion that stands, its calendars."""

    ticket: Ticket
    history: Sequence[TicketEvent]
    exclusion: Exclusion | None
    timelines: Timelines


def breach_of(
    story: TicketStory, clock: SlaClock, calendar_version: int | None, *, at: datetime
) -> Breach | None:
    """Return the breach that a clock shows at `at`; None without one.

    A merged, spam or cancelled ticket was promised nothing (R-SLA 1).
    """
    broken_at = clock.breached_at
    if broken_at is None or broken_at > at or story.ticket.status in _VOID:
        return None
    changes = [
        FieldChange(event.at, event.before) for event in story.history if "priority" in event.before
    ]
    priority = value_at("priority", story.ticket.priority, changes, broken_at)
    overrun, ended_at = _overrun(clock, broken_at, story.timelines, at=at)
    return Breach(
        ticket=story.ticket,
        clock=clock,
        calendar_version=calendar_version,
        priority=Priority(priority or story.ticket.priority),
        at=broken_at,
        ended_at=ended_at,
        overrun=overrun,
        outcome=promise_outcome(clock, at=at),
        exclusion=story.exclusion,
    )


def _overrun(
    clock: SlaClock, broken_at: datetime, timelines: Timelines, *, at: datetime
) -> tuple[Overrun, datetime | None]:
    """Return what was counted under the promise that was broken, and when it ended.

    A priority that changed after the breach closes the promise as it stood (R-SLA 4): what was
    counted later belongs to another one.
    """
    first = max(
        (index for index, one in enumerate(clock.stretches) if one.start <= broken_at), default=0
    )
    target = clock.stretches[first].target or clock.target
    if target == clock.target:
        counted = clock.elapsed_seconds(at, timelines.of(target))
        return Overrun(clock.allowance_seconds or 0, counted), clock.stopped_at
    under_it = takewhile(lambda one: one.target == target, clock.stretches[first:])
    held = [*clock.stretches[:first], *under_it]
    assert clock.started_at is not None  # noqa: S101 - a clock that broke had started
    allowance = allowance_seconds(target, clock.started_at, timelines.of(target))
    counted = sum(_counted(stretch, timelines, until=at) for stretch in held)
    return Overrun(allowance, counted), held[-1].end


def _counted(stretch: Stretch, timelines: Timelines, *, until: datetime) -> int:
    if stretch.kind is not StretchKind.COUNTED or stretch.target is None:
        return 0
    end = until if stretch.end is None else stretch.end
    return timelines.of(stretch.target).elapsed_or_zero(stretch.start, end)


def credit_subject(breach: Breach) -> str:
    """Return the subject of a credit: the ticket, with the number of a later cycle of its clock."""
    cycle = breach.clock.cycle
    return f"ticket:{breach.ticket.id}" if cycle == 1 else f"ticket:{breach.ticket.id}/{cycle}"


def resolution_claim(
    breach: Breach, contract_id: ContractId, month: Month
) -> tuple[CreditKey, ResolutionEvidence] | None:
    """Return what proves that a breach earns money; None when it does not, or not yet.

    A late resolution is measured when it ended: until then nobody knows how late it is.
    """
    clock, ended_at = breach.clock, breach.ended_at
    if breach.promise is not Promise.P0_RESOLUTION or not breach.is_compensable:
        return None
    if ended_at is None or clock.started_at is None:
        return None
    evidence = ResolutionEvidence(
        ticket_id=breach.ticket.id,
        ticket_number=breach.ticket.number,
        metric=clock.metric,
        cycle=clock.cycle,
        terms_version=clock.terms_version,
        calendar_id=clock.target.calendar_id,
        calendar_version=breach.calendar_version,
        started_at=clock.started_at,
        deadline_at=clock.deadline_at,
        breached_at=breach.at,
        stopped_at=ended_at,
        overrun=breach.overrun,
        agent_id=breach.ticket.assignee_id,
    )
    subject = credit_subject(breach)
    return CreditKey(contract_id, CreditKind.P0_RESOLUTION, subject, month), evidence


def uptime_key(contract_id: ContractId, month: Month) -> CreditKey:
    """Return what the availability of a month is credited for: the sites, taken together."""
    return CreditKey(contract_id, CreditKind.UPTIME, UPTIME_SUBJECT, month)
