"""What the engine's own data tell of a site, and what a plan leaves uncovered by construction."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from helpdesk.domain.diagnosis import derived_points, derived_signals
from helpdesk.domain.errors import Locale
from helpdesk.domain.month import Month
from helpdesk.domain.plan import Origin, PlanServices, ReportLevel, Sourced
from helpdesk.domain.plan_gaps import is_point_uncovered, is_signal_uncovered, recommended_plan
from helpdesk.domain.signal import Signal
from helpdesk.domain.site_knowledge import CheckTold, ContractTold, RecordsTold, SiteKnowledge
from helpdesk.domain.site_record import SiteCheckKind
from helpdesk.domain.site_sheet import SiteSheet
from helpdesk.domain.ticket import Channel
from helpdesk.presets.commercial import commercial_plans

TODAY = date(2026, 7, 1)
LONG_AGO = date(2025, 1, 1)
CONTRACT = ContractTold(
    starts_on=LONG_AGO,
    has_response_sla=True,
    has_resolution_sla=True,
    is_matrix_accepted=True,
    lists_exclusions=True,
    has_emergency_procedure=True,
    has_update_calendar=True,
    last_review_on=date(2026, 1, 15),
)
SHEET = SiteSheet(
    is_cms_supported=True,
    obsolete_plugin_count=3,
    has_staging=True,
    has_monitoring=True,
    has_waf=True,
    has_error_tracking=True,
    has_password_manager=True,
    documented_on=date(2026, 2, 1),
)
RECORDS = RecordsTold(
    last_update_on=date(2026, 6, 1),
    update_count=4,
    fix_count=2,
    last_backup_on=date(2026, 6, 30),
    is_backup_off_site=True,
    has_backup_retention=True,
    last_restore_test_on=date(2026, 6, 1),
    last_performance_audit_on=date(2026, 6, 1),
    certificate_expires_on=date(2026, 9, 1),
    is_certificate_renewed=True,
    checks={
        SiteCheckKind.ACCESS_REVIEW: CheckTold(date(2026, 6, 1), is_ok=True),
        SiteCheckKind.LOGS: CheckTold(date(2026, 6, 1), is_ok=True),
        SiteCheckKind.DEPENDENCY_AUDIT: CheckTold(date(2026, 6, 1), is_ok=False),
    },
)
WELL_KEPT = SiteKnowledge(
    watched_since=LONG_AGO,
    contract=CONTRACT,
    sheet=SHEET,
    records=RECORDS,
    requests={Channel.MAIL: 2, Channel.PORTAL: 1},
    ticket_count=4,
    last_reported=Month(2026, 5),
)
BY_PEOPLE_ALONE = {"E6"}


def fine(facts: SiteKnowledge) -> Mapping[Signal | str, bool]:
    """Return what is told of each signal and point."""
    signals = derived_signals(facts, today=TODAY).items()
    points = derived_points(facts, today=TODAY).items()
    return {what: finding.is_fine for what, finding in (*signals, *points)}


def told(what: Signal | str, facts: SiteKnowledge) -> bool | None:
    return fine(facts).get(what)


def with_records(**changes: Any) -> SiteKnowledge:  # Any: the fields of the records
    return replace(WELL_KEPT, records=replace(RECORDS, **changes))


def with_check(
    kind: SiteCheckKind, **changes: Any
) -> SiteKnowledge:  # Any: the fields of the check
    return with_records(checks={**RECORDS.checks, kind: replace(RECORDS.checks[kind], **changes)})


def with_sheet(**changes: Any) -> SiteKnowledge:  # Any: the fields of the sheet
    return replace(WELL_KEPT, sheet=replace(SHEET, **changes))


def with_contract(**changes: Any) -> SiteKnowledge:  # Any: the fields of the contract
    return replace(WELL_KEPT, contract=replace(CONTRACT, **changes))


def services(**given: object) -> PlanServices:
    sold: dict[str, Any] = {
        name: Sourced(value, Origin.SOURCE, "002 §4.2") for name, value in given.items()
    }
    return PlanServices(**sold)


def test_a_site_that_is_well_kept_is_fine_in_all_that_data_can_tell() -> None:
    answers = fine(WELL_KEPT)

    assert all(answers.values())
    assert {one for one in answers if isinstance(one, Signal)} == set(Signal)
    assert len([one for one in answers if not isinstance(one, Signal)]) == 28 - len(BY_PEOPLE_ALONE)
    assert not BY_PEOPLE_ALONE & {str(one) for one in answers}


def test_of_a_site_that_nobody_described_only_the_missing_contract_is_told() -> None:
    assert fine(SiteKnowledge()) == dict.fromkeys(
        (
            *(Signal.NO_SLA, Signal.NO_EMERGENCY_PROCEDURE),
            *("B5", "D5", "E2", "E3", "E9"),
        ),
        False,
    )


@pytest.mark.parametrize(
    ("what", "facts"),
    [
        (Signal.NO_STAGING, with_sheet(has_staging=False)),
        ("D1", with_sheet(has_staging=False)),
        ("D2", with_sheet(has_staging=False)),
        ("D2", with_records(untested_update_count=1)),
        (Signal.UPDATES_NEVER_DONE, with_records(last_update_on=date(2025, 12, 31))),
        (Signal.UPDATES_NEVER_DONE, with_records(last_update_on=None)),
        (Signal.BACKUP_UNTESTED, with_records(last_restore_test_on=date(2026, 4, 1))),
        ("C3", with_records(last_restore_test_on=None)),
        (Signal.NO_UPTIME_MONITORING, with_sheet(has_monitoring=False)),
        ("B1", with_sheet(has_monitoring=False)),
        ("A5", with_sheet(has_waf=False)),
        ("B3", with_sheet(has_error_tracking=False)),
        ("D3", with_sheet(is_cms_supported=False)),
        ("E7", with_sheet(has_password_manager=False)),
        (Signal.NO_DOCUMENTATION, with_sheet(documented_on=None)),
        ("E5", with_sheet(documented_on=date(2025, 7, 1))),
        ("A2", with_records(late_fix_count=1)),
        ("A1", with_check(SiteCheckKind.DEPENDENCY_AUDIT, on=date(2025, 7, 1))),
        ("A3", with_records(certificate_expires_on=TODAY)),
        ("A3", with_records(is_certificate_renewed=False)),
        ("A4", with_check(SiteCheckKind.ACCESS_REVIEW, on=date(2025, 7, 1))),
        ("A4", with_check(SiteCheckKind.ACCESS_REVIEW, is_ok=False)),
        ("B2", with_check(SiteCheckKind.LOGS, valid_until=date(2026, 6, 30))),
        (Signal.BACKUP_UNTESTED, with_records(has_restore_failed=True)),
        ("B4", with_records(last_performance_audit_on=date(2025, 7, 1))),
        ("C1", with_records(last_backup_on=date(2026, 6, 1))),
        ("C2", with_records(is_backup_off_site=False)),
        ("C4", with_records(has_backup_retention=False)),
        (Signal.NO_REPORT, replace(WELL_KEPT, last_reported=Month(2026, 4))),
        (Signal.NO_REPORT, replace(WELL_KEPT, last_reported=None)),
        (Signal.NO_SLA, with_contract(has_response_sla=False, has_resolution_sla=False)),
        ("E3", with_contract(has_resolution_sla=False)),
        ("E2", with_contract(is_matrix_accepted=False)),
        ("E9", with_contract(lists_exclusions=False)),
        ("D5", with_contract(has_update_calendar=False)),
        (Signal.NO_EMERGENCY_PROCEDURE, with_contract(has_emergency_procedure=False)),
        ("E8", with_contract(last_review_on=date(2025, 7, 1))),
        ("E8", with_contract(last_review_on=None)),
        (Signal.EMAIL_ONLY, replace(WELL_KEPT, requests={Channel.MAIL: 3})),
        ("E1", replace(WELL_KEPT, requests={Channel.MAIL: 3, Channel.MONITORING: 5})),
        (Signal.NO_TICKET_TRACKING, replace(WELL_KEPT, ticket_count=0)),
    ],
)
def test_what_is_wrong_is_told(what: Signal | str, facts: SiteKnowledge) -> None:
    assert told(what, facts) is False


@pytest.mark.parametrize(
    ("what", "facts"),
    [
        (Signal.UPDATES_NEVER_DONE, with_records(last_update_on=date(2026, 1, 1))),
        (Signal.BACKUP_UNTESTED, with_records(last_restore_test_on=date(2026, 4, 2))),
        (Signal.NO_REPORT, replace(WELL_KEPT, last_reported=Month(2026, 6))),
        (Signal.NO_SLA, with_contract(has_resolution_sla=False)),
        (Signal.NO_DOCUMENTATION, with_sheet(documented_on=date(2020, 1, 1))),
        ("A3", with_records(certificate_expires_on=date(2026, 7, 2))),
        ("A4", with_check(SiteCheckKind.ACCESS_REVIEW, on=date(2025, 7, 2))),
        ("B2", with_check(SiteCheckKind.LOGS, valid_until=TODAY)),
        ("D4", with_sheet(obsolete_plugin_count=0)),
        (Signal.NO_UPTIME_MONITORING, with_records(is_probed=True)),
    ],
)
def test_what_just_holds_is_fine(what: Signal | str, facts: SiteKnowledge) -> None:
    assert told(what, facts) is True


@pytest.mark.parametrize(
    ("what", "facts"),
    [
        (Signal.NO_STAGING, replace(WELL_KEPT, sheet=None)),
        (Signal.NO_DOCUMENTATION, replace(WELL_KEPT, sheet=None)),
        ("E5", replace(WELL_KEPT, sheet=None)),
        ("D4", with_sheet(obsolete_plugin_count=None)),
        ("A5", with_sheet(has_waf=None)),
        (Signal.EMAIL_ONLY, replace(WELL_KEPT, requests={Channel.MONITORING: 2})),
        (Signal.NO_REPORT, replace(WELL_KEPT, contract=None)),
        ("A1", with_records(checks={})),
        ("A4", with_records(checks={})),
        ("B4", with_records(last_performance_audit_on=None)),
        ("A2", with_records(fix_count=0)),
        ("A3", with_records(certificate_expires_on=None)),
        ("C1", with_records(last_backup_on=None)),
        ("C2", with_records(is_backup_off_site=None)),
        ("D2", with_records(update_count=0)),
        ("D2", replace(with_records(update_count=0), sheet=None)),
    ],
)
def test_what_nobody_recorded_is_not_told(what: Signal | str, facts: SiteKnowledge) -> None:
    assert told(what, facts) is None


@pytest.mark.parametrize(
    ("what", "since", "nothing_recorded"),
    [
        (Signal.UPDATES_NEVER_DONE, date(2026, 1, 1), with_records(last_update_on=None)),
        (Signal.BACKUP_UNTESTED, date(2026, 4, 1), with_records(last_restore_test_on=None)),
        (Signal.NO_REPORT, date(2026, 5, 1), replace(WELL_KEPT, last_reported=None)),
        (Signal.NO_TICKET_TRACKING, date(2026, 4, 1), replace(WELL_KEPT, ticket_count=0)),
        ("E8", date(2025, 7, 1), with_contract(last_review_on=None)),
    ],
)
def test_nothing_recorded_means_never_only_once_records_were_kept_long_enough(
    what: Signal | str, since: date, nothing_recorded: SiteKnowledge
) -> None:
    young = replace(nothing_recorded, watched_since=since)
    unwatched = replace(nothing_recorded, watched_since=None)

    assert told(what, young) is None
    assert told(what, unwatched) is None
    assert told(what, replace(young, watched_since=since.replace(year=since.year - 1))) is False


def test_a_site_that_monitoring_reports_on_is_monitored_whatever_its_sheet_says() -> None:
    facts = replace(
        WELL_KEPT,
        records=replace(RECORDS, is_probed=True),
        sheet=replace(SHEET, has_monitoring=False),
    )

    assert told(Signal.NO_UPTIME_MONITORING, facts) is True


def test_a_plan_without_a_report_raises_its_signal_whatever_was_sent() -> None:
    facts = with_contract(services=services(report=ReportLevel.NONE))

    assert told(Signal.NO_REPORT, facts) is False
    assert told("E4", facts) is False
    assert told("E4", with_contract(services=services(report=ReportLevel.SIMPLIFIED))) is True


def test_a_finding_says_what_shows_it_in_both_languages() -> None:
    late = derived_signals(with_records(last_update_on=date(2025, 12, 31)), today=TODAY)
    never = derived_signals(with_records(last_update_on=None), today=TODAY)
    bare = derived_points(SiteKnowledge(), today=TODAY)

    finding = late[Signal.UPDATES_NEVER_DONE]
    assert finding.evidence(Locale.EN) == "last update on 2025-12-31"
    assert finding.evidence(Locale.FR) == "dernière mise à jour le 2025-12-31"
    assert never[Signal.UPDATES_NEVER_DONE].evidence(Locale.EN) == "no update"
    assert bare["B5"].evidence(Locale.FR) == "sans procédure d'urgence"


def test_essentiel_leaves_staging_and_report_uncovered_and_business_covers_them() -> None:
    plans = list(commercial_plans().values())
    essentiel = commercial_plans()["guide.essentiel"].services

    assert [one for one in Signal if is_signal_uncovered(one, essentiel)] == [
        Signal.NO_STAGING,
        Signal.NO_REPORT,
    ]
    assert [code for code in ("A1", "D1", "D2", "E4") if is_point_uncovered(code, essentiel)] == [
        "D1",
        "D2",
        "E4",
    ]
    recommended = recommended_plan(plans, "guide.essentiel")
    assert recommended is not None
    assert recommended.code == "guide.business"


@pytest.mark.parametrize("code", ["guide.business", "guide.gold"])
def test_no_plan_is_recommended_where_nothing_is_uncovered(code: str) -> None:
    assert recommended_plan(list(commercial_plans().values()), code) is None


def test_no_plan_is_recommended_where_no_larger_one_has_it_all() -> None:
    plans = commercial_plans()
    bare = replace(plans["guide.critique"], services=services(staging=False))

    assert recommended_plan([plans["guide.business"], bare], "guide.critique") is None
    assert recommended_plan([bare, plans["whodunit.essentiel"]], "guide.critique") is None
    assert is_signal_uncovered(Signal.NO_REPORT, PlanServices()) is False
