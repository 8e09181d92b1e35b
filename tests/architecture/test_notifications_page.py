"""The page about notifications lists what the catalogue lists, row by row."""

import re

import pytest

from helpdesk.domain.notification import TOPICS
from helpdesk.domain.notification_catalogue import CATALOGUE, LETTERS
from tests.architecture.sources import ROOT

PAGE = (ROOT / "docs" / "rules" / "notifications.md").read_text(encoding="utf-8")
USECASES = ROOT / "helpdesk" / "usecases"
_KEY = re.compile(r'key ?= ?f"([a-z-]+):')
_OTHER_KEYS = {"digest", "notification"}
_CALLS = {"promise_webhook.py", "quoted_time.py"}


def topic_rows() -> list[str]:
    return [
        f"| `{topic}` | {'the agency' if terms.reader == 'AGENT' else 'a client'} "
        f"| `{terms.default}` | {', '.join(f'`{one}`' for one in terms.choices)} |"
        for topic, terms in TOPICS.items()
    ]


def news_rows() -> list[str]:
    return [
        f"| `{kind}` | `{one.audience}` | `{one.topic}` | {one.says} |"
        for kind, one in CATALOGUE.items()
    ]


def letter_rows() -> list[str]:
    return [
        f"| `{key}` | `{one.audience}` | `{one.topic}` | {one.says} |"
        for key, one in LETTERS.items()
    ]


@pytest.mark.parametrize("row", [*topic_rows(), *news_rows(), *letter_rows()])
def test_the_page_has_the_row(row: str) -> None:
    assert row in PAGE.splitlines()


def test_the_page_has_no_other_rows() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| `")]

    assert set(rows) == {*topic_rows(), *news_rows(), *letter_rows()}


def test_every_letter_that_is_promised_is_in_the_catalogue() -> None:
    found = {
        key
        for path in USECASES.glob("*.py")
        if path.name not in _CALLS
        and "promise_letter" in (text := path.read_text(encoding="utf-8"))
        for key in _KEY.findall(text)
    }

    assert "acknowledgement" in found
    assert found - _OTHER_KEYS <= set(LETTERS)
