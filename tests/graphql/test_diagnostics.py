"""Audits, signals, sheets, routines and changelogs through the API."""

from dataclasses import replace
from datetime import date
from typing import Any

from helpdesk.domain.ids import ClientId
from helpdesk.graphql.global_ids import global_id
from helpdesk.usecases.activate_contract import activate_contract
from helpdesk.usecases.create_client import CreateClient, create_client
from helpdesk.usecases.create_contract import create_contract
from helpdesk.usecases.create_site import CreateSite, create_site
from helpdesk.usecases.derive_signals import derive_signals
from helpdesk.usecases.plan_routines import plan_routines
from helpdesk.usecases.read_models import Noun
from tests.graphql.world import World, secret_of
from tests.usecases.contracts import DRAFT

Json = Any  # what JSON gives

START = """mutation M($input: StartAuditInput!) { startAudit(input: $input) {
  errors { code } audit { id kind completedOn verdict { isSufficient }
    points { code status isUncoveredByPlan } } } }"""
ANSWER = """mutation M($input: AnswerAuditPointInput!) { answerAuditPoint(input: $input) {
  errors { code path } audit { points { code status awaitsSecondPerson
    answer { evidence reason byName isDerived expiresOn } } } } }"""
COMPLETE = """mutation M($input: CompleteAuditInput!) { completeAudit(input: $input) {
  errors { code } audit { completedByName verdict { isSufficient criticalFailed
    highDue { point dueOn isOverdue } goodPractice } result { isSufficient } } } }"""
DESCRIBE = """mutation M($input: DescribeSiteInput!) { describeSite(input: $input) {
  errors { code path } site { sheet { version cms hasStaging isPhpSupported byName }
    sheetHistory { version } } } }"""
SITE = """query Q($id: ID!) { node(id: $id) { ... on Site {
  audits { id kind }
  signals { signal number level label risk evidence isUncoveredByPlan clearedOn }
  pastSignals { signal clearedEvidence }
  auditCall { beganOn ticket { subject } }
  changelog(first: 5) { kind title environment ticket { subject } } } } }"""
CONTRACT = """query Q($id: ID!) { contract(id: $id) {
  terms { recommendedPlanCode }
  emergencyProcedure { version contacts { name phone } rollback }
  reviews { everyMonths nextOn isOverdue meetings { heldOn minutes } }
  routines { kind label everyMonths firstWeek lastWeek nextOpensOn nextDueOn }
  routineRuns { kind month dueOn ticket { subject } } } }"""


def points_of(audit: Json) -> dict[str, Json]:
    return {point["code"]: point for point in audit["points"]}


async def told(world: World, query: str, person: str = "alice", **given: Any) -> Json:
    """Return the payload of a mutation."""
    data = await world.api(secret_of(person)).data(query, input=given)
    (payload,) = data.values()
    return payload


async def test_an_audit_is_begun_answered_and_completed(both_worlds: World) -> None:
    world = both_worlds
    site = world.bruno.global_id(Noun.SITE)
    begun = (await told(world, START, siteId=site, kind="CLIENT_AUDIT"))["audit"]
    audit_id = begun["id"]
    assert len(begun["points"]) == 28
    assert (begun["completedOn"], begun["verdict"]) == (None, None)
    assert points_of(begun)["B5"]["status"] == "GREEN"

    refused = await told(world, ANSWER, auditId=audit_id, point="A5", status="NOT_APPLICABLE")
    answered = await told(
        world, ANSWER, auditId=audit_id, point="C3", status="GREEN", evidence="restored"
    )
    alone = await told(
        world, ANSWER, auditId=audit_id, point="D1", status="NOT_APPLICABLE", reason="static"
    )
    done = (await told(world, COMPLETE, auditId=audit_id))["audit"]

    assert refused["errors"] == [{"code": "REASON_REQUIRED", "path": ["input", "reason"]}]
    assert points_of(answered["audit"])["C3"]["answer"] == {
        "evidence": "restored",
        "reason": None,
        "byName": "Alice",
        "isDerived": False,
        "expiresOn": "2026-10-06",
    }
    aside = points_of(alone["audit"])["D1"]
    assert (aside["status"], aside["awaitsSecondPerson"]) == ("UNKNOWN", True)
    assert done["completedByName"] == "Alice"
    assert not done["verdict"]["isSufficient"]
    assert "D1" in done["verdict"]["criticalFailed"]
    assert {"point": "A3", "dueOn": "2026-08-05", "isOverdue": False} in done["verdict"]["highDue"]
    assert (await told(world, COMPLETE, auditId=audit_id))["errors"] == [
        {"code": "TRANSITION_REFUSED"}
    ]


