"""Agency A and client X see and change nothing of agency B and client Y.

The lists of what is tried are compared with the schema: a new field without a try fails here.
"""

import base64
import binascii
import contextlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from graphql import get_named_type

from helpdesk.graphql.global_ids import NODES, global_id
from helpdesk.graphql.limits import Limits
from helpdesk.usecases.read_models import Noun
from tests.graphql.rows import everything_in
from tests.graphql.selections import everything_of, paged_queries
from tests.graphql.world import SCHEMA, Things, World, secret_of

MADE_UP = Things(ids={noun: f"made-up-{noun.name.lower()}" for noun in NODES})

Json = Any  # what JSON gives
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
    "slaCompliance": COMPLIANCE,
    "workers": "{ workers { name } }",
    "plans": "{ plans { code } }",
    "corrections": "{ corrections { reason } }",
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
    "name", ["inboundMessages", "tokens", "teams", "webhooks", "monitoringHooks"]
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


Inputs = Callable[[Things], Mapping[str, Any]]


def _ticket(**more: Any) -> Inputs:  # Any: JSON
    return lambda things: {"ticketId": things.global_id(Noun.TICKET), **more}


def _member(things: Things) -> Mapping[str, Any]:
    return {"teamId": things.global_id(Noun.TEAM), "agentId": things.global_id(Noun.AGENT)}


def _webhook(things: Things) -> Mapping[str, Any]:
    return {"webhookId": things.global_id(Noun.WEBHOOK)}


def _contract(**more: Any) -> Inputs:  # Any: JSON
    return lambda things: {"contractId": things.global_id(Noun.CONTRACT), **more}


def _quote(**more: Any) -> Inputs:  # Any: JSON
    return lambda things: {"quoteId": things.global_id(Noun.QUOTE), **more}


def _credit(**more: Any) -> Inputs:  # Any: JSON
    return lambda things: {"creditId": things.global_id(Noun.CREDIT), **more}


def _intervention(things: Things) -> Mapping[str, Any]:
    return {"interventionId": things.global_id(Noun.INTERVENTION)}


def _batch(things: Things) -> Mapping[str, Any]:
    return {"batchId": things.global_id(Noun.BATCH)}


def _batched(things: Things) -> Mapping[str, Any]:
    return {**_batch(things), "ticketIds": [things.global_id(Noun.TICKET)]}


def _site(**more: Any) -> Inputs:  # Any: JSON
    return lambda things: {"siteId": things.global_id(Noun.SITE), **more}


def _incident(**more: Any) -> Inputs:  # Any: JSON
    return lambda things: {"incidentId": things.global_id(Noun.INCIDENT), **more}


def _audit(**more: Any) -> Inputs:  # Any: JSON
    return lambda things: {"auditId": things.global_id(Noun.AUDIT), **more}


def _beside_site(things: Things, what: str) -> str:
    return things.ids[Noun.SITE].replace("site", what)


