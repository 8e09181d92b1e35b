"""The documents of a monthly report: PDF and HTML, from its frozen snapshot."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from helpdesk.documents.html_page import html_page
from helpdesk.documents.report_page import report_page
from helpdesk.documents.text_page import text_page
from helpdesk.documents.typesetting import typeset
from helpdesk.domain.errors import Locale
from helpdesk.domain.report_snapshot import digest_of

_TEMPLATE = "monthly_report"

Snapshot = Mapping[str, Any]  # the document of domain/report_snapshot.py


class ReportDocuments:
    """ReportPrinter with typst and HTML; a preview carries no hash."""

    def pdf(self, snapshot: Snapshot, locale: Locale) -> bytes:
        """Return the pages of a snapshot as a PDF, dated when the snapshot was made."""
        page = report_page(snapshot, locale, digest=_digest(snapshot))
        made_at = datetime.fromisoformat(snapshot["head"]["madeAt"])
        return typeset(_TEMPLATE, asdict(page), at=made_at)

    def html(self, snapshot: Snapshot, locale: Locale) -> str:
        """Return a snapshot as one HTML file."""
        return html_page(report_page(snapshot, locale, digest=_digest(snapshot)))

    def text(self, snapshot: Snapshot, locale: Locale) -> str:
        """Return a snapshot as lines for a terminal."""
        return text_page(report_page(snapshot, locale, digest=_digest(snapshot)))


def _digest(snapshot: Snapshot) -> str:
    return "" if snapshot["head"]["isPreview"] else digest_of(snapshot)
