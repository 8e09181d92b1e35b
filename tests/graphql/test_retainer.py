"""The forfait through the API: what is left, every movement of it, worked time, who may see it."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from helpdesk.domain.ids import ContractId
from helpdesk.domain.money import Money
from helpdesk.domain.period import PeriodRule
from helpdesk.domain.retainer_terms import (
    OveragePolicy,
    OverageTerms,
    RetainerTerms,
    RetainerUnit,
)
from helpdesk.usecases.grant_allowance import GrantAllowance, grant_allowance
from helpdesk.usecases.open_retainer import OpenRetainer, open_retainer
from helpdesk.usecases.read_models import Noun
from tests.graphql.api import Api
from tests.graphql.rows import everything_in
from tests.graphql.test_mutations import do, done
from tests.graphql.world import Things, World, secret_of

BALANCES = "balances { unit isUnlimited granted held consumed over left percent expiresAt }"
LEDGER = """ledger(first: $first, after: $after, filter: {unit: $unit, reportedAt: $at}) {
  totalCount pageInfo { hasNextPage endCursor } nodes { unit number kind quantity leftChange
  heldChange lot effectiveAt writtenAt periodStart periodEnd correctsFrom expiresAt reason source
  ticket { number } cause overageStatus amount { cents currency } approvedBy
  actor { kind name agent { name } } } }"""
FORFAIT = f"""query Q($id: ID!, $unit: [RetainerUnit!], $at: DateTime, $first: Int, $after: String)
  {{ contract(id: $id) {{ {BALANCES} {LEDGER} }} }}"""
WORK = """query Q($id: ID!) { ticket(id: $id) { workLogs { number minutes startedAt writtenAt unit
  counts corrects note reason actor { name } } } }"""

Json = Any  # what JSON gives


async def opened(world: World, things: Things) -> None:
    """Give a contract of Alice's client an allowance of minutes, and a book for packs."""
    contract_id = ContractId(things.ids[Noun.CONTRACT])
    billed = OverageTerms(OveragePolicy.BILL, Money(90_00))
    for unit in (RetainerUnit.RUN_MINUTES, RetainerUnit.PACK_MINUTES):
        terms = RetainerTerms(unit, PeriodRule(ZoneInfo("Europe/Paris")), billed)
        opening = OpenRetainer(contract_id, terms)
        await open_retainer(world.desk, viewer=world.alice, request=opening)
    grant = GrantAllowance(contract_id, RetainerUnit.RUN_MINUTES, 120)
    await grant_allowance(world.desk, viewer=world.alice, request=grant)


async def forfait(api: Api, things: Things, **asked: Json) -> Json:
    """Return the balances and the movements of a contract."""
    answer = await api.data(FORFAIT, id=things.global_id(Noun.CONTRACT), **asked)
    return answer["contract"]


def of_contract(things: Things) -> dict[str, Json]:
    return {"contractId": things.global_id(Noun.CONTRACT)}


def of_ticket(things: Things) -> dict[str, Json]:
    return {"ticketId": things.global_id(Noun.TICKET)}


async def test_worked_time_is_taken_from_the_forfait_and_shown(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, world.bruno)
    alice = world.api(secret_of("alice"))
    ticket = await done(
        alice,
        "logWork",
        "ticket { workLogs { number minutes unit counts note } }",
        **of_ticket(world.bruno),
        minutes=130,
        unit="RUN_MINUTES",
        note="Cache",
    )

    assert ticket["ticket"]["workLogs"] == [
        {"number": 1, "minutes": 130, "unit": "RUN_MINUTES", "counts": True, "note": "Cache"}
    ]
    shown = await forfait(alice, world.bruno, unit="RUN_MINUTES")
    [run] = [one for one in shown["balances"] if one["unit"] == "RUN_MINUTES"]
    assert run == {
        "unit": "RUN_MINUTES",
        "isUnlimited": False,
        "granted": 120,
        "held": 0,
        "consumed": 135,
        "over": 15,
        "left": 0,
        "percent": 113,
        "expiresAt": None,
    }
    over, consumed, granted = shown["ledger"]["nodes"]
    assert [one["kind"] for one in shown["ledger"]["nodes"]] == ["OVERAGE", "CONSUME", "GRANT"]
    assert over["amount"] == {"cents": 2250, "currency": "EUR"}
    assert over["overageStatus"] == "BILLABLE"
    assert consumed["ticket"] is not None
    assert (consumed["source"], consumed["leftChange"]) == ("work", -120)
    assert (granted["source"], granted["ticket"]) == ("plan", None)
    assert granted["actor"] == {"kind": "AGENT", "name": "Alice", "agent": {"name": "Alice"}}


