"""What the records of a site tell of its care: the last of each kind, and how many were late."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from helpdesk.domain.period import months_later
from helpdesk.domain.site_knowledge import LOOKBACK_MONTHS, CheckTold, RecordsTold
from helpdesk.domain.site_record import (
    Backup,
    BackupKind,
    Certificate,
    Environment,
    Performance,
    RestoreTest,
    SiteCheck,
    SiteRecord,
    Update,
    counting,
)

Fact = TypeVar("Fact")
Told: TypeAlias = Sequence[tuple[date, SiteRecord]]
"""Records by the local day of what they tell, in order."""

_WITH_DATABASE = frozenset({BackupKind.DATABASE, BackupKind.FULL})


def records_told(
    records: Iterable[SiteRecord], *, zone: ZoneInfo, today: date, is_probed: bool
) -> RecordsTold:
    """Return what records tell on a local day; those that were corrected tell nothing.

    An update counts once it is live and was not taken back. A backup counts when it is automatic
    and holds the database (C1). A restore test that failed after the last success undoes it.
    """
    told = [(one.at.astimezone(zone).date(), one) for one in counting(records)]
    tested_on, test = _last(_of(RestoreTest, told))
    _, certificate = _last(_of(Certificate, told))
    return RecordsTold(
        **_of_updates(told, today),
        **_of_backups(told),
        last_restore_test_on=tested_on if test is not None and test.has_succeeded else None,
        has_restore_failed=test is not None and not test.has_succeeded,
        last_performance_audit_on=_last(_of(Performance, told))[0],
        certificate_expires_on=None
        if certificate is None
        else certificate.expires_at.astimezone(zone).date(),
        is_certificate_renewed=certificate is not None and certificate.is_renewed_automatically,
        checks={
            fact.what: CheckTold(day, fact.is_ok, fact.valid_until)
            for day, fact in _of(SiteCheck, told)
        },
        is_probed=is_probed,
    )


def _of_updates(told: Told, today: date) -> dict[str, Any]:  # Any: fields of what is told
    live = [
        (day, one.fact, one.at)
        for day, one in told
        if isinstance(one.fact, Update)
        and one.fact.environment is Environment.PRODUCTION
        and not one.fact.rolled_back
    ]
    since = months_later(today, -LOOKBACK_MONTHS)
    recent = [(update, at) for day, update, at in live if day >= since]
    lateness = [update.is_late(at) for update, at in recent]
    return {
        "last_update_on": live[-1][0] if live else None,
        "update_count": len(recent),
        "untested_update_count": sum(not update.is_tested_on_staging for update, _ in recent),
        "fix_count": sum(late is not None for late in lateness),
        "late_fix_count": sum(late is True for late in lateness),
    }


def _of_backups(told: Told) -> dict[str, Any]:  # Any: likewise
    made_on, backup = _last(
        [
            (day, fact)
            for day, fact in _of(Backup, told)
            if fact.is_automatic and fact.what in _WITH_DATABASE
        ]
    )
    return {
        "last_backup_on": made_on,
        "is_backup_off_site": None if backup is None else backup.is_off_site,
        "has_backup_retention": None if backup is None else backup.retention_days is not None,
    }


def _of(kind: type[Fact], told: Told) -> list[tuple[date, Fact]]:
    return [(day, one.fact) for day, one in told if isinstance(one.fact, kind)]


def _last(facts: Sequence[tuple[date, Fact]]) -> tuple[date | None, Fact | None]:
    return facts[-1] if facts else (None, None)
