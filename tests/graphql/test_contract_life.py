"""A contract from nothing to a ticket with running clocks, and its life, through the API alone."""

from collections.abc import Mapping
from typing import Any

import pytest

from helpdesk.graphql.global_ids import parse_id
from helpdesk.usecases.read_models import Noun
from tests.graphql.api import Api
from tests.graphql.rows import everything_in
from tests.graphql.test_mutations import do, done
from tests.graphql.world import World, secret_of

Json = Any  # what JSON gives

CONTRACT = """contract {
  id status reference startsOn endsOn internalNote
  history { sequence kind day until actorName reason }
  termRecords { number startsOn endsOn }
  suspensions { startsOn endsOn reason decidedBy }
  versions { version corrects planCode effectiveFrom commercial { price { amount { cents } } } }
  terms { planCode commercial {
    models planVersion anchorDay calendarDefinitions
    term { anchor months renewalMonths } notice { months days }
    price { amount { cents currency } taxBasis origin source }
    billing { interval origin }
    allowances { allowance { unit quantity isUnlimited origin source } overage
      overagePrice { cents currency } rollover { mode capPercent capQuantity validPeriods } }
    rounding { increment mode scope minimum }
    dimensions { dimension cover origin }
    services { name value origin source }
    contents { text planCode }
    perimeter { included excluded }
    compensation { text nature } } } }"""
SETTLED: dict[str, Json] = {
    "notice": {"months": 3},
    "price": {"amount": {"cents": 19900, "currency": "EUR"}, "taxBasis": "HT"},
    "perimeter": {"included": ["The shop"], "excluded": ["New features"]},
    "calendarDefinitions": ["Monday to Friday, 9 to 12:30 and 14 to 18"],
    "matrixAcceptance": {"acceptedBy": "Bruno"},
}
OFFICE = [
    {"code": "ouvre5", "calendarCode": "office"},
    {"code": "continuous", "calendarCode": "office"},
]


async def newcomer(alice: Api) -> tuple[str, str]:
    """Return a client and his site."""
    client = (await done(alice, "createClient", "client { id }", name="Dora"))["client"]
    given = {"clientId": client["id"], "name": "dora", "url": "https://dora.example"}
    site = (await done(alice, "createSite", "site { id }", **given))["site"]
    return client["id"], site["id"]


async def draft(alice: Api, **changes: Json) -> Json:
    """Return a contract of a newcomer, everything settled unless the changes say less."""
    client_id, site_id = await newcomer(alice)
    given = {
        "clientId": client_id,
        "reference": "TMA-DORA",
        "name": "Maintenance of the shop",
        "startsOn": "2026-07-06",
        "models": ["MONTHLY_PLAN", "PREPAID_TIME", "PAY_PER_USE", "SLA"],
        "term": {"months": 12, "renewalMonths": 12},
        "siteIds": [site_id],
        "planCode": "guide.business",
        "calendars": OFFICE,
        "internalNote": "She pays late.",
        **SETTLED,
        **changes,
    }
    return (await done(alice, "createContract", CONTRACT, **given))["contract"]


async def in_force(alice: Api, **changes: Json) -> Json:
    """Return a contract of a newcomer that is in force."""
    contract = await draft(alice, **changes)
    given = {"contractId": contract["id"]}
    return (await done(alice, "activateContract", CONTRACT, **given))["contract"]


async def test_a_contract_from_nothing_to_a_ticket_with_running_clocks(
    both_worlds: World,
) -> None:
    alice = both_worlds.api(secret_of("alice"))
    contract = await in_force(alice)
    query = """query Q($id: ID!) { contract(id: $id) {
      client { id } sites { id } } }"""
    parties = (await alice.data(query, id=contract["id"]))["contract"]

    asked = {
        "clientId": parties["client"]["id"],
        "siteId": parties["sites"][0]["id"],
        "subject": "The cart is empty",
        "description": "Since this morning.",
    }
    shown = "ticket { contract { id } clocks { metric state deadlineAt } }"
    ticket = (await done(alice, "openTicket", shown, **asked))["ticket"]

    assert ticket["contract"]["id"] == contract["id"]
    assert {one["state"] for one in ticket["clocks"]} <= {"RUNNING", "PENDING"}
    assert any(one["deadlineAt"] for one in ticket["clocks"])


async def test_a_draft_shows_what_was_copied_and_what_was_settled(both_worlds: World) -> None:
    contract = await draft(both_worlds.api(secret_of("alice")))

    assert (contract["status"], contract["endsOn"]) == ("DRAFT", None)
    assert contract["internalNote"] == "She pays late."
    assert (contract["history"], contract["termRecords"]) == ([], [])
    sold = contract["terms"]["commercial"]
    assert sold["price"] == {
        "amount": {"cents": 19900, "currency": "EUR"},
        "taxBasis": "HT",
        "origin": "AGREED",
        "source": "contract TMA-DORA",
    }
    run = next(one for one in sold["allowances"] if one["allowance"]["unit"] == "RUN_MINUTES")
    assert (run["allowance"]["quantity"], run["overage"]) == (120, "QUOTE")
    assert run["rollover"]["mode"] == "NONE"
    assert sold["term"] == {"anchor": "2026-07-06", "months": 12, "renewalMonths": 12}
    assert sold["notice"] == {"months": 3, "days": 0}
    assert sold["perimeter"] == SETTLED["perimeter"]


