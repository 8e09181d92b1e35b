"""What the engine writes to clients about quotes."""

from datetime import timedelta

from helpdesk.domain.errors import Locale
from helpdesk.domain.quote import Quote, QuoteLine
from helpdesk.mail.texts import (
    Heading,
    Letterhead,
    MailText,
    body_text,
    mail_about,
    one_line_subject,
    spoken_time,
)

_SUBJECT = {Locale.FR: "Devis {quote} : {title}", Locale.EN: "Quote {quote}: {title}"}
_ABOUT = {
    Locale.FR: "Votre demande « {subject} » (numéro {number}) fait l'objet d'un devis.",
    Locale.EN: "There is a quote for your request “{subject}” (number {number}).",
}
_HERE = {
    Locale.FR: "Voici le devis {quote} (version {version}), « {title} » :",
    Locale.EN: "Here is quote {quote} (version {version}), “{title}”:",
}
_LINE = {
    Locale.FR: "- {description} : {quantity} × {price} HT",
    Locale.EN: "- {description}: {quantity} × {price} before VAT",
}
_TOTAL = {
    Locale.FR: "Total : {net} HT, TVA {vat}, soit {gross} TTC.",
    Locale.EN: "Total: {net} before VAT, VAT {vat}, {gross} in all.",
}
_HOLDS = {
    Locale.FR: "Il est valable jusqu'au {until}. Acceptez-le ou refusez-le dans votre espace"
    " client.",
    Locale.EN: "It holds until {until}. Accept or refuse it in your client portal.",
}
_WAITS = {
    Locale.FR: "Le travail correspondant attend votre réponse.",
    Locale.EN: "The work that it covers waits for your answer.",
}
_ASK = {
    Locale.FR: "Une question ? Répondez simplement à ce message.",
    Locale.EN: "A question? Simply reply to this message.",
}
_A_MOMENT = timedelta(minutes=1)


def quote_sent(head: Heading, quote: Quote) -> MailText:
    """Return the mail that carries a quote: its lines, what they come to, how long it holds."""
    locale, totals = head.locale, quote.totals
    assert quote.expires_at is not None  # noqa: S101 - a letter is about a quote that was sent
    until = quote.expires_at.astimezone(quote.zone) - _A_MOMENT
    paragraphs = (_HERE[locale], "{listed}", _TOTAL[locale], _HOLDS[locale])
    values = {
        "quote": quote.number,
        "version": str(quote.version),
        "title": quote.title,
        "listed": "\n".join(_line(line, locale) for line in quote.lines),
        "net": totals.net.shown(locale),
        "vat": totals.vat.shown(locale),
        "gross": totals.gross.shown(locale),
        "until": spoken_time(until, locale=locale),
    }
    if isinstance(head, Letterhead):
        return mail_about(head, _ABOUT[locale], *paragraphs, _WAITS[locale], _ASK[locale], **values)
    subject = one_line_subject(_SUBJECT[locale].format(quote=quote.number, title=quote.title))
    return MailText(subject, body_text(head, *paragraphs, _ASK[locale], **values))


def _line(line: QuoteLine, locale: Locale) -> str:
    return _LINE[locale].format(
        description=line.description, quantity=line.quantity, price=line.unit_price.shown(locale)
    )
