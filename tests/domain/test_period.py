"""Periods of a contract, and what a part of one is worth."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.errors import ErrorCode, Locale
from helpdesk.domain.money import Money
from helpdesk.domain.month import Month
from helpdesk.domain.period import (
    AnchorDayImpossible,
    Period,
    PeriodReversed,
    PeriodRule,
    days_later,
    expires_after,
    midnight,
    months_later,
)
from helpdesk.domain.proration import (
    ChangeOutsidePeriod,
    PlanChange,
    PlanRights,
    Share,
    ShareImpossible,
    downgraded,
    is_upgrade,
    share_from,
    upgraded,
)
from helpdesk.domain.utc_seconds import NaiveDatetime, utc_instant, utc_second

PARIS = ZoneInfo("Europe/Paris")
ZONES = ("Europe/Paris", "America/Sao_Paulo", "Asia/Beirut", "Pacific/Apia", "UTC")
SEPTEMBER = PeriodRule(PARIS).period(Month(2026, 9))
ESSENTIEL = PlanRights(Money(99_00), run_minutes=0, tickets=2)
BUSINESS = PlanRights(Money(199_00), run_minutes=120, tickets=5)
CRITIQUE = PlanRights(Money(299_00), run_minutes=240, tickets=None)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@given(
    st.integers(utc_second(utc("2005-01-01T00:00Z")), utc_second(utc("2095-01-01T00:00Z"))),
    st.sampled_from(ZONES),
    st.integers(1, 31),
)
def test_every_instant_lies_in_the_period_that_is_its_own(
    second: int, zone: str, anchor_day: int
) -> None:
    instant = utc_instant(second)
    rule = PeriodRule(ZoneInfo(zone), anchor_day)
    period = rule.period_of(instant)

    assert instant in period
    assert rule.period_of(period.start) == period
    assert rule.period_of(period.end) == rule.periods_later(period, 1)
    assert rule.period_of(period.start - timedelta(microseconds=1)).end == period.start
    assert 28 <= period.days(rule.zone) <= 31 or zone == "Pacific/Apia"


def test_an_anchor_that_a_month_lacks_is_clamped_and_kept() -> None:
    rule = PeriodRule(PARIS, anchor_day=31)
    periods = [rule.period(Month(2026, month)) for month in range(1, 6)]

    starts = [period.start.astimezone(PARIS).date().day for period in periods]

    assert starts == [31, 28, 31, 30, 31]
    assert all(one.end == other.start for one, other in pairwise(periods))


def test_a_period_that_crosses_the_year_is_named_by_its_first_month() -> None:
    rule = PeriodRule(PARIS, anchor_day=15)
    period = rule.period_of(utc("2027-01-10T12:00:00+01:00"))

    assert str(rule.month_of(utc("2027-01-10T12:00:00+01:00"))) == "2026-12"
    assert rule.periods_later(period, 14) == rule.period(Month(2028, 2))


def test_a_period_begins_at_midnight_of_its_zone() -> None:
    assert str(PeriodRule(PARIS).month_of(utc("2026-07-31T22:30:00+00:00"))) == "2026-08"
    assert str(PeriodRule(PARIS).month_of(utc("2026-07-31T21:59:59+00:00"))) == "2026-07"


@pytest.mark.parametrize("day", [0, 32])
def test_an_anchor_that_no_month_has_is_refused(day: int) -> None:
    with pytest.raises(AnchorDayImpossible):
        PeriodRule(PARIS, day)


def test_a_period_of_no_time_is_refused() -> None:
    with pytest.raises(PeriodReversed):
        Period(SEPTEMBER.start, SEPTEMBER.start)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(NaiveDatetime):
        PeriodRule(PARIS).period_of(datetime(2026, 7, 1))  # noqa: DTZ001 - that is the point
    with pytest.raises(NaiveDatetime):
        Period(datetime(2026, 7, 1), SEPTEMBER.end)  # noqa: DTZ001 - that is the point


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-01-31", 12, "2027-01-31"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-03-15", -3, "2025-12-15"),
        ("2026-12-31", 2, "2027-02-28"),
    ],
)
def test_months_later_is_the_same_day_or_the_last_one(day: str, months: int, later: str) -> None:
    assert months_later(date.fromisoformat(day), months) == date.fromisoformat(later)


def test_a_pack_of_twelve_months_ends_at_a_local_midnight() -> None:
    ends = expires_after(date(2024, 2, 29), 12, PARIS)

    assert ends == midnight(date(2025, 2, 28), PARIS)


def test_days_later_keeps_the_wall_time_over_a_clock_change() -> None:
    before = datetime(2026, 3, 28, 12, tzinfo=PARIS)

    assert days_later(before, 1, PARIS) == datetime(2026, 3, 29, 12, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("anchor_day", "french", "english"),
    [
        (1, "février 2026", "February 2026"),
        (31, "du 28 février 2026 au 30 mars 2026", "28 February 2026 to 30 March 2026"),
        (2, "du 2 février 2026 au 1er mars 2026", "2 February 2026 to 1 March 2026"),
    ],
)
def test_a_period_is_named_as_people_name_it(anchor_day: int, french: str, english: str) -> None:
    period = PeriodRule(PARIS, anchor_day).period(Month(2026, 2))

    assert period.named(PARIS, Locale.FR) == french
    assert period.named(PARIS, Locale.EN) == english


def test_half_a_month_is_worth_half_rounded_each_in_its_way() -> None:
    half = BUSINESS.prorated(Share(15, 30))

    assert half == PlanRights(Money(99_50), run_minutes=60, tickets=3)
    assert CRITIQUE.prorated(Share(1, 30)).tickets is None


@given(st.integers(0, 31), st.integers(0, 10**7), st.integers(0, 10**5))
def test_two_parts_of_a_period_are_never_worth_less_than_the_whole_in_tickets(
    days: int, cents: int, tickets: int
) -> None:
    part, rest = Share(days, 31), Share(31 - days, 31)

    assert tickets <= part.tickets(tickets) + rest.tickets(tickets) <= tickets + 1
    assert abs(part.fee(Money(cents)).cents + rest.fee(Money(cents)).cents - cents) <= 1


def test_the_days_of_a_clock_change_are_days() -> None:
    march = PeriodRule(PARIS).period(Month(2026, 3))

    assert share_from(date(2026, 3, 17), march, PARIS) == Share(15, 31)


@pytest.mark.parametrize(("days", "period_days"), [(-1, 30), (31, 30), (0, 0)])
def test_what_is_no_part_of_a_period_is_refused(days: int, period_days: int) -> None:
    with pytest.raises(ShareImpossible):
        Share(days, period_days)


@pytest.mark.parametrize("day", [date(2026, 8, 31), date(2026, 10, 1)])
def test_a_change_outside_its_period_is_refused(day: date) -> None:
    with pytest.raises(ChangeOutsidePeriod) as refusal:
        share_from(day, SEPTEMBER, PARIS)

    assert refusal.value.code is ErrorCode.BAD_INPUT


def test_an_upgrade_takes_effect_at_once_for_what_is_left_of_the_period() -> None:
    change = upgraded(ESSENTIEL, BUSINESS, on=date(2026, 9, 16), period=SEPTEMBER, zone=PARIS)

    assert change == PlanChange(date(2026, 9, 16), Money(50_00), 60, 2)


def test_an_upgrade_takes_no_right_away() -> None:
    fewer_minutes = PlanRights(Money(299_00), run_minutes=0, tickets=1)

    change = upgraded(BUSINESS, fewer_minutes, on=date(2026, 9, 1), period=SEPTEMBER, zone=PARIS)

    assert change == PlanChange(date(2026, 9, 1), Money(100_00), 0, 0)


@pytest.mark.parametrize(
    ("old", "new", "extra"), [(BUSINESS, CRITIQUE, None), (CRITIQUE, CRITIQUE, 0)]
)
def test_tickets_become_unlimited_once(old: PlanRights, new: PlanRights, extra: int | None) -> None:
    change = upgraded(old, new, on=date(2026, 9, 16), period=SEPTEMBER, zone=PARIS)

    assert change.extra_tickets == extra


def test_tickets_that_were_unlimited_are_not_granted_again() -> None:
    dearer = PlanRights(Money(399_00), run_minutes=240, tickets=50)

    change = upgraded(CRITIQUE, dearer, on=date(2026, 9, 16), period=SEPTEMBER, zone=PARIS)

    assert change.extra_tickets == 0


def test_a_downgrade_waits_for_the_next_period_and_takes_nothing_back() -> None:
    change = downgraded(BUSINESS.fee, period=SEPTEMBER, zone=PARIS)

    assert change == PlanChange(date(2026, 10, 1), Money(0), 0, 0)


@pytest.mark.parametrize(
    ("new", "is_one"),
    [
        (CRITIQUE, True),
        (ESSENTIEL, False),
        (BUSINESS, True),
        (PlanRights(BUSINESS.fee, 120, None), True),
        (PlanRights(BUSINESS.fee, 60, 5), False),
        (PlanRights(BUSINESS.fee, 120, 4), False),
    ],
)
def test_a_plan_that_costs_more_or_takes_nothing_away_is_an_upgrade(
    new: PlanRights,
    is_one: bool,  # noqa: FBT001 - the answer that is wanted
) -> None:
    assert is_upgrade(BUSINESS, new) is is_one


def test_unlimited_tickets_are_not_given_up_by_an_upgrade_at_the_same_price() -> None:
    assert not is_upgrade(CRITIQUE, PlanRights(CRITIQUE.fee, 240, 100))
