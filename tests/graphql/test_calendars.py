"""Calendars through the API: listed, made, given versions, and refused in both languages."""

from typing import Any

import pytest

from helpdesk.usecases.read_models import Noun
from tests.graphql.api import Api
from tests.graphql.rows import everything_in
from tests.graphql.test_mutations import do, done
from tests.graphql.world import World, secret_of

WEEKDAYS = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"]
SHOP: dict[str, Any] = {
    "zone": "Europe/Paris",
    "openingHours": [{"weekday": day, "opensAt": "09:00", "closesAt": "18:00"} for day in WEEKDAYS],
}
SAID = """calendar {
  code name version effectiveFrom publishedAt corrects replacedBy zone
  openingHours { weekday opensAt closesAt } holidays holidayTruncates yearlyHolidays
  recurringClosures exceptions { date hours { opensAt closesAt } }
  breaks { date hours { opensAt closesAt } }
  versions { version effectiveFrom corrects replacedBy zone } }"""


def shop(**more: Any) -> dict[str, Any]:  # Any: JSON
    return {"code": "shop", "name": "Shop hours", "hours": {**SHOP, **more}}


async def test_a_calendar_is_made_with_everything_that_it_may_say(both_worlds: World) -> None:
    alice = both_worlds.api(secret_of("alice"))
    given = shop(
        holidays=["2026-08-14"],
        yearlyHolidays=["12-24"],
        exceptions=[
            {"date": "2026-12-31", "hours": [{"opensAt": "09:00", "closesAt": "12:00"}]},
            {"date": "2026-08-17", "hours": []},
        ],
        breaks=[{"date": "2026-07-07", "hours": [{"opensAt": "12:00", "closesAt": "13:00"}]}],
        recurringClosures=["RRULE:FREQ=MONTHLY;BYDAY=-1FR"],
        holidayTruncates=True,
    )
    holidays = {"country": "FR", "subdivision": "57", "firstYear": 2026, "lastYear": 2026}

    made = await done(alice, "createCalendar", SAID, **given, holidays=holidays)

    calendar = made["calendar"]
    assert calendar["openingHours"] == SHOP["openingHours"]
    assert len(calendar["holidays"]) == 14
    assert {"2026-04-03", "2026-08-14", "2026-12-26"} < set(calendar["holidays"])
    assert {
        name: calendar[name] for name in calendar if name not in {"openingHours", "holidays"}
    } == {
        "code": "shop",
        "name": "Shop hours",
        "version": 1,
        "effectiveFrom": "2026-07-06T07:00:00Z",
        "publishedAt": "2026-07-06T07:00:00Z",
        "corrects": None,
        "replacedBy": None,
        "zone": "Europe/Paris",
        "holidayTruncates": True,
        "yearlyHolidays": ["12-24"],
        "recurringClosures": ["RRULE:FREQ=MONTHLY;BYDAY=-1FR"],
        "exceptions": [
            {"date": "2026-08-17", "hours": []},
            {"date": "2026-12-31", "hours": [{"opensAt": "09:00", "closesAt": "12:00"}]},
        ],
        "breaks": [{"date": "2026-07-07", "hours": [{"opensAt": "12:00", "closesAt": "13:00"}]}],
        "versions": [
            {
                "version": 1,
                "effectiveFrom": "2026-07-06T07:00:00Z",
                "corrects": None,
                "replacedBy": None,
                "zone": "Europe/Paris",
            }
        ],
    }


async def test_a_version_to_come_stands_in_the_history_and_counts_later(both_worlds: World) -> None:
    world = both_worlds
    alice = world.api(secret_of("alice"))
    await done(alice, "createCalendar", SAID, **shop())
    since = "2026-09-01T00:00:00+02:00"
    later = {"code": "shop", "hours": {**SHOP, "zone": "America/New_York"}}

    added = await done(alice, "addCalendarVersion", SAID, **later, effectiveFrom=since)

    assert (added["calendar"]["version"], added["calendar"]["zone"]) == (1, "Europe/Paris")
    assert [(one["version"], one["zone"]) for one in added["calendar"]["versions"]] == [
        (1, "Europe/Paris"),
        (2, "America/New_York"),
    ]
    world.now.advance(days=60)
    answer = await alice.data('{ calendar(code: "shop") { version zone } }')
    assert answer["calendar"] == {"version": 2, "zone": "America/New_York"}


async def test_calendars_are_listed_by_their_codes(alice: Api, bruno: Api, world: World) -> None:
    await done(alice, "createCalendar", SAID, **shop(), clientMutationId="mine")
    listed = "{ calendars { code version versions { version } } }"

    calendars = (await alice.data(listed))["calendars"]

    codes = [calendar["code"] for calendar in calendars]
    assert codes == sorted(codes)
    assert "shop" in codes
    assert (await bruno.data(listed))["calendars"] == []
    assert "shop" not in str(await world.api(secret_of("zoe")).data(listed))


