"""Corrections of the past: what was written down wrongly, and whose deadlines that moves."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from helpdesk.domain.access import Actor
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import AgencyId, CorrectionId, TicketId
from helpdesk.domain.sla import SlaClock, SlaMetric, SlaState


class CorrectionKind(StrEnum):
    """What was corrected."""

    CALENDAR = "CALENDAR"
    CONTRACT_TERMS = "CONTRACT_TERMS"
    EVENT_TIME = "EVENT_TIME"


class Gainer(StrEnum):
    """Who is better off by the correction: the client with an earlier deadline or a breach."""

    CLIENT = "CLIENT"
    AGENCY = "AGENCY"
    NOBODY = "NOBODY"


class VersionUnknown(HelpdeskError):
    """Only what was written can be corrected."""

    code: ClassVar[ErrorCode] = ErrorCode.NOT_FOUND
    english: ClassVar[str] = "There is no version {version} to correct. Versions in force: {known}."
    french: ClassVar[str] = (
        "Il n'y a pas de version {version} à corriger. Versions en vigueur : {known}."
    )


class EventUnknown(HelpdeskError):
    """Only what happened can have happened at another time."""

    code: ClassVar[ErrorCode] = ErrorCode.NOT_FOUND
    english: ClassVar[str] = (
        "Ticket {number} has no event {sequence} whose instant can be corrected."
    )
    french: ClassVar[str] = (
        "Le ticket {number} n'a pas d'événement {sequence} dont l'instant se corrige."
    )


class CorrectionOutOfOrder(HelpdeskError):
    """A corrected instant keeps the order of events: another order would tell another story."""

    code: ClassVar[ErrorCode] = ErrorCode.CORRECTION_OUT_OF_ORDER
    english: ClassVar[str] = (
        "Event {sequence} of ticket {number} cannot have happened at {at}: it came between"
        " {earliest} and {latest}."
    )
    french: ClassVar[str] = (
        "L'événement {sequence} du ticket {number} n'a pas pu avoir lieu le {at} : il est survenu"
        " entre le {earliest} et le {latest}."
    )


class CorrectionWithoutReason(HelpdeskError):
    """Who changes the past says why: the client may ask."""

    code: ClassVar[ErrorCode] = ErrorCode.REASON_REQUIRED
    english: ClassVar[str] = "A correction needs a reason: it is kept with what it changed."
    french: ClassVar[str] = (
        "Une correction demande un motif : il est conservé avec ce qu'elle a changé."
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """How a clock stood: its deadline, its breach up to now, its state. UTC."""

    deadline_at: datetime | None
    breached_at: datetime | None
    state: SlaState


@dataclass(frozen=True, slots=True)
class MovedClock:
    """A clock that a correction moves; None on a side where the clock does not exist."""

    ticket_id: TicketId
    number: str
    metric: SlaMetric
    cycle: int
    before: Standing | None
    after: Standing | None

    @property
    def gainer(self) -> Gainer:
        """Return who is better off: a breach weighs more than a deadline."""
        before, after = self.before, self.after
        if before is None or after is None:
            return Gainer.CLIENT if before is None else Gainer.AGENCY
        if before.breached_at != after.breached_at:
            return _earlier_is_the_clients(before.breached_at, after.breached_at)
        if before.deadline_at is None or after.deadline_at is None:
            return Gainer.NOBODY
        if before.deadline_at == after.deadline_at:
            return Gainer.NOBODY
        return _earlier_is_the_clients(before.deadline_at, after.deadline_at)


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction that was carried out: who, when, why, of what, and the clocks that it moved."""

    id: CorrectionId
    agency_id: AgencyId
    kind: CorrectionKind
    subject_id: str
    at: datetime
    actor: Actor
    reason: str
    detail: Mapping[str, object]
    moves: tuple[MovedClock, ...]


def moved_clocks(
    ticket_id: TicketId,
    number: str,
    before: Iterable[SlaClock],
    after: Iterable[SlaClock],
    *,
    at: datetime,
) -> Iterator[MovedClock]:
    """Return the clocks of a ticket whose deadline, breach or state at `at` a correction moves."""
    old = {(clock.metric, clock.cycle): _standing(clock, at) for clock in before}
    new = {(clock.metric, clock.cycle): _standing(clock, at) for clock in after}
    for metric, cycle in dict.fromkeys((*old, *new)):
        was, now = old.get((metric, cycle)), new.get((metric, cycle))
        if was != now:
            yield MovedClock(ticket_id, number, metric, cycle, was, now)


def _standing(clock: SlaClock, at: datetime) -> Standing:
    is_broken = clock.breached_at is not None and clock.breached_at <= at
    return Standing(clock.deadline_at, clock.breached_at if is_broken else None, clock.state(at))


def _earlier_is_the_clients(before: datetime | None, after: datetime | None) -> Gainer:
    if after is None or (before is not None and after > before):
        return Gainer.AGENCY
    return Gainer.CLIENT
