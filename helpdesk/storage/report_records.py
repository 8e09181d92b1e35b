"""Monthly reports in the database: drafts are rewritten, what was published is not."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, bindparam, exists, select, update

from helpdesk.domain.agency import Contact
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import AgencyId, ClientId, ContactId, ContractId, ReportId
from helpdesk.domain.month import Month
from helpdesk.domain.monthly_report import Report, ReportState, ReportWords
from helpdesk.domain.plan import ReportLevel
from helpdesk.domain.report_lines import AlertLine
from helpdesk.domain.report_snapshot import mentions_in
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.query import Query, in_list, insert
from helpdesk.storage.session import MINE, Session
from helpdesk.storage.tables.client import CONTACT, SITE
from helpdesk.storage.tables.contract import CONTRACT
from helpdesk.storage.tables.report import REPORT

_ID: BindParameter[str] = bindparam("report_id")
_BY_ID = select(REPORT).where(REPORT.c.agency_id == MINE, REPORT.c.id == _ID)
_LATEST = (
    select(REPORT)
    .where(
        REPORT.c.agency_id == MINE,
        REPORT.c.contract_id == bindparam("of_contract"),
        REPORT.c.month == bindparam("of_month"),
    )
    .order_by(REPORT.c.version.desc())
    .limit(1)
)
_PUBLISHED = Query(_LATEST.where(REPORT.c.state == ReportState.PUBLISHED.value))
_READ, _LOCKED = Query(_BY_ID), Query(_BY_ID.with_for_update())
_READ_LATEST, _LOCKED_LATEST = Query(_LATEST), Query(_LATEST.with_for_update())
_TOLD = REPORT.alias("told")
_UNTOLD = Query(
    select(REPORT.c.contract_id, REPORT.c.snapshot)
    .where(
        REPORT.c.agency_id == MINE,
        in_list(REPORT.c.contract_id, "contracts"),
        REPORT.c.month < bindparam("of_month"),
        REPORT.c.level == ReportLevel.NONE.value,
        REPORT.c.state == ReportState.PUBLISHED.value,
        ~exists().where(
            _TOLD.c.agency_id == REPORT.c.agency_id,
            _TOLD.c.contract_id == REPORT.c.contract_id,
            _TOLD.c.month > REPORT.c.month,
            _TOLD.c.month < bindparam("of_month"),
            _TOLD.c.is_told,
        ),
    )
    .order_by(REPORT.c.contract_id, REPORT.c.month, REPORT.c.version)
)
_ADD = Query(insert(REPORT))
_CHANGING = (
    *("locale", "level", "state", "is_told", "summary", "message", "video_url"),
    *("published_at", "published_by", "snapshot", "digest"),
)
_SAVE = Query(
    update(REPORT)
    .where(
        REPORT.c.agency_id == MINE,
        REPORT.c.id == _ID,
        REPORT.c.state == ReportState.DRAFT.value,
    )
    .values({REPORT.c[name]: bindparam(f"new_{name}") for name in _CHANGING})
)
_BY_REFERENCE = Query(
    select(CONTRACT.c.id).where(
        CONTRACT.c.agency_id == MINE, CONTRACT.c.reference == bindparam("of_reference")
    )
)
_READERS = Query(
    select(CONTACT.c.id, CONTACT.c.name, CONTACT.c.email, CONTACT.c.locale)
    .where(CONTACT.c.agency_id == MINE, CONTACT.c.client_id == bindparam("of_client"))
    .order_by(CONTACT.c.name, CONTACT.c.id)
)
_SITE_NAMES = Query(
    select(SITE.c.id, SITE.c.name)
    .where(SITE.c.agency_id == MINE, in_list(SITE.c.id, "sites"))
    .order_by(SITE.c.id)
)


class SqlReportRecords:
    """ReportRecords on a database; `locks` takes rows for the time of the transaction."""

    def __init__(self, session: Session, *, locks: bool) -> None:
        self._session = session
        self._by_id = _LOCKED if locks else _READ
        self._latest = _LOCKED_LATEST if locks else _READ_LATEST

    async def report(self, report_id: ReportId) -> Report | None:
        """Return a version."""
        row = await self._session.fetch_one(self._by_id, report_id=report_id)
        return None if row is None else report_of(row)

    async def latest(self, contract_id: ContractId, month: Month) -> Report | None:
        """Return the last version of a month."""
        row = await self._session.fetch_one(
            self._latest, of_contract=contract_id, of_month=str(month)
        )
        return None if row is None else report_of(row)

    async def published(self, contract_id: ContractId, month: Month) -> Report | None:
        """Return the last version that was published."""
        row = await self._session.fetch_one(
            _PUBLISHED, of_contract=contract_id, of_month=str(month)
        )
        return None if row is None else report_of(row)

    async def add(self, report: Report) -> None:
        """Add a version."""
        await self._session.add(_ADD, _params(report))

    async def save(self, report: Report) -> None:
        """Write what people say in a draft, or that it was published."""
        params = _params(report)
        changes = {f"new_{name}": params[name] for name in _CHANGING}
        await self._session.write(_SAVE, report_id=report.id, **changes)

    async def untold_mentions(
        self, contract_ids: Sequence[ContractId], month: Month
    ) -> Mapping[ContractId, tuple[AlertLine, ...]]:
        """Return the P1 mentions of earlier months that the client had no report to read in."""
        rows = await self._session.fetch_all(
            _UNTOLD, contracts=sorted(contract_ids), of_month=str(month)
        )
        found: dict[ContractId, dict[int | None, AlertLine]] = {}
        for contract_id, snapshot in rows:
            told = found.setdefault(ContractId(contract_id), {})
            # A rectified version tells the same tickets again.
            told.update({line.ticket_number: line for line in mentions_in(snapshot)})
        return {contract_id: tuple(lines.values()) for contract_id, lines in found.items()}

    async def contract_of_reference(self, reference: str) -> ContractId | None:
        """Return the contract with this reference on paper."""
        row = await self._session.fetch_one(_BY_REFERENCE, of_reference=reference)
        return None if row is None else ContractId(row[0])

    async def readers(self, client_id: ClientId) -> tuple[Contact, ...]:
        """Return the people of a client, by name."""
        rows = await self._session.fetch_all(_READERS, of_client=client_id)
        agency_id = self._session.agency_id
        return tuple(
            Contact(ContactId(row[0]), agency_id, client_id, row[1], row[2], Locale(row[3]))
            for row in rows
        )

    async def site_names(self, site_ids: Collection[str]) -> Mapping[str, str]:
        """Return the names of sites."""
        rows = await self._session.fetch_all(_SITE_NAMES, sites=sorted(site_ids))
        return {row[0]: row[1] for row in rows}


def _params(report: Report) -> dict[str, Any]:  # Any: columns of every type
    words = report.words
    is_published = report.state is ReportState.PUBLISHED
    return {
        "agency_id": report.agency_id,
        "id": report.id,
        "contract_id": report.contract_id,
        "client_id": report.client_id,
        "month": str(report.month),
        "version": report.version,
        "locale": report.locale.value,
        "level": report.level.value,
        "state": report.state.value,
        "is_told": is_published and report.level is not ReportLevel.NONE,
        "reason": report.reason,
        "summary": None if words.summary is None else list(words.summary),
        "message": words.message,
        "video_url": words.video_url,
        "created_at": report.created_at,
        "published_at": report.published_at,
        "published_by": report.published_by,
        "snapshot": None if report.snapshot is None else dict(report.snapshot),
        "digest": report.digest,
    }


def report_of(row: Row) -> Report:
    """Return the version that a row of the table stands for."""
    held = dict(zip(REPORT.c.keys(), row, strict=True))
    summary = held["summary"]
    return Report(
        id=ReportId(held["id"]),
        agency_id=AgencyId(held["agency_id"]),
        client_id=ClientId(held["client_id"]),
        contract_id=ContractId(held["contract_id"]),
        month=Month.parsed(held["month"]),
        version=held["version"],
        locale=Locale(held["locale"]),
        created_at=held["created_at"],
        words=ReportWords(
            None if summary is None else tuple(summary), held["message"], held["video_url"]
        ),
        level=ReportLevel(held["level"]),
        reason=held["reason"],
        state=ReportState(held["state"]),
        published_at=held["published_at"],
        published_by=held["published_by"],
        snapshot=held["snapshot"],
        digest=held["digest"],
    )
