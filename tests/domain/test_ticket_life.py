"""Each step of a ticket's life: what it changes, what it says, when it is refused."""

from collections.abc import Callable, Mapping
from itertools import product

import pytest

from helpdesk.domain.access import SYSTEM, Actor
from helpdesk.domain.errors import ErrorCode, Locale
from helpdesk.domain.ids import AgentId, TeamId, TicketId
from helpdesk.domain.ticket import (
    STEPS,
    StepReasonRequired,
    Ticket,
    TicketChange,
    TicketEventKind,
    TicketStatus,
    TicketStep,
    TransitionRefused,
)
from helpdesk.domain.ticket_life import (
    CallByProgram,
    TicketAlreadyWaiting,
    answered,
    assigned,
    called,
    cancelled,
    client_wrote,
    closed,
    delivered,
    marked_spam,
    noted,
    reopened,
    resolved,
    resumed,
    waiting,
)
from helpdesk.domain.ticket_pair import (
    TicketMergedIntoItself,
    TicketsOfTwoClients,
    linked,
    merged,
    unlinked,
)
from helpdesk.domain.waiting import WaitingOn
from tests.factories import BRUNO, CHLOES_CLIENT, MONDAY, ROBOT, a_message_id, a_ticket, at, on

TEN = at("07-06 10:00")
MESSAGE = a_message_id()
OTHER = a_ticket(id=TicketId("ticket-2"), number="2")
Pairing = Callable[..., object]
WAITING = a_ticket(TicketStatus.WAITING, waiting_on=WaitingOn.CLIENT)

STEP: Mapping[TicketStep, Callable[[Ticket], TicketChange]] = {
    TicketStep.REPLY: lambda ticket: answered(
        ticket, MESSAGE, on=on("07-06 10:00"), is_response=True
    ),
    TicketStep.LOG_CALL: lambda ticket: called(
        ticket, MESSAGE, on=on("07-06 10:00"), is_response=True
    ),
    TicketStep.ADD_NOTE: lambda ticket: noted(ticket, MESSAGE, on=on("07-06 10:00")),
    TicketStep.ASSIGN: lambda ticket: assigned(ticket, None, None, on=on("07-06 10:00")),
    TicketStep.WAIT: lambda ticket: waiting(
        ticket, WaitingOn.CLIENT, " which browser? ", on=on("07-06 10:00")
    ),
    TicketStep.RESUME: lambda ticket: resumed(ticket, on=on("07-06 10:00")),
    TicketStep.DELIVER: lambda ticket: delivered(ticket, on=on("07-06 10:00")),
    TicketStep.RESOLVE: lambda ticket: resolved(ticket, on=on("07-06 10:00")),
    TicketStep.CLOSE: lambda ticket: closed(ticket, on=on("07-06 10:00")),
    TicketStep.REOPEN: lambda ticket: reopened(ticket, "again", on=on("07-06 10:00")),
    TicketStep.CANCEL: lambda ticket: cancelled(ticket, " no need ", on=on("07-06 10:00")),
    TicketStep.MARK_SPAM: lambda ticket: marked_spam(ticket, on=on("07-06 10:00")),
    TicketStep.MERGE: lambda ticket: merged(ticket, OTHER, on=on("07-06 10:00")).merged,
    TicketStep.LINK: lambda ticket: linked(ticket, OTHER, on=on("07-06 10:00")),
}


def only_event(change: TicketChange) -> tuple[TicketEventKind, str | None]:
    (event,) = change.events
    assert event.at == TEN
    return event.kind, event.reason


@pytest.mark.parametrize(("step", "status"), [*product(STEP, TicketStatus)])
def test_each_step_keeps_to_the_table(step: TicketStep, status: TicketStatus) -> None:
    waiting_on = WaitingOn.CLIENT if status is TicketStatus.WAITING else None
    ticket = a_ticket(status, waiting_on=waiting_on)

    if status in STEPS[step]:
        change = STEP[step](ticket)
        assert change.ticket.version == 1
        assert [event.sequence for event in change.events] == [1]
        return
    with pytest.raises((TransitionRefused, TicketAlreadyWaiting)):
        STEP[step](ticket)

    assert ticket == a_ticket(status, waiting_on=waiting_on)


