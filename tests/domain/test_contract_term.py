"""Terms, notices, reminders and renewals of a contract."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.contract_term import (
    Notice,
    PriceChangeTooLate,
    RenewalNotAgreed,
    Term,
    TermClause,
    TermInvalid,
    can_give_notice,
    price_change_from,
    reminders,
    reminders_due,
    renewed,
)

YEAR = TermClause(date(2026, 1, 15), 12, 12)
THREE_MONTHS = Notice(months=3)
FIRST = YEAR.term(1)
LAST_DAY = date(2026, 10, 14)


def test_a_term_ends_on_the_day_it_began_on_some_months_later() -> None:
    assert Term(1, date(2026, 1, 15), date(2027, 1, 15)) == FIRST


@pytest.mark.parametrize(
    ("ends_on", "notice", "last_day"),
    [
        (date(2027, 1, 15), Notice(months=3), date(2026, 10, 14)),
        (date(2027, 5, 31), Notice(months=3), date(2027, 2, 27)),
        (date(2027, 1, 15), Notice(days=30), date(2026, 12, 15)),
        (date(2027, 1, 15), Notice(), date(2027, 1, 14)),
    ],
)
def test_the_last_notice_day_is_the_eve_of_one_notice_before_the_end(
    ends_on: date, notice: Notice, last_day: date
) -> None:
    assert notice.last_day(ends_on) == last_day


def test_notice_can_be_given_on_its_last_day_and_not_on_the_next() -> None:
    assert can_give_notice(FIRST, THREE_MONTHS, on=LAST_DAY)
    assert not can_give_notice(FIRST, THREE_MONTHS, on=date(2026, 10, 15))


def test_renewals_are_counted_from_the_first_day_and_never_chained() -> None:
    leap = TermClause(date(2024, 2, 29), 12, 12)

    assert [leap.term(number).starts_on for number in range(2, 6)] == [
        date(2025, 2, 28),
        date(2026, 2, 28),
        date(2027, 2, 28),
        date(2028, 2, 29),
    ]


def test_a_renewal_may_be_shorter_than_the_first_term() -> None:
    clause = TermClause(date(2026, 1, 31), 12, 1)

    assert clause.term(2) == Term(2, date(2027, 1, 31), date(2027, 2, 28))
    assert clause.term(3) == Term(3, date(2027, 2, 28), date(2027, 3, 31))


@given(
    st.dates(date(2000, 1, 1), date(2060, 12, 31)),
    st.integers(1, 36),
    st.integers(1, 36),
    st.integers(1, 30),
)
def test_each_term_begins_where_the_one_before_it_ends(
    anchor: date, months: int, renewal: int, number: int
) -> None:
    clause = TermClause(anchor, months, renewal)

    assert clause.term(number).ends_on == clause.term(number + 1).starts_on


def test_a_term_or_a_renewal_without_length_is_refused() -> None:
    for months, renewal in ((0, 12), (12, 0)):
        with pytest.raises(TermInvalid):
            TermClause(date(2026, 1, 15), months, renewal)


@pytest.mark.parametrize("notice", [{"months": -1}, {"days": -1}])
def test_a_notice_after_the_end_is_refused(notice: dict[str, int]) -> None:
    with pytest.raises(TermInvalid):
        Notice(**notice)


def test_a_contract_is_renewed_on_the_day_its_term_ends() -> None:
    assert renewed((FIRST,), YEAR, on=date(2027, 1, 14)) == (FIRST,)
    assert renewed((FIRST,), YEAR, on=date(2027, 1, 15)) == (FIRST, YEAR.term(2))


def test_renewing_twice_records_a_term_once() -> None:
    once = renewed((FIRST,), YEAR, on=date(2027, 1, 15))

    assert renewed(once, YEAR, on=date(2027, 1, 15)) == once


def test_terms_that_nobody_recorded_for_years_are_recorded_together() -> None:
    terms = renewed((), YEAR, on=date(2029, 6, 1))

    assert [term.number for term in terms] == [1, 2, 3, 4]


def test_a_contract_without_tacit_renewal_is_not_renewed() -> None:
    once_only = TermClause(date(2026, 1, 15), 12, None)

    assert renewed((), once_only, on=date(2027, 1, 14)) == (once_only.term(1),)
    with pytest.raises(RenewalNotAgreed) as refusal:
        renewed((), once_only, on=date(2027, 1, 15))
    assert refusal.value.values["ends_on"] == date(2027, 1, 15)


def test_the_agency_is_reminded_90_60_and_30_days_before_the_last_notice_day() -> None:
    assert [(one.days_before, one.on) for one in reminders(FIRST, THREE_MONTHS)] == [
        (90, date(2026, 7, 16)),
        (60, date(2026, 8, 15)),
        (30, date(2026, 9, 14)),
    ]
    assert len({one.key for one in reminders(FIRST, THREE_MONTHS)}) == 3


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2026, 7, 15), []),
        (date(2026, 7, 16), [90]),
        (date(2026, 9, 14), [90, 60, 30]),
        (LAST_DAY, [90, 60, 30]),
        (date(2026, 10, 15), []),
    ],
)
def test_a_reminder_is_due_from_its_day_to_the_last_notice_day(today: date, due: list[int]) -> None:
    found = reminders_due(FIRST, THREE_MONTHS, today=today)

    assert [one.days_before for one in found] == due


def test_a_price_announced_before_the_last_notice_day_holds_from_the_next_term() -> None:
    announced_on = date(2026, 10, 13)

    assert price_change_from(FIRST, THREE_MONTHS, announced_on=announced_on) == date(2027, 1, 15)


def test_a_price_announced_on_the_last_notice_day_is_too_late() -> None:
    with pytest.raises(PriceChangeTooLate):
        price_change_from(FIRST, THREE_MONTHS, announced_on=LAST_DAY)
