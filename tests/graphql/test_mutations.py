"""What is done through the API is done, once, and told in the same answer."""

from typing import Any

import pytest

from helpdesk.usecases.read_models import Noun
from tests.graphql.api import Api
from tests.graphql.rows import everything_in
from tests.graphql.world import World, secret_of

TICKET = """id number status priority version waitingOn
  assignee { name } team { name } mergedInto { number }"""

Json = Any  # what JSON gives


async def do(api: Api, name: str, wanted: str = f"ticket {{ {TICKET} }}", /, **given: Any) -> Json:
    kind = name[0].upper() + name[1:] + "Input"
    mutation = f"""mutation M($input: {kind}!) {{ {name}(input: $input) {{
      {wanted} errors {{ code message path }} clientMutationId }} }}"""
    return (await api.data(mutation, input=given))[name]


async def done(
    api: Api, name: str, wanted: str = f"ticket {{ {TICKET} }}", /, **given: Any
) -> Json:
    payload = await do(api, name, wanted, **given)
    assert payload["errors"] == []
    return payload


async def opened(api: Api, world: World, **more: Any) -> Json:
    given = {"subject": "s", "description": "d", "siteId": world.bruno.global_id(Noun.SITE), **more}
    return (await done(api, "openTicket", **given))["ticket"]


async def test_a_ticket_goes_through_its_whole_life(both_worlds: World) -> None:
    world = both_worlds
    alice, bruno = world.api(secret_of("alice")), world.api(secret_of("bruno"))
    ticket = await opened(bruno, world)
    mine = {"ticketId": ticket["id"]}
    agent, team = world.bruno.global_id(Noun.AGENT), world.bruno.global_id(Noun.TEAM)
    steps: list[tuple[Api, str, dict[str, Any], str]] = [
        (alice, "assignTicket", {"agentId": agent, "teamId": team}, "OPEN"),
        (alice, "setPriority", {"impact": "CRITICAL", "urgency": "HIGH"}, "OPEN"),
        (alice, "replyToTicket", {"bodyMarkdown": "Hello"}, "IN_PROGRESS"),
        (alice, "waitForClient", {"reason": "access"}, "WAITING"),
        (alice, "resumeTicket", {}, "IN_PROGRESS"),
        (alice, "deliverTicket", {}, "DELIVERED"),
        (alice, "resolveTicket", {}, "RESOLVED"),
        (bruno, "reopenTicket", {"reason": "still broken"}, "IN_PROGRESS"),
        (alice, "resolveTicket", {}, "RESOLVED"),
        (alice, "closeTicket", {}, "CLOSED"),
    ]
    for api, name, given, status in steps:
        world.now.advance(minutes=10)
        payload = await done(api, name, **mine, **given)
        assert (name, payload["ticket"]["status"]) == (name, status)

    shown = await alice.data(
        """query Q($id: ID!) { ticket(id: $id) { priority assignee { name } team { name }
          timeline(first: 100) { nodes { kind } }
          clocks { metric state elapsedSeconds } } }""",
        id=ticket["id"],
    )
    assert shown["ticket"]["priority"] == "P0"
    assert shown["ticket"]["assignee"] == {"name": "Alice"}
    assert [node["kind"] for node in shown["ticket"]["timeline"]["nodes"]] == [
        "OPENED",
        "ASSIGNED",
        "PRIORITY_SET",
        "AGENT_REPLIED",
        "WAITING",
        "RESUMED",
        "DELIVERED",
        "RESOLVED",
        "REOPENED",
        "RESOLVED",
        "CLOSED",
    ]
    assert shown["ticket"]["clocks"] == [
        {"metric": "FIRST_RESPONSE", "state": "MET", "elapsedSeconds": 1800},
        {"metric": "RESOLUTION", "state": "MET", "elapsedSeconds": 4200},
    ]


