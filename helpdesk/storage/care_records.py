"""How contracts are cared for, in the database: emergency procedures, reviews, routines."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table, bindparam, select

from helpdesk.domain.emergency import ProcedureVersion
from helpdesk.domain.ids import ContractId
from helpdesk.domain.review import ReviewMeeting, ReviewRhythm, RhythmVersion
from helpdesk.domain.routine import RoutineKind
from helpdesk.storage.classification_documents import actor_document, actor_of
from helpdesk.storage.diagnostic_documents import procedure_document, procedure_of
from helpdesk.storage.diagnostic_records import held
from helpdesk.storage.query import Query, insert
from helpdesk.storage.session import MINE, Session
from helpdesk.storage.tables.diagnostics import (
    EMERGENCY_PROCEDURE,
    REVIEW_MEETING,
    REVIEW_RHYTHM,
    ROUTINE_RUN,
)
from helpdesk.usecases.diagnostics_ports import RoutineRun


def _latest(table: Table) -> Query:
    return Query(
        select(table)
        .where(table.c.agency_id == MINE, table.c.contract_id == bindparam("contract_id"))
        .order_by(table.c.version.desc())
        .limit(1)
    )


_PROCEDURE, _RHYTHM = _latest(EMERGENCY_PROCEDURE), _latest(REVIEW_RHYTHM)
_ADD_PROCEDURE, _ADD_RHYTHM = Query(insert(EMERGENCY_PROCEDURE)), Query(insert(REVIEW_RHYTHM))
_MEETINGS = Query(
    select(REVIEW_MEETING)
    .where(
        REVIEW_MEETING.c.agency_id == MINE,
        REVIEW_MEETING.c.contract_id == bindparam("contract_id"),
    )
    .order_by(REVIEW_MEETING.c.sequence)
)
_ADD_MEETING = Query(insert(REVIEW_MEETING))
_RUNS = Query(
    select(ROUTINE_RUN.c.kind)
    .where(
        ROUTINE_RUN.c.agency_id == MINE,
        ROUTINE_RUN.c.contract_id == bindparam("contract_id"),
        ROUTINE_RUN.c.month == bindparam("month"),
    )
    .order_by(ROUTINE_RUN.c.kind)
)
_ADD_RUN = Query(insert(ROUTINE_RUN))


class SqlCareRecords:
    """CareRecords on a database."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def procedure(self, contract_id: ContractId) -> ProcedureVersion | None:
        """Return the emergency procedure of a contract."""
        row = await self._session.fetch_one(_PROCEDURE, contract_id=contract_id)
        return None if row is None else procedure_version_of(held(EMERGENCY_PROCEDURE, row))

    async def add_procedure(self, version: ProcedureVersion) -> None:
        """Add a version of the emergency procedure of a contract."""
        await self._session.write(
            _ADD_PROCEDURE,
            contract_id=version.contract_id,
            version=version.version,
            document=procedure_document(version.procedure),
            at=version.at,
            by=actor_document(version.by),
        )

    async def rhythm(self, contract_id: ContractId) -> RhythmVersion | None:
        """Return how often a contract is reviewed."""
        row = await self._session.fetch_one(_RHYTHM, contract_id=contract_id)
        return None if row is None else rhythm_version_of(held(REVIEW_RHYTHM, row))

    async def add_rhythm(self, version: RhythmVersion) -> None:
        """Add a version of how often a contract is reviewed."""
        await self._session.write(
            _ADD_RHYTHM,
            contract_id=version.contract_id,
            version=version.version,
            every_months=version.rhythm.every_months,
            at=version.at,
            by=actor_document(version.by),
        )

    async def meetings(self, contract_id: ContractId) -> tuple[ReviewMeeting, ...]:
        """Return the reviews of a contract in the order they were recorded in."""
        rows = await self._session.fetch_all(_MEETINGS, contract_id=contract_id)
        return tuple(meeting_of(held(REVIEW_MEETING, row)) for row in rows)

    async def add_meeting(self, meeting: ReviewMeeting) -> None:
        """Append a review that was held."""
        await self._session.write(
            _ADD_MEETING,
            contract_id=meeting.contract_id,
            sequence=meeting.sequence,
            held_on=meeting.held_on,
            attendees=meeting.attendees,
            minutes=meeting.minutes,
            at=meeting.at,
            by=actor_document(meeting.by),
        )

    async def runs_of(self, contract_id: ContractId, month: str) -> frozenset[RoutineKind]:
        """Return the routines of a contract that were opened in a month."""
        rows = await self._session.fetch_all(_RUNS, contract_id=contract_id, month=month)
        return frozenset(RoutineKind(kind) for (kind,) in rows)

    async def add_run(self, run: RoutineRun) -> None:
        """Append a routine that was opened."""
        planned = run.planned
        await self._session.write(
            _ADD_RUN,
            contract_id=run.contract_id,
            month=str(planned.month),
            kind=planned.kind.value,
            opens_on=planned.opens_on,
            due_on=planned.due_on,
            ticket_id=run.ticket_id,
            opened_at=run.opened_at,
        )


def procedure_version_of(values: Mapping[str, Any]) -> ProcedureVersion:  # Any: columns
    """Return the version of an emergency procedure that a row stands for."""
    return ProcedureVersion(
        contract_id=ContractId(values["contract_id"]),
        version=values["version"],
        procedure=procedure_of(values["document"]),
        at=values["at"],
        by=actor_of(values["by"]),
    )


def rhythm_version_of(values: Mapping[str, Any]) -> RhythmVersion:  # Any: likewise
    """Return the version of a rhythm that a row stands for."""
    return RhythmVersion(
        contract_id=ContractId(values["contract_id"]),
        version=values["version"],
        rhythm=ReviewRhythm(values["every_months"]),
        at=values["at"],
        by=actor_of(values["by"]),
    )


def meeting_of(values: Mapping[str, Any]) -> ReviewMeeting:  # Any: likewise
    """Return the review that a row stands for."""
    return ReviewMeeting(
        contract_id=ContractId(values["contract_id"]),
        sequence=values["sequence"],
        held_on=values["held_on"],
        attendees=values["attendees"],
        minutes=values["minutes"],
        at=values["at"],
        by=actor_of(values["by"]),
    )
