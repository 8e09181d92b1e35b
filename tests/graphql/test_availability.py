"""Availability through the API alone: a tool calls, a ticket opens, the month gets its figure."""

from typing import Any

from helpdesk.usecases.read_models import Noun
from tests.graphql.monitoring_calls import call, hook_for
from tests.graphql.test_mutations import do, done
from tests.graphql.world import World, secret_of
from tests.usecases.monitoring import an_event

Json = Any  # decoded JSON

FIGURES = """month from to isFinal target isMeasured measured contractual coverage isMet
  totalMinutes downMinutes countedMinutes allowedMinutes gaps { from to }"""
SITE = f"""query Q($id: ID!, $month: Month) {{ node(id: $id) {{ ... on Site {{
  availability(month: $month) {{ {FIGURES} }}
  incidents(first: 5) {{ totalCount nodes {{ title beganAt endedAt isOutage isWithdrawn reason
    source ticket {{ number priority status channel messages(first: 5) {{ nodes {{ body }} }} }}
    facts {{ kind saidBy explanation }} }} }} }} }} }}"""
CONTRACT = f"""query Q($id: ID!, $month: Month) {{ contract(id: $id) {{
  availability(month: $month) {{ month isFinal target together isMeasured measured contractual isMet
    sites {{ site {{ name }} {FIGURES} }} }} }} }}"""


async def test_an_outage_becomes_a_p0_and_a_figure_of_the_month(both_worlds: World) -> None:
    world = both_worlds
    alice, bruno = world.api(secret_of("alice")), world.api(secret_of("bruno"))
    made = await hook_for(alice, world)
    down = an_event(beganAt="2026-07-06T07:00:00Z", title="The bakery is down")

    opened = await call(alice, made, down, at=world.now())
    world.now.advance(hours=4)
    over = an_event("incident.resolved", endedAt="2026-07-06T10:43:12Z")
    ended = await call(alice, made, over, at=world.now(), call_id="call-2")
    world.now.advance(hours=24 * 31)

    assert (opened.status_code, ended.status_code) == (200, 200)
    given = {"id": world.bruno.global_id(Noun.SITE), "month": "2026-07"}
    site = (await bruno.data(SITE, **given))["node"]
    latest = site["incidents"]["nodes"][0]
    assert (latest["title"], latest["source"]) == ("The bakery is down", None)
    assert (latest["beganAt"], latest["endedAt"]) == (
        "2026-07-06T07:00:00Z",
        "2026-07-06T10:43:12Z",
    )
    ticket = latest["ticket"]
    assert (ticket["priority"], ticket["status"], ticket["channel"]) == (
        "P0",
        "RESOLVED",
        "MONITORING",
    )
    assert ticket["messages"]["nodes"][-1]["body"] == (
        "Probe signale que « The bakery is down » a pris fin le 2026-07-06 12:43."
    )
    assert [fact["kind"] for fact in latest["facts"]] == ["RECORDED", "ENDED"]
    # An hour of 1 July is in the world already: 60 min, and 223 min 12 s of 6 July.
    assert site["availability"] == {
        "month": "2026-07",
        "from": "2026-06-30T22:00:00Z",
        "to": "2026-07-31T22:00:00Z",
        "isFinal": True,
        "target": None,
        "isMeasured": True,
        "measured": "99.36",
        "contractual": "99.36",
        "coverage": "100.00",
        "isMet": None,  # the contract promises nothing
        "totalMinutes": 44_640,
        "downMinutes": 283,
        "countedMinutes": 283,
        "allowedMinutes": None,
        "gaps": [],
    }


async def test_a_cause_that_was_put_right_changes_the_figure(both_worlds: World) -> None:
    world = both_worlds
    alice = world.api(secret_of("alice"))
    given = {"id": world.bruno.global_id(Noun.CONTRACT), "month": "2026-07"}
    incident = {"incidentId": world.bruno.global_id(Noun.INCIDENT)}
    world.now.advance(hours=24 * 31)

    before = (await alice.data(CONTRACT, **given))["contract"]["availability"]
    payload = await done(
        alice,
        "correctIncident",
        "incident { reason facts { kind saidBy explanation } }",
        **incident,
        reason="HOSTING_FAILURE",
        explanation="status.host.example/42",
    )
    after = (await alice.data(CONTRACT, **given))["contract"]["availability"]

    assert (before["contractual"], after["contractual"]) == ("99.86", "100.00")
    assert (after["measured"], after["isMet"], after["together"]) == ("99.86", None, "WORST")
    [site] = after["sites"]
    assert (site["site"], site["downMinutes"], site["countedMinutes"]) == (
        {"name": "bruno"},
        60,
        0,
    )
    assert payload["incident"]["facts"][-1] == {
        "kind": "CORRECTED",
        "saidBy": "Alice",
        "explanation": "status.host.example/42",
    }


