"""The care of a contract: its reviews and its emergency procedure."""

from dataclasses import dataclass
from datetime import date

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.emergency import EmergencyProcedure, ProcedureVersion
from helpdesk.domain.ids import ContractId
from helpdesk.domain.message import BODY_LIMIT, required_text
from helpdesk.domain.review import ReviewMeeting, ReviewRhythm, RhythmVersion, require_held
from helpdesk.domain.secret_text import require_no_secret
from helpdesk.usecases.contract_step import ContractInHand, in_hand, manageable
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records

ATTENDEES_LIMIT = 500


@dataclass(frozen=True, slots=True)
class RecordReview:
    """A meeting that was held with the client: when, who came, what was said."""

    contract_id: ContractId
    held_on: date
    attendees: str
    minutes: str


@dataclass(frozen=True, slots=True)
class SetReviewRhythm:
    """Every how many months a contract is reviewed."""

    contract_id: ContractId
    rhythm: ReviewRhythm


@dataclass(frozen=True, slots=True)
class SetEmergencyProcedure:
    """What is done under a contract when everything is down."""

    contract_id: ContractId
    procedure: EmergencyProcedure


async def record_review(desk: Desk, *, viewer: Viewer, request: RecordReview) -> ReviewMeeting:
    """Append a review and return it.

    Raises AgencyOnly, ScopeMissing, NotFound, ReviewToCome, TextRequired, TextTooLong and
    SecretRefused.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        held = await _cared_for(desk, records, viewer, request.contract_id)
        require_held(request.held_on, today=held.today)
        meeting = ReviewMeeting(
            contract_id=request.contract_id,
            sequence=len(await records.care.meetings(request.contract_id)) + 1,
            held_on=request.held_on,
            attendees=required_text(request.attendees, field="attendees", limit=ATTENDEES_LIMIT),
            minutes=require_no_secret(
                required_text(request.minutes, field="minutes", limit=BODY_LIMIT), field="minutes"
            ),
            at=desk.now(),
            by=viewer.actor,
        )
        await records.care.add_meeting(meeting)
        return meeting


async def set_review_rhythm(
    desk: Desk, *, viewer: Viewer, request: SetReviewRhythm
) -> RhythmVersion:
    """Settle how often a contract is reviewed and return it; what is settled so already stays.

    Raises NotFound and ManagersOnly; the rhythm itself refuses less than once a year.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        await manageable(desk, records, viewer, request.contract_id)
        latest = await records.care.rhythm(request.contract_id)
        if latest is not None and latest.rhythm == request.rhythm:
            return latest
        number = 1 if latest is None else latest.version + 1
        version = RhythmVersion(
            request.contract_id, number, request.rhythm, desk.now(), viewer.actor
        )
        await records.care.add_rhythm(version)
        return version


async def set_emergency_procedure(
    desk: Desk, *, viewer: Viewer, request: SetEmergencyProcedure
) -> ProcedureVersion:
    """Add a version of the emergency procedure and return it; the same one again adds none.

    Raises AgencyOnly, ScopeMissing and NotFound; the procedure itself refuses holes and secrets.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        await _cared_for(desk, records, viewer, request.contract_id)
        latest = await records.care.procedure(request.contract_id)
        if latest is not None and latest.procedure == request.procedure:
            return latest
        number = 1 if latest is None else latest.version + 1
        version = ProcedureVersion(
            request.contract_id, number, request.procedure, desk.now(), viewer.actor
        )
        await records.care.add_procedure(version)
        return version


async def _cared_for(
    desk: Desk, records: Records, viewer: Viewer, contract_id: ContractId
) -> ContractInHand:
    """Return a contract that the agency cares for, locked."""
    viewer.require_agency(Scope.CLIENTS_WRITE)
    contract = await records.contracts.contract_to_change(contract_id)
    if contract is None:
        raise NotFound(path=("contractId",), what="Contract", id=contract_id)
    return await in_hand(desk, records, contract, viewer.actor)
