"""The past corrected through the API: tried, done, and read again by the agency alone."""

from tests.graphql.api import Api
from tests.graphql.rows import everything_in
from tests.graphql.test_mutations import do, done
from tests.graphql.world import World, secret_of

MOVES = "moves { ticketNumber metric cycle gainer before { deadlineAt } after { deadlineAt } }"
MORNINGS = {
    "zone": "Europe/Paris",
    "openingHours": [
        {"weekday": day, "opensAt": "09:00", "closesAt": "12:00"}
        for day in ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY")
    ],
}


def calendar(**changes: object) -> dict[str, object]:
    """Return the correction that the office only opens in the morning."""
    given = {"code": "office", "version": 1, "hours": MORNINGS, "reason": "Closed at noon."}
    return {**given, "dryRun": False, **changes}


async def test_a_calendar_is_corrected_after_a_dry_run(both_worlds: World) -> None:
    alice = both_worlds.api(secret_of("alice"))
    selection = f"{MOVES} correction {{ kind by reason {MOVES} }}"
    before = await everything_in(both_worlds.database)

    tried = await done(alice, "correctCalendar", selection, **calendar(dryRun=True))
    unchanged = await everything_in(both_worlds.database)
    kept = await done(alice, "correctCalendar", selection, **calendar())

    assert unchanged == before
    assert tried["correction"] is None
    assert kept["moves"] == tried["moves"] != []
    assert kept["correction"]["moves"] == kept["moves"]
    assert (kept["correction"]["kind"], kept["correction"]["by"]) == ("CALENDAR", "Alice")
    shown = await alice.data(f"{{ corrections {{ reason {MOVES} }} }}")
    assert shown["corrections"] == [{"reason": "Closed at noon.", "moves": kept["moves"]}]


async def test_the_promises_of_a_contract_are_corrected(both_worlds: World) -> None:
    alice = both_worlds.api(secret_of("alice"))
    contract = (await alice.data("{ contracts { nodes { id } } }"))["contracts"]["nodes"][0]
    given = {
        "contractId": contract["id"],
        "version": 1,
        "atRiskPercent": 50,
        "ladders": [],
        "reason": "Half was signed.",
    }
    terms = "query($id: ID!) { contract(id: $id) { terms { version atRiskPercent } } }"

    tried = await done(alice, "correctContractTerms", MOVES, **given, dryRun=True)
    kept = await done(alice, "correctContractTerms", MOVES, **given, dryRun=False)

    assert kept == tried
    shown = (await alice.data(terms, id=contract["id"]))["contract"]["terms"]
    assert shown == {"version": 2, "atRiskPercent": 50}


async def test_the_instant_of_an_event_is_corrected(both_worlds: World) -> None:
    alice = both_worlds.api(secret_of("alice"))
    ticket = (await alice.data("{ tickets(last: 1) { nodes { id openedAt } } }"))["tickets"]
    opened = ticket["nodes"][0]
    given = {"ticketId": opened["id"], "sequence": 1, "at": "2026-07-01T08:00:00Z"}

    payload = await done(
        alice,
        "correctEventTime",
        f"{MOVES} correction {{ kind }}",
        **given,
        reason="He called on the first.",
        dryRun=False,
    )

    assert payload["correction"] == {"kind": "EVENT_TIME"}
    again = await alice.data("query($id: ID!) { ticket(id: $id) { openedAt } }", id=opened["id"])
    assert again["ticket"]["openedAt"] == "2026-07-01T08:00:00Z"


async def test_a_correction_without_reason_is_refused(world: World, alice: Api) -> None:
    before = await everything_in(world.database)

    payload = await do(alice, "correctCalendar", MOVES, **calendar(reason=" "))

    [error] = payload["errors"]
    assert (error["code"], error["path"]) == ("REASON_REQUIRED", ["input", "reason"])
    assert await everything_in(world.database) == before


async def test_corrections_are_the_agencys_affair(world: World) -> None:
    bruno = world.api(secret_of("bruno"))

    error = await bruno.refusal("{ corrections { reason } }")
    payload = await do(bruno, "correctCalendar", MOVES, **calendar())

    assert error["extensions"]["code"] == "FORBIDDEN"
    assert [one["code"] for one in payload["errors"]] == ["FORBIDDEN"]
