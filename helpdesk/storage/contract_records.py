"""Contracts and calendars in the database."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import bindparam, select, update

from helpdesk.domain.calendar import CalendarVersion
from helpdesk.domain.contract import Contract, ContractStatus, ContractTerms
from helpdesk.domain.contract_facts import ContractFact
from helpdesk.domain.ids import AgencyId, CalendarId, ClientId, ContractId, SiteId
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.contract_facts import ADD_FACT, FACTS, contract_fact_of, fact_values
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
from helpdesk.storage.version_shelf import VersionShelf

_COLUMNS = (
    CONTRACT.c.id,
    CONTRACT.c.client_id,
    CONTRACT.c.reference,
    CONTRACT.c.name,
    CONTRACT.c.status,
    CONTRACT.c.starts_on,
    CONTRACT.c.ends_on,
    CONTRACT.c.internal_note,
)
_BY_IDS = Query(
    select(*_COLUMNS)
    .where(CONTRACT.c.agency_id == MINE, in_list(CONTRACT.c.id, "ids"))
    .order_by(CONTRACT.c.id)
)
_ID = select(CONTRACT.c.id).where(CONTRACT.c.agency_id == MINE, CONTRACT.c.id == bindparam("id"))
_LOCK, _LOCK_BUT_REFER = Query(_ID.with_for_update()), Query(_ID.with_for_update(key_share=True))
_LOCK_OF_CLIENT = Query(
    select(CONTRACT.c.id)
    .where(CONTRACT.c.agency_id == MINE, CONTRACT.c.client_id == bindparam("client_id"))
    .order_by(CONTRACT.c.id)
    .with_for_update()
)
_OF_CLIENT_READ = (
    select(*_COLUMNS)
    .where(CONTRACT.c.agency_id == MINE, CONTRACT.c.client_id == bindparam("client_id"))
    .order_by(CONTRACT.c.reference)
)
_OF_CLIENT = Query(_OF_CLIENT_READ)
# A ticket that opens takes this lock with its foreign key anyway. Taken when the terms are read, no
# version is published in between.
_OF_CLIENT_HELD = Query(_OF_CLIENT_READ.with_for_update(read=True, key_share=True))
_TERMS = Query(
    select(
        CONTRACT_TERMS.c.contract_id,
        CONTRACT_TERMS.c.version,
        CONTRACT_TERMS.c.effective_from,
        CONTRACT_TERMS.c.plan_code,
        CONTRACT_TERMS.c.document,
        CONTRACT_TERMS.c.corrects,
        CONTRACT_TERMS.c.published_at,
    )
    .where(CONTRACT_TERMS.c.agency_id == MINE, in_list(CONTRACT_TERMS.c.contract_id, "ids"))
    .order_by(CONTRACT_TERMS.c.contract_id, CONTRACT_TERMS.c.version)
)
TAKEN_OVER = Query.across_agencies(
    select(CONTRACT_TERMS.c.agency_id, CONTRACT_TERMS.c.contract_id)
    .where(
        CONTRACT_TERMS.c.version > 1,
        CONTRACT_TERMS.c.effective_from > bindparam("after"),
        CONTRACT_TERMS.c.effective_from <= bindparam("until"),
    )
    .distinct()
    .order_by(CONTRACT_TERMS.c.agency_id, CONTRACT_TERMS.c.contract_id),
    reason="the worker has the clocks follow whose ever terms took over",
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
        CALENDAR_VERSION.c.corrects,
        CALENDAR_VERSION.c.published_at,
        CALENDAR_VERSION.c.hours,
    )
    .where(CALENDAR_VERSION.c.agency_id == MINE, in_list(CALENDAR_VERSION.c.calendar_id, "ids"))
    .order_by(CALENDAR_VERSION.c.calendar_id, CALENDAR_VERSION.c.version)
)
_OF_CODE = select(CALENDAR.c.id).where(
    CALENDAR.c.agency_id == MINE, CALENDAR.c.code == bindparam("code")
)
_BY_CODE, _BY_CODE_HELD = Query(_OF_CODE), Query(_OF_CODE.with_for_update())
_UNENDED = Query(
    select(CONTRACT.c.id)
    .where(
        CONTRACT.c.agency_id == MINE,
        CONTRACT.c.status.in_(
            [
                ContractStatus.ACTIVE.value,
                ContractStatus.SUSPENDED.value,
                ContractStatus.ENDING.value,
            ]
        ),
    )
    .order_by(CONTRACT.c.id)
)
_SAVE_CONTRACT = Query(
    update(CONTRACT)
    .where(CONTRACT.c.agency_id == MINE, CONTRACT.c.id == bindparam("contract"))
    .values(
        status=bindparam("new_status"),
        ends_on=bindparam("new_ends_on"),
        internal_note=bindparam("new_internal_note"),
    )
)
_ADD_CONTRACT = Query(insert(CONTRACT).on_conflict_do_nothing())
_ADD_SITE = Query(insert(CONTRACT_SITE))
_ADD_TERMS = Query(insert(CONTRACT_TERMS))
_ADD_CALENDAR = Query(insert(CALENDAR))
_ADD_VERSION = Query(insert(CALENDAR_VERSION))


class SqlContractRecords:
    """ContractRecords on a database; `locks` takes rows for the time of the transaction."""

    def __init__(self, session: Session, shelf: VersionShelf, *, locks: bool) -> None:
        self._session = session
        self._of_client = _OF_CLIENT_HELD if locks else _OF_CLIENT
        self._by_code = _BY_CODE_HELD if locks else _BY_CODE
        self._shelf = shelf

    async def contract(self, contract_id: ContractId) -> Contract | None:
        """Return a contract with all versions of its terms."""
        found = await self.contracts([contract_id])
        return found[0] if found else None

    async def contracts(self, contract_ids: Iterable[ContractId]) -> tuple[Contract, ...]:
        """Return those of these contracts that there are, each with all versions of its terms."""
        ids = {"ids": sorted(contract_ids)}
        rows, versions, sites = await self._session.fetch_batch(
            (_BY_IDS, ids), (_TERMS_VERSIONS, ids), (_SITES, ids)
        )
        return await self._contracts(rows, versions, sites)

    async def contract_to_change(self, contract_id: ContractId) -> Contract | None:
        """Return a contract, locked."""
        await self._session.fetch_one(_LOCK, id=contract_id)
        return await self.contract(contract_id)

    async def contract_to_turn(self, contract_id: ContractId) -> Contract | None:
        """Return a contract, locked against its changes; tickets refer to it meanwhile."""
        await self._session.fetch_one(_LOCK_BUT_REFER, id=contract_id)
        return await self.contract(contract_id)

    async def contracts_of(self, client_id: ClientId) -> tuple[Contract, ...]:
        """Return every contract of a client."""
        rows = await self._session.fetch_all(self._of_client, client_id=client_id)
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
        for row in await self._session.fetch_all(_TERMS, ids=list(references)):
            contract_id, version, since, plan, document, corrects, published_at = row
            terms = terms_of(
                document,
                reference=references[contract_id],
                version=version,
                effective_from=since,
                plan_code=plan,
            )
            shelf[agency_id, contract_id, version] = replace(
                terms, corrects=corrects, published_at=published_at
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
            for row in await self._session.fetch_all(_HOURS, ids=ids):
                read = calendar_version_of(agency_id, row)
                shelf[agency_id, read.calendar_id, read.version] = read
        return tuple(shelf[version] for version in versions)

    async def contracts_in_force(self) -> tuple[ContractId, ...]:
        """Return the contracts that were activated and have not ended, by identity."""
        return tuple(ContractId(row[0]) for row in await self._session.fetch_all(_UNENDED))

    async def facts(self, contract_id: ContractId) -> tuple[ContractFact, ...]:
        """Return what happened to a contract, in order."""
        rows = await self._session.fetch_all(FACTS, id=contract_id)
        return tuple(contract_fact_of(row) for row in rows)

    async def add_fact(self, contract_id: ContractId, fact: ContractFact) -> None:
        """Append what happened to a contract."""
        await self._session.write(ADD_FACT, contract_id=contract_id, **fact_values(fact))

    async def lock_contracts_of(self, client_id: ClientId) -> None:
        """Lock every contract of a client, in the order of their identities."""
        await self._session.fetch_all(_LOCK_OF_CLIENT, client_id=client_id)

    async def save_contract(self, contract: Contract) -> None:
        """Write where a contract stands, when it ends, and its note."""
        await self._session.write(
            _SAVE_CONTRACT,
            contract=contract.id,
            new_status=contract.status.value,
            new_ends_on=contract.ends_on,
            new_internal_note=contract.internal_note,
        )

    async def add_contract(self, contract: Contract) -> bool:
        """Add a contract with its terms and sites; False when another one has its reference."""
        added = await self._session.execute(
            _ADD_CONTRACT,
            id=contract.id,
            client_id=contract.client_id,
            reference=contract.reference,
            name=contract.name,
            status=contract.status.value,
            starts_on=contract.starts_on,
            ends_on=contract.ends_on,
            internal_note=contract.internal_note,
        )
        if not added:
            return False
        for site_id in sorted(contract.site_ids):
            await self._session.write(_ADD_SITE, contract_id=contract.id, site_id=site_id)
        for terms in contract.terms:
            await self.add_terms(contract.id, terms)
        return True

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
            corrects=terms.corrects,
            published_at=terms.published_at,
        )

    async def add_calendar(self, code: str, name: str, version: CalendarVersion) -> None:
        """Add a calendar with its first version."""
        await self._session.write(_ADD_CALENDAR, id=version.calendar_id, code=code, name=name)
        await self.add_calendar_version(version)

    async def calendar_of_code(self, code: str) -> CalendarId | None:
        """Return the calendar that is called so, locked until the transaction ends, or None."""
        row = await self._session.fetch_one(self._by_code, code=code)
        return None if row is None else CalendarId(row[0])

    async def add_calendar_version(self, version: CalendarVersion) -> None:
        """Add a version of a calendar."""
        self._keep_to_this_transaction()
        await self._session.write(
            _ADD_VERSION,
            calendar_id=version.calendar_id,
            version=version.version,
            effective_from=version.effective_from,
            hours=hours_document(version.hours),
            corrects=version.corrects,
            published_at=version.published_at,
        )

    def _keep_to_this_transaction(self) -> None:
        """Read what is written here from a shelf of our own: it may still be rolled back."""
        self._shelf = VersionShelf()


def calendar_version_of(agency_id: AgencyId, row: Row) -> CalendarVersion:
    """Return a version of a calendar from its columns, its hours being the last of them."""
    calendar_id, version, effective_from, corrects, published_at, document = row
    return CalendarVersion(
        calendar_id=CalendarId(calendar_id),
        agency_id=agency_id,
        version=version,
        effective_from=effective_from,
        hours=hours_of(document),
        corrects=corrects,
        published_at=published_at,
    )


def _contract_of(
    agency_id: AgencyId, row: Row, sites: set[SiteId], terms: list[ContractTerms]
) -> Contract:
    id_, client_id, reference, name, status, starts_on, ends_on, internal_note = row
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
        internal_note=internal_note,
    )
