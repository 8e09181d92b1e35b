"""The text of a letter: a template, the values of the letter, and what comes of both.

Values never become part of a template. While it runs, each of them is a numbered slot, so that the
blank lines of what was left out can be closed up without touching what a person wrote.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from jinja2 import DictLoader, StrictUndefined, Template, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from helpdesk.domain.errors import HelpdeskError, Locale
from helpdesk.domain.letter_kind import LetterKind, LetterValue, Passage, PassageKind
from helpdesk.domain.mail_template import (
    BODY_LIMIT,
    SUBJECT_LIMIT,
    TemplateNotUnderstood,
    TemplateSource,
    TemplateTooIntricate,
    TemplateTooLong,
    TemplateVariable,
    VariableKind,
)
from helpdesk.mail.letter_catalogue import (
    ANSWERABLE,
    PARTIALS,
    WHY,
    WHY_FILE,
    model_of,
    partial,
)
from helpdesk.mail.letter_words import boxed, one_line_subject, reply_subject, without_tag
from helpdesk.mail.reply_marks import REPLY_ABOVE_EN, REPLY_ABOVE_FR
from helpdesk.mail.template_gate import FILTERS, Gate
from helpdesk.usecases.letter_ports import Letter
from helpdesk.usecases.wording_ports import LetterHead, WrittenLetter

MAX_LETTER = 2_000_000
"""Characters: twice what a message may have."""

_REPLY_ABOVE = {Locale.FR: REPLY_ABOVE_FR, Locale.EN: REPLY_ABOVE_EN}
_OPEN, _CLOSE = "\ue000", "\ue001"
_SLOTS_IN_VALUES = re.compile(f"[{_OPEN}{_CLOSE}]")
_SLOT = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_RUN = "_slots"
# a line with nothing but tags is no line of the letter; the comment keeps the line numbers
_TAG_LINE = re.compile(r"^[ \t]*((?:\{%(?:(?!%\}).)*%\}[ \t]*)+)\n", re.MULTILINE)
_INCLUDE = re.compile(r"\{%[-+]?\s*include\b")


class _Prose(str):
    """What a person wrote; a filter makes ordinary words of it."""

    __slots__ = ()


class _Link(str):
    """An address of ours to follow."""

    __slots__ = ()


@dataclass
class _Slots:
    """What was put into a letter, in order."""

    filled: list[str] = field(default_factory=list)
    characters: int = 0

    def put(self, value: object) -> str:
        """Return the slot that stands for a value."""
        text = value if isinstance(value, _Prose | _Link) else str(value)
        self.characters += len(text)
        if self.characters > MAX_LETTER:
            raise TemplateTooLong(limit=MAX_LETTER)
        self.filled.append(text)
        return f"{_OPEN}{len(self.filled) - 1}{_CLOSE}"


_KINDS: Mapping[VariableKind, type[str]] = {
    VariableKind.PROSE: _Prose,
    VariableKind.LINK: _Link,
}


@pass_context
def _put(context: Context, value: object) -> str:
    slots: _Slots = context[_RUN]
    return slots.put(value)


@cache
def _environment(locale: Locale) -> ImmutableSandboxedEnvironment:
    known = {f"{name}.txt": _closed_up(partial(name, locale)) for name in PARTIALS}
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        finalize=_put,
        loader=DictLoader(known),
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.globals.clear()
    environment.filters["boxed"] = boxed
    kept = {name: environment.filters[name] for name in FILTERS}
    environment.filters.clear()
    environment.filters.update(kept)
    return environment


@lru_cache(maxsize=512)
def _template(locale: Locale, text: str) -> Template:
    return _environment(locale).from_string(_closed_up(text))


def written(letter: Letter, head: LetterHead, source: TemplateSource) -> WrittenLetter:
    """Return the letter in the words of a source, which must be fit for its kind."""
    locale, values = head.locale, _values_of(letter, head)
    bare = {**values, "subject": without_tag(head.ticket_number, head.ticket_subject)}
    told = _lines(_run(_template(locale, source.subject), bare)).lines
    body = _lines(_run(_template(locale, source.body), values))
    lines = [_REPLY_ABOVE[locale], "", *body.lines]
    passages = [Passage(one.kind, one.first + 2, one.end + 2) for one in body.passages]
    footer = _footer(letter, head)
    if footer:
        passages.append(Passage(PassageKind.FOOTER, len(lines) + 1, len(lines) + 1 + len(footer)))
        lines += ["", *footer]
    subject = one_line_subject(" ".join(told))
    if head.ticket_number is not None:
        subject = reply_subject(head.ticket_number, subject)
    return WrittenLetter(subject, "\n".join(lines) + "\n", tuple(passages))


def _footer(letter: Letter, head: LetterHead) -> list[str]:
    """Return what stands below the closing, whatever the words of the agency are."""
    values = dict.fromkeys(WHY, "") | {name: _clean(one) for name, one in letter.why.items()}
    values |= {"agency": _clean(head.agency_name), "number": str(head.ticket_number or "")}
    names = [ANSWERABLE] if head.is_answerable else []
    names += [WHY_FILE] if letter.why else []
    lines: list[str] = []
    for name in names:
        told = _run(_template(head.locale, partial(name, head.locale)), values)
        lines += ([""] if lines else []) + _lines(told).lines
    return [*lines, *([""] if lines and head.footer else []), *map(_clean, head.footer)]


def gate_of(kind: LetterKind, locale: Locale) -> Gate:
    """Return what looks through a template of a kind."""
    partials = frozenset(f"{name}.txt" for name in PARTIALS)
    return Gate(model_of(kind).variables[locale], partials=partials)


def look_through(kind: LetterKind, locale: Locale, source: TemplateSource) -> None:
    """Refuse a source that is empty, too long, unreadable, or more than words.

    Raises TemplateNotUnderstood, TemplatePartRefused, TemplateVariableUnknown, TemplateTooLong
    and TemplateTooIntricate, each below the field it is about.
    """
    gate = gate_of(kind, locale)
    for name, text, limit in (
        ("subject", source.subject, SUBJECT_LIMIT),
        ("body", source.body, BODY_LIMIT),
    ):
        try:
            if len(text) > limit:
                raise TemplateTooLong(limit=limit)
            gate.pass_through(_environment(locale), text)
            _template(locale, text)
        except HelpdeskError as error:
            raise error.below(name) from error
        except RecursionError as error:
            raise TemplateTooIntricate(path=(name,)) from error
        except SyntaxError as error:  # what Jinja2 can write and Python cannot nest as deep
            raise TemplateNotUnderstood(path=(name,), line=1, problem=str(error.msg)) from error


@dataclass(frozen=True, slots=True)
class _Lines:
    lines: list[str]
    passages: list[Passage]


def _values_of(letter: Letter, head: LetterHead) -> dict[str, Any]:  # whatever templates may name
    model = model_of(letter.kind)
    if model.own != letter.values.keys():
        raise ValueError(f"{letter.kind}: {sorted(model.own ^ letter.values.keys())}")
    known: dict[str, LetterValue] = {
        "agency": head.agency_name,
        "mailbox": head.mailbox,
        "name": head.reader_name,
        "signature": head.signature,
        "number": "" if head.ticket_number is None else str(head.ticket_number),
        "subject": head.ticket_subject,
        **letter.values,
    }
    variables = model.variables[head.locale]
    return {name: _prepared(variables.get(name), value) for name, value in known.items()}


def _prepared(variable: TemplateVariable | None, value: LetterValue) -> object:
    if isinstance(value, str):
        kind = VariableKind.TEXT if variable is None else variable.kind
        return _KINDS.get(kind, str)(_clean(value))
    if isinstance(value, int):
        return value
    return tuple({name: _clean(one) for name, one in line.items()} for line in value)


def _clean(value: str) -> str:
    return _SLOTS_IN_VALUES.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))


def _run(template: Template, values: Mapping[str, object]) -> tuple[str, _Slots]:
    slots = _Slots()
    return "".join(template.generate({**values, _RUN: slots})), slots


def _lines(told: tuple[str, _Slots]) -> _Lines:
    """Return the lines of a letter, runs of blank ones closed up, each slot filled once."""
    text, slots = told
    lines: list[str] = []
    passages: list[Passage] = []
    for raw in text.split("\n"):
        stripped = raw.strip()
        found = [slots.filled[int(slot)] for slot in _SLOT.findall(stripped)]
        is_blank = not _SLOT.sub("", stripped).strip() and not any(map(str.strip, found))
        if is_blank:
            # what had nothing to say takes its line with it
            if not stripped and lines and lines[-1] != "":
                lines.append("")
            continue
        filled = _SLOT.sub(lambda slot: slots.filled[int(slot[1])], raw.rstrip())
        first = len(lines)
        lines += filled.split("\n")
        is_alone = _SLOT.fullmatch(stripped) is not None
        if is_alone and isinstance(found[-1], _Prose):
            passages.append(Passage(PassageKind.PROSE, first, len(lines)))
        elif found and isinstance(found[-1], _Link) and stripped.endswith(_CLOSE):
            passages.append(Passage(PassageKind.LINK, first, len(lines)))
    while lines and not lines[-1]:
        lines.pop()
    return _Lines(lines, passages)


def _closed_up(text: str) -> str:
    return _TAG_LINE.sub(
        lambda tags: tags[0] if _INCLUDE.search(tags[1]) else f"{tags[1]}{{#\n#}}", text
    )
