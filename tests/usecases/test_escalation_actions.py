"""What each action of a step does, and what it does when nobody is there."""

import pytest

from helpdesk.domain.escalation import EscalationAction, EscalationActionKind
from helpdesk.domain.ids import AgentId, TeamId, TicketId, WebhookId
from helpdesk.domain.priority import Priority
from helpdesk.domain.sending import SendingState
from helpdesk.domain.ticket import TicketEventKind
from helpdesk.usecases.assign_ticket import AssignTicket, assign_ticket
from helpdesk.usecases.disable_webhook import DisableWebhook, disable_webhook
from helpdesk.usecases.open_ticket import OpenTicket, open_ticket
from helpdesk.usecases.set_priority import SetPriority, set_priority
from tests.factories import AGENCY_ID, BRUNOS_CLIENT, at
from tests.usecases.escalations import (
    ASSIGNEE,
    CALL,
    CLIENT,
    INES,
    MANAGERS,
    RAISE,
    REASSIGN,
    TEAM,
    agree,
    firings,
    hire_ines,
    ladder,
    mails,
    step,
    work,
)
from tests.usecases.webhooks import a_webhook, deliveries
from tests.usecases.world import TEAM as CARE
from tests.usecases.world import World

ALICES, INESS = "alice@alice.example", "ines@alice.example"


async def outcome(world: World) -> list[str]:
    """Return what the actions said when the ticket that is there came to its step at 11:00."""
    await work(world, "07-06 11:00")
    told: list[str] = (await firings(world))["50%"]["outcome"]
    return told


async def agree_on(world: World, *actions: EscalationAction) -> None:
    await agree(world, ladder(step(1, *actions, percent=50)))


async def join_team(world: World, *members: AgentId) -> None:
    async with world.desk.store.transaction(AGENCY_ID) as records:
        for member in members:
            await records.agencies.add_team_member(CARE, member)


@pytest.mark.parametrize("kind", [ASSIGNEE, TEAM])
async def test_when_nobody_has_the_ticket_the_managers_hear(
    world: World, kind: EscalationActionKind
) -> None:
    await agree_on(world, EscalationAction(kind))
    await world.ticket()

    assert await outcome(world) == [f"{kind}: Alice"]
    assert [to for to, _ in await mails(world)] == [ALICES]


async def test_a_team_hears_for_a_ticket_that_none_of_it_has(world: World) -> None:
    await agree_on(world, EscalationAction(ASSIGNEE))
    await join_team(world, await hire_ines(world))
    ticket = await world.ticket()
    request = AssignTicket(ticket.id, team_id=CARE)
    await assign_ticket(world.desk, viewer=world.alice, request=request)

    assert await outcome(world) == ["NOTIFY_ASSIGNEE: Ines"]


async def test_a_step_may_name_another_team(world: World) -> None:
    await agree_on(world, EscalationAction(TEAM, team_id=CARE))
    await join_team(world, await hire_ines(world))
    await world.ticket()

    assert await outcome(world) == ["NOTIFY_TEAM: Ines"]
    assert [to for to, _ in await mails(world)] == [INESS]


async def test_a_team_without_members_leaves_it_to_the_managers(world: World) -> None:
    await agree_on(world, EscalationAction(TEAM, team_id=CARE))
    await world.ticket()

    assert await outcome(world) == ["NOTIFY_TEAM: Alice"]


async def test_a_request_of_nobody_has_nobody_to_tell(world: World) -> None:
    await agree_on(world, EscalationAction(CLIENT))
    request = OpenTicket("The probe saw it", "It is down.", client_id=BRUNOS_CLIENT)
    await open_ticket(world.desk, viewer=world.alice, request=request)

    assert await outcome(world) == ["NOTIFY_CLIENT: nobody asked for it"]
    assert await mails(world) == []


async def test_a_ticket_is_given_to_whom_the_contract_names_who_then_hears(world: World) -> None:
    await hire_ines(world)
    await agree_on(world, EscalationAction(REASSIGN, agent_id=INES), EscalationAction(ASSIGNEE))
    ticket = await world.ticket()
    await assign_ticket(
        world.desk, viewer=world.alice, request=AssignTicket(ticket.id, team_id=CARE)
    )

    assert await outcome(world) == ["REASSIGN: Ines", "NOTIFY_ASSIGNEE: Ines"]
    kept = await world.kept(ticket.id)
    assert (kept.assignee_id, kept.team_id) == (INES, CARE)
    assert [to for to, _ in await mails(world)] == [INESS]


