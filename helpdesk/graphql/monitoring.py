"""Doors for monitoring tools, and the calls that came in by them."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from helpdesk.domain.monitoring import MonitoringTool, SignalState
from helpdesk.graphql.connection import Connection
from helpdesk.graphql.fields import attribute, computed, condition, described_enum, paged
from helpdesk.graphql.node import Node
from helpdesk.graphql.ordering import SignalOrder
from helpdesk.graphql.scalars import Url
from helpdesk.usecases.read_models import Noun, Order, OrderField

if TYPE_CHECKING:
    from helpdesk.graphql.site import Site

described_enum(
    MonitoringTool,
    "MonitoringTool",
    "The tools whose calls are understood.",
    {
        MonitoringTool.UPTIMEROBOT: "UptimeRobot: the secret is the `token` of the address.",
        MonitoringTool.ALERTMANAGER: "Prometheus Alertmanager: the secret is its bearer token.",
        MonitoringTool.SENTRY: "Sentry: it signs with the client secret of its integration.",
        MonitoringTool.GENERIC: "Any other: our own JSON, signed as Standard Webhooks are.",
    },
)
described_enum(
    SignalState,
    "MonitoringSignalState",
    "What became of a call of a tool.",
    {
        SignalState.STORED: "It is kept and will be understood with the next one.",
        SignalState.DONE: "What it asks for was done.",
        SignalState.REFUSED: "It was not understood, or its site is unknown; `outcome` says why.",
    },
)


@strawberry.input(description="Conditions on calls that all hold.")
class MonitoringSignalFilter:
    """Conditions on calls that all hold."""

    state: list[SignalState] | None = condition("What became of it: any of these.", "states")


@strawberry.type(description="A call of a monitoring tool, as it came in.")
class MonitoringSignal(Node):
    """A call of a monitoring tool, as it came in."""

    received_at: datetime = attribute("When it came in.")
    state: SignalState = attribute("What became of it.")
    outcome: str = attribute("What was done, or why it was refused.")
    topic: str = attribute("What its headers say that it is about; mostly nothing.")
    body: str = attribute("Its body, as it was received.")
    hook: "MonitoringHook" = attribute("By which hook.")


@strawberry.type(description="A door for a monitoring tool.")
class MonitoringHook(Node):
    """A door for a monitoring tool."""

    name: str = attribute("What people call it.")
    tool: MonitoringTool = attribute("Which tool calls.")
    url: Url = computed(
        "The address that the tool calls.",
        lambda hook, request: f"{request.public_url}/hooks/monitoring/{hook.id}",
        needs=("id",),
    )
    site: Annotated["Site", strawberry.lazy("helpdesk.graphql.site")] | None = attribute(
        "The only site that it tells of; absent where it names the sites itself."
    )
    created_at: datetime = attribute("When it was made.")
    revoked_at: datetime | None = attribute("When it was revoked; absent while it is open.")
    signals: Connection[MonitoringSignal] = paged(
        "The calls that came in by it, the latest first.",
        Noun.MONITORING_SIGNAL,
        order=Order(OrderField.RECEIVED_AT, is_descending=True),
        orders=SignalOrder,
        filters=MonitoringSignalFilter,
    )
