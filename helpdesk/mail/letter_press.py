"""Puts letters into words: those of the agency when they hold, the default ones otherwise."""

import logging
from collections.abc import Sequence

from jinja2.exceptions import TemplateError

from helpdesk.domain.errors import HelpdeskError, Locale
from helpdesk.domain.letter_kind import LetterKind
from helpdesk.domain.letter_purpose import LETTER_PURPOSES
from helpdesk.domain.mail_template import TemplateSource, TemplateVariable
from helpdesk.domain.outgoing_mail import OutgoingMail
from helpdesk.mail.letter_catalogue import default_source, model_of
from helpdesk.mail.letter_layout import page_of
from helpdesk.mail.letter_text import written
from helpdesk.mail.template_check import check_template, sample_head, sample_letter
from helpdesk.usecases.letter_ports import Letter
from helpdesk.usecases.wording_ports import LetterHead, WrittenLetter

_FAILURES = (TemplateError, HelpdeskError, ArithmeticError, LookupError, TypeError, ValueError)

_LOGGER = logging.getLogger("helpdesk.mail")


class LetterPress:
    """LetterWriter on Jinja2 templates."""

    def write(
        self, letter: Letter, head: LetterHead, *, own: TemplateSource | None = None
    ) -> WrittenLetter:
        """Return the letter in the agency's own words, or in the default ones."""
        if own is not None:
            try:
                return written(letter, head, own)
            except (*_FAILURES, AttributeError, RecursionError, SyntaxError) as error:
                kind, trouble = letter.kind.value, type(error).__name__
                _LOGGER.warning(
                    "mail_template_failed kind=%s locale=%s error=%s", kind, head.locale, trouble
                )
        return written(letter, head, default_source(letter.kind, head.locale))

    def default(self, kind: LetterKind, locale: Locale) -> TemplateSource:
        """Return the words of a letter for who has none of his own."""
        return default_source(kind, locale)

    def variables(self, kind: LetterKind, locale: Locale) -> Sequence[TemplateVariable]:
        """Return what a letter of this kind may name, explained in a language."""
        return tuple(model_of(kind).variables[locale].values())

    def purpose(self, kind: LetterKind, locale: Locale) -> str:
        """Return who reads a letter of this kind, and what for."""
        return LETTER_PURPOSES[kind][locale]

    def sample(self, kind: LetterKind, locale: Locale) -> Letter:
        """Return a letter of this kind that tells the examples of its variables."""
        return sample_letter(kind, locale)

    def sample_head(self, kind: LetterKind, locale: Locale) -> LetterHead:
        """Return who writes to whom in a letter of examples."""
        return sample_head(kind, locale)

    def page(self, mail: OutgoingMail) -> str:
        """Return the HTML of a mail as one page, its logo inside of it."""
        return page_of(mail)

    def check(self, kind: LetterKind, locale: Locale, source: TemplateSource) -> None:
        """Refuse words that could fail, say nothing, or leave out what the letter is for."""
        check_template(kind, locale, source)
