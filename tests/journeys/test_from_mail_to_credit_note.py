"""A client who was breached twice in a month, with a cap, from his mails to the credit note.

Alice's agency promised Bruno to resolve each P0 within eight hours of the first answer, day and
night. He pays 199 euros a month before tax; each started hour over is worth 5 %, a month 10 % at
most. The site is down on 7 July and intruded upon on 16 July.
"""

import json
import re
from dataclasses import dataclass
from html import unescape
from xml.etree import ElementTree as ET

import pytest

from helpdesk.storage.database import Database
from tests.graphql.api import Api
from tests.graphql.test_mutations import do, done
from tests.journeys.desk_by_api import Json, Office, got, office

FEE, PER_HOUR, CAP, VAT = 199_00, 5, 10, 20
RAM = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"
RSM = "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}"

SELLER = {
    "name": "Atelier Alice",
    "address": {"street": "12 rue des Lilas", "postcode": "69003", "city": "Lyon"},
    "siren": "732 829 320",
    "vatNumber": "FR 44 732829320",
}
BUYER = {
    "name": "Boulangerie Bruno",
    "address": {"street": "4 quai", "postcode": "13002", "city": "Marseille"},
    "siren": "552 100 554",
}
TERMS = {
    "reference": "TMA-BRUNO",
    "name": "Maintenance of the bakery",
    "startsOn": "2026-07-01",
    "models": ["MONTHLY_PLAN", "SLA"],
    "term": {"months": 12, "renewalMonths": 12},
    "planCode": "guide.critique",
    "calendars": [{"code": one, "calendarCode": one} for one in ("ouvre5", "continuous")],
    "notice": {"months": 3},
    "price": {"amount": {"cents": FEE, "currency": "EUR"}, "taxBasis": "HT"},
    "perimeter": {"included": ["The shop"], "excluded": ["New features"]},
    "calendarDefinitions": ["Monday to Friday, 9 to 18", "Day and night"],
    "matrixAcceptance": {"acceptedBy": "Bruno"},
    "compensation": {
        "text": "Credits on the next invoice",
        "nature": "PRICE_REDUCTION",
        "resolution": {"mode": "PER_STARTED_HOUR", "percentPerHour": str(PER_HOUR)},
        "cap": {"monthlyPercent": str(CAP)},
    },
}
BREACHES = """query Q($id: ID!) { breaches(contractId: $id, month: "2026-07") {
  promise consequence isOwed ticket { number } overSeconds credits { net { cents } } } }"""
CREDITS = """query Q($id: ID!) { credits(filter: {contractId: [$id]},
  orderBy: {field: CREATED_AT, direction: ASC}) { nodes { id state ticket { number }
  base { cents } total { cents } capped { cents } net { cents } roomLeft { cents }
  overcreditedCents history { document } } } }"""
NOTE = """creditNote { id number state netCents vatCents grossCents appliedCents leftCents
  lines { netCents } invoices { number } pdfUrl xmlUrl jsonUrl }"""
LATE = "résolution hors délai du ticket"
INVOICE = "invoice { id grossCents appliedCents payableCents }"
HISTORY = """query Q($id: ID!) { ticket(id: $id) { timeline(first: 50) { nodes {
  sequence kind } } } }"""

_TAG = re.compile(r"<[^>]+>")


@dataclass
class Parties:
    """Everybody with a token, and the contract between the first two."""

    office: Office
    alice: Api
    bruno: Api
    chloe: Api
    zoe: Api
    contract_id: str
    client_id: str

    async def breaches(self, api: Api) -> list[Json]:
        """Return the resolutions of July that came late, as somebody sees them."""
        listed = (await api.data(BREACHES, id=self.contract_id))["breaches"]
        return [one for one in listed if one["promise"] == "P0_RESOLUTION"]

    async def credits(self, api: Api) -> list[Json]:
        """Return the credits of the contract, as somebody sees them."""
        listed: list[Json] = (await api.data(CREDITS, id=self.contract_id))["credits"]["nodes"]
        return sorted(listed, key=lambda one: int(one["ticket"]["number"]))

    async def invoice(self, number: str, day: str) -> Json:
        """Return an invoice of a month's fee that Alice records."""
        given = {
            "clientId": self.client_id,
            "contractId": self.contract_id,
            "number": number,
            "issuedOn": day,
            "amounts": [{"vatBasisPoints": VAT * 100, "netCents": FEE}],
        }
        return (await done(self.alice, "recordInvoice", INVOICE, **given))["invoice"]

    async def issue(self, invoice: Json) -> Json:
        """Return the payload of an attempt to issue the document of July."""
        given = {
            "contractId": self.contract_id,
            "month": "2026-07",
            "invoiceIds": [invoice["id"]],
        }
        return await do(self.alice, "issueCreditNote", NOTE, **given)