@pytest.mark.parametrize("status", [TicketStatus.NEW, TicketStatus.OPEN])
def test_the_first_answer_of_a_person_starts_the_work(status: TicketStatus) -> None:
    change = answered(a_ticket(status), MESSAGE, on=on("07-06 10:00"), is_response=True)

    assert only_event(change) == (TicketEventKind.AGENT_REPLIED, None)
    assert change.events[0].message_id == MESSAGE
    assert change.ticket == a_ticket(TicketStatus.IN_PROGRESS, first_responded_at=TEN, version=1)


@pytest.mark.parametrize(
    "status", [TicketStatus.WAITING, TicketStatus.DELIVERED, TicketStatus.CLOSED]
)
def test_a_later_answer_changes_neither_status_nor_first_response(status: TicketStatus) -> None:
    ticket = a_ticket(status, first_responded_at=MONDAY)

    change = answered(ticket, MESSAGE, on=on("07-06 10:00"), is_response=True)

    assert change.ticket == a_ticket(status, first_responded_at=MONDAY, version=1)


@pytest.mark.parametrize("actor", [ROBOT, SYSTEM])
def test_a_program_gives_no_first_response(actor: Actor) -> None:
    change = answered(a_ticket(), MESSAGE, on=on("07-06 10:00", actor), is_response=True)

    assert only_event(change) == (TicketEventKind.AUTOMATIC_MESSAGE, None)
    assert change.ticket == a_ticket(version=1)


def test_an_answer_that_the_contract_does_not_count_starts_the_work_and_no_more() -> None:
    change = answered(a_ticket(), MESSAGE, on=on("07-06 10:00"), is_response=False)

    assert change.ticket == a_ticket(TicketStatus.IN_PROGRESS, version=1)


def test_a_call_is_a_first_response_where_it_counts_as_one() -> None:
    change = called(a_ticket(), MESSAGE, on=on("07-06 10:00"), is_response=True)

    assert only_event(change) == (TicketEventKind.CALL_LOGGED, None)
    assert change.events[0].message_id == MESSAGE
    assert change.ticket == a_ticket(TicketStatus.IN_PROGRESS, first_responded_at=TEN, version=1)


@pytest.mark.parametrize("actor", [ROBOT, SYSTEM])
def test_a_program_hears_no_client(actor: Actor) -> None:
    with pytest.raises(CallByProgram) as refusal:
        called(a_ticket(), MESSAGE, on=on("07-06 10:00", actor), is_response=True)

    assert refusal.value.values == {"name": actor.name}


def test_a_wait_ends_before_another_begins() -> None:
    with pytest.raises(TicketAlreadyWaiting) as refusal:
        waiting(WAITING, WaitingOn.THIRD_PARTY, "the host", on=on("07-06 10:00"))

    assert refusal.value.message(Locale.EN) == (
        "Ticket 1 waits for CLIENT: end that wait (resumeTicket) before it waits for THIRD_PARTY."
    )


@pytest.mark.parametrize(
    "status", [TicketStatus.NEW, TicketStatus.IN_PROGRESS, TicketStatus.DELIVERED]
)
def test_a_clients_message_leaves_the_status(status: TicketStatus) -> None:
    change = client_wrote(a_ticket(status), MESSAGE, on=on("07-06 10:00", BRUNO))

    assert only_event(change) == (TicketEventKind.CLIENT_REPLIED, None)
    assert change.ticket == a_ticket(status, version=1)


def test_a_clients_message_ends_a_wait_for_him() -> None:
    change = client_wrote(WAITING, MESSAGE, on=on("07-06 10:00", BRUNO))

    assert [event.kind for event in change.events] == [
        TicketEventKind.CLIENT_REPLIED,
        TicketEventKind.RESUMED,
    ]
    assert change.ticket == a_ticket(TicketStatus.IN_PROGRESS, version=2)


@pytest.mark.parametrize("waiting_on", sorted(set(WaitingOn) - {WaitingOn.CLIENT}))
def test_a_clients_message_ends_no_wait_for_others(waiting_on: WaitingOn) -> None:
    ticket = a_ticket(TicketStatus.WAITING, waiting_on=waiting_on)

    change = client_wrote(ticket, MESSAGE, on=on("07-06 10:00", BRUNO))

    assert only_event(change) == (TicketEventKind.CLIENT_REPLIED, None)
    assert change.ticket.waiting_on is waiting_on


