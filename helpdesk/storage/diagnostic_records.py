"""Sheets, audits and signals of sites in the database."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, bindparam, exists, func, not_, or_, select, update

from helpdesk.domain.agency import Site
from helpdesk.domain.audit import Audit, AuditKind, PointAnswer
from helpdesk.domain.ids import AuditId, ClientId, ContractId, SiteId, TicketId
from helpdesk.domain.month import Month
from helpdesk.domain.signal import AuditCall, SignalEpisode
from helpdesk.domain.site_sheet import SheetVersion
from helpdesk.domain.ticket import Channel, TicketStatus
from helpdesk.storage.classification_documents import actor_document, actor_of
from helpdesk.storage.client_records import SITES
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.diagnostic_documents import (
    answer_params,
    audit_of,
    audit_params,
    episode_of,
    episode_params,
    sheet_document,
    sheet_of,
)
from helpdesk.storage.query import Query, in_list, insert
from helpdesk.storage.session import MINE, Session
from helpdesk.storage.tables.client import SITE
from helpdesk.storage.tables.diagnostics import (
    AUDIT,
    AUDIT_ANSWER,
    AUDIT_CALL,
    SITE_SHEET,
    WARNING_SIGNAL,
)
from helpdesk.storage.tables.report import REPORT
from helpdesk.storage.tables.ticket import TICKET

_NO_REQUESTS = sorted(status.value for status in (TicketStatus.SPAM, TicketStatus.MERGED))

_SITE = select(*SITES.columns).where(SITE.c.agency_id == MINE, SITE.c.id == bindparam("id"))
_READ_SITE, _LOCKED_SITE = Query(_SITE), Query(_SITE.with_for_update())
_ALL_SITES = Query(select(*SITES.columns).where(SITE.c.agency_id == MINE).order_by(SITE.c.id))
_LATEST_SHEET = Query(
    select(SITE_SHEET)
    .where(SITE_SHEET.c.agency_id == MINE, SITE_SHEET.c.site_id == bindparam("site_id"))
    .order_by(SITE_SHEET.c.version.desc())
    .limit(1)
)
_ADD_SHEET = Query(insert(SITE_SHEET))
_AUDIT = select(AUDIT).where(AUDIT.c.agency_id == MINE, AUDIT.c.id == bindparam("id"))
_READ_AUDIT, _LOCKED_AUDIT = Query(_AUDIT), Query(_AUDIT.with_for_update())
_RANKED = (
    select(
        AUDIT,
        func.row_number()
        .over(partition_by=AUDIT.c.site_id, order_by=(AUDIT.c.completed_at.desc(), AUDIT.c.id))
        .label("place"),
    )
    .where(
        AUDIT.c.agency_id == MINE,
        in_list(AUDIT.c.site_id, "site_ids"),
        AUDIT.c.kind == AuditKind.CLIENT_AUDIT.value,
        AUDIT.c.completed_at.is_not(None),
    )
    .subquery()
)
_LAST_AUDITS = Query(
    select(*(_RANKED.c[name] for name in AUDIT.c.keys()))  # noqa: SIM118 - columns are no mapping
    .where(_RANKED.c.agency_id == MINE, _RANKED.c.place == 1)
    .order_by(_RANKED.c.site_id)
)
_ANSWERS = Query(
    select(AUDIT_ANSWER)
    .where(AUDIT_ANSWER.c.agency_id == MINE, AUDIT_ANSWER.c.audit_id == bindparam("audit_id"))
    .order_by(AUDIT_ANSWER.c.sequence)
)
_ADD_AUDIT = Query(insert(AUDIT))
_ADD_ANSWER = Query(insert(AUDIT_ANSWER))
_COMPLETION = (
    "completed_on", "completed_at", "completed_by", "answers_at_completion", "verdict",
)  # fmt: skip
_COMPLETE = Query(
    update(AUDIT)
    .where(AUDIT.c.agency_id == MINE, AUDIT.c.id == bindparam("audit_id"))
    .values({AUDIT.c[name]: bindparam(f"new_{name}") for name in _COMPLETION})
)
_UP = Query(
    select(WARNING_SIGNAL)
    .where(
        WARNING_SIGNAL.c.agency_id == MINE,
        WARNING_SIGNAL.c.site_id == bindparam("site_id"),
        WARNING_SIGNAL.c.cleared_at.is_(None),
    )
    .order_by(WARNING_SIGNAL.c.raised_at, WARNING_SIGNAL.c.id)
)
_RAISE = Query(insert(WARNING_SIGNAL))
_CLEARING = ("cleared_on", "cleared_at", "cleared_by", "cleared_evidence")
_CLEAR = Query(
    update(WARNING_SIGNAL)
    .where(WARNING_SIGNAL.c.agency_id == MINE, WARNING_SIGNAL.c.id == bindparam("episode_id"))
    .values({WARNING_SIGNAL.c[name]: bindparam(f"new_{name}") for name in _CLEARING})
)
_CALL = Query(
    select(AUDIT_CALL.c.began_on, AUDIT_CALL.c.began_at).where(
        AUDIT_CALL.c.agency_id == MINE,
        AUDIT_CALL.c.site_id == bindparam("site_id"),
        AUDIT_CALL.c.ended_on.is_(None),
    )
)
_ADD_CALL = Query(insert(AUDIT_CALL))
_END_CALL = Query(
    update(AUDIT_CALL)
    .where(
        AUDIT_CALL.c.agency_id == MINE,
        AUDIT_CALL.c.site_id == bindparam("of_site"),
        AUDIT_CALL.c.ended_on.is_(None),
    )
    .values(ended_on=bindparam("ended"))
)
_REQUESTS = Query(
    select(TICKET.c.channel, func.count())
    .where(
        TICKET.c.agency_id == MINE,
        TICKET.c.client_id == bindparam("client_id"),
        or_(TICKET.c.site_id == bindparam("site_id"), TICKET.c.site_id.is_(None)),
        TICKET.c.opened_at >= bindparam("since"),
        TICKET.c.status.not_in(_NO_REQUESTS),
        not_(
            exists().where(
                AUDIT_CALL.c.agency_id == TICKET.c.agency_id, AUDIT_CALL.c.ticket_id == TICKET.c.id
            )
        ),
    )
    .group_by(TICKET.c.channel)
    .order_by(TICKET.c.channel)
)
_LAST_REPORTED = Query(
    select(REPORT.c.month)
    .where(
        REPORT.c.agency_id == MINE,
        REPORT.c.contract_id == bindparam("contract_id"),
        REPORT.c.published_at.is_not(None),
        REPORT.c.is_told,
    )
    .order_by(REPORT.c.month.desc())
    .limit(1)
)


class SqlDiagnosticRecords:
    """DiagnosticRecords on a database; `locks` takes rows for the time of the transaction."""

    def __init__(self, session: Session, *, locks: bool) -> None:
        self._session = session
        self._site = _LOCKED_SITE if locks else _READ_SITE
        self._audit = _LOCKED_AUDIT if locks else _READ_AUDIT

    async def lock_site(self, site_id: SiteId) -> Site | None:
        """Return a site, locked until the transaction ends."""
        row = await self._session.fetch_one(self._site, id=site_id)
        return None if row is None else SITES.read(row)

    async def sites(self) -> tuple[Site, ...]:
        """Return every site of the agency."""
        return tuple(SITES.read(row) for row in await self._session.fetch_all(_ALL_SITES))

    async def sheet(self, site_id: SiteId) -> SheetVersion | None:
        """Return the latest sheet of a site."""
        row = await self._session.fetch_one(_LATEST_SHEET, site_id=site_id)
        return None if row is None else sheet_version_of(held(SITE_SHEET, row))

    async def add_sheet(self, version: SheetVersion) -> None:
        """Add a version of the sheet of a site."""
        await self._session.write(
            _ADD_SHEET,
            site_id=version.site_id,
            version=version.version,
            document=sheet_document(version.sheet),
            at=version.at,
            by=actor_document(version.by),
        )

    async def audit(self, audit_id: AuditId) -> Audit | None:
        """Return an audit with its answers."""
        row = await self._session.fetch_one(self._audit, id=audit_id)
        if row is None:
            return None
        answers = await self._session.fetch_all(_ANSWERS, audit_id=audit_id)
        return audit_of(held(AUDIT, row), [held(AUDIT_ANSWER, answer) for answer in answers])

    async def add_audit(self, audit: Audit) -> None:
        """Add an audit that has no answers yet."""
        await self._session.add(_ADD_AUDIT, audit_params(audit))

    async def add_answers(self, audit_id: AuditId, after: int, *answers: PointAnswer) -> None:
        """Append answers to the first so many of an audit."""
        for sequence, answer in enumerate(answers, start=after + 1):
            await self._session.add(_ADD_ANSWER, answer_params(audit_id, sequence, answer))

    async def last_audits_for_clients(self, site_ids: Collection[SiteId]) -> tuple[Audit, ...]:
        """Return of each site the last completed audit that was made for its client."""
        rows = await self._session.fetch_all(_LAST_AUDITS, site_ids=list(site_ids))
        found = []
        for row in rows:
            audit = held(AUDIT, row)
            answers = await self._session.fetch_all(_ANSWERS, audit_id=audit["id"])
            found.append(audit_of(audit, [held(AUDIT_ANSWER, answer) for answer in answers]))
        return tuple(found)

    async def complete(self, audit: Audit) -> None:
        """Write the verdict of an audit."""
        params = audit_params(audit)
        changes = {f"new_{name}": params[name] for name in _COMPLETION}
        await self._session.write(_COMPLETE, audit_id=audit.id, **changes)

    async def signals_up(self, site_id: SiteId) -> tuple[SignalEpisode, ...]:
        """Return the signals of a site that are up."""
        rows = await self._session.fetch_all(_UP, site_id=site_id)
        return tuple(episode_of(held(WARNING_SIGNAL, row)) for row in rows)

    async def raise_signal(self, episode: SignalEpisode) -> None:
        """Add a time that a signal is up."""
        await self._session.add(_RAISE, episode_params(episode))

    async def clear_signal(self, episode: SignalEpisode) -> None:
        """Write the end of a time that a signal was up."""
        params = episode_params(episode)
        changes = {f"new_{name}": params[name] for name in _CLEARING}
        await self._session.write(_CLEAR, episode_id=episode.id, **changes)

    async def standing_call(self, site_id: SiteId) -> AuditCall | None:
        """Return the call for an audit that stands at a site."""
        row = await self._session.fetch_one(_CALL, site_id=site_id)
        return None if row is None else AuditCall(site_id, row[0], row[1])

    async def add_call(self, call: AuditCall, ticket_id: TicketId) -> None:
        """Add a call for an audit with the task that it opened."""
        await self._session.write(
            _ADD_CALL,
            site_id=call.site_id,
            began_on=call.began_on,
            began_at=call.began_at,
            ticket_id=ticket_id,
            ended_on=call.ended_on,
        )

    async def end_call(self, site_id: SiteId, on: date) -> None:
        """Write that the call which stands at a site is over."""
        await self._session.write(_END_CALL, of_site=site_id, ended=on)

    async def requests_since(
        self, client_id: ClientId, site_id: SiteId, since: datetime
    ) -> Mapping[Channel, int]:
        """Return how many tickets came in by each channel."""
        rows = await self._session.fetch_all(
            _REQUESTS, client_id=client_id, site_id=site_id, since=since
        )
        return {Channel(channel): count for channel, count in rows}

    async def last_reported(self, contract_id: ContractId) -> Month | None:
        """Return the last month whose report was published for the client."""
        row = await self._session.fetch_one(_LAST_REPORTED, contract_id=contract_id)
        return None if row is None else Month.parsed(row[0])


def sheet_version_of(values: Mapping[str, Any]) -> SheetVersion:  # Any: columns of every type
    """Return the version of a sheet that a row stands for."""
    return SheetVersion(
        site_id=SiteId(values["site_id"]),
        version=values["version"],
        sheet=sheet_of(values["document"]),
        at=values["at"],
        by=actor_of(values["by"]),
    )


def held(table: Table, row: Row) -> Mapping[str, Any]:  # Any: likewise
    """Return a whole row of a table by the names of its columns."""
    return dict(zip(table.c.keys(), row, strict=True))
