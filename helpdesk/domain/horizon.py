"""The dates for which a calendar is compiled, outside which it answers nothing."""

from dataclasses import dataclass
from datetime import date

from helpdesk.domain.errors import ErrorCode, HelpdeskError


class HorizonImpossible(HelpdeskError):
    """A calendar is compiled for a first and a last date in this order."""

    code = ErrorCode.CALENDAR_INVALID
    english = "No calendar goes from {first} to {last}: give a first date, then a later last date."
    french = (
        "Aucun calendrier ne va du {first} au {last} : donnez une première date, puis une dernière "
        "date plus tardive."
    )


class BeyondHorizon(HelpdeskError):
    """Outside its horizon a calendar knows nothing, so it refuses rather than guesses."""

    code = ErrorCode.CALENDAR_HORIZON
    english = (
        "{instant} is outside the calendar, compiled from {first} to {last}: "
        "compile a horizon that contains it."
    )
    french = (
        "{instant} est en dehors du calendrier, compilé du {first} au {last} : "
        "compilez un horizon qui le contient."
    )


class AmountBeyondHorizon(BeyondHorizon):
    """A deadline past the end of the calendar would be computed without its holidays."""

    english = (
        "{seconds} s of open time from {instant} end outside the calendar, compiled from {first} "
        "to {last}: compile a longer horizon."
    )
    french = (
        "{seconds} s de temps ouvré à partir de {instant} finissent en dehors du calendrier, "
        "compilé du {first} au {last} : compilez un horizon plus long."
    )


class OpeningBeyondHorizon(BeyondHorizon):
    """An opening past the end of the calendar would be given without its holidays."""

    english = (
        "The opening nearest to {instant} is outside the calendar, compiled from {first} to "
        "{last}: compile a longer horizon."
    )
    french = (
        "L'ouverture la plus proche de {instant} est en dehors du calendrier, compilé du {first} "
        "au {last} : compilez un horizon plus long."
    )


class DaysBeyondHorizon(BeyondHorizon):
    """A date past the end of the calendar would be counted without its holidays."""

    english = (
        "{days} working days from {instant} end outside the calendar, compiled from {first} "
        "to {last}: compile a longer horizon."
    )
    french = (
        "{days} jours ouvrés à partir du {instant} finissent en dehors du calendrier, "
        "compilé du {first} au {last} : compilez un horizon plus long."
    )


@dataclass(frozen=True, slots=True)
class Horizon:
    """The dates from `first` to `last`, both included; reversed, it raises `HorizonImpossible`."""

    first: date
    last: date

    def __post_init__(self) -> None:
        # The first and last years of Python's own calendar have no night before or day after.
        within = date.min.year < self.first.year and self.last.year < date.max.year
        if not within or self.first > self.last:
            raise HorizonImpossible(first=self.first, last=self.last)

    def day_number(self, day: date) -> int:
        """Return how many days after the first the date is, or raise `BeyondHorizon`.

        >>> Horizon(date(2026, 1, 1), date(2026, 12, 31)).day_number(date(2026, 2, 1))
        31
        """
        if not self.first <= day <= self.last:
            raise self.beyond(day)
        return day.toordinal() - self.first.toordinal()

    def beyond(self, instant: object) -> BeyondHorizon:
        """Return the refusal of an instant or a date outside."""
        return BeyondHorizon(instant=instant, first=self.first, last=self.last)

    def opening_beyond(self, instant: object) -> OpeningBeyondHorizon:
        """Return the refusal of a next opening or a last closing that is outside."""
        return OpeningBeyondHorizon(instant=instant, first=self.first, last=self.last)

    def amount_beyond(self, instant: object, seconds: int) -> AmountBeyondHorizon:
        """Return the refusal of an amount of open time that ends outside."""
        return AmountBeyondHorizon(
            instant=instant, seconds=seconds, first=self.first, last=self.last
        )

    def days_beyond(self, day: date, days: int) -> DaysBeyondHorizon:
        """Return the refusal of a number of working days that end outside."""
        return DaysBeyondHorizon(instant=day, days=days, first=self.first, last=self.last)
