"""Doors for monitoring tools as use-cases need them, and what understands the tools."""

from datetime import datetime
from typing import Protocol

from helpdesk.domain.agency import Site
from helpdesk.domain.ids import MonitoringHookId, SignalId
from helpdesk.domain.monitoring import Alert, MonitoringHook, MonitoringTool, Signal
from helpdesk.domain.site_report import ReportFormat, SiteReport


class MonitoringRecords(Protocol):
    """Hooks, and the calls that came in by them."""

    async def hook(self, hook_id: MonitoringHookId) -> MonitoringHook | None:
        """Return a hook, locked until the transaction ends, a revoked one too; None without one."""
        ...

    async def add_hook(self, hook: MonitoringHook) -> None:
        """Add a hook."""
        ...

    async def revoke_hook(self, hook: MonitoringHook) -> None:
        """Write when a hook was revoked."""
        ...

    async def signal_of_call(self, hook_id: MonitoringHookId, call_id: str) -> Signal | None:
        """Return the call of this name that came in by a hook; None without one."""
        ...

    async def add_signal(self, signal: Signal) -> bool:
        """Add a call; False when one of its name is there already."""
        ...

    async def stored_signals(self, hook_id: MonitoringHookId) -> tuple[SignalId, ...]:
        """Return the calls of a hook that nobody understood yet, in the order they came in."""
        ...

    async def hooks_left_behind(self, *, before: datetime) -> tuple[MonitoringHook, ...]:
        """Return the hooks of which a call that came in earlier was not understood yet."""
        ...

    async def signal(self, signal_id: SignalId) -> Signal | None:
        """Return a call, locked until the transaction ends; None without one."""
        ...

    async def save_signal(self, signal: Signal) -> None:
        """Write what became of a call."""
        ...

    async def sites(self) -> tuple[Site, ...]:
        """Return every site of the agency, by identity."""
        ...


class ToolReaders(Protocol):
    """What understands the formats of tools."""

    def alerts(self, tool: MonitoringTool, body: str, topic: str) -> tuple[Alert, ...]:
        """Return what a call tells of; `topic` is what its headers say it is about.

        Nothing where the call is about something else. Raises SignalNotUnderstood.
        """
        ...

    def report(self, report_format: ReportFormat, content: bytes) -> SiteReport:
        """Return what a report says. Raises ReportNotUnderstood."""
        ...
