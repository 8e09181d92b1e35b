"""A text is asked for, has a limit, and is one that any database keeps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.errors import ErrorCode
from helpdesk.domain.message import TextRequired, TextTooLong, required_text, storable


@pytest.mark.parametrize("text", ["", "   ", "\n\t "])
def test_an_empty_text_is_refused(text: str) -> None:
    with pytest.raises(TextRequired) as refusal:
        required_text(text, field="subject", limit=10)

    assert refusal.value.code is ErrorCode.REQUIRED
    assert refusal.value.path == ("subject",)


def test_a_text_may_have_as_many_characters_as_the_limit_says() -> None:
    assert required_text("  éééé ", field="subject", limit=4) == "éééé"
    with pytest.raises(TextTooLong) as refusal:
        required_text("ééééé", field="subject", limit=4)

    assert refusal.value.code is ErrorCode.TOO_LONG
    assert refusal.value.values == {"field": "subject", "length": 5, "limit": 4}


def test_what_no_database_keeps_is_replaced() -> None:
    assert required_text("a\x00b \ud800 c", field="subject", limit=10) == "a\ufffdb \ufffd c"


@given(st.text(st.characters(codec=None, categories=None)))
def test_a_storable_text_is_utf_8_and_what_was_so_already_is_kept(text: str) -> None:
    kept = storable(text)

    assert kept.encode().decode() == kept
    assert "\x00" not in kept
    assert storable(kept) == kept
