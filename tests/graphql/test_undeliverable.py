"""Whether mails reach people is shown to the agency, which sends them again when it says so."""

from helpdesk.domain.undelivered import UndeliverableAddress
from helpdesk.usecases.read_models import Noun
from tests.graphql.api import Api
from tests.graphql.rows import everything_in
from tests.graphql.world import World

PEOPLE = """{
  contacts(first: 100) { nodes { email undeliverableSince undeliverableReason } }
  agents(first: 100) { nodes { email undeliverableSince undeliverableReason } }
}"""
CONTACT = """query Q($id: ID!) { node(id: $id) { ... on Contact {
  undeliverableSince undeliverableReason } } }"""
CLEAR = """mutation M($email: EmailAddress!) {
  clearUndeliverableAddress(input: {email: $email}) {
    contact { email undeliverableSince } agent { email } errors { code path } } }"""


async def test_the_agency_sees_who_is_not_reached_and_why(alice: Api, world: World) -> None:
    email = await _mark_a_contact(alice, world)

    people = await alice.data(PEOPLE)

    [marked] = [one for one in people["contacts"]["nodes"] if one["undeliverableSince"]]
    assert marked == {
        "email": email,
        "undeliverableSince": _instant(world),
        "undeliverableReason": "550 5.1.1 nobody",
    }
    assert [one for one in people["agents"]["nodes"] if one["undeliverableSince"]] == []


async def test_an_agent_may_not_be_reached_either(alice: Api, world: World) -> None:
    people = await alice.data(PEOPLE)
    email = people["agents"]["nodes"][0]["email"]
    await _mark(world, email)

    people = await alice.data(PEOPLE)

    assert people["agents"]["nodes"][0]["undeliverableReason"] == "550 5.1.1 nobody"


async def test_a_client_sees_nothing_of_it(alice: Api, bruno: Api, world: World) -> None:
    await _mark_a_contact(alice, world)

    shown = await bruno.data(CONTACT, id=world.bruno.global_id(Noun.CONTACT))

    assert shown["node"] == {"undeliverableSince": None, "undeliverableReason": None}


async def test_mails_are_sent_again_once_somebody_says_so(alice: Api, world: World) -> None:
    email = await _mark_a_contact(alice, world)

    payload = (await alice.data(CLEAR, email=email))["clearUndeliverableAddress"]

    assert payload == {
        "contact": {"email": email, "undeliverableSince": None},
        "agent": None,
        "errors": [],
    }
    people = await alice.data(PEOPLE)
    assert [one for one in people["contacts"]["nodes"] if one["undeliverableSince"]] == []


async def test_an_address_that_is_not_marked_is_not_there(alice: Api, world: World) -> None:
    before = await everything_in(world.database)

    payload = (await alice.data(CLEAR, email="who@nowhere.example"))["clearUndeliverableAddress"]

    assert payload["contact"] is None
    assert [error["code"] for error in payload["errors"]] == ["NOT_FOUND"]
    assert await everything_in(world.database) == before


async def _mark_a_contact(alice: Api, world: World) -> str:
    """Mark the address of Bruno's contact, and return it."""
    people = await alice.data(
        "query Q($id: ID!) { node(id: $id) { ... on Contact { email } } }",
        id=world.bruno.global_id(Noun.CONTACT),
    )
    email: str = people["node"]["email"]
    await _mark(world, email)
    return email


async def _mark(world: World, email: str) -> None:
    async with world.desk.store.transaction(world.alice.agency_id) as records:
        await records.undelivered.mark(
            UndeliverableAddress(email, world.now(), "5.1.1", "550 5.1.1 nobody")
        )


def _instant(world: World) -> str:
    return world.now().isoformat().replace("+00:00", "Z")
