"""Review meetings of a contract: how often they are held, and when the next one is due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from helpdesk.domain.access import Actor
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import ContractId
from helpdesk.domain.period import months_later
from helpdesk.domain.plan import PlanServices

YEARLY, MONTHLY = 12, 1


class ReviewTooRare(HelpdeskError):
    """A maintenance is reviewed with its client once a year at least (002 E8, X-27)."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "Reviews every {given} months are not possible: give 1 to 12."
    french: ClassVar[str] = "Une revue tous les {given} mois n'est pas possible : donnez 1 à 12."


class ReviewToCome(HelpdeskError):
    """A meeting is recorded once it was held; one that is planned is no evidence."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{held_on} is to come: record the meeting once it was held."
    french: ClassVar[str] = "Le {held_on} est à venir : notez la revue une fois tenue."


@dataclass(frozen=True, slots=True)
class ReviewRhythm:
    """That a contract is reviewed every so many months, from 1 to 12. Raises ReviewTooRare."""

    every_months: int

    def __post_init__(self) -> None:
        """Refuse what is rarer than once a year."""
        if not MONTHLY <= self.every_months <= YEARLY:
            raise ReviewTooRare(path=("everyMonths",), given=self.every_months)

    def next_on(self, *, since: date, held: Iterable[date]) -> date:
        """Return by which day the next meeting is held: counted from the last, or from `since`.

        >>> ReviewRhythm(3).next_on(since=date(2026, 1, 1), held=[date(2026, 3, 31)])
        datetime.date(2026, 6, 30)
        """
        return months_later(max(held, default=since), self.every_months)


@dataclass(frozen=True, slots=True)
class RhythmVersion:
    """A version of how often a contract is reviewed: who settled it, and when."""

    contract_id: ContractId
    version: int
    rhythm: ReviewRhythm
    at: datetime
    by: Actor


@dataclass(frozen=True, slots=True)
class ReviewMeeting:
    """A meeting that was held with the client: who came, and what was said."""

    contract_id: ContractId
    sequence: int
    held_on: date
    attendees: str
    minutes: str
    at: datetime
    by: Actor


def usual_rhythm(services: PlanServices) -> ReviewRhythm:
    """Return how often a contract is reviewed unless its parties settled it.

    Every month where an account manager (CHM) is sold, every year otherwise (X-27, REQ-H18).
    """
    manager = services.account_manager
    return ReviewRhythm(MONTHLY if manager is not None and manager.value else YEARLY)


def require_held(held_on: date, *, today: date) -> None:
    """Refuse with ReviewToCome a meeting that is still to come."""
    if held_on > today:
        raise ReviewToCome(path=("heldOn",), held_on=held_on)