async def test_every_clause_can_be_given(world: World) -> None:
    given = {
        "billing": "YEARLY",
        "allowances": [
            {
                "unit": "RUN_MINUTES",
                "quantity": 60,
                "overage": {"policy": "BILL", "price": {"cents": 9000, "currency": "EUR"}},
                "rollover": {"mode": "CAPPED", "capPercent": 50, "validPeriods": 2},
            },
            {"unit": "CORRECTIVE_TICKETS", "isUnlimited": True},
            {"unit": "PACK_MINUTES", "overage": {"policy": "BLOCK"}},
        ],
        "rounding": {"increment": 5, "mode": "NEAREST", "scope": "TICKET"},
        "anchorDay": 15,
        "compensation": {"text": "A day a breach", "nature": "PENALTY"},
        "dimensions": [{"dimension": "EVOLUTION", "cover": "TIME_CREDIT"}],
        "targets": [
            {
                "priority": "P3",
                "metric": "FIRST_RESPONSE",
                "amount": 60,
                "unit": "BUSINESS_MINUTES",
                "startsOn": "OPENING",
                "calendarCode": "office",
            }
        ],
        "planCode": None,
    }

    sold = (await draft(world.api(secret_of("alice")), **given))["terms"]["commercial"]

    assert sold["planVersion"] is None
    assert sold["billing"] == {"interval": "YEARLY", "origin": "AGREED"}
    run, tickets, packs = sold["allowances"]
    assert run["overagePrice"] == {"cents": 9000, "currency": "EUR"}
    assert run["rollover"] == {
        "mode": "CAPPED",
        "capPercent": 50,
        "capQuantity": None,
        "validPeriods": 2,
    }
    assert (tickets["allowance"]["quantity"], tickets["allowance"]["isUnlimited"]) == (None, True)
    assert packs["overage"] == "BLOCK"
    assert sold["rounding"]["minimum"] == 0
    assert sold["compensation"] == given["compensation"]
    assert sold["dimensions"] == [
        {"dimension": "EVOLUTION", "cover": "TIME_CREDIT", "origin": "AGREED"}
    ]


_MISSING: Mapping[str, tuple[dict[str, Json], str, list[str]]] = {
    "notice": ({"notice": None}, "CONTRACT_INCOMPLETE", ["input", "notice"]),
    "tax basis": (
        {"price": {"amount": {"cents": 1, "currency": "EUR"}}},
        "CONTRACT_INCOMPLETE",
        ["input", "price"],
    ),
    "perimeter": ({"perimeter": None}, "CONTRACT_INCOMPLETE", ["input", "perimeter"]),
}


@pytest.mark.parametrize("case", _MISSING)
async def test_what_is_missing_is_named_and_can_be_settled(world: World, case: str) -> None:
    changes, code, path = _MISSING[case]
    alice = world.api(secret_of("alice"))
    contract = await draft(alice, **changes)
    before = await everything_in(world.database)
    given = {"contractId": contract["id"]}

    refused = await do(alice, "activateContract", CONTRACT, **given)

    assert refused["contract"] is None
    assert (refused["errors"][0]["code"], refused["errors"][0]["path"]) == (code, path)
    assert await everything_in(world.database) == before
    revised = (await done(alice, "reviseContract", CONTRACT, **given, **SETTLED))["contract"]
    assert [one["corrects"] for one in revised["versions"]] == [None, 1]
    active = (await done(alice, "activateContract", CONTRACT, **given))["contract"]
    assert active["status"] == "ACTIVE"


async def test_a_contract_rests_goes_on_and_ends(both_worlds: World) -> None:
    world = both_worlds
    alice = world.api(secret_of("alice"))
    given = {"contractId": (await in_force(alice))["id"]}

    rests = (await done(alice, "suspendContract", CONTRACT, **given, reason="Unpaid."))["contract"]
    assert rests["status"] == "SUSPENDED"
    assert rests["suspensions"] == [
        {"startsOn": "2026-07-06", "endsOn": None, "reason": "Unpaid.", "decidedBy": "Alice"}
    ]
    world.now.advance(days=2)
    goes_on = (await done(alice, "resumeContract", CONTRACT, **given))["contract"]
    assert goes_on["suspensions"][0]["endsOn"] == "2026-07-08"
    renewed = (await done(alice, "renewContract", CONTRACT, **given))["contract"]
    assert renewed["termRecords"] == [
        {"number": 1, "startsOn": "2026-07-06", "endsOn": "2027-07-06"}
    ]
    ending = (await done(alice, "giveNotice", CONTRACT, **given))["contract"]
    assert (ending["status"], ending["endsOn"]) == ("ENDING", "2027-07-06")
    world.now.advance(days=364)
    over = (await done(alice, "endContract", CONTRACT, **given))["contract"]
    assert over["status"] == "ENDED"
    assert [one["kind"] for one in over["history"]] == [
        "ACTIVATED",
        "SUSPENDED",
        "RESUMED",
        "NOTICE_GIVEN",
        "ENDED",
        "BALANCE_LOST",
    ]


