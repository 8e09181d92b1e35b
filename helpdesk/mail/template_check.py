"""Tries a template on every shape that its letter can take, before an agency may use it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from jinja2.exceptions import TemplateError

from helpdesk.domain.errors import Locale
from helpdesk.domain.letter_kind import LetterKind, LetterValue
from helpdesk.domain.mail_template import (
    TemplateNotUnderstood,
    TemplateSource,
    TemplateVariable,
    TemplateVariableMissing,
    VariableKind,
)
from helpdesk.domain.message import TextRequired
from helpdesk.mail.letter_catalogue import model_of
from helpdesk.mail.letter_text import look_through, written
from helpdesk.mail.letter_words import without_tag
from helpdesk.usecases.letter_ports import Letter
from helpdesk.usecases.wording_ports import LetterHead

_A_TICKET = 1204


def sample_letter(kind: LetterKind, locale: Locale) -> Letter:
    """Return a letter of this kind that tells the examples of its variables."""
    model = model_of(kind)
    known = model.variables[locale]
    return Letter(kind, {name: known[name].example for name in sorted(model.own)})


def sample_head(kind: LetterKind, locale: Locale) -> LetterHead:
    """Return who writes to whom in a letter of examples."""
    known = {name: str(one.example) for name, one in model_of(kind).variables[locale].items()}
    return LetterHead(
        locale=locale,
        agency_name=known["agency"],
        mailbox=known["mailbox"],
        reader_name=known["name"],
        ticket_number=int(known["number"]) if "number" in known else None,
        ticket_subject=known.get("subject", ""),
    )


def check_template(kind: LetterKind, locale: Locale, source: TemplateSource) -> None:
    """Refuse words that could fail, say nothing, or leave out what the letter is for.

    Raises TextRequired, TemplateNotUnderstood, TemplatePartRefused, TemplateVariableUnknown,
    TemplateVariableMissing, TemplateTooLong and TemplateTooIntricate.
    """
    look_through(kind, locale, source)
    head = sample_head(kind, locale)
    for letter, shaped in _shapes(kind, locale, head):
        try:
            told = written(letter, shaped, source)
        except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise TemplateNotUnderstood(path=("body",), line=1, problem=str(error)) from error
        if not without_tag(shaped.ticket_number, told.subject):
            raise TextRequired(path=("subject",), field="subject")
        for name, words in _required(kind, locale, letter, shaped):
            if not all(word.casefold() in told.text.casefold() for word in words):
                raise TemplateVariableMissing(path=("body",), name=name)


def _shapes(
    kind: LetterKind, locale: Locale, head: LetterHead
) -> Iterator[tuple[Letter, LetterHead]]:
    """Yield letters whose words cannot be mistaken: with all, with the least, with each code."""
    model = model_of(kind)
    known = model.variables[locale]
    own = [known[name] for name in sorted(model.own)]
    full: Mapping[str, LetterValue] = {one.name: _token(one) for one in own}
    least = {one.name: _least(one) for one in own}
    number = known.get("number")
    nobodys = replace(head, reader_name="")
    if number is not None and number.may_be_empty:
        nobodys = replace(nobodys, ticket_number=None, ticket_subject="")
    yield Letter(kind, full), replace(head, signature="xsignaturex")
    yield Letter(kind, least), nobodys
    for one in own:
        others: tuple[LetterValue, ...] = one.choices
        if one.kind is VariableKind.FLAG:
            others = (False,)
        if one.may_be_empty:
            others = ("",)
        for other in others:
            yield Letter(kind, {**full, one.name: other}), head


def _token(variable: TemplateVariable) -> LetterValue:
    if variable.kind in {VariableKind.TEXT, VariableKind.PROSE, VariableKind.LINK}:
        return f"x{variable.name}x"
    if variable.kind is VariableKind.LIST:
        return tuple(
            {field: f"x{variable.name}{field}{line}x" for field in variable.fields}
            for line in range(2)
        )
    return variable.example


def _least(variable: TemplateVariable) -> LetterValue:
    if variable.may_be_empty:
        return ""
    return False if variable.kind is VariableKind.FLAG else _token(variable)


def _required(
    kind: LetterKind, locale: Locale, letter: Letter, head: LetterHead
) -> Iterator[tuple[str, list[str]]]:
    """Yield what a letter may not leave out, each with the words by which it is found."""
    always: Mapping[str, LetterValue] = {
        "number": str(head.ticket_number or ""),
        "subject": head.ticket_subject,
        "mailbox": head.mailbox,
        "agency": head.agency_name,
        **letter.values,
    }
    for name, variable in model_of(kind).variables[locale].items():
        value = always.get(name)
        if not variable.is_required or not value:
            continue
        if isinstance(value, str):
            yield name, [value]
        elif not isinstance(value, int):
            # one field of each line is enough to tell the line
            yield name, [next(iter(line.values())) for line in value]