async def test_a_ticket_is_given_to_a_team(world: World) -> None:
    await agree_on(world, EscalationAction(REASSIGN, team_id=CARE))
    ticket = await world.ticket()

    assert await outcome(world) == ["REASSIGN: Care"]
    kept = await world.kept(ticket.id)
    assert (kept.assignee_id, kept.team_id) == (None, CARE)


async def test_who_left_gets_no_ticket(world: World) -> None:
    gone = EscalationAction(REASSIGN, agent_id=AgentId("gone"), team_id=TeamId("gone"))
    await agree_on(world, gone, EscalationAction(MANAGERS))
    await world.ticket()

    assert await outcome(world) == [
        "REASSIGN: skipped: whom the contract names is no longer there",
        "NOTIFY_MANAGERS: Alice",
    ]


async def test_a_raised_priority_is_told_with_its_reason_and_moves_the_clocks(
    world: World,
) -> None:
    await agree_on(world, EscalationAction(RAISE))
    ticket = await world.ticket()

    assert await outcome(world) == ["RAISE_PRIORITY: P2 to P1"]
    raised, told = (await world.history(ticket.id))[-2:]
    assert (raised.kind, told.kind) == (TicketEventKind.PRIORITY_SET, TicketEventKind.ESCALATED)
    assert raised.reason == "Priorité relevée : l'engagement de délai est en danger."
    assert (raised.before["priority"], raised.after["priority"]) == ("P2", "P1")
    assert (await world.kept(ticket.id)).triaged_at is None
    assert await mails(world, "critical:") == []


async def test_a_priority_that_becomes_critical_informs_the_client(world: World) -> None:
    await agree_on(world, EscalationAction(RAISE))
    ticket = await world.ticket()
    await _set(world, ticket.id, Priority.P1)

    assert await outcome(world) == ["RAISE_PRIORITY: P1 to P0"]
    ((recipient, text),) = await mails(world, "critical:")
    assert recipient == "bruno@bruno.example"
    assert "Nous traitons désormais comme critique" in text
    assert "vous répondra au plus tard le lundi 6 juillet à 13 h 00" in text


async def test_the_highest_priority_is_not_raised(world: World) -> None:
    await agree_on(world, EscalationAction(RAISE))
    ticket = await world.ticket()
    await _set(world, ticket.id, Priority.P0)

    assert await outcome(world) == ["RAISE_PRIORITY: skipped: it is P0 already"]


async def test_a_webhook_is_called_once_for_a_step(world: World) -> None:
    webhook = await a_webhook(world)
    await agree_on(world, EscalationAction(CALL, webhook_id=webhook.id))
    await world.ticket()

    assert await outcome(world) == [f"CALL_WEBHOOK: {webhook.name}"]
    (row,) = await deliveries(world)
    assert (row["kind"], row["state"]) == ("sla.escalated", SendingState.PENDING)
    assert row["body"]["data"] == {
        "ticketNumber": "1",
        "subject": "The contact form is silent",
        "client": "Bruno SA",
        "priority": "P2",
        "metric": "FIRST_RESPONSE",
        "cycle": 1,
        "step": "50%",
        "level": 1,
        "contract": "TMA-BRUNO",
        "deadlineAt": at("07-06 13:00").isoformat(),
        "breachedAt": None,
    }


async def test_a_webhook_that_nobody_wants_is_written_down_as_given_up(world: World) -> None:
    webhook = await a_webhook(world)
    await agree_on(world, EscalationAction(CALL, webhook_id=webhook.id))
    await world.ticket()
    await disable_webhook(world.desk, viewer=world.alice, request=DisableWebhook(webhook.id))

    await outcome(world)

    (row,) = await deliveries(world)
    assert row["state"] == SendingState.DEAD


async def test_a_webhook_that_is_no_longer_there_is_not_called(world: World) -> None:
    await agree_on(world, EscalationAction(CALL, webhook_id=WebhookId("gone")))
    await world.ticket()

    assert await outcome(world) == ["CALL_WEBHOOK: skipped: the webhook is no longer there"]
    assert await deliveries(world) == []


async def _set(world: World, ticket_id: TicketId, priority: Priority) -> None:
    request = SetPriority(ticket_id, priority=priority, reason="He said so on the phone.")
    await set_priority(world.desk, viewer=world.alice, request=request)
