"""Contracts and calendars in the database."""

from collections.abc import Iterable

from sqlalchemy import bindparam, select

from helpdesk.domain.calendar import CalendarVersion
from helpdesk.domain.contract import Contract, ContractStatus, ContractTerms
from helpdesk.domain.ids import AgencyId, CalendarId, ClientId, ContractId, SiteId
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.documents import hours_document, hours_of, terms_document, terms_of
from helpdesk.storage.query import Query, in_list, insert
from helpdesk.storage.session import MINE, Session
from helpdesk.storage.tables.contract import (
    CALENDAR,
    CALENDAR_VERSION,
    CONTRACT,
    CONTRACT_SITE,
    CONTRACT_TERMS,
)

_COLUMNS = (
    CONTRACT.c.id,
    CONTRACT.c.client_id,
    CONTRACT.c.reference,
    CONTRACT.c.name,
    CONTRACT.c.status,
    CONTRACT.c.starts_on,
    CONTRACT.c.ends_on,
)
_BY_ID = Query(
    select(*_COLUMNS).where(CONTRACT.c.agency_id == MINE, CONTRACT.c.id == bindparam("id"))
)
_OF_CLIENT = Query(
    select(*_COLUMNS)
    .where(CONTRACT.c.agency_id == MINE, CONTRACT.c.client_id == bindparam("client_id"))
    .order_by(CONTRACT.c.reference)
)
_TERMS = Query(
    select(
        CONTRACT_TERMS.c.contract_id,
        CONTRACT_TERMS.c.version,
        CONTRACT_TERMS.c.effective_from,
        CONTRACT_TERMS.c.plan_code,
        CONTRACT_TERMS.c.document,
    )
    .where(CONTRACT_TERMS.c.agency_id == MINE, in_list(CONTRACT_TERMS.c.contract_id, "ids"))
    .order_by(CONTRACT_TERMS.c.contract_id, CONTRACT_TERMS.c.version)
)
_TERMS_VERSIONS = Query(
    select(CONTRACT_TERMS.c.contract_id, CONTRACT_TERMS.c.version)
    .where(CONTRACT_TERMS.c.agency_id == MINE, in_list(CONTRACT_TERMS.c.contract_id, "ids"))
    .order_by(CONTRACT_TERMS.c.contract_id, CONTRACT_TERMS.c.version)
)
_HOURS_VERSIONS = Query(
    select(CALENDAR_VERSION.c.calendar_id, CALENDAR_VERSION.c.version)
    .where(CALENDAR_VERSION.c.agency_id == MINE, in_list(CALENDAR_VERSION.c.calendar_id, "ids"))
    .order_by(CALENDAR_VERSION.c.calendar_id, CALENDAR_VERSION.c.version)
)
_SITES = Query(
    select(CONTRACT_SITE.c.contract_id, CONTRACT_SITE.c.site_id).where(
        CONTRACT_SITE.c.agency_id == MINE, in_list(CONTRACT_SITE.c.contract_id, "ids")
    )
)
_HOURS = Query(
    select(
        CALENDAR_VERSION.c.calendar_id,
        CALENDAR_VERSION.c.version,
        CALENDAR_VERSION.c.effective_from,
        CALENDAR_VERSION.c.hours,
    )
    .where(CALENDAR_VERSION.c.agency_id == MINE, in_list(CALENDAR_VERSION.c.calendar_id, "ids"))
    .order_by(CALENDAR_VERSION.c.calendar_id, CALENDAR_VERSION.c.version)
)
_ADD_CONTRACT = Query(insert(CONTRACT))
_ADD_SITE = Query(insert(CONTRACT_SITE))
_ADD_TERMS = Query(insert(CONTRACT_TERMS))
_ADD_CALENDAR = Query(insert(CALENDAR))
_ADD_VERSION = Query(insert(CALENDAR_VERSION))


class VersionShelf:
    """Terms and opening hours that were read once: a version never changes, so it stays true."""

    def __init__(self) -> None:
        self.terms: dict[tuple[str, str, int], ContractTerms] = {}
        self.hours: dict[tuple[str, str, int], CalendarVersion] = {}


