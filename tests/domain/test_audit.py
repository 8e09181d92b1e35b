"""An audit answered point by point: what holds on a day, who sets a point aside, the verdict."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from helpdesk.domain.access import Actor, ActorKind
from helpdesk.domain.audit import (
    AnswerEvidenceRequired,
    AnswerExpired,
    AnswerReasonRequired,
    Audit,
    AuditDone,
    AuditKind,
    PointAnswer,
    SecondPersonRequired,
    answered,
    completed,
)
from helpdesk.domain.checklist import (
    CheckBlock,
    Checklist,
    CheckPoint,
    DiagnosticLevel,
    PointStatus,
    PointUnknown,
    result_of,
)
from helpdesk.domain.errors import HelpdeskError
from helpdesk.domain.ids import AgentId, AuditId, SiteId
from tests.factories import AGENCY_ID, ALICE, BRUNOS_CLIENT, MONDAY, ROBOT

ADAM = Actor(ActorKind.AGENT, "Adam", agent_id=AgentId("adam"))
TODAY = date(2026, 7, 6)
A_DAY = timedelta(days=1)
GREEN, RED = PointStatus.GREEN, PointStatus.RED
UNKNOWN, ASIDE = PointStatus.UNKNOWN, PointStatus.NOT_APPLICABLE

POINTS = (
    CheckPoint("A1", CheckBlock.SECURITY, DiagnosticLevel.CRITICAL, 12),
    CheckPoint("A3", CheckBlock.SECURITY, DiagnosticLevel.HIGH, 3),
    CheckPoint("B4", CheckBlock.AVAILABILITY, DiagnosticLevel.MEDIUM, 12),
    CheckPoint("C3", CheckBlock.BACKUPS, DiagnosticLevel.CRITICAL, 3),
)
CHECKLIST = Checklist(1, POINTS)


def an_audit(**changes: Any) -> Audit:  # Any: its fields
    audit = Audit(
        id=AuditId("audit-1"),
        agency_id=AGENCY_ID,
        client_id=BRUNOS_CLIENT,
        site_id=SiteId("bruno.example"),
        kind=AuditKind.CLIENT_AUDIT,
        checklist=CHECKLIST,
        started_on=TODAY,
        started_at=MONDAY,
        started_by=ALICE,
    )
    return replace(audit, **changes)


def an_answer(point: str, status: PointStatus, **changes: Any) -> PointAnswer:  # Any: likewise
    on = changes.pop("on", TODAY)
    answer = PointAnswer(
        point=point,
        status=status,
        on=on,
        expires_on=on + timedelta(days=100),
        at=MONDAY + (on - TODAY),
        by=ALICE,
        evidence="" if status in {UNKNOWN, ASIDE} else "seen in the console",
        reason="a static site" if status is ASIDE else "",
    )
    return replace(answer, **changes)


def with_answers(*answers: PointAnswer) -> Audit:
    audit = an_audit()
    for answer in answers:
        audit = answered(audit, answer)
    return audit


ALL_GREEN = tuple(an_answer(point.code, GREEN) for point in POINTS)


def test_what_nobody_answered_is_unknown_and_unknown_is_not_green() -> None:
    audit = with_answers(an_answer("A1", GREEN))

    assert audit.statuses(TODAY) == {"A1": GREEN, "A3": UNKNOWN, "B4": UNKNOWN, "C3": UNKNOWN}
    result = audit.result(today=TODAY)
    assert not result.is_sufficient
    assert result.failing == ("C3", "A3", "B4")


def test_a_maintenance_is_sufficient_when_every_critical_point_is_green() -> None:
    audit = with_answers(*ALL_GREEN, an_answer("A3", RED), an_answer("B4", RED))

    result = audit.result(today=TODAY)

    assert result.is_sufficient
    assert result.high_due == {"A3": date(2026, 8, 5)}
    assert result.good_practice == ("B4",)


@pytest.mark.parametrize(("days", "overdue"), [(30, ()), (31, ("A3",))])
def test_a_high_point_is_overdue_on_the_day_after_the_thirtieth(
    days: int, overdue: tuple[str, ...]
) -> None:
    statuses = {"A1": GREEN, "A3": RED, "B4": GREEN, "C3": GREEN}

    result = result_of(CHECKLIST, statuses, audited_on=TODAY, today=TODAY + timedelta(days=days))

    assert result.high_overdue == overdue


def test_an_answer_holds_from_its_day_until_it_expires() -> None:
    audit = with_answers(an_answer("C3", GREEN, expires_on=TODAY + 2 * A_DAY))

    assert [audit.statuses(TODAY + days * A_DAY)["C3"] for days in (-1, 0, 1, 2)] == [
        UNKNOWN,
        GREEN,
        GREEN,
        UNKNOWN,
    ]


def test_a_later_answer_replaces_an_earlier_one_even_once_it_has_expired() -> None:
    later = TODAY + A_DAY
    audit = with_answers(
        an_answer("A1", GREEN),
        an_answer("A1", RED, on=later, expires_on=later + A_DAY),
    )

    assert [audit.statuses(TODAY + days * A_DAY)["A1"] for days in (0, 1, 2)] == [
        GREEN,
        RED,
        UNKNOWN,
    ]


@pytest.mark.parametrize(
    ("answer", "refusal", "path"),
    [
        (an_answer("A1", GREEN, evidence=""), AnswerEvidenceRequired, ("evidence",)),
        (an_answer("A3", RED, evidence=""), AnswerEvidenceRequired, ("evidence",)),
        (an_answer("A3", ASIDE, reason=""), AnswerReasonRequired, ("reason",)),
        (an_answer("A1", GREEN, expires_on=TODAY), AnswerExpired, ("expiresOn",)),
        (an_answer("Z9", GREEN), PointUnknown, ("point",)),
        (an_answer("A1", ASIDE, by=ROBOT), SecondPersonRequired, ()),
    ],
)
def test_an_answer_that_says_nothing_is_refused(
    answer: PointAnswer, refusal: type[HelpdeskError], path: tuple[str, ...]
) -> None:
    with pytest.raises(refusal) as refused:
        answered(an_audit(), answer)

    assert refused.value.path == path


def test_unknown_needs_no_evidence() -> None:
    assert with_answers(an_answer("A1", UNKNOWN)).statuses(TODAY)["A1"] is UNKNOWN


def test_one_person_sets_a_point_aside_that_is_not_critical() -> None:
    audit = with_answers(an_answer("A3", ASIDE, by=ROBOT))

    assert audit.statuses(TODAY)["A3"] is ASIDE
    assert not audit.awaits_second("A3", TODAY)
    assert "A3" not in audit.result(today=TODAY).high_due


def test_a_critical_point_is_unknown_until_a_second_person_sets_it_aside() -> None:
    alone = with_answers(*ALL_GREEN, an_answer("C3", ASIDE))
    both = answered(alone, an_answer("C3", ASIDE, by=ADAM))

    assert (alone.statuses(TODAY)["C3"], alone.awaits_second("C3", TODAY)) == (UNKNOWN, True)
    assert alone.result(today=TODAY).critical_failed == ("C3",)
    assert (both.statuses(TODAY)["C3"], both.awaits_second("C3", TODAY)) == (ASIDE, False)
    assert both.result(today=TODAY).is_sufficient


def test_nobody_is_the_second_person_to_himself() -> None:
    alone = with_answers(an_answer("C3", ASIDE))

    with pytest.raises(SecondPersonRequired) as refused:
        answered(alone, an_answer("C3", ASIDE))

    assert refused.value.values == {"point": "C3", "first": "Alice"}


def test_a_point_that_was_answered_in_between_needs_both_people_again() -> None:
    audit = with_answers(
        an_answer("C3", ASIDE), an_answer("C3", RED, by=ADAM), an_answer("C3", ASIDE, by=ADAM)
    )

    assert audit.awaits_second("C3", TODAY)
    assert not answered(audit, an_answer("C3", ASIDE)).awaits_second("C3", TODAY)


def test_nobody_waits_for_a_second_person_where_nothing_was_set_aside() -> None:
    audit = with_answers(an_answer("C3", GREEN))

    assert not audit.awaits_second("C3", TODAY)
    assert not audit.awaits_second("A1", TODAY)


def test_the_verdict_is_of_its_day_and_what_is_put_right_later_shows_beside_it() -> None:
    failing = with_answers(*ALL_GREEN, an_answer("A3", RED))
    audit = completed(failing, on=TODAY, at=MONDAY, by=ALICE)
    later = TODAY + timedelta(days=40)

    assert audit.verdict == result_of(
        CHECKLIST, failing.statuses(TODAY), audited_on=TODAY, today=TODAY
    )
    assert audit.result(today=later).high_overdue == ("A3",)
    repaired = answered(audit, an_answer("A3", GREEN, on=later))
    assert repaired.result(today=later).high_due == {}
    assert repaired.verdict == audit.verdict


def test_what_expires_after_the_completion_takes_nothing_from_its_day() -> None:
    short = replace(ALL_GREEN[0], expires_on=TODAY + A_DAY)
    audit = completed(with_answers(short, *ALL_GREEN[1:]), on=TODAY, at=MONDAY, by=ALICE)
    later = TODAY + 5 * A_DAY

    assert audit.statuses(later)["A1"] is UNKNOWN
    assert audit.result(today=later).is_sufficient


def test_an_audit_is_completed_once() -> None:
    audit = completed(an_audit(), on=TODAY, at=MONDAY, by=ALICE)

    with pytest.raises(AuditDone):
        completed(audit, on=TODAY + A_DAY, at=MONDAY + A_DAY, by=ADAM)


def test_who_completed_an_audit_and_when_is_kept() -> None:
    at: datetime = MONDAY + A_DAY

    audit = completed(an_audit(), on=TODAY + A_DAY, at=at, by=ADAM)

    assert (audit.completed_on, audit.completed_at, audit.completed_by) == (TODAY + A_DAY, at, ADAM)
    assert audit.verdict is not None
    assert not audit.verdict.is_sufficient


def test_a_checklist_counts_its_points() -> None:
    assert CHECKLIST.by_level() == {
        DiagnosticLevel.CRITICAL: 2,
        DiagnosticLevel.HIGH: 1,
        DiagnosticLevel.MEDIUM: 1,
    }
    assert CHECKLIST.by_block()[CheckBlock.SECURITY] == 2
