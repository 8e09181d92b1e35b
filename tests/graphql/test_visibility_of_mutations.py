"""Nobody changes anything of a stranger, nor hears of it from a refusal.

What is tried is compared with the schema: a new mutation without a try fails here.
"""

from collections.abc import Mapping
from typing import Any

import pytest
from graphql import get_named_type

from helpdesk.usecases.read_models import Noun
from tests.graphql.attempts import (
    ATTEMPTS,
    EXCLUDED,
    IDENTITY,
    INVOICE,
    MADE_UP,
    OWN,
    OWN_BATCH,
    OWN_CONTACT,
    OWN_CONTRACT,
    OWN_MESSAGE,
    OWN_SITE,
    PROCEDURE,
    Json,
    of_audit,
    of_batch,
    of_batched,
    of_contract,
    of_credit,
    of_inbound_message,
    of_inbound_messages,
    of_incident,
    of_intervention,
    of_member,
    of_message,
    of_outgoing_messages,
    of_quote,
    of_site,
    of_webhook,
)
from tests.graphql.rows import everything_in
from tests.graphql.world import SCHEMA, World, secret_of


def test_every_mutation_is_tried() -> None:
    assert SCHEMA.mutation_type is not None
    assert set(ATTEMPTS) == set(SCHEMA.mutation_type.fields)


def test_every_input_that_names_a_thing_is_tried() -> None:
    assert SCHEMA.mutation_type is not None
    for name, field in SCHEMA.mutation_type.fields.items():
        given = get_named_type(field.args["input"].type)
        ids = {key for key, part in given.fields.items() if str(get_named_type(part.type)) == "ID"}
        tried = {key for attempt in ATTEMPTS[name] for key in attempt(MADE_UP)}
        assert ids - {"agentId", "teamId"} <= tried, name


async def _attempt(world: World, person: str, name: str, given: Mapping[str, Any]) -> Json:
    own = {
        OWN: world.bruno.global_id(Noun.TICKET),
        OWN_BATCH: world.bruno.global_id(Noun.BATCH),
        OWN_CONTRACT: world.bruno.global_id(Noun.CONTRACT),
        OWN_CONTACT: world.bruno.global_id(Noun.CONTACT),
        OWN_MESSAGE: world.bruno.global_id(Noun.INBOUND_MESSAGE),
        OWN_SITE: world.bruno.global_id(Noun.SITE),
    }
    variables = {
        key: own.get(value, value) if isinstance(value, str) else value
        for key, value in given.items()
    }
    kind = name[0].upper() + name[1:] + "Input"
    mutation = (
        f"mutation M($input: {kind}!) {{ {name}(input: $input) {{ errors {{ code message }} }} }}"
    )
    data = await world.api(secret_of(person)).data(mutation, input=variables)
    [error] = data[name]["errors"]
    return error


@pytest.mark.parametrize("name", ATTEMPTS)
async def test_no_mutation_changes_or_tells_anything_of_a_stranger(world: World, name: str) -> None:
    before = await everything_in(world.database)
    for person, stranger in (("bruno", world.chloe), ("bruno", world.yves), ("alice", world.yves)):
        for attempt in ATTEMPTS[name]:
            error = await _attempt(world, person, name, attempt(stranger))
            unknown = await _attempt(world, person, name, attempt(MADE_UP))

            assert error["code"] == unknown["code"], "a stranger's thing is as good as none"
            assert error["code"] in {"NOT_FOUND", "FORBIDDEN"}

    assert await everything_in(world.database) == before


async def test_a_ticket_is_given_to_nobody_of_another_agency(world: World) -> None:
    before = await everything_in(world.database)
    for name, noun in (("agentId", Noun.AGENT), ("teamId", Noun.TEAM)):
        given = {"ticketId": OWN, name: world.yves.global_id(noun)}

        error = await _attempt(world, "alice", "assignTicket", given)

        assert error["code"] == "NOT_FOUND"
    assert await everything_in(world.database) == before


