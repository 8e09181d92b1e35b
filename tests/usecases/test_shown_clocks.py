"""Clocks and promises as the doors show them."""

from dataclasses import replace
from datetime import datetime

import pytest

from helpdesk.domain.clock_tape import ClockFactKind
from helpdesk.domain.explanation import ClockSegment, SegmentKind
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import ClockStart, SlaMetric, SlaState, TargetUnit
from helpdesk.usecases.clock_views import ClockView, clock_views
from helpdesk.usecases.ports import DerivedClock
from helpdesk.usecases.read_models import Noun, Thing
from helpdesk.usecases.shown_clocks import clock_thing, target_thing
from tests.factories import TIMELINES, a_policy, a_target, at, fact, only_clock

CLOCK = only_clock(a_policy(a_target(hours=2)), fact("07-06 09:00", ClockFactKind.OPENED))


def _view(instant: datetime) -> ClockView:
    """Return the view of a first response within two hours, open since nine on Monday."""
    (view,) = clock_views(
        [DerivedClock(CLOCK, 3, 5)], TIMELINES, opened_at=at("07-06 09:00"), at=instant
    )
    return view


def test_a_clock_is_shown_with_its_reading_and_its_story() -> None:
    instant = at("07-06 10:00")
    calendar = Thing(name="Office hours")

    shown = clock_thing(_view(instant), at=instant, calendar=calendar)

    assert shown.noun is Noun.SLA_CLOCK
    target = shown.__dict__.pop("target")
    assert shown.__dict__ == {
        "metric": SlaMetric.FIRST_RESPONSE,
        "cycle": 1,
        "state": SlaState.RUNNING,
        "started_at": at("07-06 09:00"),
        "stopped_at": None,
        "cancelled_at": None,
        "paused_since": None,
        "deadline_at": at("07-06 11:00"),
        "at_risk_at": at("07-06 10:36"),
        "breached_at": None,
        "allowance_seconds": 7200,
        "elapsed_seconds": 3600,
        "remaining_seconds": 3600,
        "overdue_seconds": 0,
        "terms_version": 3,
        "calendar_version": 5,
        "explanation": [
            ClockSegment(
                at("07-06 09:00"), at("07-06 10:00"), SegmentKind.COUNTED, None, 3600, 3600
            )
        ],
    }
    assert target.calendar is calendar


@pytest.mark.parametrize(
    ("time", "breached_at"), [("10:59", None), ("11:00", "07-06 11:00"), ("17:00", "07-06 11:00")]
)
def test_a_breach_that_is_yet_to_come_is_not_shown(time: str, breached_at: str | None) -> None:
    instant = at(f"07-06 {time}")

    shown = clock_thing(_view(instant), at=instant)

    assert shown.breached_at == (at(breached_at) if breached_at else None)


def test_a_clock_that_never_breaks_shows_no_breach() -> None:
    kept = replace(_view(at("07-06 17:00")), clock=replace(CLOCK, breached_at=None))

    assert clock_thing(kept, at=at("07-06 17:00")).breached_at is None


def test_a_promise_is_shown_in_its_own_unit() -> None:
    shown = target_thing(a_target(hours=2), priority=Priority.P1)

    assert shown.__dict__ == {
        "priority": Priority.P1,
        "metric": SlaMetric.FIRST_RESPONSE,
        "amount": 120,
        "unit": TargetUnit.BUSINESS_MINUTES,
        "is_strict": True,
        "starts_on": ClockStart.OPENING,
        "calendar": None,
    }
