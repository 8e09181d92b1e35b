"""Doors for monitoring tools are a manager's to open and to shut."""

import pytest

from helpdesk.domain.access import AgencyOnly, NotFound
from helpdesk.domain.ids import MonitoringHookId, SiteId
from helpdesk.domain.message import TextRequired
from helpdesk.domain.monitoring import MonitoringTool
from helpdesk.storage.tables.availability import PROBE_WATCH
from helpdesk.storage.tables.monitoring import MONITORING_HOOK
from helpdesk.usecases.monitoring_hooks import (
    CreateMonitoringHook,
    HookSecretElsewhere,
    HookSecretRequired,
    RevokeMonitoringHook,
    create_monitoring_hook,
    revoke_monitoring_hook,
)
from tests.usecases.monitoring import BRUNOS_SITE, SENTRYS_SECRET, a_hook
from tests.usecases.world import World


async def test_a_hook_of_a_site_watches_it_until_it_is_revoked(both_worlds: World) -> None:
    world = both_worlds
    began = world.now()

    hook = await a_hook(world)
    world.now.advance(hours=2)
    request = RevokeMonitoringHook(hook.id)
    revoked = await revoke_monitoring_hook(world.desk, viewer=world.alice, request=request)
    world.now.advance(hours=1)
    again = await revoke_monitoring_hook(world.desk, viewer=world.alice, request=request)

    [watch] = await world.rows(PROBE_WATCH)
    assert (watch["source"], watch["began_at"]) == (hook.source, began)
    assert watch["ended_at"] == revoked.revoked_at == again.revoked_at
    assert hook.secret.startswith("whsec_")


async def test_sentry_brings_its_secret_and_the_others_are_given_one(world: World) -> None:
    hook = await a_hook(world, MonitoringTool.SENTRY, site_id=None)

    assert hook.secret == SENTRYS_SECRET
    assert await world.rows(PROBE_WATCH) == []
    for tool, secret, refusal in (
        (MonitoringTool.SENTRY, None, HookSecretRequired),
        (MonitoringTool.SENTRY, "short", HookSecretRequired),
        (MonitoringTool.GENERIC, "x" * 40, HookSecretElsewhere),
    ):
        async with world.refused(refusal):
            await create_monitoring_hook(
                world.desk,
                viewer=world.alice,
                request=CreateMonitoringHook("Probe", tool, secret=secret),
            )


@pytest.mark.parametrize(
    ("request_", "refusal"),
    [
        (CreateMonitoringHook(" ", MonitoringTool.GENERIC), TextRequired),
        (CreateMonitoringHook("P", MonitoringTool.GENERIC, SiteId("nowhere")), NotFound),
    ],
)
async def test_a_hook_has_a_name_and_a_site_that_is_there(
    world: World,
    request_: CreateMonitoringHook,
    refusal: type[TextRequired | NotFound],
) -> None:
    async with world.refused(refusal):
        await create_monitoring_hook(world.desk, viewer=world.alice, request=request_)


async def test_clients_and_strangers_open_and_shut_nothing(both_worlds: World) -> None:
    world = both_worlds
    hook = await a_hook(world)
    create = CreateMonitoringHook("Probe", MonitoringTool.GENERIC, BRUNOS_SITE)
    revoke = RevokeMonitoringHook(hook.id)

    async with world.refused(AgencyOnly):
        await create_monitoring_hook(world.desk, viewer=world.bruno, request=create)
    async with world.refused(AgencyOnly):
        await revoke_monitoring_hook(world.desk, viewer=world.bruno, request=revoke)
    async with world.refused(NotFound):
        await create_monitoring_hook(world.desk, viewer=world.zoe, request=create)
    async with world.refused(NotFound):
        await revoke_monitoring_hook(world.desk, viewer=world.zoe, request=revoke)
    async with world.refused(NotFound):
        await revoke_monitoring_hook(
            world.desk,
            viewer=world.alice,
            request=RevokeMonitoringHook(MonitoringHookId("none")),
        )
    assert len(await world.rows(MONITORING_HOOK)) == 1
