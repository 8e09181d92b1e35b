"""A monitoring tool calls: what it says is kept first, then understood, then done."""

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta

from helpdesk.domain.access import ActorKind, NotFound, Scope, Viewer
from helpdesk.domain.errors import HelpdeskError, Locale
from helpdesk.domain.ids import MonitoringHookId, SignalId
from helpdesk.domain.message import storable
from helpdesk.domain.monitoring import (
    MonitoringHook,
    MonitoringTool,
    Proof,
    Signal,
    SignalReplayed,
    SignalState,
    require_proof,
)
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.outages import Call, take_alert

LEFT_BEHIND_AFTER = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class ReceiveSignal:
    """A call as it came in: by which hook, how it proves itself, its body, and its topic.

    `fields` is the body as text where the tool sends no JSON; it is what is kept and understood.
    """

    hook_id: MonitoringHookId
    proof: Proof
    body: bytes
    topic: str = ""
    fields: str | None = None


async def receive_signal(desk: Desk, request: ReceiveSignal) -> Signal:
    """Keep the call, do what it and those before it ask for, and return what became of it.

    The very same call again changes nothing; a signed one is refused, for who repeats a signature
    with its old timestamp is not its sender. What could not be understood stays, marked so, and is
    raised. Calls that a crash left behind are done first, in order. Raises NotFound, CallUnproved,
    SignalReplayed, SignalNotUnderstood, SignalSiteUnknown.
    """
    hook = await desk.store.monitoring_hook(request.hook_id)
    if hook is None:
        raise NotFound(what="MonitoringHook", id=request.hook_id)
    require_proof(hook, request.proof, request.body, at=desk.now())
    signal = _signal(desk, hook, request)
    async with desk.store.transaction(hook.agency_id) as records:
        is_new = await records.monitoring.add_signal(signal)
        if not is_new:
            earlier = await records.monitoring.signal_of_call(hook.id, signal.call_id)
            assert earlier is not None  # noqa: S101 - that is why ours was not added
            _require_retry(hook, earlier, signal)
            signal = earlier
            if signal.state is SignalState.REFUSED:
                # What was missing may be there by now: a site, say.
                await records.monitoring.save_signal(replace(signal, state=SignalState.STORED))
    return await _done_in_order(desk, hook, signal)


async def do_what_was_left(desk: Desk) -> int:
    """Do what calls asked for that a crash left behind, and return how many there were.

    A call that is being understood just now is left to who does so.
    """
    before = desk.now() - LEFT_BEHIND_AFTER
    count = 0
    for agency in await desk.store.agencies():
        async with desk.store.reading(agency.id) as records:
            hooks = await records.monitoring.hooks_left_behind(before=before)
        for hook in hooks:
            async with desk.store.reading(agency.id) as records:
                waiting = await records.monitoring.stored_signals(hook.id)
            for signal_id in waiting:
                await _do(desk, hook, signal_id)
            count += len(waiting)
    return count


async def _done_in_order(desk: Desk, hook: MonitoringHook, signal: Signal) -> Signal:
    """Do what waits at a hook, up to a call; its own refusal is raised once all are done."""
    async with desk.store.reading(hook.agency_id) as records:
        waiting = await records.monitoring.stored_signals(hook.id)
    refusal: HelpdeskError | None = None
    for signal_id in waiting:
        refused = await _do(desk, hook, signal_id)
        if signal_id == signal.id:
            refusal = refused
    if refusal is not None:
        raise refusal
    async with desk.store.reading(hook.agency_id) as records:
        after = await records.monitoring.signal(signal.id)
    assert after is not None  # noqa: S101 - signals are never removed
    return after


async def _do(desk: Desk, hook: MonitoringHook, signal_id: SignalId) -> HelpdeskError | None:
    """Do what a call asks for, as a whole or not at all; return why it was refused."""
    try:
        await _understood(desk, hook, signal_id)
    except HelpdeskError as refusal:
        async with desk.store.transaction(hook.agency_id) as records:
            signal = await records.monitoring.signal(signal_id)
            assert signal is not None  # noqa: S101 - likewise
            refused = replace(signal, state=SignalState.REFUSED, outcome=str(refusal))
            await records.monitoring.save_signal(refused)
        return refusal
    return None


async def _understood(desk: Desk, hook: MonitoringHook, signal_id: SignalId) -> None:
    async with desk.store.transaction(hook.agency_id) as records:
        await records.monitoring.hook(hook.id)  # one call of a hook at a time
        signal = await records.monitoring.signal(signal_id)
        if signal is None or signal.state is not SignalState.STORED:
            return  # another process was faster
        agency = await records.agencies.agency()
        viewer = _viewer(hook, agency.locale)
        alerts = desk.tools.alerts(hook.tool, signal.body, signal.topic)
        call = Call(desk, records, viewer, hook)
        told = [await take_alert(call, alert) for alert in alerts]
        done = replace(signal, state=SignalState.DONE, outcome="; ".join(told))
        await records.monitoring.save_signal(done)


def _signal(desk: Desk, hook: MonitoringHook, request: ReceiveSignal) -> Signal:
    proof = request.proof
    digest = hashlib.sha256(request.body + request.topic.encode()).hexdigest()
    text = request.body.decode("utf-8", "replace") if request.fields is None else request.fields
    if request.fields is not None:
        digest = hashlib.sha256(request.fields.encode()).hexdigest()
    return Signal(
        id=SignalId(desk.new_id()),
        agency_id=hook.agency_id,
        hook_id=hook.id,
        call_id=storable(proof.call_id) if hook.tool is MonitoringTool.GENERIC else digest,
        proof=f"{proof.timestamp} {digest}",
        body=storable(text),
        topic=storable(request.topic),
        received_at=desk.now(),
    )


def _require_retry(hook: MonitoringHook, earlier: Signal, signal: Signal) -> None:
    """Refuse a signed call that is no retry: one of the same body, signed at another time."""
    if hook.tool is not MonitoringTool.GENERIC:
        return
    (_, _, known), (_, _, given) = earlier.proof.rpartition(" "), signal.proof.rpartition(" ")
    if earlier.proof == signal.proof or known != given:
        raise SignalReplayed


def _viewer(hook: MonitoringHook, locale: Locale) -> Viewer:
    """Return the principal of a tool: a program of the agency, by the name of its hook."""
    return Viewer(
        kind=ActorKind.SERVICE_ACCOUNT,
        agency_id=hook.agency_id,
        name=hook.name,
        locale=locale,
        scopes=frozenset({Scope.TICKETS_READ, Scope.TICKETS_WRITE}),
    )
