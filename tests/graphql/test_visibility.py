"""Agency A and client X see and change nothing of agency B and client Y.

The lists of what is tried are compared with the schema: a new field without a try fails here.
"""

import base64
import binascii
import contextlib
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from helpdesk.graphql.global_ids import NODES, global_id
from helpdesk.graphql.limits import Limits
from helpdesk.usecases.read_models import Noun
from tests.graphql.attempts import MADE_UP, Json
from tests.graphql.selections import everything_of, paged_queries
from tests.graphql.world import SCHEMA, Things, World, secret_of

_NO_LIMITS = Limits(depth=50, aliases=50, tokens=100_000, points=10**9)


def names_in(answer: Json) -> Iterator[str]:
    """Yield every text in an answer, identities spelled out."""
    if isinstance(answer, dict):
        for value in answer.values():
            yield from names_in(value)
    elif isinstance(answer, list):
        for value in answer:
            yield from names_in(value)
    elif isinstance(answer, str):
        yield answer
        if re.fullmatch(r"[A-Za-z0-9+/=_-]{12,}", answer):
            padded = answer + "=" * (-len(answer) % 4)
            with contextlib.suppress(binascii.Error):
                yield base64.b64decode(padded, altchars=b"-_").decode("utf-8", "replace")


def owners_in(answer: Json) -> set[str]:
    """Return whose things an answer names."""
    words = " ".join(names_in(answer)).lower()
    return {name for name in ("alice", "bruno", "chloe", "zoe", "yves") if name in words}


LISTS = paged_queries()
VIEWER = f"{{ viewer {{ {everything_of(SCHEMA.type_map['Viewer'], 3)} }} }}"  # type: ignore[arg-type]  # it is an object
NODE = "query Q($id: ID!) { node(id: $id) { id __typename } }"
NODES_QUERY = "query Q($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }"
PREVIEW = """query Q($id: ID!) {
  previewDeadline(contractId: $id, priority: P1, at: "2026-07-06T09:00:00Z") { metric } }"""
BREACHES = """query Q($id: ID!) {
  breaches(contractId: $id, month: "2026-07") { at } }"""
TICKET = "query Q($id: ID, $number: String) { ticket(id: $id, number: $number) { id } }"
PREVIEWED = "query Q($id: ID!) { inboundMessagePreview(inboundMessageId: $id) { subject } }"
CONTRACT = "query Q($id: ID!) { contract(id: $id) { id } }"
CALENDAR = 'query Q { calendar(code: "office") { name versions { version } } }'
HOLIDAYS = '{ publicHolidays(country: "FR", year: 2026) { date name } }'
RATE_LIMIT = "{ rateLimit { cost limit } }"
COMPLIANCE = f"""{{ slaCompliance(from: "2026-07", to: "2026-07", groupBy: [CLIENT, METRIC]) {{
  {everything_of(SCHEMA.type_map["SlaCompliance"], 3)} }} }}"""  # type: ignore[arg-type]  # it is an object

ASKED = {
    **LISTS,
    "viewer": VIEWER,
    "node": NODE,
    "nodes": NODES_QUERY,
    "ticket": TICKET,
    "contract": CONTRACT,
    "previewDeadline": PREVIEW,
    "breaches": BREACHES,
    "calendars": "{ calendars { code versions { version } } }",
    "calendar": CALENDAR,
    "publicHolidays": HOLIDAYS,
    "rateLimit": RATE_LIMIT,
    "inboundMessagePreview": PREVIEWED,
    "mailboxes": "{ mailboxes { address } }",
    "blockedSenders": "{ blockedSenders { sender } }",
    "mailKeys": "{ mailKeys { number } }",
    "slaCompliance": COMPLIANCE,
    "workers": "{ workers { name } }",
    "plans": "{ plans { code } }",
    "mailTemplates": "{ mailTemplates { kind } }",
    "previewMailTemplate": '{ previewMailTemplate(kind: QUOTE_SENT, locale: "fr") { subject } }',
    "mailLook": "{ mailLook { accent } }",
    "corrections": "{ corrections { reason } }",
    "notificationPreferences": "{ notificationPreferences { topic setByName } }",
}