async def test_a_calendar_of_others_does_not_exist(alice: Api, bruno: Api) -> None:
    await done(alice, "createCalendar", SAID, **shop())

    for api, code in ((alice, "nobody's"), (bruno, "shop")):
        error = await api.refusal("query Q($c: String!) { calendar(code: $c) { name } }", c=code)
        assert error["extensions"]["code"] == "NOT_FOUND"


async def test_holidays_are_listed_so_that_each_can_be_switched_off(alice: Api) -> None:
    query = """query Q($part: String) { publicHolidays(
      country: "FR", subdivision: $part, year: 2026) { date name } }"""

    france = (await alice.data(query))["publicHolidays"]
    moselle = (await alice.data(query, part="57"))["publicHolidays"]

    assert len(france) == 11
    assert {"date": "2026-04-03", "name": "Vendredi saint"} in moselle
    off = {
        "country": "FR",
        "subdivision": "57",
        "firstYear": 2026,
        "lastYear": 2026,
        "excludedNames": ["Vendredi saint"],
        "excludedDates": ["2026-12-26"],
        "isSolidarityDayWorked": True,
    }
    made = await done(alice, "createCalendar", SAID, **shop(), holidays=off)
    dates = {one["date"] for one in moselle} - {"2026-04-03", "2026-12-26", "2026-05-25"}
    assert set(made["calendar"]["holidays"]) == dates


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ('country: "XX", year: 2026', "XX"),
        ('country: "FR", subdivision: "QQ", year: 2026', "QQ"),
        ('country: "FR", year: 99999', "30"),
    ],
)
async def test_holidays_of_nowhere_are_refused(alice: Api, arguments: str, said: str) -> None:
    error = await alice.refusal(f"{{ publicHolidays({arguments}) {{ name }} }}")

    assert said in error["message"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_a_client_lists_no_holidays_and_makes_no_calendar(bruno: Api) -> None:
    error = await bruno.refusal('{ publicHolidays(country: "FR", year: 2026) { name } }')
    refused = await do(bruno, "createCalendar", SAID, **shop())

    assert error["extensions"]["code"] == "FORBIDDEN"
    assert [one["code"] for one in refused["errors"]] == ["FORBIDDEN"]


def hours(opens_at: str, closes_at: str, weekday: str = "MONDAY") -> dict[str, str]:
    return {"weekday": weekday, "opensAt": opens_at, "closesAt": closes_at}


DAY = {"date": "2026-07-14", "hours": [{"opensAt": "09:00", "closesAt": "25:00"}]}
EMPTY_DAY = {"date": "2026-07-14", "hours": []}


@pytest.mark.parametrize(
    ("given", "path", "code"),
    [
        (shop(zone="Mars/Base"), "hours.zone", "CALENDAR_INVALID"),
        (shop(openingHours=[]), "hours", "CALENDAR_NEVER_OPEN"),
        (
            shop(openingHours=[hours("09:00", "12:00"), hours("11:00", "13:00")]),
            "hours.openingHours.monday",
            "CALENDAR_INVALID",
        ),
        (
            shop(openingHours=[hours("9h", "12:00")]),
            "hours.openingHours.0",
            "CALENDAR_INVALID",
        ),
        (
            shop(openingHours=[hours("24:00", "24:00")]),
            "hours.openingHours.0",
            "CALENDAR_INVALID",
        ),
        (shop(exceptions=[DAY]), "hours.exceptions.0.hours.0", "CALENDAR_INVALID"),
        (shop(breaks=[DAY]), "hours.breaks.0.hours.0", "CALENDAR_INVALID"),
        (
            shop(exceptions=[EMPTY_DAY, EMPTY_DAY]),
            "hours.exceptions.1.date",
            "CALENDAR_INVALID",
        ),
        (shop(yearlyHolidays=["24/12"]), "hours.yearlyHolidays", "CALENDAR_INVALID"),
        (shop(yearlyHolidays=["02-30"]), "hours.yearlyHolidays", "CALENDAR_INVALID"),
        (
            shop(recurringClosures=["RRULE:FREQ=HOURLY"]),
            "hours.recurringClosures",
            "CALENDAR_INVALID",
        ),
        ({**shop(), "holidays": {"country": "XX"}}, "holidays.country", "CALENDAR_INVALID"),
        (
            {**shop(), "holidays": {"country": "FR", "subdivision": "QQ"}},
            "holidays.subdivision",
            "CALENDAR_INVALID",
        ),
        (
            {**shop(), "holidays": {"country": "FR", "firstYear": 2026}},
            "holidays.lastYear",
            "CALENDAR_INVALID",
        ),
        (
            {**shop(), "holidays": {"country": "FR", "lastYear": 2026}},
            "holidays.firstYear",
            "CALENDAR_INVALID",
        ),
        (
            {**shop(), "holidays": {"country": "FR", "firstYear": 2027, "lastYear": 2026}},
            "holidays.years",
            "CALENDAR_INVALID",
        ),
        (
            {**shop(), "holidays": {"country": "FR", "excludedNames": ["Thanksgiving"]}},
            "holidays.excludedNames",
            "CALENDAR_INVALID",
        ),
        ({**shop(), "code": " "}, "code", "REQUIRED"),
    ],
)
async def test_hours_that_cannot_be_are_refused_with_the_input_at_fault(
    world: World, given: dict[str, Any], path: str, code: str
) -> None:
    before = await everything_in(world.database)
    said = []
    for person in ("alice", "zoe"):
        payload = await do(world.api(secret_of(person)), "createCalendar", SAID, **given)

        [error] = payload["errors"]
        assert payload["calendar"] is None
        assert (error["code"], ".".join(error["path"])) == (code, f"input.{path}")
        said.append(error["message"])
    assert said[0] != said[1]
    assert await everything_in(world.database) == before


@pytest.mark.parametrize(
    ("since", "code"),
    [
        ("2026-07-06T08:59:59+02:00", "VERSION_IN_PAST"),
        ("2090-01-01T00:00:00Z", "CALENDAR_INVALID"),
    ],
)
async def test_a_version_out_of_time_is_refused(alice: Api, since: str, code: str) -> None:
    await done(alice, "createCalendar", SAID, **shop())

    payload = await do(
        alice, "addCalendarVersion", SAID, code="shop", hours=SHOP, effectiveFrom=since
    )

    [error] = payload["errors"]
    assert (error["code"], error["path"]) == (code, ["input", "effectiveFrom"])


async def test_a_clock_is_told_in_sentences_in_the_language_asked_for(
    alice: Api, world: World
) -> None:
    world.now.advance(hours=2)
    query = """{ tickets(first: 1) { nodes { clocks { metric sentences
      french: sentences(locale: "fr") english: sentences(locale: "en")
      explanation { calendarVersion termsVersion } } } } }"""

    clocks = (await alice.data(query))["tickets"]["nodes"][0]["clocks"]

    clock = next(one for one in clocks if one["metric"] == "FIRST_RESPONSE")
    assert clock["sentences"] == clock["french"]
    assert clock["french"][0].startswith("Demande ouverte le lundi")
    assert clock["english"][0].startswith("The request was opened on Monday")
    assert clock["explanation"][-1] == {"calendarVersion": 1, "termsVersion": 1}


async def test_what_if_is_answered_with_the_clocks_and_their_stories(
    alice: Api, world: World
) -> None:
    query = """query Q($id: ID!, $s: SuppositionInput) {
      previewDeadline(contractId: $id, priority: P1, at: "2026-07-06T07:00:00Z", supposing: $s) {
        metric state deadlineAt sentences(locale: "en") explanation { kind reason } } }"""
    supposing = {
        "firstResponseAt": "2026-07-06T07:30:00Z",
        "waits": [
            {"from": "2026-07-06T08:00:00Z", "to": "2026-07-06T12:00:00Z", "on": "CLIENT"},
            {"from": "2026-07-06T13:00:00Z", "on": "QUOTE_ANSWER"},
        ],
        "readAt": "2026-07-06T14:00:00Z",
    }

    told = await alice.data(query, id=world.bruno.global_id(Noun.CONTRACT), s=supposing)

    resolution = next(one for one in told["previewDeadline"] if one["metric"] == "RESOLUTION")
    assert (resolution["state"], resolution["deadlineAt"]) == ("PAUSED", None)
    reasons = [one["reason"] for one in resolution["explanation"] if one["kind"] == "PAUSED"]
    assert reasons == ["CLIENT", "QUOTE_ANSWER"]
    assert any("waiting for your answer to the quote" in one for one in resolution["sentences"])


async def test_what_if_things_happened_backwards_is_refused(alice: Api, world: World) -> None:
    query = """query Q($id: ID!, $s: SuppositionInput) {
      previewDeadline(contractId: $id, priority: P1, at: "2026-07-06T07:00:00Z", supposing: $s) {
        metric } }"""
    supposing = {"resolvedAt": "2026-07-06T06:00:00Z"}

    error = await alice.refusal(query, id=world.bruno.global_id(Noun.CONTRACT), s=supposing)

    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "mettez les instants dans l'ordre" in error["message"]
