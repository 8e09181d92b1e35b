"""What was done on sites, in the database."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import and_, bindparam, exists, not_, select

from helpdesk.domain.ids import AgencyId, SiteId, SiteRecordId
from helpdesk.domain.period import Period
from helpdesk.domain.site_record import SiteRecord, SiteRecordKind
from helpdesk.storage.classification_documents import actor_document, actor_of
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.query import Query, in_list, insert
from helpdesk.storage.session import MINE, Session
from helpdesk.storage.site_documents import site_document, site_fact_of
from helpdesk.storage.tables.site_record import SITE_RECORD

_RECORD = SITE_RECORD.c
_LATER = SITE_RECORD.alias("later")
STANDING = not_(
    exists().where(_LATER.c.agency_id == _RECORD.agency_id, _LATER.c.corrects == _RECORD.id)
)
"""The condition that nothing corrects a record."""

_ADD = Query(insert(SITE_RECORD))
_BY_ID = Query(select(SITE_RECORD).where(_RECORD.agency_id == MINE, _RECORD.id == bindparam("id")))
_OF_SITES = (
    select(SITE_RECORD)
    .where(
        _RECORD.agency_id == MINE,
        in_list(_RECORD.site_id, "site_ids"),
        in_list(_RECORD.kind, "kinds"),
        STANDING,
    )
    .order_by(_RECORD.at, _RECORD.recorded_at, _RECORD.id)
)
_ALL = Query(_OF_SITES)
_OF_PERIOD = Query(
    _OF_SITES.where(
        and_(_RECORD.at >= bindparam("period_start"), _RECORD.at < bindparam("period_end"))
    )
)
_LATEST = Query(
    select(SITE_RECORD)
    .where(
        _RECORD.agency_id == MINE,
        _RECORD.site_id == bindparam("site_id"),
        _RECORD.kind == bindparam("kind"),
        STANDING,
    )
    .order_by(_RECORD.at.desc(), _RECORD.recorded_at.desc(), _RECORD.id.desc())
    .limit(1)
)


class SqlSiteRecords:
    """SiteRecords on a database."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def record(self, record_id: SiteRecordId) -> SiteRecord | None:
        """Return a record."""
        row = await self._session.fetch_one(_BY_ID, id=record_id)
        return None if row is None else site_record_of(row)

    async def add(self, record: SiteRecord) -> None:
        """Append a record."""
        await self._session.write(
            _ADD,
            id=record.id,
            site_id=record.site_id,
            kind=record.fact.kind.value,
            at=record.at,
            document=site_document(record.fact),
            recorded_at=record.recorded_at,
            recorded_by=actor_document(record.recorded_by),
            corrects=record.corrects,
        )

    async def records(
        self,
        site_ids: Collection[SiteId],
        kinds: Iterable[SiteRecordKind],
        period: Period | None = None,
    ) -> tuple[SiteRecord, ...]:
        """Return the records of these kinds that were not corrected, of a period or all."""
        asked: dict[str, object] = {
            "site_ids": list(site_ids),
            "kinds": [kind.value for kind in kinds],
        }
        if period is None:
            rows = await self._session.fetch_all(_ALL, **asked)
        else:
            rows = await self._session.fetch_all(
                _OF_PERIOD, period_start=period.start, period_end=period.end, **asked
            )
        return tuple(site_record_of(row) for row in rows)

    async def latest(self, site_id: SiteId, kind: SiteRecordKind) -> SiteRecord | None:
        """Return the last record of a kind that was not corrected."""
        row = await self._session.fetch_one(_LATEST, site_id=site_id, kind=kind.value)
        return None if row is None else site_record_of(row)


def site_record_of(row: Row) -> SiteRecord:
    """Return the record that a whole row holds."""
    values: Mapping[str, Any] = dict(zip(SITE_RECORD.c.keys(), row, strict=True))  # Any: columns
    corrects = values["corrects"]
    return SiteRecord(
        id=SiteRecordId(values["id"]),
        agency_id=AgencyId(values["agency_id"]),
        site_id=SiteId(values["site_id"]),
        at=values["at"],
        fact=site_fact_of(SiteRecordKind(values["kind"]), values["document"]),
        recorded_at=values["recorded_at"],
        recorded_by=actor_of(values["recorded_by"]),
        corrects=None if corrects is None else SiteRecordId(corrects),
    )
