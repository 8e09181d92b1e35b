"""Promises and the clocks that run against them."""

from datetime import datetime
from typing import Annotated

import strawberry

from helpdesk.domain.explanation import SegmentKind
from helpdesk.domain.postponement import PromiseOutcome
from helpdesk.domain.sla import ClockStart, SlaMetric, SlaState, TargetUnit
from helpdesk.graphql.calendar import Calendar
from helpdesk.graphql.classification_enums import ExclusionCause
from helpdesk.graphql.fields import asked, attribute, described_enum
from helpdesk.graphql.scalars import LocaleCode
from helpdesk.graphql.ticket_enums import Priority

described_enum(
    SlaMetric,
    "SlaMetric",
    "What is promised; each has a clock of its own.",
    {
        SlaMetric.FIRST_RESPONSE: "From the opening to the first answer of a person of the agency.",
        SlaMetric.NEXT_RESPONSE: "From a message of the client to the answer to it.",
        SlaMetric.RESOLUTION: "To the correction, from the start that the contract names.",
        SlaMetric.DELIVERY: "From the opening, or that of the batch, to the correction on staging.",
        SlaMetric.UPDATE: "From one news about a major incident to the next, until it is over.",
    },
)
described_enum(
    SlaState,
    "SlaState",
    "How a clock stands at the instant of the question.",
    {
        SlaState.PENDING: "It has not started yet.",
        SlaState.RUNNING: "It runs, in time.",
        SlaState.PAUSED: "It is stopped for a reason that the contract accepts.",
        SlaState.AT_RISK: "It runs, and the warning share of the time is used up.",
        SlaState.BREACHED: "The promise is broken and the clock has not stopped.",
        SlaState.MET: "It stopped in time.",
        SlaState.MISSED: "It stopped after the promise was broken.",
        SlaState.CANCELLED: "The promise ended without an outcome.",
    },
)
described_enum(
    PromiseOutcome,
    "PromiseOutcome",
    "How a promise reads in a report.",
    {
        PromiseOutcome.PENDING: "Its clock has not started.",
        PromiseOutcome.RUNNING: "Its clock has not ended, and the promise holds.",
        PromiseOutcome.MET: "It was kept.",
        PromiseOutcome.POSTPONED: "It was put off in time, and the new date holds.",
        PromiseOutcome.BREACHED_DOCUMENTED: "It was put off too late, and the new date holds.",
        PromiseOutcome.BREACHED: "It was broken, and no new date holds.",
        PromiseOutcome.CANCELLED: "It ended without an outcome.",
    },
)
described_enum(
    TargetUnit,
    "TargetUnit",
    "What the amount of a promise counts; days are never turned into hours.",
    {
        TargetUnit.BUSINESS_MINUTES: "Minutes of the calendar's opening hours.",
        TargetUnit.BUSINESS_DAYS_SAME_TIME: "Working days, due at the same time of day.",
        TargetUnit.BUSINESS_DAYS_END_OF_DAY: "Working days, due at the closing of the last one.",
        TargetUnit.CALENDAR_MINUTES: "Minutes, day and night.",
    },
)
described_enum(
    ClockStart,
    "ClockStart",
    "The fact that starts the clock of a promise.",
    {
        ClockStart.OPENING: "The opening of the ticket.",
        ClockStart.FIRST_RESPONSE: "The first answer of a person of the agency.",
        ClockStart.CLIENT_MESSAGE: "A message of the client.",
        ClockStart.BATCH_OPENING: "The opening of the batch that the ticket is in.",
    },
)
described_enum(
    SegmentKind,
    "ClockSegmentKind",
    "Why a part of a clock's life counted, or did not.",
    {
        SegmentKind.BEFORE_START: "The clock had not started.",
        SegmentKind.COUNTED: "The time counted.",
        SegmentKind.CLOSED_HOURS: "The calendar was closed.",
        SegmentKind.HOLIDAY: "The calendar had a holiday.",
        SegmentKind.PAUSED: "The clock was paused; the reason says why.",
        SegmentKind.TICKET_CLOSED: "The ticket was finished, before it was reopened.",
    },
)