async def test_a_client_reads_the_audits_that_were_completed_for_him_and_no_others(
    world: World,
) -> None:
    site = world.bruno.global_id(Noun.SITE)
    await told(world, START, siteId=site, kind="CLIENT_AUDIT")
    takeover = (await told(world, START, siteId=site, kind="TAKEOVER"))["audit"]["id"]
    await told(world, COMPLETE, auditId=takeover)

    seen = (await world.api(secret_of("bruno")).data(SITE, id=site))["node"]["audits"]
    all_of_them = (await world.api(secret_of("alice")).data(SITE, id=site))["node"]["audits"]

    assert seen == [{"id": world.bruno.global_id(Noun.AUDIT), "kind": "CLIENT_AUDIT"}]
    assert len(all_of_them) == 3


async def test_signals_are_told_in_words_to_the_agency_alone(both_worlds: World) -> None:
    world = both_worlds
    site = world.bruno.global_id(Noun.SITE)

    seen = (await world.api(secret_of("alice")).data(SITE, id=site))["node"]
    hidden = (await world.api(secret_of("bruno")).data(SITE, id=site))["node"]

    assert seen["signals"] == [
        {
            "signal": "NO_STAGING",
            "number": 3,
            "level": "CRITICAL",
            "label": "Pas d'environnement de staging",
            "risk": "Régressions non détectées avant mise en ligne",
            "evidence": "seen at bruno's",
            "isUncoveredByPlan": False,
            "clearedOn": None,
        }
    ]
    assert seen["pastSignals"] == [{"signal": "NO_SLA", "clearedEvidence": "seen at bruno's"}]
    assert seen["auditCall"]["beganOn"] == "2026-07-01"
    assert seen["auditCall"]["ticket"] is not None
    assert (hidden["signals"], hidden["pastSignals"], hidden["auditCall"]) == ([], [], None)


async def test_a_signal_is_raised_and_cleared_with_what_shows_it(world: World) -> None:
    site = world.bruno.global_id(Noun.SITE)
    given = {"siteId": site, "signal": "EMAIL_ONLY", "evidence": "He told me"}
    raise_it = """mutation M($input: RaiseSignalInput!) { raiseSignal(input: $input) {
      errors { code } site { signals { signal } } } }"""
    clear_it = """mutation M($input: ClearSignalInput!) { clearSignal(input: $input) {
      errors { code } site { signals { signal } pastSignals { signal } } } }"""

    raised = await told(world, raise_it, **given)
    again = await told(world, raise_it, **given)
    cleared = await told(world, clear_it, **given)

    assert [one["signal"] for one in raised["site"]["signals"]] == ["NO_STAGING", "EMAIL_ONLY"]
    assert again["errors"] == [{"code": "ALREADY_EXISTS"}]
    assert [one["signal"] for one in cleared["site"]["pastSignals"]] == ["NO_SLA", "EMAIL_ONLY"]


async def test_a_site_is_described_without_its_secrets(both_worlds: World) -> None:
    world = both_worlds
    site = world.bruno.global_id(Noun.SITE)

    described = await told(world, DESCRIBE, siteId=site, cms="WordPress", hasStaging=False)
    refused = await told(world, DESCRIBE, siteId=site, host="OVH, mdp: Soleil42")

    assert described["site"] == {
        "sheet": {
            "version": 2,
            "cms": "WordPress",
            "hasStaging": False,
            "isPhpSupported": True,
            "byName": "Alice",
        },
        "sheetHistory": [{"version": 1}, {"version": 2}],
    }
    assert refused["errors"] == [{"code": "SECRET_REFUSED", "path": ["input", "host"]}]


