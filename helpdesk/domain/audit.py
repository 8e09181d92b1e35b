"""An audit: the checklist answered point by point, dated and with evidence, and its verdict.

Answers are facts: a later one is added, none is changed. What an audit comes to on a day follows
from the answers that held then.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from helpdesk.domain.access import Actor
from helpdesk.domain.checklist import (
    Checklist,
    ChecklistResult,
    CheckPoint,
    DiagnosticLevel,
    PointStatus,
    result_of,
)
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import AgencyId, AuditId, ClientId, SiteId


class AuditKind(StrEnum):
    """What an audit is for (002 §06 L663-665, REQ-K08)."""

    CLIENT_AUDIT = "CLIENT_AUDIT"
    TAKEOVER = "TAKEOVER"
    SELF_DIAGNOSIS = "SELF_DIAGNOSIS"


class AuditDone(HelpdeskError):
    """The verdict of an audit is of one day: what changed since is another answer or audit."""

    code: ClassVar[ErrorCode] = ErrorCode.TRANSITION_REFUSED
    english: ClassVar[str] = "The audit was completed on {on}: start another one."
    french: ClassVar[str] = "L'audit a été clos le {on} : commencez-en un autre."


class AnswerEvidenceRequired(HelpdeskError):
    """Green and red are claims, and a claim that nobody can check is unknown (rules 9)."""

    code: ClassVar[ErrorCode] = ErrorCode.REQUIRED
    english: ClassVar[str] = "Say what shows that point {point} is {status}, or answer UNKNOWN."
    french: ClassVar[str] = (
        "Dites ce qui montre que le point {point} est {status}, ou répondez UNKNOWN."
    )


class AnswerReasonRequired(HelpdeskError):
    """A point is set aside for a reason that somebody can weigh, never in silence (rules 9)."""

    code: ClassVar[ErrorCode] = ErrorCode.REASON_REQUIRED
    english: ClassVar[str] = "Say why point {point} does not apply."
    french: ClassVar[str] = "Dites pourquoi le point {point} ne s'applique pas."


class SecondPersonRequired(HelpdeskError):
    """No one person sets a point aside on which the verdict rests (rules 9)."""

    code: ClassVar[ErrorCode] = ErrorCode.SECOND_PERSON_REQUIRED
    english: ClassVar[str] = (
        "Point {point} weighs CRITICAL: another person of the agency than {first} must say that it "
        "does not apply."
    )
    french: ClassVar[str] = (
        "Le point {point} est critique : une autre personne de l'agence que {first} doit dire "
        "qu'il ne s'applique pas."
    )


class AnswerExpired(HelpdeskError):
    """An answer that holds no more on the day it is given says nothing."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "The answer would hold until {until} only: give a day after {on}."
    french: ClassVar[str] = (
        "La réponse ne vaudrait que jusqu'au {until} : donnez un jour après le {on}."
    )


@dataclass(frozen=True, slots=True)
class PointAnswer:
    """What somebody, or the engine from its own data, says of a point on a day.

    It holds before `expires_on`, a local day as `on` is. `evidence` says what shows it, `reason`
    why a point does not apply. `is_derived` tells an answer of the engine.
    """

    point: str
    status: PointStatus
    on: date
    expires_on: date
    at: datetime
    by: Actor
    evidence: str = ""
    reason: str = ""
    is_derived: bool = False

    def holds_on(self, day: date) -> bool:
        """Return whether the answer was given by a day and has not expired on it."""
        return self.on <= day < self.expires_on


