"""The monthly report of a contract: a draft that people complete, then a snapshot that stays.

A report has versions. The first is drafted, previewed as often as wanted and published once the
month is over: what it said is frozen with its hash. What turns out wrong later is said by the next
version, the "rapport rectificatif"; no version ever changes again. Source: R-REP.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from helpdesk.domain.access import Actor
from helpdesk.domain.errors import ErrorCode, HelpdeskError, Locale
from helpdesk.domain.ids import AgencyId, ClientId, ContractId, ReportId
from helpdesk.domain.message import required_text, storable
from helpdesk.domain.month import Month
from helpdesk.domain.plan import ReportLevel
from helpdesk.domain.report_lines import ReportLines

MOST_SUMMARY_LINES = 3
SUMMARY_LINE_LIMIT = 250
PERSONAL_MESSAGE_LIMIT = 2_000
REASON_LIMIT = 1_000
VIDEO_URL_LIMIT = 500


class ReportState(StrEnum):
    """Where a version stands: being completed, or in the client's hands for good."""

    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"


class ReportMonthOpen(HelpdeskError):
    """The figures of a month are final once it is over; until then there is a preview (X-26)."""

    code: ClassVar[ErrorCode] = ErrorCode.PERIOD_OPEN
    english: ClassVar[str] = (
        "{month} is over on {ends_at}: preview the report until then, and publish it afterwards."
    )
    french: ClassVar[str] = (
        "Le mois {month} se termine le {ends_at} : prévisualisez le rapport d'ici là et publiez-le"
        " ensuite."
    )


class ReportOutsideContract(HelpdeskError):
    """Before it began and after it ended, a contract has nothing to report."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = (
        "Contract {reference} runs from {starts_on} to {ends_on}: {month} is not part of it."
    )
    french: ClassVar[str] = (
        "Le contrat {reference} court du {starts_on} au {ends_on} : {month} n'en fait pas partie."
    )


class ReportPublished(HelpdeskError):
    """What the client has read stays as he read it: what was wrong is said by the next version."""

    code: ClassVar[ErrorCode] = ErrorCode.TRANSITION_REFUSED
    english: ClassVar[str] = (
        "The report of {month} was published on {published_at}: rectify it instead."
    )
    french: ClassVar[str] = (
        "Le rapport de {month} a été publié le {published_at} : faites un rectificatif."
    )


class ReportNotPublished(HelpdeskError):
    """Only what was published is rectified; a draft is edited."""

    code: ClassVar[ErrorCode] = ErrorCode.TRANSITION_REFUSED
    english: ClassVar[str] = "The report of {month} is still a draft: edit it instead."
    french: ClassVar[str] = "Le rapport de {month} est encore un brouillon : modifiez-le."


class SummaryTooLong(HelpdeskError):
    """The summary of a month is three lines, so that it is read (REQ-J01)."""

    code: ClassVar[ErrorCode] = ErrorCode.TOO_LONG
    english: ClassVar[str] = (
        "The summary has {lines} lines: give at most {most}, of at most {limit} characters each."
    )
    french: ClassVar[str] = (
        "Le résumé a {lines} lignes : donnez-en au plus {most}, de {limit} caractères au plus."
    )


class VideoLinkInvalid(HelpdeskError):
    """A link in a report is followed without a second thought, so it is a safe one."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "“{given}” is no link to a video: give an https address."
    french: ClassVar[str] = (
        "« {given} » n'est pas un lien vers une vidéo : donnez une adresse https."
    )


@dataclass(frozen=True, slots=True)
class ReportWords:
    """What people add to the figures; `summary` is None for the lines that the engine proposes.

    Raises SummaryTooLong, VideoLinkInvalid and TextTooLong.
    """

    summary: tuple[str, ...] | None = None
    message: str = ""
    video_url: str = ""

    @classmethod
    def given(cls, summary: str | None, message: str, video_url: str) -> "ReportWords":
        """Return the words as they were typed, blank lines and outer blanks left out.

        >>> ReportWords.given(" All well. \\n\\nTwo sites moved.", "", "").summary
        ('All well.', 'Two sites moved.')
        """
        lines = None
        if summary is not None and summary.strip():
            lines = tuple(filter(None, map(str.strip, storable(summary).splitlines())))
            _check_summary(lines)
        kept = message.strip() and required_text(
            message, field="message", limit=PERSONAL_MESSAGE_LIMIT
        )
        return cls(lines, kept, _video_link(video_url))


