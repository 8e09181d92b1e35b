"""The word that lets a reader leave topics: what it says, and who cannot make one."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.ids import AgencyId, AgentId, ContactId
from helpdesk.domain.mail_token import MailKey
from helpdesk.domain.notification import NotificationTopic, ReaderKind
from helpdesk.domain.unsubscribe import (
    LONGEST,
    Reader,
    Unsubscription,
    claim_of,
    unsubscribe_word,
    words_in,
)

KEY = MailKey(AgencyId("a" * 32), 3, "a secret")
BRUNO = Reader(ReaderKind.CONTACT, ContactId("b" * 32))
ALICE = Reader(ReaderKind.AGENT, AgentId("alice"))
WORD = unsubscribe_word(KEY, BRUNO, [NotificationTopic.PROGRESS])


@pytest.mark.parametrize("reader", [BRUNO, ALICE])
def test_a_word_says_who_leaves_what(reader: Reader) -> None:
    topics = [NotificationTopic.YOUR_TURN, NotificationTopic.PROGRESS]

    claim = claim_of(unsubscribe_word(KEY, reader, topics))

    assert claim is not None
    assert claim.unsubscription == Unsubscription(
        KEY.agency_id, reader, (NotificationTopic.PROGRESS, NotificationTopic.YOUR_TURN)
    )
    assert claim.key_number == 3
    assert claim.is_signed_by(KEY)


def test_the_longest_word_is_read_and_goes_into_a_line_of_a_mail() -> None:
    word = unsubscribe_word(KEY, BRUNO, [one for one in NotificationTopic if "_" in one])

    assert claim_of(word) is not None
    assert len(word) <= LONGEST


def test_another_key_signed_nothing() -> None:
    claim = claim_of(WORD)

    assert claim is not None
    assert not claim.is_signed_by(MailKey(KEY.agency_id, 3, "another secret"))


@pytest.mark.parametrize("place", [5, 40, 80, -3])
def test_a_changed_letter_is_no_signature(place: int) -> None:
    letter = "A" if WORD[place] != "A" else "B"
    changed = WORD[:place] + letter + (WORD[place + 1 :] if place != -1 else "")

    claim = claim_of(changed)

    assert claim is None or not claim.is_signed_by(KEY)


def test_a_word_for_more_topics_cannot_be_made_of_one_for_fewer() -> None:
    signed = urlsafe_b64decode(WORD.removeprefix("u.") + "==")
    forged = signed.replace(b"PROGRESS", b"PROGRESS,YOUR_TURN")

    claim = claim_of("u." + urlsafe_b64encode(forged).decode().rstrip("="))

    assert claim is not None
    assert not claim.is_signed_by(KEY)


@pytest.mark.parametrize(
    "text",
    ["", "u.", "t.abc", WORD[2:], "u.!!!", "u." + "A" * LONGEST, "u.YWJj", WORD.upper()],
)
def test_what_is_no_word_of_ours_claims_nothing(text: str) -> None:
    assert claim_of(text) is None


@given(st.text(max_size=200))
def test_nothing_breaks_the_reading_of_a_word(text: str) -> None:
    claim_of(f"u.{text}")


@given(st.binary(max_size=120))
def test_no_bytes_break_the_reading_of_a_word(content: bytes) -> None:
    claim = claim_of("u." + urlsafe_b64encode(content).decode())

    assert claim is None or not claim.is_signed_by(KEY)


def test_words_are_found_in_a_subject_once_each() -> None:
    subject = f"Re: unsubscribe {WORD} ({WORD})"

    assert words_in([subject, "nothing here"]) == (WORD,)
