"""The words of the monthly report by language."""

from helpdesk.documents.report_wording import ReportWording
from helpdesk.documents.report_words_en import ENGLISH
from helpdesk.documents.report_words_fr import FRENCH
from helpdesk.domain.errors import Locale

_WORDINGS = {Locale.FR: FRENCH, Locale.EN: ENGLISH}


def wording(locale: Locale) -> ReportWording:
    """Return the words of a language."""
    return _WORDINGS[locale]
