"""The words of a kind of letter, as an agency says them, and what they have to hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Self

from helpdesk.domain.access import Actor
from helpdesk.domain.errors import ErrorCode, HelpdeskError, Locale
from helpdesk.domain.letter_kind import LetterKind, LetterValue
from helpdesk.domain.message import storable

SUBJECT_LIMIT = 300
BODY_LIMIT = 16_000


class TemplateNotUnderstood(HelpdeskError):
    """A template that cannot be read would stop a mail on the day it is needed."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "Line {line} of the template cannot be read: {problem}."
    french: ClassVar[str] = "La ligne {line} du modèle ne peut pas être lue : {problem}."


class TemplatePartRefused(HelpdeskError):
    """A template puts words together; it runs no program."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = (
        "Line {line} of the template uses `{part}`, which templates may not: keep to variables,"
        " {{% if %}}, {{% for %}} over a list, {{% include %}} and the documented filters."
    )
    french: ClassVar[str] = (
        "La ligne {line} du modèle utilise « {part} », ce qui n'est pas permis : tenez-vous aux"
        " variables, à {{% if %}}, à {{% for %}} sur une liste, à {{% include %}} et aux filtres"
        " documentés."
    )


class TemplateVariableUnknown(HelpdeskError):
    """A variable that no letter of this kind has would leave a hole in the mail."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "Line {line} of the template names `{name}`; this letter has: {known}."
    french: ClassVar[str] = (
        "La ligne {line} du modèle nomme « {name} » ; cette lettre connaît : {known}."
    )


class TemplateVariableMissing(HelpdeskError):
    """Some words a letter cannot do without: the answer itself, a date that the law asks for."""

    code: ClassVar[ErrorCode] = ErrorCode.REQUIRED
    english: ClassVar[str] = (
        "The letter would not always say `{name}`: write {{{{ {name} }}}} in the body, outside of"
        " any condition that can leave it out."
    )
    french: ClassVar[str] = (
        "La lettre ne dirait pas toujours « {name} » : écrivez {{{{ {name} }}}} dans le corps,"
        " hors de toute condition qui peut l'omettre."
    )


class TemplateTooLong(HelpdeskError):
    """A letter is read on a telephone; what is longer is a document to enclose."""

    code: ClassVar[ErrorCode] = ErrorCode.TOO_LONG
    english: ClassVar[str] = "The template or its letter is longer than {limit} characters."
    french: ClassVar[str] = "Le modèle, ou sa lettre, dépasse {limit} caractères."


class TemplateTooIntricate(HelpdeskError):
    """A template is worked through for every mail, and the next ones wait for it."""

    code: ClassVar[ErrorCode] = ErrorCode.TOO_LONG
    english: ClassVar[str] = (
        "The template does too much at once: use fewer variables and conditions, and 20 filters at"
        " most."
    )
    french: ClassVar[str] = (
        "Le modèle fait trop de choses à la fois : mettez moins de variables et de conditions, et"
        " 20 filtres au plus."
    )


class VariableKind(StrEnum):
    """What a variable holds: words, words of a person, a link, yes or no, a code, a list."""

    TEXT = "TEXT"
    PROSE = "PROSE"
    LINK = "LINK"
    FLAG = "FLAG"
    CHOICE = "CHOICE"
    LIST = "LIST"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateVariable:
    """A variable of a kind of letter, explained in one language with an example.

    `is_required` when the letter may not be without it; `may_be_empty` when it sometimes has
    nothing to say; `choices` are the codes of a CHOICE, `fields` what each line of a LIST has.
    """

    name: str
    kind: VariableKind
    meaning: str
    example: LetterValue
    is_required: bool = False
    may_be_empty: bool = False
    choices: tuple[str, ...] = ()
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TemplateSource:
    """The subject and the body of a letter before the values are put in."""

    subject: str
    body: str

    @classmethod
    def given(cls, subject: str, body: str) -> Self:
        r"""Return the words that somebody typed, fit to be kept.

        >>> TemplateSource.given(" x ", "a\r\nb\x00")
        TemplateSource(subject='x', body='a\nb�')
        """
        return cls(storable(subject).strip(), storable(body).replace("\r\n", "\n"))


@dataclass(frozen=True, slots=True)
class MailTemplate:
    """What an agency says of the words of a letter from `made_at` on; no source: the default."""

    kind: LetterKind
    locale: Locale
    version: int
    source: TemplateSource | None
    made_at: datetime
    made_by: Actor
