"""Audits, signals, sheets, reviews and routines as the doors show them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

from helpdesk.domain.audit import Audit, PointAnswer
from helpdesk.domain.checklist import ChecklistResult
from helpdesk.domain.emergency import ProcedureVersion
from helpdesk.domain.month import Month
from helpdesk.domain.plan import PlanServices
from helpdesk.domain.plan_gaps import is_point_uncovered, is_signal_uncovered
from helpdesk.domain.review import ReviewMeeting, ReviewRhythm
from helpdesk.domain.routine import IsWorked, Routine, next_planned, routines_of
from helpdesk.domain.signal import SignalEpisode
from helpdesk.domain.site_sheet import SheetVersion, SiteSheet
from helpdesk.usecases.diagnostics_ports import DiagnosticsCatalogue
from helpdesk.usecases.read_models import Thing


@dataclass(frozen=True, slots=True)
class RoutineBasis:
    """What the next routines of a contract follow from: its services, its days, the local day."""

    services: PlanServices
    since: Month
    today: date
    is_worked: IsWorked


def sheet_thing(version: SheetVersion, today: date) -> Thing:
    """Return a version of what is known of a site."""
    sheet = version.sheet
    return Thing(
        version=version.version,
        at=version.at,
        by_name=version.by.name,
        is_php_supported=sheet.is_php_supported(today),
        **{each.name: getattr(sheet, each.name) for each in fields(SiteSheet)},
    )


def signal_thing(episode: SignalEpisode, services: PlanServices | None) -> Thing:
    """Return a time that a signal was up; `services` are those of the contract, if there is one."""
    raised, cleared = episode.raised, episode.cleared
    return Thing(
        signal=episode.signal,
        raised_on=raised.on,
        raised_at=raised.at,
        raised_by_name=raised.by.name,
        evidence=raised.evidence,
        is_derived=episode.is_derived,
        is_uncovered_by_plan=services is not None and is_signal_uncovered(episode.signal, services),
        cleared_on=None if cleared is None else cleared.on,
        cleared_at=None if cleared is None else cleared.at,
        cleared_by_name=None if cleared is None else cleared.by.name,
        cleared_evidence=None if cleared is None else cleared.evidence,
    )


def point_things(audit: Audit, services: PlanServices | None, today: date) -> list[Thing]:
    """Return every point of an audit with its last answer and what it counts for today."""
    statuses = audit.statuses(today)
    last = {answer.point: answer for answer in audit.answers}
    return [
        Thing(
            code=point.code,
            block=point.block,
            level=point.level,
            status=statuses[point.code],
            awaits_second_person=audit.awaits_second(point.code, today),
            is_uncovered_by_plan=services is not None and is_point_uncovered(point.code, services),
            answer=_answer_thing(last.get(point.code)),
        )
        for point in audit.checklist.points
    ]


def result_thing(result: ChecklistResult | None) -> Thing | None:
    """Return what an audit comes to; None where there is no verdict yet."""
    if result is None:
        return None
    return Thing(
        is_sufficient=result.is_sufficient,
        critical_failed=result.critical_failed,
        high_due=[
            Thing(point=code, due_on=due, is_overdue=code in result.high_overdue)
            for code, due in result.high_due.items()
        ],
        good_practice=result.good_practice,
    )


def procedure_thing(version: ProcedureVersion | None) -> Thing | None:
    """Return the emergency procedure of a contract, if it has one."""
    if version is None:
        return None
    procedure = version.procedure
    return Thing(
        version=version.version,
        at=version.at,
        by_name=version.by.name,
        contacts=procedure.contacts,
        rollback=procedure.rollback,
        escalation=procedure.escalation,
    )


def reviews_thing(
    rhythm: ReviewRhythm, meetings: Sequence[ReviewMeeting], since: date, today: date
) -> Thing:
    """Return how a contract is reviewed: how often, what was held, what comes next."""
    next_on = rhythm.next_on(since=since, held=[one.held_on for one in meetings])
    latest_first = sorted(meetings, key=lambda one: (one.held_on, one.sequence), reverse=True)
    return Thing(
        every_months=rhythm.every_months,
        next_on=next_on,
        is_overdue=today > next_on,
        meetings=[
            Thing(
                held_on=one.held_on,
                attendees=one.attendees,
                minutes=one.minutes,
                recorded_at=one.at,
                recorded_by_name=one.by.name,
            )
            for one in latest_first
        ],
    )


def routine_things(basis: RoutineBasis, catalogue: DiagnosticsCatalogue) -> list[Thing]:
    """Return the routines of a contract with the days on which each is done next."""
    routines = routines_of(basis.services, catalogue.weeks())
    return [_routine_thing(basis, routine) for routine in routines]


def _routine_thing(basis: RoutineBasis, routine: Routine) -> Thing:
    coming = next_planned(routine, after=basis.today, since=basis.since, is_worked=basis.is_worked)
    return Thing(
        kind=routine.kind,
        every_months=routine.every_months,
        first_week=routine.weeks.first,
        last_week=routine.weeks.last,
        next_opens_on=None if coming is None else coming.opens_on,
        next_due_on=None if coming is None else coming.due_on,
    )


def _answer_thing(answer: PointAnswer | None) -> Thing | None:
    if answer is None:
        return None
    return Thing(
        status=answer.status,
        on=answer.on,
        expires_on=answer.expires_on,
        by_name=answer.by.name,
        evidence=answer.evidence or None,
        reason=answer.reason or None,
        is_derived=answer.is_derived,
    )
