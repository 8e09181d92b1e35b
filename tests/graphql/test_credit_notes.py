"""Credit notes through the API: from the approved credit to the paid invoice, with their files."""

import json
from typing import Any

import httpx
import pytest

from helpdesk.usecases.read_models import Noun
from tests.einvoice.oracle import broken_rules
from tests.graphql.api import Api
from tests.graphql.test_mutations import do, done
from tests.graphql.world import World, secret_of

Json = Any  # what JSON gives

FIELDS = """creditNote { id number kind state issuedOn issuedAt issuedBy firstDay lastDay currency
  netCents vatCents grossCents appliedCents refundedCents leftCents hash previousHash
  lines { label evidence netCents vatBasisPoints }
  vatShares { category vatBasisPoints netCents vatCents }
  invoices { number issuedOn vatBasisPoints netCents }
  uses { kind cents invoiceNumber reason actor at }
  client { name billingIdentity { name siren } } contract { reference }
  pdfUrl xmlUrl jsonUrl csvUrl }"""
INVOICE = """invoice { id number issuedOn currency netCents vatCents grossCents appliedCents
  payableCents amounts { vatBasisPoints netCents creditedCents } client { name }
  contract { reference } }"""
SELLER = {
    "name": "Atelier Alice",
    "address": {"street": "12 rue des Lilas", "postcode": "69003", "city": "Lyon"},
    "siren": "732 829 320",
    "vatNumber": "FR 44 732829320",
    "legalNotice": "SAS au capital de 10 000 € — RCS Lyon 732 829 320",
}
BUYER = {
    "name": "Boulangerie Bruno",
    "address": {"street": "4 quai", "postcode": "13002", "city": "Marseille"},
    "siren": "552 100 554",
}
IDENTITY = """agency { fiscalIdentity { seller { name siren vatNumber address { city country } }
  vatRegime isVatOnDebits numberPrefix numberWidth isNumberingShared } }"""


async def _ready(world: World) -> Json:
    """Say who bills whom and record the invoice of July; return it."""
    alice = world.api(secret_of("alice"))
    client_id = world.bruno.global_id(Noun.CLIENT)
    await done(alice, "updateAgencyIdentity", IDENTITY, identity=SELLER)
    await done(alice, "updateClientIdentity", "client { id }", clientId=client_id, identity=BUYER)
    return await _recorded(world, "F2026-0701")


async def _recorded(world: World, number: str, net: int = 199_00) -> Json:
    given = {
        "clientId": world.bruno.global_id(Noun.CLIENT),
        "contractId": world.bruno.global_id(Noun.CONTRACT),
        "number": number,
        "issuedOn": "2026-07-01",
        "amounts": [{"vatBasisPoints": 2000, "netCents": net}],
    }
    alice = world.api(secret_of("alice"))
    return (await done(alice, "recordInvoice", INVOICE, **given))["invoice"]


async def _issued(world: World, invoice: Json) -> Json:
    alice = world.api(secret_of("alice"))
    given = {
        "contractId": world.bruno.global_id(Noun.CONTRACT),
        "month": "2026-07",
        "invoiceIds": [invoice["id"]],
    }
    return (await done(alice, "issueCreditNote", FIELDS, **given))["creditNote"]


async def _got(api: Api, path: str) -> httpx.Response:
    async with api.client() as client:
        return await client.get(path)


