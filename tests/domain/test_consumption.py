"""The gauge of a forfait: percentage, state, and what has none."""

import pytest

from helpdesk.domain.consumption import Consumption
from helpdesk.domain.gauge import GaugeState


@pytest.mark.parametrize(
    ("consumed", "percent", "state"),
    [
        (0, 0, GaugeState.OK),
        (148, 74, GaugeState.OK),
        (149, 75, GaugeState.WARNING),  # 74.5 is printed as 75
        (150, 75, GaugeState.WARNING),
        (198, 99, GaugeState.WARNING),
        (199, 100, GaugeState.FULL),  # 99.5 is printed as 100
        (200, 100, GaugeState.FULL),
    ],
)
def test_the_state_follows_the_percentage_that_is_printed(
    consumed: int, percent: int, state: GaugeState
) -> None:
    gauge = Consumption(granted=200, consumed=consumed)

    assert (gauge.percent, gauge.state) == (percent, state)
    assert gauge.available == 200 - consumed


def test_an_overage_shows_more_than_all_of_it() -> None:
    gauge = Consumption(granted=120, consumed=120, overage=15)

    assert (gauge.total, gauge.percent, gauge.used) == (120, 113, 135)
    assert (gauge.available, gauge.state) == (0, GaugeState.OVER)


def test_an_overage_is_over_even_while_something_is_left_on_another_site() -> None:
    assert Consumption(granted=120, consumed=60, overage=1).state is GaugeState.OVER


def test_an_unlimited_allowance_is_counted_and_has_no_percentage() -> None:
    gauge = Consumption(is_unlimited=True, consumed=37)

    assert (gauge.total, gauge.percent, gauge.available) == (None, None, None)
    assert (gauge.consumed, gauge.state) == (37, GaugeState.UNLIMITED)


def test_no_allowance_has_no_percentage() -> None:
    gauge = Consumption()

    assert (gauge.total, gauge.percent, gauge.state) == (0, None, GaugeState.NONE)


def test_an_overage_without_an_allowance_is_over_and_has_no_percentage() -> None:
    gauge = Consumption(overage=3)

    assert (gauge.percent, gauge.state) == (None, GaugeState.OVER)


def test_the_total_is_all_that_came_in_and_what_earlier_lots_still_had() -> None:
    gauge = Consumption(
        granted=60, rollover_in=30, purchased=120, gesture=15, adjust=-5, opening=40
    )

    assert gauge.total == 260


def test_an_adjustment_never_leaves_less_than_nothing() -> None:
    assert Consumption(granted=10, adjust=-20).total == 0
