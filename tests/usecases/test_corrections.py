"""The past is corrected openly: who gains what is told before, and kept after."""

from dataclasses import replace
from datetime import timedelta

import pytest

from helpdesk.domain.access import NotFound
from helpdesk.domain.business_hours import BusinessHours, Span, Weekday
from helpdesk.domain.business_time import CalendarNeverOpens
from helpdesk.domain.correction import (
    Correction,
    CorrectionKind,
    CorrectionOutOfOrder,
    CorrectionWithoutReason,
    EventUnknown,
    Gainer,
    VersionUnknown,
)
from helpdesk.domain.ids import ContractId, TicketId
from helpdesk.domain.priority import Impact, Priority
from helpdesk.domain.sla import ClockStart, SlaMetric, SlaState, TargetUnit
from helpdesk.domain.ticket import TicketEventKind
from helpdesk.storage.tables.correction import CORRECTION
from helpdesk.usecases.correct_calendar import CorrectCalendar, correct_calendar
from helpdesk.usecases.correct_contract_terms import (
    CorrectContractTerms,
    correct_contract_terms,
)
from helpdesk.usecases.correct_event_time import CorrectEventTime, correct_event_time
from helpdesk.usecases.doctor import Examination, examine
from helpdesk.usecases.policy_change import PolicyChange, WantedTarget
from helpdesk.usecases.reply_to_ticket import ReplyToTicket, reply_to_ticket
from helpdesk.usecases.resolve_ticket import resolve_ticket
from helpdesk.usecases.ticket_step import TicketStepRequest
from tests.factories import at
from tests.usecases.world import World

MORNINGS = BusinessHours(
    "Europe/Paris", dict.fromkeys(list(Weekday)[:5], (Span.between("09:00", "12:00"),))
)


def calendar_request(**changes: object) -> CorrectCalendar:
    """Return the correction that the office only opens in the morning."""
    request = CorrectCalendar("ouvre5", 1, MORNINGS, "The office closes at noon.", is_dry_run=False)
    return replace(request, **changes)  # type: ignore[arg-type]


async def is_healthy(world: World) -> bool:
    """Return whether everything kept is what the facts say."""
    found = examine(world.desk, viewer=world.alice, repair=False, done=Examination())
    return [one async for one in found] == []


async def replied_late(world: World) -> TicketId:
    """Return a ticket of Monday 09:00 that was answered at 17:30, four hours being promised."""
    ticket = await world.ticket(impact=Impact.CRITICAL)
    world.now.set(at("07-06 17:30"))
    await reply_to_ticket(
        world.desk, viewer=world.alice, request=ReplyToTicket(ticket.id, "We look at it.")
    )
    return ticket.id


# Calendars.


async def test_a_dry_run_tells_every_clock_that_would_move_and_changes_nothing(
    both_worlds: World,
) -> None:
    ticket_id = await replied_late(both_worlds)
    before = await both_worlds.everything()

    outcome = await correct_calendar(
        both_worlds.desk,
        viewer=both_worlds.alice,
        request=calendar_request(is_dry_run=True),
    )

    assert await both_worlds.everything() == before
    assert outcome.correction is None
    response = next(move for move in outcome.moves if move.metric is SlaMetric.FIRST_RESPONSE)
    assert response.ticket_id == ticket_id
    assert response.before is not None
    assert response.after is not None
    assert response.before.deadline_at == response.before.breached_at == at("07-06 13:00")
    assert (response.after.deadline_at, response.after.breached_at) == (at("07-07 10:00"), None)
    assert response.gainer is Gainer.AGENCY


