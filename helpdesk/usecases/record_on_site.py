"""What was done on a site, or seen there, is written down; a later record corrects a slip."""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import ClassVar

from helpdesk.domain.access import NotFound, Viewer
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import SiteId, SiteRecordId
from helpdesk.domain.message import TextTooLong, required_text, storable
from helpdesk.domain.site_record import SiteFact, SiteRecord
from helpdesk.usecases.agency_site import agency_site
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records

TEXT_LIMIT = 5_000
_NEEDED = frozenset({"component", "to_version", "host", "identifier", "title", "tool", "url"})
"""The texts without which a record says nothing, where a record has them."""

_OPTIONAL = frozenset({("VULNERABILITY", "url")})


class CorrectedRecordOther(HelpdeskError):
    """A correction says what the same thing was: an update does not turn into a backup."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "Record {id} is a {kind} of another site or kind: correct one like it."
    french: ClassVar[str] = (
        "L'enregistrement {id} est un {kind} d'un autre site ou d'un autre genre : corrigez-en un"
        " semblable."
    )


@dataclass(frozen=True, slots=True)
class RecordOnSite:
    """A fact and when it was so; with `corrects` it stands instead of an earlier record."""

    site_id: SiteId
    at: datetime
    fact: SiteFact
    corrects: SiteRecordId | None = None


async def record_on_site(desk: Desk, *, viewer: Viewer, request: RecordOnSite) -> SiteRecord:
    """Append the record and return it.

    Raises AgencyOnly, ScopeMissing, NotFound, TextRequired, TextTooLong, CorrectedRecordOther, and
    what a SiteRecord raises.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        site = await agency_site(records, viewer, request.site_id)
        record = SiteRecord(
            id=SiteRecordId(desk.new_id()),
            agency_id=viewer.agency_id,
            site_id=site.id,
            at=request.at,
            fact=written(request.fact),
            recorded_at=desk.now(),
            recorded_by=viewer.actor,
            corrects=request.corrects,
        )
        await _require_alike(records, record)
        await records.site_records.add(record)
        return record


def written(fact: SiteFact) -> SiteFact:
    """Return a fact whose texts can be kept. Raises TextRequired and TextTooLong."""
    changes: dict[str, str] = {}
    for each in fields(fact):
        value = getattr(fact, each.name)
        if not isinstance(value, str) or type(value) is not str:
            continue  # an enumeration is a text, too
        is_needed = each.name in _NEEDED and (fact.kind.value, each.name) not in _OPTIONAL
        changes[each.name] = _text(each.name, value, is_needed=is_needed)
    return replace(fact, **changes)  # type: ignore[arg-type]  # each is a text of the fact


def _text(name: str, value: str, *, is_needed: bool) -> str:
    if is_needed:
        return required_text(value, field=name, limit=TEXT_LIMIT)
    text = storable(value).strip()
    if len(text) > TEXT_LIMIT:
        raise TextTooLong(path=(name,), field=name, length=len(text), limit=TEXT_LIMIT)
    return text


async def _require_alike(records: Records, record: SiteRecord) -> None:
    if record.corrects is None:
        return
    earlier = await records.site_records.record(record.corrects)
    if earlier is None:
        raise NotFound(path=("corrects",), what="SiteRecord", id=record.corrects)
    is_alike = (earlier.site_id, earlier.fact.kind) == (record.site_id, record.fact.kind)
    if not is_alike:
        raise CorrectedRecordOther(
            path=("corrects",), id=record.corrects, kind=earlier.fact.kind.value
        )
