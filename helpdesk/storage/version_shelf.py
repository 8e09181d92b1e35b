"""Versions that were read once: they never change, so they stay true."""

from helpdesk.domain.calendar import CalendarVersion
from helpdesk.domain.contract import ContractTerms


class VersionShelf:
    """Terms and opening hours that were read once: a version never changes, so it stays true."""

    def __init__(self) -> None:
        self.terms: dict[tuple[str, str, int], ContractTerms] = {}
        self.hours: dict[tuple[str, str, int], CalendarVersion] = {}
