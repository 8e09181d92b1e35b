"""A calendar is made, with holidays that are copied into it as dates, each of them switchable."""

from dataclasses import replace
from datetime import date

import pytest

from helpdesk.domain.access import AgencyOnly, Scope, ScopeMissing
from helpdesk.domain.agency import Agent, AgentRole
from helpdesk.domain.business_hours import BusinessHours
from helpdesk.domain.business_time import CalendarNeverOpens
from helpdesk.domain.calendar import CalendarVersion
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import AgentId
from helpdesk.domain.message import TextRequired, TextTooLong
from helpdesk.public_holidays import CountryUnknown, HolidayNotListed, SubdivisionUnknown
from helpdesk.storage.tables.contract import CALENDAR, CALENDAR_VERSION
from helpdesk.usecases.create_calendar import (
    CODE_LIMIT,
    NAME_LIMIT,
    CalendarCodeTaken,
    CreateCalendar,
    create_calendar,
)
from helpdesk.usecases.list_public_holidays import list_public_holidays
from helpdesk.usecases.public_holidays import HolidayChoice, HolidayYearsImpossible
from helpdesk.usecases.require_manager import ManagersOnly
from tests.domain.business_calendars import weekly
from tests.factories import AGENCY_ID, a_viewer, at
from tests.usecases.world import World

FRANCE = HolidayChoice("FR")
MOSELLE = HolidayChoice("FR", "57", (2026, 2026))
SHOP = CreateCalendar("shop", "Shop hours", weekly("08:00-12:00"))
GOOD_FRIDAY, SAINT_STEPHEN = date(2026, 4, 3), date(2026, 12, 26)
WHIT_MONDAY = date(2026, 5, 25)


async def holidays_of(world: World, choice: HolidayChoice | None) -> frozenset[date]:
    request = replace(SHOP, holidays=choice)
    version = await create_calendar(world.desk, viewer=world.alice, request=request)
    return version.hours.holidays


async def test_a_calendar_is_made_with_its_first_version(both_worlds: World) -> None:
    world = both_worlds
    request = replace(SHOP, code=" shop ", name=" Shop hours ")

    version = await create_calendar(world.desk, viewer=world.alice, request=request)

    assert version == CalendarVersion(
        calendar_id=version.calendar_id,
        agency_id=AGENCY_ID,
        version=1,
        effective_from=world.now(),
        hours=weekly("08:00-12:00"),
        published_at=world.now(),
    )
    rows = {row["id"]: (row["code"], row["name"]) for row in await world.rows(CALENDAR)}
    assert rows[version.calendar_id] == ("shop", "Shop hours")
    async with world.desk.store.reading(AGENCY_ID) as records:
        assert await records.contracts.calendar_versions([version.calendar_id]) == (version,)


async def test_what_is_kept_of_a_version_is_read_again_by_another_process(
    both_worlds: World,
) -> None:
    world = both_worlds
    made = await create_calendar(world.desk, viewer=world.alice, request=SHOP)
    corrected = replace(made, version=2, corrects=1, published_at=at("08-01 09:00"))

    async with world.desk.store.transaction(AGENCY_ID) as records:
        await records.contracts.add_calendar_version(corrected)

    async with world.desk.store.transaction(AGENCY_ID) as records:
        # A transaction that wrote reads from the database, not from what this process has kept.
        await records.contracts.add_calendar_version(replace(corrected, version=3, corrects=2))
        versions = await records.contracts.calendar_versions([made.calendar_id])
    assert [(one.version, one.corrects, one.published_at) for one in versions] == [
        (1, None, made.published_at),
        (2, 1, at("08-01 09:00")),
        (3, 2, at("08-01 09:00")),
    ]


async def test_a_calendar_without_a_choice_takes_no_holidays(world: World) -> None:
    assert await holidays_of(world, None) == frozenset()


async def test_the_holidays_of_a_country_are_those_of_the_years_around_the_present(
    world: World,
) -> None:
    holidays = await holidays_of(world, FRANCE)

    assert {day.year for day in holidays} == set(range(2024, 2037))
    assert date(2026, 7, 14) in holidays
    assert GOOD_FRIDAY not in holidays


async def test_a_part_of_a_country_has_holidays_of_its_own(world: World) -> None:
    holidays = await holidays_of(world, MOSELLE)

    assert {GOOD_FRIDAY, SAINT_STEPHEN} < holidays
    assert {day.year for day in holidays} == {2026}


async def test_a_holiday_is_switched_off_by_its_name_in_the_language_of_the_viewer(
    world: World,
) -> None:
    for viewer, name in (
        (world.alice, "Vendredi saint"),
        (replace(world.alice, locale=Locale.EN), "Good Friday"),
    ):
        listed = list_public_holidays(
            world.desk, viewer=viewer, country="FR", subdivision="57", year=2026
        )
        assert listed[GOOD_FRIDAY] == name
        request = replace(
            SHOP, code=name, holidays=replace(MOSELLE, excluded_names=frozenset({name}))
        )

        version = await create_calendar(world.desk, viewer=viewer, request=request)

        assert GOOD_FRIDAY not in version.hours.holidays
        assert SAINT_STEPHEN in version.hours.holidays


async def test_a_holiday_is_switched_off_once(world: World) -> None:
    choice = HolidayChoice("FR", None, (2026, 2027), excluded_dates=frozenset({WHIT_MONDAY}))

    holidays = await holidays_of(world, choice)

    assert WHIT_MONDAY not in holidays
    assert date(2027, 5, 17) in holidays


