"""What the records of a site tell of its care."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from helpdesk.domain.ids import SiteId, SiteRecordId
from helpdesk.domain.records_told import records_told
from helpdesk.domain.site_knowledge import CheckTold, RecordsTold
from helpdesk.domain.site_record import (
    Backup,
    BackupKind,
    Certificate,
    Environment,
    Performance,
    RestoreTest,
    SiteCheck,
    SiteCheckKind,
    SiteFact,
    SiteRecord,
    Update,
)
from tests.factories import AGENCY_ID, ALICE

TODAY = date(2026, 7, 6)
PARIS = ZoneInfo("Europe/Paris")
LIVE = Environment.PRODUCTION


def a_record(fact: SiteFact, on: str = "2026-07-01 10:00", **changes: Any) -> SiteRecord:
    at = datetime.fromisoformat(on).replace(tzinfo=UTC)
    return SiteRecord(
        id=changes.pop("id", SiteRecordId(f"{fact.kind} {on}")),
        agency_id=AGENCY_ID,
        site_id=SiteId("bruno.example"),
        at=at,
        fact=fact,
        recorded_at=datetime(2026, 7, 6, tzinfo=UTC),
        recorded_by=ALICE,
        **changes,
    )


def an_update(environment: Environment = LIVE, **changes: Any) -> Update:  # Any: its fields
    return Update("WordPress", "6.7", "6.8", environment, **changes)


def told(*records: SiteRecord) -> RecordsTold:
    return records_told(records, zone=PARIS, today=TODAY, is_probed=False)


def test_no_record_tells_nothing() -> None:
    assert told() == RecordsTold()
    assert records_told([], zone=PARIS, today=TODAY, is_probed=True) == RecordsTold(is_probed=True)


def test_the_last_update_is_the_last_live_one_that_was_not_taken_back_by_its_local_day() -> None:
    seen = told(
        a_record(an_update(), "2025-12-31 23:30"),
        a_record(an_update(Environment.STAGING), "2026-07-02 10:00"),
        a_record(an_update(rolled_back=True), "2026-07-03 10:00"),
    )

    assert seen.last_update_on == date(2026, 1, 1)
    assert (seen.update_count, seen.untested_update_count, seen.fix_count) == (0, 0, 0)


def test_recent_updates_are_counted_with_those_that_were_late_or_untested() -> None:
    published = datetime(2026, 6, 1, tzinfo=UTC)
    fix = an_update(security_published_at=published, is_tested_on_staging=True)
    seen = told(
        a_record(an_update(), "2026-04-05 10:00"),
        a_record(an_update(), "2026-04-06 10:00"),
        a_record(fix, "2026-06-04 00:00"),
        a_record(fix, "2026-06-04 00:01"),
    )

    assert (seen.update_count, seen.untested_update_count) == (3, 1)
    assert (seen.fix_count, seen.late_fix_count) == (2, 1)


@pytest.mark.parametrize(
    ("backup", "counts"),
    [
        (Backup(BackupKind.DATABASE), True),
        (Backup(BackupKind.FULL), True),
        (Backup(BackupKind.FILES), False),
        (Backup(BackupKind.FULL, is_automatic=False), False),
    ],
)
def test_a_backup_counts_when_it_is_automatic_and_holds_the_database(
    *, backup: Backup, counts: bool
) -> None:
    assert (told(a_record(backup)).last_backup_on is not None) is counts


def test_the_last_backup_says_where_it_is_and_for_how_long() -> None:
    seen = told(
        a_record(Backup(BackupKind.FULL), "2026-06-01 10:00"),
        a_record(Backup(BackupKind.FULL, is_off_site=True, retention_days=30)),
    )

    assert (seen.is_backup_off_site, seen.has_backup_retention) == (True, True)
    assert told(a_record(Backup(BackupKind.FULL))).has_backup_retention is False


def test_a_failed_restore_undoes_the_success_before_it() -> None:
    good, bad = RestoreTest(has_succeeded=True), RestoreTest(has_succeeded=False)

    failed = told(a_record(good, "2026-06-01 10:00"), a_record(bad))
    passed = told(a_record(bad, "2026-06-01 10:00"), a_record(good))

    assert (failed.last_restore_test_on, failed.has_restore_failed) == (None, True)
    assert (passed.last_restore_test_on, passed.has_restore_failed) == (date(2026, 7, 1), False)


def test_the_certificate_figures_and_checks_are_told() -> None:
    expires_at = datetime(2026, 9, 1, 22, 30, tzinfo=UTC)
    check = SiteCheck(SiteCheckKind.LOGS, is_ok=True, valid_until=date(2026, 8, 1))

    seen = told(
        a_record(Certificate("bruno.example", expires_at, is_renewed_automatically=True)),
        a_record(Performance("https://bruno.example", "lighthouse", {"score": Decimal(91)})),
        a_record(check),
    )

    assert (seen.certificate_expires_on, seen.is_certificate_renewed) == (date(2026, 9, 2), True)
    assert seen.last_performance_audit_on == date(2026, 7, 1)
    assert seen.checks == {
        SiteCheckKind.LOGS: CheckTold(date(2026, 7, 1), is_ok=True, valid_until=date(2026, 8, 1))
    }


def test_what_was_corrected_tells_nothing() -> None:
    wrong = a_record(an_update(), id=SiteRecordId("wrong"))
    right = a_record(
        an_update(), "2026-05-01 10:00", id=SiteRecordId("right"), corrects=SiteRecordId("wrong")
    )

    assert told(wrong, right).last_update_on == right.at.date() == date(2026, 5, 1)
    assert right.recorded_at - right.at > timedelta(days=60)