async def test_what_only_the_agency_does_is_forbidden_to_a_client(world: World) -> None:
    before = await everything_in(world.database)
    own = {"ticketId": OWN}
    tries: dict[str, dict[str, Any]] = {
        "addInternalNote": {**own, "bodyMarkdown": "b"},
        "acceptMessage": dict(of_message(world.bruno)),
        "rejectMessage": dict(of_message(world.bruno)),
        "confirmRequester": own,
        "assignTicket": own,
        "setPriority": {**own, "impact": "CRITICAL"},
        "waitForClient": {**own, "reason": "r"},
        "resumeTicket": own,
        "deliverTicket": own,
        "resolveTicket": own,
        "closeTicket": own,
        "cancelTicket": {**own, "reason": "r"},
        "markSpam": own,
        "logCall": {**own, "summaryMarkdown": "b"},
        "logWork": {**own, "minutes": 15},
        "correctWorkLog": {**own, "number": 1, "minutes": 15, "reason": "r"},
        "startTimer": own,
        "stopTimer": {},
        "openRetainer": {"contractId": OWN_CONTRACT, "unit": "RUN_MINUTES"},
        "grantAllowance": {"contractId": OWN_CONTRACT, "unit": "RUN_MINUTES", "quantity": 1},
        "purchaseTimePack": {"contractId": OWN_CONTRACT, "minutes": 60},
        "giveGesture": {
            "contractId": OWN_CONTRACT,
            "unit": "RUN_MINUTES",
            "quantity": 1,
            "reason": "r",
        },
        "adjustAllowance": {
            "contractId": OWN_CONTRACT,
            "unit": "RUN_MINUTES",
            "lot": 1,
            "quantity": 1,
            "reason": "r",
        },
        "closePeriod": {"contractId": OWN_CONTRACT, "at": "2026-07-06T09:00:00Z"},
        "postponeTicket": {**own, "newDue": "2026-08-03T09:00:00Z", "reason": "r"},
        "createBatch": {"clientId": world.bruno.global_id(Noun.CLIENT), "name": "n"},
        "addToBatch": dict(of_batched(world.bruno)),
        "removeFromBatch": dict(of_batched(world.bruno)),
        "openBatch": dict(of_batch(world.bruno)),
        "closeBatch": dict(of_batch(world.bruno)),
        "amendContract": {
            "contractId": world.bruno.global_id(Noun.CONTRACT),
            "effectiveFrom": "2026-08-03T09:00:00Z",
        },
        "draftQuote": {**own, "title": "t", "lines": []},
        "editQuote": dict(of_quote(title="t", lines=[])(world.bruno)),
        "sendQuote": dict(of_quote()(world.bruno)),
        "reviseQuote": dict(of_quote(lines=[])(world.bruno)),
        "cancelQuote": dict(of_quote()(world.bruno)),
        "convertQuote": dict(of_quote(key="k", kind="INVOICE_LINE")(world.bruno)),
        "classifyTicket": {**own, "nature": "BUG"},
        "confirmClassification": own,
        "validateIntervention": dict(of_intervention(world.bruno)),
        "excludeTicket": {**own, **EXCLUDED},
        "liftExclusion": {"exclusionId": world.bruno.global_id(Noun.EXCLUSION), "reason": "r"},
        "correctContractTerms": {
            "contractId": world.bruno.global_id(Noun.CONTRACT),
            "version": 1,
            "reason": "r",
            "dryRun": True,
        },
        "correctEventTime": {
            **own,
            "sequence": 1,
            "at": "2026-07-01T09:00:00Z",
            "reason": "r",
            "dryRun": True,
        },
        "createClient": {"name": "n"},
        "createToken": {"name": "n", "scopes": []},
        "updateAgency": {"automaticRules": ["BUG"]},
        "setMailTemplate": {"kind": "QUOTE_SENT", "locale": "fr", "subject": "s", "body": "b"},
        "resetMailTemplate": {"kind": "QUOTE_SENT", "locale": "fr"},
        "setMailLook": {"accent": "#000000"},
        "createAgent": {"name": "n", "email": "n@n.example"},
        "createTeam": {"name": "n"},
        "addTeamMember": dict(of_member(world.bruno)),
        "removeTeamMember": dict(of_member(world.bruno)),
        "createWebhook": {"name": "n", "url": "https://n.example"},
        "disableWebhook": dict(of_webhook(world.bruno)),
        "tryWebhook": dict(of_webhook(world.bruno)),
        "requeueWebhookDelivery": {"deliveryId": world.bruno.global_id(Noun.WEBHOOK_DELIVERY)},
        "revokeToken": {"tokenId": world.bruno.global_id(Noun.TOKEN)},
        "updateAgencyIdentity": {"identity": IDENTITY},
        "updateClientIdentity": {
            "clientId": world.bruno.global_id(Noun.CLIENT),
            "identity": IDENTITY,
        },
        "recordInvoice": {**INVOICE, "clientId": world.bruno.global_id(Noun.CLIENT)},
        "issueCreditNote": {"contractId": OWN_CONTRACT, "month": "2026-07"},
        "applyCreditNotes": {"invoiceId": world.bruno.global_id(Noun.INVOICE)},
        "refundCreditNote": {
            "creditNoteId": world.bruno.global_id(Noun.CREDIT_NOTE),
            "reason": "r",
        },
        "approveCredit": dict(of_credit()(world.bruno)),
        "rejectCredit": dict(of_credit(reason="r")(world.bruno)),
        "recomputeCredits": dict(of_contract(month="2026-07")(world.bruno)),
        "startAudit": dict(of_site(kind="TAKEOVER")(world.bruno)),
        "answerAuditPoint": dict(of_audit(point="A1", status="UNKNOWN")(world.bruno)),
        "completeAudit": dict(of_audit()(world.bruno)),
        "raiseSignal": dict(of_site(signal="NO_REPORT", evidence="e")(world.bruno)),
        "clearSignal": dict(of_site(signal="NO_STAGING", evidence="e")(world.bruno)),
        "describeSite": dict(of_site(cms="c")(world.bruno)),
        "recordReview": dict(
            of_contract(heldOn="2026-07-01", attendees="a", minutes="m")(world.bruno)
        ),
        "setReviewRhythm": dict(of_contract(everyMonths=3)(world.bruno)),
        "setEmergencyProcedure": dict(of_contract(**PROCEDURE)(world.bruno)),
        "recordIncident": dict(of_site(beganAt="2026-07-01T09:00:00Z", title="t")(world.bruno)),
        "endIncident": dict(of_incident()(world.bruno)),
        "correctIncident": dict(of_incident(explanation="e")(world.bruno)),
        "withdrawIncident": dict(of_incident(explanation="e")(world.bruno)),
        "announceMaintenance": dict(
            of_site(startsAt="2026-08-01T09:00:00Z", endsAt="2026-08-01T10:00:00Z", what="w")(
                world.bruno
            )
        ),
        "cancelMaintenance": {"maintenanceId": "maintenance-bruno"},
        "recordProbeWatch": dict(of_site(source="s", beganAt="2026-07-01T09:00:00Z")(world.bruno)),
        "recordUpdate": dict(of_site(component="c", toVersion="1")(world.bruno)),
        "importSiteReport": dict(of_site(format="WPSCAN", content="{}")(world.bruno)),
        "createMonitoringHook": dict(of_site(name="n", tool="GENERIC")(world.bruno)),
        "revokeMonitoringHook": {"hookId": world.bruno.global_id(Noun.MONITORING_HOOK)},
        "clearUndeliverableAddress": {"email": "me@bruno.example"},
        "makeTicketFromInboundMessage": dict(of_inbound_message()(world.bruno)),
        "addInboundMessageToTicket": {**of_inbound_message()(world.bruno), **own},
        "markInboundMessagesSpam": dict(of_inbound_messages(world.bruno)),
        "discardInboundMessages": dict(of_inbound_messages(world.bruno)),
        "requeueOutgoingMessages": dict(of_outgoing_messages(world.bruno)),
        "discardOutgoingMessages": dict(of_outgoing_messages(world.bruno)),
        "blockSender": {"sender": "a@b.example"},
        "liftSenderBlock": {"sender": "a@b.example"},
        "rotateMailKey": {},
        "retireMailKey": {"number": 1},
        "requeueInboundMessage": {"inboundMessageId": world.bruno.global_id(Noun.INBOUND_MESSAGE)},
    }
    for name, given in tries.items():
        assert (await _attempt(world, "bruno", name, given))["code"] == "FORBIDDEN", name
    assert await everything_in(world.database) == before
