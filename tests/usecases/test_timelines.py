"""The compiled calendars, kept on a shelf: a version never changes, so it is compiled once."""

from dataclasses import replace
from datetime import UTC, datetime

from helpdesk.domain.business_hours import BusinessHours
from helpdesk.domain.calendar import CalendarVersion
from helpdesk.domain.ids import CalendarId
from helpdesk.usecases.timelines import SHELF_SIZE, TimelineShelf
from tests.domain.business_calendars import weekly
from tests.factories import AGENCY_ID, MONDAY, NINE_TO_FIVE, OFFICE, at
from tests.usecases.world import ZOES_AGENCY


def _version(
    number: int = 1,
    hours: BusinessHours | None = None,
    *,
    since: datetime = MONDAY,
    calendar_id: CalendarId = OFFICE,
    corrects: int | None = None,
) -> CalendarVersion:
    hours = hours or weekly("09:00-12:00")
    return CalendarVersion(calendar_id, AGENCY_ID, number, since, hours, corrects)


def test_a_version_is_compiled_once_for_neighbouring_years() -> None:
    shelf = TimelineShelf()
    version = _version()

    first = shelf.timeline([version], datetime(2026, 7, 6, tzinfo=UTC))

    assert shelf.timeline([version], datetime(2025, 1, 1, tzinfo=UTC)) is first
    assert shelf.timeline([version], datetime(2024, 12, 31, tzinfo=UTC)) is not first
    assert shelf.timeline([version], datetime(2027, 1, 1, tzinfo=UTC)) is not first


def test_a_timeline_reaches_from_the_year_before_to_seven_years_after_at_least() -> None:
    shelf = TimelineShelf()

    for year in (2025, 2026):
        timeline = shelf.timeline([_version()], datetime(year, 7, 6, tzinfo=UTC))
        before, after = datetime(year - 1, 1, 1, tzinfo=UTC), datetime(year + 7, 12, 31, tzinfo=UTC)
        assert timeline.elapsed(before, after) > 0


def test_versions_calendars_and_agencies_do_not_mix() -> None:
    shelf = TimelineShelf()
    versions = (
        _version(),
        _version(2),
        _version(calendar_id=NINE_TO_FIVE),
        replace(_version(), agency_id=ZOES_AGENCY),
    )

    timelines = [shelf.timeline([version], MONDAY) for version in versions]

    assert len({id(timeline) for timeline in timelines}) == 4


LONGER_IN_AUGUST = _version(2, weekly("09:00-18:00"), since=at("08-01 00:00"))
IN_JULY = at("07-06 00:00"), at("07-07 00:00")
IN_AUGUST = at("08-03 00:00"), at("08-04 00:00")


def test_a_version_counts_from_its_instant_on_and_what_came_before_is_frozen() -> None:
    versions = (_version(1), LONGER_IN_AUGUST, _version(3, calendar_id=NINE_TO_FIVE))
    shelf = TimelineShelf()

    before = shelf.counted_on(versions, at("07-31 23:59"))
    after = shelf.counted_on(versions, at("08-01 00:00"))

    assert before.versions == {OFFICE: 1, NINE_TO_FIVE: 3}
    assert after.versions == {OFFICE: 2, NINE_TO_FIVE: 3}
    for counted_on in (before, after):
        office = counted_on.timelines.by_calendar[OFFICE]
        assert office.elapsed(*IN_JULY) == 3 * 3600
        assert office.elapsed(*IN_AUGUST) == 9 * 3600
        assert [one.number for one in office.versions] == [1, 2]
        assert counted_on.timelines.always.elapsed(*IN_AUGUST) == 24 * 3600


def test_a_new_version_makes_a_new_timeline_and_leaves_the_old_one_alone() -> None:
    shelf = TimelineShelf()
    alone = shelf.timeline([_version(1)], MONDAY)

    spliced = shelf.timeline([_version(1), LONGER_IN_AUGUST], MONDAY)

    assert alone.elapsed(*IN_AUGUST) == 3 * 3600
    assert spliced.elapsed(*IN_AUGUST) == 9 * 3600


def test_a_correction_counts_from_the_instant_of_the_version_that_it_replaces() -> None:
    corrected = _version(3, weekly("09:00-10:00"), since=at("08-01 00:00"), corrects=2)

    counted_on = TimelineShelf().counted_on((_version(1), LONGER_IN_AUGUST, corrected), MONDAY)

    office = counted_on.timelines.by_calendar[OFFICE]
    assert office.elapsed(*IN_JULY) == 3 * 3600
    assert office.elapsed(*IN_AUGUST) == 3600
    assert counted_on.versions == {OFFICE: 1}


def test_versions_of_two_zones_are_spliced_at_one_instant() -> None:
    moved = BusinessHours("America/New_York", weekly("09:00-12:00").week)
    versions = (_version(1), _version(2, moved, since=at("08-03 10:00")))

    office = TimelineShelf().timeline(versions, MONDAY)

    # An hour on the clock of Paris, then all three of New York's, which begin at 15:00 here.
    assert office.elapsed(at("08-03 00:00"), at("08-03 12:30")) == 3600
    assert office.elapsed(at("08-03 00:00"), at("08-04 00:00")) == 4 * 3600
    assert office.is_open(at("08-03 17:59"))


def test_a_ticket_older_than_every_version_is_counted_on_the_first_one() -> None:
    opened_at = at("07-07 00:00").replace(year=2015)

    office = TimelineShelf().timeline([_version(1), LONGER_IN_AUGUST], opened_at)

    assert office.elapsed(opened_at, at("07-08 00:00").replace(year=2015)) == 3 * 3600


def test_a_clock_far_in_the_future_is_counted_on_the_last_version() -> None:
    opened_at = at("07-07 00:00").replace(year=2045)

    office = TimelineShelf().timeline([_version(1), LONGER_IN_AUGUST], opened_at)

    assert office.elapsed(opened_at, at("07-08 00:00").replace(year=2045)) == 9 * 3600


def test_before_the_first_version_the_first_one_counts() -> None:
    counted_on = TimelineShelf().counted_on([_version(1)], at("01-01 00:00"))

    assert counted_on.versions == {OFFICE: 1}


def test_the_one_that_was_used_least_leaves_a_full_shelf_first() -> None:
    shelf = TimelineShelf()
    oldest, used, *others = [_version(number) for number in range(SHELF_SIZE)]
    kept = {one.version: shelf.timeline([one], MONDAY) for one in (oldest, used, *others)}
    assert shelf.timeline([oldest], MONDAY) is kept[oldest.version]

    shelf.timeline([_version(SHELF_SIZE)], MONDAY)

    assert shelf.timeline([oldest], MONDAY) is kept[oldest.version]
    assert shelf.timeline([used], MONDAY) is not kept[used.version]
