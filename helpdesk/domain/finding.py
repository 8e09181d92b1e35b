"""What the data show of one matter: whether it is fine, and the evidence in both languages."""

from dataclasses import dataclass
from datetime import date

from helpdesk.domain.errors import Locale
from helpdesk.domain.period import months_later


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether something is fine, and what shows it, in both languages."""

    is_fine: bool
    english: str
    french: str

    def evidence(self, locale: Locale) -> str:
        """Return what shows it in the reader's language."""
        return self.french if locale is Locale.FR else self.english


@dataclass(frozen=True, slots=True)
class FindingWords:
    """How a dated finding is said, with a day and without one."""

    english: str
    french: str
    no_english: str
    no_french: str


def dated(is_fine: bool, day: date | None, words: FindingWords) -> Finding:  # noqa: FBT001 - its first field
    """Return a finding that a day shows, or that there is none."""
    if day is None:
        return Finding(is_fine, words.no_english, words.no_french)
    return Finding(is_fine, f"{words.english} {day}", f"{words.french} {day}")


def aged(day: date | None, months: int, today: date, words: FindingWords) -> Finding:
    """Return that something is fine while its day is less than so many months ago."""
    return dated(day is not None and today < months_later(day, months), day, words)


def said(value: bool | None, english: str, french: str) -> Finding | None:  # noqa: FBT001
    """Return what somebody said; nothing where nobody did."""
    return None if value is None else told(value, english, french)


def told(is_fine: bool, english: str, french: str) -> Finding:  # noqa: FBT001
    """Return that something is there, or that it is not."""
    if is_fine:
        return Finding(is_fine=True, english=english, french=french)
    return Finding(is_fine=False, english=f"no {english}", french=f"sans {french}")
