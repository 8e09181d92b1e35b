"""From a clause to an approved credit through the API: the client sees what he may, when he may."""

from typing import Any

import pytest

from helpdesk.graphql.global_ids import parse_id
from helpdesk.usecases.read_models import Noun
from tests.factories import at
from tests.graphql.api import Api
from tests.graphql.rows import everything_in
from tests.graphql.test_contract_life import OFFICE, SETTLED, newcomer
from tests.graphql.test_mutations import do, done
from tests.graphql.world import World, secret_of

Json = Any  # what JSON gives

AMOUNTS = """amounts {
  resolution { mode percentPerHour fixed { cents } origin source }
  uptime { mode tiers { floor credit } percentPerStep step origin }
  sameIncident { rule origin } cap { monthlyPercent yearlyPercent mayTerminate origin }
  approval { secondAbove { cents } automaticBelow { cents } excludesAgent origin } }"""
CONTRACT = (
    f"contract {{ id terms {{ commercial {{ compensation {{ text nature {AMOUNTS} }} }} }} }}"
)
CREDIT = """credit { id kind label month revision state nature net { cents currency }
  total { cents } capped { cents } roomLeft { cents } outweighed base { cents } clauseVersion
  overcreditedCents
  proof { ticketNumber cycle termsVersion calendarVersion startedAt deadlineAt stoppedAt
    allowanceSeconds countedSeconds overSeconds upPercent promisedPercent up }
  completed { id } contract { reference } client { name } ticket { number } breachedAt createdAt
  history { sequence step state actorName reason document } }"""
BREACHES = """query Q($id: ID!, $month: Month!) { breaches(contractId: $id, month: $month) {
  promise consequence isOwed at isCompensable exclusionCause ticket { number } metric priority cycle
  endedAt outcome allowanceSeconds countedSeconds overSeconds termsVersion calendarVersion upPercent
  promisedPercent credits { state net { cents } } } }"""
LISTED = """query Q($id: ID!, $state: [CreditState!]) {
  credits(filter: {contractId: [$id], state: $state},
    orderBy: {field: CREATED_AT, direction: ASC}) { totalCount nodes { state } }
  contract(id: $id) { credits { totalCount nodes { overcreditedCents
    history { actorName reason } } } } }"""
CLAUSE = {"text": "Credits on the next invoice", "nature": "PRICE_REDUCTION"}


async def compensating(alice: Api, *, is_left_out: bool = False, **changes: Json) -> Json:
    """Return an active contract of Dora's, whose clause has these amounts besides the preset's."""
    client_id, site_id = await newcomer(alice)
    given = {
        **SETTLED,
        "clientId": client_id,
        "reference": "TMA-DORA",
        "name": "Maintenance of the shop",
        "startsOn": "2026-07-01",
        "models": ["MONTHLY_PLAN", "SLA"],
        "term": {"months": 12, "renewalMonths": 12},
        "siteIds": [site_id],
        "planCode": "guide.business",
        "calendars": OFFICE,
        "compensation": None if is_left_out else {**CLAUSE, **changes},
    }
    contract = (await done(alice, "createContract", CONTRACT, **given))["contract"]
    await done(alice, "activateContract", CONTRACT, contractId=contract["id"])
    return {**contract, "siteId": site_id, "clientId": client_id}


async def late_p0(world: World, alice: Api, contract: Json) -> Api:
    """Have a P0 of Dora's resolved the next morning, eight hours promised; return her API."""
    client, now = await dora(world, alice, contract), world.now
    now.set(at("07-06 09:00"))
    asked = {
        "subject": "The shop is down",
        "description": "Nothing answers.",
        "siteId": contract["siteId"],
        "impact": "CRITICAL",
        "urgency": "HIGH",
    }
    ticket = (await done(client, "openTicket", "ticket { id priority }", **asked))["ticket"]
    assert ticket["priority"] == "P0"
    given = {"ticketId": ticket["id"]}
    await done(alice, "replyToTicket", "ticket { id }", **given, bodyMarkdown="We are on it.")
    now.set(at("07-07 12:00"))
    await done(alice, "resolveTicket", "ticket { id }", **given)
    return client


async def recomputed(alice: Api, contract: Json, **given: Json) -> Json:
    shown = "contract { credits { nodes { id state net { cents } } } } "
    shown += "change { added changed unpriced mayTerminate }"
    asked = {"contractId": contract["id"], "month": "2026-07", **given}
    return await done(alice, "recomputeCredits", shown, **asked)


async def dora(world: World, alice: Api, contract: Json) -> Api:
    """Return the API as a program of Dora's sees it."""
    made = await done(
        alice,
        "createToken",
        "secret",
        name="Dora's shop",
        clientId=contract["clientId"],
        scopes=["CONTRACTS_READ", "TICKETS_READ", "TICKETS_WRITE", "CLIENTS_READ"],
    )
    return world.api(made["secret"])