async def test_a_client_sees_his_forfait_and_no_note(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, world.bruno)
    await opened(world, world.chloe)
    alice, bruno = world.api(secret_of("alice")), world.api(secret_of("bruno"))
    await done(
        alice,
        "logWork",
        "ticket { id }",
        **of_ticket(world.bruno),
        minutes=15,
        unit="RUN_MINUTES",
        note="Secret",
    )
    given = {**of_ticket(world.bruno), "number": 1, "minutes": 30, "reason": "Secret too"}
    await done(alice, "correctWorkLog", "ticket { id }", **given)

    shown = await forfait(bruno, world.bruno)
    answer = await bruno.data(WORK, id=world.bruno.global_id(Noun.TICKET))

    assert [one["consumed"] for one in shown["balances"]] == [0, 30]
    assert [one["kind"] for one in shown["ledger"]["nodes"]] == ["CONSUME", "CONSUME", "GRANT"]
    logs = answer["ticket"]["workLogs"]
    assert [(one["minutes"], one["counts"], one["corrects"]) for one in logs] == [
        (15, False, None),
        (30, True, 1),
    ]
    assert "Secret" not in str(answer)
    for person in ("chloe", "yves", "zoe"):
        error = await world.api(secret_of(person)).refusal(
            FORFAIT, id=world.bruno.global_id(Noun.CONTRACT)
        )
        assert error["extensions"]["code"] == "NOT_FOUND"


async def test_the_forfaits_of_many_contracts_are_read_apart(world: World, alice: Api) -> None:
    for things in (world.bruno, world.chloe):
        await opened(world, things)
    await done(alice, "giveGesture", "contract { id }", **_gesture(world.chloe))
    ledger = "ledger(first: 1) { nodes { kind } }"
    query = f"{{ contracts {{ nodes {{ reference balances {{ granted }} {ledger} }} }} }}"

    nodes = (await alice.data(query))["contracts"]["nodes"]

    shown = {node["reference"]: node for node in nodes}
    assert [one["granted"] for one in shown["TMA-bruno"]["balances"]] == [0, 120]
    assert [one["granted"] for one in shown["TMA-chloe"]["balances"]] == [0, 150]
    assert shown["TMA-bruno"]["ledger"]["nodes"] == [{"kind": "GRANT"}]
    assert shown["TMA-chloe"]["ledger"]["nodes"] == [{"kind": "GESTURE"}]


def _gesture(things: Things) -> dict[str, Json]:
    given = {"unit": "RUN_MINUTES", "quantity": 30, "reason": "Late in June"}
    return {**of_contract(things), **given}


async def test_the_ledger_is_read_page_by_page(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, world.bruno)
    alice = world.api(secret_of("alice"))
    for _ in range(3):
        world.now.advance(minutes=1)
        await done(alice, "giveGesture", "contract { id }", **_gesture(world.bruno))

    last = (await forfait(alice, world.bruno, unit="RUN_MINUTES", first=3))["ledger"]
    cursor = last["pageInfo"]["endCursor"]
    rest = (await forfait(alice, world.bruno, unit="RUN_MINUTES", after=cursor))["ledger"]
    none = (await forfait(alice, world.bruno, unit="CORRECTIVE_TICKETS"))["ledger"]

    assert [one["number"] for one in last["nodes"]] == [4, 3, 2]
    assert (last["totalCount"], last["pageInfo"]["hasNextPage"]) == (4, True)
    assert [one["number"] for one in rest["nodes"]] == [1]
    assert (none["totalCount"], none["nodes"]) == (0, [])


async def test_the_ledger_is_read_by_unit_and_period(world: World, alice: Api) -> None:
    await opened(world, world.bruno)
    await done(alice, "purchaseTimePack", "contract { id }", **of_contract(world.bruno), minutes=60)
    july, august = "2026-07-31T21:59:59Z", "2026-07-31T22:00:00Z"

    every = (await forfait(alice, world.bruno))["ledger"]["nodes"]
    of_july = (await forfait(alice, world.bruno, at=july))["ledger"]["nodes"]
    of_august = (await forfait(alice, world.bruno, at=august))["ledger"]["nodes"]
    both = ["RUN_MINUTES", "PACK_MINUTES"]
    of_both = (await forfait(alice, world.bruno, at=july, unit=both))["ledger"]["nodes"]

    assert {one["unit"] for one in every} == set(both)
    assert every == of_july == of_both
    assert of_august == []


