"""A mail for two agencies: the trouble of one is not the other's."""

from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any

import pytest

from helpdesk.domain.ids import AgencyId
from helpdesk.storage.tables.mail import INBOUND_MAIL
from helpdesk.usecases.ports import Records, Store
from helpdesk.usecases.store_inbound_mail import PartlyStored
from tests.factories import AGENCY_ID
from tests.usecases.mails import ZOES_MAILBOX, Door, a_mail
from tests.usecases.world import MAILBOX, ZOES_AGENCY, World

PLUS = "support+t.abc@zoe.example"


class TroubledStore:
    """A store in which nothing is written for some agencies."""

    def __init__(self, store: Store, *troubled: AgencyId) -> None:
        self._store = store
        self._troubled = troubled

    def transaction(self, agency_id: AgencyId) -> AbstractAsyncContextManager[Records]:
        if agency_id in self._troubled:
            raise OSError("the disk is full")
        return self._store.transaction(agency_id)

    def __getattr__(self, name: str) -> Any:  # Any: whatever else a store does
        return getattr(self._store, name)


def troubled(world: World, *agencies: AgencyId) -> Door:
    store = TroubledStore(world.desk.store, *agencies)
    return Door(replace(world, desk=replace(world.desk, store=store)))


async def test_who_has_it_is_told_when_another_one_has_not(world: World) -> None:
    with pytest.raises(PartlyStored) as trouble:
        await troubled(world, AGENCY_ID).store_all(
            a_mail(), recipients=(MAILBOX, ZOES_MAILBOX, PLUS)
        )

    assert trouble.value.kept == {ZOES_MAILBOX, PLUS}
    assert [row["agency_id"] for row in await world.rows(INBOUND_MAIL)] == [ZOES_AGENCY]


async def test_the_second_time_it_is_one_for_each(world: World) -> None:
    recipients = (MAILBOX, ZOES_MAILBOX)
    with pytest.raises(PartlyStored):
        await troubled(world, ZOES_AGENCY).store_all(a_mail(), recipients=recipients)

    stored = await Door(world).store_all(a_mail(), recipients=recipients)

    assert [one.is_new for one in stored] == [False, True]
    assert len(await world.rows(INBOUND_MAIL)) == 2


async def test_trouble_with_all_is_what_it_is(world: World) -> None:
    with pytest.raises(OSError, match="the disk is full"):
        await troubled(world, AGENCY_ID, ZOES_AGENCY).store_all(
            a_mail(), recipients=(MAILBOX, ZOES_MAILBOX)
        )

    assert await world.rows(INBOUND_MAIL) == []
