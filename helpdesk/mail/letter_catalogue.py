"""The letters that come with the engine: their words, and what their variables mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from helpdesk.domain.errors import Locale
from helpdesk.domain.letter_kind import LetterKind, LetterValue
from helpdesk.domain.mail_template import TemplateSource, TemplateVariable, VariableKind

COMMON = ("agency", "mailbox", "name", "signature")
"""What every letter knows of who writes and who reads."""

OF_TICKET = ("number", "subject")
"""What a letter about a ticket knows besides."""

WHY = ("reason", "unsubscribe_url", "preferences_url")
"""What the partial that says why somebody is written to may name."""

GREETING, CLOSING, ANSWERABLE, WHY_FILE = ("greeting", "closing", "answerable", "why")
PARTIALS = (GREETING, CLOSING)
"""What a template may include, `.txt` added."""

_MAY_BE_EMPTY = frozenset({"name", "signature"})
_SUBJECT_FIELD = "Subject: "
_Document = Mapping[str, Any]  # a YAML document


@dataclass(frozen=True, slots=True)
class LetterModel:
    """What a kind of letter knows; `own` are the variables of its own."""

    kind: LetterKind
    own: frozenset[str]
    variables: Mapping[Locale, Mapping[str, TemplateVariable]]


@cache
def model_of(kind: LetterKind) -> LetterModel:
    """Return what is known of a kind of letter."""
    document = _catalogue()
    letter = document["letters"][kind.value]
    listed = [(one.rstrip("!?"), one[-1:]) for one in letter["variables"].split()]
    is_sometimes = letter["ticket"] == "sometimes"
    of_ticket = OF_TICKET if letter["ticket"] != "never" else ()
    required = {name for name, mark in listed if mark == "!"} | set(letter.get("needs", ()))
    empty = {name for name, mark in listed if mark == "?"} | _MAY_BE_EMPTY
    empty |= set(of_ticket) if is_sometimes else set()
    names = (*(name for name, _ in listed), *of_ticket, *COMMON)
    return LetterModel(
        kind=kind,
        own=frozenset(name for name, _ in listed),
        variables={
            locale: {
                name: _variable(
                    name,
                    document["variables"][name],
                    locale,
                    is_required=name in required,
                    may_be_empty=name in empty,
                )
                for name in names
            }
            for locale in Locale
        },
    )


@cache
def default_source(kind: LetterKind, locale: Locale) -> TemplateSource:
    """Return the words of a letter for an agency that has none of its own."""
    head, _, body = _read(f"{kind.value.lower()}.{locale.value}.txt").partition("\n\n")
    return TemplateSource(subject=head.removeprefix(_SUBJECT_FIELD).strip(), body=body)


@cache
def partial(name: str, locale: Locale) -> str:
    """Return a piece that several letters have in common."""
    return _read(f"partials/{name}.{locale.value}.txt")


@cache
def _catalogue() -> _Document:
    document: _Document = yaml.safe_load(_read("letters.yaml"))
    return document


def _read(name: str) -> str:
    return (files("helpdesk.mail") / "templates" / name).read_text("utf-8")


def _variable(
    name: str, document: _Document, locale: Locale, *, is_required: bool, may_be_empty: bool
) -> TemplateVariable:
    kind = VariableKind(document.get("kind", VariableKind.TEXT))
    fields = {one: told[locale.value] for one, told in document.get("fields", {}).items()}
    choices = tuple(document.get("choices", ()))
    meaning, *words = document[locale.value].split(" | ")
    examples: Mapping[VariableKind, LetterValue] = {
        VariableKind.FLAG: True,
        VariableKind.CHOICE: choices[0] if choices else "",
        VariableKind.LIST: (fields, fields),
    }
    return TemplateVariable(
        name=name,
        kind=kind,
        meaning=meaning,
        example=words[0] if words else examples[kind],
        is_required=is_required,
        may_be_empty=may_be_empty,
        choices=choices,
        fields=fields,
    )
