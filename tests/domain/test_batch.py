"""A batch opens, holds and ends: what its status and its tickets allow."""

from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest

from helpdesk.domain.batch import (
    BATCH_STEPS,
    Batch,
    BatchOfOtherClient,
    BatchStatus,
    BatchStep,
    BatchStepRefused,
    BatchUnfinished,
    TicketInBatch,
    TicketNotInBatch,
    batch_opened,
    batched,
    is_awaited,
    unbatched,
)
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import BatchId
from helpdesk.domain.ticket import TicketEventKind, TicketStatus, TransitionRefused
from tests.factories import AGENCY_ID, BRUNOS_CLIENT, CHLOES_CLIENT, MONDAY, a_ticket, at, on

OTHER = BatchId("batch-2")
NINE, TEN = on(), on("07-06 10:00")


def a_batch(status: BatchStatus = BatchStatus.PLANNED, **changes: Any) -> Batch:
    """Return Bruno's batch of July. Any: the fields of the batch."""
    batch = Batch(
        id=BatchId("batch-1"),
        agency_id=AGENCY_ID,
        number="3",
        client_id=BRUNOS_CLIENT,
        name="July",
        created_at=MONDAY,
        status=status,
        planned_on=date(2026, 7, 13),
    )
    return replace(batch, **changes)


IN = a_ticket(batch_id=a_batch().id)


@pytest.mark.parametrize(("step", "status"), [*product(BatchStep, BatchStatus)])
def test_each_step_keeps_to_the_table(step: BatchStep, status: BatchStatus) -> None:
    if status in BATCH_STEPS[step]:
        a_batch(status).require(step)
        return
    with pytest.raises(BatchStepRefused):
        a_batch(status).require(step)


def test_a_refusal_names_what_is_possible() -> None:
    with pytest.raises(BatchStepRefused) as refusal:
        a_batch(BatchStatus.OPEN).opened(at=MONDAY)

    assert refusal.value.message(Locale.EN) == (
        "Batch 3 is OPEN: openBatch is not possible. Possible now: addToBatch, closeBatch."
    )


def test_nothing_is_possible_in_a_closed_batch() -> None:
    with pytest.raises(BatchStepRefused) as refusal:
        a_batch(BatchStatus.CLOSED).require(BatchStep.ADD)

    assert refusal.value.values["possible"] == "—"


def test_a_batch_opens_then_closes() -> None:
    opened = a_batch().opened(at=MONDAY)
    closed = opened.closed([], at=at("07-20 09:00"))

    assert opened == a_batch(BatchStatus.OPEN, opened_at=MONDAY)
    assert closed == a_batch(BatchStatus.CLOSED, opened_at=MONDAY, closed_at=at("07-20 09:00"))


def test_a_batch_does_not_close_on_what_is_not_delivered() -> None:
    tickets = [
        a_ticket(TicketStatus.IN_PROGRESS, number="10"),
        a_ticket(TicketStatus.DELIVERED, number="3"),
        a_ticket(TicketStatus.WAITING, number="9"),
        a_ticket(TicketStatus.CANCELLED, number="4"),
    ]

    with pytest.raises(BatchUnfinished) as refusal:
        a_batch(BatchStatus.OPEN).closed(tickets, at=MONDAY)

    assert refusal.value.values == {"number": "3", "tickets": "9, 10"}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (TicketStatus.NEW, True),
        (TicketStatus.WAITING, True),
        (TicketStatus.DELIVERED, False),
        (TicketStatus.RESOLVED, False),
        (TicketStatus.SPAM, False),
    ],
)
def test_what_is_neither_delivered_nor_finished_is_awaited(
    status: TicketStatus, *, expected: bool
) -> None:
    assert is_awaited(a_ticket(status)) is expected


def test_a_ticket_in_a_planned_batch_has_one_fact_more() -> None:
    change = batched(a_ticket(), a_batch(), (), on=TEN)

    assert change.ticket == a_ticket(batch_id=a_batch().id, version=1)
    (event,) = change.events
    assert (event.kind, event.after) == (TicketEventKind.BATCHED, {"batch_id": "batch-1"})


def test_in_an_open_batch_the_delivery_starts_at_once() -> None:
    change = batched(a_ticket(), a_batch(BatchStatus.OPEN), (), on=TEN)

    assert [(event.kind, event.at) for event in change.events] == [
        (TicketEventKind.BATCHED, TEN.at),
        (TicketEventKind.BATCH_OPENED, TEN.at),
    ]


def test_a_batch_holds_tickets_of_its_client_alone() -> None:
    with pytest.raises(BatchOfOtherClient):
        batched(a_ticket(client_id=CHLOES_CLIENT), a_batch(), (), on=TEN)


@pytest.mark.parametrize("held_by", [a_batch().id, OTHER])
def test_a_ticket_is_in_one_batch_at_a_time(held_by: BatchId) -> None:
    with pytest.raises(TicketInBatch):
        batched(a_ticket(batch_id=held_by), a_batch(), (), on=TEN)


def test_a_ticket_leaves_a_closed_batch_for_another() -> None:
    ticket = a_ticket(TicketStatus.IN_PROGRESS, batch_id=OTHER)

    assert batched(ticket, a_batch(), {OTHER}, on=TEN).ticket.batch_id == a_batch().id


@pytest.mark.parametrize("status", [TicketStatus.DELIVERED, TicketStatus.RESOLVED])
def test_what_is_delivered_goes_into_no_batch(status: TicketStatus) -> None:
    with pytest.raises(TransitionRefused):
        batched(a_ticket(status), a_batch(), (), on=TEN)


def test_a_ticket_leaves_a_planned_batch() -> None:
    change = unbatched(IN, a_batch(), on=TEN)

    assert change.ticket == a_ticket(version=1)
    (event,) = change.events
    assert (event.kind, event.before, event.after) == (
        TicketEventKind.UNBATCHED,
        {"batch_id": "batch-1"},
        {"batch_id": None},
    )


def test_a_ticket_does_not_leave_an_open_batch() -> None:
    with pytest.raises(BatchStepRefused):
        unbatched(IN, a_batch(BatchStatus.OPEN), on=TEN)


def test_only_what_is_in_a_batch_leaves_it() -> None:
    with pytest.raises(TicketNotInBatch):
        unbatched(a_ticket(batch_id=OTHER), a_batch(), on=TEN)


def test_the_opening_of_a_batch_is_a_fact_that_changes_no_field() -> None:
    change = batch_opened(IN, on=TEN)

    assert change.ticket == replace(IN, version=1)
    assert (change.events[0].kind, change.events[0].after) == (TicketEventKind.BATCH_OPENED, {})
