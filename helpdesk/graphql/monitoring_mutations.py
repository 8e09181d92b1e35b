"""Doors for monitoring tools are opened and shut."""

import strawberry

from helpdesk.domain.ids import MonitoringHookId, SiteId
from helpdesk.domain.monitoring import MonitoringTool
from helpdesk.graphql.fields import attribute, optional
from helpdesk.graphql.global_ids import id_of
from helpdesk.graphql.monitoring import MonitoringHook
from helpdesk.graphql.mutating import MutationInput, Outcome, payload
from helpdesk.graphql.request import Request
from helpdesk.usecases.monitoring_hooks import (
    CreateMonitoringHook,
    RevokeMonitoringHook,
    create_monitoring_hook,
    revoke_monitoring_hook,
)
from helpdesk.usecases.read_models import Noun


@strawberry.input(description="A door for a monitoring tool.")
class CreateMonitoringHookInput(MutationInput):
    """A door for a monitoring tool."""

    name: str = attribute("What people call it, and as whom the tool opens tickets.")
    tool: MonitoringTool = attribute("Which tool calls.")
    site_id: strawberry.ID | None = optional(
        "The only site that it tells of; left out where it names the sites by their addresses."
    )
    secret: str | None = optional(
        "The client secret of the Sentry integration; left out for every other tool."
    )


@strawberry.input(description="A door that lets nobody in any more.")
class RevokeMonitoringHookInput(MutationInput):
    """A door that lets nobody in any more."""

    hook_id: strawberry.ID = attribute("The hook.")


CreateMonitoringHookPayload = payload(
    "CreateMonitoringHookPayload",
    "A door that was opened.",
    hook=(MonitoringHook, "The hook."),
    secret=(str, "The secret that the tool proves itself by, shown now and never again."),
)
RevokeMonitoringHookPayload = payload(
    "RevokeMonitoringHookPayload", "A door that was shut.", hook=(MonitoringHook, "The hook.")
)


async def hook_created(request: Request, given: CreateMonitoringHookInput) -> Outcome:
    """Open a door."""
    site_id = given.site_id
    asked = CreateMonitoringHook(
        name=given.name,
        tool=given.tool,
        site_id=None if site_id is None else SiteId(id_of(Noun.SITE, site_id, path=("siteId",))),
        secret=given.secret,
    )
    hook = await create_monitoring_hook(request.desk, viewer=request.viewer, request=asked)
    return {"hook": hook.id, "secret": hook.secret}


async def hook_revoked(request: Request, given: RevokeMonitoringHookInput) -> Outcome:
    """Shut a door."""
    hook_id = id_of(Noun.MONITORING_HOOK, given.hook_id, path=("hookId",))
    asked = RevokeMonitoringHook(MonitoringHookId(hook_id))
    hook = await revoke_monitoring_hook(request.desk, viewer=request.viewer, request=asked)
    return {"hook": hook.id}
