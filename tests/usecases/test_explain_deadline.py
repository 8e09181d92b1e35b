"""The story of a ticket's clocks, told from its facts: it adds up, and it is what is kept."""

from dataclasses import replace
from itertools import pairwise

from helpdesk.domain.access import NotFound, Scope, ScopeMissing
from helpdesk.domain.explanation import ClockSegment, SegmentKind
from helpdesk.domain.ids import TicketId
from helpdesk.domain.priority import Impact
from helpdesk.domain.sla import SlaMetric, SlaState
from helpdesk.domain.ticket import Ticket
from helpdesk.storage.policy_documents import target_document
from helpdesk.usecases.clock_views import ClockView
from helpdesk.usecases.create_client import CreateClient, create_client
from helpdesk.usecases.explain_deadline import explain_deadline
from helpdesk.usecases.open_ticket import OpenTicket, open_ticket
from helpdesk.usecases.set_priority import SetPriority, set_priority
from tests.factories import at
from tests.usecases.ticket_verbs import EVERY
from tests.usecases.world import World

KEPT = (
    "allowance_seconds",
    "counted_seconds",
    "started_at",
    "stopped_at",
    "cancelled_at",
    "paused_since",
    "running_since",
    "deadline_at",
    "breached_at",
    "at_risk_at",
)


async def _told(world: World, ticket_id: TicketId) -> dict[tuple[str, int], ClockView]:
    told = await explain_deadline(world.desk, viewer=world.bruno, ticket_ids=[ticket_id])
    return {(view.clock.metric.value, view.clock.cycle): view for view in told[ticket_id]}


async def _require_kept_as_told(world: World, ticket_id: TicketId) -> None:
    """Assert that what is kept is what the facts give, to the second and with its versions."""
    told = await _told(world, ticket_id)
    kept = await world.clocks(ticket_id)
    assert {key: {name: row[name] for name in KEPT} for key, row in kept.items()} == {
        key: {name: getattr(view.clock, name) for name in KEPT} for key, view in told.items()
    }
    for key, view in told.items():
        row = kept[key]
        assert row["target"] == target_document(view.clock.target)
        assert (row["terms_version"], row["calendar_version"], row["calendar_id"]) == (
            view.terms_version,
            view.calendar_version,
            view.clock.target.calendar_id,
        )


async def _act(
    world: World, when: str, ticket: Ticket, verb: str, *, by_client: bool = False
) -> None:
    """Let somebody act on a ticket at a wall-clock time of July."""
    world.now.set(at(f"07-{when}"))
    viewer = world.bruno if by_client else world.alice
    await EVERY[verb](world.desk, viewer, ticket.id, None)
    await _require_kept_as_told(world, ticket.id)


async def _lived(world: World) -> Ticket:
    """Return a ticket with everything in its life, now at rest on Wednesday at 15:00."""
    world.now.set(at("07-10 16:00"))
    ticket = await world.ticket(impact=Impact.CRITICAL)
    await _require_kept_as_told(world, ticket.id)
    await _act(world, "10 17:00", ticket, "replyToTicket")
    await _act(world, "13 10:00", ticket, "waitForClient")
    await _act(world, "13 11:30", ticket, "replyToTicket", by_client=True)
    await _act(world, "13 12:15", ticket, "addInternalNote")
    await _act(world, "13 15:00", ticket, "resolveTicket")
    await _act(world, "15 09:30", ticket, "reopenTicket", by_client=True)
    world.now.set(at("07-15 10:00"))
    lighter = SetPriority(ticket.id, Impact.CRITICAL)
    await set_priority(world.desk, viewer=world.alice, request=lighter)
    await _require_kept_as_told(world, ticket.id)
    await _act(world, "15 11:00", ticket, "replyToTicket")
    world.now.set(at("07-15 15:00"))
    return ticket


async def test_what_is_kept_is_what_the_facts_give_after_every_step(both_worlds: World) -> None:
    ticket = await _lived(both_worlds)

    await _require_kept_as_told(both_worlds, ticket.id)


async def test_a_story_adds_up_without_gap_or_overlap(world: World) -> None:
    ticket = await _lived(world)

    told = await _told(world, ticket.id)

    assert {metric for metric, _ in told} == set(SlaMetric) - {SlaMetric.DELIVERY}
    for view in told.values():
        total = 0
        for segment in view.segments:
            total += segment.seconds
            assert segment.running_total == total
            assert (segment.kind is SegmentKind.COUNTED) is (segment.seconds > 0)
        assert total == view.reading.elapsed_seconds
        assert view.segments[0].start == ticket.opened_at
        assert all(one.end == following.start for one, following in pairwise(view.segments))


