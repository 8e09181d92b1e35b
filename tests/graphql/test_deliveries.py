"""Batches, postponements, calls and waits through the API."""

from typing import Any

from helpdesk.usecases.read_models import Noun
from tests.graphql.api import Api
from tests.graphql.rows import everything_in
from tests.graphql.test_mutations import do, done, opened
from tests.graphql.world import World, secret_of

BATCH = """batch { id number name status plannedOn openedAt closedAt client { name }
  tickets(first: 10) { totalCount nodes { number batch { number } } } }"""
CLOCKS = "clocks { metric state startedAt deadlineAt postponedTo isBreachDocumented outcome }"
DELIVERY = {
    "metric": "DELIVERY",
    "amount": 8 * 60,
    "unit": "BUSINESS_MINUTES",
    "calendarCode": "office",
}

Json = Any  # what JSON gives


async def promised(alice: Api, world: World) -> None:
    """Let Bruno's contract promise deliveries: of a P3 from its batch on, of others at once."""
    targets = [
        {**DELIVERY, "priority": priority, "startsOn": "OPENING"} for priority in ("P0", "P1", "P2")
    ]
    targets.append({**DELIVERY, "priority": "P3", "startsOn": "BATCH_OPENING"})
    await done(
        alice,
        "amendContract",
        "contract { id }",
        contractId=world.bruno.global_id(Noun.CONTRACT),
        effectiveFrom="2026-07-06T07:00:00Z",
        targets=targets,
    )


async def low(alice: Api, world: World) -> Json:
    """Return a P3 of Bruno's."""
    return await opened(alice, world, impact="NONE", urgency="LOW")


async def normal(bruno: Api, world: World) -> Json:
    """Return a P2 of Bruno's, due in eight office hours."""
    return await opened(bruno, world, impact="MAJOR")


async def planned(alice: Api, world: World) -> Json:
    client = world.bruno.global_id(Noun.CLIENT)
    given = {"clientId": client, "name": "July", "plannedOn": "2026-07-13"}
    return (await done(alice, "createBatch", BATCH, **given))["batch"]


async def test_a_batch_goes_through_its_whole_life(both_worlds: World) -> None:
    world = both_worlds
    alice, bruno = world.api(secret_of("alice")), world.api(secret_of("bruno"))
    await promised(alice, world)
    one, other, batch = (
        await low(alice, world),
        await low(alice, world),
        await planned(alice, world),
    )
    assert (batch["number"], batch["status"], batch["plannedOn"]) == ("1", "PLANNED", "2026-07-13")
    mine = {"batchId": batch["id"]}

    filled = await done(alice, "addToBatch", BATCH, **mine, ticketIds=[one["id"], other["id"]])
    less = await done(alice, "removeFromBatch", BATCH, **mine, ticketIds=[other["id"]])
    world.now.advance(hours=2)
    open_ = await done(alice, "openBatch", BATCH, **mine)
    refused = await do(alice, "closeBatch", BATCH, **mine)
    shown = await bruno.data(
        f"""query Q($id: ID!) {{ ticket(id: $id) {{
          batch {{ name status }} timeline(first: 9) {{ nodes {{ kind }} }} {CLOCKS} }} }}""",
        id=one["id"],
    )
    await done(alice, "deliverTicket", ticketId=one["id"])
    closed = await done(alice, "closeBatch", BATCH, **mine)

    assert filled["batch"]["tickets"]["totalCount"] == 2
    assert less["batch"]["tickets"] == {
        "totalCount": 1,
        "nodes": [{"number": one["number"], "batch": {"number": "1"}}],
    }
    assert open_["batch"]["openedAt"] == "2026-07-06T09:00:00Z"
    [error] = refused["errors"]
    assert error["code"] == "BATCH_UNFINISHED"
    assert f": {one['number']} ne sont ni livrés" in error["message"]
    assert shown["ticket"]["batch"] == {"name": "July", "status": "OPEN"}
    assert [node["kind"] for node in shown["ticket"]["timeline"]["nodes"]] == [
        "OPENED",
        "BATCHED",
        "BATCH_OPENED",
    ]
    assert shown["ticket"]["clocks"] == [
        {
            "metric": "DELIVERY",
            "state": "RUNNING",
            "startedAt": "2026-07-06T09:00:00Z",
            "deadlineAt": "2026-07-07T09:30:00Z",
            "postponedTo": None,
            "isBreachDocumented": False,
            "outcome": "RUNNING",
        }
    ]
    assert (closed["batch"]["status"], closed["batch"]["closedAt"]) == (
        "CLOSED",
        "2026-07-06T09:00:00Z",
    )


