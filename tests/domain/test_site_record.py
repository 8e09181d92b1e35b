"""What was done on a site: the 72 hours of security updates, corrections, and what cannot be."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from helpdesk.domain.ids import AgencyId, SiteRecordId
from helpdesk.domain.site_record import (
    AcceptanceUnexplained,
    Backup,
    BackupKind,
    Certificate,
    Environment,
    FigureNegative,
    FiguresMissing,
    Performance,
    PublishedAfterUpdate,
    RecordToCome,
    RestoreTest,
    Severity,
    SiteCheck,
    SiteCheckKind,
    SiteFact,
    SiteRecord,
    Update,
    Vulnerability,
    VulnerabilityState,
    counting,
    open_vulnerabilities,
)
from helpdesk.domain.site_report import SiteReport, worth_recording
from tests.domain.uptime import ALICE, BRUNOS_SITE, utc

NOON = utc("07-06 12:00")
PUBLISHED = utc("07-03 12:00")


def a_record(fact: SiteFact, at: str = "07-06 10:00", **changes: Any) -> SiteRecord:
    """Return a record of Alice's. Any: the other fields of a record."""
    given: dict[str, Any] = {
        "id": SiteRecordId(f"{fact.kind} at {at}"),
        "agency_id": AgencyId("agency"),
        "site_id": BRUNOS_SITE,
        "at": utc(at),
        "fact": fact,
        "recorded_at": NOON,
        "recorded_by": ALICE,
    }
    return SiteRecord(**{**given, **changes})


def an_update(**changes: Any) -> Update:
    """Return a security update of WordPress. Any: the other fields of an update."""
    given: dict[str, Any] = {
        "component": "WordPress",
        "from_version": "6.5.4",
        "to_version": "6.5.5",
        "environment": Environment.PRODUCTION,
        "security_published_at": PUBLISHED,
    }
    return Update(**{**given, **changes})


def a_hole(identifier: str = "CVE-1", **changes: Any) -> Vulnerability:
    """Return a vulnerability of a plugin. Any: the other fields of one."""
    given: dict[str, Any] = {"severity": Severity.HIGH, "title": "XSS", "tool": "wpscan"}
    return Vulnerability("forms", identifier, **{**given, **changes})


def test_a_security_update_is_in_time_for_72_hours_to_the_dot() -> None:
    update = an_update()

    assert update.is_late(PUBLISHED + timedelta(hours=72)) is False
    assert update.is_late(PUBLISHED + timedelta(hours=72, microseconds=1)) is True


@pytest.mark.parametrize(
    "changes",
    [
        {"security_published_at": None},
        {"environment": Environment.STAGING},
        {"rolled_back": True},
    ],
)
def test_the_72_hours_are_those_of_security_updates_in_production(changes: dict[str, Any]) -> None:
    assert an_update(**changes).is_late(NOON) is None


@pytest.mark.parametrize(
    ("fact", "refusal"),
    [
        (an_update(security_published_at=utc("07-06 10:01")), PublishedAfterUpdate),
        (Backup(BackupKind.FULL, retention_days=-1), FigureNegative),
        (Backup(BackupKind.FULL, size_bytes=-1), FigureNegative),
        (RestoreTest(has_succeeded=True, minutes_taken=-1), FigureNegative),
        (Performance("https://bruno.example", "lighthouse", {}), FiguresMissing),
        (Performance("https://bruno.example", "gtmetrix", {"lcp": Decimal(-1)}), FigureNegative),
        (a_hole(state=VulnerabilityState.ACCEPTED, note=" "), AcceptanceUnexplained),
    ],
)
def test_what_cannot_have_been_is_refused(fact: SiteFact, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        a_record(fact)


def test_what_is_yet_to_come_is_no_record() -> None:
    with pytest.raises(RecordToCome):
        a_record(an_update(), at="07-06 12:01")


@pytest.mark.parametrize(
    "fact",
    [
        an_update(security_published_at=None),
        Backup(BackupKind.DATABASE, retention_days=0),
        RestoreTest(has_succeeded=False),
        Certificate("bruno.example", utc("09-01 00:00")),
        Performance("https://bruno.example", "gtmetrix", {"lcp": Decimal(0)}),
        a_hole(state=VulnerabilityState.ACCEPTED, note="Not reachable."),
        SiteCheck(SiteCheckKind.LOGS, is_ok=True),
    ],
)
def test_what_can_have_been_is_kept(fact: SiteFact) -> None:
    assert a_record(fact).fact == fact


def test_a_correction_stands_instead_of_what_it_corrects() -> None:
    slip = a_record(an_update(to_version="6.6.5"))
    right = a_record(an_update(), id=SiteRecordId("right"), corrects=slip.id)
    earlier = a_record(Backup(BackupKind.FULL), at="07-05 10:00")

    assert counting([right, slip, earlier]) == (earlier, right)


def test_the_last_word_about_a_vulnerability_stands() -> None:
    records = [
        a_record(a_hole("CVE-2"), at="07-01 10:00"),
        a_record(a_hole("CVE-1"), at="07-01 11:00"),
        a_record(a_hole("CVE-1", state=VulnerabilityState.FIXED), at="07-02 10:00"),
        a_record(a_hole("CVE-3", state=VulnerabilityState.ACCEPTED, note="No."), at="07-03 10:00"),
        a_record(a_hole("CVE-4"), at="07-04 10:00"),
        a_record(Backup(BackupKind.FULL), at="07-04 11:00"),
    ]

    found = open_vulnerabilities(records)

    assert [one.identifier for one in found] == ["CVE-2", "CVE-4"]


def test_a_report_tells_what_is_new_and_what_is_no_longer_there() -> None:
    audit = SiteCheck(SiteCheckKind.DEPENDENCY_AUDIT, is_ok=False)
    known = [a_hole("CVE-1"), a_hole("CVE-2"), a_hole("CVE-3", tool="npm audit")]
    report = SiteReport("wpscan", check=audit, vulnerabilities=(a_hole("CVE-2"), a_hole("CVE-9")))

    added = list(worth_recording(report, known))

    assert added == [audit, a_hole("CVE-9"), a_hole("CVE-1", state=VulnerabilityState.FIXED)]


def test_figures_alone_say_nothing_of_vulnerabilities() -> None:
    figures = Performance("https://bruno.example", "wpscan", {"lcp": Decimal(1)})

    added = list(worth_recording(SiteReport("wpscan", figures=figures), [a_hole()]))

    assert added == [figures]
