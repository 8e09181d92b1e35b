"""Sets of instants: united, shared, and taken out of each other."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.period import Period
from helpdesk.domain.periods import duration, shared, united, without
from tests.domain.uptime import period, utc

_MINUTES = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 20)).map(lambda one: (one[0], one[0] + one[1])),
    max_size=6,
)


def _periods(minutes: list[tuple[int, int]]) -> list[Period]:
    start = utc("07-06 10:00")
    return [
        Period(start + timedelta(minutes=one), start + timedelta(minutes=other))
        for one, other in minutes
    ]


def _set_of(minutes: list[tuple[int, int]]) -> set[int]:
    return {minute for start, end in minutes for minute in range(start, end)}


@given(_MINUTES, _MINUTES)
def test_periods_are_sets_of_their_minutes(
    ones: list[tuple[int, int]], others: list[tuple[int, int]]
) -> None:
    some, more = _periods(ones), _periods(others)

    def minutes(periods: tuple[Period, ...]) -> int:
        return duration(periods) // timedelta(minutes=1)

    assert minutes(united([*some, *more])) == len(_set_of(ones) | _set_of(others))
    assert minutes(shared(some, more)) == len(_set_of(ones) & _set_of(others))
    assert minutes(without(some, more)) == len(_set_of(ones) - _set_of(others))


@given(_MINUTES, _MINUTES)
def test_answers_are_in_order_and_apart(
    ones: list[tuple[int, int]], others: list[tuple[int, int]]
) -> None:
    for answer in (united(_periods(ones)), without(_periods(ones), _periods(others))):
        assert all(one.end < other.start for one, other in pairwise(answer))


def test_what_touches_is_one_period() -> None:
    assert united([period("07-06 10:00", "07-06 11:00"), period("07-06 11:00", "07-06 12:00")]) == (
        period("07-06 10:00", "07-06 12:00"),
    )
