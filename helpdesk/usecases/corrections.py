"""What corrections have in common: who may, what is kept of them, and the clocks rewritten."""

from collections.abc import Mapping
from dataclasses import dataclass

from helpdesk.domain.access import Viewer
from helpdesk.domain.correction import Correction, CorrectionKind, MovedClock
from helpdesk.domain.ids import CorrectionId
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records


@dataclass(frozen=True, slots=True)
class CorrectionOutcome:
    """What a correction moves; `correction` is None when it was only tried."""

    moves: tuple[MovedClock, ...]
    correction: Correction | None


async def kept_correction(  # noqa: PLR0913 - a correction with all that is kept of it
    desk: Desk,
    records: Records,
    viewer: Viewer,
    *,
    kind: CorrectionKind,
    subject_id: str,
    reason: str,
    detail: Mapping[str, object],
    moves: tuple[MovedClock, ...],
) -> CorrectionOutcome:
    """Keep a correction with what it moved, in the caller's transaction."""
    correction = Correction(
        id=CorrectionId(desk.new_id()),
        agency_id=viewer.agency_id,
        kind=kind,
        subject_id=subject_id,
        at=desk.now(),
        actor=viewer.actor,
        reason=reason,
        detail=detail,
        moves=moves,
    )
    await records.upkeep.add_correction(correction)
    return CorrectionOutcome(moves, correction)
