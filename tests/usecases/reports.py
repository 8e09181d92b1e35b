"""The month of July of Bruno's contract, lived through and reported."""

from datetime import datetime, timedelta
from typing import Any

from helpdesk.domain.ids import SiteId
from helpdesk.domain.month import Month
from helpdesk.domain.monthly_report import Report, ReportContent
from helpdesk.domain.priority import Impact, Urgency
from helpdesk.domain.site_record import (
    Certificate,
    Environment,
    Severity,
    SiteFact,
    Update,
    Vulnerability,
)
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.uptime_clause import OutageReason
from helpdesk.usecases.log_work import LogWork, log_work
from helpdesk.usecases.postpone_ticket import PostponeTicket, postpone_ticket
from helpdesk.usecases.preview_report import PreviewReport, preview_report
from helpdesk.usecases.publish_report import PublishReport, publish_report
from helpdesk.usecases.purchase_pack import PurchasePack, purchase_pack
from helpdesk.usecases.record_incident import RecordIncident, record_incident
from helpdesk.usecases.record_on_site import RecordOnSite, record_on_site
from helpdesk.usecases.record_watch import RecordWatch, record_watch
from helpdesk.usecases.reply_to_ticket import ReplyToTicket, reply_to_ticket
from helpdesk.usecases.resolve_ticket import resolve_ticket
from helpdesk.usecases.ticket_step import TicketStepRequest
from tests.factories import at
from tests.usecases.retainers import CONTRACT, PACK, RUN, TICKETS, opened
from tests.usecases.world import World

JULY, AUGUST = Month(2026, 7), Month(2026, 8)
SITE = SiteId("bruno.example")
MONTH_END = at("08-01 00:00")
READY = at("08-03 09:00")


async def answered(world: World, ticket: Ticket, when: datetime) -> Ticket:
    """Have Alice answer a ticket."""
    world.now.set(when)
    request = ReplyToTicket(ticket.id, "We are on it.")
    return (await reply_to_ticket(world.desk, viewer=world.alice, request=request)).ticket


async def resolved(world: World, ticket: Ticket, when: datetime) -> Ticket:
    """Have Alice resolve a ticket."""
    world.now.set(when)
    request = TicketStepRequest(ticket.id)
    return await resolve_ticket(world.desk, viewer=world.alice, request=request)


async def worked(world: World, ticket: Ticket, minutes: int, when: datetime) -> None:
    """Have Alice work on a ticket, at the cost of the run allowance."""
    world.now.set(when)
    request = LogWork(ticket.id, minutes, when - timedelta(minutes=minutes), unit=RUN)
    await log_work(world.desk, viewer=world.alice, request=request)


async def july(world: World) -> None:
    """Live through July: a late P1, a postponed P2, work, an outage, an update, a pack."""
    await opened(world, TICKETS, 5)
    await opened(world, RUN, 120)
    await opened(world, PACK)
    await pack_bought(world, 600, months=2)
    urgent = await world.ticket("The payment fails", impact=Impact.MAJOR, urgency=Urgency.HIGH)
    normal = await world.ticket("A banner to translate", impact=Impact.MINOR)
    await answered(world, normal, at("07-06 11:00"))
    await answered(world, urgent, at("07-08 10:00"))
    await resolved(world, urgent, at("07-08 12:00"))
    await worked(world, urgent, 45, at("07-08 12:30"))
    await put_off(world, normal, at("08-20 10:00"))
    await site_watched(world)
    world.now.set(READY)


async def pack_bought(world: World, minutes: int, **asked: Any) -> None:  # Any: its fields
    """Sell Bruno a pack of hours."""
    request = PurchasePack(CONTRACT, minutes, **asked)
    await purchase_pack(world.desk, viewer=world.alice, request=request)


async def put_off(world: World, ticket: Ticket, new_due: datetime) -> None:
    """Put the delivery of a ticket off."""
    request = PostponeTicket(ticket.id, new_due, "The host is late")
    await postpone_ticket(world.desk, viewer=world.alice, request=request)


async def site_watched(world: World) -> None:
    """Have the site of Bruno watched from July on: outages, updates, a certificate, a weakness."""
    world.now.set(at("07-31 12:00"))
    watch = RecordWatch(SITE, "UptimeRobot", at("07-01 00:00"))
    await record_watch(world.desk, viewer=world.alice, request=watch)
    for began, minutes, reason in (
        ("07-17 09:00", 45, OutageReason.APPLICATION),
        ("07-20 03:00", 30, OutageReason.HOSTING_FAILURE),
    ):
        outage = RecordIncident(
            SITE, at(began), "Error 502", at(began) + timedelta(minutes=minutes), reason
        )
        await record_incident(world.desk, viewer=world.alice, request=outage)
    production = Environment.PRODUCTION
    facts: tuple[tuple[str, SiteFact], ...] = (
        ("07-12 09:00", Update("WordPress", "6.7.1", "6.7.2", production, at("07-11 09:00"))),
        ("07-13 09:00", Update("WooCommerce", "9.6.0", "9.6.2", production)),
        ("07-14 09:00", Certificate("bruno.example", at("08-25 00:00"))),
        (
            "07-15 09:00",
            Vulnerability("Slider", "CVE-1", Severity.HIGH, "Injection", "WPScan", fixed_in="2.1"),
        ),
    )
    for when, fact in facts:
        record = RecordOnSite(SITE, at(when), fact)
        await record_on_site(world.desk, viewer=world.alice, request=record)


async def preview(world: World, month: Month = JULY) -> ReportContent:
    """Return the report of Bruno's contract as Alice previews it."""
    request = PreviewReport(CONTRACT, month)
    return await preview_report(world.desk, viewer=world.alice, request=request)


async def published(world: World, month: Month = JULY, **asked: Any) -> Report:  # Any: its fields
    """Return the report of Bruno's contract that Alice publishes."""
    request = PublishReport(CONTRACT, month, **asked)
    return await publish_report(world.desk, viewer=world.alice, request=request)
