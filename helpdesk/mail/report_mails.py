"""The mail that carries the monthly report, in the reader's language."""

from helpdesk.domain.agency import Contact
from helpdesk.domain.errors import Locale
from helpdesk.domain.month import Month
from helpdesk.mail.texts import Heading, body_text
from helpdesk.usecases.letter_ports import Letter
from helpdesk.usecases.report_ports import ReportNews

_MONTHS = {
    Locale.FR: (
        *("janvier", "février", "mars", "avril", "mai", "juin"),
        *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ),
    Locale.EN: (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
_SUBJECT = {
    Locale.FR: "Rapport mensuel de {month} : {contract}",
    Locale.EN: "Monthly report of {month}: {contract}",
}
_RECTIFIED_SUBJECT = {
    Locale.FR: "Rapport rectificatif de {month} : {contract}",
    Locale.EN: "Rectified report of {month}: {contract}",
}
_ENCLOSED = {
    Locale.FR: "Vous trouverez ci-joint le rapport de {month} pour « {contract} ».",
    Locale.EN: "Enclosed is the report of {month} for “{contract}”.",
}
_REPLACES = {
    Locale.FR: "Il remplace celui que vous avez reçu : {reason}",
    Locale.EN: "It replaces the one that you received: {reason}",
}
_VIDEO = {
    Locale.FR: "La synthèse en vidéo : {video}",
    Locale.EN: "The summary on video: {video}",
}
_ANSWER = {
    Locale.FR: "Une question sur un chiffre ? Répondez simplement à ce message.",
    Locale.EN: "A question about a figure? Just answer this message.",
}


class ReportMails:
    """ReportLetters as mails."""

    def report_published(self, news: ReportNews, contact: Contact) -> Letter:
        """Return what a person of the client reads with the report."""
        locale = contact.locale
        heading = Heading(
            locale=locale,
            agency_name=news.agency_name,
            recipient_name="" if contact.name == contact.email else contact.name,
        )
        values = {
            "month": _month(news.month, locale),
            "contract": news.contract_name,
            "reason": news.rectifies,
            "video": news.video_url,
        }
        subject = _RECTIFIED_SUBJECT if news.rectifies else _SUBJECT
        paragraphs = [
            _ENCLOSED[locale],
            *([_REPLACES[locale]] if news.rectifies else []),
            *([_VIDEO[locale]] if news.video_url else []),
            _ANSWER[locale],
        ]
        text = body_text(heading, *paragraphs, **values)
        return Letter(subject[locale].format(**values), text)


def _month(month: Month, locale: Locale) -> str:
    return f"{_MONTHS[locale][month.number - 1]} {month.year}"
