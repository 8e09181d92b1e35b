"""Quotes through the API: the agency makes them, the client reads and answers his own."""

from typing import Any

from helpdesk.graphql.global_ids import global_id
from helpdesk.storage.tables.quote import QUOTE_ANSWER
from helpdesk.usecases.read_models import Noun
from tests.graphql.api import Api
from tests.graphql.rows import everything_in
from tests.graphql.test_mutations import do, done
from tests.graphql.world import World, secret_of

FIELDS = """quote { id number version title status canBeAnswered currency netCents vatCents
  grossCents validityDays createdAt sentAt expiresAt endedAt documentHash
  lines { description quantity unitCents vatBasisPoints } client { name } ticket { status }
  contract { reference }
  answer { kind name at documentHash reason then } work { kind at ticket { subject kind } } }"""
LINES = [
    {"description": "A page", "quantity": 2, "unitCents": 45000, "vatBasisPoints": 2000},
    {"description": "A gesture", "unitCents": -10000, "vatBasisPoints": 2000},
]
LIST = """query Q($id: ID!, $client: [ID!], $status: [QuoteStatus!]) {
  quotes(filter: {clientId: $client, status: $status},
    orderBy: {field: CREATED_AT, direction: ASC}) { totalCount nodes { title status } }
  ticket(id: $id) { waitingOn quotes { totalCount nodes { title } } } }"""

Json = Any  # what JSON gives


def _second(world: World) -> str:
    """Return the request about which there is no quote yet."""
    return global_id(Noun.TICKET, world.bruno.second_ticket_id)


async def _drafted(world: World, alice: Api, ticket_id: str | None = None) -> Json:
    ticket_id = ticket_id or _second(world)
    given = {"title": "Hours", "lines": LINES, "ticketId": ticket_id}
    return (await done(alice, "draftQuote", FIELDS, **given))["quote"]


async def _sent(world: World, alice: Api) -> Json:
    draft = await _drafted(world, alice)
    recipient = world.bruno.global_id(Noun.CONTACT)
    given = {"quoteId": draft["id"], "recipientId": recipient}
    return (await done(alice, "sendQuote", FIELDS, **given))["quote"]


async def _listed(world: World, person: str, **asked: Json) -> Json:
    api = world.api(secret_of(person))
    return await api.data(LIST, id=_second(world), **asked)


async def test_a_quote_is_drafted_edited_and_sent(both_worlds: World) -> None:
    world = both_worlds
    alice = world.api(secret_of("alice"))

    draft = await _drafted(world, alice)

    assert (draft["status"], draft["canBeAnswered"], draft["validityDays"]) == ("DRAFT", False, 30)
    assert (draft["netCents"], draft["vatCents"], draft["grossCents"]) == (80000, 16000, 96000)
    assert draft["lines"] == [LINES[0], {**LINES[1], "quantity": 1}]
    assert (draft["client"], draft["contract"]) == (
        {"name": "Client bruno"},
        {"reference": "TMA-bruno"},
    )
    assert (draft["answer"], draft["work"], draft["sentAt"]) == (None, None, None)
    edit = {"quoteId": draft["id"], "title": "Winter", "lines": LINES[:1]}
    edited = (await done(alice, "editQuote", FIELDS, **edit))["quote"]
    assert (edited["title"], edited["lines"]) == ("Winter", LINES[:1])
    assert edited["documentHash"] != draft["documentHash"]
    sent = (await done(alice, "sendQuote", FIELDS, quoteId=draft["id"]))["quote"]
    assert (sent["status"], sent["canBeAnswered"]) == ("SENT", True)
    assert sent["expiresAt"] == "2026-08-05T22:00:00Z"
    assert sent["ticket"] == {"status": "WAITING"}


async def test_a_client_sees_what_was_sent_to_him_and_no_draft(both_worlds: World) -> None:
    world = both_worlds
    alice = world.api(secret_of("alice"))
    first = world.bruno.global_id(Noun.TICKET)
    draft, other = [await _drafted(world, alice, first) for _ in range(2)]
    await done(alice, "cancelQuote", FIELDS, quoteId=other["id"])

    for person, titles in (
        ("bruno", ["Quote for bruno"]),
        ("chloe", ["Quote for chloe"]),
        ("alice", ["Quote for bruno", "Quote for chloe", "Hours", "Hours"]),
    ):
        api = world.api(secret_of(person))
        found = await api.data(
            "{ quotes(orderBy: {field: CREATED_AT, direction: ASC}) { nodes { title } } }"
        )
        assert sorted(node["title"] for node in found["quotes"]["nodes"]) == sorted(titles)
    found = await world.api(secret_of("bruno")).data(LIST, id=first)
    assert found["ticket"]["quotes"] == {
        "totalCount": 1,
        "nodes": [{"title": "Quote for bruno"}],
    }
    node = "query Q($id: ID!) { node(id: $id) { id } }"
    assert await world.api(secret_of("bruno")).data(node, id=draft["id"]) == {"node": None}