async def test_batches_are_found_by_their_client_and_their_status(world: World) -> None:
    alice, bruno = world.api(secret_of("alice")), world.api(secret_of("bruno"))
    batch = await planned(alice, world)
    await done(alice, "openBatch", "batch { id }", batchId=batch["id"])
    query = """query Q($filter: BatchFilter) {
      batches(filter: $filter, orderBy: {field: CREATED_AT, direction: ASC}) { nodes { name } } }"""

    async def names(api: Api, **given: Any) -> list[str]:  # Any: JSON
        found = await api.data(query, filter=given)
        return sorted(node["name"] for node in found["batches"]["nodes"])

    mine = [world.bruno.global_id(Noun.CLIENT)]
    assert await names(alice, clientId=mine) == ["Batch of bruno", "July"]
    assert await names(alice, clientId=mine, status=["OPEN"]) == ["July"]
    assert await names(alice, status=["CLOSED"]) == []
    assert await names(bruno) == ["Batch of bruno", "July"]
    assert await names(bruno, clientId=[world.chloe.global_id(Noun.CLIENT)]) == []


async def test_tickets_are_found_by_their_batch(world: World) -> None:
    alice = world.api(secret_of("alice"))
    ticket, batch = await opened(alice, world), await planned(alice, world)
    await done(alice, "addToBatch", "batch { id }", batchId=batch["id"], ticketIds=[ticket["id"]])

    found = await alice.data(
        "query Q($id: [ID!]) { tickets(filter: {batchId: $id}) { nodes { number } } }",
        id=[batch["id"]],
    )

    assert found["tickets"]["nodes"] == [{"number": ticket["number"]}]


async def test_a_delivery_is_put_off_once_for_one_key(both_worlds: World) -> None:
    world = both_worlds
    alice, bruno = world.api(secret_of("alice")), world.api(secret_of("bruno"))
    await promised(alice, world)
    ticket = await normal(bruno, world)
    given = {
        "ticketId": ticket["id"],
        "newDue": "2026-07-11T10:00:00+02:00",
        "reason": "The host is late",
        "idempotencyKey": "key",
    }
    wanted = f"ticket {{ version postponedTo {CLOCKS} }}"

    first = await done(alice, "postponeTicket", wanted, **given)
    again = await done(alice, "postponeTicket", wanted, **given)
    shown = await bruno.data(
        """query Q($id: ID!) { ticket(id: $id) { timeline(last: 1) { nodes {
          kind reason actor { name } changes { field before after } } } } }""",
        id=ticket["id"],
    )

    assert again == first
    # A Saturday: the next opening.
    assert first["ticket"]["postponedTo"] == "2026-07-13T07:00:00Z"
    [delivery] = first["ticket"]["clocks"]
    assert delivery["deadlineAt"] == delivery["postponedTo"] == "2026-07-13T07:00:00Z"
    assert delivery["outcome"] == "POSTPONED"
    [event] = shown["ticket"]["timeline"]["nodes"]
    assert (event["kind"], event["reason"], event["actor"]["name"]) == (
        "POSTPONED",
        "The host is late",
        "Alice",
    )
    assert [change["field"] for change in event["changes"]] == [
        "client_notified_at",
        "client_told_by",
        "delivery_due",
        "postponed_to",
    ]


