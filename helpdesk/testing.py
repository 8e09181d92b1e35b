"""Fakes for those who test what they build on the engine."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass
class FrozenNow:
    """A clock in the hand: it stands still until somebody moves it.

    >>> from datetime import timezone
    >>> now = FrozenNow(datetime(2026, 3, 2, 9, 0, tzinfo=timezone.utc))
    >>> now.advance(hours=2)
    >>> now().hour
    11
    """

    instant: datetime

    def __call__(self) -> datetime:
        """Return the instant that the clock shows."""
        return self.instant

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0) -> None:
        """Move the clock; backwards with negative amounts."""
        self.instant += timedelta(days=days, hours=hours, minutes=minutes)

    def set(self, instant: datetime) -> None:
        """Put the clock at an instant."""
        self.instant = instant