async def test_a_clause_takes_the_preset_with_its_origin(world: World) -> None:
    alice = world.api(secret_of("alice"))

    clause = (await compensating(alice))["terms"]["commercial"]["compensation"]

    assert (clause["text"], clause["nature"]) == (CLAUSE["text"], "PRICE_REDUCTION")
    amounts = clause["amounts"]
    assert amounts["resolution"]["mode"] == "PER_STARTED_HOUR"
    assert (amounts["resolution"]["percentPerHour"], amounts["resolution"]["fixed"]) == ("5", None)
    assert "X-34" in amounts["resolution"]["source"]
    assert amounts["uptime"]["tiers"][0] == {"floor": "99.0", "credit": "10"}
    assert amounts["sameIncident"] == {"rule": "HIGHEST", "origin": "PROPOSAL"}
    assert amounts["cap"] == {
        "monthlyPercent": "50",
        "yearlyPercent": None,
        "mayTerminate": False,
        "origin": "PROPOSAL",
    }
    assert amounts["approval"]["excludesAgent"] is False


async def test_a_contract_without_such_a_clause_shows_none(world: World) -> None:
    contract = await compensating(world.api(secret_of("alice")), is_left_out=True)

    assert contract["terms"]["commercial"]["compensation"] is None


async def test_the_parties_agree_on_every_amount(world: World) -> None:
    euros = {"cents": 5000, "currency": "EUR"}
    clause = (
        await compensating(
            world.api(secret_of("alice")),
            resolution={"mode": "FIXED", "fixed": euros},
            uptime={"mode": "PER_STEP", "percentPerStep": "2.5", "step": "0.05"},
            sameIncident="CUMULATE",
            cap={"yearlyPercent": "10", "mayTerminate": True},
            approval={"secondAbove": euros, "automaticBelow": euros, "excludesAgent": True},
        )
    )["terms"]["commercial"]["compensation"]["amounts"]

    assert {each["origin"] for each in clause.values()} == {"AGREED"}
    assert clause["resolution"]["fixed"] == {"cents": 5000}
    assert clause["uptime"] == {
        "mode": "PER_STEP",
        "tiers": [],
        "percentPerStep": "2.5",
        "step": "0.05",
        "origin": "AGREED",
    }
    assert clause["cap"]["monthlyPercent"] is None
    assert clause["approval"]["secondAbove"] == {"cents": 5000}


@pytest.mark.parametrize(
    ("clause", "field"),
    [
        ({"resolution": {"mode": "PER_MINUTE", "percentPerHour": "five"}}, "percentPerHour"),
        ({"resolution": {"mode": "PER_MINUTE", "percentPerHour": "101"}}, "percentPerHour"),
        ({"uptime": {"mode": "TIERS"}}, "tiers"),
        ({"cap": {"monthlyPercent": "NaN"}}, "monthlyPercent"),
        ({"cap": {"mayTerminate": True}}, "mayTerminate"),
    ],
)
async def test_an_impossible_amount_is_refused_by_its_name(
    world: World, clause: Json, field: str
) -> None:
    alice = world.api(secret_of("alice"))
    contract = await compensating(alice)
    before = await everything_in(world.database)
    given = {"contractId": contract["id"], "compensation": {**CLAUSE, **clause}}

    refused = await do(alice, "reviseContract", CONTRACT, **given)

    (error,) = refused["errors"]
    assert (error["code"], error["path"][-1]) == ("BAD_INPUT", field)
    assert await everything_in(world.database) == before


async def test_a_breach_is_followed_from_the_clock_to_the_approval(both_worlds: World) -> None:
    world = both_worlds
    alice = world.api(secret_of("alice"))
    contract = await compensating(alice)
    client = await late_p0(world, alice, contract)

    done_ = await recomputed(alice, contract)
    assert done_["change"] == {"added": 1, "changed": 0, "unpriced": 0, "mayTerminate": False}
    (listed,) = done_["contract"]["credits"]["nodes"]
    asked = {"id": contract["id"], "month": "2026-07"}
    before = _late_resolution(await client.data(BREACHES, **asked))
    credit = (await done(alice, "approveCredit", CREDIT, creditId=listed["id"]))["credit"]
    after = _late_resolution(await client.data(BREACHES, **asked))

    _assert_is_the_late_p0(credit)
    assert (before["consequence"], before["isOwed"], before["credits"]) == ("CREDIT", True, [])
    assert before["overSeconds"] == 9000
    assert after["credits"] == [{"state": "APPROVED", "net": {"cents": 2985}}]


def _assert_is_the_late_p0(credit: Json) -> None:
    assert (credit["state"], credit["net"]) == ("APPROVED", {"cents": 2985, "currency": "EUR"})
    assert credit["label"].startswith("Réduction de prix, juillet 2026 : résolution hors délai")
    assert (credit["month"], credit["revision"], credit["kind"]) == ("2026-07", 1, "P0_RESOLUTION")
    assert (credit["base"], credit["roomLeft"]) == ({"cents": 19900}, {"cents": 9950})
    assert (credit["total"], credit["capped"]) == ({"cents": 2985}, {"cents": 0})
    assert credit["proof"]["overSeconds"] == 9000
    assert credit["proof"]["allowanceSeconds"] == 8 * 3600
    assert credit["contract"]["reference"] == "TMA-DORA"
    assert credit["ticket"]["number"] == credit["proof"]["ticketNumber"]
    assert [one["step"] for one in credit["history"]] == [None, "APPROVE"]
    assert credit["history"][-1]["actorName"] == "Alice"