async def test_an_approved_credit_is_issued_on_its_invoice(both_worlds: World) -> None:
    world = both_worlds
    july = await _ready(world)
    world.now.advance(days=30)

    note = await _issued(world, july)

    assert (note["number"], note["kind"], note["state"]) == (
        "AV2026-000003",
        "CREDIT_NOTE",
        "ISSUED",
    )
    assert (note["netCents"], note["vatCents"], note["grossCents"]) == (29_85, 5_97, 35_82)
    assert (note["firstDay"], note["lastDay"]) == ("2026-07-01", "2026-07-31")
    assert [line["netCents"] for line in note["lines"]] == [29_85]
    assert note["vatShares"] == [
        {"category": "S", "vatBasisPoints": 2000, "netCents": 29_85, "vatCents": 5_97}
    ]
    assert note["invoices"] == [
        {
            "number": "F2026-0701",
            "issuedOn": "2026-07-01",
            "vatBasisPoints": 2000,
            "netCents": 29_85,
        }
    ]
    assert note["client"]["billingIdentity"] == {"name": "Boulangerie Bruno", "siren": "552100554"}
    query = "query Q($id: ID!) { node(id: $id) { ... on ExternalInvoice { amounts {"
    query += " creditedCents } } } }"
    again = await world.api(secret_of("alice")).data(query, id=july["id"])
    assert again["node"]["amounts"] == [{"creditedCents": 29_85}]


async def test_credit_notes_pay_the_next_invoice_and_the_rest_is_paid_back(
    both_worlds: World,
) -> None:
    world = both_worlds
    alice = world.api(secret_of("alice"))
    august = await _recorded(world, "F2026-0801", 10_00)

    given = {"invoiceId": august["id"]}
    paid = (await done(alice, "applyCreditNotes", INVOICE, **given))["invoice"]
    own = world.bruno.global_id(Noun.CREDIT_NOTE)
    given = {"creditNoteId": own, "reason": "Transfer 4711"}
    back = (await done(alice, "refundCreditNote", FIELDS, **given))["creditNote"]

    assert (paid["grossCents"], paid["appliedCents"], paid["payableCents"]) == (12_00, 12_00, 0)
    assert (back["appliedCents"], back["refundedCents"], back["leftCents"]) == (12_00, 23_82, 0)
    assert back["state"] == "REFUNDED"
    assert [(one["kind"], one["invoiceNumber"], one["reason"]) for one in back["uses"]] == [
        ("APPLIED", "F2026-0801", ""),
        ("REFUNDED", None, "Transfer 4711"),
    ]


async def test_what_is_left_to_pay_back_is_found(both_worlds: World) -> None:
    world = both_worlds
    alice = world.api(secret_of("alice"))
    own = world.bruno.global_id(Noun.CREDIT_NOTE)
    query = """query Q($client: [ID!], $open: Boolean) { creditNotes(filter: {clientId: $client,
      isOpen: $open, kind: [CREDIT_NOTE]}) { totalCount nodes { number } } }"""
    asked = {"client": [world.bruno.global_id(Noun.CLIENT)]}
    assert (await alice.data(query, open=True, **asked))["creditNotes"]["totalCount"] == 1

    await done(alice, "refundCreditNote", FIELDS, creditNoteId=own, reason="End of contract")

    assert (await alice.data(query, open=True, **asked))["creditNotes"]["nodes"] == []
    assert (await alice.data(query, open=False, **asked))["creditNotes"]["totalCount"] == 1


async def test_the_files_are_those_that_were_issued(world: World, tmp_path: Any) -> None:
    july = await _ready(world)
    world.now.advance(days=30)
    note = await _issued(world, july)
    files = {}
    for kind in ("pdf", "xml", "json", "csv"):
        path = note[f"{kind}Url"].partition("//")[2].partition("/")[2]
        answer = await _got(world.api(secret_of("bruno")), f"/{path}")
        assert answer.status_code == 200
        assert answer.headers["content-disposition"] == (
            f'attachment; filename="AV2026-000003.{kind}"'
        )
        files[kind] = answer.content

    assert files["pdf"].startswith(b"%PDF")
    (tmp_path / "note.xml").write_bytes(files["xml"])
    assert broken_rules(tmp_path) == {"note": ()}
    document = json.loads(files["json"])
    assert (document["hash"], document["gross_cents"]) == (note["hash"], 35_82)
    assert files["csv"].decode().splitlines()[1].startswith("AV2026-000003;2026-08-05;CREDIT_NOTE;")
    assert ";20,00;29,85;5,97;35,82;" in files["csv"].decode()


