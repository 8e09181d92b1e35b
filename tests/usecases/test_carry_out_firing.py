"""A step of a clock does what the contract says, once, or says why it did nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update
from typing_extensions import override

from helpdesk.bootstrap import desk_on
from helpdesk.domain.access import ActorKind
from helpdesk.domain.agency import Agency, Agent
from helpdesk.domain.escalation import BREACH
from helpdesk.domain.ids import TicketId
from helpdesk.domain.outgoing_mail import AutoSubmitted
from helpdesk.domain.priority import Priority
from helpdesk.domain.ticket import TicketEvent, TicketEventKind, TicketStatus
from helpdesk.mail.alert_mails import AlertMails
from helpdesk.storage.query import Query
from helpdesk.storage.tables.sla_clock import SLA_CLOCK, SLA_FIRING
from helpdesk.storage.tables.ticket import TICKET
from helpdesk.usecases.alert_letters import Alert
from helpdesk.usecases.assign_ticket import AssignTicket, assign_ticket
from helpdesk.usecases.carry_out_firing import (
    ENDED,
    NOT_BROKEN,
    NOT_YET,
    WITHOUT_CLOCK,
    WITHOUT_STEP,
    carry_out_firing,
    record_firing_trouble,
)
from helpdesk.usecases.letter_ports import Letter
from helpdesk.usecases.reply_to_ticket import ReplyToTicket, reply_to_ticket
from helpdesk.usecases.set_priority import SetPriority, set_priority
from helpdesk.usecases.wait_for_client import WaitForClient, wait_for_client
from helpdesk.worker.deadlines import act_due
from tests.factories import AGENCY_ID, a_policy, a_target, at
from tests.usecases.escalations import (
    CLIENT,
    FIRST,
    MANAGERS,
    RESOLUTION,
    agree,
    agree_policy,
    fire,
    firings,
    hire_ines,
    ladder,
    mails,
    policy,
    step,
    work,
)
from tests.usecases.world import RowOf, World

_MOVE_TO_CYCLE_NINE = Query.across_agencies(
    update(SLA_FIRING).values(cycle=9), reason="a test moves every firing"
)


async def test_a_step_tells_whom_the_contract_names_and_writes_it_down(both_worlds: World) -> None:
    world = both_worlds
    await agree(world)
    ticket = await world.ticket()
    agent_id = await hire_ines(world)
    await assign_ticket(
        world.desk, viewer=world.alice, request=AssignTicket(ticket.id, agent_id=agent_id)
    )

    await work(world, "07-06 11:00")

    ((recipient, text),) = await mails(world)
    assert recipient == "ines@alice.example"
    assert "Request 1 “The contact form is silent”, P2, Bruno SA." in text
    assert "due before Monday 6 July at 13:00. 2 h of counted time are left." in text
    assert "contract TMA-BRUNO (version 2): level 1, step 50%." in text
    event = (await world.history(ticket.id))[-1]
    assert (event.kind, event.actor.kind) == (TicketEventKind.ESCALATED, ActorKind.SYSTEM)
    assert event.at == at("07-06 11:00")
    assert dict(event.after) == {
        "metric": "FIRST_RESPONSE",
        "cycle": "1",
        "step": "50%",
        "level": "1",
        "done": "NOTIFY_ASSIGNEE: Ines",
    }
    row = (await firings(world))["50%"]
    assert row["outcome"] == ["NOTIFY_ASSIGNEE: Ines"]
    assert (row["acted_at"], row["act_at"], row["due_at"]) == (event.at, None, event.at)


async def test_a_breach_is_dated_by_its_true_instant_and_says_when_it_was_seen(
    both_worlds: World,
) -> None:
    world = both_worlds
    await agree(world)
    ticket = await world.ticket()

    await work(world, "07-06 14:20")

    (event,) = [
        event
        for event in await world.history(ticket.id)
        if event.kind is TicketEventKind.SLA_BREACHED
    ]
    assert event.at == at("07-06 13:00")
    assert event.recorded_at == at("07-06 14:20")
    assert event.is_visible_to_client
    assert (event.after["metric"], event.after["cycle"]) == ("FIRST_RESPONSE", "1")


async def test_what_is_told_inside_does_not_exist_for_the_client(world: World) -> None:
    await agree(world)
    ticket = await world.ticket()

    await work(world, "07-06 11:00")

    assert not (await world.history(ticket.id))[-1].is_visible_to_client


async def test_the_last_change_of_a_ticket_never_goes_back_in_time(world: World) -> None:
    await agree_policy(world, policy())
    ticket = await world.ticket()

    await work(world, "07-06 17:00")

    kinds = [event.kind for event in await world.history(ticket.id)]
    assert kinds[-1] is TicketEventKind.SLA_BREACHED
    (row,) = await world.rows(TICKET)
    assert row["updated_at"] == at("07-06 17:00")


async def test_a_client_who_is_told_reads_nothing_of_the_inside(world: World) -> None:
    await agree(world, ladder(step(1, CLIENT, percent=50), step(7, CLIENT, minutes=60)))
    ticket = await world.ticket()

    await work(world, "07-06 11:00")
    await work(world, "07-06 15:00")

    (_, early), (recipient, late) = await mails(world)
    assert recipient == "bruno@bruno.example"
    assert "nous devons vous répondre avant le lundi 6 juillet à 13 h 00" in early
    assert "nous devions vous répondre avant le lundi 6 juillet à 13 h 00" in late
    for text in (early, late):
        assert not {"niveau", "level", "escalade", "50%", "TMA-BRUNO", "Alice,"} & set(text.split())
    sent = [one.mail for one in await world.outbox() if "escalation" in one.idempotency_key]
    assert {mail.auto_submitted for mail in sent} == {AutoSubmitted.AUTO_GENERATED}
    assert sent[1].references == (sent[0].message_id,)
    assert (await world.kept(ticket.id)).status is TicketStatus.NEW


async def test_an_agents_alert_stays_out_of_the_thread_that_the_client_sees(world: World) -> None:
    await agree(world, ladder(step(1, MANAGERS, percent=50), step(2, CLIENT, percent=75)))
    await world.ticket()

    await work(world, "07-06 11:00")
    await work(world, "07-06 12:00")

    inside, outside = (one.mail for one in await world.outbox())
    assert inside.recipient.email == "alice@alice.example"
    assert inside.message_id not in outside.references


async def test_who_is_told_twice_by_a_step_gets_one_mail(world: World) -> None:
    await agree(world, ladder(step(1, MANAGERS, MANAGERS, percent=50)))
    await world.ticket()

    await work(world, "07-06 11:00")

    assert [to for to, _ in await mails(world)] == ["alice@alice.example"]


async def test_response_and_resolution_never_share_a_step(both_worlds: World) -> None:
    world = both_worlds
    await agree(world, ladder(), ladder(step(1, MANAGERS, percent=50), metric=RESOLUTION))
    await world.ticket()

    await work(world, "07-06 11:00")
    await work(world, "07-06 14:00")

    texts = [text for _, text in await mails(world)]
    told = [("Prise en charge" in text, "étape 50%" in text) for text in texts]
    assert sorted(told) == [(False, True), (True, False), (True, True)]


@pytest.mark.parametrize("instant", ["07-06 10:30", "07-06 10:59:59"])
async def test_nothing_is_done_before_its_time(world: World, instant: str) -> None:
    await agree(world)
    await world.ticket()
    before = await world.everything()

    await work(world, instant)

    assert await world.everything() == before


async def test_an_answer_between_recording_and_acting_leaves_the_step_undone(
    both_worlds: World,
) -> None:
    world = both_worlds
    await agree(world)
    ticket = await world.ticket()
    world.now.set(at("07-06 13:00"))
    await fire(world.desk)
    world.now.advance(minutes=-0.5)
    request = ReplyToTicket(ticket.id, "We are looking into it.")
    await reply_to_ticket(world.desk, viewer=world.alice, request=request)
    world.now.set(at("07-06 13:01"))

    await work(world)

    recorded = await firings(world)
    assert {name: row["outcome"] for name, row in recorded.items()} == {
        "50%": [],
        "100%": [ENDED],
        BREACH: [NOT_BROKEN],
    }
    assert await mails(world) == []
    assert recorded["50%"]["is_superseded"]


async def test_a_step_that_a_longer_promise_moved_away_is_not_taken(world: World) -> None:
    longer = a_policy(
        by_priority={
            Priority.P1: (a_target(FIRST, hours=40),),
            Priority.P2: (a_target(FIRST, hours=4),),
        },
        ladders=(replace(ladder(), priorities=frozenset({Priority.P1, Priority.P2})),),
    )
    await agree_policy(world, longer)
    ticket = await world.ticket()
    world.now.set(at("07-06 11:00"))
    await fire(world.desk)
    request = SetPriority(ticket.id, priority=Priority.P1, reason="He said so on the phone.")
    await set_priority(world.desk, viewer=world.alice, request=request)

    await work(world)

    assert (await firings(world))["50%"]["outcome"] == [NOT_YET]
    assert await mails(world) == []


async def test_a_paused_clock_fires_nothing(both_worlds: World) -> None:
    world = both_worlds
    await agree(world, ladder(step(1, MANAGERS, percent=50), metric=RESOLUTION))
    ticket = await world.ticket()
    world.now.set(at("07-06 10:00"))
    request = WaitForClient(ticket.id, "He looks for the password.")
    await wait_for_client(world.desk, viewer=world.alice, request=request)

    await work(world, "07-20 10:00")

    assert await mails(world) == []
    kept = await world.clocks(ticket.id)
    assert kept["RESOLUTION", 1]["next_at"] is None


async def test_the_escalation_of_a_promise_that_was_withdrawn_stops(world: World) -> None:
    await agree(world)
    ticket = await world.ticket()
    world.now.set(at("07-06 11:00"))
    await fire(world.desk)
    async with world.desk.store.transaction(AGENCY_ID) as records:
        kept = await records.tickets.ticket(ticket.id)
        assert kept is not None
        history = await records.tickets.history(ticket.id)
        await records.tickets.save(replace(kept, contract_id=None), (_again(history[-1]),), ())

    await work(world)

    assert (await firings(world))["50%"]["outcome"] == [WITHOUT_CLOCK]
    assert await mails(world) == []
    assert await world.rows(SLA_CLOCK) == []


async def test_a_step_that_the_priority_of_now_does_not_have_is_not_taken(world: World) -> None:
    await agree(world, replace(ladder(), priorities=frozenset({Priority.P2})))
    ticket = await world.ticket()
    world.now.set(at("07-06 11:00"))
    await fire(world.desk)
    request = SetPriority(ticket.id, priority=Priority.P1, reason="He said so on the phone.")
    await set_priority(world.desk, viewer=world.alice, request=request)

    await work(world)

    assert (await firings(world))["50%"]["outcome"] == [WITHOUT_STEP]
    assert await mails(world) == []


async def test_trouble_with_one_firing_is_tried_again_later_and_blocks_no_other(
    both_worlds: World, caplog: pytest.LogCaptureFixture
) -> None:
    world = both_worlds
    await agree(world, ladder(step(1, MANAGERS, percent=50)))
    first, second = await world.ticket("One"), await world.ticket("Two")
    world.now.set(at("07-06 11:00"))
    torn = replace(world.desk, alerts=_TornAlerts(first.number))
    await fire(torn)

    assert await act_due(torn) == 2

    bad, good = await _row(world, first.id), await _row(world, second.id)
    assert (bad["attempts"], bad["last_error"]) == (1, "RuntimeError: no ink")
    assert bad["act_at"] == at("07-06 11:01")
    assert good["outcome"] == ["NOTIFY_MANAGERS: Alice"]
    assert [text.count("« Two »") for _, text in await mails(world)] == [1]
    assert await act_due(torn) == 0
    for minutes in (1, 2, 4, 8, 16, 32, 60, 60):
        world.now.advance(minutes=minutes)
        before = world.now()
        assert await act_due(torn) == 1
        rest = (await _row(world, first.id))["act_at"] - before
        assert rest == timedelta(minutes=min(2 * minutes, 60))

    world.now.advance(minutes=60)
    await work(world)

    healed = await _row(world, first.id)
    assert (healed["act_at"], healed["last_error"]) == (None, None)
    assert len(await mails(world)) == 2
    assert "firing_failed" in caplog.text


async def test_a_firing_is_carried_out_once_whoever_asks(both_worlds: World) -> None:
    world = both_worlds
    await agree(world)
    await world.ticket()
    world.now.set(at("07-06 11:00"))
    await fire(world.desk)
    other = desk_on(world.database, now=world.now)
    (key,) = await world.desk.store.queue().deadlines.to_act(at=world.now(), limit=9)

    assert [await carry_out_firing(desk, key) for desk in (world.desk, other)] == [True, False]

    assert len(await mails(world)) == 1


async def test_trouble_with_what_somebody_else_finished_changes_nothing(world: World) -> None:
    await agree(world)
    await world.ticket()
    world.now.set(at("07-06 11:00"))
    await fire(world.desk)
    (key,) = await world.desk.store.queue().deadlines.to_act(at=world.now(), limit=9)
    await carry_out_firing(world.desk, key)
    before = await world.everything()

    await record_firing_trouble(world.desk, key, "too late")

    assert await world.everything() == before


async def test_a_cycle_that_a_correction_took_away_has_nothing_to_do(world: World) -> None:
    await agree(world)
    await world.ticket()
    world.now.set(at("07-06 11:00"))
    await fire(world.desk)
    async with world.database.writing() as connection:
        await connection.execute(_MOVE_TO_CYCLE_NINE)

    await work(world)

    assert (await firings(world))["50%"]["outcome"] == [WITHOUT_CLOCK]


class _TornAlerts(AlertMails):
    """Alerts that cannot be written for one ticket."""

    def __init__(self, number: str) -> None:
        self._number = number

    @override
    def to_agent(self, alert: Alert, *, agency: Agency, agent: Agent) -> Letter:
        """Fail for that ticket."""
        if alert.ticket.number == self._number:
            raise RuntimeError("no ink")
        return super().to_agent(alert, agency=agency, agent=agent)


def _again(event: TicketEvent) -> TicketEvent:
    """Return the fact that follows: something that moves no clock."""
    return replace(event, sequence=event.sequence + 1, kind=TicketEventKind.LINKED, after={})


async def _row(world: World, ticket_id: TicketId) -> RowOf:
    return (await firings(world, ticket_id))["50%"]
