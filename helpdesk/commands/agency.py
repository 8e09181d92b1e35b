"""`helpdesk agency create`: the first thing after the tables."""

import argparse

from helpdesk.bootstrap import Engine
from helpdesk.domain.business_hours import BusinessHours
from helpdesk.domain.errors import Locale
from helpdesk.presets.catalogue import calendar_codes, calendar_hours, holiday_years
from helpdesk.public_holidays import public_holidays
from helpdesk.usecases.found_agency import FoundAgency, found_agency

CREATED = """Agency {name}, written to at {mailbox}.
{manager}'s token, shown this once:

Authorization: Bearer {secret}"""


def add_words(parser: argparse.ArgumentParser) -> None:
    """Say what `agency create` is told."""
    parser.add_argument("name")
    parser.add_argument("--mailbox", required=True, help="the address that clients write to")
    parser.add_argument("--manager", required=True, help="the name of its first manager")
    parser.add_argument("--email", required=True, help="the manager's own address")
    parser.add_argument("--zone", default="Europe/Paris")
    parser.add_argument("--language", choices=[one.value for one in Locale], default="fr")
    parser.add_argument("--holidays", default="FR", help="the country of its public holidays")
    parser.add_argument("--subdivision", help="a part of it: 57 or 6AE for Alsace-Moselle")


async def create(engine: Engine, options: argparse.Namespace) -> str:
    """Make the agency with the preset calendars, and return what to tell its manager."""
    BusinessHours.always_open(options.zone)  # refuses what is no time zone
    years = holiday_years(engine.desk.now(), options.zone)
    holidays = public_holidays(options.holidays, options.subdivision, years)
    request = FoundAgency(
        name=options.name,
        mailbox=options.mailbox,
        locale=Locale(options.language),
        zone=options.zone,
        manager_name=options.manager,
        manager_email=options.email,
        calendars={code: calendar_hours(code, options.zone, holidays) for code in calendar_codes()},
    )
    founded = await found_agency(engine.desk, request)
    return CREATED.format(
        name=founded.agency.name,
        mailbox=founded.agency.mailbox,
        manager=request.manager_name,
        secret=founded.secret,
    )
