"""What the monthly report tells of the sites: announced work, outages, figures."""

from datetime import date, timedelta
from decimal import Decimal

from helpdesk.domain.report_lines import ForecastKind
from helpdesk.domain.site_record import Certificate, Performance
from helpdesk.usecases.plan_maintenance import (
    AnnounceMaintenance,
    CancelMaintenance,
    announce_maintenance,
    cancel_maintenance,
)
from helpdesk.usecases.record_incident import RecordIncident, record_incident
from helpdesk.usecases.record_on_site import RecordOnSite, record_on_site
from tests.factories import at
from tests.usecases.reports import (
    READY,
    SITE,
    preview,
)
from tests.usecases.world import World

REVIEW = (ForecastKind.MEETING, date(2027, 1, 1))
"""A contract is reviewed a year after it began, at the latest."""


async def test_announced_work_and_the_last_load_time_of_a_site_are_told(both_worlds: World) -> None:
    world = both_worlds
    for start in ("08-20 03:00", "08-22 03:00", "12-20 03:00"):
        request = AnnounceMaintenance(SITE, at(start), at(start) + timedelta(hours=1), "New server")
        work = await announce_maintenance(world.desk, viewer=world.alice, request=request)
        if start == "08-22 03:00":
            await cancel_maintenance(
                world.desk, viewer=world.alice, request=CancelMaintenance(work.id)
            )
    for when, milliseconds in (("07-10 09:00", 2400), ("07-20 09:00", 1890), ("07-21 09:00", None)):
        world.now.set(at(when) + timedelta(hours=1))
        figures = {"cls": Decimal(1)}
        if milliseconds is not None:
            figures["largest-contentful-paint"] = Decimal(milliseconds)
        fact = Performance("https://bruno.example", "Lighthouse", figures)
        record = RecordOnSite(SITE, at(when), fact)
        await record_on_site(world.desk, viewer=world.alice, request=record)
    world.now.set(READY)

    lines = (await preview(world)).lines

    assert [(one.kind, one.subject, one.on) for one in lines.forecast] == [
        (ForecastKind.PLANNED_WORK, "bruno.example · New server", date(2026, 8, 20)),
        (ForecastKind.MEETING, "TMA-BRUNO", REVIEW[1]),
    ]
    assert [(one.code, one.value) for one in lines.indicators] == [("load_time", 1890)]


async def test_an_outage_in_announced_maintenance_is_told_as_such(both_worlds: World) -> None:
    world = both_worlds
    window = at("07-15 02:00"), at("07-15 04:00")
    request = AnnounceMaintenance(SITE, *window, "New server")
    await announce_maintenance(world.desk, viewer=world.alice, request=request)
    world.now.set(READY)
    for start, minutes in (("07-15 02:30", 30), ("07-20 09:00", 10)):
        began = at(start)
        outage = RecordIncident(SITE, began, "Down", began + timedelta(minutes=minutes))
        await record_incident(world.desk, viewer=world.alice, request=outage)
    certificate = RecordOnSite(
        SITE, at("07-20 09:00"), Certificate("bruno.example", at("12-31 00:00"))
    )
    await record_on_site(world.desk, viewer=world.alice, request=certificate)

    lines = (await preview(world)).lines

    assert [one.excluded for one in lines.availability[0].incidents] == [
        "PLANNED_MAINTENANCE",
        None,
    ]
    assert lines.alerts == ()
