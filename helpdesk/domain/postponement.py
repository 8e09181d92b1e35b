"""A delivery put off to a new date: what may be put off, to when, and how it reads in a report."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from helpdesk.domain.business_time import BeyondHorizon, Timeline
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.sla import SlaClock, SlaState
from helpdesk.domain.ticket import (
    Ticket,
    TicketChange,
    TicketEventKind,
    TicketStep,
    changed,
)
from helpdesk.domain.ticket_life import Occasion

_SECOND = timedelta(seconds=1)
_POSTPONABLE = frozenset({SlaState.RUNNING, SlaState.AT_RISK, SlaState.PAUSED, SlaState.BREACHED})


class NothingToPostpone(HelpdeskError):
    """Only a delivery that is owed can be put off."""

    code: ClassVar[ErrorCode] = ErrorCode.NOT_POSTPONABLE
    english: ClassVar[str] = (
        "Ticket {number} has no delivery to put off: its delivery clock is {state}."
    )
    french: ClassVar[str] = (
        "Le ticket {number} n'a pas de livraison à reporter : son chronomètre de livraison est"
        " {state}."
    )


class PostponedIntoThePast(HelpdeskError):
    """A postponement is a promise, so it is about what is to come."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{new_due} is over: give an instant to come."
    french: ClassVar[str] = "Le {new_due} est passé : donnez un instant à venir."


class PostponedToEarlier(HelpdeskError):
    """What is due sooner is not put off."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{new_due} is not later than what is promised: {deadline}."
    french: ClassVar[str] = "Le {new_due} n'est pas plus tard que ce qui est promis : {deadline}."


class ClientNotTold(HelpdeskError):
    """A postponement that nobody told the client is none (rules R-SLA 5)."""

    code: ClassVar[ErrorCode] = ErrorCode.REQUIRED
    english: ClassVar[str] = (
        "Ticket {number} has no requester to write to: say in `toldBy` how the client was told."
    )
    french: ClassVar[str] = (
        "Le ticket {number} n'a pas de demandeur à qui écrire : dites dans `toldBy` comment le"
        " client a été prévenu."
    )


@dataclass(frozen=True, slots=True)
class Postponement:
    """The new date of a delivery and the one before (None during a wait), why, how he was told."""

    old_due: datetime | None
    new_due: datetime
    reason: str
    told_by: str


def postponed(ticket: Ticket, postponement: Postponement, *, on: Occasion) -> TicketChange:
    """Return the ticket whose delivery is due on a new date, with who said so, why, and to whom."""
    change = changed(
        ticket,
        TicketEventKind.POSTPONED,
        at=on.at,
        actor=on.actor,
        reason=postponement.reason,
        postponed_to=postponement.new_due,
    )
    was_due = postponement.old_due
    return change.with_details(
        before={"delivery_due": None if was_due is None else was_due.isoformat()},
        after={
            "delivery_due": postponement.new_due.isoformat(),
            "client_notified_at": on.at.isoformat(),
            "client_told_by": postponement.told_by,
        },
    )


def postponable(ticket: Ticket, delivery: SlaClock | None, *, at: datetime) -> SlaClock:
    """Return the delivery clock if it is owed; NothingToPostpone says what it is otherwise.

    Raises TransitionRefused in a status in which nothing is delivered any more.
    """
    ticket.require(TicketStep.POSTPONE)
    state = None if delivery is None else delivery.state(at)
    if delivery is None or state not in _POSTPONABLE:
        raise NothingToPostpone(number=ticket.number, state=state or "—")
    return delivery


def new_due(wanted: datetime, delivery: SlaClock, timeline: Timeline, *, at: datetime) -> datetime:
    """Return the new date of a delivery in whole seconds: `wanted`, or the next opening after it.

    A closing time is kept: what is due then is due at the end of that day's work. Raises
    PostponedIntoThePast, PostponedToEarlier, BeyondHorizon.
    """
    if wanted <= at:
        raise PostponedIntoThePast(path=("newDue",), new_due=wanted.isoformat())
    try:
        due = _in_opening_hours(wanted.replace(microsecond=0), timeline)
    except BeyondHorizon as error:
        raise error.below("newDue") from None
    promised = _promised(delivery, timeline, at=at)
    if due <= promised:
        raise PostponedToEarlier(
            path=("newDue",), new_due=due.isoformat(), deadline=promised.isoformat()
        )
    return due


def _in_opening_hours(wanted: datetime, timeline: Timeline) -> datetime:
    is_closing = not timeline.is_open(wanted) and timeline.is_open(wanted - _SECOND)
    return wanted if is_closing else timeline.next_open(wanted)


def _promised(delivery: SlaClock, timeline: Timeline, *, at: datetime) -> datetime:
    """Return when a delivery is due; during a wait, when it would be if the wait ended now."""
    if delivery.deadline_at is not None:
        return delivery.deadline_at
    assert delivery.allowance_seconds is not None  # noqa: S101 - a clock that started is given some
    left = delivery.allowance_seconds - delivery.elapsed_seconds(at, timeline)
    return timeline.after(at, max(0, left))


class PromiseOutcome(StrEnum):
    """How a promise reads in a report."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    MET = "MET"
    POSTPONED = "POSTPONED"
    BREACHED_DOCUMENTED = "BREACHED_DOCUMENTED"
    BREACHED = "BREACHED"
    CANCELLED = "CANCELLED"


_UNPOSTPONED = {
    SlaState.CANCELLED: PromiseOutcome.CANCELLED,
    SlaState.PENDING: PromiseOutcome.PENDING,
    SlaState.MET: PromiseOutcome.MET,
}


def promise_outcome(clock: SlaClock, *, at: datetime) -> PromiseOutcome:
    """Return how a promise reads in a report at `at` (rules R-SLA 5).

    Put off in time it is POSTPONED for as long as the new date holds. Put off once it was broken it
    is BREACHED_DOCUMENTED for as long. A broken promise that nobody put off, and one whose new date
    was missed too, is BREACHED.
    """
    state = clock.state(at)
    if state in {SlaState.BREACHED, SlaState.MISSED}:
        return _broken(clock, at=at)
    if clock.postponed_to is not None and state is not SlaState.CANCELLED:
        return PromiseOutcome.POSTPONED
    return _UNPOSTPONED.get(state, PromiseOutcome.RUNNING)


def _broken(clock: SlaClock, *, at: datetime) -> PromiseOutcome:
    end, due = clock.stopped_at or at, clock.deadline_at
    if clock.is_breach_documented and (due is None or end <= due):
        return PromiseOutcome.BREACHED_DOCUMENTED
    return PromiseOutcome.BREACHED
