"""Doors for monitoring tools are opened and shut."""

from dataclasses import dataclass, replace
from typing import ClassVar

from helpdesk.domain.access import NotFound, Viewer
from helpdesk.domain.availability import ProbeWatch
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import MonitoringHookId, SiteId
from helpdesk.domain.message import required_text
from helpdesk.domain.monitoring import MonitoringHook, MonitoringTool
from helpdesk.domain.webhook import secret_of
from helpdesk.usecases.availability_ports import RecordedWatch
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records
from helpdesk.usecases.require_manager import require_manager

NAME_LIMIT = 200
LEAST_SECRET = 16


class HookSecretElsewhere(HelpdeskError):
    """Sentry draws the secret of an integration itself; the other tools are given ours."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "Leave `secret` out: {tool} is given the one that is drawn here."
    french: ClassVar[str] = "Omettez « secret » : {tool} reçoit celui qui est tiré ici."


class HookSecretRequired(HelpdeskError):
    """Without the client secret of the integration, nothing that Sentry says could be believed."""

    code: ClassVar[ErrorCode] = ErrorCode.REQUIRED
    english: ClassVar[str] = (
        "Give in `secret` the client secret of the Sentry integration, {least} characters at least."
    )
    french: ClassVar[str] = (
        "Donnez dans « secret » le secret client de l'intégration Sentry, {least} caractères au"
        " moins."
    )


@dataclass(frozen=True, slots=True)
class CreateMonitoringHook:
    """Which tool will call, and of which site it tells; of any where it names them itself.

    `secret` is the one that Sentry drew; every other tool is given ours.
    """

    name: str
    tool: MonitoringTool
    site_id: SiteId | None = None
    secret: str | None = None


@dataclass(frozen=True, slots=True)
class RevokeMonitoringHook:
    """The hook that lets nobody in any more."""

    hook_id: MonitoringHookId


async def create_monitoring_hook(
    desk: Desk, *, viewer: Viewer, request: CreateMonitoringHook
) -> MonitoringHook:
    """Open a door and return it with its secret, which is shown now and never again.

    A hook of one site watches it from now on, as its tool does. Raises ManagersOnly, TextRequired,
    NotFound, HookSecretElsewhere, HookSecretRequired.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        await require_manager(records, viewer)
        if request.site_id is not None and await records.clients.site(request.site_id) is None:
            raise NotFound(path=("siteId",), what="Site", id=request.site_id)
        hook = MonitoringHook(
            id=MonitoringHookId(desk.new_id()),
            agency_id=viewer.agency_id,
            name=required_text(request.name, field="name", limit=NAME_LIMIT),
            tool=request.tool,
            secret=_secret(desk, request),
            created_at=desk.now(),
            site_id=request.site_id,
        )
        await records.monitoring.add_hook(hook)
        if hook.site_id is not None:
            await watch_from_now(desk, records, viewer, hook, hook.site_id)
        return hook


async def revoke_monitoring_hook(
    desk: Desk, *, viewer: Viewer, request: RevokeMonitoringHook
) -> MonitoringHook:
    """Shut a door and return it; what it watched is watched no more.

    One that is shut stays so. Raises ManagersOnly, NotFound.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        await require_manager(records, viewer)
        hook = await records.monitoring.hook(request.hook_id)
        if hook is None:
            raise NotFound(path=("hookId",), what="MonitoringHook", id=request.hook_id)
        if hook.revoked_at is not None:
            return hook
        revoked = replace(hook, revoked_at=desk.now())
        await records.monitoring.revoke_hook(revoked)
        await records.incidents.end_watches_of(hook.source, at=desk.now())
        return revoked


async def watch_from_now(
    desk: Desk, records: Records, viewer: Viewer, hook: MonitoringHook, site_id: SiteId
) -> None:
    """Write down that the tool behind a hook watches a site, unless it is known to."""
    if await records.incidents.open_watch(site_id, hook.source) is None:
        watch = ProbeWatch(site_id, hook.source, desk.now(), None)
        recorded = RecordedWatch(desk.new_id(), watch, desk.now(), viewer.actor)
        await records.incidents.add_watch(recorded)


def _secret(desk: Desk, request: CreateMonitoringHook) -> str:
    given = (request.secret or "").strip()
    if request.tool is MonitoringTool.SENTRY:
        if len(given) < LEAST_SECRET:
            raise HookSecretRequired(path=("secret",), least=LEAST_SECRET)
        return given
    if given:
        raise HookSecretElsewhere(path=("secret",), tool=request.tool.value)
    drawn = desk.new_secret()
    # Who repeats the secret may have to write it into an address, where base64 does not survive.
    return secret_of(drawn) if request.tool is MonitoringTool.GENERIC else drawn
