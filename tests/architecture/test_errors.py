"""Every refusal has a documented code and says the same in both languages."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from string import Formatter

import pytest

import helpdesk
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from tests.architecture.sources import ROOT

# A value that is itself a word of the reader's language has a name in each language.
TRANSLATED = {"jour": "day"}

_ROW = re.compile(r"^\| `([A-Z_]+)` \| (.+) \| (.+) \|$", re.MULTILINE)


def _refusals(base: type[HelpdeskError] = HelpdeskError) -> Iterator[type[HelpdeskError]]:
    for refusal in base.__subclasses__():
        if refusal.__module__.startswith("helpdesk."):
            yield refusal
        yield from _refusals(refusal)


def all_refusals() -> list[type[HelpdeskError]]:
    """Return every kind of refusal that the engine knows, by name."""
    for module in pkgutil.walk_packages(helpdesk.__path__, "helpdesk."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return sorted(set(_refusals()), key=lambda refusal: (refusal.__name__, refusal.__module__))


REFUSALS = all_refusals()
for_each_refusal = pytest.mark.parametrize("refusal", REFUSALS, ids=lambda one: one.__name__)


def placeholders(sentence: str) -> set[str]:
    names = (name for _, name, _, _ in Formatter().parse(sentence) if name is not None)
    return {TRANSLATED.get(name, name) for name in names}


def test_refusals_were_found() -> None:
    names = {refusal.__name__ for refusal in REFUSALS}

    assert names >= {"TransitionRefused", "NotFound", "IdempotencyKeyReused", "BeyondHorizon"}


@for_each_refusal
def test_a_refusal_has_a_code(refusal: type[HelpdeskError]) -> None:
    assert isinstance(refusal.code, ErrorCode)


@for_each_refusal
def test_a_refusal_says_why_its_rule_exists(refusal: type[HelpdeskError]) -> None:
    assert (vars(refusal).get("__doc__") or "").strip() != ""


@for_each_refusal
def test_a_refusal_says_the_same_in_both_languages(refusal: type[HelpdeskError]) -> None:
    assert refusal.english != refusal.french
    assert placeholders(refusal.english) == placeholders(refusal.french)
    assert "" not in placeholders(refusal.english)


@for_each_refusal
def test_a_refusal_is_a_whole_sentence(refusal: type[HelpdeskError]) -> None:
    for sentence in (refusal.english, refusal.french):
        assert sentence.strip() == sentence
        assert sentence.endswith(".")


def test_every_code_is_documented_in_alphabetical_order() -> None:
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")

    documented = [row[0] for row in _ROW.findall(page)]

    assert documented == sorted(code.value for code in ErrorCode)
