"""The monthly report: what people write, when it is published, and what stays."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from helpdesk.domain.access import SYSTEM
from helpdesk.domain.errors import ErrorCode, HelpdeskError, Locale
from helpdesk.domain.ids import AgencyId, ClientId, ContractId, ReportId
from helpdesk.domain.message import TextRequired, TextTooLong
from helpdesk.domain.month import Month
from helpdesk.domain.monthly_report import (
    Report,
    ReportMonthOpen,
    ReportNotPublished,
    ReportPublished,
    ReportState,
    ReportWords,
    SummaryTooLong,
    VideoLinkInvalid,
    require_over,
)
from helpdesk.domain.plan import ReportLevel

PARIS = ZoneInfo("Europe/Paris")
MARCH = Month(2026, 3)
AT = datetime(2026, 4, 1, 7, 0, tzinfo=UTC)
DRAFT = Report(
    *(ReportId("r1"), AgencyId("a"), ClientId("c"), ContractId("k"), MARCH, 1, Locale.FR, AT)
)


def published() -> Report:
    return DRAFT.published({"a": 1}, "digest", at=AT, by=SYSTEM, level=ReportLevel.DETAILED)


def test_a_month_is_over_at_local_midnight() -> None:
    last_moment = datetime(2026, 3, 31, 21, 59, 59, tzinfo=UTC)

    with pytest.raises(ReportMonthOpen) as refused:
        require_over(MARCH, PARIS, at=last_moment)
    require_over(MARCH, PARIS, at=datetime(2026, 3, 31, 22, 0, tzinfo=UTC))

    assert refused.value.code is ErrorCode.PERIOD_OPEN
    assert "2026-04-01T00:00:00+02:00" in refused.value.message(Locale.EN)


def test_blank_words_are_no_words() -> None:
    assert ReportWords.given("  \n ", "  ", " ") == ReportWords()
    assert ReportWords.given(None, "", "") == ReportWords(None, "", "")


def test_words_are_kept_without_their_outer_blanks() -> None:
    words = ReportWords.given("Un.\r\n\n Deux. ", " Bonjour\n\nBruno ", " https://v.example/x ")

    assert words == ReportWords(("Un.", "Deux."), "Bonjour\n\nBruno", "https://v.example/x")


@pytest.mark.parametrize("summary", ["a\nb\nc\nd", "x" * 251])
def test_a_summary_has_three_lines_that_can_be_read(summary: str) -> None:
    with pytest.raises(SummaryTooLong):
        ReportWords.given(summary, "", "")


def test_three_lines_are_enough() -> None:
    assert ReportWords.given("a\nb\n\nc", "", "").summary == ("a", "b", "c")


def test_a_message_is_no_book() -> None:
    with pytest.raises(TextTooLong):
        ReportWords.given(None, "x" * 2001, "")


@pytest.mark.parametrize(
    "link",
    [
        "http://video.example/x",
        "javascript:alert(1)",
        "https://",
        "https://name:secret@video.example/x",
        "https://video.example/a b",
        "https://video.example/a\u202eb",
        "https://[::1",
        "video.example",
        "https://video.example/" + "x" * 500,
    ],
)
def test_a_video_link_is_a_safe_one(link: str) -> None:
    with pytest.raises(VideoLinkInvalid) as refused:
        ReportWords.given(None, "", link)

    assert refused.value.path == ("videoUrl",)


def test_a_draft_is_edited_and_keeps_its_language_unless_said() -> None:
    words = ReportWords(("Un.",))

    assert DRAFT.edited(words) == replace(DRAFT, words=words)
    assert DRAFT.edited(words, Locale.EN).locale is Locale.EN


def test_what_was_published_never_changes() -> None:
    report = published()

    assert (report.state, report.digest) == (ReportState.PUBLISHED, "digest")
    assert report.published_by == SYSTEM.name
    with pytest.raises(ReportPublished):
        report.edited(ReportWords())
    with pytest.raises(ReportPublished):
        report.published({}, "x", at=AT, by=SYSTEM, level=ReportLevel.NONE)


def test_a_rectified_report_is_the_next_version_with_a_reason() -> None:
    report = published().rectified(ReportId("r2"), " Une heure comptée deux fois ", at=AT)

    assert (report.version, report.state, report.is_rectified) == (2, ReportState.DRAFT, True)
    assert report.reason == "Une heure comptée deux fois"
    assert (report.snapshot, report.digest, report.published_at) == (None, None, None)
    assert not DRAFT.is_rectified


def test_only_what_was_published_is_rectified_and_with_a_reason() -> None:
    with pytest.raises(ReportNotPublished):
        DRAFT.rectified(ReportId("r2"), "why", at=AT)
    with pytest.raises(TextRequired) as refused:
        published().rectified(ReportId("r2"), "  ", at=AT)

    assert refused.value.path == ("reason",)


def test_each_refusal_says_what_to_do_in_both_languages() -> None:
    for error in (
        ReportPublished(month=MARCH, published_at=AT),
        ReportNotPublished(month=MARCH),
        SummaryTooLong(lines=4, most=3, limit=250),
    ):
        assert isinstance(error, HelpdeskError)
        assert error.message(Locale.FR) != error.message(Locale.EN)
