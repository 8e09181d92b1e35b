"""What a stranger could try with each mutation: every input that could name a thing of somebody."""

from collections.abc import Callable, Mapping
from typing import Any

from helpdesk.graphql.global_ids import NODES
from helpdesk.usecases.read_models import Noun
from tests.graphql.world import Things

MADE_UP = Things(ids={noun: f"made-up-{noun.name.lower()}" for noun in NODES})

Json = Any  # what JSON gives
Inputs = Callable[[Things], Mapping[str, Any]]


def of_ticket(**more: Any) -> Inputs:  # Any: JSON
    return lambda things: {"ticketId": things.global_id(Noun.TICKET), **more}


def of_member(things: Things) -> Mapping[str, Any]:
    return {"teamId": things.global_id(Noun.TEAM), "agentId": things.global_id(Noun.AGENT)}


def of_webhook(things: Things) -> Mapping[str, Any]:
    return {"webhookId": things.global_id(Noun.WEBHOOK)}


def of_reader(noun: Noun) -> Inputs:
    topic = "NOTES" if noun is Noun.AGENT else "PROGRESS"
    wanted = [{"topic": topic, "delivery": "OFF"}]
    return lambda things: {"readerId": things.global_id(noun), "preferences": wanted}


def of_contract(**more: Any) -> Inputs:  # Any: JSON
    return lambda things: {"contractId": things.global_id(Noun.CONTRACT), **more}


def of_message(things: Things) -> Mapping[str, Any]:
    return {"messageId": things.global_id(Noun.MESSAGE)}


def of_quote(**more: Any) -> Inputs:  # Any: JSON
    return lambda things: {"quoteId": things.global_id(Noun.QUOTE), **more}


def of_credit(**more: Any) -> Inputs:  # Any: JSON
    return lambda things: {"creditId": things.global_id(Noun.CREDIT), **more}


def of_intervention(things: Things) -> Mapping[str, Any]:
    return {"interventionId": things.global_id(Noun.INTERVENTION)}


def of_batch(things: Things) -> Mapping[str, Any]:
    return {"batchId": things.global_id(Noun.BATCH)}


def of_batched(things: Things) -> Mapping[str, Any]:
    return {**of_batch(things), "ticketIds": [things.global_id(Noun.TICKET)]}


def of_site(**more: Any) -> Inputs:  # Any: JSON
    return lambda things: {"siteId": things.global_id(Noun.SITE), **more}


def of_inbound_message(**more: Any) -> Inputs:  # Any: JSON
    return lambda things: {"inboundMessageId": things.global_id(Noun.INBOUND_MESSAGE), **more}


def of_inbound_messages(things: Things) -> Mapping[str, Any]:
    return {"inboundMessageIds": [things.global_id(Noun.INBOUND_MESSAGE)]}


def of_outgoing_messages(things: Things) -> Mapping[str, Any]:
    return {"outgoingMessageIds": [things.global_id(Noun.OUTGOING_MESSAGE)]}


def of_incident(**more: Any) -> Inputs:  # Any: JSON
    return lambda things: {"incidentId": things.global_id(Noun.INCIDENT), **more}


def of_audit(**more: Any) -> Inputs:  # Any: JSON
    return lambda things: {"auditId": things.global_id(Noun.AUDIT), **more}


def _beside_site(things: Things, what: str) -> str:
    return things.ids[Noun.SITE].replace("site", what)


def _site_record(**more: Any) -> list[Inputs]:  # Any: JSON
    return [
        of_site(**more),
        lambda things: {
            "siteId": OWN_SITE,
            "corrects": _beside_site(things, "record"),
            **more,
        },
    ]


DECLARED = {"what": "w", "at": "2026-07-01T07:00:00Z", "by": "CLIENT"}
EXCLUDED = {
    "cause": "CLIENT_INTERVENTION",
    "explanation": "e",
    "beganAt": "2026-07-01T07:00:00Z",
    "evidence": [{"kind": "OTHER", "reference": "r", "at": "2026-07-01T07:00:00Z"}],
}
OWN = "the viewer's own ticket"
OWN_BATCH = "the viewer's own batch"
OWN_CONTRACT = "the viewer's own contract"
OWN_CONTACT = "the viewer's own contact"
OWN_MESSAGE = "the viewer's own message"
OWN_SITE = "the viewer's own site"
PROCEDURE: dict[str, Json] = {
    "contacts": [{"name": "n", "role": "r", "phone": "1"}],
    "rollback": "r",
    "escalation": "e",
}


