"""The ledger of the engine against one that is kept unit by unit."""

import random

import pytest

from helpdesk.domain.retainer import Book
from helpdesk.domain.retainer_check import violations
from tests.domain.naive_ledger import MONTH_STARTS
from tests.domain.random_ledger import Story

STORIES, LENGTH = 500, 200


@pytest.mark.parametrize("hundred", range(STORIES // 100))
def test_after_any_story_both_ledgers_show_the_same(hundred: int) -> None:
    refusals: set[str] = set()
    kinds: set[str] = set()

    for seed in range(100 * hundred, 100 * hundred + 100):
        story = Story(random.Random(seed))  # noqa: S311 - a story, not a secret
        for _ in range(LENGTH):
            story.step()
        refusals |= set(story.refusals)
        kinds |= {entry.kind.value for entry in story.entries}

        assert story.naive.left() == story.naive.left_after(len(MONTH_STARTS))
        assert violations(story.book, story.entries) == ()
        assert Book.replayed(story.terms, story.book.open_from, story.entries) == story.book

    assert len(kinds) == 13
    assert refusals == {
        "EntryInClosedPeriod",
        "InsufficientAllowance",
        "KeyReused",
        "LotExpired",
        "NothingToReverse",
        "QuantityNotPositive",
        "ReleaseOfWhatIsNotHeld",
    }