async def test_a_client_reads_the_changelog_of_his_site(both_worlds: World) -> None:
    world = both_worlds
    site, ticket = world.bruno.global_id(Noun.SITE), world.bruno.global_id(Noun.TICKET)
    resolve = """mutation M($input: ResolveTicketInput!) {
      resolveTicket(input: $input) { errors { code } } }"""
    await told(world, resolve, ticketId=ticket)

    entries = (await world.api(secret_of("bruno")).data(SITE, id=site))["node"]["changelog"]

    kinds = {entry["kind"] for entry in entries}
    assert "REQUEST" in kinds
    request = next(entry for entry in entries if entry["kind"] == "REQUEST")
    assert request["ticket"] == {"subject": request["title"]}
    updates = [entry for entry in entries if entry["kind"] != "REQUEST"]
    assert [entry["ticket"] for entry in updates] == [None] * len(updates)
    assert all(entry["environment"] for entry in updates)


async def test_the_changelog_tells_security_updates_and_what_was_taken_back(world: World) -> None:
    site = world.bruno.global_id(Noun.SITE)
    record = """mutation M($input: RecordUpdateInput!) {
      recordUpdate(input: $input) { errors { code } } }"""
    update = {"siteId": site, "component": "WordPress", "fromVersion": "6.7", "toVersion": "6.8"}
    published = "2026-07-05T09:00:00Z"
    await told(world, record, **update, securityPublishedAt=published, at="2026-07-06T05:00:00Z")
    await told(world, record, **update, rolledBack=True, at="2026-07-06T06:00:00Z")

    entries = (await world.api(secret_of("bruno")).data(SITE, id=site))["node"]["changelog"]

    assert [(entry["kind"], entry["title"]) for entry in entries[:2]] == [
        ("ROLLBACK", "WordPress 6.7 → 6.8"),
        ("SECURITY_UPDATE", "WordPress 6.7 → 6.8"),
    ]


async def test_a_site_without_a_contract_has_no_plan_that_could_cover_it(world: World) -> None:
    client = await create_client(world.desk, viewer=world.alice, request=CreateClient("Dora SA"))
    shop = CreateSite(client.id, "The shop", "https://dora.example")
    site = await create_site(world.desk, viewer=world.alice, request=shop)
    await derive_signals(world.desk, world.alice.agency_id)

    seen = await world.api(secret_of("alice")).data(SITE, id=global_id(Noun.SITE, site.id))

    assert {one["signal"]: one["isUncoveredByPlan"] for one in seen["node"]["signals"]} == {
        "NO_SLA": False,
        "NO_EMERGENCY_PROCEDURE": False,
    }


async def test_the_changelog_is_read_on_and_is_never_longer_than_asked(world: World) -> None:
    query = """query Q($id: ID!, $before: DateTime) { node(id: $id) { ... on Site {
      none: changelog(first: 0) { title }
      one: changelog(first: 1) { at }
      rest: changelog(before: $before) { at } } } }"""
    site = world.bruno.global_id(Noun.SITE)

    read = (await world.api(secret_of("alice")).data(query, id=site))["node"]
    older = await world.api(secret_of("alice")).data(query, id=site, before=read["one"][0]["at"])

    assert read["none"] == []
    assert older["node"]["rest"] == read["rest"][1:]


async def test_the_care_of_a_contract_is_shown_to_its_client(both_worlds: World) -> None:
    world = both_worlds
    contract = world.bruno.global_id(Noun.CONTRACT)

    seen = (await world.api(secret_of("bruno")).data(CONTRACT, id=contract))["contract"]

    assert seen["emergencyProcedure"] == {
        "version": 1,
        "contacts": [{"name": "Host of bruno", "phone": "1"}],
        "rollback": "roll bruno back",
    }
    assert seen["reviews"] == {
        "everyMonths": 12,
        "nextOn": "2027-07-01",
        "isOverdue": False,
        "meetings": [{"heldOn": "2026-07-01", "minutes": "Minutes of bruno"}],
    }
    assert seen["routines"] == []
    (run,) = seen["routineRuns"]
    assert (run["kind"], run["month"], run["dueOn"]) == ("BACKUPS", "2026-06", "2026-07-01")
    assert run["ticket"] is not None