async def test_the_clocks_in_the_payload_are_those_after_the_step(world: World) -> None:
    alice = world.api(secret_of("alice"))
    ticket = await opened(world.api(secret_of("bruno")), world)
    world.now.advance(minutes=5)

    wanted = """ticket { clocks { metric state explanation { kind seconds } } }
      message { body author { name kind } }"""
    payload = await done(alice, "replyToTicket", wanted, ticketId=ticket["id"], bodyMarkdown="Done")

    assert payload["message"] == {"body": "Done", "author": {"name": "Alice", "kind": "AGENT"}}
    [first, resolution] = payload["ticket"]["clocks"]
    assert (first["metric"], first["state"]) == ("FIRST_RESPONSE", "MET")
    assert first["explanation"] == [{"kind": "COUNTED", "seconds": 300}]
    assert resolution["state"] == "RUNNING"


async def test_other_endings(world: World) -> None:
    alice = world.api(secret_of("alice"))
    one, other, third = [await opened(alice, world) for _ in range(3)]

    merged = await done(alice, "mergeTickets", duplicateId=one["id"], survivorId=other["id"])
    spam = await done(alice, "markSpam", ticketId=third["id"])
    cancelled = await done(alice, "cancelTicket", ticketId=other["id"], reason="No longer")
    shown = await alice.data(
        "query Q($id: ID!) { ticket(id: $id) { status mergedInto { number } } }", id=one["id"]
    )

    assert merged["ticket"]["id"] == other["id"]
    assert shown["ticket"] == {"status": "MERGED", "mergedInto": {"number": other["number"]}}
    assert spam["ticket"]["status"] == "SPAM"
    assert cancelled["ticket"]["status"] == "CANCELLED"


async def test_tickets_are_linked_and_both_say_so(world: World) -> None:
    alice = world.api(secret_of("alice"))
    one, other = [await opened(alice, world) for _ in range(2)]
    pair = {"ticketId": one["id"], "otherId": other["id"]}
    links = "ticket { links { kind isOutgoing ticket { number } } }"

    linked = await done(alice, "linkTickets", links, **pair, kind="FOLLOWS")
    back = await alice.data(
        "query Q($id: ID!) { ticket(id: $id) { links { kind isOutgoing ticket { number } } } }",
        id=other["id"],
    )
    unlinked = await done(alice, "unlinkTickets", links, **pair)
    again = await do(alice, "unlinkTickets", links, **pair)

    assert linked["ticket"]["links"] == [
        {"kind": "FOLLOWS", "isOutgoing": True, "ticket": {"number": other["number"]}}
    ]
    assert back["ticket"]["links"] == [
        {"kind": "FOLLOWS", "isOutgoing": False, "ticket": {"number": one["number"]}}
    ]
    assert unlinked["ticket"]["links"] == []
    assert again["errors"][0]["code"] == "NOT_FOUND"


async def test_a_note_is_added_for_the_agency_alone(world: World) -> None:
    alice = world.api(secret_of("alice"))
    ticket = await opened(alice, world)

    payload = await done(
        alice,
        "addInternalNote",
        "message { body isInternal }",
        ticketId=ticket["id"],
        bodyMarkdown="Careful",
    )

    assert payload["message"] == {"body": "Careful", "isInternal": True}