def _check_summary(lines: tuple[str, ...]) -> None:
    if len(lines) > MOST_SUMMARY_LINES or any(len(one) > SUMMARY_LINE_LIMIT for one in lines):
        raise SummaryTooLong(
            path=("summary",), lines=len(lines), most=MOST_SUMMARY_LINES, limit=SUMMARY_LINE_LIMIT
        )


def _video_link(given: str) -> str:
    link = given.strip()
    if not link:
        return ""
    try:
        parts = urlsplit(link)
        is_safe = parts.scheme == "https" and bool(parts.hostname) and parts.username is None
    except ValueError:
        is_safe = False
    has_odd_character = any(one.isspace() or not one.isprintable() for one in link)
    if not is_safe or has_odd_character or len(link) > VIDEO_URL_LIMIT:
        raise VideoLinkInvalid(path=("videoUrl",), given=link[:100])
    return link


@dataclass(frozen=True, slots=True)
class ReportHead:
    """Whose report it is and of which month: local days, `ends_on` exclusive.

    `calendars` are the days and hours that the promises are counted in, as the contract words
    them. `rectifies` says why there is a version after the first.
    """

    agency: str
    client: str
    contract_reference: str
    contract_name: str
    plan: str
    month: Month
    starts_on: date
    ends_on: date
    zone: str
    level: ReportLevel
    calendars: tuple[str, ...]
    made_at: datetime
    version: int
    rectifies: str
    is_preview: bool


@dataclass(frozen=True, slots=True)
class ReportContent:
    """A report as it is printed: its head, what people wrote, and the lines of its rubrics.

    `summary` is what the reader reads: the words that somebody gave, or those that the engine
    proposes.
    """

    head: ReportHead
    locale: Locale
    summary: tuple[str, ...]
    is_summary_proposed: bool
    message: str
    video_url: str
    lines: ReportLines


@dataclass(frozen=True, slots=True)
class Report:
    """One version of the report of a contract for a month.

    `reason` says why it rectifies the version before; empty for the first. `snapshot` is the
    document that was frozen on publication, and `digest` its SHA-256.
    """

    id: ReportId
    agency_id: AgencyId
    client_id: ClientId
    contract_id: ContractId
    month: Month
    version: int
    locale: Locale
    created_at: datetime
    words: ReportWords = ReportWords()
    level: ReportLevel = ReportLevel.DETAILED
    reason: str = ""
    state: ReportState = ReportState.DRAFT
    published_at: datetime | None = None
    published_by: str = ""
    snapshot: Mapping[str, Any] | None = None  # a JSON document (report_snapshot.py)
    digest: str | None = None

    @property
    def is_rectified(self) -> bool:
        """Whether it is a "rapport rectificatif"."""
        return self.version > 1

    def edited(self, words: ReportWords, locale: Locale | None = None) -> "Report":
        """Return the draft with other words. Raises ReportPublished."""
        self.require_draft()
        return replace(self, words=words, locale=locale or self.locale)

    def published(
        self, frozen: Mapping[str, Any], digest: str, *, at: datetime, by: Actor, level: ReportLevel
    ) -> "Report":
        """Return the version that is frozen, in the client's hands. Raises ReportPublished."""
        self.require_draft()
        return replace(
            self,
            state=ReportState.PUBLISHED,
            level=level,
            published_at=at,
            published_by=by.name,
            snapshot=frozen,
            digest=digest,
        )

    def rectified(self, report_id: ReportId, reason: str, *, at: datetime) -> "Report":
        """Return the draft of the next version, with the same words to begin with.

        Raises ReportNotPublished, TextRequired and TextTooLong.
        """
        if self.state is not ReportState.PUBLISHED:
            raise ReportNotPublished(month=self.month)
        return replace(
            self,
            id=report_id,
            version=self.version + 1,
            reason=required_text(reason, field="reason", limit=REASON_LIMIT),
            state=ReportState.DRAFT,
            # What the engine proposed was about the old figures; it proposes again.
            created_at=at,
            published_at=None,
            published_by="",
            snapshot=None,
            digest=None,
        )

    def require_draft(self) -> None:
        """Refuse to change what was published, with ReportPublished."""
        if self.state is not ReportState.DRAFT:
            raise ReportPublished(month=self.month, published_at=self.published_at)


def require_over(month: Month, zone: ZoneInfo, *, at: datetime) -> None:
    """Refuse to publish a month that is not over in a zone, with ReportMonthOpen."""
    end = month.following.starts_at(zone)
    if at < end:
        raise ReportMonthOpen(
            path=("month",), month=month, ends_at=end.astimezone(zone).isoformat()
        )
