"""Letters as their readers get them."""

from dataclasses import replace

from helpdesk.domain.errors import Locale
from helpdesk.mail.letter_press import LetterPress
from helpdesk.usecases.letter_ports import Letter
from helpdesk.usecases.wording_ports import LetterHead, WrittenLetter

FRENCH_HEAD = LetterHead(
    locale=Locale.FR,
    agency_name="L'agence Exemple",
    mailbox="support@agence.example",
    reader_name="Bruno",
    ticket_number=12,
    ticket_subject="Panier {vide}",
)
ENGLISH_HEAD = replace(FRENCH_HEAD, locale=Locale.EN, reader_name="", ticket_subject="Empty basket")
HEADS = {Locale.FR: FRENCH_HEAD, Locale.EN: ENGLISH_HEAD}


def told_in(locale: Locale, letter: Letter, *, is_about_ticket: bool = False) -> WrittenLetter:
    """Return a letter in the default words of a language."""
    head = HEADS[locale]
    if not is_about_ticket:
        head = replace(head, ticket_number=None, ticket_subject="")
    return LetterPress().write(letter, head)
