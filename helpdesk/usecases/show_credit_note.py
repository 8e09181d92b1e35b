"""The files of credit notes: the page and the file as they were issued, JSON, and CSV."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.credit_note_content import canonical
from helpdesk.domain.ids import CreditNoteId
from helpdesk.domain.month import Months
from helpdesk.usecases.credit_note_accounts import accounting_csv
from helpdesk.usecases.credit_note_ports import KeptCreditNote, PaperKind
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records


class CreditNoteFormat(StrEnum):
    """In which forms a document is given."""

    PDF = "pdf"
    XML = "xml"
    JSON = "json"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class CreditNoteFile:
    """The bytes of a file, and what it is called."""

    name: str
    content: bytes


async def credit_note_file(
    desk: Desk, *, viewer: Viewer, note_id: CreditNoteId, form: CreditNoteFormat
) -> CreditNoteFile:
    """Return a file of a document that exists for the viewer.

    The page and the file are the bytes that were issued; JSON is the frozen content with its hash.
    Raises ScopeMissing, and NotFound, also for the file of a penalty statement, which has none.
    """
    viewer.require(Scope.CONTRACTS_READ)
    async with desk.store.reading(viewer.agency_id) as records:
        kept = await records.credit_notes.credit_note(note_id)
        if kept is None or not viewer.sees_client(kept.note.client_id):
            raise NotFound(what="CreditNote", id=note_id)
        content = await _content(records, kept, viewer, form)
    if content is None:
        raise NotFound(what="CreditNote", id=f"{kept.note.number}.{form}")
    name = kept.note.number.replace("/", "_")
    return CreditNoteFile(f"{name}.{form}", content)


async def credit_notes_export(desk: Desk, *, viewer: Viewer, months: Months) -> CreditNoteFile:
    """Return the documents that were issued in some months as CSV, in the order of their dates.

    For a client, his own. Raises ScopeMissing.
    """
    viewer.require(Scope.CONTRACTS_READ)
    async with desk.store.reading(viewer.agency_id) as records:
        agency = await records.agencies.agency()
        end = months.last.following.starts_at(ZoneInfo(agency.zone))
        last_day = end.astimezone(ZoneInfo(agency.zone)).date() - timedelta(days=1)
        first_day = date(months.first.year, months.first.number, 1)
        found = await records.credit_notes.issued_within(first_day, last_day)
    shown = [(one.note, one.hash) for one in found if viewer.sees_client(one.note.client_id)]
    name = f"credit-notes-{months.first}-{months.last}.csv"
    return CreditNoteFile(name, accounting_csv(shown, viewer.locale))


async def _content(
    records: Records, kept: KeptCreditNote, viewer: Viewer, form: CreditNoteFormat
) -> bytes | None:
    if form is CreditNoteFormat.CSV:
        return accounting_csv([(kept.note, kept.hash)], viewer.locale)
    if form is CreditNoteFormat.JSON:
        document = {**json.loads(canonical(kept.note)), "hash": kept.hash}
        return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True).encode()
    return await records.credit_notes.paper(kept.note.id, PaperKind(form.value))