def _site_record(**more: Any) -> list[Inputs]:  # Any: JSON
    return [
        _site(**more),
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
    "replyToTicket": [_ticket(bodyMarkdown="b")],
    "logCall": [_ticket(summaryMarkdown="b")],
    "postponeTicket": [_ticket(newDue="2026-08-03T09:00:00Z", reason="r")],
    "createBatch": [lambda things: {"clientId": things.global_id(Noun.CLIENT), "name": "n"}],
    "addToBatch": [
        _batched,
        lambda things: {"batchId": OWN_BATCH, "ticketIds": [things.global_id(Noun.TICKET)]},
    ],
    "removeFromBatch": [
        _batched,
        lambda things: {"batchId": OWN_BATCH, "ticketIds": [things.global_id(Noun.TICKET)]},
    ],
    "openBatch": [_batch],
    "closeBatch": [_batch],
    "amendContract": [
        lambda things: {
            "contractId": things.global_id(Noun.CONTRACT),
            "effectiveFrom": "2026-08-03T09:00:00Z",
        }
    ],
    "logWork": [_ticket(minutes=15)],
    "correctWorkLog": [_ticket(number=1, minutes=15, reason="r")],
    "startTimer": [_ticket()],
    "stopTimer": [],
    "openRetainer": [_contract(unit="RUN_MINUTES")],
    "grantAllowance": [_contract(unit="RUN_MINUTES", quantity=1)],
    "purchaseTimePack": [
        _contract(minutes=60),
        lambda things: {
            "contractId": OWN_CONTRACT,
            "minutes": 60,
            "siteIds": [things.global_id(Noun.SITE)],
        },
    ],
    "giveGesture": [_contract(unit="RUN_MINUTES", quantity=1, reason="r")],
    "adjustAllowance": [_contract(unit="RUN_MINUTES", lot=1, quantity=1, reason="r")],
    "closePeriod": [_contract(at="2026-07-06T09:00:00Z")],
    "draftQuote": [
        _ticket(title="t", lines=[]),
        lambda things: {
            "title": "t",
            "lines": [],
            "clientId": things.global_id(Noun.CLIENT),
        },
    ],
    "editQuote": [_quote(title="t", lines=[])],
    "sendQuote": [
        lambda things: {
            "quoteId": things.global_id(Noun.QUOTE),
            "recipientId": things.global_id(Noun.CONTACT),
        }
    ],
    "reviseQuote": [_quote(lines=[])],
    "cancelQuote": [_quote()],
    "acceptQuote": [_quote(documentHash="h")],
    "refuseQuote": [_quote(reason="r")],
    "convertQuote": [_quote(key="k", kind="INVOICE_LINE")],
    "classifyTicket": [_ticket(nature="BUG")],
    "confirmClassification": [_ticket()],
    "contestClassification": [_ticket(reason="r")],
    "declareIntervention": [
        lambda things: {**DECLARED, "clientId": things.global_id(Noun.CLIENT)},
        lambda things: {**DECLARED, "siteId": things.global_id(Noun.SITE)},
    ],
    "validateIntervention": [_intervention],
    "excludeTicket": [
        _ticket(**EXCLUDED),
        lambda things: {"ticketId": OWN, **EXCLUDED, **_intervention(things)},
    ],
    "liftExclusion": [
        lambda things: {"exclusionId": things.global_id(Noun.EXCLUSION), "reason": "r"}
    ],
    "addInternalNote": [_ticket(bodyMarkdown="b")],
    "assignTicket": [_ticket()],
    "setPriority": [_ticket(impact="CRITICAL")],
    "waitForClient": [_ticket(reason="r")],
    "resumeTicket": [_ticket()],
    "deliverTicket": [_ticket()],
    "resolveTicket": [_ticket()],
    "closeTicket": [_ticket()],
    "reopenTicket": [_ticket(reason="r")],
    "cancelTicket": [_ticket(reason="r")],
    "markSpam": [_ticket()],
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
    "reviseContract": [_contract()],
    "activateContract": [_contract()],
    "suspendContract": [_contract(reason="r")],
    "resumeContract": [_contract()],
    "giveNotice": [_contract()],
    "endContract": [_contract()],
    "renewContract": [_contract()],
    "changePlan": [_contract(planCode="guide.business")],
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
    "correctEventTime": [_ticket(sequence=1, at="2026-07-01T09:00:00Z", reason="r", dryRun=True)],
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
    "createAgent": [],
    "createTeam": [],
    "addTeamMember": [_member],
    "removeTeamMember": [_member],
    "createWebhook": [],
    "disableWebhook": [_webhook],
    "tryWebhook": [_webhook],
    "requeueWebhookDelivery": [
        lambda things: {"deliveryId": things.global_id(Noun.WEBHOOK_DELIVERY)}
    ],
    "revokeToken": [lambda things: {"tokenId": things.global_id(Noun.TOKEN)}],
    "editReport": [_contract(month="2026-07")],
    "publishReport": [
        _contract(month="2026-06"),
        lambda things: {
            "contractId": OWN_CONTRACT,
            "month": "2026-06",
            "recipientIds": [things.global_id(Noun.CONTACT)],
        },
    ],
    "rectifyReport": [_contract(month="2026-05", reason="r")],
    "approveCredit": [_credit()],
    "rejectCredit": [_credit(reason="r")],
    "recomputeCredits": [_contract(month="2026-07")],
    "startAudit": [_site(kind="TAKEOVER")],
    "answerAuditPoint": [_audit(point="A1", status="UNKNOWN")],
    "completeAudit": [_audit()],
    "raiseSignal": [_site(signal="NO_REPORT", evidence="e")],
    "clearSignal": [_site(signal="NO_STAGING", evidence="e")],
    "describeSite": [_site(cms="c")],
    "recordReview": [_contract(heldOn="2026-07-01", attendees="a", minutes="m")],
    "setReviewRhythm": [_contract(everyMonths=3)],
    "setEmergencyProcedure": [_contract(**PROCEDURE)],
    "recordIncident": [_site(beganAt="2026-07-01T09:00:00Z", title="t")],
    "endIncident": [_incident()],
    "correctIncident": [_incident(explanation="e")],
    "withdrawIncident": [_incident(explanation="e")],
    "announceMaintenance": [
        _site(startsAt="2026-08-01T09:00:00Z", endsAt="2026-08-01T10:00:00Z", what="w")
    ],
    "cancelMaintenance": [lambda things: {"maintenanceId": _beside_site(things, "maintenance")}],
    "recordProbeWatch": [_site(source="s", beganAt="2026-07-01T09:00:00Z")],
    "recordUpdate": _site_record(component="c", toVersion="1"),
    "recordBackup": _site_record(what="FULL"),
    "recordRestoreTest": _site_record(hasSucceeded=True),
    "recordCertificate": _site_record(host="h", expiresAt="2026-09-01T09:00:00Z"),
    "recordVulnerability": _site_record(component="c", identifier="i", title="t"),
    "recordPerformance": _site_record(
        url="https://n.example", figures=[{"name": "lcp", "value": "1"}]
    ),
    "recordCheck": _site_record(what="LOGS", isOk=True),
    "importSiteReport": [_site(format="WPSCAN", content="{}")],
    "createMonitoringHook": [_site(name="n", tool="GENERIC")],
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
        _contract(month="2026-07"),
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
    "requeueInboundMessage": [
        lambda things: {"inboundMessageId": things.global_id(Noun.INBOUND_MESSAGE)}
    ],
}
"""For each mutation, every input that could name a thing of a stranger."""


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
        "addToBatch": dict(_batched(world.bruno)),
        "removeFromBatch": dict(_batched(world.bruno)),
        "openBatch": dict(_batch(world.bruno)),
        "closeBatch": dict(_batch(world.bruno)),
        "amendContract": {
            "contractId": world.bruno.global_id(Noun.CONTRACT),
            "effectiveFrom": "2026-08-03T09:00:00Z",
        },
        "draftQuote": {**own, "title": "t", "lines": []},
        "editQuote": dict(_quote(title="t", lines=[])(world.bruno)),
        "sendQuote": dict(_quote()(world.bruno)),
        "reviseQuote": dict(_quote(lines=[])(world.bruno)),
        "cancelQuote": dict(_quote()(world.bruno)),
        "convertQuote": dict(_quote(key="k", kind="INVOICE_LINE")(world.bruno)),
        "classifyTicket": {**own, "nature": "BUG"},
        "confirmClassification": own,
        "validateIntervention": dict(_intervention(world.bruno)),
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
        "createAgent": {"name": "n", "email": "n@n.example"},
        "createTeam": {"name": "n"},
        "addTeamMember": dict(_member(world.bruno)),
        "removeTeamMember": dict(_member(world.bruno)),
        "createWebhook": {"name": "n", "url": "https://n.example"},
        "disableWebhook": dict(_webhook(world.bruno)),
        "tryWebhook": dict(_webhook(world.bruno)),
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
        "approveCredit": dict(_credit()(world.bruno)),
        "rejectCredit": dict(_credit(reason="r")(world.bruno)),
        "recomputeCredits": dict(_contract(month="2026-07")(world.bruno)),
        "startAudit": dict(_site(kind="TAKEOVER")(world.bruno)),
        "answerAuditPoint": dict(_audit(point="A1", status="UNKNOWN")(world.bruno)),
        "completeAudit": dict(_audit()(world.bruno)),
        "raiseSignal": dict(_site(signal="NO_REPORT", evidence="e")(world.bruno)),
        "clearSignal": dict(_site(signal="NO_STAGING", evidence="e")(world.bruno)),
        "describeSite": dict(_site(cms="c")(world.bruno)),
        "recordReview": dict(
            _contract(heldOn="2026-07-01", attendees="a", minutes="m")(world.bruno)
        ),
        "setReviewRhythm": dict(_contract(everyMonths=3)(world.bruno)),
        "setEmergencyProcedure": dict(_contract(**PROCEDURE)(world.bruno)),
        "recordIncident": dict(_site(beganAt="2026-07-01T09:00:00Z", title="t")(world.bruno)),
        "endIncident": dict(_incident()(world.bruno)),
        "correctIncident": dict(_incident(explanation="e")(world.bruno)),
        "withdrawIncident": dict(_incident(explanation="e")(world.bruno)),
        "announceMaintenance": dict(
            _site(startsAt="2026-08-01T09:00:00Z", endsAt="2026-08-01T10:00:00Z", what="w")(
                world.bruno
            )
        ),
        "cancelMaintenance": {"maintenanceId": "maintenance-bruno"},
        "recordProbeWatch": dict(_site(source="s", beganAt="2026-07-01T09:00:00Z")(world.bruno)),
        "recordUpdate": dict(_site(component="c", toVersion="1")(world.bruno)),
        "importSiteReport": dict(_site(format="WPSCAN", content="{}")(world.bruno)),
        "createMonitoringHook": dict(_site(name="n", tool="GENERIC")(world.bruno)),
        "revokeMonitoringHook": {"hookId": world.bruno.global_id(Noun.MONITORING_HOOK)},
        "requeueInboundMessage": {"inboundMessageId": world.bruno.global_id(Noun.INBOUND_MESSAGE)},
    }
    for name, given in tries.items():
        assert (await _attempt(world, "bruno", name, given))["code"] == "FORBIDDEN", name
    assert await everything_in(world.database) == before
