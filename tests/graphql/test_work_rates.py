"""Evenings and holidays through the API: the clause of a contract, and what it makes of time."""

from typing import Any

import pytest

from tests.graphql.rows import everything_in
from tests.graphql.test_contract_life import draft, in_force
from tests.graphql.test_mutations import do, done
from tests.graphql.world import World, secret_of

RATES = {"afterHours": 150, "holiday": 200, "calendarCode": "office"}
CLAUSES = """query Q($id: ID!) { contract(id: $id) { client { id } sites { id } terms { commercial {
  tellsClient rates { afterHours holiday calendarCode origin source } } } } }"""
WORKED = """ticket { workLogs { number minutes rates { percent seconds } } workedTime {
  realMinutes billedMinutes parts { day billedMinutes rates { percent seconds } } } }"""

Json = Any  # what JSON gives


async def test_the_clause_is_shown_with_its_origin(both_worlds: World) -> None:
    alice = both_worlds.api(secret_of("alice"))
    contract = await draft(alice, rates=RATES, tellsClient=False)

    shown = (await alice.data(CLAUSES, id=contract["id"]))["contract"]["terms"]["commercial"]

    assert shown == {
        "tellsClient": False,
        "rates": {**RATES, "origin": "AGREED", "source": "contract TMA-DORA"},
    }


async def test_a_contract_says_nothing_of_rates_unless_told(world: World) -> None:
    alice = world.api(secret_of("alice"))
    contract = await draft(alice)
    asked = {"contractId": contract["id"], "rates": {"calendarCode": "office", "holiday": 200}}
    before = (await alice.data(CLAUSES, id=contract["id"]))["contract"]["terms"]["commercial"]

    await done(alice, "reviseContract", "contract { id }", **asked)

    after = (await alice.data(CLAUSES, id=contract["id"]))["contract"]["terms"]["commercial"]
    assert before == {"tellsClient": True, "rates": None}
    assert (after["rates"]["afterHours"], after["rates"]["holiday"]) == (100, 200)


async def test_work_on_a_sunday_counts_for_more(both_worlds: World) -> None:
    alice = both_worlds.api(secret_of("alice"))
    contract = await in_force(alice, rates=RATES)
    parties = (await alice.data(CLAUSES, id=contract["id"]))["contract"]
    asked = {
        "clientId": parties["client"]["id"],
        "siteId": parties["sites"][0]["id"],
        "subject": "The cart is empty",
        "description": "Since this morning.",
    }
    ticket = (await done(alice, "openTicket", "ticket { id }", **asked))["ticket"]
    sunday = {"startedAt": "2026-07-05T08:00:00Z", "unit": "RUN_MINUTES"}
    given = {"ticketId": ticket["id"], "minutes": 50, **sunday}

    shown = (await done(alice, "logWork", WORKED, **given))["ticket"]
    wrong = {"ticketId": ticket["id"], "number": 1, "minutes": 0, "reason": "Another ticket"}
    gone = (await done(alice, "correctWorkLog", WORKED, **wrong))["ticket"]

    rates = [{"percent": 150, "seconds": 3000}]
    assert shown["workLogs"] == [{"number": 1, "minutes": 50, "rates": rates}]
    assert shown["workedTime"] == {
        "realMinutes": 50,
        "billedMinutes": 75,
        "parts": [{"day": "2026-07-05", "billedMinutes": 75, "rates": rates}],
    }
    assert gone["workLogs"][1] == {"number": 2, "minutes": 0, "rates": []}
    assert gone["workedTime"] == {"realMinutes": 0, "billedMinutes": 0, "parts": []}


@pytest.mark.parametrize(
    ("rates", "code"),
    [
        ({**RATES, "holiday": 0}, "BAD_INPUT"),
        ({**RATES, "afterHours": 1001}, "BAD_INPUT"),
        ({**RATES, "calendarCode": "moon"}, "NOT_FOUND"),
    ],
)
async def test_a_rate_that_is_none_is_refused(world: World, rates: Json, code: str) -> None:
    alice = world.api(secret_of("alice"))
    contract = await draft(alice)
    before = await everything_in(world.database)

    asked = {"contractId": contract["id"], "rates": rates}
    payload = await do(alice, "reviseContract", "contract { id }", **asked)

    assert [error["code"] for error in payload["errors"]] == [code]
    assert await everything_in(world.database) == before
