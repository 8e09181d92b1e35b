"""Which versions of a calendar count, from when, and which of them is in force."""

from itertools import permutations

from helpdesk.domain.calendar import CalendarVersion, version_in_force, versions_that_count
from tests.domain.business_calendars import weekly
from tests.factories import AGENCY_ID, OFFICE, at


def a_version(
    number: int, effective_from: str, *, corrects: int | None = None, hours: str = "09:00-17:00"
) -> CalendarVersion:
    return CalendarVersion(OFFICE, AGENCY_ID, number, at(effective_from), weekly(hours), corrects)


FIRST = a_version(1, "01-01 00:00")
SUMMER = a_version(2, "07-01 00:00")
AUTUMN = a_version(3, "09-01 00:00")


def counting(*versions: CalendarVersion) -> list[tuple[int, str]]:
    numbers = {
        tuple((one.version, one.effective_from.isoformat()) for one in versions_that_count(order))
        for order in permutations(versions)
    }
    [found] = numbers
    return [(number, since[:10]) for number, since in found]


def test_the_latest_version_that_began_counts() -> None:
    for shuffled in permutations([FIRST, SUMMER, AUTUMN]):
        assert version_in_force(shuffled, at("07-01 00:00")).version == 2
        assert version_in_force(shuffled, at("06-30 23:59")).version == 1
        assert version_in_force(shuffled, at("12-31 00:00")).version == 3


def test_before_the_first_version_the_first_one_counts() -> None:
    assert version_in_force([SUMMER], at("01-01 00:00")).version == 2


def test_versions_count_in_the_order_in_which_they_take_over() -> None:
    assert [number for number, _ in counting(FIRST, SUMMER, AUTUMN)] == [1, 2, 3]


def test_a_correction_replaces_its_version_as_a_whole() -> None:
    corrected = a_version(4, "07-01 00:00", corrects=2)

    assert [number for number, _ in counting(FIRST, SUMMER, AUTUMN, corrected)] == [1, 4, 3]
    versions = [FIRST, SUMMER, AUTUMN, corrected]
    assert version_in_force(versions, at("08-01 00:00")) == corrected
    assert version_in_force(versions, at("10-01 00:00")) == AUTUMN


def test_a_correction_may_be_corrected_itself() -> None:
    corrected, again = (
        a_version(3, "07-01 00:00", corrects=2),
        a_version(4, "07-01 00:00", corrects=3),
    )

    assert [number for number, _ in counting(FIRST, SUMMER, corrected, again)] == [1, 4]


def test_of_two_corrections_of_one_version_the_later_one_stands() -> None:
    corrected, again = (
        a_version(3, "07-01 00:00", corrects=2),
        a_version(4, "07-01 00:00", corrects=2),
    )

    assert [number for number, _ in counting(FIRST, SUMMER, corrected, again)] == [1, 4]


def test_a_correction_counts_from_the_instant_of_the_version_it_replaces() -> None:
    late = a_version(3, "10-01 00:00", corrects=2)

    assert counting(FIRST, SUMMER, late) == [(1, "2025-12-31"), (3, "2026-06-30")]


def test_a_correction_of_the_first_version_counts_before_it_too() -> None:
    corrected = a_version(3, "01-01 00:00", corrects=1, hours="09:00-12:00")

    in_force = version_in_force([FIRST, SUMMER, corrected], at("01-01 00:00").replace(year=2020))

    assert in_force.hours == weekly("09:00-12:00")


def test_nothing_counts_where_nothing_was_written() -> None:
    assert versions_that_count(()) == ()
