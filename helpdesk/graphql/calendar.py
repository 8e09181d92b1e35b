"""Calendars: the hours in which the time of a promise counts."""

from datetime import date, datetime

import strawberry

from helpdesk.domain.business_hours import Weekday
from helpdesk.graphql.fields import attribute, described_enum

described_enum(
    Weekday,
    "Weekday",
    "A day of the week.",
    {weekday: f"{weekday.name.capitalize()}." for weekday in Weekday},
)


@strawberry.type(description="Hours between an opening and a closing, on the wall clock.")
class OpenHours:
    """Hours between an opening and a closing."""

    opens_at: str = attribute("When it opens, such as `09:00`.")
    closes_at: str = attribute(
        "When it closes, such as `18:00` or `24:00`; at or before the opening, it is the next day."
    )


@strawberry.type(description="Hours of every week.")
class WeeklyHours:
    """Hours of every week."""

    weekday: Weekday = attribute("The day on which the hours begin.")
    opens_at: str = attribute("When it opens, such as `09:00`.")
    closes_at: str = attribute(
        "When it closes, such as `18:00` or `24:00`; at or before the opening, it is the next day."
    )


@strawberry.type(description="A date with hours of its own.")
class CalendarDay:
    """A date with hours of its own."""

    day: date = attribute("The date.", name="date")
    hours: list[OpenHours] = attribute("The hours; none means the whole day.", points=2)


@strawberry.type(description="The hours of a calendar from an instant on; never edited.")
class CalendarVersion:
    """The hours of a calendar from an instant on."""

    version: int = attribute("The number of this version; versions are never edited.")
    effective_from: datetime = attribute("Since when this version counts.")
    published_at: datetime | None = attribute(
        "When this version was written down; absent where nobody noted it."
    )
    corrects: int | None = attribute(
        "The version that this one replaces as a whole; absent when it is no correction."
    )
    replaced_by: int | None = attribute(
        "The version that corrects this one, which counts no more; absent while none does."
    )
    zone: str = attribute("The time zone of the hours, such as `Europe/Paris`.")
    opening_hours: list[WeeklyHours] = attribute("The hours of the week.", points=7)
    holidays: list[date] = attribute("The dates on which nothing opens.")
    holiday_truncates: bool = attribute(
        "Whether a night that begins before a holiday ends at its midnight."
    )
    yearly_holidays: list[str] = attribute("The days of every year without opening, as `MM-DD`.")
    recurring_closures: list[str] = attribute(
        "The days that are closed again and again, as rules of RFC 5545."
    )
    exceptions: list[CalendarDay] = attribute(
        "The dates whose hours replace those of the week; without hours, the day is closed.",
        points=2,
    )
    breaks: list[CalendarDay] = attribute("The hours cut out of a date.", points=2)


@strawberry.type(
    description="The hours in which the time of a promise counts, as one version of them says."
)
class Calendar(CalendarVersion):
    """The hours in which the time of a promise counts."""

    code: str = attribute("The name by which the contract calls the calendar.")
    name: str = attribute("The name for people.")
    versions: list[CalendarVersion] = attribute(
        "Every version that was ever written, in the order of their numbers.", points=3
    )


@strawberry.type(description="A public holiday of a country, or of a part of it.")
class PublicHoliday:
    """A public holiday."""

    day: date = attribute("The date.", name="date")
    name: str = attribute("Its name, in the language of the viewer where it is known.")