DRAFT: dict[str, Json] = {
    "reference": "R",
    "name": "n",
    "startsOn": "2026-07-06",
    "models": ["SLA"],
    "term": {"months": 12},
}

IDENTITY: Json = {
    "name": "n",
    "address": {"street": "s", "postcode": "p", "city": "c"},
    "siren": "732829320",
}
INVOICE: Json = {
    "number": "F1",
    "issuedOn": "2026-07-01",
    "amounts": [{"vatBasisPoints": 2000, "netCents": 1}],
}

ATTEMPTS: Mapping[str, list[Inputs]] = {
    "openTicket": [
        lambda things: {
            "subject": "s",
            "description": "d",
            "clientId": things.global_id(Noun.CLIENT),
        },
        lambda things: {"subject": "s", "description": "d", "siteId": things.global_id(Noun.SITE)},
        lambda things: {
            "subject": "s",
            "description": "d",
            "requesterId": things.global_id(Noun.CONTACT),
        },
    ],
    "replyToTicket": [of_ticket(bodyMarkdown="b")],
    "logCall": [of_ticket(summaryMarkdown="b")],
    "postponeTicket": [of_ticket(newDue="2026-08-03T09:00:00Z", reason="r")],
    "createBatch": [lambda things: {"clientId": things.global_id(Noun.CLIENT), "name": "n"}],
    "addToBatch": [
        of_batched,
        lambda things: {"batchId": OWN_BATCH, "ticketIds": [things.global_id(Noun.TICKET)]},
    ],
    "removeFromBatch": [
        of_batched,
        lambda things: {"batchId": OWN_BATCH, "ticketIds": [things.global_id(Noun.TICKET)]},
    ],
    "openBatch": [of_batch],
    "closeBatch": [of_batch],
    "amendContract": [
        lambda things: {
            "contractId": things.global_id(Noun.CONTRACT),
            "effectiveFrom": "2026-08-03T09:00:00Z",
        }
    ],
    "logWork": [of_ticket(minutes=15)],
    "correctWorkLog": [of_ticket(number=1, minutes=15, reason="r")],
    "startTimer": [of_ticket()],
    "stopTimer": [],
    "openRetainer": [of_contract(unit="RUN_MINUTES")],
    "grantAllowance": [of_contract(unit="RUN_MINUTES", quantity=1)],
    "purchaseTimePack": [
        of_contract(minutes=60),
        lambda things: {
            "contractId": OWN_CONTRACT,
            "minutes": 60,
            "siteIds": [things.global_id(Noun.SITE)],
        },
    ],
    "giveGesture": [of_contract(unit="RUN_MINUTES", quantity=1, reason="r")],
    "adjustAllowance": [of_contract(unit="RUN_MINUTES", lot=1, quantity=1, reason="r")],
    "closePeriod": [of_contract(at="2026-07-06T09:00:00Z")],
    "draftQuote": [
        of_ticket(title="t", lines=[]),
        lambda things: {
            "title": "t",
            "lines": [],
            "clientId": things.global_id(Noun.CLIENT),
        },
    ],
    "editQuote": [of_quote(title="t", lines=[])],
    "sendQuote": [
        lambda things: {
            "quoteId": things.global_id(Noun.QUOTE),
            "recipientId": things.global_id(Noun.CONTACT),
        }
    ],
    "reviseQuote": [of_quote(lines=[])],
    "cancelQuote": [of_quote()],
    "acceptQuote": [of_quote(documentHash="h")],
    "refuseQuote": [of_quote(reason="r")],
    "convertQuote": [of_quote(key="k", kind="INVOICE_LINE")],
    "classifyTicket": [of_ticket(nature="BUG")],
    "confirmClassification": [of_ticket()],
    "contestClassification": [of_ticket(reason="r")],
    "declareIntervention": [
        lambda things: {**DECLARED, "clientId": things.global_id(Noun.CLIENT)},
        lambda things: {**DECLARED, "siteId": things.global_id(Noun.SITE)},
    ],
    "validateIntervention": [of_intervention],
    "excludeTicket": [
        of_ticket(**EXCLUDED),
        lambda things: {"ticketId": OWN, **EXCLUDED, **of_intervention(things)},
    ],
    "liftExclusion": [
        lambda things: {"exclusionId": things.global_id(Noun.EXCLUSION), "reason": "r"}
    ],
    "addInternalNote": [of_ticket(bodyMarkdown="b")],
    "acceptMessage": [of_message],
    "rejectMessage": [of_message],
    "confirmRequester": [
        of_ticket(),
        lambda things: {
            "ticketId": things.global_id(Noun.TICKET),
            "requesterId": things.global_id(Noun.CONTACT),
        },
    ],
    "assignTicket": [of_ticket()],
    "setPriority": [of_ticket(impact="CRITICAL")],
    "waitForClient": [of_ticket(reason="r")],
    "resumeTicket": [of_ticket()],
    "deliverTicket": [of_ticket()],
    "resolveTicket": [of_ticket()],
    "closeTicket": [of_ticket()],
    "reopenTicket": [of_ticket(reason="r")],
    "cancelTicket": [of_ticket(reason="r")],
    "markSpam": [of_ticket()],
    "mergeTickets": [
        lambda things: {"duplicateId": things.global_id(Noun.TICKET), "survivorId": OWN},
        lambda things: {"duplicateId": OWN, "survivorId": things.global_id(Noun.TICKET)},
    ],
    "linkTickets": [
        lambda things: {"ticketId": OWN, "otherId": things.global_id(Noun.TICKET)},
        lambda things: {"ticketId": things.global_id(Noun.TICKET), "otherId": OWN},
    ],
    "unlinkTickets": [
        lambda things: {"ticketId": OWN, "otherId": things.global_id(Noun.TICKET)},
        lambda things: {"ticketId": things.global_id(Noun.TICKET), "otherId": OWN},
    ],
    "createContract": [
        lambda things: {
            **DRAFT,
            "clientId": things.global_id(Noun.CLIENT),
            "siteIds": [things.global_id(Noun.SITE)],
        },
    ],
    "reviseContract": [of_contract()],
    "activateContract": [of_contract()],
    "suspendContract": [of_contract(reason="r")],
    "resumeContract": [of_contract()],
    "giveNotice": [of_contract()],
    "endContract": [of_contract()],
    "renewContract": [of_contract()],
    "changePlan": [of_contract(planCode="guide.business")],
    "createClient": [],
    "updateClient": [
        lambda things: {
            "clientId": things.global_id(Noun.CLIENT),
            "noticeContactIds": [things.global_id(Noun.CONTACT)],
        },
    ],
    "createCalendar": [],
    "addCalendarVersion": [],
    "correctCalendar": [],
    "correctContractTerms": [
        lambda things: {
            "contractId": things.global_id(Noun.CONTRACT),
            "version": 1,
            "reason": "r",
            "dryRun": True,
        }
    ],
    "correctEventTime": [of_ticket(sequence=1, at="2026-07-01T09:00:00Z", reason="r", dryRun=True)],
    "createSite": [
        lambda things: {
            "clientId": things.global_id(Noun.CLIENT),
            "name": "n",
            "url": "https://n.example",
        }
    ],
    "createContact": [
        lambda things: {
            "clientId": things.global_id(Noun.CLIENT),
            "name": "n",
            "email": "n@n.example",
        }
    ],
    "createToken": [
        lambda things: {"clientId": things.global_id(Noun.CLIENT), "name": "n", "scopes": []}
    ],
    "updateAgency": [],
    "setMailTemplate": [],
    "resetMailTemplate": [],
    "setMailLook": [],
    "createAgent": [],
    "createTeam": [],
    "addTeamMember": [of_member],
    "removeTeamMember": [of_member],
    "createWebhook": [],
    "disableWebhook": [of_webhook],
    "setNotificationPreferences": [of_reader(Noun.AGENT), of_reader(Noun.CONTACT)],
    "tryWebhook": [of_webhook],
    "requeueWebhookDelivery": [
        lambda things: {"deliveryId": things.global_id(Noun.WEBHOOK_DELIVERY)}
    ],
    "revokeToken": [lambda things: {"tokenId": things.global_id(Noun.TOKEN)}],
    "editReport": [of_contract(month="2026-07")],
    "publishReport": [
        of_contract(month="2026-06"),
        lambda things: {
            "contractId": OWN_CONTRACT,
            "month": "2026-06",
            "recipientIds": [things.global_id(Noun.CONTACT)],
        },
    ],
    "rectifyReport": [of_contract(month="2026-05", reason="r")],
    "approveCredit": [of_credit()],
    "rejectCredit": [of_credit(reason="r")],
    "recomputeCredits": [of_contract(month="2026-07")],
    "startAudit": [of_site(kind="TAKEOVER")],
    "answerAuditPoint": [of_audit(point="A1", status="UNKNOWN")],
    "completeAudit": [of_audit()],
    "raiseSignal": [of_site(signal="NO_REPORT", evidence="e")],
    "clearSignal": [of_site(signal="NO_STAGING", evidence="e")],
    "describeSite": [of_site(cms="c")],
    "recordReview": [of_contract(heldOn="2026-07-01", attendees="a", minutes="m")],
    "setReviewRhythm": [of_contract(everyMonths=3)],
    "setEmergencyProcedure": [of_contract(**PROCEDURE)],
    "recordIncident": [of_site(beganAt="2026-07-01T09:00:00Z", title="t")],
    "endIncident": [of_incident()],
    "correctIncident": [of_incident(explanation="e")],
    "withdrawIncident": [of_incident(explanation="e")],
    "announceMaintenance": [
        of_site(startsAt="2026-08-01T09:00:00Z", endsAt="2026-08-01T10:00:00Z", what="w")
    ],
    "cancelMaintenance": [lambda things: {"maintenanceId": _beside_site(things, "maintenance")}],
    "recordProbeWatch": [of_site(source="s", beganAt="2026-07-01T09:00:00Z")],
    "recordUpdate": _site_record(component="c", toVersion="1"),
    "recordBackup": _site_record(what="FULL"),
    "recordRestoreTest": _site_record(hasSucceeded=True),
    "recordCertificate": _site_record(host="h", expiresAt="2026-09-01T09:00:00Z"),
    "recordVulnerability": _site_record(component="c", identifier="i", title="t"),
    "recordPerformance": _site_record(
        url="https://n.example", figures=[{"name": "lcp", "value": "1"}]
    ),
    "recordCheck": _site_record(what="LOGS", isOk=True),
    "importSiteReport": [of_site(format="WPSCAN", content="{}")],
    "createMonitoringHook": [of_site(name="n", tool="GENERIC")],
    "revokeMonitoringHook": [lambda things: {"hookId": things.global_id(Noun.MONITORING_HOOK)}],
    "updateAgencyIdentity": [],
    "updateClientIdentity": [
        lambda things: {"clientId": things.global_id(Noun.CLIENT), "identity": IDENTITY}
    ],
    "recordInvoice": [
        lambda things: {
            **INVOICE,
            "clientId": things.global_id(Noun.CLIENT),
            "contractId": things.global_id(Noun.CONTRACT),
        }
    ],
    "issueCreditNote": [
        of_contract(month="2026-07"),
        lambda things: {
            "contractId": OWN_CONTRACT,
            "month": "2026-07",
            "invoiceIds": [things.global_id(Noun.INVOICE)],
        },
    ],
    "applyCreditNotes": [lambda things: {"invoiceId": things.global_id(Noun.INVOICE)}],
    "refundCreditNote": [
        lambda things: {"creditNoteId": things.global_id(Noun.CREDIT_NOTE), "reason": "r"}
    ],
    "clearUndeliverableAddress": [],
    "makeTicketFromInboundMessage": [
        of_inbound_message(),
        of_inbound_message(requesterId=OWN_CONTACT),
        lambda things: {
            "inboundMessageId": OWN_MESSAGE,
            "requesterId": things.global_id(Noun.CONTACT),
        },
        lambda things: {
            "inboundMessageId": OWN_MESSAGE,
            "clientId": things.global_id(Noun.CLIENT),
            "email": "n@n.example",
        },
    ],
    "addInboundMessageToTicket": [
        lambda things: {"inboundMessageId": OWN_MESSAGE, "ticketId": things.global_id(Noun.TICKET)},
        of_inbound_message(ticketId=OWN),
    ],
    "markInboundMessagesSpam": [of_inbound_messages],
    "discardInboundMessages": [of_inbound_messages],
    "requeueOutgoingMessages": [of_outgoing_messages],
    "discardOutgoingMessages": [of_outgoing_messages],
    "blockSender": [],
    "liftSenderBlock": [],
    "rotateMailKey": [],
    "retireMailKey": [],
    "requeueInboundMessage": [
        lambda things: {"inboundMessageId": things.global_id(Noun.INBOUND_MESSAGE)}
    ],
}
"""For each mutation, every input that could name a thing of a stranger."""
