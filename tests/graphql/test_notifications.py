"""Who is told what by mail, through the API."""

from helpdesk.usecases.read_models import Noun
from tests.graphql.api import Api
from tests.graphql.rows import everything_in
from tests.graphql.test_mutations import do, done
from tests.graphql.world import World, secret_of

PREFERENCES = "preferences { topic delivery choices isMandatory setAt setByName }"
MINE = "{ viewer { notificationPreferences { topic delivery setByName } } }"
OF = "query Q($id: ID) { notificationPreferences(readerId: $id) { topic delivery setByName } }"
QUIET = [{"topic": "NOTES", "delivery": "DIGEST"}]


async def test_a_person_chooses_when_he_is_told(both_worlds: World) -> None:
    alice = both_worlds.api(secret_of("alice"))

    payload = await done(alice, "setNotificationPreferences", PREFERENCES, preferences=QUIET)

    notes = next(one for one in payload["preferences"] if one["topic"] == "NOTES")
    assert notes["delivery"] == "DIGEST"
    assert notes["choices"] == ["NOW", "WORKING_HOURS", "DIGEST", "OFF"]
    assert (notes["isMandatory"], notes["setByName"]) == (False, "Alice")
    assert notes["setAt"] is not None
    mine = (await alice.data(MINE))["viewer"]["notificationPreferences"]
    assert [one for one in mine if one["setByName"]] == [
        {"topic": "NOTES", "delivery": "DIGEST", "setByName": "Alice"}
    ]
    assert (await alice.data(OF))["notificationPreferences"] == mine


async def test_a_client_sees_the_topics_of_clients(world: World) -> None:
    mine = (await world.api(secret_of("bruno")).data(MINE))["viewer"]["notificationPreferences"]

    assert {one["topic"]: one["delivery"] for one in mine} == {
        "CONVERSATION": "NOW",
        "CONTRACT": "NOW",
        "RECEIPTS": "NOW",
        "YOUR_TURN": "NOW",
        "PROGRESS": "NOW",
        "COLLEAGUES": "OFF",
    }


async def test_a_manager_chooses_for_a_contact(world: World, alice: Api) -> None:
    bruno = world.bruno.global_id(Noun.CONTACT)
    wanted = [{"topic": "PROGRESS", "delivery": "OFF"}]
    await done(alice, "setNotificationPreferences", PREFERENCES, readerId=bruno, preferences=wanted)

    seen = (await alice.data(OF, id=bruno))["notificationPreferences"]
    assert {"topic": "PROGRESS", "delivery": "OFF", "setByName": "Alice"} in seen


async def test_what_cannot_be_chosen_is_refused_and_changes_nothing(
    world: World, alice: Api
) -> None:
    before = await everything_in(world.database)
    wrong = [{"topic": "ALERTS", "delivery": "OFF"}]

    payload = await do(alice, "setNotificationPreferences", PREFERENCES, preferences=wrong)

    [error] = payload["errors"]
    assert (error["code"], error["path"]) == ("BAD_INPUT", ["input", "preferences"])
    assert await everything_in(world.database) == before


async def test_an_identity_of_something_else_is_no_reader(world: World, alice: Api) -> None:
    site = world.bruno.global_id(Noun.SITE)

    answer = await alice.answer(OF, id=site)

    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
