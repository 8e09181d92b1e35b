"""Calls of monitoring tools for tests, as their documentation shows them."""

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from helpdesk.domain.ids import MonitoringHookId, SiteId
from helpdesk.domain.monitoring import MonitoringHook, MonitoringTool, Proof, Signal
from helpdesk.domain.webhook import signature
from helpdesk.usecases.monitoring_hooks import CreateMonitoringHook, create_monitoring_hook
from helpdesk.usecases.receive_signal import ReceiveSignal, receive_signal
from tests.usecases.world import World

BRUNOS_SITE = SiteId("bruno.example")
SENTRYS_SECRET = "c0ffee" * 8

Json = dict[str, Any]  # decoded JSON


def an_event(kind: str = "incident.opened", incident: str = "a-17", **data: str) -> Json:
    """Return a call in our own format."""
    return {
        "type": kind,
        "timestamp": "2026-07-06T07:00:00Z",
        "data": {"incidentId": incident, "title": "The shop is down", **data},
    }


def robot_says(alert_type: str, at: datetime, **changes: str) -> Json:
    """Return what UptimeRobot sends as JSON with its default variables."""
    return {
        "monitorID": "777",
        "monitorURL": "https://bruno.example",
        "monitorFriendlyName": "Bruno's shop",
        "alertType": alert_type,
        "alertTypeFriendlyName": {"1": "Down", "2": "Up"}.get(alert_type, "SSL"),
        "alertDetails": "HTTP 502 - Bad Gateway",
        "alertDateTime": str(int(at.timestamp())),
        **changes,
    }


async def a_hook(
    world: World,
    tool: MonitoringTool = MonitoringTool.GENERIC,
    *,
    site_id: SiteId | None = BRUNOS_SITE,
) -> MonitoringHook:
    """Return a hook that Alice made for a tool."""
    secret = SENTRYS_SECRET if tool is MonitoringTool.SENTRY else None
    request = CreateMonitoringHook("Probe", tool, site_id, secret)
    return await create_monitoring_hook(world.desk, viewer=world.alice, request=request)


def signed(hook: MonitoringHook, body: bytes, *, call_id: str = "call-1", at: datetime) -> Proof:
    """Return the proof of a call in our own format, signed at an instant."""
    second = int(at.timestamp())
    return Proof(
        signature=signature(hook.secret, call_id, second, body),
        call_id=call_id,
        timestamp=str(second),
    )


async def called(
    world: World, hook: MonitoringHook, event: Json, *, call_id: str | None = None
) -> Signal:
    """Return what became of a call that is proved as its tool does."""
    body = json.dumps(event).encode()
    proof = Proof(token=hook.secret)
    topic = ""
    if hook.tool is MonitoringTool.GENERIC:
        named = call_id or hashlib.sha256(body + str(world.now()).encode()).hexdigest()
        proof = signed(hook, body, call_id=named, at=world.now())
    elif hook.tool is MonitoringTool.SENTRY:
        digest = hmac.new(hook.secret.encode(), body, hashlib.sha256).hexdigest()
        proof, topic = Proof(signature=digest), str(event.pop("topic", ""))
    request = ReceiveSignal(MonitoringHookId(hook.id), proof, body, topic)
    return await receive_signal(world.desk, request)
