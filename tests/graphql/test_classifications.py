"""Classifications through the API: proposed, confirmed, contested, excluded and lifted."""

from typing import Any

from helpdesk.usecases.read_models import Noun
from tests.graphql.test_mutations import done
from tests.graphql.world import World, secret_of

TICKET = """ticket { classification { sequence state nature coverage funding rule why exclusion
  estimateMinutes clientAgreesRun isRegression rulesCoverage rulesFunding proposedByName proposedAt
  decidedByName decidedAt decisionReason disputedByName disputedAt disputeReason }
  exclusions { cause liftedAt } }"""
EXCLUSION = """exclusion { id cause explanation beganAt evidence { kind reference at }
  ticket { classification { exclusion } } intervention { what } recordedByName recordedAt
  liftedByName liftedAt liftReason }"""
INTERVENTION = """intervention { id what at by client { name } site { name } isDeclared detectedBy
  recordedByName recordedAt validatedBy validatedAt }"""
NOW = "2026-07-06T07:00:00Z"

Json = Any  # what JSON gives


async def test_a_request_is_classified_confirmed_and_contested(both_worlds: World) -> None:
    world = both_worlds
    alice, bruno = (world.api(secret_of(name)) for name in ("alice", "bruno"))
    given = {"ticketId": world.bruno.global_id(Noun.TICKET)}

    asked = {**given, "nature": "REDESIGN", "estimateMinutes": 600}
    proposed = await done(alice, "classifyTicket", TICKET, **asked)
    taken = {**given, "coverage": "QUOTE", "reason": "Half of it is a bug"}
    await done(alice, "confirmClassification", TICKET, **taken)
    contested = await done(bruno, "contestClassification", TICKET, **given, reason="All of it")

    assert proposed["ticket"]["classification"]["state"] == "PROPOSED"
    assert contested["ticket"]["classification"] == {
        "sequence": 3,
        "state": "DISPUTED",
        "nature": "REDESIGN",
        "coverage": "QUOTE",
        "funding": "QUOTE",
        "rule": "EXCLUSION",
        "why": "EXCLUDED_CAUSE",
        "exclusion": "CLIENT_INTERVENTION",
        "estimateMinutes": 600,
        "clientAgreesRun": False,
        "isRegression": False,
        "rulesCoverage": "OUT_OF_CONTRACT",
        "rulesFunding": "QUOTE",
        "proposedByName": "Alice",
        "proposedAt": NOW,
        "decidedByName": "Alice",
        "decidedAt": NOW,
        "decisionReason": "Half of it is a bug",
        "disputedByName": "Bruno",
        "disputedAt": NOW,
        "disputeReason": "All of it",
    }
    assert contested["ticket"]["exclusions"] == [{"cause": "CLIENT_INTERVENTION", "liftedAt": None}]


async def test_a_ticket_that_nobody_classified_has_no_classification(world: World) -> None:
    query = "query Q($id: ID!) { ticket(id: $id) { classification { state } } }"
    bruno = world.api(secret_of("bruno"))

    answer = await bruno.data(query, id=world.bruno.global_id(Noun.TICKET))

    assert answer["ticket"] == {"classification": None}


async def test_an_exclusion_is_shown_with_its_evidence_and_lifted(both_worlds: World) -> None:
    world = both_worlds
    alice = world.api(secret_of("alice"))
    evidence = [{"kind": "HOST_STATUS", "reference": "status.host.example", "at": NOW}]
    cause = {"cause": "HOSTING_FAILURE", "explanation": "The server was down."}
    ticket_id = world.bruno.global_id(Noun.TICKET)

    made = await done(
        alice,
        "excludeTicket",
        EXCLUSION,
        ticketId=ticket_id,
        **cause,
        beganAt=NOW,
        evidence=evidence,
    )
    given = {"exclusionId": made["exclusion"]["id"], "reason": "A gesture"}
    lifted = await done(alice, "liftExclusion", EXCLUSION, **given)

    assert made["exclusion"] | {"id": ""} == {
        "id": "",
        **cause,
        "beganAt": NOW,
        "evidence": evidence,
        "ticket": {"classification": None},
        "intervention": None,
        "recordedByName": "Alice",
        "recordedAt": NOW,
        "liftedByName": None,
        "liftedAt": None,
        "liftReason": None,
    }
    assert lifted["exclusion"] == made["exclusion"] | {
        "liftedByName": "Alice",
        "liftedAt": NOW,
        "liftReason": "A gesture",
    }


async def test_an_intervention_is_declared_by_the_client_and_validated(both_worlds: World) -> None:
    world = both_worlds
    alice, bruno = (world.api(secret_of(name)) for name in ("alice", "bruno"))
    site_id = world.bruno.global_id(Noun.SITE)
    given = {"what": "A theme", "at": "2026-07-07T07:00:00Z", "by": "THIRD_PARTY"}

    declared = await done(bruno, "declareIntervention", INTERVENTION, **given, siteId=site_id)
    named = {"interventionId": declared["intervention"]["id"]}
    validated = await done(alice, "validateIntervention", INTERVENTION, **named)

    assert declared["intervention"] | {"id": ""} == {
        "id": "",
        **given,
        "client": {"name": "Client bruno"},
        "site": {"name": "bruno"},
        "isDeclared": True,
        "detectedBy": None,
        "recordedByName": "Bruno",
        "recordedAt": NOW,
        "validatedBy": None,
        "validatedAt": None,
    }
    assert validated["intervention"] == declared["intervention"] | {
        "validatedBy": "Alice",
        "validatedAt": NOW,
    }
    evidence = [{"kind": "COMMIT", "reference": "abc", "at": NOW}]
    client_id = world.bruno.global_id(Noun.CLIENT)
    found = {**given, "clientId": client_id, "detectedBy": "ACTIVITY_LOG", "at": NOW}
    seen = await done(alice, "declareIntervention", INTERVENTION, **found)
    excluded = await done(
        alice,
        "excludeTicket",
        EXCLUSION,
        ticketId=world.bruno.global_id(Noun.TICKET),
        cause="THIRD_PARTY_INTERVENTION",
        explanation="The theme",
        beganAt=NOW,
        evidence=evidence,
        interventionId=seen["intervention"]["id"],
    )
    assert excluded["exclusion"]["intervention"] == {"what": "A theme"}
