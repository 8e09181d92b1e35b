"""What the engine proposes as the summary, and how a report is frozen."""

from dataclasses import replace

import pytest

from helpdesk.domain.consumption import Consumption
from helpdesk.domain.errors import Locale
from helpdesk.domain.plan import ReportLevel
from helpdesk.domain.report_lines import (
    AlertKind,
    AlertLine,
    ReportLines,
    SlaVerdict,
    UnitConsumption,
)
from helpdesk.domain.report_rubric import ReportedEvent, Rubric, printed_rubrics, rubrics_of
from helpdesk.domain.report_snapshot import canonical, digest_of, snapshot_of
from helpdesk.domain.report_summary import figures_of, proposed_summary
from helpdesk.domain.retainer_terms import RetainerUnit
from tests.domain.reports import (
    a_head,
    a_promise,
    a_report,
    a_ticket,
    an_availability,
    busy_lines,
    consumption,
)


def test_a_busy_month_is_told_in_three_lines() -> None:
    assert proposed_summary(busy_lines(), Locale.FR) == (
        "6 demandes traitées, dont 5 terminées ; 4 engagements de délai tenus sur 6.",
        "Disponibilité de 99,89\u00a0%, 2 mises à jour effectuées, forfait de tickets utilisé à"
        " 120\u00a0%.",
        "À décider ensemble : 2 recommandations.",
    )
    assert proposed_summary(busy_lines(), Locale.EN) == (
        "6 requests handled, 5 of them finished; 4 of 6 promises of delay were kept.",
        "Availability of 99.89%, 2 updates done, 120% of the ticket allowance used.",
        "To decide together: 2 recommendations.",
    )


def test_an_empty_month_is_told_in_one_line() -> None:
    assert proposed_summary(ReportLines(), Locale.FR) == ("Mois calme : aucune demande à traiter.",)
    assert proposed_summary(ReportLines(), Locale.EN) == ("A quiet month: no request to handle.",)


def test_a_month_in_which_every_promise_was_kept_says_so() -> None:
    lines = ReportLines(tickets=(a_ticket(1, "x", a_promise()),))

    assert proposed_summary(lines, Locale.FR)[0] == (
        "1 demande traitée, dont 1 terminée ; tous les engagements de délai sont tenus (1 sur 1)."
    )
    assert proposed_summary(lines, Locale.EN)[0] == (
        "1 request handled, 1 of them finished; every promise of delay was kept (1 of 1)."
    )


def test_a_promise_that_still_runs_is_not_due() -> None:
    lines = ReportLines(tickets=(a_ticket(1, "x", a_promise(SlaVerdict.RUNNING)),))

    assert figures_of(lines).due == 0
    assert proposed_summary(lines, Locale.FR)[0].endswith("aucun délai arrivé à échéance.")
    assert proposed_summary(lines, Locale.EN)[0].endswith("no promise fell due.")


def test_without_a_recommendation_the_planned_dates_are_told() -> None:
    lines = replace(busy_lines(), alerts=())

    assert proposed_summary(lines, Locale.FR)[2] == "À venir : 3 échéances planifiées."
    assert proposed_summary(lines, Locale.EN)[2] == "To come: 3 planned dates."


def test_a_month_that_was_not_measured_has_no_figure_in_the_summary() -> None:
    unmeasured = replace(an_availability(), is_measured=False)
    unlimited = UnitConsumption(
        RetainerUnit.CORRECTIVE_TICKETS,
        consumption()[0].starts_on,
        consumption()[0].ends_on,
        Consumption(is_unlimited=True, consumed=3),
    )
    over_nothing = replace(unlimited, gauge=Consumption(overage=2))
    lines = ReportLines(availability=(unmeasured,), consumption=(unlimited, over_nothing))

    assert len(proposed_summary(lines, Locale.FR)) == 1


def test_a_site_that_was_never_down_shows_a_hundred_and_one_second_shows() -> None:
    assert replace(an_availability(), counted_seconds=0).contractual_hundredths == 100_00
    assert replace(an_availability(), counted_seconds=1).contractual_hundredths == 99_99
    assert an_availability(down=0).measured_hundredths == 99_93


def test_how_far_over_a_promise_went_is_told_once_its_clock_stopped() -> None:
    assert a_promise(counted=9_300).over_seconds == 2_100
    assert a_promise(counted=3_600).over_seconds == 0
    assert a_promise(counted=None).over_seconds is None
    assert replace(a_promise(), allowance_seconds=None).over_seconds is None


def test_the_snapshot_has_seven_rubrics_at_every_level() -> None:
    for level in ReportLevel:
        snapshot = snapshot_of(a_report(ReportLines(), head=a_head(level)))

        assert [one["n"] for one in snapshot["rubrics"]] == [1, 2, 3, 4, 5, 6, 7]
        printed = [one["n"] for one in snapshot["rubrics"] if one["isPrinted"]]
        assert printed == [rubric.number for rubric in printed_rubrics(level)]


def test_the_same_facts_give_the_same_hash_and_another_minute_another() -> None:
    one, same = snapshot_of(a_report()), snapshot_of(a_report())
    other = snapshot_of(a_report(replace(busy_lines(), credits=())))

    assert digest_of(one) == digest_of(same)
    assert digest_of(other) != digest_of(one)
    assert canonical({"b": 1, "a": "é"}) == b'{"a":"\xc3\xa9","b":1}'


def test_computed_figures_are_frozen_too() -> None:
    rubrics = snapshot_of(a_report())["rubrics"]

    assert rubrics[2]["units"][1]["gauge"]["percent"] == 64
    assert rubrics[2]["units"][1]["gauge"]["state"] == "ok"
    assert rubrics[4]["sites"][0]["contractualHundredths"] == 99_89
    assert rubrics[1]["tickets"][1]["promises"][0]["overSeconds"] == 2_100


@pytest.mark.parametrize("event", list(ReportedEvent))
def test_every_compensation_appears_somewhere(event: ReportedEvent) -> None:
    assert rubrics_of(event)


def test_a_mention_is_no_recommendation() -> None:
    lines = ReportLines(alerts=(AlertLine(AlertKind.P1_MENTION, "x"),))

    assert len(proposed_summary(lines, Locale.FR)) == 1


def test_the_headings_are_those_of_the_guide() -> None:
    assert [rubric.heading(Locale.EN) for rubric in Rubric] == [
        "Executive summary",
        "Tickets handled",
        "Use of the plan",
        "Updates done",
        "Availability (uptime)",
        "Alerts and recommendations",
        "Next month's outlook",
    ]
    assert Rubric.ALERTS.short_heading(Locale.FR) == "Alertes"
