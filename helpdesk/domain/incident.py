"""Incidents: when a site was not available, who says so, and what was put right about it later."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from helpdesk.domain.access import Actor
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import AgencyId, IncidentId, SiteId, TicketId
from helpdesk.domain.period import Period
from helpdesk.domain.uptime_clause import OutageReason
from helpdesk.domain.utc_seconds import since_epoch


class IncidentFactKind(StrEnum):
    """What can be said of an incident; later words replace earlier ones, all are kept."""

    RECORDED = "RECORDED"
    ENDED = "ENDED"
    CORRECTED = "CORRECTED"
    WITHDRAWN = "WITHDRAWN"


class IncidentReversed(HelpdeskError):
    """An outage does not end before it begins; turning it around by guess would hide a slip.

    It may last no time at all: some probes count in whole seconds.
    """

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = (
        "The incident would end at {end}, before it begins at {start}: give a later end."
    )
    french: ClassVar[str] = (
        "L'incident finirait le {end}, avant son début le {start} : donnez une fin plus tardive."
    )


class IncidentToCome(HelpdeskError):
    """An outage is noted when it has happened; what is planned is announced."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = (
        "{given} is yet to come: note what has happened, and announce planned maintenance instead."
    )
    french: ClassVar[str] = (
        "Le {given} est à venir : notez ce qui a eu lieu ; une maintenance prévue s'annonce."
    )


class IncidentsOverlap(HelpdeskError):
    """One source that tells of the same minutes twice is mistaken once; which time, it must say.

    Different sources may see the same outage: their minutes are united, and count once.
    """

    code: ClassVar[ErrorCode] = ErrorCode.INCIDENT_OVERLAP
    english: ClassVar[str] = (
        "{source} already tells of an incident from {start} to {end}: correct that one, or give"
        " other times."
    )
    french: ClassVar[str] = (
        "{source} fait déjà état d'un incident du {start} au {end} : corrigez celui-là, ou donnez"
        " d'autres dates."
    )


class IncidentEnded(HelpdeskError):
    """An end that was told is corrected with a reason, not silently moved."""

    code: ClassVar[ErrorCode] = ErrorCode.INCIDENT_CLOSED
    english: ClassVar[str] = "The incident ended at {end}: correct it if that is wrong."
    french: ClassVar[str] = "L'incident a pris fin le {end} : corrigez-le si c'est faux."


class IncidentWithdrawn(HelpdeskError):
    """What was withdrawn never happened: an outage after all is a new incident."""

    code: ClassVar[ErrorCode] = ErrorCode.INCIDENT_CLOSED
    english: ClassVar[str] = "The incident was withdrawn: record a new one."
    french: ClassVar[str] = "L'incident a été retiré : enregistrez-en un nouveau."


class IncidentExplanationRequired(HelpdeskError):
    """A correction changes what the client is owed, so it can be shown why (X-33)."""

    code: ClassVar[ErrorCode] = ErrorCode.REASON_REQUIRED
    english: ClassVar[str] = "Say in `explanation` what shows that the incident was otherwise."
    french: ClassVar[str] = "Dites dans `explanation` ce qui montre que l'incident fut autre."


@dataclass(frozen=True, slots=True)
class IncidentFact:
    """One statement about an incident: what it says, who said it, when (UTC), and why.

    `sequence` numbers the facts of one incident from 1 without a hole.
    """

    sequence: int
    kind: IncidentFactKind
    at: datetime
    began_at: datetime
    ended_at: datetime | None
    reason: OutageReason
    actor: Actor
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Incident:
    """A site was not available from `began_at` on; `ended_at` is None while that lasts (UTC).

    `source` is who or what noticed it; `external_key` is how a tool names it, so that telling twice
    is one incident. One that `is_outage` says no of is something to look at while the site answers:
    it counts nowhere, as a withdrawn one does. `ticket_id` is the ticket that it opened.
    """

    id: IncidentId
    agency_id: AgencyId
    site_id: SiteId
    source: str
    began_at: datetime
    ended_at: datetime | None
    reason: OutageReason
    title: str = ""
    external_key: str | None = None
    ticket_id: TicketId | None = None
    is_outage: bool = True
    is_withdrawn: bool = False
    sequence: int = 1

    @property
    def is_open(self) -> bool:
        """Whether it lasts, as far as we were told."""
        return self.ended_at is None and not self.is_withdrawn

    def outage(self, *, until: datetime) -> Period | None:
        """Return when the site was down, an open incident up to `until`; None for no instant."""
        end = until if self.ended_at is None else self.ended_at
        if self.is_withdrawn or not self.is_outage or end <= self.began_at:
            return None
        return Period(self.began_at, end)


