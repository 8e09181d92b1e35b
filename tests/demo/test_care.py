"""What was done without a request in the demo: audits, signals, routines, a review."""

import json

from tests.demo.planting import Planted

ROUTINES = """
    SELECT DISTINCT c.name FROM helpdesk_routine_run r
    JOIN helpdesk_contract k ON k.id = r.contract_id JOIN helpdesk_client c ON c.id = k.client_id
    WHERE r.kind = :kind ORDER BY c.name
"""


def test_the_site_to_be_taken_over_was_audited_and_is_not_fit_yet(demo: Planted) -> None:
    [(site, done_on, verdict)] = demo.rows(
        """SELECT s.name, a.completed_on, a.verdict FROM helpdesk_audit a
        JOIN helpdesk_site s ON s.id = a.site_id WHERE a.kind = 'TAKEOVER'"""
    )
    told = json.loads(verdict)

    assert (site, done_on < demo.now.date().isoformat()) == ("La Page Cornée", True)
    assert "A4" in told["critical_failed"]
    assert told["high_due"]


def test_a_point_was_put_right_after_the_verdict(demo: Planted) -> None:
    rows = demo.rows(
        """SELECT w.point, w.status FROM helpdesk_audit_answer w
        JOIN helpdesk_audit a ON a.id = w.audit_id
        WHERE a.kind = 'TAKEOVER' AND w.sequence > a.answers_at_completion"""
    )

    assert rows == [("A4", "GREEN")]


def test_open_points_of_an_audit_are_in_a_report_that_was_published_since(demo: Planted) -> None:
    rows = demo.rows("SELECT month FROM helpdesk_report WHERE snapshot LIKE '%OPEN_POINT%'")

    assert ("2026-02",) in rows
    assert ("2025-12",) not in rows


def test_signals_came_up_and_some_went_down_again(demo: Planted) -> None:
    signals = dict(
        demo.rows("SELECT signal, count(*) FROM helpdesk_warning_signal GROUP BY signal")
    )

    assert {"NO_EMERGENCY_PROCEDURE", "NO_STAGING"} <= set(signals)
    assert demo.rows("SELECT 1 FROM helpdesk_audit_call") == []


def test_whoever_has_a_report_has_an_emergency_procedure(demo: Planted) -> None:
    [(procedures,)] = demo.rows(
        "SELECT count(DISTINCT contract_id) FROM helpdesk_emergency_procedure"
    )
    [(reported,)] = demo.rows("SELECT count(DISTINCT contract_id) FROM helpdesk_report")

    assert procedures == reported == 4


def test_a_review_was_held(demo: Planted) -> None:
    [(attendees,)] = demo.rows("SELECT attendees FROM helpdesk_review_meeting")

    assert "Bruno Verdier" in attendees


def test_routines_are_planned_for_what_each_plan_sells(demo: Planted) -> None:
    reported = [row[0] for row in demo.rows(ROUTINES, kind="REPORT")]
    saved = [row[0] for row in demo.rows(ROUTINES, kind="BACKUPS")]

    assert reported == [
        *("Brasserie Keller", "Maison Verdier", "Mutuelle Horizon Ouest", "Transports Lagarde")
    ]
    assert len(saved) == 7


def test_the_routines_of_the_month_before_were_done(demo: Planted) -> None:
    rows = demo.rows(
        """SELECT r.month, t.status FROM helpdesk_routine_run r
        JOIN helpdesk_ticket t ON t.id = r.ticket_id GROUP BY 1, 2 ORDER BY 1"""
    )

    assert rows == [("2026-02", "RESOLVED"), ("2026-03", "NEW")]