@dataclass(frozen=True, slots=True)
class Audit:
    """An audit of a site by one version of the checklist, with every answer in order.

    `verdict` is what it came to on the day it was completed, None before; so many answers were
    there then.
    """

    id: AuditId
    agency_id: AgencyId
    client_id: ClientId
    site_id: SiteId
    kind: AuditKind
    checklist: Checklist
    started_on: date
    started_at: datetime
    started_by: Actor
    answers: tuple[PointAnswer, ...] = ()
    completed_on: date | None = None
    completed_at: datetime | None = None
    completed_by: Actor | None = None
    answers_at_completion: int = 0
    verdict: ChecklistResult | None = None

    def statuses(self, on: date) -> Mapping[str, PointStatus]:
        """Return the status of each point on a day; unknown where no answer holds."""
        held = self._holding(on)
        return {
            point.code: _status(point, held.get(point.code, ())) for point in self.checklist.points
        }

    def result(self, *, today: date) -> ChecklistResult:
        """Return what the audit comes to today; of a completed one, what is left of its verdict.

        Days to cover a point count from the day of completion, else from today. Once an audit is
        completed, a point stands as it stood then until somebody answers it again.
        """
        audited_on = self.completed_on or today
        statuses = dict(self.statuses(today))
        if self.completed_on is not None:
            since = {answer.point for answer in self.answers[self.answers_at_completion :]}
            then = replace(self, answers=self.answers[: self.answers_at_completion])
            before = then.statuses(self.completed_on)
            statuses |= {code: one for code, one in before.items() if code not in since}
        return result_of(self.checklist, statuses, audited_on=audited_on, today=today)

    def awaits_second(self, code: str, on: date) -> bool:
        """Return whether one person set a CRITICAL point aside and no second one did yet."""
        held = self._holding(on).get(code, ())
        return (
            self.checklist.point(code).level is DiagnosticLevel.CRITICAL
            and bool(held)
            and held[-1].status is PointStatus.NOT_APPLICABLE
            and not _is_seconded(held)
        )

    def _holding(self, on: date) -> Mapping[str, tuple[PointAnswer, ...]]:
        held: dict[str, tuple[PointAnswer, ...]] = {}
        for answer in self.answers:
            if answer.holds_on(on):
                held[answer.point] = (*held.get(answer.point, ()), answer)
            elif answer.on <= on:
                held.pop(answer.point, None)  # a newer answer replaced what came before it
        return held


def answered(audit: Audit, answer: PointAnswer) -> Audit:
    """Return the audit with an answer; a completed one takes answers too, its verdict stays.

    A CRITICAL point does not apply once two people of the agency say so, one after the other; until
    then it is unknown. Raises PointUnknown, AnswerEvidenceRequired, AnswerReasonRequired,
    AnswerExpired, SecondPersonRequired. Source: R-CHK, rules 9.
    """
    point = audit.checklist.point(answer.point)
    if answer.status in {PointStatus.GREEN, PointStatus.RED} and not answer.evidence:
        raise AnswerEvidenceRequired(path=("evidence",), point=point.code, status=answer.status)
    if answer.status is PointStatus.NOT_APPLICABLE:
        _require_setting_aside(audit, point, answer)
    if answer.expires_on <= answer.on:
        raise AnswerExpired(path=("expiresOn",), until=answer.expires_on, on=answer.on)
    return replace(audit, answers=(*audit.answers, answer))


def completed(audit: Audit, *, on: date, at: datetime, by: Actor) -> Audit:
    """Return the audit with its verdict of this day. Raises AuditDone for one that has it.

    Points that nobody answered count as unknown, so a hasty audit is not sufficient.
    """
    if audit.completed_on is not None:
        raise AuditDone(on=audit.completed_on)
    verdict = result_of(audit.checklist, audit.statuses(on), audited_on=on, today=on)
    return replace(
        audit,
        completed_on=on,
        completed_at=at,
        completed_by=by,
        answers_at_completion=len(audit.answers),
        verdict=verdict,
    )


def _require_setting_aside(audit: Audit, point: CheckPoint, answer: PointAnswer) -> None:
    if not answer.reason:
        raise AnswerReasonRequired(path=("reason",), point=point.code)
    if point.level is not DiagnosticLevel.CRITICAL:
        return
    if answer.by.agent_id is None:
        raise SecondPersonRequired(point=point.code, first=answer.by.name)
    if audit.awaits_second(point.code, answer.on):
        first = next(one for one in reversed(audit.answers) if one.point == point.code)
        if first.by.agent_id == answer.by.agent_id:
            raise SecondPersonRequired(point=point.code, first=first.by.name)


def _status(point: CheckPoint, held: tuple[PointAnswer, ...]) -> PointStatus:
    if not held:
        return PointStatus.UNKNOWN
    status = held[-1].status
    is_set_aside = status is PointStatus.NOT_APPLICABLE
    if is_set_aside and point.level is DiagnosticLevel.CRITICAL and not _is_seconded(held):
        return PointStatus.UNKNOWN
    return status


def _is_seconded(held: Iterable[PointAnswer]) -> bool:
    """Return whether the latest answers in a row, by two people, set a point aside."""
    people = set()
    for answer in reversed(tuple(held)):
        if answer.status is not PointStatus.NOT_APPLICABLE:
            break
        people.add(answer.by.agent_id)
    return len(people) > 1
