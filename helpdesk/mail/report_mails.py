"""The mail that carries the monthly report, in the reader's language."""

from helpdesk.domain.agency import Contact
from helpdesk.domain.letter_kind import LetterKind
from helpdesk.domain.month import month_named
from helpdesk.usecases.letter_ports import Letter
from helpdesk.usecases.report_ports import ReportNews


class ReportMails:
    """ReportLetters as mails."""

    def report_published(self, news: ReportNews, contact: Contact) -> Letter:
        """Return what a person of the client reads with the report."""
        values = {
            "month": month_named(news.month, contact.locale),
            "contract": news.contract_name,
            "rectifies": news.rectifies,
            "video": news.video_url,
        }
        return Letter(LetterKind.REPORT_PUBLISHED, values)
