"""What the engine writes to clients about deliveries: a batch that opens, a date put off."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.errors import Locale
from helpdesk.mail.texts import (
    Heading,
    Letterhead,
    MailText,
    body_text,
    mail_about,
    one_line_subject,
    spoken_time,
)

_BATCH_SUBJECT = {
    Locale.FR: "Lot {batch} ouvert : {name}",
    Locale.EN: "Batch {batch} is open: {name}",
}
_BATCH_OPENED = {
    Locale.FR: "Le lot {batch}, « {batch_name} », est ouvert : nous commençons ce qu'il contient.",
    Locale.EN: "Batch {batch}, “{batch_name}”, is open: we begin what it holds.",
}
_REQUEST = {
    Locale.FR: "- demande {number} : {subject}",
    Locale.EN: "- request {number}: {subject}",
}
_ASK = {
    Locale.FR: "Une question ? Répondez simplement à ce message.",
    Locale.EN: "A question? Simply reply to this message.",
}
_PUT_OFF = {
    Locale.FR: "La livraison de votre demande « {subject} » (numéro {number}) est reportée.",
    Locale.EN: "The delivery of your request “{subject}” (number {number}) is put off.",
}
_FROM_TO = {
    Locale.FR: "Elle était prévue pour le {old_due} ; elle l'est maintenant pour le {new_due}.",
    Locale.EN: "It was due on {old_due}; it is now due on {new_due}.",
}
_TO = {
    Locale.FR: "Elle est maintenant prévue pour le {new_due}.",
    Locale.EN: "It is now due on {new_due}.",
}
_WHY = {Locale.FR: "Motif : {reason}", Locale.EN: "Reason: {reason}"}


@dataclass(frozen=True, slots=True)
class ListedRequest:
    """A request as a letter lists it."""

    number: str
    subject: str


def batch_opened(
    heading: Heading, *, number: str, name: str, requests: Iterable[ListedRequest]
) -> MailText:
    """Return the mail that says that a batch opened, and what is in it."""
    locale = heading.locale
    listed = "\n".join(
        _REQUEST[locale].format(number=one.number, subject=one.subject) for one in requests
    )
    text = body_text(
        heading,
        _BATCH_OPENED[locale],
        "{listed}",
        _ASK[locale],
        batch=number,
        batch_name=name,
        listed=listed,
    )
    return MailText(one_line_subject(_BATCH_SUBJECT[locale].format(batch=number, name=name)), text)


def delivery_postponed(
    head: Letterhead, *, old_due: datetime | None, new_due: datetime, reason: str
) -> MailText:
    """Return the mail that says to when a delivery is put off, and why.

    Both dates are in the reader's own time zone; the old one is None during a wait.
    """
    locale = head.locale
    return mail_about(
        head,
        _PUT_OFF[locale],
        _TO[locale] if old_due is None else _FROM_TO[locale],
        _WHY[locale],
        _ASK[locale],
        old_due="" if old_due is None else spoken_time(old_due, locale=locale),
        new_due=spoken_time(new_due, locale=locale),
        reason=reason,
    )
