"""A contract that rests: the days, the reason, and no day twice."""

from datetime import date

import pytest

from helpdesk.domain.suspension import (
    ContractSuspension,
    Suspension,
    SuspensionOverlaps,
    SuspensionReasonRequired,
    is_suspended,
    with_suspension,
)
from tests.factories import ALICE


def august(first: int = 1, end: int | None = 16, reason: str = "Unpaid.") -> ContractSuspension:
    last = None if end is None else date(2026, 8, end)
    return ContractSuspension(Suspension(date(2026, 8, first), last), reason, ALICE)


def test_a_suspension_is_reasoned() -> None:
    with pytest.raises(SuspensionReasonRequired):
        august(reason=" ")


def test_a_contract_rests_from_the_first_day_to_the_eve_of_the_end() -> None:
    days = [date(2026, 7, 31), date(2026, 8, 1), date(2026, 8, 15), date(2026, 8, 16)]

    assert [is_suspended([august()], day) for day in days] == [False, True, True, False]


def test_a_suspension_that_goes_on_ends_when_somebody_says_so() -> None:
    going_on = august(end=None)

    assert is_suspended([going_on], date(2027, 1, 1))
    assert going_on.ended(date(2026, 8, 16)) == august()


def test_suspensions_are_kept_in_the_order_of_their_days() -> None:
    later = august(16, 20)

    assert with_suspension([later], august()) == (august(), later)


@pytest.mark.parametrize(
    "other", [august(15, 20), august(3, 4), august(1, 2), august(10, None), august(1, None)]
)
def test_no_day_is_suspended_twice(other: ContractSuspension) -> None:
    with pytest.raises(SuspensionOverlaps):
        with_suspension([august()], other)
    with pytest.raises(SuspensionOverlaps):
        with_suspension([other], august())
