"""What the API shows of a plan that changed, of packs that are paid back, of who is informed."""

from tests.graphql.test_contract_life import OFFICE, Json, in_force, newcomer
from tests.graphql.test_mutations import done
from tests.graphql.world import World, secret_of

HISTORY = """query Q($id: ID!) { contract(id: $id) {
  history { kind day until reason amount { cents currency } quantities { unit quantity } } } }"""
PACKS = """query Q($id: ID!) { contract(id: $id) { terms { commercial { packs {
  isProlongedByRests refunds { unit price { cents currency } } } } } } }"""


async def test_what_a_change_of_plan_costs_and_gives_is_kept_in_the_history(
    both_worlds: World,
) -> None:
    alice = both_worlds.api(secret_of("alice"))
    contract = await in_force(alice)
    given = {
        "contractId": contract["id"],
        "planCode": "guide.critique",
        "price": {"amount": {"cents": 44900, "currency": "EUR"}, "taxBasis": "HT"},
        "calendars": OFFICE,
    }

    changed = await done(alice, "changePlan", "change { charge { cents } extraMinutes }", **given)

    fact = (await alice.data(HISTORY, id=contract["id"]))["contract"]["history"][-1]
    assert fact["kind"] == "PLAN_CHANGED"
    assert fact["amount"] == {"cents": changed["change"]["charge"]["cents"], "currency": "EUR"}
    shown = {one["unit"]: one["quantity"] for one in fact["quantities"]}
    assert shown["CORRECTIVE_TICKETS"] is None


async def test_what_is_settled_about_packs_is_shown(both_worlds: World) -> None:
    alice = both_worlds.api(secret_of("alice"))
    refund = {"unit": "PACK_MINUTES", "price": {"cents": 8000, "currency": "EUR"}}
    packs: Json = {"isProlongedByRests": False, "refunds": [refund]}

    contract = await in_force(alice, packs=packs)

    shown = (await alice.data(PACKS, id=contract["id"]))["contract"]["terms"]["commercial"]["packs"]
    assert shown == packs


async def test_a_client_says_what_it_is_and_who_reads_its_notices(both_worlds: World) -> None:
    alice = both_worlds.api(secret_of("alice"))
    client_id, _ = await newcomer(alice)
    person = {"clientId": client_id, "name": "Dora", "email": "dora@dora.example"}
    contact = (await done(alice, "createContact", "contact { id readsNotices }", **person))[
        "contact"
    ]
    assert contact["readsNotices"] is False

    given = {"clientId": client_id, "kind": "CONSUMER", "noticeContactIds": [contact["id"]]}
    shown = "client { name kind contacts { nodes { readsNotices } } }"
    client = (await done(alice, "updateClient", shown, **given))["client"]
    named = (await done(alice, "updateClient", shown, clientId=client_id, name="Dora SA"))["client"]

    assert client == {
        "name": "Dora",
        "kind": "CONSUMER",
        "contacts": {"nodes": [{"readsNotices": True}]},
    }
    assert named == {**client, "name": "Dora SA"}
