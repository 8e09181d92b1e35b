"""Months of a place: how they are written, and when they begin."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.errors import ErrorCode, Locale
from helpdesk.domain.month import Month, MonthInvalid, Months, MonthsReversed
from tests.factories import at

PARIS = ZoneInfo("Europe/Paris")
ZONES = ("Europe/Paris", "America/Sao_Paulo", "Asia/Beirut", "Pacific/Apia", "UTC")


def test_a_month_is_written_as_it_is_read() -> None:
    assert str(Month.parsed("2026-07")) == "2026-07"
    assert Month.parsed("2026-07") == Month(2026, 7)


@pytest.mark.parametrize(
    "given", ["", "2026-13", "2026-00", "2026-7", "07-2026", "2026-07-01", "1999-12", "2026-0٣"]
)
def test_what_is_no_month_is_refused_in_both_languages(given: str) -> None:
    with pytest.raises(MonthInvalid) as refusal:
        Month.parsed(given, path=("from",))

    assert refusal.value.code is ErrorCode.BAD_INPUT
    assert refusal.value.path == ("from",)
    assert f"“{given}” is not a month" in refusal.value.message(Locale.EN)
    assert f"« {given} » n'est pas un mois" in refusal.value.message(Locale.FR)


def test_a_long_text_is_not_given_back_in_full() -> None:
    with pytest.raises(MonthInvalid) as refusal:
        Month.parsed("9" * 10_000)

    assert len(refusal.value.message(Locale.FR)) < 200


def test_a_month_begins_at_midnight_in_its_zone() -> None:
    assert Month(2026, 1).starts_at(PARIS) == at("01-01 00:00")
    assert Month(2026, 7).starts_at(PARIS) == datetime(2026, 6, 30, 22, tzinfo=UTC)


def test_a_month_with_a_clock_change_is_an_hour_shorter_or_longer() -> None:
    def hours(month: Month) -> float:
        length = month.following.starts_at(PARIS) - month.starts_at(PARIS)
        return length.total_seconds() / 3600

    assert hours(Month(2026, 3)) == 31 * 24 - 1
    assert hours(Month(2026, 10)) == 31 * 24 + 1
    assert hours(Month(2026, 5)) == 31 * 24


def test_the_last_month_of_a_year_is_followed_by_the_first_of_the_next() -> None:
    assert Month(2026, 12).following == Month(2027, 1)
    assert Month(2026, 11).following == Month(2026, 12)


@given(
    year=st.integers(2000, 2098),
    number=st.integers(1, 12),
    zone=st.sampled_from([ZoneInfo(name) for name in ZONES]),
)
def test_a_month_holds_its_first_instant_and_not_that_of_the_next(
    year: int, number: int, zone: ZoneInfo
) -> None:
    month = Month(year, number)

    assert Month.of(month.starts_at(zone), zone) == month
    assert Month.of(month.following.starts_at(zone), zone) == month.following


def test_months_are_counted_and_given_in_order() -> None:
    months = Months(Month(2025, 11), Month(2026, 2))

    assert [str(month) for month in months] == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert len(months) == 4
    assert Month(2025, 12) in months
    assert Month(2026, 3) not in months
    assert len(Months(Month(2026, 2), Month(2026, 2))) == 1


def test_months_that_end_before_they_begin_are_refused() -> None:
    with pytest.raises(MonthsReversed) as refusal:
        Months(Month(2026, 2), Month(2026, 1))

    assert refusal.value.path == ("to",)
    assert "2026-01" in refusal.value.message(Locale.FR)