async def test_the_same_key_and_input_get_the_same_answer(both_worlds: World) -> None:
    alice = both_worlds.api(secret_of("alice"))
    site = both_worlds.bruno.global_id(Noun.SITE)
    given = {"subject": "s", "description": "d", "siteId": site, "idempotencyKey": "k"}

    first = await done(alice, "openTicket", **given)
    before = await everything_in(both_worlds.database)
    again = await done(alice, "openTicket", **given)
    other = await do(alice, "openTicket", **{**given, "subject": "another"})

    assert again == first
    assert other["ticket"] is None
    assert other["errors"][0]["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert other["errors"][0]["path"] == ["input", "idempotencyKey"]
    assert await everything_in(both_worlds.database) == before


async def test_a_reply_with_the_same_key_is_written_once(world: World) -> None:
    alice = world.api(secret_of("alice"))
    ticket = await opened(alice, world)
    given = {"ticketId": ticket["id"], "bodyMarkdown": "Hello", "idempotencyKey": "k"}

    first = await done(alice, "replyToTicket", "message { id }", **given)
    again = await done(alice, "replyToTicket", "message { id }", **given)

    assert again == first


async def test_two_people_do_not_overwrite_each_other(world: World) -> None:
    alice = world.api(secret_of("alice"))
    ticket = await opened(alice, world)
    seen = {"ticketId": ticket["id"], "expectedVersion": ticket["version"]}
    await done(alice, "assignTicket", **seen)
    before = await everything_in(world.database)

    payload = await do(alice, "resolveTicket", **seen)

    assert payload["errors"][0]["code"] == "VERSION_CONFLICT"
    assert payload["errors"][0]["path"] == ["input", "expectedVersion"]
    assert await everything_in(world.database) == before


async def test_a_step_that_makes_no_sense_is_refused_with_what_is_possible(world: World) -> None:
    alice = world.api(secret_of("alice"))
    ticket = await opened(alice, world)

    payload = await do(alice, "closeTicket", ticketId=ticket["id"])

    [error] = payload["errors"]
    assert error["code"] == "TRANSITION_REFUSED"
    assert "resolveTicket" in error["message"]
    assert error["path"] is None


async def test_another_priority_than_the_matrix_gives_takes_a_reason(world: World) -> None:
    alice = world.api(secret_of("alice"))
    ticket = await opened(alice, world)
    given = {"ticketId": ticket["id"], "priority": "P0"}

    refused = await do(alice, "setPriority", **given)
    accepted = await done(alice, "setPriority", **given, reason="The boss calls")

    assert refused["errors"][0]["code"] == "REASON_REQUIRED"
    assert refused["errors"][0]["path"] == ["input", "reason"]
    assert accepted["ticket"]["priority"] == "P0"


async def test_a_client_joins_with_its_site_and_people(world: World) -> None:
    alice = world.api(secret_of("alice"))

    client = (
        await done(
            alice,
            "createClient",
            "client { id name domains }",
            name="Denis",
            domains=["denis.example"],
        )
    )["client"]
    site = await done(
        alice,
        "createSite",
        "site { name url criticality client { name } }",
        clientId=client["id"],
        name="Shop",
        url="https://shop.denis.example",
        criticality="VITAL",
    )
    contact = await done(
        alice,
        "createContact",
        "contact { name email locale client { name } }",
        clientId=client["id"],
        name="Denis",
        email="Denis@Denis.example",
        locale="en",
    )
    taken = await do(
        alice,
        "createContact",
        "contact { id }",
        clientId=client["id"],
        name="D",
        email="denis@denis.example",
    )

    assert (client["name"], client["domains"]) == ("Denis", ["denis.example"])
    assert site["site"] == {
        "name": "Shop",
        "url": "https://shop.denis.example",
        "criticality": "VITAL",
        "client": {"name": "Denis"},
    }
    assert contact["contact"] == {
        "name": "Denis",
        "email": "denis@denis.example",
        "locale": "en",
        "client": {"name": "Denis"},
    }
    assert taken["errors"][0]["code"] == "ALREADY_EXISTS"


async def test_a_token_shows_its_secret_once_and_stops_when_revoked(world: World) -> None:
    alice = world.api(secret_of("alice"))
    payload = await done(
        alice,
        "createToken",
        "secret token { id name scopes client { name } expiresAt revokedAt }",
        name="Bakery's shop",
        scopes=["TICKETS_READ"],
        clientId=world.bruno.global_id(Noun.CLIENT),
    )
    token = payload["token"]
    api = Api(alice.app, payload["secret"])

    seen = await api.data("{ tickets { totalCount } }")
    revoked = await done(alice, "revokeToken", "token { revokedAt }", tokenId=token["id"])
    listed = await alice.data("{ tokens(first: 100) { nodes { id } } }")

    assert token["scopes"] == ["TICKETS_READ"]
    assert token["client"] == {"name": "Client bruno"}
    assert seen == {"tickets": {"totalCount": 2}}
    assert revoked["token"]["revokedAt"] == "2026-07-06T07:00:00Z"
    assert (await api.send("{ __typename }")).status_code == 401
    assert payload["secret"] not in str(listed)
    assert token["id"] in str(listed)


async def test_nobody_gives_a_right_that_he_has_not(world: World) -> None:
    alice = world.api(secret_of("alice"))
    maker = (await done(alice, "createToken", "secret", name="maker", scopes=["AGENCY_WRITE"]))[
        "secret"
    ]
    before = await everything_in(world.database)

    refused = await do(
        Api(alice.app, maker), "createToken", "secret", name="n", scopes=["MAIL_READ"]
    )

    assert refused["secret"] is None
    assert refused["errors"][0]["code"] == "FORBIDDEN"
    assert await everything_in(world.database) == before


async def test_a_payload_that_may_not_be_read_refuses_before_anything_is_done(
    world: World,
) -> None:
    alice = world.api(secret_of("alice"))
    writer = (await done(alice, "createToken", "secret", name="writer", scopes=["TICKETS_WRITE"]))[
        "secret"
    ]
    before = await everything_in(world.database)
    given = {"subject": "s", "description": "d", "siteId": world.bruno.global_id(Noun.SITE)}

    refused = await do(Api(alice.app, writer), "openTicket", **given)

    assert refused["errors"][0]["code"] == "FORBIDDEN"
    assert await everything_in(world.database) == before
    blind = await done(Api(alice.app, writer), "openTicket", "__typename", **given)
    assert blind["__typename"] == "OpenTicketPayload"


async def test_a_message_is_read_again(world: World) -> None:
    alice = world.api(secret_of("alice"))
    listed = await alice.data(
        """{ inboundMessages(filter: {state: [QUARANTINED]}) {
          nodes { id state envelopeTo ticket { number } } } }"""
    )
    mail = listed["inboundMessages"]["nodes"][0]

    payload = await done(
        alice, "requeueInboundMessage", "inboundMessage { id state }", inboundMessageId=mail["id"]
    )

    assert payload["inboundMessage"] == {"id": mail["id"], "state": "STORED"}


async def test_several_steps_are_taken_in_order(world: World) -> None:
    alice = world.api(secret_of("alice"))
    ticket = await opened(alice, world)
    mutation = """mutation M($id: ID!) {
      a: resolveTicket(input: {ticketId: $id, clientMutationId: "1"}) {
        ticket { status } clientMutationId }
      b: closeTicket(input: {ticketId: $id}) {
        ticket { status } errors { code } clientMutationId }
      c: closeTicket(input: {ticketId: $id}) { ticket { status } errors { code } }
    }"""

    data = await alice.data(mutation, id=ticket["id"])

    assert data == {
        "a": {"ticket": {"status": "RESOLVED"}, "clientMutationId": "1"},
        "b": {"ticket": {"status": "CLOSED"}, "errors": [], "clientMutationId": None},
        "c": {"ticket": None, "errors": [{"code": "TRANSITION_REFUSED"}]},
    }


@pytest.mark.parametrize("person", ["alice", "bruno"])
async def test_the_viewer_knows_himself(world: World, person: str) -> None:
    query = """{ viewer { kind name locale scopes
      agency { name } client { name } agent { name } contact { email } } }"""

    viewer = (await world.api(secret_of(person)).data(query))["viewer"]

    assert viewer["agency"] == {"name": "Agency of alice"}
    if person == "alice":
        assert (viewer["kind"], viewer["client"], viewer["contact"]) == ("AGENT", None, None)
        assert "AGENCY_WRITE" in viewer["scopes"]
    else:
        assert (viewer["kind"], viewer["client"]) == ("CONTACT", {"name": "Client bruno"})
        assert viewer["scopes"] == [
            "CLIENTS_READ",
            "CONTRACTS_READ",
            "TICKETS_READ",
            "TICKETS_WRITE",
        ]
