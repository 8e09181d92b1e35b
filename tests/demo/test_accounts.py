"""What the agency of the demo billed and gave back, and what a client sees of it."""

from collections.abc import Sequence
from typing import Any

from helpdesk.domain.ids import ContractId
from helpdesk.domain.month import Month
from helpdesk.domain.party import siren_adds_up
from helpdesk.usecases.authenticate import authenticate
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.doctor import Examination, Finding, examine
from helpdesk.usecases.examine_credits import CreditFinding, examine_credits
from helpdesk.usecases.verify_series import SeriesVerdict, verify_series
from tests.demo.planting import Planted

CONTRACTS, COMPANIES = 7, 9
LAST_MONTH = "2026-02"
CREDITS = """
    SELECT c.name, x.month, x.kind, x.state, x.net_cents
    FROM helpdesk_credit x JOIN helpdesk_client c ON c.id = x.client_id
    WHERE x.month >= '2025-12' ORDER BY x.month
"""


def test_every_invoice_of_a_year_has_the_number_after_the_one_before(demo: Planted) -> None:
    numbers = [row[0] for row in demo.rows("SELECT number FROM helpdesk_external_invoice")]

    for year in ("2025", "2026"):
        counted = sorted(int(one[6:]) for one in numbers if one.startswith(f"F{year}-"))
        assert counted == list(range(1, len(counted) + 1))
    assert len(numbers) > 12 * (CONTRACTS - 1)


def test_everybody_on_a_document_has_a_siren_that_adds_up_and_belongs_to_nobody(
    demo: Planted,
) -> None:
    clients = [row[0] for row in demo.rows("SELECT id FROM helpdesk_client")]

    async def sirens(desk: Desk) -> list[str]:
        async with desk.store.reading(demo.access.agency.id) as records:
            agency = await records.credit_notes.agency_identity()
            assert agency is not None
            parties = [await records.credit_notes.client_identity(one) for one in clients]
        return [agency.seller.siren, *(one.siren for one in parties if one is not None)]

    found = demo.asked(sirens)

    assert len(found) == len(set(found)) == COMPANIES
    assert all(siren_adds_up(one) and one.startswith("0") for one in found)


def test_late_incidents_and_a_long_outage_became_credits_and_one_is_undecided(
    demo: Planted,
) -> None:
    told = [row[:4] for row in demo.rows(CREDITS)]
    undecided = [one for one in told if one[3] == "PROPOSED"]

    assert undecided == [("Transports Lagarde", LAST_MONTH, "P0_RESOLUTION", "PROPOSED")]
    assert {
        ("Brasserie Keller", "2025-12", "UPTIME", "APPLIED"),
        ("Maison Verdier", "2026-01", "P0_RESOLUTION", "APPLIED"),
    } <= set(told)
    assert all(row[4] > 0 for row in demo.rows(CREDITS))


def test_only_one_contract_missed_its_availability_in_the_year(demo: Planted) -> None:
    missed = demo.rows("SELECT month FROM helpdesk_credit WHERE kind = 'UPTIME'")

    assert missed == [("2025-12",)]


def test_every_credit_note_paid_an_invoice_that_came_after_it(demo: Planted) -> None:
    uses = demo.rows(
        """SELECT n.issued_on < i.issued_on, n.gross_cents = u.cents, n.client_id = i.client_id
        FROM helpdesk_credit_note n JOIN helpdesk_credit_note_use u ON u.credit_note_id = n.id
        JOIN helpdesk_external_invoice i ON i.id = u.invoice_id"""
    )
    [(notes,)] = demo.rows("SELECT count(*) FROM helpdesk_credit_note")

    assert len(uses) == notes >= 2
    assert set(uses) == {(1, 1, 1)}


def test_the_series_has_no_gap_and_its_chain_is_whole(demo: Planted) -> None:
    async def verdicts(desk: Desk) -> Sequence[SeriesVerdict]:
        return await verify_series(
            desk, viewer=await authenticate(desk, demo.access.manager.secret)
        )

    found = demo.asked(verdicts)

    assert [one.faults for one in found] == [()] * len(found)
    assert "AV2026-" in {one.series.prefix for one in found if one.documents}


def test_every_credit_follows_from_what_it_cites(demo: Planted) -> None:
    async def differing(desk: Desk) -> list[CreditFinding]:
        viewer = await authenticate(desk, demo.access.manager.secret)
        return [one async for one in examine_credits(desk, viewer=viewer)]

    assert demo.asked(differing) == []


def test_the_doctor_finds_nothing(demo: Planted) -> None:
    done = Examination()

    async def findings(desk: Desk) -> list[Finding]:
        viewer = await authenticate(desk, demo.access.manager.secret)
        return [one async for one in examine(desk, viewer=viewer, repair=False, done=done)]

    assert demo.asked(findings) == []
    assert done.tickets == demo.access.tickets


def test_a_credit_that_waits_is_none_that_a_document_names(demo: Planted) -> None:
    [(contract_id,)] = demo.rows("SELECT contract_id FROM helpdesk_credit WHERE state = 'PROPOSED'")

    async def states(desk: Desk) -> list[Any]:
        async with desk.store.reading(demo.access.agency.id) as records:
            credits_ = await records.credits.credits_of_month(
                ContractId(contract_id), Month.parsed(LAST_MONTH)
            )
        return [[fact.document for fact in one.facts] for one in credits_]

    assert demo.asked(states) == [[None]]
