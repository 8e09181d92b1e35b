"""The story of a clock in sentences: its promise, how it stands, each segment."""

import pytest

from helpdesk.domain.clock_facts import ClockFact, ClockFactKind
from helpdesk.domain.errors import Locale
from helpdesk.domain.explanation import SegmentKind, explained
from helpdesk.domain.explanation_text import METRICS, SEGMENTS, STATES, clock_story, promise
from helpdesk.domain.ids import CalendarId
from helpdesk.domain.sla import ClockStart, SlaMetric, SlaState, Target, TargetUnit
from tests.factories import OFFICE, TIMELINES, a_policy, a_target, at, fact, only_clock

OPENED, PAUSED = ClockFactKind.OPENED, ClockFactKind.PAUSED
RESOLVED = ClockFactKind.RESOLVED
EIGHT_HOURS = a_policy(a_target(SlaMetric.RESOLUTION, hours=8, starts_on=ClockStart.OPENING))


def told(*facts: ClockFact, until: str, locale: Locale = Locale.FR) -> tuple[str, ...]:
    clock = only_clock(EIGHT_HOURS, *facts)
    timeline = TIMELINES.by_calendar[OFFICE]
    end = at(until)
    segments = explained(clock, opened_at=facts[0].at, at=end, timelines=TIMELINES)
    reading = clock.reading(end, timeline)
    return clock_story(clock, reading, segments, locale=locale, zone="Europe/Paris")


def test_a_running_clock_tells_what_is_left_and_when_it_is_due() -> None:
    assert told(fact("07-06 12:00", OPENED), until="07-06 14:30") == (
        "Résolution (moins de 8 h ouvrées): en cours, 1 h comptées, reste 7 h, "
        "échéance 2026-07-07 12:30:00",
        "  2026-07-06 12:00:00 → 2026-07-06 12:30:00  compté +30 min = 30 min",
        "  2026-07-06 12:30:00 → 2026-07-06 14:00:00  hors horaires",
        "  2026-07-06 14:00:00 → 2026-07-06 14:30:00  compté +30 min = 1 h",
    )


def test_a_paused_clock_tells_no_deadline_but_the_reason() -> None:
    headline, *lines = told(
        fact("07-06 09:00", OPENED),
        fact("07-06 10:00", PAUSED),
        until="07-06 11:00",
        locale=Locale.EN,
    )

    assert headline == ("Resolution (under 8 h of business time): paused, 1 h counted, 7 h left")
    assert lines[-1].startswith("  2026-07-06 10:00:00 → 2026-07-06 11:00:00  paused")


def test_a_broken_promise_tells_since_when() -> None:
    headline = told(fact("07-06 09:00", OPENED), until="07-08 09:00", locale=Locale.EN)[0]

    assert headline == (
        "Resolution (under 8 h of business time): breached, 15 h counted, 0 s left, "
        "due 2026-07-07 09:30:00, broken since 2026-07-07 09:30:00"
    )


def test_a_kept_promise_tells_nothing_left() -> None:
    headline = told(
        fact("07-06 09:00", OPENED), fact("07-06 10:00", RESOLVED), until="07-08 09:00"
    )[0]

    assert headline.startswith("Résolution (moins de 8 h ouvrées): tenu, 1 h comptées, échéance")


@pytest.mark.parametrize("locale", Locale)
@pytest.mark.parametrize("unit", TargetUnit)
@pytest.mark.parametrize("is_strict", [True, False])
def test_every_promise_can_be_said(locale: Locale, unit: TargetUnit, *, is_strict: bool) -> None:
    target = Target(
        SlaMetric.RESOLUTION,
        5,
        unit,
        CalendarId("office"),
        is_strict=is_strict,
        starts_on=ClockStart.OPENING,
    )

    assert "5" in promise(target, locale=locale)


@pytest.mark.parametrize("locale", Locale)
def test_every_word_is_said_in_both_languages(locale: Locale) -> None:
    assert set(METRICS[locale]) == set(SlaMetric)
    assert set(STATES[locale]) == set(SlaState)
    assert set(SEGMENTS[locale]) == set(SegmentKind)
