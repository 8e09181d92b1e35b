"""What the year of the demo came to: books that add up, quotes, packs, work that was charged."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from helpdesk.domain.contract import Contract
from helpdesk.domain.ids import ClientId
from helpdesk.domain.retainer_check import violations
from helpdesk.domain.retainer_close import statement_of
from helpdesk.domain.retainer_entry import Entry
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.retainer_ports import KeptBook
from tests.demo.planting import Planted

Books = Sequence[tuple[Contract, KeptBook, tuple[Entry, ...]]]
CONTRACTS = 7
THIS_MONTH = datetime(2026, 2, 28, 23, tzinfo=UTC)


@pytest.fixture(scope="session")
def books(demo: Planted) -> Books:
    """Every book of the demo with its entries."""
    clients = [ClientId(row[0]) for row in demo.rows("SELECT id FROM helpdesk_client")]

    async def read(desk: Desk) -> Books:
        found = []
        async with desk.store.reading(demo.access.agency.id) as records:
            for client_id in clients:
                for contract in await records.contracts.contracts_of(client_id):
                    for unit in await records.retainer.units_of(contract.id):
                        book = await records.retainer.whole_book(contract.id, unit)
                        assert book is not None
                        entries = await records.retainer.entries_of(contract.id, unit)
                        found.append((contract, book, entries))
        return found

    return demo.asked(read)


def test_every_contract_keeps_its_tickets_and_its_run(books: Books) -> None:
    units = {(contract.id, kept.unit) for contract, kept, _ in books}

    assert len({contract_id for contract_id, _ in units}) == CONTRACTS
    for contract_id, _ in units:
        assert {
            (contract_id, RetainerUnit.CORRECTIVE_TICKETS),
            (contract_id, RetainerUnit.RUN_MINUTES),
        } <= units


def test_every_book_is_what_its_entries_make_of_it(books: Books) -> None:
    assert [violations(kept.book, entries) for _, kept, entries in books] == [()] * len(books)


def test_every_month_of_every_book_adds_up(books: Books) -> None:
    months = 0
    for _, kept, entries in books:
        for period in {entry.period.start: entry.period for entry in entries}.values():
            assert statement_of(entries, period).is_balanced
            months += 1
        assert kept.book.open_from == THIS_MONTH
    assert months > 12 * CONTRACTS


def test_every_request_that_was_weighed_is_classified_for_good(demo: Planted) -> None:
    weighed = demo.rows(
        "SELECT count(*) FROM helpdesk_ticket WHERE assignee_id IS NOT NULL AND status <> 'SPAM'"
    )
    final = demo.rows(
        "SELECT count(*) FROM helpdesk_classification WHERE is_latest AND state = 'CONFIRMED'"
    )

    assert final[0][0] > 0.8 * weighed[0][0]


def test_packs_were_bought_and_something_was_offered(demo: Planted) -> None:
    kinds = demo.rows(
        "SELECT kind, unit, sum(quantity) FROM helpdesk_retainer_entry "
        "WHERE kind IN ('purchase', 'gesture') GROUP BY kind, unit ORDER BY kind"
    )

    assert kinds == [("gesture", "minutes.run", 60), ("purchase", "minutes.pack", 1500)]


def test_a_request_waits_for_the_answer_to_its_quote(demo: Planted) -> None:
    sent = demo.rows(
        "SELECT t.status, t.waiting_on FROM helpdesk_quote q "
        "JOIN helpdesk_ticket t ON t.id = q.ticket_id WHERE q.status = 'SENT'"
    )

    assert sent == [("WAITING", "QUOTE_ANSWER")]


def test_the_contracts_were_renewed_after_a_year(demo: Planted) -> None:
    facts = dict(demo.rows("SELECT kind, count(*) FROM helpdesk_contract_fact GROUP BY kind"))

    assert facts == {"ACTIVATED": CONTRACTS, "RENEWED": CONTRACTS}


def test_worked_time_is_charged_by_the_quarter_of_an_hour(demo: Planted) -> None:
    charged = demo.rows(
        "SELECT DISTINCT quantity % 15 FROM helpdesk_retainer_entry "
        "WHERE kind IN ('consume', 'overage') AND unit = 'minutes.run'"
    )
    worked = demo.rows("SELECT count(*), min(minutes) FROM helpdesk_work_entry")

    assert charged == [(0,)]
    assert worked[0][0] > 20
    assert worked[0][1] > 0
