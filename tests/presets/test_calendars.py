"""The calendars of the presets: their days, their hours, their holidays."""

from datetime import UTC, date, datetime

import pytest

from helpdesk.domain.business_time import compile_timeline
from helpdesk.domain.errors import Locale
from helpdesk.presets.catalogue import (
    PresetUnknown,
    calendar_codes,
    calendar_hours,
    calendar_preset,
    holiday_preset,
    holiday_years,
)
from helpdesk.public_holidays import public_holidays

PARIS = "Europe/Paris"
MONDAY, SATURDAY, SUNDAY = date(2026, 3, 2), date(2026, 3, 7), date(2026, 3, 8)
LABOUR_DAY = date(2026, 5, 1)

HOURS_A_DAY = {
    "ouvre5": (8, 0, 0, 0),
    "ouvrable6": (8, 8, 0, 0),
    "ouvre24h": (24, 0, 0, 0),
    "continuous": (24, 24, 24, 24),
}


@pytest.mark.parametrize("code", HOURS_A_DAY)
def test_a_calendar_counts_its_hours_on_its_days(code: str) -> None:
    hours = calendar_hours(code, PARIS, [LABOUR_DAY])

    counted = [
        sum(span.end_minute - span.start_minute for span in hours.spans_on(day)) / 60
        for day in (MONDAY, SATURDAY, SUNDAY, LABOUR_DAY)
    ]

    assert tuple(counted) == HOURS_A_DAY[code]


def test_every_calendar_is_tried_here() -> None:
    assert set(calendar_codes()) == set(HOURS_A_DAY)


def test_the_lunch_break_of_the_agency_is_not_counted() -> None:
    hours = calendar_hours("ouvre5", PARIS, [])

    assert [str(span) for span in hours.spans_on(MONDAY)] == ["09:00-13:00", "14:00-18:00"]


@pytest.mark.parametrize("code", calendar_codes())
def test_a_calendar_says_its_days_in_both_languages_with_its_source(code: str) -> None:
    preset = calendar_preset(code)

    assert preset.source
    for locale in Locale:
        assert preset.label[locale]
        assert preset.definition[locale]


def test_twenty_four_working_hours_from_friday_afternoon_end_on_monday() -> None:
    hours = calendar_hours("ouvre24h", PARIS, [])
    timeline = compile_timeline(hours, date(2026, 1, 1), date(2026, 12, 31))

    due = timeline.after(datetime(2026, 7, 17, 14, 0, tzinfo=UTC), 24 * 3600)

    assert due == datetime(2026, 7, 20, 14, 0, tzinfo=UTC)


def test_a_calendar_keeps_the_holidays_it_was_given_and_the_continuous_one_none() -> None:
    holidays = public_holidays("FR", "6AE", [2026])

    assert calendar_hours("ouvre5", PARIS, holidays).holidays == frozenset(holidays)
    assert calendar_hours("continuous", PARIS, holidays).holidays == frozenset()


def test_the_holidays_of_a_calendar_reach_two_years_back_and_ten_ahead() -> None:
    years = holiday_years(datetime(2026, 3, 2, tzinfo=UTC), PARIS)

    assert (years[0], years[-1]) == (2024, 2036)


@pytest.mark.parametrize("subdivision", holiday_preset().subdivisions)
def test_a_subdivision_of_the_presets_has_good_friday_off(subdivision: str) -> None:
    good_friday = date(2026, 4, 3)

    assert good_friday in public_holidays(holiday_preset().country, subdivision, [2026])
    assert good_friday not in public_holidays(holiday_preset().country, None, [2026])


def test_an_unknown_calendar_is_refused_with_the_known_ones() -> None:
    with pytest.raises(PresetUnknown) as refusal:
        calendar_hours("ouvré5", PARIS, [])

    assert refusal.value.message(Locale.FR) == (
        "Aucun modèle de type calendar ne s'appelle « ouvré5 ». "
        "Modèles connus : ouvre5, ouvrable6, ouvre24h, continuous."
    )
