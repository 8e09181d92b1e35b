"""What was done on a site is written down, corrected by later records, and read from reports."""

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from helpdesk.domain.access import AgencyOnly, NotFound
from helpdesk.domain.ids import SiteId, SiteRecordId
from helpdesk.domain.message import TextRequired, TextTooLong
from helpdesk.domain.period import Period
from helpdesk.domain.site_record import (
    Backup,
    BackupKind,
    Certificate,
    Environment,
    Performance,
    RecordToCome,
    RestoreTest,
    Severity,
    SiteCheck,
    SiteCheckKind,
    SiteFact,
    SiteRecord,
    SiteRecordKind,
    Update,
    Vulnerability,
    VulnerabilityState,
    open_vulnerabilities,
)
from helpdesk.domain.site_report import ReportFormat, ReportNotUnderstood
from helpdesk.storage.tables.site_record import SITE_RECORD
from helpdesk.usecases import import_site_report as importing
from helpdesk.usecases.import_site_report import ImportSiteReport, import_site_report
from helpdesk.usecases.record_on_site import (
    TEXT_LIMIT,
    CorrectedRecordOther,
    RecordOnSite,
    record_on_site,
)
from tests.domain.test_site_record import a_hole, an_update
from tests.factories import AGENCY_ID, at
from tests.usecases.monitoring import BRUNOS_SITE
from tests.usecases.world import World

FIXTURES = Path(__file__).parents[1] / "monitoring" / "fixtures"
CHLOES_SITE = SiteId("chloe.example")


async def noted(
    world: World, fact: SiteFact, when: str = "07-06 08:00", **changes: Any
) -> SiteRecord:
    """Return a record of Bruno's site that Alice makes. Any: the other fields of the request."""
    request = RecordOnSite(changes.pop("site_id", BRUNOS_SITE), at(when), fact, **changes)
    return await record_on_site(world.desk, viewer=world.alice, request=request)


async def kept(world: World, *kinds: SiteRecordKind) -> tuple[SiteRecord, ...]:
    """Return the records of Bruno's site that stand."""
    async with world.desk.store.reading(AGENCY_ID) as records:
        return await records.site_records.records([BRUNOS_SITE], kinds or list(SiteRecordKind))


async def test_everything_comes_back_as_it_was_written(both_worlds: World) -> None:
    world = both_worlds
    day = at("07-05 00:00")
    facts: list[SiteFact] = [
        an_update(),
        Update("Yoast", "", "22.9", Environment.STAGING),
        Backup(BackupKind.FULL, is_off_site=True, retention_days=30, size_bytes=10**10),
        RestoreTest(has_succeeded=True, backup_made_at=day, minutes_taken=12, note="On staging."),
        Certificate("bruno.example", day + timedelta(days=80), "Let's Encrypt"),
        a_hole(url="https://example.org"),
        Performance("https://bruno.example", "gtmetrix", {"lcp": Decimal("2431.5")}, "mobile"),
        SiteCheck(SiteCheckKind.ACCESS_REVIEW, is_ok=True, valid_until=day.date()),
    ]

    written = [await noted(world, fact) for fact in facts]

    assert {record.fact.kind for record in written} == set(SiteRecordKind)
    assert sorted(map(repr, await kept(world))) == sorted(map(repr, written))
    async with world.desk.store.reading(AGENCY_ID) as records:
        assert await records.site_records.record(written[0].id) == written[0]


async def test_records_are_found_by_month_and_the_latest_by_kind(both_worlds: World) -> None:
    world = both_worlds
    june = await noted(world, Backup(BackupKind.FULL), "06-30 23:59")
    july = await noted(world, Backup(BackupKind.FULL), "07-01 00:00")

    async with world.desk.store.reading(AGENCY_ID) as records:
        found = await records.site_records.records(
            [BRUNOS_SITE],
            [SiteRecordKind.BACKUP],
            Period(at("07-01 00:00"), at("08-01 00:00")),
        )
        latest = await records.site_records.latest(BRUNOS_SITE, SiteRecordKind.BACKUP)
        none = await records.site_records.latest(BRUNOS_SITE, SiteRecordKind.CHECK)

    assert found == (july,)
    assert (latest, none) == (july, None)
    assert await kept(world) == (june, july)


