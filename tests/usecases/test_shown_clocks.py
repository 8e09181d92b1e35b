"""Clocks and promises as the doors show them."""

from dataclasses import replace
from datetime import datetime

import pytest

from helpdesk.domain.clock_facts import ClockFactKind
from helpdesk.domain.errors import Locale
from helpdesk.domain.explanation import ClockSegment, SegmentKind
from helpdesk.domain.postponement import PromiseOutcome
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import ClockStart, SlaMetric, SlaState, TargetUnit
from helpdesk.usecases.clock_views import ClockView, clock_views
from helpdesk.usecases.read_models import Branch, Noun, Thing
from helpdesk.usecases.shown_clocks import clock_thing, target_thing, tell
from helpdesk.usecases.ticket_ports import DerivedClock
from tests.factories import TIMELINES, a_policy, a_target, at, fact, only_clock

CLOCK = only_clock(a_policy(a_target(hours=2)), fact("07-06 09:00", ClockFactKind.OPENED))


def _view(instant: datetime) -> ClockView:
    """Return the view of a first response within two hours, open since nine on Monday."""
    (view,) = clock_views(
        [DerivedClock(CLOCK, 3, 5)],
        TIMELINES,
        opened_at=at("07-06 09:00"),
        at=instant,
        zone="Europe/Paris",
    )
    return view


def test_a_clock_is_shown_with_its_reading() -> None:
    calendar = Thing(name="Office hours")

    shown = clock_thing(_view(at("07-06 10:00")), calendar=calendar)

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
        "postponed_to": None,
        "is_breach_documented": False,
        "outcome": PromiseOutcome.RUNNING,
        "at_risk_at": at("07-06 10:36"),
        "breached_at": None,
        "compensable": None,
        "excluded_by": None,
        "allowance_seconds": 7200,
        "elapsed_seconds": 3600,
        "remaining_seconds": 3600,
        "overdue_seconds": 0,
        "terms_version": 3,
        "calendar_version": 5,
    }
    assert target.calendar is calendar


@pytest.mark.parametrize(
    ("time", "breached_at"), [("10:59", None), ("11:00", "07-06 11:00"), ("17:00", "07-06 11:00")]
)
def test_a_breach_that_is_yet_to_come_is_not_shown(time: str, breached_at: str | None) -> None:
    shown = clock_thing(_view(at(f"07-06 {time}")))

    assert shown.breached_at == (at(breached_at) if breached_at else None)


def test_a_clock_that_never_breaks_shows_no_breach() -> None:
    kept = replace(_view(at("07-06 17:00")), clock=replace(CLOCK, breached_at=None))

    assert clock_thing(kept).breached_at is None


def test_a_story_is_told_as_parts_and_as_sentences_of_the_language_asked_for() -> None:
    clock, view = Thing(), _view(at("07-06 10:00"))
    asked = {language: Branch("sentences", (("locale", language),)) for language in ("fr", "en")}

    tell(
        clock,
        view,
        [Branch("target"), Branch("explanation"), Branch("sentences"), *asked.values()],
        locale=Locale.EN,
    )

    assert clock.explanation == [
        ClockSegment(
            start=at("07-06 09:00"),
            end=at("07-06 10:00"),
            kind=SegmentKind.COUNTED,
            reason=None,
            seconds=3600,
            running_total=3600,
            terms_version=1,
        )
    ]
    assert clock.sentences == clock.along(asked["en"]) == list(view.sentences(Locale.EN))
    assert clock.along(asked["fr"]) == list(view.sentences(Locale.FR))
    assert clock.sentences[0] == "The request was opened on Monday 6\u00a0July at\u00a009:00."
    with pytest.raises(AttributeError):
        _ = clock.target


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
