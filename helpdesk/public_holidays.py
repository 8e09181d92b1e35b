"""The public holidays of a country or of a part of it, listed so that each can be switched off."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

import holidays
from dateutil.easter import easter
from holidays.holiday_base import HolidayBase

from helpdesk.domain.errors import ErrorCode, HelpdeskError, Locale

ALSACE = "6AE"
MOSELLE = "57"

_NAMES_OF_ONE_DATE = "; "
_EASTER_TO_WHIT_MONDAY = timedelta(days=50)


class CountryUnknown(HelpdeskError):
    """A calendar without its holidays would count days that nobody works."""

    code = ErrorCode.CALENDAR_INVALID
    english = "No public holidays are known for “{country}”: give an ISO 3166 code such as FR."
    french = (
        "Aucun jour férié n'est connu pour « {country} » : donnez un code ISO 3166, par exemple FR."
    )


class SubdivisionUnknown(HelpdeskError):
    """A part of a country may have holidays of its own, as Alsace and Moselle do."""

    code = ErrorCode.CALENDAR_INVALID
    english = "{country} has no subdivision “{subdivision}”: choose one of {known}, or none."
    french = (
        "{country} n'a pas de subdivision « {subdivision} » : choisissez parmi {known}, ou rien."
    )


class HolidayNotListed(HelpdeskError):
    """Switching off a holiday that is not there changes nothing, so it is a mistake in its name."""

    code = ErrorCode.CALENDAR_INVALID
    english = "{holiday} is not a public holiday of {country} in these years: take it off the list."
    french = (
        "{holiday} n'est pas un jour férié de {country} ces années-là : retirez-le de la liste."
    )


def public_holidays(
    country: str,
    subdivision: str | None,
    years: Iterable[int],
    *,
    locale: Locale = Locale.FR,
    excluded_names: Collection[str] = (),
    excluded_dates: Collection[date] = (),
) -> Mapping[date, str]:
    """Return the public holidays of the years with their names, in the order of the dates.

    The names are in the reader's language, or in the country's own where the package lacks it.
    `excluded_names` switches a holiday off every year, as it is named here (Good Friday where it is
    worked); `excluded_dates` switches off one date, whatever its name (`solidarity_days`). Raises
    `CountryUnknown`, `SubdivisionUnknown` and `HolidayNotListed`.

    >>> alsace = public_holidays("FR", ALSACE, [2026], locale=Locale.EN)
    >>> alsace[date(2026, 4, 3)]
    'Good Friday'
    """
    known = _known_country(country)
    _check_subdivision(country, subdivision, known)
    found = holidays.country_holidays(
        country, subdiv=subdivision, years=years, language=_language(known, locale)
    )
    names_by_day = {day: name.split(_NAMES_OF_ONE_DATE) for day, name in sorted(found.items())}
    listed = {name for names in names_by_day.values() for name in names} | names_by_day.keys()
    for excluded in (*excluded_names, *excluded_dates):
        if excluded not in listed:
            where = "excluded_dates" if isinstance(excluded, date) else "excluded_names"
            raise HolidayNotListed(holiday=excluded, country=country, path=(where,))
    kept = {
        day: _NAMES_OF_ONE_DATE.join(name for name in names if name not in excluded_names)
        for day, names in names_by_day.items()
        if day not in excluded_dates
    }
    return {day: name for day, name in kept.items() if name}


def solidarity_days(years: Iterable[int]) -> frozenset[date]:
    """Return the Whit Mondays of the years, the *journée de solidarité* of most French companies.

    A day worked without pay, on the date that the company's agreement sets: excluded from the
    holidays, these dates are worked. In the law it is a holiday since 2008 again. Source: Code du
    travail, L. 3133-7 and L. 3133-11.

    >>> solidarity_days([2026])
    frozenset({datetime.date(2026, 5, 25)})
    """
    return frozenset(easter(year) + _EASTER_TO_WHIT_MONDAY for year in years)


def _known_country(country: str) -> HolidayBase:
    try:
        return holidays.country_holidays(country)
    except NotImplementedError:
        raise CountryUnknown(country=country, path=("country",)) from None


def _check_subdivision(country: str, subdivision: str | None, known: HolidayBase) -> None:
    # Checked here because the package accepts names it has withdrawn, with a mere warning.
    names = (*known.subdivisions, *known.subdivisions_aliases)
    if subdivision is not None and subdivision not in names:
        raise SubdivisionUnknown(
            country=country,
            subdivision=subdivision,
            known=", ".join(names),
            path=("subdivision",),
        )


def _language(known: HolidayBase, locale: Locale) -> str | None:
    offered = (name for name in known.supported_languages if name.startswith(locale.value))
    return next(offered, known.default_language)