@pytest.fixture
async def parties(database: Database) -> Parties:
    """Two agencies, and a contract in force between Alice's and Bruno."""
    desk = office(database)
    alice, zoe = await desk.founded("alice"), await desk.founded("zoe")
    await done(alice, "updateAgencyIdentity", "agency { id }", identity=SELLER)
    bruno_id, bruno = await _client(desk, alice, "bruno")
    _, chloe = await _client(desk, alice, "chloe")
    await done(alice, "updateClientIdentity", "client { id }", clientId=bruno_id, identity=BUYER)
    site = {"clientId": bruno_id, "name": "shop", "url": "https://bruno.example"}
    site_id = (await done(alice, "createSite", "site { id }", **site))["site"]["id"]
    given = {**TERMS, "clientId": bruno_id, "siteIds": [site_id]}
    contract = (await done(alice, "createContract", "contract { id }", **given))["contract"]
    desk.be("07-01 09:00")
    shown = "contract { status }"
    active = await done(alice, "activateContract", shown, contractId=contract["id"])
    assert active["contract"] == {"status": "ACTIVE"}
    return Parties(desk, alice, bruno, chloe, zoe, contract["id"], bruno_id)


async def _client(desk: Office, alice: Api, name: str) -> tuple[str, Api]:
    given = {"name": name.capitalize(), "domains": [f"{name}.example"]}
    client_id = (await done(alice, "createClient", "client { id }", **given))["client"]["id"]
    person = {"clientId": client_id, "name": name.capitalize(), "email": f"{name}@{name}.example"}
    await done(alice, "createContact", "contact { id }", **person)
    scopes = ["CONTRACTS_READ", "TICKETS_READ", "TICKETS_WRITE", "CLIENTS_READ"]
    token = {"name": name, "clientId": client_id, "scopes": scopes}
    return client_id, desk.api((await done(alice, "createToken", "secret", **token))["secret"])


async def _late(parties: Parties, day: str, resolved: str, **triage: str) -> str:
    """Have a mail of ten in the morning answered at one, and resolved too late; return its id."""
    desk, alice = parties.office, parties.alice
    desk.be(f"{day} 10:00")
    await desk.mailed("Help", number=int(day[3:]))
    found = await alice.data("{ tickets(last: 100) { nodes { id openedAt } } }")
    ticket_id: str = max(found["tickets"]["nodes"], key=lambda one: one["openedAt"])["id"]
    desk.be(f"{day} 10:10")
    step = {"ticketId": ticket_id}
    shown = "ticket { priority contract { id } client { id } }"
    ticket = (await done(alice, "setPriority", shown, **step, **triage))["ticket"]
    assert ticket == {
        "priority": "P0",
        "contract": {"id": parties.contract_id},
        "client": {"id": parties.client_id},
    }
    desk.be(f"{day} 13:00")
    await done(alice, "replyToTicket", "ticket { id }", **step, bodyMarkdown="We are on it.")
    desk.be(f"{day} {resolved}")
    await done(alice, "resolveTicket", "ticket { status }", **step)
    return ticket_id


async def _two_late(parties: Parties) -> tuple[str, str]:
    """Have July go wrong twice, and say what is owed at once; return both tickets."""
    first = await _late(parties, "07-07", "21:40", impact="CRITICAL", urgency="HIGH")
    second = await _late(parties, "07-16", "23:30", securitySign="DATA_COMPROMISED")
    return first, second