async def test_a_change_of_plan_says_what_it_costs(both_worlds: World) -> None:
    world = both_worlds
    alice = world.api(secret_of("alice"))
    given = {
        "contractId": (await in_force(alice))["id"],
        "planCode": "guide.critique",
        "price": {"amount": {"cents": 44900, "currency": "EUR"}, "taxBasis": "HT"},
        "calendars": OFFICE,
    }
    shown = "change { effectiveOn charge { cents currency } extraMinutes extraTickets }" + CONTRACT
    before = await everything_in(world.database)

    refused = await do(alice, "changePlan", shown, **given, on="2026-07-05")
    assert (refused["change"], refused["errors"][0]["code"]) == (None, "VERSION_IN_PAST")
    assert await everything_in(world.database) == before
    changed = await done(alice, "changePlan", shown, **given)

    # 26 of the 31 days of July are left.
    assert changed["change"] == {
        "effectiveOn": "2026-07-06",
        "charge": {"cents": 20968, "currency": "EUR"},
        "extraMinutes": 101,
        "extraTickets": None,
    }
    assert [one["planCode"] for one in changed["contract"]["versions"]] == [
        "guide.business",
        "guide.critique",
    ]


async def test_a_client_reads_his_contract_without_the_notes_and_writes_nothing(
    both_worlds: World,
) -> None:
    world = both_worlds
    alice, bruno, chloe = (world.api(secret_of(one)) for one in ("alice", "bruno", "chloe"))
    client = {"clientId": world.bruno.global_id(Noun.CLIENT), "siteIds": None}
    given = {"contractId": (await draft(alice, **client))["id"]}
    query = f"query Q($id: ID!) {{ node(id: $id) {{ ... on Contract {{ {CONTRACT[11:-1]} }} }} }}"

    shown = (await bruno.data(query, id=given["contractId"]))["node"]

    assert shown["internalNote"] is None
    assert shown["terms"]["commercial"]["price"]["amount"]["cents"] == 19900
    assert (await chloe.data(query, id=given["contractId"]))["node"] is None
    before = await everything_in(world.database)
    for api, code in ((bruno, "FORBIDDEN"), (chloe, "NOT_FOUND")):
        for verb, more in (
            ("activateContract", {}),
            ("suspendContract", {"reason": "I will not pay."}),
            ("resumeContract", {}),
            ("giveNotice", {}),
            ("endContract", {}),
            ("renewContract", {}),
            ("reviseContract", {}),
            ("changePlan", {"planCode": "guide.critique"}),
        ):
            refused = await do(api, verb, "contract { id }", **given, **more)
            assert refused["errors"][0]["code"] == code
    assert await everything_in(world.database) == before


async def test_history_is_read_by_the_client_it_concerns_alone(both_worlds: World) -> None:
    world = both_worlds
    alice = world.api(secret_of("alice"))
    contract = await in_force(alice)
    query = "query Q($id: ID!) { contract(id: $id) { history { kind } suspensions { reason } } }"

    shown = (await alice.data(query, id=contract["id"]))["contract"]

    assert shown == {"history": [{"kind": "ACTIVATED"}], "suspensions": []}
    for other in ("bruno", "zoe"):
        refusal = await world.api(secret_of(other)).refusal(query, id=contract["id"])
        assert refusal["extensions"]["code"] == "NOT_FOUND"
    assert parse_id(contract["id"], path=("id",))[0] is Noun.CONTRACT


async def test_plans_show_contents_allowances_prices_and_where_they_come_from(
    world: World,
) -> None:
    query = """{ plans { code family version labels { locale text } source includes
      contents { text planCode } price { amount { cents currency } taxBasis origin source }
      unpricedBecause commitmentMonths billing { interval }
      allowances { unit quantity isUnlimited origin source } missingDimensions isMaintenance
      dimensions { dimension cover } services { name value origin source } calendarCodes } }"""

    plans = (await world.api(secret_of("bruno")).data(query))["plans"]

    by_code = {one["code"]: one for one in plans}
    assert list(by_code)[:3] == ["guide.essentiel", "guide.business", "guide.critique"]
    business = by_code["guide.business"]
    assert business["calendarCodes"] == ["ouvre5"]
    assert business["price"] is None
    assert business["unpricedBecause"]
    assert {one["unit"]: one["quantity"] for one in business["allowances"]} == {
        "CORRECTIVE_TICKETS": 5,
        "RUN_MINUTES": 120,
    }
    assert all(one["origin"] and one["source"] for one in business["allowances"])
    services = {one["name"]: one["value"] for one in business["services"]}
    assert services["uptimeMonitoring"] == "true"
    assert by_code["whodunit.plus"]["price"]["amount"] == {"cents": 26900, "currency": "EUR"}
    assert by_code["wpbuffs.maintain"]["price"]["taxBasis"] is None