@dataclass(frozen=True, slots=True)
class IncidentChange:
    """An incident after a statement, and the statement."""

    incident: Incident
    fact: IncidentFact


@dataclass(frozen=True, slots=True)
class IncidentCorrection:
    """What an incident is said to have been after all."""

    began_at: datetime
    ended_at: datetime | None
    reason: OutageReason
    explanation: str


def recorded(incident: Incident, *, at: datetime, actor: Actor) -> IncidentChange:
    """Return the first statement about an incident. Raises IncidentToCome, IncidentReversed."""
    _require_past(incident.began_at, incident.ended_at, at=at)
    return _stated(incident, IncidentFactKind.RECORDED, at=at, actor=actor)


def ended(incident: Incident, ended_at: datetime, *, at: datetime, actor: Actor) -> IncidentChange:
    """Return the incident that is over.

    Raises IncidentWithdrawn, IncidentEnded, IncidentToCome, IncidentReversed.
    """
    _require_standing(incident)
    if incident.ended_at is not None:
        raise IncidentEnded(end=incident.ended_at.isoformat())
    _require_past(incident.began_at, ended_at, at=at)
    after = replace(incident, ended_at=ended_at, sequence=incident.sequence + 1)
    return _stated(after, IncidentFactKind.ENDED, at=at, actor=actor)


def corrected(
    incident: Incident, correction: IncidentCorrection, *, at: datetime, actor: Actor
) -> IncidentChange:
    """Return the incident as it was after all; what was said before is kept among its facts.

    Raises IncidentExplanationRequired, IncidentWithdrawn, IncidentToCome, IncidentReversed.
    """
    _require_explanation(correction.explanation)
    _require_standing(incident)
    _require_past(correction.began_at, correction.ended_at, at=at)
    after = replace(
        incident,
        began_at=correction.began_at,
        ended_at=correction.ended_at,
        reason=correction.reason,
        sequence=incident.sequence + 1,
    )
    why = correction.explanation.strip()
    return _stated(after, IncidentFactKind.CORRECTED, at=at, actor=actor, explanation=why)


def withdrawn(
    incident: Incident, explanation: str, *, at: datetime, actor: Actor
) -> IncidentChange:
    """Return the incident that never was: a false alarm counts nowhere and stays readable.

    Raises IncidentExplanationRequired, IncidentWithdrawn.
    """
    _require_explanation(explanation)
    _require_standing(incident)
    after = replace(incident, is_withdrawn=True, sequence=incident.sequence + 1)
    why = explanation.strip()
    return _stated(after, IncidentFactKind.WITHDRAWN, at=at, actor=actor, explanation=why)


def require_apart(incident: Incident, known: Iterable[Incident]) -> None:
    """Refuse with IncidentsOverlap what the same source told of the same site already.

    An open incident lasts until it is told otherwise. Touching is no overlap.
    """
    for other in known:
        is_same = other.id == incident.id or other.is_withdrawn
        is_told_twice = (other.site_id, other.source) == (incident.site_id, incident.source)
        if is_told_twice and not is_same and _overlap(incident, other):
            raise IncidentsOverlap(
                source=other.source,
                start=other.began_at.isoformat(),
                end="…" if other.ended_at is None else other.ended_at.isoformat(),
            )


def _overlap(one: Incident, other: Incident) -> bool:
    begins_before = one.ended_at is None or other.began_at < one.ended_at
    return begins_before and (other.ended_at is None or one.began_at < other.ended_at)


def _stated(
    incident: Incident,
    kind: IncidentFactKind,
    *,
    at: datetime,
    actor: Actor,
    explanation: str = "",
) -> IncidentChange:
    fact = IncidentFact(
        sequence=incident.sequence,
        kind=kind,
        at=at,
        began_at=incident.began_at,
        ended_at=incident.ended_at,
        reason=incident.reason,
        actor=actor,
        explanation=explanation,
    )
    return IncidentChange(incident, fact)


def _require_past(began_at: datetime, ended_at: datetime | None, *, at: datetime) -> None:
    since_epoch(began_at)  # refuses an instant without a zone
    if ended_at is not None and since_epoch(ended_at) < since_epoch(began_at):
        raise IncidentReversed(
            path=("endedAt",), start=began_at.isoformat(), end=ended_at.isoformat()
        )
    if began_at > at:
        raise IncidentToCome(path=("beganAt",), given=began_at.isoformat())
    if ended_at is not None and ended_at > at:
        raise IncidentToCome(path=("endedAt",), given=ended_at.isoformat())


def _require_standing(incident: Incident) -> None:
    if incident.is_withdrawn:
        raise IncidentWithdrawn


def _require_explanation(explanation: str) -> None:
    if not explanation.strip():
        raise IncidentExplanationRequired(path=("explanation",))