async def test_a_month_that_nobody_watched_has_no_figure(world: World) -> None:
    alice = world.api(secret_of("alice"))
    ids = {"id": world.bruno.global_id(Noun.SITE)}

    may = (await alice.data(SITE, **ids, month="2026-05"))["node"]["availability"]
    now = (await alice.data(SITE, **ids))["node"]["availability"]

    assert (may["isMeasured"], may["measured"], may["contractual"], may["isMet"]) == (
        False,
        None,
        None,
        None,
    )
    assert may["gaps"] == [{"from": may["from"], "to": may["to"]}]
    assert (now["month"], now["isFinal"], now["isMeasured"]) == ("2026-07", False, True)


async def test_a_contract_has_no_figure_for_a_month_before_it(world: World) -> None:
    alice = world.api(secret_of("alice"))
    given = {"id": world.bruno.global_id(Noun.CONTRACT), "month": "2024-12"}

    assert (await alice.data(CONTRACT, **given))["contract"] == {"availability": None}


async def test_incidents_are_told_ended_and_withdrawn(both_worlds: World) -> None:
    world = both_worlds
    alice = world.api(secret_of("alice"))
    site = {"siteId": world.bruno.global_id(Noun.SITE)}
    wanted = "incident { id endedAt isWithdrawn source title }"
    told = {"beganAt": "2026-07-06T06:00:00Z", "title": "Down"}

    made = await done(alice, "recordIncident", wanted, **site, **told)
    twice = await do(alice, "recordIncident", wanted, **site, **told)
    wrong = await do(
        alice, "recordIncident", wanted, **site, **{**told, "endedAt": "2026-07-06T05:00:00Z"}
    )
    mine = {"incidentId": made["incident"]["id"]}
    ended = await done(alice, "endIncident", wanted, **mine)
    late = await do(alice, "endIncident", wanted, **mine)
    gone = await done(alice, "withdrawIncident", wanted, **mine, explanation="A drill.")

    assert [error["code"] for one in (twice, wrong, late) for error in one["errors"]] == [
        "INCIDENT_OVERLAP",
        "BAD_INPUT",
        "INCIDENT_CLOSED",
    ]
    assert ended["incident"]["endedAt"] == "2026-07-06T07:00:00Z"
    assert (gone["incident"]["isWithdrawn"], gone["incident"]["source"]) == (True, "agency")


async def test_incidents_are_found_by_when_they_were(world: World) -> None:
    alice = world.api(secret_of("alice"))
    site = {"siteId": world.bruno.global_id(Noun.SITE)}
    told = {"beganAt": "2026-07-06T06:00:00Z", "title": "Down"}
    await done(alice, "recordIncident", "incident { id }", **site, **told)
    query = """query Q($id: ID!, $filter: IncidentFilter) { node(id: $id) { ... on Site {
      incidents(first: 5, filter: $filter, orderBy: {field: BEGAN_AT, direction: ASC}) {
        nodes { title } } } } }"""

    found = [
        (await alice.data(query, id=site["siteId"], filter=given))["node"]["incidents"]["nodes"]
        for given in (
            {},
            {"isOver": False},
            {"isOver": True},
            {"beganFrom": "2026-07-06T06:00:00Z"},
            {"beganBefore": "2026-07-06T06:00:00Z"},
        )
    ]

    down, before = {"title": "Down"}, {"title": "bruno is down"}
    assert found == [[before, down], [down], [before], [down], [before]]


async def test_work_is_announced_and_watches_are_written_down(world: World) -> None:
    alice = world.api(secret_of("alice"))
    site = {"siteId": world.bruno.global_id(Noun.SITE)}
    wanted = 'site { maintenance(month: "2026-08") { id what startsAt announcedBy cancelledAt } }'

    announced = await done(
        alice,
        "announceMaintenance",
        wanted,
        **site,
        startsAt="2026-08-01T20:00:00Z",
        endsAt="2026-08-01T21:00:00Z",
        what="PHP 8.4",
    )
    [work] = announced["site"]["maintenance"]
    cancelled = await done(alice, "cancelMaintenance", wanted, maintenanceId=work["id"])
    gap = await done(
        alice,
        "recordProbeWatch",
        "site { availability { gaps { from to } } maintenance { what } }",
        **site,
        source="generic:hook-bruno",
        beganAt="2026-07-02T00:00:00Z",
        endedAt="2026-07-02T01:00:00Z",
        isGap=True,
    )

    assert (work["what"], work["announcedBy"]) == ("PHP 8.4", "Alice")
    assert cancelled["site"]["maintenance"][0]["cancelledAt"] == "2026-07-06T07:00:00Z"
    assert gap["site"] == {
        "availability": {"gaps": [{"from": "2026-07-02T00:00:00Z", "to": "2026-07-02T01:00:00Z"}]},
        "maintenance": [{"what": "PHP 8.4"}, {"what": "Work for bruno"}],
    }
