"""Doors for monitoring tools in the database, and the calls that came in by them."""

from datetime import datetime

from sqlalchemy import bindparam, exists, select, update

from helpdesk.domain.agency import Site
from helpdesk.domain.ids import MonitoringHookId, SignalId
from helpdesk.domain.monitoring import (
    MonitoringHook,
    MonitoringTool,
    Signal,
    SignalState,
)
from helpdesk.storage.client_records import SITES
from helpdesk.storage.query import Query, insert
from helpdesk.storage.row_mapper import RowMapper
from helpdesk.storage.session import MINE, Session
from helpdesk.storage.tables.client import SITE
from helpdesk.storage.tables.monitoring import MONITORING_HOOK, MONITORING_SIGNAL

HOOKS = RowMapper(MonitoringHook, MONITORING_HOOK, {"tool": MonitoringTool})
_SIGNALS = RowMapper(Signal, MONITORING_SIGNAL, {"state": SignalState})

HOOK_BY_ID = Query.across_agencies(
    select(*HOOKS.columns).where(MONITORING_HOOK.c.id == bindparam("id")),
    reason="whoever calls a hook names no agency: the hook says whose it is",
)
_HOOK = select(*HOOKS.columns).where(
    MONITORING_HOOK.c.agency_id == MINE, MONITORING_HOOK.c.id == bindparam("id")
)
_HOOKS = (Query(_HOOK), Query(_HOOK.with_for_update()))
_ADD_HOOK = Query(insert(MONITORING_HOOK))
_REVOKE = Query(
    update(MONITORING_HOOK)
    .where(MONITORING_HOOK.c.agency_id == MINE, MONITORING_HOOK.c.id == bindparam("id_"))
    .values(revoked_at=bindparam("new_revoked_at"))
)
_OF_CALL = Query(
    select(*_SIGNALS.columns).where(
        MONITORING_SIGNAL.c.agency_id == MINE,
        MONITORING_SIGNAL.c.hook_id == bindparam("hook_id"),
        MONITORING_SIGNAL.c.call_id == bindparam("call_id"),
    )
)
_ADD_SIGNAL = Query(insert(MONITORING_SIGNAL).on_conflict_do_nothing())
_STORED = Query(
    select(MONITORING_SIGNAL.c.id)
    .where(
        MONITORING_SIGNAL.c.agency_id == MINE,
        MONITORING_SIGNAL.c.hook_id == bindparam("hook_id"),
        MONITORING_SIGNAL.c.state == SignalState.STORED.value,
    )
    .order_by(MONITORING_SIGNAL.c.received_at, MONITORING_SIGNAL.c.id)
    .limit(100)
)
_LEFT_BEHIND = Query(
    select(*HOOKS.columns)
    .where(
        MONITORING_HOOK.c.agency_id == MINE,
        exists().where(
            MONITORING_SIGNAL.c.agency_id == MONITORING_HOOK.c.agency_id,
            MONITORING_SIGNAL.c.hook_id == MONITORING_HOOK.c.id,
            MONITORING_SIGNAL.c.state == SignalState.STORED.value,
            MONITORING_SIGNAL.c.received_at < bindparam("before"),
        ),
    )
    .order_by(MONITORING_HOOK.c.id)
)
_SIGNAL = select(*_SIGNALS.columns).where(
    MONITORING_SIGNAL.c.agency_id == MINE, MONITORING_SIGNAL.c.id == bindparam("id")
)
_SIGNAL_QUERIES = (Query(_SIGNAL), Query(_SIGNAL.with_for_update()))
_SAVE_SIGNAL = Query(
    update(MONITORING_SIGNAL)
    .where(MONITORING_SIGNAL.c.agency_id == MINE, MONITORING_SIGNAL.c.id == bindparam("id_"))
    .values(state=bindparam("new_state"), outcome=bindparam("new_outcome"))
)
_ALL_SITES = Query(select(*SITES.columns).where(SITE.c.agency_id == MINE).order_by(SITE.c.id))


class SqlMonitoringRecords:
    """MonitoringRecords on a database; `locks` takes rows for the time of the transaction."""

    def __init__(self, session: Session, *, locks: bool) -> None:
        self._session = session
        self._hook, self._signal = _HOOKS[locks], _SIGNAL_QUERIES[locks]

    async def hook(self, hook_id: MonitoringHookId) -> MonitoringHook | None:
        """Return a hook, a revoked one too."""
        row = await self._session.fetch_one(self._hook, id=hook_id)
        return None if row is None else HOOKS.read(row)

    async def add_hook(self, hook: MonitoringHook) -> None:
        """Add a hook."""
        await self._session.add(_ADD_HOOK, HOOKS.params(hook))

    async def revoke_hook(self, hook: MonitoringHook) -> None:
        """Write when a hook was revoked."""
        await self._session.write(_REVOKE, id_=hook.id, new_revoked_at=hook.revoked_at)

    async def signal_of_call(self, hook_id: MonitoringHookId, call_id: str) -> Signal | None:
        """Return the call of this name that came in by a hook."""
        row = await self._session.fetch_one(_OF_CALL, hook_id=hook_id, call_id=call_id)
        return None if row is None else _SIGNALS.read(row)

    async def add_signal(self, signal: Signal) -> bool:
        """Add a call; False when one of its name is there already."""
        params = {k: v for k, v in _SIGNALS.params(signal).items() if k != "agency_id"}
        return await self._session.execute(_ADD_SIGNAL, **params) == 1

    async def stored_signals(self, hook_id: MonitoringHookId) -> tuple[SignalId, ...]:
        """Return the calls of a hook that nobody understood yet, in order."""
        rows = await self._session.fetch_all(_STORED, hook_id=hook_id)
        return tuple(SignalId(row[0]) for row in rows)

    async def hooks_left_behind(self, *, before: datetime) -> tuple[MonitoringHook, ...]:
        """Return the hooks of which a call that came in earlier was not understood yet."""
        rows = await self._session.fetch_all(_LEFT_BEHIND, before=before)
        return tuple(HOOKS.read(row) for row in rows)

    async def signal(self, signal_id: SignalId) -> Signal | None:
        """Return a call, locked until the transaction ends."""
        row = await self._session.fetch_one(self._signal, id=signal_id)
        return None if row is None else _SIGNALS.read(row)

    async def save_signal(self, signal: Signal) -> None:
        """Write what became of a call."""
        await self._session.write(
            _SAVE_SIGNAL,
            id_=signal.id,
            new_state=signal.state.value,
            new_outcome=signal.outcome,
        )

    async def sites(self) -> tuple[Site, ...]:
        """Return every site of the agency, by identity."""
        rows = await self._session.fetch_all(_ALL_SITES)
        return tuple(SITES.read(row) for row in rows)
