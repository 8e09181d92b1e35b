"""What an agent is told, in the text itself, of a mail that cannot be shown as it was sent."""

from dataclasses import replace

from helpdesk.domain.errors import Locale
from helpdesk.domain.inbound_email import Defect, InboundEmail
from helpdesk.domain.message import BODY_LIMIT

_CUT = frozenset(
    {
        Defect.MAIL_TOO_LARGE,
        Defect.TOO_MANY_PARTS,
        Defect.TOO_DEEP,
        Defect.TEXT_CUT,
        Defect.HTML_CUT,
    }
)
_NOTICES: tuple[tuple[frozenset[Defect], dict[Locale, str]], ...] = (
    (
        frozenset({Defect.UNREADABLE}),
        {
            Locale.FR: "[Ce mail n’a pas pu être lu : l’original est joint, message.eml.]",
            Locale.EN: "[This mail could not be read: the original is attached, message.eml.]",
        },
    ),
    (
        _CUT,
        {
            Locale.FR: "[Ce mail est trop lourd ou trop emmêlé pour être montré en entier : "
            "l’original est joint, message.eml.]",
            Locale.EN: "[This mail is too large or too tangled to be shown whole: "
            "the original is attached, message.eml.]",
        },
    ),
    (
        frozenset({Defect.ENCRYPTED}),
        {
            Locale.FR: "[Mail chiffré : ouvrez l’original avec un logiciel qui a la clé.]",
            Locale.EN: "[Encrypted mail: open the original with a program that has the key.]",
        },
    ),
    (
        frozenset({Defect.SIGNATURE_UNOPENED}),
        {
            Locale.FR: "[Mail enfermé dans sa signature : ouvrez le fichier joint.]",
            Locale.EN: "[This mail is sealed within its signature: open the attached file.]",
        },
    ),
)


def notices_on(email: InboundEmail, *, locale: Locale) -> tuple[str, ...]:
    """Return a line for each reason why the mail is not shown as it was sent.

    >>> notices_on(InboundEmail(from_=None, defects=(Defect.ENCRYPTED,)), locale=Locale.EN)
    ('[Encrypted mail: open the original with a program that has the key.]',)
    """
    return tuple(words[locale] for causes, words in _NOTICES if causes.intersection(email.defects))


def with_notices(email: InboundEmail, *, locale: Locale) -> InboundEmail:
    """Return the mail with these lines below its words, so that nobody takes them for all."""
    notices = notices_on(email, locale=locale)
    if not notices:
        return email
    below = "\n".join(notices)
    room = BODY_LIMIT - len(below) - 2
    return replace(
        email,
        text=f"{email.text[:room]}\n\n{below}".strip(),
        reply_text=f"{email.reply_text[:room]}\n\n{below}".strip(),
    )