class SqlContractRecords:
    """ContractRecords on a database."""

    def __init__(self, session: Session, shelf: VersionShelf) -> None:
        self._session = session
        self._shelf = shelf

    async def contract(self, contract_id: ContractId) -> Contract | None:
        """Return a contract with all versions of its terms."""
        ids = [contract_id]
        rows, versions, sites = await self._session.fetch_batch(
            (_BY_ID, {"id": contract_id}),
            (_TERMS_VERSIONS, {"ids": ids}),
            (_SITES, {"ids": ids}),
        )
        return (await self._contracts(rows, versions, sites))[0] if rows else None

    async def contracts_of(self, client_id: ClientId) -> tuple[Contract, ...]:
        """Return every contract of a client."""
        rows = await self._session.fetch_all(_OF_CLIENT, client_id=client_id)
        if not rows:
            return ()
        ids = [row[0] for row in rows]
        versions, sites = await self._session.fetch_batch(
            (_TERMS_VERSIONS, {"ids": ids}), (_SITES, {"ids": ids})
        )
        return await self._contracts(rows, versions, sites)

    async def _contracts(
        self, rows: list[Row], versions: list[Row], sites: list[Row]
    ) -> tuple[Contract, ...]:
        await self._read_terms({row[0]: row[2] for row in rows}, versions)
        terms: dict[str, list[ContractTerms]] = {}
        for contract_id, version in versions:
            agreed = self._shelf.terms[self._session.agency_id, contract_id, version]
            terms.setdefault(contract_id, []).append(agreed)
        named: dict[str, set[SiteId]] = {}
        for contract_id, site_id in sites:
            named.setdefault(contract_id, set()).add(SiteId(site_id))
        return tuple(
            _contract_of(self._session.agency_id, row, named.get(row[0], set()), terms[row[0]])
            for row in rows
        )

    async def _read_terms(self, references: dict[str, str], versions: list[Row]) -> None:
        """Put the versions that were never seen on the shelf."""
        agency_id, shelf = self._session.agency_id, self._shelf.terms
        if all((agency_id, *version) in shelf for version in versions):
            return
        for contract_id, version, since, plan, document in await self._session.fetch_all(
            _TERMS, ids=list(references)
        ):
            shelf[agency_id, contract_id, version] = terms_of(
                document,
                reference=references[contract_id],
                version=version,
                effective_from=since,
                plan_code=plan,
            )

    async def calendar_versions(
        self, calendar_ids: Iterable[CalendarId]
    ) -> tuple[CalendarVersion, ...]:
        """Return every version of these calendars; only those never seen are read whole."""
        ids = sorted(calendar_ids)
        agency_id, shelf = self._session.agency_id, self._shelf.hours
        versions = [
            (agency_id, calendar_id, version)
            for calendar_id, version in await self._session.fetch_all(_HOURS_VERSIONS, ids=ids)
        ]
        if any(version not in shelf for version in versions):
            for calendar_id, version, since, document in await self._session.fetch_all(
                _HOURS, ids=ids
            ):
                shelf[agency_id, calendar_id, version] = CalendarVersion(
                    CalendarId(calendar_id), agency_id, version, since, hours_of(document)
                )
        return tuple(shelf[version] for version in versions)

    async def add_contract(self, contract: Contract) -> None:
        """Add a contract with its terms and sites."""
        await self._session.write(
            _ADD_CONTRACT,
            id=contract.id,
            client_id=contract.client_id,
            reference=contract.reference,
            name=contract.name,
            status=contract.status.value,
            starts_on=contract.starts_on,
            ends_on=contract.ends_on,
        )
        for site_id in sorted(contract.site_ids):
            await self._session.write(_ADD_SITE, contract_id=contract.id, site_id=site_id)
        for terms in contract.terms:
            await self.add_terms(contract.id, terms)

    async def add_terms(self, contract_id: ContractId, terms: ContractTerms) -> None:
        """Add a version of a contract's terms."""
        self._keep_to_this_transaction()
        await self._session.write(
            _ADD_TERMS,
            contract_id=contract_id,
            version=terms.version,
            effective_from=terms.effective_from,
            plan_code=terms.plan_code,
            document=terms_document(terms),
            corrects=None,
            published_at=None,
        )

    async def add_calendar(self, code: str, name: str, version: CalendarVersion) -> None:
        """Add a calendar with its first version."""
        self._keep_to_this_transaction()
        await self._session.write(_ADD_CALENDAR, id=version.calendar_id, code=code, name=name)
        await self._session.write(
            _ADD_VERSION,
            calendar_id=version.calendar_id,
            version=version.version,
            effective_from=version.effective_from,
            hours=hours_document(version.hours),
            corrects=None,
            published_at=None,
        )

    def _keep_to_this_transaction(self) -> None:
        """Read what is written here from a shelf of our own: it may still be rolled back."""
        self._shelf = VersionShelf()


def _contract_of(
    agency_id: AgencyId, row: Row, sites: set[SiteId], terms: list[ContractTerms]
) -> Contract:
    id_, client_id, reference, name, status, starts_on, ends_on = row
    return Contract(
        id=ContractId(id_),
        agency_id=agency_id,
        client_id=ClientId(client_id),
        reference=reference,
        name=name,
        status=ContractStatus(status),
        starts_on=starts_on,
        ends_on=ends_on,
        site_ids=frozenset(sites),
        terms=tuple(terms),
    )
