"""A calendar said the wrong hours: they are corrected for the past too, and everybody sees whom
that serves.
"""

from dataclasses import dataclass, replace

from helpdesk.domain.access import NotFound, Viewer
from helpdesk.domain.business_hours import BusinessHours
from helpdesk.domain.calendar import CalendarVersion, versions_that_count
from helpdesk.domain.correction import CorrectionKind, VersionUnknown
from helpdesk.usecases.correction_impact import given_reason, moves_of
from helpdesk.usecases.corrections import CorrectionOutcome, kept_correction
from helpdesk.usecases.create_calendar import opening_hours
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records
from helpdesk.usecases.public_holidays import HolidayChoice
from helpdesk.usecases.rederive import AsIf, rederive_tickets
from helpdesk.usecases.require_manager import require_manager
from helpdesk.usecases.settle_again import PutRight, hold_contracts, settle_again


@dataclass(frozen=True, slots=True)
class CorrectCalendar:
    """The hours that a version should have had; a dry run only tells what would move."""

    code: str
    version: int
    hours: BusinessHours
    reason: str
    is_dry_run: bool
    holidays: HolidayChoice | None = None


async def correct_calendar(
    desk: Desk, *, viewer: Viewer, request: CorrectCalendar
) -> CorrectionOutcome:
    """Replace the hours of a version from its `effective_from` on; return every clock that moves.

    The wrong version stays readable, and is named by the one that corrects it. Raises NotFound,
    VersionUnknown, CorrectionWithoutReason, ManagersOnly and what impossible hours raise.
    """
    reason = given_reason(request.reason)
    async with desk.store.transaction(viewer.agency_id) as records:
        await require_manager(records, viewer)
        corrected = await _corrected(desk, records, viewer, request)
        contract_ids = await records.upkeep.contracts_counting_on(corrected.calendar_id)
        if not request.is_dry_run:
            await hold_contracts(records, contract_ids)
        moves = await moves_of(records, contract_ids, AsIf(calendar=(corrected,)), at=desk.now())
        if request.is_dry_run:
            return CorrectionOutcome(moves, None)
        await records.contracts.add_calendar_version(corrected)
        await rederive_tickets(desk, records, {move.ticket_id for move in moves})
        right = PutRight(contract_ids, corrected.effective_from, moves)
        await settle_again(desk, records, right)
        return await kept_correction(
            desk,
            records,
            viewer,
            kind=CorrectionKind.CALENDAR,
            subject_id=corrected.calendar_id,
            reason=reason,
            detail={
                "code": request.code,
                "version": corrected.version,
                "corrects": request.version,
            },
            moves=moves,
        )


async def _corrected(
    desk: Desk, records: Records, viewer: Viewer, request: CorrectCalendar
) -> CalendarVersion:
    calendar_id = await records.contracts.calendar_of_code(request.code)
    if calendar_id is None:
        raise NotFound(path=("code",), what="Calendar", id=request.code)
    versions = await records.contracts.calendar_versions([calendar_id])
    counting = {version.version: version for version in versions_that_count(versions)}
    wrong = counting.get(request.version)
    if wrong is None:
        known = ", ".join(str(number) for number in counting)
        raise VersionUnknown(path=("version",), version=request.version, known=known)
    since = wrong.effective_from
    return replace(
        wrong,
        version=max(version.version for version in versions) + 1,
        hours=opening_hours(desk, viewer, request.hours, request.holidays, since=since),
        corrects=wrong.version,
        published_at=desk.now(),
    )