def test_every_field_of_the_query_is_tried() -> None:
    assert SCHEMA.query_type is not None
    assert set(ASKED) == set(SCHEMA.query_type.fields)


def test_everything_with_an_identity_is_tried() -> None:
    node = SCHEMA.type_map["Node"]
    implementations = {kind.name for kind in SCHEMA.get_possible_types(node)}  # type: ignore[arg-type]  # an interface
    assert implementations == {noun.value for noun in NODES} == {n.value for n in MADE_UP.ids}


@pytest.mark.parametrize("name", [*LISTS, "viewer", "slaCompliance"])
async def test_a_list_names_only_what_the_viewer_may_see(world: World, name: str) -> None:
    for person, allowed in (
        ("alice", {"alice", "bruno", "chloe"}),
        ("bruno", {"alice", "bruno"}),
        ("chloe", {"alice", "chloe"}),
        ("zoe", {"zoe", "yves"}),
        ("yves", {"zoe", "yves"}),
    ):
        answer = await world.api(secret_of(person), limits=_NO_LIMITS).data(ASKED[name])

        assert owners_in(answer) <= allowed, (person, owners_in(answer))


async def test_a_list_is_not_merely_empty(both_worlds: World) -> None:
    for name, query in LISTS.items():
        api = both_worlds.api(secret_of("alice"), limits=_NO_LIMITS)
        nodes = (await api.data(query))[name]
        owners = {"alice"} if name in {"agents", "teams"} else {"bruno", "chloe"}
        assert owners_in(nodes) >= owners, name


@pytest.mark.parametrize(
    "name",
    ["inboundMessages", "outgoingMessages", "tokens", "teams", "webhooks", "monitoringHooks"],
)
async def test_what_belongs_to_the_agency_does_not_exist_for_a_client(
    world: World, name: str
) -> None:
    query = (
        f"{{ {name} {{ totalCount nodes {{ id }} edges {{ cursor }} pageInfo {{ endCursor }} }} }}"
    )

    answer = await world.api(secret_of("bruno")).data(query)

    assert answer[name] == {
        "totalCount": 0,
        "nodes": [],
        "edges": [],
        "pageInfo": {"endCursor": None},
    }


async def test_a_client_sees_no_note_no_team_and_no_colleague_who_does_not_work_for_it(
    world: World,
) -> None:
    api = world.api(secret_of("bruno"))
    query = """query Q($id: ID!) {
      ticket(id: $id) {
        messages(first: 100) { totalCount nodes { body isInternal } }
        timeline(first: 100) { totalCount nodes { kind sequence message { body } } }
        team { name } assignee { name email role locale }
      }
      viewer { agency { teams { totalCount nodes { name } }
        agents { totalCount nodes { name email } } } }
    }"""

    data = await api.data(query, id=world.bruno.global_id(Noun.TICKET))

    ticket, agency = data["ticket"], data["viewer"]["agency"]
    assert ticket["messages"]["totalCount"] == len(ticket["messages"]["nodes"]) == 3
    assert not any(message["isInternal"] for message in ticket["messages"]["nodes"])
    kinds = [event["kind"] for event in ticket["timeline"]["nodes"]]
    assert "NOTE_ADDED" not in kinds
    assert ticket["timeline"]["totalCount"] == len(kinds) == 4
    assert "Note" not in json.dumps(data)
    assert ticket["team"] is None
    assert ticket["assignee"] == {"name": "Alice", "email": None, "role": None, "locale": None}
    assert agency["teams"] == {"totalCount": 0, "nodes": []}
    assert agency["agents"] == {"totalCount": 1, "nodes": [{"name": "Alice", "email": None}]}


def _foreign_ids(things: Things) -> dict[str, str]:
    ids = {noun.value: global_id(noun, thing_id) for noun, thing_id in things.ids.items()}
    return {**ids, "note": global_id(Noun.MESSAGE, things.note_id)} if things.note_id else ids