async def test_the_solidarity_day_is_worked_in_every_year(world: World) -> None:
    choice = HolidayChoice("FR", None, (2026, 2027), is_solidarity_day_worked=True)

    holidays = await holidays_of(world, choice)

    assert not {WHIT_MONDAY, date(2027, 5, 17)} & holidays


async def test_holidays_come_on_top_of_the_dates_that_the_hours_name(world: World) -> None:
    hours = replace(weekly("08:00-12:00"), holidays=frozenset({date(2026, 8, 14)}))
    request = replace(SHOP, hours=hours, holidays=MOSELLE)

    version = await create_calendar(world.desk, viewer=world.alice, request=request)

    assert {date(2026, 8, 14), GOOD_FRIDAY} < version.hours.holidays


async def test_a_code_stands_for_one_calendar_of_an_agency(both_worlds: World) -> None:
    world = both_worlds
    request = replace(SHOP, code="ouvre5")

    async with world.refused(CalendarCodeTaken) as refusal:
        await create_calendar(world.desk, viewer=world.alice, request=request)

    assert refusal.value.path == ("code",)
    assert "ouvre5" in refusal.value.message(Locale.FR)
    await create_calendar(world.desk, viewer=world.alice, request=SHOP)
    await create_calendar(world.desk, viewer=world.zoe, request=SHOP)


async def test_a_calendar_that_never_opens_is_refused(world: World) -> None:
    request = replace(SHOP, hours=BusinessHours("Europe/Paris", {}))

    async with world.refused(CalendarNeverOpens) as refusal:
        await create_calendar(world.desk, viewer=world.alice, request=request)

    assert refusal.value.path == ("hours",)


@pytest.mark.parametrize(
    ("choice", "error", "path"),
    [
        (HolidayChoice("XX"), CountryUnknown, ("holidays", "country")),
        (HolidayChoice("FR", "QQ"), SubdivisionUnknown, ("holidays", "subdivision")),
        (
            HolidayChoice("FR", excluded_names=frozenset({"Thanksgiving"})),
            HolidayNotListed,
            ("holidays", "excluded_names"),
        ),
        (
            HolidayChoice("FR", excluded_dates=frozenset({date(2026, 7, 15)})),
            HolidayNotListed,
            ("holidays", "excluded_dates"),
        ),
    ],
)
async def test_holidays_that_are_none_are_refused(
    world: World,
    choice: HolidayChoice,
    error: type[CountryUnknown | SubdivisionUnknown | HolidayNotListed],
    path: tuple[str, ...],
) -> None:
    async with world.refused(error) as refusal:
        await holidays_of(world, choice)

    assert refusal.value.path == path


@pytest.mark.parametrize("years", [(2027, 2026), (2026, 2056), (1899, 1900), (2200, 2201)])
def test_years_of_holidays_are_in_order_and_few(years: tuple[int, int]) -> None:
    with pytest.raises(HolidayYearsImpossible) as refusal:
        HolidayChoice("FR", years=years)

    assert refusal.value.path == ("years",)


async def test_holidays_of_a_year_that_no_calendar_takes_are_not_listed(world: World) -> None:
    with pytest.raises(HolidayYearsImpossible):
        list_public_holidays(
            world.desk, viewer=world.alice, country="FR", subdivision=None, year=99_999
        )


@pytest.mark.parametrize(
    ("request_", "error", "path"),
    [
        (replace(SHOP, code=" "), TextRequired, "code"),
        (replace(SHOP, code="x" * (CODE_LIMIT + 1)), TextTooLong, "code"),
        (replace(SHOP, name=""), TextRequired, "name"),
        (replace(SHOP, name="x" * (NAME_LIMIT + 1)), TextTooLong, "name"),
    ],
)
async def test_a_calendar_has_a_code_and_a_name(
    world: World, request_: CreateCalendar, error: type[TextRequired | TextTooLong], path: str
) -> None:
    async with world.refused(error) as refusal:
        await create_calendar(world.desk, viewer=world.alice, request=request_)

    assert refusal.value.path == (path,)


async def test_only_managers_of_the_agency_make_calendars(world: World) -> None:
    assistant = AgentId("assistant")
    async with world.desk.store.transaction(AGENCY_ID) as records:
        await records.agencies.add_agent(
            Agent(assistant, AGENCY_ID, "Ana", "ana@alice.example", AgentRole.AGENT, Locale.FR)
        )

    for viewer, error in (
        (world.bruno, AgencyOnly),
        (a_viewer(scopes=frozenset(Scope) - {Scope.AGENCY_WRITE}), ScopeMissing),
        (a_viewer(name="Ana", agent_id=assistant), ManagersOnly),
    ):
        async with world.refused(error):
            await create_calendar(world.desk, viewer=viewer, request=SHOP)
    await create_calendar(world.desk, viewer=world.robot, request=SHOP)


async def test_versions_are_rows_that_stay(both_worlds: World) -> None:
    world = both_worlds

    version = await create_calendar(world.desk, viewer=world.alice, request=SHOP)

    [row] = [
        row
        for row in await world.rows(CALENDAR_VERSION)
        if row["calendar_id"] == version.calendar_id
    ]
    assert (row["version"], row["corrects"], row["published_at"]) == (1, None, world.now())
