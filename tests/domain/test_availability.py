"""How long a site was available: what counts, of which month, and what people read (R-UPT)."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from helpdesk.domain.availability import (
    ContractUptime,
    Maintenance,
    MaintenanceBegun,
    MaintenanceReversed,
    SiteFacts,
    SiteUptime,
    active_part,
    announced,
    rests,
    shown_percent,
    site_uptime,
    whole_minutes,
)
from helpdesk.domain.ids import SiteId
from helpdesk.domain.month import Month
from helpdesk.domain.periods import duration
from helpdesk.domain.suspension import ContractSuspension, Suspension
from helpdesk.domain.uptime_clause import (
    MaintenanceNoticeNegative,
    OutageReason,
    SitesTogether,
    UptimeClause,
    UptimeExclusionImpossible,
    UptimePercentImpossible,
)
from tests.domain.uptime import (
    ALICE,
    BRUNOS_SITE,
    PARIS,
    a_day,
    a_month,
    a_watch,
    an_incident,
    period,
    utc,
)

WATCHED = (a_watch("01-01 00:00"),)
PROMISED = UptimeClause(target=Decimal("99.5"))
NOTHING_LEFT_OUT = UptimeClause(target=Decimal("99.5"), excluded=frozenset())


def _uptime(
    *incidents: tuple[str, str | None], clause: UptimeClause = NOTHING_LEFT_OUT
) -> SiteUptime:
    facts = SiteFacts([an_incident(*one) for one in incidents], WATCHED)
    return site_uptime(facts, a_month(), clause)


@pytest.mark.parametrize(
    ("month", "hours"),
    [(Month(2026, 2), 672), (Month(2026, 3), 743), (Month(2026, 7), 744), (Month(2026, 10), 745)],
)
def test_a_month_is_as_long_as_the_clock_on_the_wall_says(month: Month, hours: int) -> None:
    uptime = site_uptime(SiteFacts(watches=WATCHED), a_month(month), NOTHING_LEFT_OUT)

    assert uptime.total == timedelta(hours=hours)
    assert uptime.allowed_minutes == hours * 60 * 5 // 1000
    assert (uptime.contractual, uptime.is_met) == (Fraction(1), True)


def test_a_promise_is_kept_on_the_dot_and_missed_a_microsecond_later() -> None:
    month = a_month(Month(2026, 9))
    end = utc("09-06 11:36")
    on_the_dot = SiteFacts([an_incident("09-06 08:00", "09-06 11:36")], WATCHED)
    later = an_incident("09-06 08:00", None, ended_at=end + timedelta(microseconds=1))

    kept = site_uptime(on_the_dot, month, NOTHING_LEFT_OUT)
    missed = site_uptime(SiteFacts([later], WATCHED), month, NOTHING_LEFT_OUT)

    assert (shown_percent(kept.contractual), kept.is_met) == (Decimal("99.50"), True)
    assert (shown_percent(missed.contractual), missed.is_met) == (Decimal("99.49"), False)
    assert kept.allowed_minutes == 216


def test_outages_of_several_sources_count_once() -> None:
    uptime = _uptime(("07-06 10:00", "07-06 10:30"), ("07-06 10:20", "07-06 10:50"))

    assert uptime.down == (period("07-06 10:00", "07-06 10:50"),)
    assert whole_minutes(uptime.counted) == 50


def test_an_incident_over_midnight_counts_in_each_month_for_its_share() -> None:
    uptime = _uptime(("07-31 21:30", "08-01 00:30"))

    assert uptime.down == (period("07-31 21:30", "07-31 22:00"),)


def test_an_open_incident_counts_up_to_what_is_known() -> None:
    facts = SiteFacts([an_incident("07-06 10:00", None)], WATCHED)

    so_far = site_uptime(facts, a_month(until=utc("07-06 12:00")), NOTHING_LEFT_OUT)
    at_the_end = site_uptime(facts, a_month(), NOTHING_LEFT_OUT)
    before = site_uptime(facts, a_month(until=utc("07-06 10:00")), NOTHING_LEFT_OUT)

    assert whole_minutes(so_far.down) == 120
    assert at_the_end.down == (period("07-06 10:00", "07-31 22:00"),)
    assert before.down == ()


def test_false_alarms_and_mere_errors_count_nowhere() -> None:
    false_alarm = an_incident("07-06 10:00", "07-06 11:00", is_withdrawn=True)
    errors = an_incident("07-06 10:00", "07-06 11:00", is_outage=False)

    uptime = site_uptime(SiteFacts([false_alarm, errors], WATCHED), a_month(), NOTHING_LEFT_OUT)

    assert uptime.down == ()
    assert not false_alarm.is_open


def test_the_instants_of_an_excluded_outage_count_nowhere() -> None:
    excused = an_incident("07-06 10:00", "07-06 11:00", reason=OutageReason.HOSTING_FAILURE)
    fault = an_incident("07-06 10:30", "07-06 11:30")

    uptime = site_uptime(SiteFacts([excused, fault], WATCHED), a_month(), PROMISED)

    assert whole_minutes(uptime.down) == 90
    assert uptime.counted == (period("07-06 11:00", "07-06 11:30"),)
    assert (shown_percent(uptime.measured), shown_percent(uptime.contractual)) == (
        Decimal("99.79"),
        Decimal("99.93"),
    )


@pytest.mark.parametrize("reason", list(OutageReason))
def test_who_sells_the_hosting_answers_for_it(reason: OutageReason) -> None:
    facts = SiteFacts([an_incident("07-06 10:00", "07-06 11:00", reason=reason)], WATCHED)
    is_outside = reason in UptimeClause().excluded

    others = site_uptime(facts, a_month(), PROMISED)
    host = site_uptime(facts, a_month(), replace(PROMISED, is_hosting_sold=True))

    assert bool(others.counted) is not is_outside
    assert bool(host.counted) is (not is_outside or reason is OutageReason.HOSTING_FAILURE)


@pytest.mark.parametrize(
    ("announced_at", "cancelled_at", "counted"),
    [
        ("07-04 10:00", None, 0),
        ("07-04 10:01", None, 60),
        ("07-04 10:00", "07-05 10:00", 60),
    ],
)
def test_only_maintenance_announced_in_time_is_left_out(
    announced_at: str, cancelled_at: str | None, counted: int
) -> None:
    work = Maintenance(
        BRUNOS_SITE,
        period("07-06 10:00", "07-06 11:00"),
        utc(announced_at),
        None if cancelled_at is None else utc(cancelled_at),
    )
    facts = SiteFacts([an_incident("07-06 10:00", "07-06 11:00")], WATCHED, [work])

    uptime = site_uptime(facts, a_month(), PROMISED)

    assert whole_minutes(uptime.counted) == counted
    assert whole_minutes(uptime.down) == 60


def test_maintenance_written_on_an_incident_excuses_nothing() -> None:
    planned = an_incident("07-06 10:00", "07-06 11:00", reason=OutageReason.PLANNED_MAINTENANCE)

    uptime = site_uptime(SiteFacts([planned], WATCHED), a_month(), PROMISED)

    assert whole_minutes(uptime.counted) == 60


def test_maintenance_is_announced_before_it_begins_and_lasts() -> None:
    start, end = utc("07-06 10:00"), utc("07-06 11:00")

    work = announced(BRUNOS_SITE, start, end, at=utc("07-01 00:00"))
    with pytest.raises(MaintenanceReversed):
        announced(BRUNOS_SITE, end, start, at=utc("07-01 00:00"))
    with pytest.raises(MaintenanceBegun):
        announced(BRUNOS_SITE, start, end, at=start)

    assert work.is_in_time(timedelta(days=5))


def test_the_days_on_which_a_contract_rests_are_measured_and_do_not_count() -> None:
    over = ContractSuspension(Suspension(a_day("07-06"), a_day("07-08")), "Works", ALICE)
    resting = ContractSuspension(Suspension(a_day("07-30"), None), "Unpaid", ALICE)
    to_come = ContractSuspension(Suspension(a_day("12-01"), None), "Holidays", ALICE)
    month = a_month(suspended=rests([over, resting, to_come], PARIS, until=utc("08-01 00:00")))
    facts = SiteFacts(
        [an_incident("07-05 21:00", "07-05 23:00"), an_incident("07-31 10:00", "07-31 11:00")],
        WATCHED,
    )

    uptime = site_uptime(facts, month, PROMISED)

    assert whole_minutes(uptime.down) == 180
    assert uptime.counted == (period("07-05 21:00", "07-05 22:00"),)
    assert uptime.total == timedelta(hours=744)


def test_only_the_active_part_of_a_month_counts() -> None:
    july = a_month().active

    begun = active_part(july, a_day("07-16"), None, PARIS)
    ended = active_part(july, a_day("01-01"), a_day("07-16"), PARIS)

    assert begun == period("07-15 22:00", "07-31 22:00")
    assert ended == period("06-30 22:00", "07-15 22:00")
    assert active_part(july, a_day("08-01"), None, PARIS) is None
    assert active_part(july, a_day("01-01"), a_day("07-01"), PARIS) is None


def test_a_month_that_nobody_watched_is_not_measured() -> None:
    unwatched = site_uptime(SiteFacts(), a_month(), PROMISED)

    assert unwatched.coverage == 0
    assert (unwatched.is_measured, unwatched.is_met) == (False, None)
    assert unwatched.gaps == (a_month().active,)


def test_known_outages_break_a_promise_without_a_measure() -> None:
    facts = SiteFacts([an_incident("07-06 10:00", "07-07 10:00")])

    uptime = site_uptime(facts, a_month(), PROMISED)

    assert (uptime.is_measured, uptime.is_met) == (False, False)


@pytest.mark.parametrize(
    ("gap_ends", "is_measured"), [("07-03 11:12", True), ("07-03 11:13", False)]
)
def test_a_month_is_measured_from_the_least_coverage_on(
    gap_ends: str, *, is_measured: bool
) -> None:
    gap = a_watch("07-01 22:00", gap_ends, is_gap=True)

    uptime = site_uptime(SiteFacts(watches=(*WATCHED, gap)), a_month(), PROMISED)

    assert uptime.is_measured is is_measured


def test_a_gap_of_one_probe_is_none_where_another_watched() -> None:
    gap = a_watch("07-02 00:00", "07-20 00:00", is_gap=True)
    other = a_watch("07-02 00:00", "07-19 00:00", source="other probe")
    to_come = a_watch("09-01 00:00")
    facts = SiteFacts(watches=(*WATCHED, gap, other, to_come))

    assert site_uptime(facts, a_month(), PROMISED).gaps == (period("07-19 00:00", "07-20 00:00"),)


def test_coverage_is_of_what_is_over_of_the_month() -> None:
    watched_since = (a_watch("07-06 00:00"),)

    half = site_uptime(
        SiteFacts(watches=watched_since), a_month(until=utc("07-11 02:00")), UptimeClause()
    )
    not_begun = site_uptime(
        SiteFacts(watches=WATCHED), a_month(until=utc("06-01 00:00")), UptimeClause()
    )

    assert half.coverage == Fraction(122, 244)
    assert not_begun.coverage == 0
    assert (not_begun.is_met, not_begun.gaps) == (None, ())
    assert not a_month(until=utc("07-11 02:00")).is_over
    assert a_month().is_over


def test_sites_together_are_as_good_as_the_worst_or_their_average() -> None:
    good, bad = _uptime(), _uptime(("07-06 00:00", "07-06 06:12"))
    sites = {BRUNOS_SITE: good, SiteId("shop.example"): bad}

    worst = ContractUptime(sites, PROMISED)
    average = ContractUptime(sites, replace(PROMISED, sites=SitesTogether.AVERAGE))

    assert worst.contractual == worst.measured == bad.contractual
    assert (worst.is_met, average.is_met) == (False, True)
    assert average.contractual == (good.contractual + bad.contractual) / 2


def test_together_they_are_measured_when_each_is() -> None:
    unwatched = site_uptime(SiteFacts(), a_month(), PROMISED)

    one = ContractUptime({BRUNOS_SITE: _uptime(), SiteId("shop.example"): unwatched})
    none = ContractUptime({})

    assert (one.is_measured, one.is_met, one.contractual) == (False, None, Fraction(1))
    assert (none.is_measured, none.is_met, none.contractual, none.measured) == (
        False,
        None,
        None,
        None,
    )


def test_where_nothing_is_promised_nothing_is_kept_or_missed() -> None:
    unpromised = UptimeClause()

    down = _uptime(("07-06 00:00", "07-16 00:00"), clause=unpromised)

    assert (down.is_met, down.allowed_minutes) == (None, None)
    assert ContractUptime({BRUNOS_SITE: down}, unpromised).is_met is None


def test_a_clause_that_could_not_be_counted_is_refused() -> None:
    for wrong in ("-0.1", "100.1"):
        with pytest.raises(UptimePercentImpossible):
            UptimeClause(target=Decimal(wrong))
    with pytest.raises(UptimePercentImpossible) as refusal:
        UptimeClause(least_coverage=Decimal(101))
    with pytest.raises(UptimeExclusionImpossible):
        UptimeClause(excluded=frozenset({OutageReason.APPLICATION}))
    with pytest.raises(MaintenanceNoticeNegative):
        UptimeClause(maintenance_notice=timedelta(minutes=-1))

    assert refusal.value.path == ("leastCoverage",)


def test_what_people_read_is_cut_and_never_rounded() -> None:
    assert shown_percent(Fraction(99_499_999, 100_000_000)) == Decimal("99.49")
    assert str(shown_percent(Fraction(0))) == "0.00"
    assert duration([]) == timedelta(0)
