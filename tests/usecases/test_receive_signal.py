"""A monitoring tool calls: an outage is one incident with one P0, and its end ends both."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from typing_extensions import override

from helpdesk.domain.ids import (
    AgencyId,
    AgentId,
    IncidentId,
    MonitoringHookId,
    SignalId,
    SiteId,
    TicketId,
)
from helpdesk.domain.monitoring import (
    MonitoringTool,
    Proof,
    SignalSiteUnknown,
    SignalState,
)
from helpdesk.domain.ticket import TicketStatus
from helpdesk.monitoring.tools import PublicTools
from helpdesk.storage.tables.availability import INCIDENT, INCIDENT_FACT, PROBE_WATCH
from helpdesk.storage.tables.monitoring import MONITORING_SIGNAL
from helpdesk.storage.tables.ticket import MESSAGE, TICKET
from helpdesk.usecases.assign_ticket import AssignTicket, assign_ticket
from helpdesk.usecases.change_incident import CorrectIncident, correct_incident
from helpdesk.usecases.log_work import LogWork, log_work
from helpdesk.usecases.receive_signal import ReceiveSignal, do_what_was_left, receive_signal
from helpdesk.usecases.resolve_ticket import resolve_ticket
from helpdesk.usecases.ticket_step import TicketStepRequest
from tests.usecases.monitoring import (
    BRUNOS_SITE,
    a_hook,
    an_event,
    called,
    robot_says,
    signed,
)
from tests.usecases.world import World


async def test_an_outage_opens_a_p0_once_and_its_end_ends_both(both_worlds: World) -> None:
    world = both_worlds
    hook = await a_hook(world)

    first = await called(world, hook, an_event(beganAt="2026-07-06T06:58:12Z"))
    again = await called(world, hook, an_event(beganAt="2026-07-06T06:58:12Z", detail="Still."))
    world.now.advance(minutes=10)
    over = await called(world, hook, an_event("incident.resolved", endedAt="2026-07-06T07:05:00Z"))

    [incident] = await world.rows(INCIDENT)
    [ticket] = await world.rows(TICKET)
    assert [one.state for one in (first, again, over)] == [SignalState.DONE] * 3
    assert (incident["began_at"].minute, incident["ended_at"].minute) == (58, 5)
    assert (incident["site_id"], incident["ticket_id"]) == (BRUNOS_SITE, ticket["id"])
    assert (ticket["priority"], ticket["kind"], ticket["channel"]) == (
        "P0",
        "MONITORING",
        "MONITORING",
    )
    assert (ticket["status"], ticket["contract_id"]) == ("RESOLVED", "contract-of-bruno")
    assert [row["kind"] for row in await world.rows(INCIDENT_FACT)] == ["RECORDED", "ENDED"]
    told = [row for row in await world.rows(MESSAGE) if row["is_automatic"]]
    assert [row["body"] for row in told] == [
        "Probe signale que « The shop is down » a pris fin le 2026-07-06 09:05."
    ]


async def test_a_ticket_that_somebody_works_on_is_told_and_left_open(both_worlds: World) -> None:
    world = both_worlds
    hook = await a_hook(world)
    await called(world, hook, an_event())
    [row] = await world.rows(TICKET)
    request = AssignTicket(row["id"], AgentId("alice"))
    await assign_ticket(world.desk, viewer=world.alice, request=request)

    world.now.advance(minutes=10)
    await called(world, hook, an_event("incident.resolved"))

    ticket = await world.kept(row["id"])
    assert ticket.status is not TicketStatus.RESOLVED
    assert [one["is_automatic"] for one in await world.messages(ticket.id)] == [False, True]


async def test_time_that_was_written_on_a_ticket_is_work(world: World) -> None:
    hook = await a_hook(world)
    await called(world, hook, an_event())
    [row] = await world.rows(TICKET)
    request = LogWork(row["id"], 15, note="Looked at the logs", unit=None)
    await log_work(world.desk, viewer=world.alice, request=request)

    world.now.advance(minutes=10)
    await called(world, hook, an_event("incident.resolved"))

    assert (await world.kept(row["id"])).status is not TicketStatus.RESOLVED


async def test_an_end_on_a_closed_ticket_is_still_told(world: World) -> None:
    hook = await a_hook(world)
    await called(world, hook, an_event())
    await called(world, hook, an_event("incident.resolved"))
    [row] = await world.rows(TICKET)
    world.now.advance(minutes=10)

    twice = await called(world, hook, an_event("incident.resolved", detail="Again."))

    assert twice.outcome.startswith("known")
    assert len(await world.messages(row["id"])) == 2


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("https://www.bruno.example/shop", BRUNOS_SITE),
        ("bruno.example:443", BRUNOS_SITE),
        ("bruno.example", BRUNOS_SITE),
        ("https://yves.example", None),
        ("https://[", None),
        ("", None),
    ],
)
async def test_a_hook_of_no_site_finds_it_by_its_address(
    world: World, given: str, found: SiteId | None
) -> None:
    hook = await a_hook(world, site_id=None)

    if found is None:
        with pytest.raises(SignalSiteUnknown):
            await called(world, hook, an_event(site=given))
        assert await world.rows(INCIDENT) == []
        return
    await called(world, hook, an_event(site=given))

    [incident] = await world.rows(INCIDENT)
    [watch] = await world.rows(PROBE_WATCH)
    assert incident["site_id"] == watch["site_id"] == found


async def test_what_a_crash_left_behind_is_done_first(world: World) -> None:
    hook = await a_hook(world, MonitoringTool.UPTIMEROBOT)
    desk, world.desk = world.desk, replace(world.desk, tools=_Crashing())
    with pytest.raises(RuntimeError):
        await called(world, hook, robot_says("1", world.now()))
    world.desk = desk
    world.now.advance(minutes=4)

    await called(world, hook, robot_says("2", world.now()))

    [incident] = await world.rows(INCIDENT)
    assert incident["ended_at"] - incident["began_at"] == timedelta(minutes=4)
    assert {row["state"] for row in await world.rows(MONITORING_SIGNAL)} == {"DONE"}


async def test_what_a_crash_left_behind_is_done_without_another_call(both_worlds: World) -> None:
    world = both_worlds
    hook = await a_hook(world, MonitoringTool.UPTIMEROBOT)
    desk, world.desk = world.desk, replace(world.desk, tools=_Crashing())
    with pytest.raises(RuntimeError):
        await called(world, hook, robot_says("1", world.now()))
    world.desk = desk

    at_once = await do_what_was_left(desk)
    world.now.advance(minutes=1)
    later = await do_what_was_left(desk)
    again = await do_what_was_left(desk)

    assert (at_once, later, again) == (0, 1, 0)
    assert len(await world.rows(TICKET)) == 1


async def test_a_monitor_that_goes_down_again_is_another_incident(both_worlds: World) -> None:
    world = both_worlds
    hook = await a_hook(world, MonitoringTool.UPTIMEROBOT)

    for alert_type in ("2", "1", "2", "1"):
        await called(world, hook, robot_says(alert_type, world.now()))
        world.now.advance(minutes=5)

    incidents = await world.rows(INCIDENT)
    assert [row["ended_at"] is None for row in incidents] == [False, True]
    assert len(await world.rows(TICKET)) == 2


async def test_an_outage_that_was_over_when_it_was_told_opens_no_ticket(world: World) -> None:
    hook = await a_hook(world)

    told = await called(
        world,
        hook,
        an_event(
            "incident.resolved", beganAt="2026-07-06T06:00:00Z", endedAt="2026-07-06T06:10:00Z"
        ),
    )

    [incident] = await world.rows(INCIDENT)
    assert (incident["ticket_id"], told.outcome) == (None, f"over already: {incident['id']}")


async def test_clocks_that_are_ahead_make_no_incident_of_the_future(world: World) -> None:
    hook = await a_hook(world)
    ahead = (world.now() + timedelta(minutes=3)).isoformat()

    await called(world, hook, an_event(beganAt=ahead))
    world.now.advance(minutes=1)
    await called(world, hook, an_event("incident.resolved", endedAt="2026-07-06T06:00:00Z"))

    [incident] = await world.rows(INCIDENT)
    assert incident["ended_at"] - incident["began_at"] == timedelta(minutes=1)


async def test_an_end_at_the_instant_of_the_beginning_is_an_end(world: World) -> None:
    hook = await a_hook(world)

    await called(world, hook, an_event())
    await called(world, hook, an_event("incident.resolved"))

    [incident] = await world.rows(INCIDENT)
    assert incident["ended_at"] == incident["began_at"]


async def test_a_ticket_that_was_resolved_before_the_end_is_told_and_stays_so(world: World) -> None:
    hook = await a_hook(world)
    await called(world, hook, an_event())
    [row] = await world.rows(TICKET)
    step = TicketStepRequest(TicketId(row["id"]))
    await resolve_ticket(world.desk, viewer=world.alice, request=step)
    world.now.advance(minutes=10)

    await called(world, hook, an_event("incident.resolved"))

    ticket = await world.kept(TicketId(row["id"]))
    assert ticket.resolved_at == world.now() - timedelta(minutes=10)
    assert len(await world.messages(ticket.id)) == 2


async def test_an_incident_without_a_ticket_ends_alone(world: World) -> None:
    hook = await a_hook(world)
    times = {"beganAt": "2026-07-06T06:00:00Z", "endedAt": "2026-07-06T06:10:00Z"}
    await called(world, hook, an_event("incident.resolved", **times))
    [incident] = await world.rows(INCIDENT)
    request = CorrectIncident(IncidentId(incident["id"]), "It lasts.", is_open=True)
    await correct_incident(world.desk, viewer=world.alice, request=request)

    await called(world, hook, an_event("incident.resolved", detail="Now it is over."))

    [incident] = await world.rows(INCIDENT)
    assert (incident["ended_at"], await world.rows(TICKET)) == (world.now(), [])


async def test_what_another_process_did_is_not_done_again(world: World) -> None:
    hook = await a_hook(world)
    first = await called(world, hook, an_event())
    stale = replace(world.desk, store=_Stale(world.desk.store, first.id))
    body = json.dumps(an_event(incident="b")).encode()
    request = ReceiveSignal(hook.id, signed(hook, body, at=world.now()), body)

    second = await receive_signal(stale, request)

    assert second.state is SignalState.STORED
    assert len(await world.rows(INCIDENT)) == 1


async def test_a_tool_that_sends_a_form_is_understood_by_its_fields(world: World) -> None:
    hook = await a_hook(world, MonitoringTool.UPTIMEROBOT)
    fields = json.dumps(robot_says("1", world.now()))
    request = ReceiveSignal(hook.id, Proof(token=hook.secret), b"monitorID=777", fields=fields)

    first = await receive_signal(world.desk, request)
    again = await receive_signal(world.desk, request)

    assert (first.body, again) == (fields, first)
    assert len(await world.rows(INCIDENT)) == 1


async def test_an_alert_is_looked_at_and_counts_as_no_outage(both_worlds: World) -> None:
    world = both_worlds
    hook = await a_hook(world)

    await called(world, hook, an_event(severity="alert", title=" "))

    [incident], [ticket] = await world.rows(INCIDENT), await world.rows(TICKET)
    assert (incident["is_outage"], incident["title"]) == (False, "The site is down")
    assert ticket["priority"] != "P0"


class _Stale:
    """A store that read what waits before another process did it."""

    def __init__(self, store: Any, waiting: SignalId) -> None:  # Any: a store
        self._store, self._waiting = store, waiting

    def __getattr__(self, name: str) -> Any:  # Any: whatever the store has
        return getattr(self._store, name)

    @asynccontextmanager
    async def reading(self, agency_id: AgencyId) -> AsyncIterator[Any]:  # Any: records
        async with self._store.reading(agency_id) as records:
            records.monitoring.stored_signals = self._stored
            yield records

    async def _stored(self, _: MonitoringHookId) -> tuple[SignalId, ...]:
        return (self._waiting,)


class _Crashing(PublicTools):
    @override
    def alerts(self, tool: MonitoringTool, body: str, topic: str) -> Any:  # Any: never returns
        raise RuntimeError(f"the power went out {tool} {body[:0]}{topic}")