async def test_a_dry_run_reads_every_ticket_however_many_there_are(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    tickets = {await replied_late(world) for _ in range(3)}
    monkeypatch.setattr("helpdesk.usecases.correction_impact.BATCH", 2)

    outcome = await correct_calendar(
        world.desk, viewer=world.alice, request=calendar_request(is_dry_run=True)
    )

    assert {move.ticket_id for move in outcome.moves} == tickets


async def test_a_corrected_calendar_moves_what_was_told_and_keeps_who_said_so(
    both_worlds: World,
) -> None:
    ticket_id = await replied_late(both_worlds)
    told = await correct_calendar(
        both_worlds.desk, viewer=both_worlds.alice, request=calendar_request(is_dry_run=True)
    )

    done = await correct_calendar(
        both_worlds.desk, viewer=both_worlds.alice, request=calendar_request()
    )

    assert done.moves == told.moves
    assert isinstance(done.correction, Correction)
    clock = (await both_worlds.clocks(ticket_id))["FIRST_RESPONSE", 1]
    assert clock["deadline_at"] == at("07-07 10:00")
    assert clock["calendar_version"] == 2
    (row,) = await both_worlds.rows(CORRECTION)
    assert (row["kind"], row["actor_name"]) == (CorrectionKind.CALENDAR, "Alice")
    assert row["detail"] == {"code": "ouvre5", "version": 2, "corrects": 1}
    assert len(row["moves"]) == len(done.moves)
    assert await is_healthy(both_worlds)


async def test_a_corrected_version_is_corrected_by_its_own_number(world: World) -> None:
    await correct_calendar(world.desk, viewer=world.alice, request=calendar_request())

    async with world.refused(VersionUnknown) as refusal:
        await correct_calendar(world.desk, viewer=world.alice, request=calendar_request())

    assert refusal.value.values["known"] == "2"
    again = calendar_request(version=2)
    assert (await correct_calendar(world.desk, viewer=world.alice, request=again)).correction


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        (calendar_request(code="nowhere"), NotFound),
        (calendar_request(version=7), VersionUnknown),
        (calendar_request(reason="  "), CorrectionWithoutReason),
        (calendar_request(hours=BusinessHours("Europe/Paris", {})), CalendarNeverOpens),
    ],
)
async def test_an_impossible_correction_of_a_calendar_changes_nothing(
    both_worlds: World, request_: CorrectCalendar, error: type
) -> None:
    await both_worlds.ticket()

    async with both_worlds.refused(error):
        await correct_calendar(both_worlds.desk, viewer=both_worlds.alice, request=request_)


# Terms.


async def brunos_contract(world: World) -> ContractId:
    """Return Bruno's contract."""
    assert world.bruno.client_id is not None
    async with world.desk.store.reading(world.alice.agency_id) as records:
        (contract,) = await records.contracts.contracts_of(world.bruno.client_id)
    return contract.id


EIGHT_HOURS = PolicyChange(
    targets=(
        WantedTarget(
            priority=Priority.P0,
            metric=SlaMetric.FIRST_RESPONSE,
            amount=510,
            unit=TargetUnit.BUSINESS_MINUTES,
            starts_on=ClockStart.OPENING,
            is_strict=True,
            calendar_code="ouvre5",
        ),
    ),
    ladders=(),
)


async def test_corrected_terms_count_from_the_first_day_of_the_wrong_ones(
    both_worlds: World,
) -> None:
    ticket_id = await replied_late(both_worlds)
    contract_id = await brunos_contract(both_worlds)
    request = CorrectContractTerms(
        contract_id, 1, EIGHT_HOURS, "Eight hours and a half were signed.", is_dry_run=True
    )

    told = await correct_contract_terms(both_worlds.desk, viewer=both_worlds.alice, request=request)
    done = await correct_contract_terms(
        both_worlds.desk, viewer=both_worlds.alice, request=replace(request, is_dry_run=False)
    )

    assert told.moves == done.moves
    response = next(move for move in done.moves if move.metric is SlaMetric.FIRST_RESPONSE)
    assert response.before is not None
    assert response.after is not None
    assert (response.before.state, response.after.state) == (SlaState.MISSED, SlaState.MET)
    assert response.gainer is Gainer.AGENCY
    clock = (await both_worlds.clocks(ticket_id))["FIRST_RESPONSE", 1]
    assert (clock["breached_at"], clock["terms_version"]) == (None, 2)
    assert await is_healthy(both_worlds)


async def test_terms_of_another_client_cannot_be_corrected_nor_seen(world: World) -> None:
    contract_id = await brunos_contract(world)
    request = CorrectContractTerms(contract_id, 1, EIGHT_HOURS, "Why not?", is_dry_run=False)

    for viewer in (world.chloe, world.zoe):
        async with world.refused(NotFound):
            await correct_contract_terms(world.desk, viewer=viewer, request=request)


async def test_terms_that_do_not_count_cannot_be_corrected(world: World) -> None:
    contract_id = await brunos_contract(world)
    request = CorrectContractTerms(contract_id, 3, EIGHT_HOURS, "A slip.", is_dry_run=False)

    async with world.refused(VersionUnknown):
        await correct_contract_terms(world.desk, viewer=world.alice, request=request)


