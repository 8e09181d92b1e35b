"""Who is not let in by the door of a monitoring tool, and what is not understood."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from typing_extensions import override

from helpdesk.domain.access import NotFound
from helpdesk.domain.ids import (
    MonitoringHookId,
)
from helpdesk.domain.monitoring import (
    Alert,
    CallUnproved,
    MonitoringTool,
    Proof,
    SignalNotUnderstood,
    SignalReplayed,
    SignalState,
)
from helpdesk.monitoring.tools import PublicTools
from helpdesk.storage.tables.availability import INCIDENT, PROBE_WATCH
from helpdesk.storage.tables.monitoring import MONITORING_SIGNAL
from helpdesk.usecases.monitoring_hooks import RevokeMonitoringHook, revoke_monitoring_hook
from helpdesk.usecases.receive_signal import ReceiveSignal, receive_signal
from tests.usecases.monitoring import (
    a_hook,
    an_event,
    called,
    robot_says,
    signed,
)
from tests.usecases.world import World


@pytest.mark.parametrize("seconds", [-301, 301])
async def test_a_call_that_is_old_or_early_is_refused(world: World, seconds: int) -> None:
    hook = await a_hook(world)
    body = json.dumps(an_event()).encode()
    proof = signed(hook, body, at=world.now() + timedelta(seconds=seconds))

    async with world.refused(CallUnproved):
        await receive_signal(world.desk, ReceiveSignal(hook.id, proof, body))


async def test_a_bad_signature_changes_nothing(both_worlds: World) -> None:
    world = both_worlds
    hook = await a_hook(world)
    other = await a_hook(world)
    body = json.dumps(an_event()).encode()
    good = signed(hook, body, at=world.now())

    for proof in (
        signed(other, body, at=world.now()),
        replace(good, call_id="call-2"),
        replace(good, timestamp="yesterday"),
        replace(good, timestamp="9" * 30),
        replace(good, call_id=""),
        Proof(token=hook.secret),
    ):
        async with world.refused(CallUnproved):
            await receive_signal(world.desk, ReceiveSignal(hook.id, proof, body))
    async with world.refused(CallUnproved):
        await receive_signal(world.desk, ReceiveSignal(hook.id, good, body + b" "))


async def test_a_replayed_call_is_refused_and_a_retry_changes_nothing(both_worlds: World) -> None:
    world = both_worlds
    hook = await a_hook(world)
    body, other = json.dumps(an_event()).encode(), json.dumps(an_event(incident="b")).encode()
    first = ReceiveSignal(hook.id, signed(hook, body, at=world.now()), body)
    await receive_signal(world.desk, first)

    async with world.refused(SignalReplayed):
        await receive_signal(world.desk, first)
    async with world.refused(SignalReplayed):
        await receive_signal(
            world.desk, ReceiveSignal(hook.id, signed(hook, other, at=world.now()), other)
        )
    before = await world.everything()
    world.now.advance(minutes=1)
    retry = ReceiveSignal(hook.id, signed(hook, body, at=world.now()), body)

    assert (await receive_signal(world.desk, retry)).state is SignalState.DONE
    assert await world.everything() == before


async def test_the_same_words_of_a_tool_without_signature_are_one_call(world: World) -> None:
    hook = await a_hook(world, MonitoringTool.UPTIMEROBOT)
    first = await called(world, hook, robot_says("1", world.now()))
    before = await world.everything()

    again = await called(world, hook, robot_says("1", world.now()))

    assert again.id == first.id
    assert await world.everything() == before


async def test_a_hook_that_is_unknown_or_revoked_lets_nobody_in(both_worlds: World) -> None:
    world = both_worlds
    hook = await a_hook(world)
    await revoke_monitoring_hook(
        world.desk, viewer=world.alice, request=RevokeMonitoringHook(hook.id)
    )

    async with world.refused(CallUnproved):
        await called(world, hook, an_event())
    async with world.refused(NotFound):
        await called(world, replace(hook, id=MonitoringHookId("nobody")), an_event())
    [watch] = await world.rows(PROBE_WATCH)
    assert watch["ended_at"] == world.now()


async def test_what_is_not_understood_is_kept_and_refused(both_worlds: World) -> None:
    world = both_worlds
    hook = await a_hook(world)

    with pytest.raises(SignalNotUnderstood):
        await called(world, hook, {"type": "ping"})

    [signal] = await world.rows(MONITORING_SIGNAL)
    assert (signal["state"], signal["body"]) == ("REFUSED", '{"type": "ping"}')
    assert "type is none of" in signal["outcome"]
    assert await world.rows(INCIDENT) == []


async def test_a_refused_call_is_tried_again_when_it_comes_again(world: World) -> None:
    hook = await a_hook(world, MonitoringTool.UPTIMEROBOT, site_id=None)
    event = robot_says("1", world.now())
    desk, world.desk = world.desk, replace(world.desk, tools=_Speechless())
    with pytest.raises(SignalNotUnderstood):
        await called(world, hook, event)
    world.desk = desk

    again = await called(world, hook, event)

    assert again.state is SignalState.DONE
    assert len(await world.rows(INCIDENT)) == 1


class _Speechless(PublicTools):
    @override
    def alerts(self, tool: MonitoringTool, body: str, topic: str) -> tuple[Alert, ...]:
        raise SignalNotUnderstood(tool=tool.value, trouble=f"{body[:0]}{topic}nothing")