async def test_no_thing_of_a_stranger_is_a_node(both_worlds: World) -> None:
    world = both_worlds
    shared = {"Agency", "Agent", "Team"}
    of_chloe = {kind: one for kind, one in _foreign_ids(world.chloe).items() if kind not in shared}
    cases = [
        ("bruno", of_chloe),
        ("bruno", _foreign_ids(world.yves)),
        ("alice", _foreign_ids(world.yves)),
        ("zoe", _foreign_ids(world.bruno)),
        ("alice", _foreign_ids(MADE_UP)),
    ]
    for person, ids in cases:
        api = world.api(secret_of(person))
        for kind, one in ids.items():
            assert await api.data(NODE, id=one) == {"node": None}, (person, kind)
        found = await api.data(NODES_QUERY, ids=list(ids.values()))
        assert found["nodes"] == [None] * len(ids)


async def test_what_a_client_may_not_see_of_its_own_is_no_node_either(world: World) -> None:
    api = world.api(secret_of("bruno"))
    hidden = {
        *("Team", "ApiToken", "InboundMessage", "Webhook", "WebhookDelivery", "note"),
        "OutgoingMessage",
        *("MonitoringHook", "MonitoringSignal"),
    }

    for kind, one in _foreign_ids(world.bruno).items():
        node = (await api.data(NODE, id=one))["node"]
        expected = None if kind in hidden else {"id": one, "__typename": kind}
        assert node == expected, kind


async def test_an_agent_who_works_for_another_client_alone_does_not_exist_for_this_one(
    world: World,
) -> None:
    api = world.api(secret_of("bruno"))
    agent = world.bruno.global_id(Noun.AGENT)
    assign = """mutation M($input: AssignTicketInput!) {
      assignTicket(input: $input) { errors { code } } }"""
    given = {"ticketId": world.bruno.global_id(Noun.TICKET)}
    await world.api(secret_of("alice")).data(assign, input=given)

    assert await api.data(NODE, id=agent) == {"node": None}


async def test_one_thing_of_a_stranger_is_not_found(world: World) -> None:
    numbers = await world.api(secret_of("alice")).data(
        "{ tickets(first: 100) { nodes { id number } } }"
    )
    number_of = {node["id"]: node["number"] for node in numbers["tickets"]["nodes"]}
    chloes = world.chloe.global_id(Noun.TICKET)
    asked: list[tuple[str, dict[str, Any]]] = [
        (TICKET, {"id": chloes}),
        (TICKET, {"number": number_of[chloes]}),
        (CONTRACT, {"id": world.chloe.global_id(Noun.CONTRACT)}),
        (PREVIEW, {"id": world.chloe.global_id(Noun.CONTRACT)}),
        (BREACHES, {"id": world.chloe.global_id(Noun.CONTRACT)}),
        (BREACHES, {"id": world.yves.global_id(Noun.CONTRACT)}),
        (TICKET, {"id": world.yves.global_id(Noun.TICKET)}),
        (CONTRACT, {"id": world.yves.global_id(Noun.CONTRACT)}),
        (PREVIEW, {"id": world.yves.global_id(Noun.CONTRACT)}),
    ]
    for query, variables in asked:
        error = await world.api(secret_of("bruno")).refusal(query, **variables)
        assert error["extensions"]["code"] == "NOT_FOUND", (query, variables)


async def test_a_filter_by_a_stranger_finds_nothing(world: World) -> None:
    nouns = {
        "clientId": Noun.CLIENT,
        "siteId": Noun.SITE,
        "contractId": Noun.CONTRACT,
        "requesterId": Noun.CONTACT,
    }
    for person, stranger in (("bruno", world.chloe), ("bruno", world.yves), ("alice", world.yves)):
        for name, noun in nouns.items():
            given = f'{{{name}: ["{stranger.global_id(noun)}"]}}'
            query = f"{{ tickets(filter: {given}) {{ totalCount nodes {{ id }} }} }}"
            data = await world.api(secret_of(person)).data(query)
            assert data == {"tickets": {"totalCount": 0, "nodes": []}}, (person, name)