async def test_what_is_put_off_too_late_is_documented_and_no_more(world: World) -> None:
    alice, bruno = world.api(secret_of("alice")), world.api(secret_of("bruno"))
    await promised(alice, world)
    ticket = await normal(bruno, world)
    world.now.advance(days=3)

    late = await done(
        alice,
        "postponeTicket",
        f"ticket {{ {CLOCKS} }}",
        ticketId=ticket["id"],
        newDue="2026-07-10T10:00:00Z",
        reason="The host was late",
    )

    [delivery] = late["ticket"]["clocks"]
    assert (delivery["state"], delivery["outcome"]) == ("BREACHED", "BREACHED_DOCUMENTED")
    assert delivery["isBreachDocumented"] is True


async def test_a_postponement_is_refused_by_its_input(world: World) -> None:
    alice, bruno = world.api(secret_of("alice")), world.api(secret_of("bruno"))
    await promised(alice, world)
    ticket, waits = await normal(bruno, world), await low(alice, world)
    before = await everything_in(world.database)
    given = {"ticketId": ticket["id"], "newDue": "2026-07-13T10:00:00Z", "reason": "r"}

    refusals = []
    for change in (
        {"newDue": "2026-07-05T10:00:00Z"},
        {"newDue": "2026-07-06T10:00:00Z"},
        {"newDue": "2126-07-06T10:00:00Z"},
        {"reason": " "},
        {"ticketId": waits["id"]},
    ):
        payload = await do(alice, "postponeTicket", **{**given, **change})
        [error] = payload["errors"]
        refusals.append((error["code"], error["path"]))

    assert refusals == [
        ("BAD_INPUT", ["input", "newDue"]),
        ("BAD_INPUT", ["input", "newDue"]),
        ("CALENDAR_HORIZON", ["input", "newDue"]),
        ("REASON_REQUIRED", ["input", "reason"]),
        ("NOT_POSTPONABLE", None),
    ]
    assert await everything_in(world.database) == before


async def test_a_call_is_noted_once_and_the_client_reads_it(both_worlds: World) -> None:
    world = both_worlds
    alice, bruno = world.api(secret_of("alice")), world.api(secret_of("bruno"))
    ticket = await opened(bruno, world)
    world.now.advance(hours=1)
    given = {
        "ticketId": ticket["id"],
        "summaryMarkdown": "He uses Firefox.",
        "calledAt": "2026-07-06T07:30:00Z",
        "idempotencyKey": "key",
    }
    wanted = "ticket { status firstRespondedAt } message { channel body sentAt isInternal }"

    first = await done(alice, "logCall", wanted, **given)
    again = await done(alice, "logCall", wanted, **given)
    read = await bruno.data(
        "query Q($id: ID!) { ticket(id: $id) { messages(last: 1) { nodes { body } } } }",
        id=ticket["id"],
    )
    future = await do(alice, "logCall", **{**given, "calledAt": "2027-01-01T00:00:00Z"})

    assert again == first
    assert first["ticket"] == {"status": "IN_PROGRESS", "firstRespondedAt": "2026-07-06T07:30:00Z"}
    assert first["message"] == {
        "channel": "PHONE",
        "body": "He uses Firefox.",
        "sentAt": "2026-07-06T07:30:00Z",
        "isInternal": False,
    }
    assert read["ticket"]["messages"]["nodes"] == [{"body": "He uses Firefox."}]
    assert future["errors"][0]["code"] == "IDEMPOTENCY_KEY_REUSED"


async def test_a_ticket_opens_waiting(world: World) -> None:
    alice = world.api(secret_of("alice"))

    ticket = await opened(alice, world, waitingOn="QUOTE_ANSWER", waitingReason="The quote is out")
    given = {"subject": "s", "description": "d", "siteId": world.bruno.global_id(Noun.SITE)}
    refused = await do(alice, "openTicket", **given, waitingOn="CLIENT")

    assert (ticket["status"], ticket["waitingOn"]) == ("WAITING", "QUOTE_ANSWER")
    [error] = refused["errors"]
    assert (error["code"], error["path"]) == ("REASON_REQUIRED", ["input", "waitingReason"])
