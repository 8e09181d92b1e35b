"""Who may knock at the door of a monitoring tool, and how he proves it."""

import hashlib
import hmac
from dataclasses import replace
from datetime import timedelta

import pytest

from helpdesk.domain.ids import AgencyId, MonitoringHookId
from helpdesk.domain.monitoring import (
    CLOCKS_APART,
    Alert,
    AlertKind,
    CallUnproved,
    MonitoringHook,
    MonitoringTool,
    Proof,
    require_proof,
)
from helpdesk.domain.webhook import secret_of, signature
from tests.domain.uptime import utc

NOON = utc("07-06 12:00")
BODY = b'{"type": "incident.opened"}'


def a_hook(tool: MonitoringTool) -> MonitoringHook:
    return MonitoringHook(
        MonitoringHookId("hook"), AgencyId("agency"), "Probe", tool, secret_of("lot"), NOON
    )


def proof_of(hook: MonitoringHook) -> Proof:
    """Return how a tool proves a call at noon."""
    if hook.tool is MonitoringTool.GENERIC:
        second = int(NOON.timestamp())
        signed = signature(hook.secret, "call", second, BODY)
        return Proof(signature=signed, call_id="call", timestamp=str(second))
    if hook.tool is MonitoringTool.SENTRY:
        return Proof(signature=hmac.new(hook.secret.encode(), BODY, hashlib.sha256).hexdigest())
    return Proof(token=hook.secret)


@pytest.mark.parametrize("tool", list(MonitoringTool))
def test_who_holds_the_secret_is_let_in_and_nobody_else(tool: MonitoringTool) -> None:
    hook = a_hook(tool)
    proof = proof_of(hook)

    require_proof(hook, proof, BODY, at=NOON)
    for stranger in (Proof(), replace(proof, token="other", signature="v1,other")):
        with pytest.raises(CallUnproved):
            require_proof(hook, stranger, BODY, at=NOON)
    with pytest.raises(CallUnproved):
        require_proof(replace(hook, revoked_at=NOON), proof, BODY, at=NOON)


def test_a_signed_call_is_heard_for_five_minutes_either_way() -> None:
    hook = a_hook(MonitoringTool.GENERIC)
    proof = proof_of(hook)

    for apart in (-CLOCKS_APART, CLOCKS_APART):
        require_proof(hook, proof, BODY, at=NOON + apart)
        with pytest.raises(CallUnproved):
            require_proof(hook, proof, BODY, at=NOON + apart * 1.01)


@pytest.mark.parametrize("timestamp", ["", "noon", "-1", "9" * 40, "٣"])
def test_a_timestamp_that_is_none_proves_nothing(timestamp: str) -> None:
    hook = a_hook(MonitoringTool.GENERIC)

    with pytest.raises(CallUnproved):
        require_proof(hook, replace(proof_of(hook), timestamp=timestamp), BODY, at=NOON)


def test_a_sender_that_changes_its_secret_signs_with_both() -> None:
    hook = a_hook(MonitoringTool.GENERIC)
    proof = proof_of(hook)

    require_proof(hook, replace(proof, signature=f"v1,b3RoZXI= {proof.signature}"), BODY, at=NOON)


def test_a_trouble_is_named_by_its_thing_and_its_time() -> None:
    alert = Alert(AlertKind.OUTAGE, "777", "Down", is_over=False, occurrence="1783324800")

    assert (alert.prefix, alert.key) == ("777@", "777@1783324800")
    assert a_hook(MonitoringTool.UPTIMEROBOT).source == "uptimerobot:hook"
    assert timedelta(minutes=5) == CLOCKS_APART