def test_a_clients_message_reopens_a_resolved_ticket() -> None:
    ticket = a_ticket(TicketStatus.RESOLVED, resolved_at=MONDAY)

    change = client_wrote(ticket, MESSAGE, on=on("07-06 10:00", BRUNO))

    assert [event.kind for event in change.events] == [
        TicketEventKind.CLIENT_REPLIED,
        TicketEventKind.REOPENED,
    ]
    assert change.ticket == a_ticket(TicketStatus.IN_PROGRESS, version=2)


def test_a_client_who_writes_on_a_closed_ticket_is_told_to_open_another() -> None:
    ticket = a_ticket(TicketStatus.CLOSED)

    with pytest.raises(TransitionRefused) as refusal:
        client_wrote(ticket, MESSAGE, on=on("07-06 10:00", BRUNO))

    assert refusal.value.values["possible"] == (
        "addInternalNote, reopenTicket, mergeTickets, linkTickets, logCall, openTicket"
    )
    assert ticket == a_ticket(TicketStatus.CLOSED)


def test_a_note_changes_nothing_that_the_client_sees() -> None:
    change = noted(a_ticket(TicketStatus.MERGED), MESSAGE, on=on("07-06 10:00"))

    assert only_event(change) == (TicketEventKind.NOTE_ADDED, None)
    assert change.ticket == a_ticket(TicketStatus.MERGED, version=1)
    assert change.events[0].is_visible_to_client is False


def test_a_new_ticket_that_is_assigned_is_open() -> None:
    change = assigned(a_ticket(), AgentId("alice"), TeamId("web"), on=on("07-06 10:00"))

    assert change.ticket == a_ticket(
        TicketStatus.OPEN, assignee_id="alice", team_id="web", version=1
    )
    assert change.events[0].before == {"status": "NEW", "assignee_id": None, "team_id": None}
    assert change.events[0].after == {
        "status": "OPEN",
        "assignee_id": "alice",
        "team_id": "web",
    }


def test_a_ticket_given_back_to_nobody_stays_open() -> None:
    ticket = a_ticket(TicketStatus.IN_PROGRESS, assignee_id=AgentId("alice"))

    change = assigned(ticket, None, None, on=on("07-06 10:00"))

    assert change.ticket == a_ticket(TicketStatus.IN_PROGRESS, version=1)


def test_a_wait_says_whom_for_and_why() -> None:
    change = STEP[TicketStep.WAIT](a_ticket())

    assert only_event(change) == (TicketEventKind.WAITING, "which browser?")
    assert change.events[0].after == {"status": "WAITING", "waiting_on": "CLIENT"}


def test_a_ticket_that_goes_on_waits_for_nobody() -> None:
    assert resumed(WAITING, on=on("07-06 10:00")).ticket == a_ticket(
        TicketStatus.IN_PROGRESS, version=1
    )


def test_a_delivery_ends_the_wait_and_keeps_its_first_instant() -> None:
    first = delivered(WAITING, on=on("07-06 10:00")).ticket
    again = reopened(first, "still silent", on=on("07-06 11:00")).ticket

    second = delivered(again, on=on("07-06 12:00")).ticket

    assert first == a_ticket(TicketStatus.DELIVERED, delivered_at=TEN, version=1)
    assert second.delivered_at == TEN


def test_a_resolution_ends_the_wait() -> None:
    assert resolved(WAITING, on=on("07-06 10:00")).ticket == a_ticket(
        TicketStatus.RESOLVED, resolved_at=TEN, version=1
    )


def test_a_closed_ticket_was_resolved_before() -> None:
    ticket = a_ticket(TicketStatus.RESOLVED, resolved_at=MONDAY)

    assert closed(ticket, on=on("07-06 10:00")).ticket == a_ticket(
        TicketStatus.CLOSED, resolved_at=MONDAY, closed_at=TEN, version=1
    )


