"""A store whose transactions are all the same one: the demo is there as a whole, or not at all."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from helpdesk.domain.agency import Agency
from helpdesk.domain.ids import AgencyId, MonitoringHookId
from helpdesk.domain.mail_token import without_plus
from helpdesk.domain.monitoring import MonitoringHook
from helpdesk.usecases.ports import Records, Store, Token, WorkQueue


class OneTransaction:
    """Store of the one agency whose transaction is open; what it reads is what it wrote."""

    def __init__(self, store: Store, records: Records) -> None:
        """Take the store underneath and the records of its open transaction."""
        self._store = store
        self._records = records

    @asynccontextmanager
    async def transaction(self, agency_id: AgencyId) -> AsyncIterator[Records]:
        """Give the open transaction, which goes on afterwards."""
        assert agency_id == self._records.agency_id  # noqa: S101 - there is no other agency
        yield self._records

    @asynccontextmanager
    async def reading(self, agency_id: AgencyId) -> AsyncIterator[Records]:
        """Give the open transaction, which alone sees what was not committed yet."""
        assert agency_id == self._records.agency_id  # noqa: S101 - there is no other agency
        yield self._records

    def queue(self) -> WorkQueue:
        """Return what the worker finds once the transaction is committed."""
        return self._store.queue()

    async def token_by_hash(self, secret_hash: str) -> Token | None:
        """Return a token that was there before."""
        return await self._store.token_by_hash(secret_hash)

    async def monitoring_hook(self, hook_id: MonitoringHookId) -> MonitoringHook | None:
        """Return a hook of the agency."""
        return await self._records.monitoring.hook(hook_id)

    async def agency_of_mailbox(self, address: str) -> Agency | None:
        """Return the agency when this is its mailbox."""
        agency = await self.only_agency()
        return (
            agency if agency.mailbox in {address.strip().lower(), without_plus(address)} else None
        )

    async def agencies(self) -> tuple[Agency, ...]:
        """Return the agency alone."""
        return (await self.only_agency(),)

    async def only_agency(self) -> Agency:
        """Return the agency."""
        return await self._records.agencies.agency()
