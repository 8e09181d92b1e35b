"""What diagnostics leave to be told: points that are still open, and the next review."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from helpdesk.domain.contract import Contract
from helpdesk.domain.ids import SiteId
from helpdesk.domain.review import usual_rhythm
from helpdesk.usecases.known_of_site import services_of
from helpdesk.usecases.ports import Records


async def open_points(
    records: Records, site_ids: Collection[SiteId], *, today: date
) -> Mapping[SiteId, Mapping[str, date]]:
    """Return the HIGH points that the last audit made for a client left open, with their last day.

    A site without such an audit, or without an open point, is not there (R-REP 6).
    """
    found = {}
    for audit in await records.diagnostics.last_audits_for_clients(site_ids):
        due = audit.result(today=today).high_due
        if due:
            found[audit.site_id] = due
    return found


async def next_review_on(records: Records, contract: Contract, *, at: datetime) -> date:
    """Return by which day a contract is reviewed next (R-REP 7)."""
    settled = await records.care.rhythm(contract.id)
    usual = usual_rhythm(services_of(contract.terms_at(at).commercial))
    rhythm = usual if settled is None else settled.rhythm
    meetings = await records.care.meetings(contract.id)
    held = [meeting.held_on for meeting in meetings]
    return rhythm.next_on(since=contract.starts_on, held=held)