async def test_a_correction_stands_instead_of_a_slip(both_worlds: World) -> None:
    world = both_worlds
    slip = await noted(world, an_update(to_version="6.6.5"))

    right = await noted(world, an_update(), corrects=slip.id)

    assert await kept(world) == (right,)
    assert len(await world.rows(SITE_RECORD)) == 2


async def test_only_what_is_alike_can_be_corrected(world: World) -> None:
    update = await noted(world, an_update())
    elsewhere = await noted(world, an_update(), site_id=CHLOES_SITE)

    async with world.refused(CorrectedRecordOther):
        await noted(world, Backup(BackupKind.FULL), corrects=update.id)
    async with world.refused(CorrectedRecordOther):
        await noted(world, an_update(), corrects=elsewhere.id)
    async with world.refused(NotFound):
        await noted(world, an_update(), corrects=SiteRecordId("none"))


async def test_texts_are_there_and_fit(world: World) -> None:
    for fact, refusal in (
        (an_update(component=" "), TextRequired),
        (an_update(to_version=""), TextRequired),
        (an_update(note="x" * (TEXT_LIMIT + 1)), TextTooLong),
        (Certificate("", at("07-20 00:00")), TextRequired),
        (a_hole(""), TextRequired),
        (a_hole(title=""), TextRequired),
    ):
        async with world.refused(refusal):
            await noted(world, fact)

    record = await noted(world, an_update(note=" Went\x00well "))

    assert isinstance(record.fact, Update)
    assert record.fact.note == "Went\ufffdwell"


async def test_what_is_to_come_and_whose_site_it_is_not_is_refused(both_worlds: World) -> None:
    world = both_worlds
    request = RecordOnSite(BRUNOS_SITE, at("07-06 08:00"), an_update())

    async with world.refused(RecordToCome):
        await noted(world, an_update(), "07-06 09:01")
    async with world.refused(AgencyOnly):
        await record_on_site(world.desk, viewer=world.bruno, request=request)
    async with world.refused(NotFound):
        await record_on_site(world.desk, viewer=world.zoe, request=request)


async def imported(
    world: World, report_format: ReportFormat, content: bytes | None = None
) -> tuple[SiteRecord, ...]:
    """Return what a report adds to what is known of Bruno's site."""
    name = f"{report_format.value.lower()}.json"
    raw = (FIXTURES / name).read_bytes() if content is None else content
    request = ImportSiteReport(BRUNOS_SITE, report_format, raw)
    return await import_site_report(world.desk, viewer=world.alice, request=request)


async def test_reports_add_what_is_new_and_say_what_is_fixed(both_worlds: World) -> None:
    world = both_worlds
    clean = json.dumps({"auditReportVersion": 2, "vulnerabilities": {}}).encode()

    first = await imported(world, ReportFormat.NPM_AUDIT)
    again = await imported(world, ReportFormat.NPM_AUDIT)
    scan = await imported(world, ReportFormat.WPSCAN)
    world.now.advance(hours=1)
    fixed = await imported(world, ReportFormat.NPM_AUDIT, clean)

    kinds = [[record.fact.kind.value for record in each] for each in (first, again, scan)]
    assert kinds[0] == ["CHECK", "VULNERABILITY", "VULNERABILITY"]
    assert kinds[1] == ["CHECK"]
    assert kinds[2] == ["CHECK"] + ["VULNERABILITY"] * 3
    states = [one.fact.state for one in fixed if isinstance(one.fact, Vulnerability)]
    assert states == [VulnerabilityState.FIXED] * 2
    still = open_vulnerabilities(await kept(world))
    assert {one.tool for one in still} == {"wpscan"}
    assert {one.severity for one in still} == {Severity.MODERATE, Severity.UNKNOWN}


async def test_a_report_that_says_when_it_was_made_is_of_then(world: World) -> None:
    (record,) = await imported(world, ReportFormat.LIGHTHOUSE)

    assert record.at.isoformat() == "2026-07-05T16:13:31+00:00"
    assert isinstance(record.fact, Performance)


async def test_a_bad_report_is_refused_and_nothing_is_kept(world: World) -> None:
    for report_format in ReportFormat:
        async with world.refused(ReportNotUnderstood):
            await imported(world, report_format, b"{}")
    async with world.refused(TextTooLong):
        await imported(world, ReportFormat.WPSCAN, b" " * (importing.REPORT_LIMIT + 1))
