"""Public holidays: which days they are, what they are called, and how one is switched off."""

from datetime import date

import pytest

from helpdesk.domain.business_time import (
    BusinessHours,
    ClosedReason,
    Span,
    Weekday,
    compile_timeline,
)
from helpdesk.domain.errors import ErrorCode, Locale
from helpdesk.public_holidays import (
    ALSACE,
    MOSELLE,
    CountryUnknown,
    HolidayNotListed,
    SubdivisionUnknown,
    public_holidays,
    solidarity_days,
)


def test_france_has_eleven_public_holidays_in_french() -> None:
    france = public_holidays("FR", None, [2026])

    assert len(france) == 11
    assert france[date(2026, 4, 6)] == "Lundi de Pâques"
    assert list(france) == sorted(france)


@pytest.mark.parametrize("subdivision", [ALSACE, MOSELLE])
def test_alsace_and_moselle_have_two_more(subdivision: str) -> None:
    france = public_holidays("FR", None, [2026], locale=Locale.EN)

    theirs = public_holidays("FR", subdivision, [2026], locale=Locale.EN)

    assert {day: theirs[day] for day in theirs.keys() - france.keys()} == {
        date(2026, 4, 3): "Good Friday",
        date(2026, 12, 26): "Saint Stephen's Day",
    }


def test_several_years_are_listed_together() -> None:
    assert len(public_holidays("FR", None, range(2026, 2029))) == 33


def test_a_language_that_the_package_lacks_gives_way_to_the_country_s_own() -> None:
    germany = public_holidays("DE", None, [2026], locale=Locale.FR)

    assert germany[date(2026, 12, 25)] == "Erster Weihnachtstag"


def test_whit_monday_worked_as_solidarity_day_is_switched_off_by_name() -> None:
    france = public_holidays("FR", None, [2026, 2027], excluded_names={"Lundi de Pentecôte"})

    assert date(2026, 5, 25) not in france
    assert date(2027, 5, 17) not in france
    assert len(france) == 20


def test_one_date_is_switched_off() -> None:
    moselle = public_holidays("FR", MOSELLE, [2026, 2027], excluded_dates={date(2026, 4, 3)})

    assert date(2026, 4, 3) not in moselle
    assert moselle[date(2027, 3, 26)] == "Vendredi saint"


def test_a_date_with_two_holidays_stays_while_one_of_them_is_left() -> None:
    france = public_holidays("FR", None, [2008], excluded_names={"Ascension"})

    assert france[date(2008, 5, 1)] == "Fête du Travail"


@pytest.mark.parametrize(
    ("locale", "good_friday"), [(Locale.FR, "Vendredi saint"), (Locale.EN, "Good Friday")]
)
def test_good_friday_is_worked_in_moselle_where_it_is_switched_off(
    locale: Locale, good_friday: str
) -> None:
    moselle = public_holidays(
        "FR", MOSELLE, [2026, 2027], locale=locale, excluded_names={good_friday}
    )

    assert not moselle.keys() & {date(2026, 4, 3), date(2027, 3, 26)}
    assert date(2026, 12, 26) in moselle
    assert len(moselle) == 24


@pytest.mark.parametrize("subdivision", [None, ALSACE, MOSELLE])
def test_the_solidarity_days_are_whit_mondays_and_may_be_worked(subdivision: str | None) -> None:
    years = range(2026, 2029)
    listed = public_holidays("FR", subdivision, years)

    worked = solidarity_days(years)

    assert worked == {date(2026, 5, 25), date(2027, 5, 17), date(2028, 6, 5)}
    assert {listed[day] for day in worked} == {"Lundi de Pentecôte"}
    assert public_holidays("FR", subdivision, years, excluded_dates=worked) == {
        day: name for day, name in listed.items() if day not in worked
    }


@pytest.mark.parametrize("subdivision", [ALSACE, MOSELLE])
def test_half_days_and_exceptional_openings_win_over_the_holidays(subdivision: str) -> None:
    good_friday, christmas, boxing_day = date(2026, 4, 3), date(2026, 12, 25), date(2026, 12, 26)
    half_day = (Span.between("09:00", "12:00"),)
    hours = BusinessHours(
        "Europe/Paris",
        dict.fromkeys(list(Weekday)[:5], (Span.between("09:00", "17:00"),)),
        holidays=frozenset(public_holidays("FR", subdivision, [2026])),
        overrides={good_friday: half_day, boxing_day: half_day},
    )

    timeline = compile_timeline(hours, date(2026, 1, 1), date(2026, 12, 31))

    assert hours.closed_reason(christmas) is ClosedReason.HOLIDAY
    assert hours.closed_reason(good_friday) is None
    assert timeline.add_days_date(date(2026, 4, 2), 1) == good_friday
    assert timeline.add_days_date(good_friday, 1) == date(2026, 4, 7)
    assert timeline.add_days_date(date(2026, 12, 24), 1) == boxing_day
    assert timeline.add_days_date(date(2026, 12, 24), 2) == date(2026, 12, 28)


@pytest.mark.parametrize("country", ["XX", "", "fr"])
def test_an_unknown_country_is_refused(country: str) -> None:
    with pytest.raises(CountryUnknown) as refusal:
        public_holidays(country, None, [2026])

    assert refusal.value.code is ErrorCode.CALENDAR_INVALID
    assert f"“{country}”" in str(refusal.value)
    assert f"« {country} »" in refusal.value.message(Locale.FR)


@pytest.mark.parametrize("subdivision", ["ZZ", "Alsace-Moselle", ""])
def test_an_unknown_subdivision_is_refused_with_the_known_ones(subdivision: str) -> None:
    with pytest.raises(SubdivisionUnknown) as refusal:
        public_holidays("FR", subdivision, [2026])

    assert refusal.value.code is ErrorCode.CALENDAR_INVALID
    assert "57, 6AE" in str(refusal.value)
    assert "57, 6AE" in refusal.value.message(Locale.FR)


def test_switching_off_a_holiday_that_is_not_listed_is_refused() -> None:
    with pytest.raises(HolidayNotListed) as refusal:
        public_holidays("FR", None, [2026], excluded_names={"Vendredi saint"})

    assert str(refusal.value) == (
        "Vendredi saint is not a public holiday of FR in these years: take it off the list."
    )
    with pytest.raises(HolidayNotListed):
        public_holidays("FR", None, [2026], excluded_dates={date(2026, 4, 3)})
