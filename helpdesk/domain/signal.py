"""Warning signals of a site: raised and cleared, each time dated and with evidence."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from helpdesk.domain.access import Actor
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import SignalEpisodeId, SiteId


class Signal(StrEnum):
    """The ten warning signals, SIG-01 to SIG-10 (002 §05, REQ-K01)."""

    EMAIL_ONLY = "EMAIL_ONLY"
    NO_TICKET_TRACKING = "NO_TICKET_TRACKING"
    NO_STAGING = "NO_STAGING"
    UPDATES_NEVER_DONE = "UPDATES_NEVER_DONE"
    BACKUP_UNTESTED = "BACKUP_UNTESTED"
    NO_UPTIME_MONITORING = "NO_UPTIME_MONITORING"
    NO_REPORT = "NO_REPORT"
    NO_SLA = "NO_SLA"
    NO_DOCUMENTATION = "NO_DOCUMENTATION"
    NO_EMERGENCY_PROCEDURE = "NO_EMERGENCY_PROCEDURE"


RULE_OF_THREE = frozenset({Signal.NO_STAGING, Signal.UPDATES_NEVER_DONE, Signal.BACKUP_UNTESTED})
"""Together they call for an audit at once: exactly SIG-03, SIG-04 and SIG-05 (R-SIG, REQ-K02)."""


class SignalAction(StrEnum):
    """What the signals of a site call for."""

    NONE = "NONE"
    IMMEDIATE_AUDIT = "IMMEDIATE_AUDIT"


class SignalUp(HelpdeskError):
    """A signal is up once: its first date tells since when."""

    code: ClassVar[ErrorCode] = ErrorCode.ALREADY_EXISTS
    english: ClassVar[str] = "Signal {signal} is up since {since}."
    french: ClassVar[str] = "Le signal {signal} est levé depuis le {since}."


class SignalDown(HelpdeskError):
    """What is not up cannot be cleared."""

    code: ClassVar[ErrorCode] = ErrorCode.TRANSITION_REFUSED
    english: ClassVar[str] = "Signal {signal} is not up: there is nothing to clear."
    french: ClassVar[str] = "Le signal {signal} n'est pas levé : il n'y a rien à baisser."


class SignalStands(HelpdeskError):
    """What the engine reads in its own data would raise the signal again tomorrow."""

    code: ClassVar[ErrorCode] = ErrorCode.TRANSITION_REFUSED
    english: ClassVar[str] = (
        "The data still show signal {signal}: {evidence}. Record what changed, and it is cleared."
    )
    french: ClassVar[str] = (
        "Les données montrent toujours le signal {signal} : {evidence}. Enregistrez ce qui a "
        "changé, et il tombe."
    )


@dataclass(frozen=True, slots=True)
class SignalChange:
    """That a signal goes up or down: on a local day, by whom, and what shows it."""

    on: date
    at: datetime
    by: Actor
    evidence: str


@dataclass(frozen=True, slots=True)
class SignalEpisode:
    """One time that a signal was up at a site; `cleared` is None while it still is.

    `is_derived` tells one that the engine raised from its own data, `is_against_data` one that a
    person raised although the data said otherwise: then only a person clears it.
    """

    id: SignalEpisodeId
    site_id: SiteId
    signal: Signal
    raised: SignalChange
    is_derived: bool = False
    is_against_data: bool = False
    cleared: SignalChange | None = None

    @property
    def is_up(self) -> bool:
        """Whether the signal is up still."""
        return self.cleared is None


@dataclass(frozen=True, slots=True)
class AuditCall:
    """One time that the three criticals stood together at a site, and the task that came of it.

    `ended_on` is None while they still do; until then they call for no other audit.
    """

    site_id: SiteId
    began_on: date
    began_at: datetime
    ended_on: date | None = None


def calls_for(signals: Collection[Signal]) -> SignalAction:
    """Return what signals call for: the three criticals together, and no others, for an audit.

    >>> calls_for({Signal.NO_STAGING, Signal.UPDATES_NEVER_DONE, Signal.NO_REPORT}).name
    'NONE'
    >>> calls_for(set(Signal)).name
    'IMMEDIATE_AUDIT'
    """
    is_called = RULE_OF_THREE.issubset(signals)
    return SignalAction.IMMEDIATE_AUDIT if is_called else SignalAction.NONE


def signals_up(episodes: Iterable[SignalEpisode]) -> dict[Signal, SignalEpisode]:
    """Return the signals that are up, each with its episode."""
    return {episode.signal: episode for episode in episodes if episode.is_up}


def raised(up: Iterable[SignalEpisode], new: SignalEpisode) -> SignalEpisode:
    """Return a new episode. Raises SignalUp when the signal is up already."""
    before = signals_up(up).get(new.signal)
    if before is not None:
        raise SignalUp(path=("signal",), signal=new.signal, since=before.raised.on)
    return new


def cleared(up: Iterable[SignalEpisode], signal: Signal, change: SignalChange) -> SignalEpisode:
    """Return the episode of a signal with its end. Raises SignalDown when it is not up."""
    before = signals_up(up).get(signal)
    if before is None:
        raise SignalDown(path=("signal",), signal=signal)
    return replace(before, cleared=change)