@strawberry.type(description="A promise: this within that amount of time.")
class SlaTarget:
    """A promise."""

    priority: Priority | None = attribute(
        "The priority whose tickets have this promise; absent on a clock, where the ticket has it."
    )
    metric: SlaMetric = attribute("What is promised.")
    amount: int = attribute("How many of the unit.")
    unit: TargetUnit = attribute("What the amount counts.")
    is_strict: bool = attribute(
        "Whether reaching the amount breaks the promise (“< 2 h”); if not, only passing it does."
    )
    starts_on: ClockStart = attribute("What starts the clock.")
    calendar: Calendar | None = attribute(
        "The hours in which the time counts; absent when it counts day and night."
    )


@strawberry.type(description="A part of a clock's life: from one instant to another, and why.")
class ClockSegment:
    """A part of a clock's life."""

    start: datetime = attribute("When the part begins.")
    end: datetime = attribute("When the part ends; the next one begins there.")
    kind: SegmentKind = attribute("Why the part counted, or did not.")
    reason: str | None = attribute(
        "What a pause waited for, or `CLOSURE` and `RECURRING_CLOSURE` for days that the calendar "
        "closes; absent when it needs no reason."
    )
    seconds: int = attribute("How many seconds the part added.")
    running_total: int = attribute("How many seconds were counted by the end of the part.")
    calendar_version: int | None = attribute(
        "The version of the calendar that said so; absent where no calendar did."
    )
    terms_version: int | None = attribute(
        "The version of the contract's terms that the part falls under; absent before the start."
    )


@strawberry.type(
    description="A clock that runs against a promise about a ticket, read at the instant asked for."
)
class SlaClock:
    """A clock that runs against a promise about a ticket."""

    metric: SlaMetric = attribute("What the clock measures.")
    cycle: int = attribute("The number of the answer cycle; 1 for what is promised once.")
    state: SlaState = attribute("How the clock stands.")
    target: SlaTarget = attribute("The promise in force.")
    started_at: datetime | None = attribute("When it started; absent while it has not.")
    deadline_at: datetime | None = attribute(
        "When the promise is consumed; absent before the start, during a pause and once cancelled."
    )
    at_risk_at: datetime | None = attribute(
        "When the warning share of the time is used up; absent while it does not run."
    )
    breached_at: datetime | None = attribute("When the promise broke; absent while it holds.")
    postponed_to: datetime | None = attribute(
        "The date to which a delivery was put off; absent while it was not."
    )
    is_breach_documented: bool = attribute(
        "Whether the promise was broken first and put off to a new date afterwards."
    )
    outcome: PromiseOutcome = attribute("How the promise reads in a report.")
    compensable: bool | None = attribute(
        "Whether the breach earns compensation: not while its ticket stands excluded from "
        "maintenance; absent while the promise holds."
    )
    excluded_by: ExclusionCause | None = attribute(
        "The excluded cause for which the breach earns none; absent where it does."
    )
    paused_since: datetime | None = attribute("Since when it is paused; absent while it is not.")
    stopped_at: datetime | None = attribute("When it stopped; absent while it has not.")
    cancelled_at: datetime | None = attribute(
        "When the promise ended without an outcome, if it did."
    )
    allowance_seconds: int | None = attribute(
        "How many counted seconds the promise gives; absent before the start."
    )
    elapsed_seconds: int = attribute("How many seconds were counted.")
    remaining_seconds: int | None = attribute("How many seconds are left; absent once it ended.")
    overdue_seconds: int = attribute("How many counted seconds it is over the promise.")
    terms_version: int = attribute("The version of the contract's terms that it is counted under.")
    calendar_version: int | None = attribute(
        "The version of the calendar; absent when time counts day and night."
    )
    explanation: list[ClockSegment] = attribute(
        "The life of the clock in order, without a gap; what counted adds up to `elapsedSeconds`.",
        points=50,
    )
    sentences: list[str] = asked(
        "The life of the clock in plain sentences for the client, on the agency's wall clock.",
        points=50,
        locale=Annotated[
            LocaleCode | None,
            strawberry.argument(description="The language; the viewer's if left out."),
        ],
    )


__all__ = ["ClockSegment", "ClockStart", "SlaClock", "SlaMetric", "SlaState", "SlaTarget"]