def _late_resolution(data: Json) -> Json:
    (breach,) = (one for one in data["breaches"] if one["promise"] == "P0_RESOLUTION")
    return breach


async def test_a_client_lists_what_was_approved_and_never_who_decided(both_worlds: World) -> None:
    world = both_worlds
    alice = world.api(secret_of("alice"))
    contract = await compensating(alice)
    client = await late_p0(world, alice, contract)
    await recomputed(alice, contract)
    asked = {"id": contract["id"], "state": ["PROPOSED", "APPROVED"]}

    hidden = await client.data(LISTED, **asked)
    seen = await alice.data(LISTED, **asked)
    credit_id = (await recomputed(alice, contract))["contract"]["credits"]["nodes"][0]["id"]
    await done(alice, "approveCredit", CREDIT, creditId=credit_id)
    shown = await client.data(LISTED, **asked)

    assert hidden["credits"]["totalCount"] == hidden["contract"]["credits"]["totalCount"] == 0
    assert seen["credits"]["nodes"] == [{"state": "PROPOSED"}]
    assert shown["credits"]["nodes"] == [{"state": "APPROVED"}]
    (credit,) = shown["contract"]["credits"]["nodes"]
    assert credit == {
        "overcreditedCents": None,
        "history": [{"actorName": None, "reason": ""}] * 2,
    }


async def test_a_rejection_is_kept_and_a_new_proposal_has_a_reason(world: World) -> None:
    alice = world.api(secret_of("alice"))
    contract = await compensating(alice)
    await late_p0(world, alice, contract)
    (listed,) = (await recomputed(alice, contract))["contract"]["credits"]["nodes"]
    before = await everything_in(world.database)

    refused = await do(alice, "rejectCredit", CREDIT, creditId=listed["id"], reason=" ")
    assert refused["errors"][0]["code"] == "REASON_REQUIRED"
    assert await everything_in(world.database) == before
    rejected = await done(alice, "rejectCredit", CREDIT, creditId=listed["id"], reason="Waived")
    again = await recomputed(alice, contract)
    anew = await recomputed(alice, contract, reason="He changed his mind")

    assert rejected["credit"]["state"] == "REJECTED"
    assert rejected["credit"]["history"][-1]["reason"] == "Waived"
    assert (again["change"]["added"], anew["change"]["added"]) == (0, 1)
    refused = await do(alice, "approveCredit", CREDIT, creditId=listed["id"])
    assert refused["errors"][0]["code"] == "TRANSITION_REFUSED"


async def test_a_month_below_its_availability_is_shown_with_its_figure(world: World) -> None:
    alice = world.api(secret_of("alice"))
    contract = await compensating(alice)
    world.now.set(at("07-20 09:00"))
    outage = {
        "siteId": contract["siteId"],
        "beganAt": "2026-07-19T00:00:00+02:00",
        "endedAt": "2026-07-19T10:00:00+02:00",
        "title": "Down",
    }
    await done(alice, "recordIncident", "incident { id }", **outage)
    world.now.set(at("08-01 09:00"))
    credit_id = (await recomputed(alice, contract))["contract"]["credits"]["nodes"][0]["id"]

    credit = (await done(alice, "approveCredit", CREDIT, creditId=credit_id))["credit"]
    data = await alice.data(BREACHES, id=contract["id"], month="2026-07")

    assert credit["net"]["cents"] == 4975
    assert credit["proof"]["upPercent"] == "98.65"
    assert (credit["proof"]["promisedPercent"], credit["proof"]["up"]) == ("99.50", "367/372")
    assert (credit["ticket"], credit["proof"]["overSeconds"]) == (None, None)
    (breach,) = data["breaches"]
    assert (breach["promise"], breach["upPercent"]) == ("UPTIME", "98.65")
    assert (breach["ticket"], breach["metric"]) == (None, None)


async def test_without_a_cap_there_is_no_bound_to_show(world: World) -> None:
    alice = world.api(secret_of("alice"))
    contract = await compensating(alice, cap={})
    await late_p0(world, alice, contract)
    credit_id = (await recomputed(alice, contract))["contract"]["credits"]["nodes"][0]["id"]

    credit = (await done(alice, "approveCredit", CREDIT, creditId=credit_id))["credit"]

    assert credit["roomLeft"] is None


async def test_a_register_can_be_read_without_its_neighbours(world: World) -> None:
    alice = world.api(secret_of("alice"))
    contract = await compensating(alice)
    await late_p0(world, alice, contract)
    query = """query Q($id: ID!) { breaches(contractId: $id, month: "2026-07") { consequence } }"""

    data = await alice.data(query, id=contract["id"])

    assert {"consequence": "CREDIT"} in data["breaches"]
    assert parse_id(contract["id"])[0] is Noun.CONTRACT
