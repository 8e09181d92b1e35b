"""The papers of a document: the page that the client reads, and the file for his platform."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from helpdesk.domain.credit_note import CreditNote
from helpdesk.domain.credit_note_exchange import exchange_document
from helpdesk.einvoice.cii import cii_xml
from helpdesk.einvoice.hybrid import is_available, with_file
from helpdesk.einvoice.page import page_data, title_of
from helpdesk.usecases.credit_note_ports import PaperKind

TEMPLATE = "credit_note"


class Typeset(Protocol):
    """Makes the PDF of a template and its data."""

    def __call__(self, template: str, data: Mapping[str, object], *, at: datetime) -> bytes:
        """Return the pages, made at an instant."""
        ...


class FiscalPapers:
    """Makes papers with a typesetter, and embeds the file in the page where that is possible."""

    def __init__(self, typeset: Typeset, *, embeds: Callable[[], bool] = is_available) -> None:
        """Set pages with `typeset`; `embeds` says whether files can be put into them."""
        self._typeset = typeset
        self._embeds = embeds

    async def papers(
        self, note: CreditNote, *, digest: str, at: datetime
    ) -> Mapping[PaperKind, bytes]:
        """Return the page of an issued document, and its file unless it is a penalty statement."""
        return await asyncio.to_thread(self._made, note, digest, at)

    def _made(self, note: CreditNote, digest: str, at: datetime) -> Mapping[PaperKind, bytes]:
        page = self._typeset(TEMPLATE, page_data(note, digest), at=at)
        if not note.kind.bears_vat:
            return {PaperKind.PDF: page}
        file = cii_xml(exchange_document(note))
        if self._embeds():
            page = with_file(
                page,
                file,
                title=title_of(note),
                author=note.seller.name,
                language=note.locale.value,
            )
        return {PaperKind.PDF: page, PaperKind.XML: file}