async def test_the_care_of_a_contract_is_settled(world: World) -> None:
    contract = world.bruno.global_id(Noun.CONTRACT)
    rhythm = """mutation M($input: SetReviewRhythmInput!) { setReviewRhythm(input: $input) {
      errors { code path } contract { reviews { everyMonths } } } }"""
    review = """mutation M($input: RecordReviewInput!) { recordReview(input: $input) {
      errors { code } contract { reviews { meetings { minutes } } } } }"""
    procedure = """mutation M($input: SetEmergencyProcedureInput!) {
      setEmergencyProcedure(input: $input) { errors { code path }
        contract { emergencyProcedure { version contacts { email } } } } }"""
    anne = {"name": "Anne", "role": "on call", "email": "anne@alice.example"}
    given = {"contractId": contract, "rollback": "r", "escalation": "e"}

    settled = await told(world, rhythm, contractId=contract, everyMonths=3)
    rare = await told(world, rhythm, contractId=contract, everyMonths=24)
    held = await told(
        world, review, contractId=contract, heldOn="2026-07-06", attendees="a", minutes="m"
    )
    second = await told(world, procedure, **given, contacts=[anne])
    nobody = await told(world, procedure, **given, contacts=[])

    assert settled["contract"]["reviews"] == {"everyMonths": 3}
    assert rare["errors"] == [{"code": "BAD_INPUT", "path": ["input", "everyMonths"]}]
    assert [one["minutes"] for one in held["contract"]["reviews"]["meetings"]] == [
        "m",
        "Minutes of bruno",
    ]
    assert second["contract"]["emergencyProcedure"] == {
        "version": 2,
        "contacts": [{"email": "anne@alice.example"}],
    }
    assert nobody["errors"] == [{"code": "REQUIRED", "path": ["input", "contacts"]}]


async def test_the_routines_of_a_plan_are_shown_with_the_days_of_the_next_one(
    both_worlds: World,
) -> None:
    world = both_worlds
    client_id = ClientId(world.bruno.ids[Noun.CLIENT])
    blog = CreateSite(client_id, "The blog", "https://blog.bruno.example")
    site_id = (await create_site(world.desk, viewer=world.alice, request=blog)).id
    draft = replace(
        DRAFT,
        client_id=client_id,
        site_ids=frozenset({site_id}),
        starts_on=date(2026, 7, 1),
        plan_code="guide.essentiel",
        calendars={"ouvre5": "office"},
    )
    contract = await create_contract(world.desk, viewer=world.alice, request=draft)
    await activate_contract(world.desk, viewer=world.alice, contract_id=contract.id)
    await plan_routines(world.desk, world.alice.agency_id)
    await told(world, DESCRIBE, siteId=global_id(Noun.SITE, site_id), hasStaging=False)
    await derive_signals(world.desk, world.alice.agency_id)
    api = world.api(secret_of("alice"))

    seen = (await api.data(CONTRACT, id=global_id(Noun.CONTRACT, contract.id)))["contract"]
    site = (await api.data(SITE, id=global_id(Noun.SITE, site_id)))["node"]

    assert seen["terms"] == {"recommendedPlanCode": "guide.business"}
    assert seen["routines"] == [
        {
            "kind": "BACKUPS",
            "label": "Sauvegardes vérifiées",
            "everyMonths": 1,
            "firstWeek": 1,
            "lastWeek": 2,
            "nextOpensOn": "2026-07-01",
            "nextDueOn": "2026-07-13",
        }
    ]
    assert [run["ticket"]["subject"] for run in seen["routineRuns"]] == [
        "Sauvegardes vérifiées : juillet 2026"
    ]
    assert {one["signal"]: one["isUncoveredByPlan"] for one in site["signals"]} == {
        "NO_STAGING": True,
        "NO_REPORT": True,
        "NO_DOCUMENTATION": False,
        "NO_EMERGENCY_PROCEDURE": False,
    }
