"""Statements, gauges, alerts and worked time through the API, and for whom they exist."""

from typing import Any

import pytest

from helpdesk.usecases.read_models import Noun
from tests.graphql.api import Api
from tests.graphql.rows import everything_in
from tests.graphql.test_mutations import do, done
from tests.graphql.test_retainer import of_contract, of_ticket
from tests.graphql.world import Things, World, secret_of

GAUGE = "gauge { total used over left percent state text }"
STATEMENTS = f"""query Q($id: ID!, $unit: RetainerUnit, $month: Month) {{ contract(id: $id) {{
  statements(unit: $unit, month: $month) {{ unit name periodStart periodEnd opening closing over
    uncounted isBalanced sums {{ kind quantity }} amounts {{ cents currency }} {GAUGE}
    lines {{ title left entry {{ number kind quantity reason effectiveAt ticket {{ number }}
      actor {{ name }} }} }} }} }} }}"""
ALERTS = """query Q($id: ID!) { contract(id: $id) {
  alerts { kind unit threshold percent lot left expiresAt } } }"""
WORKED = """query Q($id: ID!) { ticket(id: $id) {
  workedTime { realMinutes billedMinutes
    parts { unit day number realMinutes billedMinutes rates { percent seconds } } }
  workLogs { minutes rates { percent seconds } } } }"""

Json = Any  # what JSON gives


async def two_hours(world: World, things: Things) -> None:
    """Give a contract two hours for July, and 90 euros for an hour more."""
    alice = world.api(secret_of("alice"))
    given = {**of_contract(things), "unit": "RUN_MINUTES"}
    billed = {"policy": "BILL", "price": {"cents": 90_00, "currency": "EUR"}}
    await done(alice, "openRetainer", "contract { id }", **given, overage=billed)
    await done(alice, "grantAllowance", "contract { id }", **given, quantity=120, reason="July")


async def worked(world: World, things: Things, minutes: int) -> None:
    alice = world.api(secret_of("alice"))
    given = {**of_ticket(things), "minutes": minutes, "unit": "RUN_MINUTES"}
    await done(alice, "logWork", "ticket { id }", **given)


async def statements(api: Api, things: Things, **asked: Json) -> list[Json]:
    answer = await api.data(STATEMENTS, id=things.global_id(Noun.CONTRACT), **asked)
    found: list[Json] = answer["contract"]["statements"]
    return found


async def test_a_statement_has_every_movement_and_what_is_left_after_it(
    both_worlds: World,
) -> None:
    world = both_worlds
    await two_hours(world, world.bruno)
    await worked(world, world.bruno, 130)

    [july] = await statements(world.api(secret_of("alice")), world.bruno, month="2026-07")

    assert (july["name"], july["opening"], july["closing"]) == ("juillet 2026", 0, 0)
    assert [(one["title"], one["left"]) for one in july["lines"]] == [
        ("Dotation", 120),
        ("Consommation", 0),
        ("Dépassement", 0),
    ]
    granted, consumed, _ = (one["entry"] for one in july["lines"])
    assert (granted["reason"], granted["actor"], granted["ticket"]) == (
        "July",
        {"name": "Alice"},
        None,
    )
    assert consumed["ticket"] is not None
    assert july["sums"] == [
        {"kind": "GRANT", "quantity": 120},
        {"kind": "CONSUME", "quantity": 120},
    ]
    assert (july["over"], july["uncounted"], july["isBalanced"]) == (15, 0, True)
    assert july["amounts"] == [{"cents": 2250, "currency": "EUR"}]
    assert july["gauge"] == {
        "total": 120,
        "used": 135,
        "over": 15,
        "left": 0,
        "percent": 113,
        "state": "OVER",
        "text": "135 sur 120 minutes de run évolutif (113 %), dont 15 au-delà du forfait",
    }


async def test_a_correction_is_named_after_the_month_that_it_puts_right(world: World) -> None:
    await two_hours(world, world.bruno)
    await worked(world, world.bruno, 60)
    alice = world.api(secret_of("alice"))
    world.now.advance(days=30)
    await done(
        alice, "closePeriod", "contract { id }", **of_contract(world.bruno), at="2026-07-06T07:00Z"
    )
    given = {**of_ticket(world.bruno), "number": 1, "minutes": 90, "reason": "Forgotten"}
    await done(alice, "correctWorkLog", "ticket { id }", **given)

    [august] = await statements(alice, world.bruno)
    [july] = await statements(alice, world.bruno, unit="RUN_MINUTES", month="2026-07")

    assert [one["title"] for one in august["lines"]] == ["Régularisation juillet 2026"]
    assert (august["lines"][0]["entry"]["reason"], august["over"]) == ("Forgotten", 30)
    assert july["lines"][-1]["title"] == "Expiration"
    assert (july["closing"], august["opening"]) == (0, 0)


async def test_a_month_without_movements_is_empty(world: World) -> None:
    await two_hours(world, world.bruno)
    alice = world.api(secret_of("alice"))

    [june] = await statements(alice, world.bruno, month="2026-06")

    assert (june["lines"], june["opening"], june["closing"]) == ([], 0, 0)
    assert (june["gauge"]["percent"], june["gauge"]["state"]) == (None, "NONE")
    assert await statements(alice, world.bruno, unit="PACK_MINUTES") == []


