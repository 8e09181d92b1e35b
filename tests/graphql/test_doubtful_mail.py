"""What the agency says through the API of doubtful mails, requesters and finished tickets."""

from helpdesk.usecases.read_models import Noun
from tests.graphql.test_mail_trust import MESSAGES, forged
from tests.graphql.test_mutations import do, done
from tests.graphql.world import World, secret_of

FOLLOW_UP = "agency { followUp { rule reopenDays setByName setAt } }"
MESSAGE = "message { isInternal isUnverified unverifiedReason writtenAt } ticket { status }"
REQUESTER = "ticket { isRequesterUnconfirmed requester { name } client { name } }"


async def test_an_accepted_mail_is_seen_by_the_client(both_worlds: World) -> None:
    world = both_worlds
    alice, bruno = (world.api(secret_of(name)) for name in ("alice", "bruno"))
    ticket = world.bruno.global_id(Noun.TICKET)
    await forged(world)
    doubtful = await _doubtful(world)

    rejected = await done(alice, "rejectMessage", MESSAGE, messageId=doubtful)
    assert rejected["message"] == {
        "isInternal": True,
        "isUnverified": True,
        "unverifiedReason": "REJECTED",
        "writtenAt": None,
    }
    accepted = await done(alice, "acceptMessage", MESSAGE, messageId=doubtful)

    assert accepted["message"] == {
        "isInternal": False,
        "isUnverified": False,
        "unverifiedReason": None,
        "writtenAt": None,
    }
    nodes = (await bruno.data(MESSAGES, id=ticket))["ticket"]["messages"]["nodes"]
    assert "Delete it." in [node["body"] for node in nodes]
    again = await do(alice, "acceptMessage", MESSAGE, messageId=doubtful)
    assert [error["code"] for error in again["errors"]] == ["TRANSITION_REFUSED"]
    history = "query Q($id: ID!) { ticket(id: $id) { timeline(first: 100) { nodes { kind } } } }"
    seen = (await bruno.data(history, id=ticket))["ticket"]["timeline"]["nodes"]
    assert {"kind": "CLIENT_REPLIED"} in seen
    assert {"kind": "MESSAGE_ACCEPTED"} not in seen


async def test_the_requester_is_confirmed_in_one_step(both_worlds: World) -> None:
    world = both_worlds
    alice = world.api(secret_of("alice"))
    ticket = world.bruno.global_id(Noun.TICKET)
    contact = world.bruno.global_id(Noun.CONTACT)

    said = await done(alice, "confirmRequester", REQUESTER, ticketId=ticket, requesterId=contact)

    assert said["ticket"]["isRequesterUnconfirmed"] is False
    query = "{ tickets(first: 100, filter: {isRequesterUnconfirmed: true}) { nodes { id } } }"
    assert (await alice.data(query))["tickets"]["nodes"] == []


async def test_what_mails_on_finished_tickets_do_is_the_agencys_affair(both_worlds: World) -> None:
    world = both_worlds
    alice, bruno = (world.api(secret_of(name)) for name in ("alice", "bruno"))
    query = f"{{ viewer {{ {FOLLOW_UP} }} }}"
    unsaid = {"rule": "REOPEN_WITHIN_DAYS", "reopenDays": 14, "setByName": None, "setAt": None}
    assert (await alice.data(query))["viewer"]["agency"] == {"followUp": unsaid}

    wanted = {"rule": "REOPEN_WITHIN_DAYS", "reopenDays": 30}
    said = await done(alice, "updateAgency", FOLLOW_UP, followUp=wanted)

    assert said["agency"]["followUp"] == wanted | {
        "setByName": "Alice",
        "setAt": "2026-07-06T07:00:00Z",
    }
    assert (await bruno.data(query))["viewer"]["agency"] == {"followUp": None}
    refused = await do(
        alice, "updateAgency", FOLLOW_UP, followUp={"rule": "NEW_TICKET", "reopenDays": 0}
    )
    assert [(one["code"], one["path"]) for one in refused["errors"]] == [
        ("BAD_INPUT", ["input", "followUp", "reopenDays"])
    ]


async def _doubtful(world: World) -> str:
    query = MESSAGES.replace("body isInternal", "id body isInternal")
    alice, ticket = world.api(secret_of("alice")), world.bruno.global_id(Noun.TICKET)
    nodes = (await alice.data(query, id=ticket))["ticket"]["messages"]["nodes"]
    [shown] = [node for node in nodes if node["isUnverified"]]
    return str(shown["id"])
