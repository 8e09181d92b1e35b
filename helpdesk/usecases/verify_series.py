"""Every series is looked at from its first document to its last: no gap, and the chain is whole."""

from dataclasses import dataclass

from helpdesk.domain.access import Scope, Viewer
from helpdesk.domain.credit_note_series import Link, Series, faults
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records

BATCH = 500


@dataclass(frozen=True, slots=True)
class SeriesVerdict:
    """What was found about a series: how many documents, and each fault in a sentence."""

    series: Series
    documents: int
    faults: tuple[str, ...]


async def verify_series(
    desk: Desk, *, viewer: Viewer, batch: int = BATCH
) -> tuple[SeriesVerdict, ...]:
    """Return a verdict on each series of the agency, by prefix. Raises AgencyOnly, ScopeMissing.

    A series is locked while it is looked at, so that a document in progress is no fault; its
    documents are read `batch` at a time.
    """
    viewer.require_agency(Scope.AGENCY_READ)
    async with desk.store.reading(viewer.agency_id) as records:
        known = await records.credit_notes.all_series()
    return tuple([await _verdict(desk, viewer, series.prefix, batch) for series in known])


async def _verdict(desk: Desk, viewer: Viewer, prefix: str, batch: int) -> SeriesVerdict:
    async with desk.store.transaction(viewer.agency_id) as records:
        series = await records.credit_notes.locked_series(prefix)
        links = await _links(records, prefix, batch)
    return SeriesVerdict(series, len(links), tuple(faults(series, links)))


async def _links(records: Records, prefix: str, batch: int) -> list[Link]:
    links: list[Link] = []
    while True:
        after = links[-1].sequence if links else 0
        found = await records.credit_notes.links(prefix, after=after, limit=batch)
        links += found
        if len(found) < batch:
            return links
