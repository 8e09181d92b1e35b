"""How letters are put into words, as use-cases need it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from helpdesk.domain.errors import Locale
from helpdesk.domain.letter_kind import LetterKind, Passage
from helpdesk.domain.mail_template import TemplateSource, TemplateVariable
from helpdesk.domain.outgoing_mail import OutgoingMail
from helpdesk.usecases.letter_ports import Letter


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterHead:
    """Who writes to whom, and about which ticket if any; `reader_name` may be empty.

    `signature` is the agency's own closing, empty for the usual one, and `footer` its lines at the
    very end. With `is_answerable` the reader is told that his answer goes to the client.
    """

    locale: Locale
    agency_name: str
    mailbox: str
    reader_name: str
    ticket_number: int | None = None
    ticket_subject: str = ""
    signature: str = ""
    footer: tuple[str, ...] = ()
    is_answerable: bool = False


@dataclass(frozen=True, slots=True)
class WrittenLetter:
    """The subject and the text of a mail; `passages` are the lines that HTML shows otherwise."""

    subject: str
    text: str
    passages: tuple[Passage, ...] = ()


class LetterWriter(Protocol):
    """Puts letters into words."""

    def write(
        self, letter: Letter, head: LetterHead, *, own: TemplateSource | None = None
    ) -> WrittenLetter:
        """Return the letter in the agency's own words, or in the default ones.

        Words of the agency that fail are passed over: a mail is never lost for its wording.
        """
        ...

    def default(self, kind: LetterKind, locale: Locale) -> TemplateSource:
        """Return the words of a letter for who has none of his own."""
        ...

    def variables(self, kind: LetterKind, locale: Locale) -> Sequence[TemplateVariable]:
        """Return what a letter of this kind may name, explained in a language."""
        ...

    def purpose(self, kind: LetterKind, locale: Locale) -> str:
        """Return who reads a letter of this kind, and what for."""
        ...

    def sample(self, kind: LetterKind, locale: Locale) -> Letter:
        """Return a letter of this kind that tells the examples of its variables."""
        ...

    def sample_head(self, kind: LetterKind, locale: Locale) -> LetterHead:
        """Return who writes to whom in a letter of examples."""
        ...

    def page(self, mail: OutgoingMail) -> str:
        """Return the HTML of a mail as one page, its logo inside of it."""
        ...

    def check(self, kind: LetterKind, locale: Locale, source: TemplateSource) -> None:
        """Refuse words that could fail, say nothing, or leave out what the letter is for.

        Raises TemplateNotUnderstood, TemplatePartRefused, TemplateVariableUnknown,
        TemplateVariableMissing, TemplateTooLong and TemplateTooIntricate.
        """
        ...
