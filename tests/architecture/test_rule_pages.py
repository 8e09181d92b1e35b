"""Every rule page names the tests that prove it, and they exist."""

import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

PAGES = sorted((ROOT / "docs" / "rules").glob("*.md"))
_TEST = re.compile(r"`((?:tests/)?[\w/*]*(?:test_[\w*]+|_oracle)\.py|tests/[\w/]+/)`")


def _name(page: Path) -> str:
    return page.name


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_a_rule_page_names_tests_that_exist(page: Path) -> None:
    named = _TEST.findall(page.read_text(encoding="utf-8"))

    missing = [
        name
        for name in named
        if not list(ROOT.glob(name if name.startswith("tests/") else f"tests/**/{name}"))
    ]
    assert named != []
    assert missing == []


def test_there_are_rule_pages() -> None:
    assert {page.name for page in PAGES} >= {"priority.md", "sla-clock.md"}