async def test_quotes_are_filtered_by_client_and_by_where_they_stand(world: World) -> None:
    alice = world.api(secret_of("alice"))
    await _drafted(world, alice)
    of_bruno = [world.bruno.global_id(Noun.CLIENT)]

    drafts = (await _listed(world, "alice", client=of_bruno, status=["DRAFT"]))["quotes"]

    assert drafts == {"totalCount": 1, "nodes": [{"title": "Hours", "status": "DRAFT"}]}
    assert (await _listed(world, "alice", client=of_bruno))["quotes"]["totalCount"] == 2


async def test_a_client_accepts_and_the_agency_turns_it_into_a_project(
    both_worlds: World,
) -> None:
    world = both_worlds
    alice, bruno = (world.api(secret_of(name)) for name in ("alice", "bruno"))
    quote = await _sent(world, alice)
    assert (await _listed(world, "bruno"))["ticket"]["waitingOn"] == "QUOTE_ANSWER"

    given = {"quoteId": quote["id"], "documentHash": quote["documentHash"]}
    agreed = (await done(bruno, "acceptQuote", FIELDS, **given))["quote"]

    assert (agreed["status"], agreed["canBeAnswered"]) == ("ACCEPTED", False)
    assert agreed["answer"] == {
        "kind": "ACCEPTED",
        "name": "Bruno",
        "at": "2026-07-06T07:00:00Z",
        "documentHash": quote["documentHash"],
        "reason": None,
        "then": None,
    }
    assert (await _listed(world, "bruno"))["ticket"]["waitingOn"] is None
    [row] = (await everything_in(world.database))[QUOTE_ANSWER.name]
    assert "127.0.0.1" not in row
    work = {"quoteId": quote["id"], "key": "k", "kind": "PROJECT_TICKET"}
    made = (await done(alice, "convertQuote", FIELDS, **work))["quote"]
    assert made["status"] == "CONVERTED"
    assert made["work"] == {
        "kind": "PROJECT_TICKET",
        "at": "2026-07-06T07:00:00Z",
        "ticket": {"subject": "Hours", "kind": "EVOLUTION"},
    }


async def test_a_client_refuses_with_a_reason(both_worlds: World) -> None:
    world = both_worlds
    alice, bruno = (world.api(secret_of(name)) for name in ("alice", "bruno"))
    quote = await _sent(world, alice)

    given = {"quoteId": quote["id"], "reason": "Too dear", "then": "CLOSE"}
    refused = (await done(bruno, "refuseQuote", FIELDS, **given))["quote"]

    assert refused["answer"]["kind"] == "REFUSED"
    assert (refused["answer"]["reason"], refused["answer"]["then"]) == ("Too dear", "CLOSE")
    assert refused["ticket"] == {"status": "CANCELLED"}


async def test_a_revision_is_a_draft_of_the_next_version(world: World) -> None:
    alice = world.api(secret_of("alice"))
    quote = await _sent(world, alice)

    given = {"quoteId": quote["id"], "lines": LINES[:1]}
    draft = (await done(alice, "reviseQuote", FIELDS, **given))["quote"]

    assert (draft["number"], draft["version"], draft["status"]) == (quote["number"], 2, "DRAFT")


async def test_a_refused_answer_says_why_in_the_language_of_the_reader(world: World) -> None:
    alice, bruno = (world.api(secret_of(name)) for name in ("alice", "bruno"))
    quote = await _sent(world, alice)
    before = await everything_in(world.database)

    for api, name, given, code in (
        (bruno, "acceptQuote", {"documentHash": "other"}, "VERSION_CONFLICT"),
        (bruno, "refuseQuote", {"reason": " "}, "REASON_REQUIRED"),
        (alice, "acceptQuote", {"documentHash": quote["documentHash"]}, "FORBIDDEN"),
        (alice, "convertQuote", {"key": "k", "kind": "RUN_HOLD"}, "TRANSITION_REFUSED"),
    ):
        payload = await do(api, name, FIELDS, quoteId=quote["id"], **given)
        [error] = payload["errors"]
        assert (error["code"], payload["quote"]) == (code, None)
    assert await everything_in(world.database) == before