async def test_packs_gestures_adjustments_and_a_close(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, world.bruno)
    alice = world.api(secret_of("alice"))
    contract = of_contract(world.bruno)
    site = world.bruno.global_id(Noun.SITE)
    fields = "contract { balances { unit granted left } }"

    sold = await done(
        alice, "purchaseTimePack", fields, **contract, minutes=600, siteIds=[site], reference="12"
    )
    await done(alice, "giveGesture", fields, **_gesture(world.bruno))
    given = {"unit": "RUN_MINUTES", "lot": 1, "quantity": -20, "reason": "Typo"}
    adjusted = await done(alice, "adjustAllowance", fields, **contract, **given)
    world.now.advance(days=30)
    closed = await done(alice, "closePeriod", fields, **contract, at="2026-07-06T07:00:00Z")

    assert sold["contract"]["balances"][0]["left"] == 600
    assert adjusted["contract"]["balances"][1] == {
        "unit": "RUN_MINUTES",
        "granted": 130,
        "left": 130,
    }
    assert [one["left"] for one in closed["contract"]["balances"]] == [600, 0]
    ledger = (await forfait(alice, world.bruno, unit="RUN_MINUTES"))["ledger"]["nodes"]
    assert [one["kind"] for one in ledger] == ["EXPIRE", "EXPIRE", "ADJUST", "GESTURE", "GRANT"]
    assert ledger[2]["approvedBy"] == "Alice"


async def test_a_timer_logs_what_it_measured(world: World, alice: Api) -> None:
    await opened(world, world.bruno)
    await done(alice, "startTimer", "ticket { id }", **of_ticket(world.bruno))
    again = await do(alice, "startTimer", "ticket { id }", **of_ticket(world.bruno))
    world.now.advance(minutes=22)
    stopped = await done(
        alice, "stopTimer", "ticket { workLogs { minutes unit } }", isBillable=False
    )

    assert [error["code"] for error in again["errors"]] == ["TIMER_STATE"]
    assert stopped["ticket"]["workLogs"] == [{"minutes": 22, "unit": None}]


@pytest.mark.parametrize(
    ("name", "given", "code"),
    [
        ("giveGesture", {"unit": "RUN_MINUTES", "quantity": 0, "reason": "r"}, "BAD_INPUT"),
        ("giveGesture", {"unit": "RUN_MINUTES", "quantity": 1, "reason": " "}, "REQUIRED"),
        ("giveGesture", {"unit": "CORRECTIVE_TICKETS", "quantity": 1, "reason": "r"}, "NOT_FOUND"),
        ("purchaseTimePack", {"minutes": 60, "months": 0}, "BAD_INPUT"),
        (
            "adjustAllowance",
            {"unit": "RUN_MINUTES", "lot": 1, "quantity": -121, "reason": "r"},
            "INSUFFICIENT_ALLOWANCE",
        ),
        (
            "adjustAllowance",
            {"unit": "RUN_MINUTES", "lot": 1, "quantity": 1, "reason": ""},
            "REASON_REQUIRED",
        ),
        ("closePeriod", {"at": "2026-07-06T07:00:00Z"}, "PERIOD_OPEN"),
        ("openRetainer", {"unit": "RUN_MINUTES"}, "ALREADY_EXISTS"),
        ("openRetainer", {"unit": "CORRECTIVE_TICKETS", "anchorDay": 32}, "BAD_INPUT"),
        (
            "openRetainer",
            {"unit": "CORRECTIVE_TICKETS", "overage": {"policy": "BILL"}},
            "RETAINER_TERMS_INVALID",
        ),
        (
            "openRetainer",
            {
                "unit": "CORRECTIVE_TICKETS",
                "overage": {"policy": "BILL", "price": {"cents": 100, "currency": "EURO"}},
            },
            "BAD_INPUT",
        ),
        ("grantAllowance", {"unit": "RUN_MINUTES", "quantity": 0, "name": "more"}, "BAD_INPUT"),
        ("grantAllowance", {"unit": "RUN_MINUTES", "quantity": 60}, "IDEMPOTENCY_KEY_REUSED"),
        ("grantAllowance", {"unit": "CORRECTIVE_TICKETS", "quantity": 60}, "NOT_FOUND"),
        (
            "grantAllowance",
            {"unit": "RUN_MINUTES", "quantity": 60, "at": "2026-06-06T07:00:00Z"},
            "PERIOD_CLOSED",
        ),
    ],
)
async def test_a_refusal_is_typed_and_changes_nothing(
    world: World, alice: Api, name: str, given: dict[str, Json], code: str
) -> None:
    await opened(world, world.bruno)
    before = await everything_in(world.database)

    payload = await do(alice, name, "contract { id }", **of_contract(world.bruno), **given)

    assert [error["code"] for error in payload["errors"]] == [code]
    assert payload["contract"] is None
    assert await everything_in(world.database) == before
