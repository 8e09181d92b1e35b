"""The public holidays of a year, listed so that each can be switched off in a calendar."""

from collections.abc import Mapping
from datetime import date

from helpdesk.domain.access import Scope, Viewer
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.public_holidays import HolidayChoice


def list_public_holidays(
    desk: Desk, *, viewer: Viewer, country: str, subdivision: str | None, year: int
) -> Mapping[date, str]:
    """Return the holidays with their names in the viewer's language, in the order of the dates.

    Raises HolidayYearsImpossible, and what the list refuses: a country or a subdivision unknown.
    """
    viewer.require_agency(Scope.AGENCY_READ)
    choice = HolidayChoice(country, subdivision, (year, year))
    return desk.public_holidays.listed(
        choice.country, choice.subdivision, year, locale=viewer.locale
    )