async def test_every_stretch_of_a_resolution_is_told_with_its_reason(world: World) -> None:
    ticket = await _lived(world)

    resolution = (await _told(world, ticket.id))["RESOLUTION", 1]

    def part(start: str, end: str, kind: SegmentKind, seconds: int, total: int) -> ClockSegment:
        reason = "CLIENT" if kind is SegmentKind.PAUSED else None
        read = kind in {SegmentKind.COUNTED, SegmentKind.CLOSED_HOURS}
        return ClockSegment(
            at(f"07-{start}"), at(f"07-{end}"), kind, reason, seconds, total, 1 if read else None
        )

    told = tuple(replace(segment, terms_version=None) for segment in resolution.segments)
    assert told == (
        part("10 16:00", "10 17:00", SegmentKind.BEFORE_START, 0, 0),
        part("10 17:00", "10 18:00", SegmentKind.COUNTED, 3600, 3600),
        part("10 18:00", "13 09:00", SegmentKind.CLOSED_HOURS, 0, 3600),
        part("13 09:00", "13 10:00", SegmentKind.COUNTED, 3600, 7200),
        part("13 10:00", "13 11:30", SegmentKind.PAUSED, 0, 7200),
        part("13 11:30", "13 13:00", SegmentKind.COUNTED, 5400, 12600),
        part("13 13:00", "13 14:00", SegmentKind.CLOSED_HOURS, 0, 12600),
        part("13 14:00", "13 15:00", SegmentKind.COUNTED, 3600, 16200),
        part("13 15:00", "15 09:30", SegmentKind.TICKET_CLOSED, 0, 16200),
        part("15 09:30", "15 13:00", SegmentKind.COUNTED, 12600, 28800),
        part("15 13:00", "15 14:00", SegmentKind.CLOSED_HOURS, 0, 28800),
        part("15 14:00", "15 15:00", SegmentKind.COUNTED, 3600, 32400),
    )
    assert resolution.clock.deadline_at == resolution.clock.breached_at == at("07-15 13:00")
    assert resolution.reading.state is SlaState.BREACHED
    assert (resolution.reading.remaining_seconds, resolution.reading.overdue_seconds) == (0, 3600)


async def test_a_clock_is_read_at_the_present(world: World) -> None:
    ticket = await world.ticket(impact=Impact.CRITICAL)
    readings = []
    for hour in ("09:30", "12:20", "13:30", "14:00"):
        world.now.set(at(f"07-06 {hour}"))
        reading = (await _told(world, ticket.id))["FIRST_RESPONSE", 1].reading
        readings.append((reading.state, reading.elapsed_seconds, reading.remaining_seconds))

    assert readings == [
        (SlaState.RUNNING, 1800, 12600),
        (SlaState.AT_RISK, 12000, 2400),
        (SlaState.BREACHED, 14400, 0),
        (SlaState.BREACHED, 14400, 0),
    ]


async def test_several_tickets_are_told_together(world: World) -> None:
    first, second = await world.ticket(), await world.ticket(impact=Impact.NONE)
    asked = [second.id, first.id]

    told = await explain_deadline(world.desk, viewer=world.alice, ticket_ids=asked)

    assert list(told) == asked
    assert [view.clock.metric for view in told[second.id]] == [SlaMetric.DELIVERY]
    assert [view.clock.metric for view in told[first.id]] == [
        SlaMetric.FIRST_RESPONSE,
        SlaMetric.DELIVERY,
    ]


async def test_a_ticket_without_a_contract_has_no_story(world: World) -> None:
    newcomer = await create_client(
        world.desk, viewer=world.alice, request=CreateClient("Nadia SARL")
    )
    request = OpenTicket("Hello", "We are new.", client_id=newcomer.id)
    ticket = await open_ticket(world.desk, viewer=world.alice, request=request)

    told = await explain_deadline(world.desk, viewer=world.alice, ticket_ids=[ticket.id])

    assert told == {ticket.id: ()}


async def test_a_ticket_of_others_is_not_explained(world: World) -> None:
    ticket = await world.ticket()

    for stranger in (world.chloe, world.zoe):
        async with world.refused(NotFound):
            await explain_deadline(world.desk, viewer=stranger, ticket_ids=[ticket.id])


async def test_who_may_not_read_tickets_is_told_nothing(world: World) -> None:
    ticket = await world.ticket()
    blind = replace(world.alice, scopes=frozenset({Scope.TICKETS_WRITE}))

    async with world.refused(ScopeMissing):
        await explain_deadline(world.desk, viewer=blind, ticket_ids=[ticket.id])


async def test_nobody_asks_for_nothing_in_vain(world: World) -> None:
    assert await explain_deadline(world.desk, viewer=world.bruno, ticket_ids=[]) == {}
