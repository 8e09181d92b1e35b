"""The compiled calendars, kept on a shelf: a version never changes, so it is compiled once."""

from dataclasses import replace
from datetime import UTC, datetime

from helpdesk.domain.agency import CalendarVersion
from helpdesk.domain.business_hours import BusinessHours
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
) -> CalendarVersion:
    return CalendarVersion(calendar_id, AGENCY_ID, number, since, hours or weekly("09:00-12:00"))


def test_a_version_is_compiled_once_for_neighbouring_years() -> None:
    shelf = TimelineShelf()
    version = _version()

    first = shelf.timeline(version, datetime(2026, 7, 6, tzinfo=UTC))

    assert shelf.timeline(version, datetime(2025, 1, 1, tzinfo=UTC)) is first
    assert shelf.timeline(version, datetime(2024, 12, 31, tzinfo=UTC)) is not first
    assert shelf.timeline(version, datetime(2027, 1, 1, tzinfo=UTC)) is not first


def test_a_timeline_reaches_from_the_year_before_to_seven_years_after_at_least() -> None:
    shelf = TimelineShelf()

    for year in (2025, 2026):
        timeline = shelf.timeline(_version(), datetime(year, 7, 6, tzinfo=UTC))
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

    timelines = [shelf.timeline(version, MONDAY) for version in versions]

    assert len({id(timeline) for timeline in timelines}) == 4


def test_each_calendar_counts_with_its_version_in_force() -> None:
    longer = weekly("09:00-18:00")
    versions = (
        _version(1),
        _version(2, longer, since=at("08-01 00:00")),
        _version(3, calendar_id=NINE_TO_FIVE),
    )
    shelf = TimelineShelf()

    now = shelf.counted_on(versions, at("07-31 23:59"))
    then = shelf.counted_on(versions, at("08-01 00:00"))

    assert now.versions == {OFFICE: 1, NINE_TO_FIVE: 3}
    assert then.versions == {OFFICE: 2, NINE_TO_FIVE: 3}
    day = at("08-03 00:00"), at("08-04 00:00")
    assert now.timelines.by_calendar[OFFICE].elapsed(*day) == 3 * 3600
    assert then.timelines.by_calendar[OFFICE].elapsed(*day) == 9 * 3600
    assert then.timelines.always.elapsed(*day) == 24 * 3600


def test_before_the_first_version_the_first_one_counts() -> None:
    counted_on = TimelineShelf().counted_on([_version(1)], at("01-01 00:00"))

    assert counted_on.versions == {OFFICE: 1}


def test_the_one_that_was_used_least_leaves_a_full_shelf_first() -> None:
    shelf = TimelineShelf()
    oldest, used, *others = [_version(number) for number in range(SHELF_SIZE)]
    kept = {one.version: shelf.timeline(one, MONDAY) for one in (oldest, used, *others)}
    assert shelf.timeline(oldest, MONDAY) is kept[oldest.version]

    shelf.timeline(_version(SHELF_SIZE), MONDAY)

    assert shelf.timeline(oldest, MONDAY) is kept[oldest.version]
    assert shelf.timeline(used, MONDAY) is not kept[used.version]
