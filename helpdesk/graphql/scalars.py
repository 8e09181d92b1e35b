"""The scalars of the API, strict in what they accept."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import NewType
from urllib.parse import urlsplit

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from helpdesk.domain.errors import Locale
from helpdesk.domain.month import Month

EmailAddress = NewType("EmailAddress", str)
LocaleCode = NewType("LocaleCode", str)
Url = NewType("Url", str)


def parse_instant(value: object) -> datetime:
    """Return the instant that a text says, in UTC; a text without an offset is refused."""
    if not isinstance(value, str):
        raise GraphQLError('A DateTime is a text such as "2026-03-29T09:00:00+02:00".')
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        raise GraphQLError(
            f'"{value}" is not an RFC 3339 date and time: write "2026-03-29T09:00:00+02:00".'
        ) from None
    if "T" not in value.upper() or instant.utcoffset() is None:
        raise GraphQLError(
            f'"{value}" does not say when: give a date, a time and an offset, '
            'such as "2026-03-29T09:00:00+02:00" or "2026-03-29T07:00:00Z".'
        )
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise GraphQLError(f'"{value}" is beyond the calendar.') from None


def instant_text(value: object) -> str:
    """Return an instant as RFC 3339 in UTC.

    >>> instant_text(datetime(2026, 3, 29, 9, tzinfo=UTC))
    '2026-03-29T09:00:00Z'
    """
    if not isinstance(value, datetime) or value.utcoffset() is None:
        raise TypeError(f"{value!r} is not an instant")
    if value.tzinfo is not UTC:
        value = value.astimezone(UTC)
    return value.isoformat()[:-6] + "Z"


def parse_date(value: object) -> date:
    """Return the date that a text says."""
    try:
        if isinstance(value, str) and len(value) == len("2026-03-29"):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise GraphQLError(f'{value!r} is not a date: write "2026-03-29".')


def parse_month(value: object) -> Month:
    """Return the month that a text names. Raises MonthInvalid."""
    return Month.parsed(str(value))


def parse_email(value: object) -> EmailAddress:
    """Return an address; whether somebody can be written to there is the verb's question."""
    if isinstance(value, str) and "@" in value:
        return EmailAddress(value)
    raise GraphQLError(f'{value!r} is not a mail address: write "name@example.org".')


def parse_locale(value: object) -> LocaleCode:
    """Return the language that a text names."""
    try:
        return LocaleCode(Locale(str(value)))
    except ValueError:
        known = " or ".join(f'"{locale.value}"' for locale in Locale)
        raise GraphQLError(f"{value!r} is not a language of the engine: give {known}.") from None


def parse_url(value: object) -> Url:
    """Return a web address."""
    try:
        if isinstance(value, str) and urlsplit(value).scheme in {"http", "https"}:
            return Url(value)
    except ValueError:
        pass
    raise GraphQLError(f'{value!r} is not a web address: write "https://example.org".')


SCALARS: Mapping[object, ScalarDefinition] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description=(
            "An instant as RFC 3339 text. An offset is required on input; output is in UTC, "
            "such as `2026-03-29T07:00:00Z`."
        ),
        specified_by_url="https://scalars.graphql.org/andimarek/date-time.html",
        serialize=instant_text,
        parse_value=parse_instant,
    ),
    date: strawberry.scalar(
        name="Date",
        description="A day on the calendar of the agency's time zone, such as `2026-03-29`.",
        specified_by_url="https://scalars.graphql.org/andimarek/local-date.html",
        serialize=date.isoformat,
        parse_value=parse_date,
    ),
    Month: strawberry.scalar(
        name="Month",
        description="A month on the calendar of the agency's time zone, such as `2026-07`.",
        serialize=str,
        parse_value=parse_month,
    ),
    EmailAddress: strawberry.scalar(
        name="EmailAddress",
        description="A mail address, such as `name@example.org`; upper and lower case are equal.",
        serialize=str,
        parse_value=parse_email,
    ),
    LocaleCode: strawberry.scalar(
        name="Locale",
        description="A language of the engine by its two-letter code: `fr` or `en`.",
        serialize=str,
        parse_value=parse_locale,
    ),
    Url: strawberry.scalar(
        name="URL",
        description="A web address with its scheme, such as `https://example.org`.",
        specified_by_url="https://url.spec.whatwg.org/",
        serialize=str,
        parse_value=parse_url,
    ),
}
