"""Compliance, the breach register and the published report tell the same of one month."""

from collections import Counter
from typing import Any

from helpdesk.domain.breach import Breach, ConsequenceKind, UptimeBreach
from helpdesk.domain.contract import Contract
from helpdesk.domain.month import Months
from helpdesk.domain.priority import Impact, Priority, Urgency
from helpdesk.domain.report_lines import SlaVerdict
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.breach_register import RegisteredBreach, breach_register
from helpdesk.usecases.postpone_ticket import PostponeTicket, postpone_ticket
from helpdesk.usecases.publish_report import PublishReport, publish_report
from helpdesk.usecases.record_incident import RecordIncident, record_incident
from helpdesk.usecases.record_watch import RecordWatch, record_watch
from helpdesk.usecases.sla_compliance import SlaComplianceQuestion
from tests.factories import at
from tests.usecases.classifications import exclude
from tests.usecases.clocks import asked
from tests.usecases.compensations import JULY, compensating, late_p0, settle
from tests.usecases.contracts import SITE
from tests.usecases.world import World

BROKEN = {SlaVerdict.BROKEN, SlaVerdict.BROKEN_DOCUMENTED}


async def opened(world: World, when: str, impact: Impact, urgency: Urgency) -> Ticket:
    """Return a ticket of Bruno's site that nobody answers."""
    world.now.set(at(when))
    return await world.ticket(site_id=SITE, impact=impact, urgency=urgency)


async def broken_month(world: World) -> Contract:
    """Return a contract of which every kind of promise was broken in July, some excluded."""
    contract = await compensating(world)
    watch = RecordWatch(SITE, "probe", at("06-30 00:00"))
    await record_watch(world.desk, viewer=world.alice, request=watch)
    await late_p0(world)
    excluded = await late_p0(world, opened="07-08 09:00", resolved="07-10 09:00")
    await exclude(world, excluded)
    await opened(world, "07-10 10:00", Impact.CRITICAL, Urgency.HIGH)  # a P0, never answered
    await opened(world, "07-10 11:00", Impact.MAJOR, Urgency.HIGH)  # a P1
    put_off = await opened(world, "07-10 12:00", Impact.MINOR, Urgency.NORMAL)  # a P2
    world.now.set(at("07-13 09:00"))
    postponement = PostponeTicket(put_off.id, at("07-24 10:00"), "The host is late")
    await postpone_ticket(world.desk, viewer=world.alice, request=postponement)
    outage = RecordIncident(SITE, at("07-20 09:00"), "Down", at("07-20 20:00"))
    world.now.set(at("07-20 21:00"))
    await record_incident(world.desk, viewer=world.alice, request=outage)
    world.now.set(at("08-03 09:00"))
    await settle(world, contract)
    return contract


def told_by_register(rows: tuple[RegisteredBreach, ...]) -> Counter[tuple[int, str, bool]]:
    """Count the broken promises about tickets, by number, metric and exclusion."""
    found = [row.consequence.breach for row in rows]
    return Counter(
        (int(one.ticket.number), one.clock.metric.value, not one.is_compensable)
        for one in found
        if isinstance(one, Breach)
    )


def told_by_report(snapshot: Any) -> Counter[tuple[int, str, bool]]:  # Any: JSON
    """Count them likewise, as the frozen report has them."""
    return Counter(
        (ticket["number"], promise["metric"], bool(ticket["exclusions"]))
        for ticket in snapshot["rubrics"][1]["tickets"]
        for promise in ticket["promises"]
        if promise["verdict"] in BROKEN
        for _ in range(promise["count"])
    )


async def test_the_same_breaches_are_told_everywhere(both_worlds: World) -> None:
    world = both_worlds
    contract = await broken_month(world)

    question = SlaComplianceQuestion(Months(JULY, JULY))
    figures = (await asked(world, world.alice, question)).total.figures
    rows = await breach_register(
        world.desk, viewer=world.alice, contract_id=contract.id, month=JULY
    )
    request = PublishReport(contract.id, JULY)
    report = await publish_report(world.desk, viewer=world.alice, request=request)

    by_register = told_by_register(rows)
    by_report = told_by_report(report.snapshot)
    assert by_report == by_register
    assert figures.missed == by_register.total()
    excluded = {one: count for one, count in by_register.items() if one[2]}
    assert figures.missed_excluded == sum(excluded.values()) > 0
    found = [row.consequence.breach for row in rows]
    priorities = {one.priority for one in found if isinstance(one, Breach)}
    assert {Priority.P0, Priority.P1, Priority.P2} <= priorities
    [uptime] = [row for row in rows if isinstance(row.consequence.breach, UptimeBreach)]
    assert uptime.consequence.kind is ConsequenceKind.CREDIT
    assert report.snapshot is not None
    [site] = report.snapshot["rubrics"][4]["sites"]
    assert (site["isMeasured"], site["isMet"]) == (True, False)