async def test_a_client_reads_his_own_statement_in_his_language(world: World) -> None:
    for things in (world.bruno, world.chloe):
        await two_hours(world, things)
    await worked(world, world.chloe, 30)

    [own] = await statements(world.api(secret_of("chloe")), world.chloe)
    query = "{ contracts { nodes { reference statements { unit } alerts { unit } } } }"
    answer = await world.api(secret_of("bruno")).data(query)

    assert [one["title"] for one in own["lines"]] == ["Allowance", "Used"]
    assert own["gauge"]["text"] == "30 of 120 minutes of small changes used (25%)"
    [node] = answer["contracts"]["nodes"]
    assert (node["reference"], node["statements"]) == ("TMA-bruno", [{"unit": "RUN_MINUTES"}])
    for person in ("chloe", "yves", "zoe"):
        refusal = await world.api(secret_of(person)).refusal(
            STATEMENTS, id=world.bruno.global_id(Noun.CONTRACT)
        )
        assert refusal["extensions"]["code"] == "NOT_FOUND"


async def test_alerts_are_shown_while_they_are_due(both_worlds: World) -> None:
    world = both_worlds
    await two_hours(world, world.bruno)
    contract = {"id": world.bruno.global_id(Noun.CONTRACT)}
    alice, bruno = world.api(secret_of("alice")), world.api(secret_of("bruno"))
    given = {**of_contract(world.bruno), "unit": "PACK_MINUTES"}
    await done(alice, "openRetainer", "contract { id }", **given)
    pack = {**of_contract(world.bruno), "minutes": 60, "months": 1}
    await done(alice, "purchaseTimePack", "contract { id }", **pack)
    assert (await alice.data(ALERTS, **contract))["contract"]["alerts"] == []

    await worked(world, world.bruno, 105)
    world.now.advance(days=20)
    shown = (await alice.data(ALERTS, **contract))["contract"]["alerts"]

    assert shown == [
        {
            "kind": "EXPIRY",
            "unit": "PACK_MINUTES",
            "threshold": 15,
            "percent": 0,
            "lot": 1,
            "left": 60,
            "expiresAt": "2026-08-05T22:00:00Z",
        },
        {
            "kind": "USAGE",
            "unit": "RUN_MINUTES",
            "threshold": 80,
            "percent": 88,
            "lot": None,
            "left": 15,
            "expiresAt": None,
        },
    ]
    assert (await bruno.data(ALERTS, **contract))["contract"]["alerts"] == shown


async def test_real_and_billed_minutes_stand_side_by_side(both_worlds: World) -> None:
    world = both_worlds
    await two_hours(world, world.bruno)
    for minutes in (8, 8, 8):
        await worked(world, world.bruno, minutes)
    alice = world.api(secret_of("alice"))
    free = {**of_ticket(world.bruno), "minutes": 40, "isBillable": False}
    await done(alice, "logWork", "ticket { id }", **free)

    ticket = (await alice.data(WORKED, id=world.bruno.global_id(Noun.TICKET)))["ticket"]

    assert ticket["workedTime"] == {
        "realMinutes": 64,
        "billedMinutes": 30,
        "parts": [
            {
                "unit": "RUN_MINUTES",
                "day": "2026-07-06",
                "number": None,
                "realMinutes": 24,
                "billedMinutes": 30,
                "rates": [{"percent": 100, "seconds": 1440}],
            }
        ],
    }
    assert ticket["workLogs"][0]["rates"] == [{"percent": 100, "seconds": 480}]


@pytest.mark.parametrize("name", ["openRetainer", "grantAllowance"])
async def test_managers_alone_open_and_grant(world: World, name: str) -> None:
    before = await everything_in(world.database)
    given: dict[str, Json] = {"unit": "RUN_MINUTES"}
    if name == "grantAllowance":
        given["quantity"] = 60

    payload = await do(
        world.api(secret_of("bruno")), name, "contract { id }", **of_contract(world.bruno), **given
    )

    assert [error["code"] for error in payload["errors"]] == ["FORBIDDEN"]
    assert await everything_in(world.database) == before


async def test_an_opened_unit_keeps_its_clauses(world: World, alice: Api) -> None:
    given = {
        **of_contract(world.bruno),
        "unit": "CORRECTIVE_TICKETS",
        "isUnlimited": True,
        "anchorDay": 15,
        "rollover": {"mode": "CAPPED", "capPercent": 50},
        "rounding": {"increment": 30, "mode": "UP", "scope": "TICKET"},
    }
    fields = "contract { balances { unit isUnlimited left } statements { periodStart } }"

    shown = await done(alice, "openRetainer", fields, **given)

    assert shown["contract"] == {
        "balances": [{"unit": "CORRECTIVE_TICKETS", "isUnlimited": True, "left": None}],
        "statements": [{"periodStart": "2026-06-14T22:00:00Z"}],
    }