@pytest.mark.parametrize(("reason", "kept"), [(" the form again ", "the form again"), (" ", None)])
def test_a_reopened_ticket_is_neither_resolved_nor_closed(reason: str, kept: str | None) -> None:
    ticket = a_ticket(TicketStatus.CLOSED, resolved_at=MONDAY, closed_at=MONDAY)

    change = reopened(ticket, reason, on=on("07-06 10:00"))

    assert only_event(change) == (TicketEventKind.REOPENED, kept)
    assert change.ticket == a_ticket(TicketStatus.IN_PROGRESS, version=1)


@pytest.mark.parametrize("step", [TicketStep.CANCEL, TicketStep.MARK_SPAM])
def test_a_ticket_given_up_waits_for_nobody(step: TicketStep) -> None:
    change = STEP[step](WAITING)

    assert change.ticket.waiting_on is None
    assert change.events[0].reason == ("no need" if step is TicketStep.CANCEL else None)


@pytest.mark.parametrize("reason", ["", " \t"])
def test_a_wait_without_a_reason_is_refused(reason: str) -> None:
    with pytest.raises(StepReasonRequired) as refusal:
        waiting(a_ticket(), WaitingOn.CLIENT, reason, on=on())

    assert refusal.value.code is ErrorCode.REASON_REQUIRED
    assert refusal.value.path == ("reason",)
    assert refusal.value.values == {"step": TicketStep.WAIT}


@pytest.mark.parametrize("reason", ["", " \t"])
def test_a_cancellation_without_a_reason_is_refused(reason: str) -> None:
    with pytest.raises(StepReasonRequired) as refusal:
        cancelled(a_ticket(), reason, on=on())

    assert refusal.value.path == ("reason",)
    assert refusal.value.values == {"step": TicketStep.CANCEL}


# Two tickets.


def test_of_two_merged_tickets_one_ends_and_one_goes_on() -> None:
    merge = merged(WAITING, OTHER, on=on("07-06 10:00"))

    assert merge.merged.ticket == a_ticket(TicketStatus.MERGED, merged_into_id=OTHER.id, version=1)
    assert only_event(merge.merged) == (TicketEventKind.MERGED, None)
    assert merge.merged.events[0].related_ticket_id == OTHER.id
    assert merge.surviving.ticket.status is TicketStatus.NEW
    assert only_event(merge.surviving) == (TicketEventKind.ABSORBED, None)
    assert merge.surviving.events[0].related_ticket_id == WAITING.id


def test_nothing_is_merged_into_a_ticket_given_up() -> None:
    survivor = a_ticket(TicketStatus.SPAM, id=TicketId("ticket-2"), number="2")

    with pytest.raises(TransitionRefused) as refusal:
        merged(a_ticket(), survivor, on=on())

    assert refusal.value.values["number"] == "2"


def test_a_link_is_a_fact_of_the_ticket() -> None:
    change = linked(a_ticket(), OTHER, on=on("07-06 10:00"))
    back = unlinked(change.ticket, OTHER, on=on("07-06 10:00"))

    assert [event.kind for event in change.then(back).events] == [
        TicketEventKind.LINKED,
        TicketEventKind.UNLINKED,
    ]
    assert change.events[0].related_ticket_id == back.events[0].related_ticket_id == OTHER.id
    assert back.ticket == a_ticket(version=2)


@pytest.mark.parametrize("step", [merged, linked])
def test_a_ticket_is_neither_merged_with_nor_linked_to_itself(step: Pairing) -> None:
    with pytest.raises(TicketMergedIntoItself) as refusal:
        step(a_ticket(), a_ticket(), on=on())

    assert refusal.value.code is ErrorCode.SAME_TICKET


@pytest.mark.parametrize("step", [merged, linked])
def test_tickets_of_two_clients_are_neither_merged_nor_linked(step: Pairing) -> None:
    chloes = a_ticket(id=TicketId("ticket-2"), number="2", client_id=CHLOES_CLIENT)

    with pytest.raises(TicketsOfTwoClients) as refusal:
        step(a_ticket(), chloes, on=on())

    assert refusal.value.code is ErrorCode.OTHER_CLIENT
    assert refusal.value.values == {"number": "1", "other": "2"}