async def _approved(parties: Parties) -> list[Json]:
    """Have the worker propose what is owed and Alice approve it; return it as she sees it."""
    await parties.office.work()
    for one in await parties.credits(parties.alice):
        await done(parties.alice, "approveCredit", "credit { state }", creditId=one["id"])
    return await parties.credits(parties.alice)


async def _issued(parties: Parties) -> Json:
    """Have the document of July issued in August; return it."""
    await _approved(parties)
    parties.office.be("08-03 09:00")
    payload = await parties.issue(await parties.invoice("F2026-0701", "2026-07-01"))
    assert payload["errors"] == []
    return payload["creditNote"]


def _owed(over_seconds: int) -> int:
    """Return what a breach is worth before the cap, in cents."""
    started_hours = -(-over_seconds // 3600)
    return FEE * PER_HOUR * started_hours // 100


async def test_a_client_sees_his_breaches_at_once_and_amounts_once_approved(
    parties: Parties,
) -> None:
    await _two_late(parties)
    at_once = await parties.breaches(parties.bruno)
    await parties.office.work()
    proposed = await parties.credits(parties.alice)
    hidden = await parties.credits(parties.bruno)
    approved = await _approved(parties)
    seen = await parties.credits(parties.bruno)

    assert [one["overSeconds"] for one in at_once] == [40 * 60, 150 * 60]
    assert {(one["consequence"], one["isOwed"]) for one in at_once} == {("CREDIT", True)}
    assert [one["credits"] for one in at_once] == [[], []]
    assert ([one["state"] for one in proposed], hidden) == (["PROPOSED"] * 2, [])
    cap, (first, second) = FEE * CAP // 100, [_owed(40 * 60), _owed(150 * 60)]
    assert first < cap < first + second
    assert [one["base"]["cents"] for one in approved] == [FEE, FEE]
    assert [one["total"]["cents"] for one in approved] == [first, cap - first]
    assert [one["net"]["cents"] for one in approved] == [first, cap - first]
    assert [one["capped"]["cents"] for one in approved] == [0, first + second - cap]
    assert [one["roomLeft"]["cents"] for one in approved] == [cap, cap - first]
    assert [one["net"] for one in seen] == [one["net"] for one in approved]
    assert {one["state"] for one in seen} == {"APPROVED"}


async def test_the_credit_note_says_what_its_files_say_and_pays_the_next_invoice(
    parties: Parties,
) -> None:
    await _two_late(parties)
    await parties.office.work()
    note = await _issued(parties)
    august = await parties.invoice("F2026-0801", "2026-08-01")
    given = {"invoiceId": august["id"]}
    paid = (await done(parties.alice, "applyCreditNotes", INVOICE, **given))["invoice"]
    files = {kind: await got(parties.bruno, note[f"{kind}Url"]) for kind in ("pdf", "xml", "json")}

    net, gross = FEE * CAP // 100, FEE * CAP * (100 + VAT) // 100**2
    assert note["number"].startswith("AV2026-")
    assert (note["netCents"], note["vatCents"], note["grossCents"]) == (net, gross - net, gross)
    assert (paid["appliedCents"], paid["payableCents"]) == (gross, paid["grossCents"] - gross)
    assert {one.status_code for one in files.values()} == {200}
    assert files["pdf"].content.startswith(b"%PDF")
    assert json.loads(files["json"].content)["gross_cents"] == gross
    assert _told_by(files["xml"].content) == {
        "type": "381",
        "number": note["number"],
        "preceding": "F2026-0701",
        "net": f"{net / 100:.2f}",
        "vat": f"{(gross - net) / 100:.2f}",
        "gross": f"{gross / 100:.2f}",
    }
    await parties.office.assert_healthy()


def _told_by(xml: bytes) -> dict[str, str | None]:
    root = ET.fromstring(xml)  # noqa: S314 - our own file
    head = f"{RSM}ExchangedDocument/{RAM}"
    sums = f".//{RAM}SpecifiedTradeSettlementHeaderMonetarySummation/{RAM}"
    paths = {
        "type": f"{head}TypeCode",
        "number": f"{head}ID",
        "preceding": f".//{RAM}InvoiceReferencedDocument/{RAM}IssuerAssignedID",
        "net": f"{sums}TaxBasisTotalAmount",
        "vat": f"{sums}TaxTotalAmount",
        "gross": f"{sums}GrandTotalAmount",
    }
    return {name: root.findtext(path) for name, path in paths.items()}


async def test_a_month_is_issued_once_and_strangers_see_nothing_of_it(parties: Parties) -> None:
    await _two_late(parties)
    await parties.office.work()
    note = await _issued(parties)
    september = await parties.invoice("F2026-0802", "2026-08-02")
    again = await parties.issue(september)

    assert again["creditNote"] is None
    assert [one["code"] for one in again["errors"]] == ["REQUIRED"]
    query = "query Q($id: ID!) { node(id: $id) { id } creditNotes { totalCount } }"
    assert (await parties.bruno.data(query, id=note["id"]))["creditNotes"]["totalCount"] == 1
    for stranger in (parties.chloe, parties.zoe):
        for kind in ("pdf", "xml", "json"):
            assert (await got(stranger, note[f"{kind}Url"])).status_code == 404
        seen = await stranger.data(query, id=note["id"])
        assert seen == {"node": None, "creditNotes": {"totalCount": 0}}
    nobody = parties.office.api("of nobody")
    assert (await got(nobody, note["pdfUrl"])).status_code == 401


async def test_the_report_of_the_month_names_both_breaches_and_the_document(
    parties: Parties,
) -> None:
    await _two_late(parties)
    await parties.office.work()
    note = await _issued(parties)
    given = {"contractId": parties.contract_id, "month": "2026-07"}
    published = await done(parties.alice, "publishReport", "report { id }", **given)
    page = await got(parties.bruno, f"/reports/{published['report']['id']}.html")

    told = " ".join(unescape(_TAG.sub(" ", page.text)).split())
    for one in await parties.breaches(parties.bruno):
        number = one["ticket"]["number"]
        assert f"Résolution P0 hors délai n° {number}" in told
        assert f"{note['number']} Réduction de prix, juillet 2026 : {LATE} {number} Émis" in told
    await parties.office.assert_healthy()


async def test_what_was_issued_stands_when_a_breach_proves_shorter(parties: Parties) -> None:
    _, second = await _two_late(parties)
    note = await _issued(parties)

    await _resolved_rather(parties, second, "21:20")
    shorter = await parties.credits(parties.alice)
    await _resolved_rather(parties, second, "20:30")
    never_late = await parties.credits(parties.alice)
    for_bruno = await parties.credits(parties.bruno)

    # An hour over is still worth the room that the cap had left.
    assert [one["overcreditedCents"] for one in shorter] == [0, 0]
    assert [one["overcreditedCents"] for one in never_late] == [0, FEE * CAP // 100 // 2]
    assert [one["net"] for one in never_late] == [one["net"] for one in shorter]
    assert {one["state"] for one in never_late} == {"ISSUED"}
    assert [one["overcreditedCents"] for one in for_bruno] == [None, None]
    query = "query Q($id: ID!) { node(id: $id) { ... on CreditNote { state netCents } } }"
    kept = (await parties.bruno.data(query, id=note["id"]))["node"]
    assert kept == {"state": "ISSUED", "netCents": note["netCents"]}
    await parties.office.assert_healthy()


async def _resolved_rather(parties: Parties, ticket_id: str, time: str) -> None:
    """Correct when a ticket of 16 July was resolved, and let its credit follow."""
    found = await parties.alice.data(HISTORY, id=ticket_id)
    events = found["ticket"]["timeline"]["nodes"]
    (event,) = (one for one in events if one["kind"] == "RESOLVED")
    given = {
        "ticketId": ticket_id,
        "sequence": event["sequence"],
        "at": f"2026-07-16T{time}:00+02:00",
        "reason": "The phone tells when.",
        "dryRun": False,
    }
    await done(parties.alice, "correctEventTime", "correction { kind }", **given)
    await parties.office.work()
