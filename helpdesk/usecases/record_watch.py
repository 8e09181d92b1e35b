"""Who watches a site is written down, and when nobody did: a month is measured or it is not."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from helpdesk.domain.access import Viewer
from helpdesk.domain.availability import ProbeWatch
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import SiteId
from helpdesk.domain.message import required_text
from helpdesk.usecases.agency_site import agency_site
from helpdesk.usecases.availability_ports import RecordedWatch
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records
from helpdesk.usecases.record_incident import SOURCE_LIMIT


class WatchReversed(HelpdeskError):
    """A watch, and a gap of one, has an instant in it."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "Nobody watched from {start} to {end}: give a later end."
    french: ClassVar[str] = (
        "Personne n'a surveillé du {start} au {end} : donnez une fin plus tardive."
    )


class WatchToCome(HelpdeskError):
    """That a site will be watched is a hope; a figure stands on what was."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{given} is yet to come: leave the end out while the watch lasts."
    french: ClassVar[str] = "Le {given} est à venir : omettez la fin tant que la surveillance dure."


@dataclass(frozen=True, slots=True)
class RecordWatch:
    """From when to when a source watched a site, None while it does; or, a gap, when it did not."""

    site_id: SiteId
    source: str
    began_at: datetime
    ended_at: datetime | None = None
    is_gap: bool = False


async def record_watch(desk: Desk, *, viewer: Viewer, request: RecordWatch) -> ProbeWatch:
    """Write the watch or the gap down, and return it.

    A source that watches a site already goes on with it: an end given for it ends that watch.
    Raises AgencyOnly, ScopeMissing, NotFound, TextRequired, TextTooLong, WatchReversed and
    WatchToCome.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        site = await agency_site(records, viewer, request.site_id)
        watch = ProbeWatch(
            site_id=site.id,
            source=required_text(request.source, field="source", limit=SOURCE_LIMIT),
            began_at=request.began_at,
            ended_at=request.ended_at,
            is_gap=request.is_gap,
        )
        _require_possible(watch, at=desk.now())
        lasting = await _lasting(records, watch)
        if lasting is None:
            recorded = RecordedWatch(desk.new_id(), watch, desk.now(), viewer.actor)
            await records.incidents.add_watch(recorded)
        elif watch.ended_at is not None:
            await records.incidents.end_watch(lasting.id, at=watch.ended_at)
        return watch


async def _lasting(records: Records, watch: ProbeWatch) -> RecordedWatch | None:
    """Return the watch of this source that lasts and began no later; a gap never goes on."""
    if watch.is_gap:
        return None
    lasting = await records.incidents.open_watch(watch.site_id, watch.source)
    is_same = lasting is not None and lasting.watch.began_at <= watch.began_at
    return lasting if is_same else None


def _require_possible(watch: ProbeWatch, *, at: datetime) -> None:
    if watch.ended_at is not None and watch.ended_at <= watch.began_at:
        raise WatchReversed(
            path=("endedAt",),
            start=watch.began_at.isoformat(),
            end=watch.ended_at.isoformat(),
        )
    last = watch.ended_at or watch.began_at
    if last > at:
        name = "beganAt" if watch.ended_at is None else "endedAt"
        raise WatchToCome(path=(name,), given=last.isoformat())
