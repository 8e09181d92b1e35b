"""The agency's people and teams through the API."""

from helpdesk.usecases.read_models import Noun
from tests.graphql.api import Api
from tests.graphql.rows import everything_in
from tests.graphql.test_mutations import do, done
from tests.graphql.world import World, secret_of

AGENT = "agent { id name email role locale }"
TEAM = "team { id name members { name } }"
MARC = {"name": "Marc", "email": "Marc@alice.example"}


async def test_a_person_joins_and_is_taken_into_a_team(both_worlds: World) -> None:
    alice = both_worlds.api(secret_of("alice"))

    agent = (await done(alice, "createAgent", AGENT, **MARC, role="MANAGER", locale="en"))["agent"]
    team = (await done(alice, "createTeam", TEAM, name="Night"))["team"]
    member = {"teamId": team["id"], "agentId": agent["id"]}

    assert agent | {"id": ""} == {
        "id": "",
        "name": "Marc",
        "email": "marc@alice.example",
        "role": "MANAGER",
        "locale": "en",
    }
    assert (team["name"], team["members"]) == ("Night", [])
    for _ in range(2):
        payload = await done(alice, "addTeamMember", TEAM, **member)
        assert payload["team"]["members"] == [{"name": "Marc"}]
    shown = await alice.data(
        "{ agents { nodes { name } } teams { nodes { name members { name } } } }"
    )
    assert shown["agents"]["nodes"] == [{"name": "Alice"}, {"name": "Marc"}]
    assert shown["teams"]["nodes"] == [
        {"name": "Care", "members": [{"name": "Alice"}]},
        {"name": "Night", "members": [{"name": "Marc"}]},
    ]
    for _ in range(2):
        payload = await done(alice, "removeTeamMember", TEAM, **member)
        assert payload["team"]["members"] == []


async def test_an_agent_who_says_no_more_than_his_name_and_address(alice: Api) -> None:
    agent = (await done(alice, "createAgent", AGENT, **MARC))["agent"]

    assert (agent["role"], agent["locale"]) == ("AGENT", "fr")


async def test_an_address_that_somebody_has_is_refused(world: World, alice: Api) -> None:
    before = await everything_in(world.database)

    for email in ("alice@alice.example", "me@bruno.example"):
        payload = await do(alice, "createAgent", AGENT, name="Marc", email=email)
        [error] = payload["errors"]
        assert (error["code"], error["path"]) == ("ALREADY_EXISTS", ["input", "email"])
    assert await everything_in(world.database) == before


async def test_the_members_of_a_team_take_a_scope_of_their_own(world: World, alice: Api) -> None:
    made = await done(alice, "createToken", "secret", name="n", scopes=["TICKETS_READ"])
    program = Api(alice.app, made["secret"])
    ticket = {"id": world.bruno.global_id(Noun.TICKET)}
    query = "query Q($id: ID!) { ticket(id: $id) { team { name %s } } }"

    assert await program.data(query % "", **ticket) == {"ticket": {"team": {"name": "Care"}}}
    refusal = await program.refusal(query % "members { name }", **ticket)
    assert refusal["extensions"]["code"] == "FORBIDDEN"
