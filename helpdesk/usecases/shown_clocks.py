"""Clocks and promises as the doors show them."""

from collections.abc import Iterable

from helpdesk.domain.errors import Locale
from helpdesk.domain.postponement import promise_outcome
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import Target
from helpdesk.usecases.clock_views import ClockView
from helpdesk.usecases.read_models import THINGS, Branch, Noun, Thing, thing_of

STORIES = frozenset({"explanation", "sentences"})
"""What is told of a clock, computed from the facts of its ticket."""


def target_thing(
    target: Target, *, calendar: Thing | None = None, priority: Priority | None = None
) -> Thing:
    """Return a promise with the calendar that it is counted on, if that was read."""
    return Thing(
        priority=priority,
        metric=target.metric,
        amount=target.amount,
        unit=target.unit,
        is_strict=target.is_strict,
        starts_on=target.starts_on,
        calendar=calendar,
    )


def clock_thing(view: ClockView, *, calendar: Thing | None = None) -> Thing:
    """Return a clock with its reading."""
    clock, reading = view.clock, view.reading
    is_broken = clock.breached_at is not None and clock.breached_at <= view.at
    return thing_of(
        THINGS[Noun.SLA_CLOCK],
        {
            "metric": clock.metric,
            "cycle": clock.cycle,
            "state": reading.state,
            "target": target_thing(clock.target, calendar=calendar),
            "started_at": clock.started_at,
            "stopped_at": clock.stopped_at,
            "cancelled_at": clock.cancelled_at,
            "paused_since": clock.paused_since,
            "deadline_at": clock.deadline_at,
            "postponed_to": clock.postponed_to,
            "is_breach_documented": clock.is_breach_documented,
            "outcome": promise_outcome(clock, at=view.at),
            # A clock without a ticket is excluded from nothing.
            "compensable": True if is_broken else None,
            "excluded_by": None,
            "at_risk_at": clock.at_risk_at,
            "breached_at": clock.breached_at if is_broken else None,
            "allowance_seconds": clock.allowance_seconds,
            "elapsed_seconds": reading.elapsed_seconds,
            "remaining_seconds": reading.remaining_seconds,
            "overdue_seconds": reading.overdue_seconds,
            "terms_version": view.terms_version,
            "calendar_version": view.calendar_version,
        },
    )


def tell(clock: Thing, view: ClockView, branches: Iterable[Branch], *, locale: Locale) -> None:
    """Give a clock the story that explains it: as parts, as sentences, or as both.

    Sentences are in the language that the branch asks for, otherwise in `locale`.
    """
    for branch in branches:
        if branch.name == "explanation":
            clock.keep(branch, list(view.segments))
        elif branch.name == "sentences":
            asked = dict(branch.ask) if isinstance(branch.ask, tuple) else {}
            clock.keep(branch, list(view.sentences(Locale(str(asked.get("locale", locale))))))