# Instants.


async def test_an_answer_that_was_given_earlier_is_counted_earlier(both_worlds: World) -> None:
    ticket_id = await replied_late(both_worlds)
    request = CorrectEventTime(
        ticket_id, 2, at("07-06 10:00"), "He was called at ten.", is_dry_run=True
    )

    told = await correct_event_time(both_worlds.desk, viewer=both_worlds.alice, request=request)
    unchanged = await both_worlds.clocks(ticket_id)
    done = await correct_event_time(
        both_worlds.desk, viewer=both_worlds.alice, request=replace(request, is_dry_run=False)
    )

    assert unchanged["FIRST_RESPONSE", 1]["stopped_at"] == at("07-06 17:30")
    assert told.moves == done.moves
    clock = (await both_worlds.clocks(ticket_id))["FIRST_RESPONSE", 1]
    assert (clock["stopped_at"], clock["breached_at"]) == (at("07-06 10:00"), None)
    assert (await both_worlds.kept(ticket_id)).first_responded_at == at("07-06 10:00")
    history = await both_worlds.history(ticket_id)
    assert history[1].at == at("07-06 17:30")
    assert history[2].kind is TicketEventKind.TIME_CORRECTED
    assert history[2].reason == "He was called at ten."
    assert await is_healthy(both_worlds)


async def test_an_opening_is_corrected_with_the_ticket(both_worlds: World) -> None:
    ticket = await both_worlds.ticket(impact=Impact.CRITICAL)
    both_worlds.now.set(at("07-06 12:00"))
    request = CorrectEventTime(
        ticket.id, 1, at("07-06 08:00"), "He called at eight.", is_dry_run=False
    )

    await correct_event_time(both_worlds.desk, viewer=both_worlds.alice, request=request)

    assert (await both_worlds.kept(ticket.id)).opened_at == at("07-06 08:00")
    clock = (await both_worlds.clocks(ticket.id))["FIRST_RESPONSE", 1]
    assert clock["started_at"] == at("07-06 08:00")
    assert await is_healthy(both_worlds)


@pytest.mark.parametrize("when", ["07-06 08:59", "07-06 18:00", "07-06 17:45"])
async def test_a_corrected_instant_keeps_the_order_of_events(both_worlds: World, when: str) -> None:
    ticket_id = await replied_late(both_worlds)
    both_worlds.now.set(at("07-06 17:40"))
    await resolve_ticket(
        both_worlds.desk, viewer=both_worlds.alice, request=TicketStepRequest(ticket_id)
    )
    both_worlds.now.set(both_worlds.now() + timedelta(hours=1))
    request = CorrectEventTime(ticket_id, 2, at(when), "A slip.", is_dry_run=False)

    async with both_worlds.refused(CorrectionOutOfOrder):
        await correct_event_time(both_worlds.desk, viewer=both_worlds.alice, request=request)


async def test_an_event_cannot_be_corrected_into_the_future(world: World) -> None:
    ticket_id = await replied_late(world)
    request = CorrectEventTime(ticket_id, 2, at("07-06 18:00"), "A slip.", is_dry_run=False)

    async with world.refused(CorrectionOutOfOrder):
        await correct_event_time(world.desk, viewer=world.alice, request=request)


async def test_an_instant_is_corrected_twice(world: World) -> None:
    ticket_id = await replied_late(world)
    for hour in ("10:00", "11:00"):
        request = CorrectEventTime(ticket_id, 2, at(f"07-06 {hour}"), "A slip.", is_dry_run=False)
        await correct_event_time(world.desk, viewer=world.alice, request=request)

    assert (await world.kept(ticket_id)).first_responded_at == at("07-06 11:00")
    assert await is_healthy(world)


@pytest.mark.parametrize("sequence", [3, 9])
async def test_only_what_happened_to_the_ticket_is_corrected(world: World, sequence: int) -> None:
    ticket_id = await replied_late(world)
    first = CorrectEventTime(ticket_id, 2, at("07-06 10:00"), "A slip.", is_dry_run=False)
    await correct_event_time(world.desk, viewer=world.alice, request=first)

    async with world.refused(EventUnknown):
        await correct_event_time(
            world.desk, viewer=world.alice, request=replace(first, sequence=sequence)
        )
