"""A version begins now at the earliest: what was counted before it is frozen."""

from datetime import datetime
from typing import ClassVar

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.utc_seconds import utc_second


class VersionInPast(HelpdeskError):
    """What was counted before a version is frozen, so a version begins now at the earliest."""

    code: ClassVar[ErrorCode] = ErrorCode.VERSION_IN_PAST
    english: ClassVar[str] = (
        "{effective_from} is over, and what was counted before now is frozen: choose a later "
        "instant, or correct the version that counted then."
    )
    french: ClassVar[str] = (
        "Le {effective_from} est passé, et ce qui a été compté jusqu'ici est figé : choisissez un "
        "instant à venir, ou corrigez la version qui comptait alors."
    )


def require_to_come(since: datetime, *, now: datetime) -> None:
    """Refuse with VersionInPast a version that would begin before this second."""
    if utc_second(since) < utc_second(now):
        raise VersionInPast(path=("effective_from",), effective_from=since.isoformat())
