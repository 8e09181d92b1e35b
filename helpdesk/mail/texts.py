"""What the engine writes to clients, in French and in English."""

import re
from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.errors import HelpdeskError, Locale
from helpdesk.domain.month import MONTH_NAMES
from helpdesk.mail.reply_marks import REPLY_ABOVE_EN, REPLY_ABOVE_FR

MAX_SUBJECT = 200

_REPLY_PREFIXES = re.compile(r"^(?:\s*(?:re|réf?|ré|aw|sv)\s?:)+\s*", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_WEEKDAYS = {
    Locale.FR: ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    Locale.EN: ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_REPLY_ABOVE = {Locale.FR: REPLY_ABOVE_FR, Locale.EN: REPLY_ABOVE_EN}
_GREETING = {Locale.FR: "Bonjour{name},", Locale.EN: "Hello{name},"}
_RECEIVED = {
    Locale.FR: "Nous avons bien reçu votre demande « {subject} ». Elle porte le numéro {number}.",
    Locale.EN: "We have received your request “{subject}”. Its number is {number}.",
}
_PROMISED = {
    Locale.FR: "Une personne de l'équipe vous répondra au plus tard le {when}.",
    Locale.EN: "Someone from the team will answer you by {when}.",
}
_SOON = {
    Locale.FR: "Une personne de l'équipe la lit et vous répond dès que possible.",
    Locale.EN: "Someone from the team is reading it and will answer as soon as possible.",
}
_ADD = {
    Locale.FR: "Un détail à ajouter, une capture d'écran ? Répondez simplement à ce message.",
    Locale.EN: "Something to add, a screenshot? Simply reply to this message.",
}
_ANSWERED = {
    Locale.FR: "{agent} vous a répondu au sujet de « {subject} » (demande {number}) :",
    Locale.EN: "{agent} has answered you about “{subject}” (request {number}):",
}
_CONTINUE = {
    Locale.FR: "Pour poursuivre l'échange, répondez simplement à ce message.",
    Locale.EN: "To go on with the conversation, simply reply to this message.",
}
_REFUSED = {
    Locale.FR: "Votre message « {subject} » n'a pas pu être pris en compte.",
    Locale.EN: "Your message “{subject}” could not be taken into account.",
}
_HELP = {
    Locale.FR: "Il est conservé : rien n'est perdu. Au besoin, appelez-nous.",
    Locale.EN: "It is kept: nothing is lost. Call us if you need to.",
}
_CLOSING = {Locale.FR: "À bientôt,\n{agency}", Locale.EN: "Kind regards,\n{agency}"}


@dataclass(frozen=True)
class MailText:
    """The subject and the words of a mail."""

    subject: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Heading:
    """Who writes to whom; `recipient_name` may be empty."""

    locale: Locale
    agency_name: str
    recipient_name: str


@dataclass(frozen=True, kw_only=True)
class Letterhead(Heading):
    """Who writes to whom about which ticket."""

    ticket_number: int
    ticket_subject: str


def acknowledgement(head: Letterhead, *, promised_at: datetime | None = None) -> MailText:
    """Return the mail that says a ticket was opened.

    `promised_at` is the end of the first response target, in the reader's own time zone.
    """
    return mail_about(
        head,
        _RECEIVED[head.locale],
        _PROMISED[head.locale] if promised_at else _SOON[head.locale],
        _ADD[head.locale],
        when=spoken_time(promised_at, locale=head.locale) if promised_at else "",
    )


def agent_reply(head: Letterhead, *, agent_name: str, body: str) -> MailText:
    """Return the mail that carries a public reply of an agent."""
    reply = mail_about(
        head, _ANSWERED[head.locale], "{body}", _CONTINUE[head.locale], agent=agent_name, body=body
    )
    return MailText(f"Re: {reply.subject}", reply.text)


def refusal(error: HelpdeskError, head: Letterhead) -> MailText:
    """Return the mail that tells a client why a message was refused, and that it is kept."""
    reason = error.message(head.locale)
    return mail_about(head, _REFUSED[head.locale], "{body}", _HELP[head.locale], body=reason)


def tagged_subject(ticket_number: int, subject: str) -> str:
    """Return the subject that names the ticket once, however many times it was answered.

    >>> tagged_subject(12, "Re: RE: [#12] Panne du site")
    '[#12] Panne du site'
    """
    tag = f"[#{ticket_number}]"
    bare = _REPLY_PREFIXES.sub("", _SPACES.sub(" ", subject).replace(tag, " ").strip())
    return f"{tag} {_REPLY_PREFIXES.sub('', bare.strip())}".strip()[:MAX_SUBJECT]


def one_line_subject(text: str) -> str:
    """Return a subject in one line, cut to what a mail program shows.

    >>> one_line_subject("Lot 3 :  printemps\\n2026 ")
    'Lot 3 : printemps 2026'
    """
    return _SPACES.sub(" ", text).strip()[:MAX_SUBJECT]


def spoken_time(instant: datetime, *, locale: Locale) -> str:
    """Return a time as people say it.

    >>> spoken_time(datetime.fromisoformat("2026-05-04T10:30+02:00"), locale=Locale.FR)
    'lundi 4 mai à 10 h 30'
    """
    weekday = _WEEKDAYS[locale][instant.weekday()]
    month = MONTH_NAMES[locale][instant.month - 1]
    if locale is Locale.FR:
        day = "1er" if instant.day == 1 else str(instant.day)
        return f"{weekday} {day} {month} à {instant.hour} h {instant.minute:02}"
    return f"{weekday} {instant.day} {month} at {instant:%H:%M}"


def mail_about(head: Letterhead, *paragraphs: str, **values: str) -> MailText:
    """Return a mail about a ticket: its paragraphs may name `subject` and `number`."""
    known = {"subject": head.ticket_subject, "number": str(head.ticket_number), **values}
    subject = tagged_subject(head.ticket_number, head.ticket_subject)
    return MailText(subject, body_text(head, *paragraphs, **known))


def body_text(heading: Heading, *paragraphs: str, **values: str) -> str:
    """Return the paragraphs between greeting and closing, values put in once and never read."""
    known = {
        "name": f" {heading.recipient_name}" if heading.recipient_name else "",
        "agency": heading.agency_name,
        **values,
    }
    texts = (_GREETING[heading.locale], *paragraphs, _CLOSING[heading.locale])
    body = "\n\n".join(paragraph.format(**known) for paragraph in texts)
    return f"{_REPLY_ABOVE[heading.locale]}\n\n{body}\n"