async def test_the_accountant_gets_the_documents_of_some_months(world: World) -> None:
    path = "/exports/credit-notes.csv?from=2026-08&to=2026-08"

    everything = await _got(world.api(secret_of("alice")), path)
    his_own = await _got(world.api(secret_of("bruno")), path)

    assert [line.partition(";")[0] for line in everything.text.splitlines()[1:]] == [
        "AV2026-000001",
        "AV2026-000002",
    ]
    assert "Client chloe" not in his_own.text
    assert len(his_own.text.splitlines()) == 2


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/exports/credit-notes.csv?from=2026-08&to=2026-07", 400),
        ("/exports/credit-notes.csv?from=2026-08", 400),
        ("/exports/credit-notes.csv?from=2026-08&to=2026-08&colour=red", 400),
        ("/credit-notes/nonsense.pdf", 404),
        ("/credit-notes/{own}.docx", 404),
        ("/credit-notes/{stranger}.pdf", 404),
    ],
)
async def test_a_file_that_does_not_exist_is_not_given(
    world: World, path: str, status: int
) -> None:
    given = path.format(
        own=world.bruno.global_id(Noun.CREDIT_NOTE),
        stranger=world.chloe.global_id(Noun.CREDIT_NOTE),
    )

    answer = await _got(world.api(secret_of("bruno")), given)

    assert answer.status_code == status


async def test_without_a_token_no_file_is_given(world: World) -> None:
    path = f"/credit-notes/{world.bruno.global_id(Noun.CREDIT_NOTE)}.pdf"

    answer = await _got(world.api(""), path)

    assert answer.status_code == 401


async def test_a_wrong_siren_is_refused_and_changes_nothing(world: World) -> None:
    alice = world.api(secret_of("alice"))
    given = {"identity": {**SELLER, "siren": "732829321"}}

    refused = await do(alice, "updateAgencyIdentity", IDENTITY, **given)

    [error] = refused["errors"]
    assert (error["code"], error["path"]) == ("PARTY_INVALID", ["input", "identity", "siren"])
    viewer = await alice.data(f"{{ viewer {{ {IDENTITY} }} }}")
    assert viewer["viewer"]["agency"]["fiscalIdentity"] is None


async def test_how_the_agency_invoices_does_not_exist_for_a_client(world: World) -> None:
    alice = world.api(secret_of("alice"))
    given = {"identity": SELLER, "vatRegime": "FRANCHISE", "numberPrefix": "AV-{year}/"}

    said = (await done(alice, "updateAgencyIdentity", IDENTITY, **given))["agency"]

    assert said["fiscalIdentity"] == {
        "seller": {
            "name": "Atelier Alice",
            "siren": "732829320",
            "vatNumber": "FR44732829320",
            "address": {"city": "Lyon", "country": "FR"},
        },
        "vatRegime": "FRANCHISE",
        "isVatOnDebits": False,
        "numberPrefix": "AV-{year}/",
        "numberWidth": 6,
        "isNumberingShared": False,
    }
    bruno = await world.api(secret_of("bruno")).data(f"{{ viewer {{ {IDENTITY} }} }}")
    assert bruno["viewer"]["agency"]["fiscalIdentity"] is None


async def test_a_rate_is_given_once(world: World) -> None:
    alice = world.api(secret_of("alice"))
    amount = {"vatBasisPoints": 2000, "netCents": 1}
    given = {
        "clientId": world.bruno.global_id(Noun.CLIENT),
        "number": "F9",
        "issuedOn": "2026-07-01",
        "amounts": [amount, amount],
    }

    refused = await do(alice, "recordInvoice", INVOICE, **given)

    assert refused["errors"][0]["code"] == "BAD_INPUT"
