"""Other hours from an instant to come: what was counted before it is frozen."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from helpdesk.domain.access import AgencyOnly, NotFound, Scope, ScopeMissing
from helpdesk.domain.business_hours import BusinessHours
from helpdesk.domain.business_time import CalendarNeverOpens
from helpdesk.domain.errors import ErrorCode, Locale
from helpdesk.domain.priority import Impact
from helpdesk.domain.utc_seconds import NaiveDatetime
from helpdesk.usecases.add_calendar_version import (
    AddCalendarVersion,
    VersionNotLater,
    VersionTooFar,
    add_calendar_version,
)
from helpdesk.usecases.explain_deadline import explain_deadline
from helpdesk.usecases.public_holidays import HolidayChoice
from helpdesk.usecases.version_to_come import VersionInPast
from tests.domain.business_calendars import weekly
from tests.factories import AGENCY_ID, OFFICE, a_viewer, at
from tests.usecases.world import ZOES_AGENCY, World

AFTERNOONS = AddCalendarVersion("ouvre5", weekly("14:00-18:00"), at("07-06 14:00"))
"""From Monday at two o'clock on, the office is open in the afternoon only."""


async def versions_of(world: World) -> list[tuple[int, datetime]]:
    async with world.desk.store.reading(AGENCY_ID) as records:
        versions = await records.contracts.calendar_versions([OFFICE])
    return [(one.version, one.effective_from) for one in versions]


async def test_a_version_is_added_and_the_earlier_one_stays(both_worlds: World) -> None:
    world = both_worlds

    version = await add_calendar_version(world.desk, viewer=world.alice, request=AFTERNOONS)

    assert (version.calendar_id, version.version, version.corrects) == (OFFICE, 2, None)
    assert (version.hours, version.published_at) == (AFTERNOONS.hours, world.now())
    assert await versions_of(world) == [(1, at("01-01 00:00")), (2, at("07-06 14:00"))]
    async with world.desk.store.reading(ZOES_AGENCY) as records:
        assert len(await records.contracts.calendar_versions([OFFICE])) == 1


async def test_the_deadline_of_an_open_ticket_follows_at_once(both_worlds: World) -> None:
    world = both_worlds
    ticket = await world.ticket(impact=Impact.CRITICAL)
    before = await world.clocks(ticket.id)
    assert before["FIRST_RESPONSE", 1]["deadline_at"] == at("07-06 13:00")
    request = replace(AFTERNOONS, effective_from=at("07-06 11:00"))

    await add_calendar_version(world.desk, viewer=world.alice, request=request)

    # Two hours before eleven stay counted; the other two come in the afternoon.
    after = await world.clocks(ticket.id)
    assert after["FIRST_RESPONSE", 1]["deadline_at"] == at("07-06 16:00")
    world.now.set(at("07-06 15:00"))
    told = await explain_deadline(world.desk, viewer=world.bruno, ticket_ids=[ticket.id])
    first = next(view for view in told[ticket.id] if view.clock.metric == "FIRST_RESPONSE")
    assert first.clock.deadline_at == at("07-06 16:00")
    assert [(one.start, one.seconds, one.calendar_version) for one in first.segments] == [
        (at("07-06 09:00"), 7200, 1),
        (at("07-06 11:00"), 0, 2),
        (at("07-06 14:00"), 3600, 2),
    ]


async def test_what_was_counted_before_is_frozen(world: World) -> None:
    ticket = await world.ticket(impact=Impact.CRITICAL)
    world.now.set(at("07-06 13:30"))

    await add_calendar_version(world.desk, viewer=world.alice, request=AFTERNOONS)

    clocks = await world.clocks(ticket.id)
    assert clocks["FIRST_RESPONSE", 1]["deadline_at"] == at("07-06 13:00")
    assert clocks["FIRST_RESPONSE", 1]["breached_at"] == at("07-06 13:00")


async def test_a_version_may_begin_now(world: World) -> None:
    request = replace(AFTERNOONS, effective_from=world.now())

    version = await add_calendar_version(world.desk, viewer=world.alice, request=request)

    assert version.effective_from == world.now()


async def test_a_version_takes_the_holidays_of_the_years_around_its_start(world: World) -> None:
    request = replace(
        AFTERNOONS,
        effective_from=at("07-06 14:00").replace(year=2028),
        holidays=HolidayChoice("FR"),
    )

    version = await add_calendar_version(world.desk, viewer=world.alice, request=request)

    assert {day.year for day in version.hours.holidays} == set(range(2026, 2039))
    assert date(2028, 7, 14) in version.hours.holidays


async def test_the_past_is_corrected_and_not_rewritten(world: World) -> None:
    request = replace(AFTERNOONS, effective_from=world.now() - timedelta(seconds=1))

    async with world.refused(VersionInPast) as refusal:
        await add_calendar_version(world.desk, viewer=world.alice, request=request)

    assert refusal.value.code is ErrorCode.VERSION_IN_PAST
    assert refusal.value.path == ("effective_from",)
    assert "or correct the version that counted then" in str(refusal.value)
    assert "ou corrigez la version" in refusal.value.message(Locale.FR)


async def test_a_version_takes_over_after_the_last_one(world: World) -> None:
    await add_calendar_version(world.desk, viewer=world.alice, request=AFTERNOONS)

    for since in (at("07-06 14:00"), at("07-06 13:59")):
        request = replace(AFTERNOONS, effective_from=since)

        async with world.refused(VersionNotLater) as refusal:
            await add_calendar_version(world.desk, viewer=world.alice, request=request)

        assert refusal.value.path == ("effective_from",)
        assert refusal.value.values["version"] == 2


async def test_a_version_of_a_distant_year_is_refused(world: World) -> None:
    for year in (2036, 9999):
        request = replace(AFTERNOONS, effective_from=at("07-06 14:00").replace(year=year))

        async with world.refused(VersionTooFar) as refusal:
            await add_calendar_version(world.desk, viewer=world.alice, request=request)

        assert refusal.value.path == ("effective_from",)
        assert refusal.value.values["last_year"] == 2035


async def test_an_instant_without_a_zone_is_refused(world: World) -> None:
    naive = AFTERNOONS.effective_from.replace(tzinfo=None)

    async with world.refused(NaiveDatetime):
        await add_calendar_version(
            world.desk, viewer=world.alice, request=replace(AFTERNOONS, effective_from=naive)
        )


async def test_hours_that_never_open_are_refused(world: World) -> None:
    request = replace(AFTERNOONS, hours=BusinessHours("Europe/Paris", {}))

    async with world.refused(CalendarNeverOpens) as refusal:
        await add_calendar_version(world.desk, viewer=world.alice, request=request)

    assert refusal.value.path == ("hours",)


async def test_a_calendar_of_nobody_has_no_versions(world: World) -> None:
    async with world.refused(NotFound) as refusal:
        await add_calendar_version(
            world.desk, viewer=world.alice, request=replace(AFTERNOONS, code="nobody's")
        )

    assert refusal.value.path == ("code",)


async def test_a_client_and_a_token_without_the_scope_change_no_hours(world: World) -> None:
    async with world.refused(AgencyOnly):
        await add_calendar_version(world.desk, viewer=world.bruno, request=AFTERNOONS)
    reader = a_viewer(scopes=frozenset(Scope) - {Scope.AGENCY_WRITE})
    async with world.refused(ScopeMissing):
        await add_calendar_version(world.desk, viewer=reader, request=AFTERNOONS)
