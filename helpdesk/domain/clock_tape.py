"""The tapes of a ticket's clocks: what each of them counted or not, recorded fact by fact."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from helpdesk.domain.clock_facts import ClockFactKind, Scene
from helpdesk.domain.sla import ClockStart, SlaMetric, StretchKind, Target
from helpdesk.domain.sla_policy import ReopenClause, RetargetClause
from helpdesk.domain.waiting import WaitingOn

_ANSWERED = frozenset({SlaMetric.NEXT_RESPONSE, SlaMetric.UPDATE})
_REOPENED = frozenset({SlaMetric.RESOLUTION, SlaMetric.DELIVERY})
RETARGETINGS = frozenset({ClockFactKind.PRIORITY_SET, ClockFactKind.TERMS_CHANGED})
"""What may change the promises."""

_QUIET = frozenset({ClockFactKind.CLIENT_WROTE, ClockFactKind.POSTPONED})
_ANSWERS = frozenset({ClockFactKind.AGENT_ANSWERED, ClockFactKind.AGENT_CALLED})
_UNHEARD = {
    metric: _QUIET if metric is SlaMetric.FIRST_RESPONSE else _QUIET | _ANSWERS
    for metric in SlaMetric
}
"""What changes nothing in a clock that a ticket has once; most facts of a ticket are such."""

# Looked up once: reading a member of an enumeration takes as long as a call.
_CANCELLED = ClockFactKind.CANCELLED
_RESOLVED = ClockFactKind.RESOLVED
_DELIVERED = ClockFactKind.DELIVERED
_REOPENS = ClockFactKind.REOPENED
_COUNTED = StretchKind.COUNTED
_PAUSED = StretchKind.PAUSED
_FIRST_RESPONSE = SlaMetric.FIRST_RESPONSE
_DELIVERY = SlaMetric.DELIVERY
_OPENING = ClockStart.OPENING


class Mark(NamedTuple):
    """The start of a stretch of a clock's life, which lasts until the next one or the end."""

    start: datetime
    kind: StretchKind
    reason: WaitingOn | None = None


class Ending(NamedTuple):
    """How a clock had ended before it went on: the marks it had by then, and when it went on.

    It `is_result` when what was promised had happened, not when the ticket was cancelled.
    """

    at: datetime
    marks: int
    reopened_at: datetime
    is_result: bool


class Tape:
    """The life of one clock being recorded: what was counted, paused or closed, and its end.

    It listens to the scenes from `first` on, and had heard all before `heard` when it was over.
    It counts from no scene before `earliest`. `began_at` is when it was known to count from
    `started_at`. It `is_withdrawn` when it ended because its promise was no longer made.
    """

    __slots__ = (
        "began_at",
        "cancelled_at",
        "cycle",
        "earlier",
        "earliest",
        "first",
        "heard",
        "is_withdrawn",
        "marks",
        "metric",
        "promise",
        "started_at",
        "stopped_at",
    )

    def __init__(self, metric: SlaMetric, cycle: int, first: int, earliest: int) -> None:
        """Begin to listen at the scene `first`."""
        self.metric = metric
        self.cycle = cycle
        self.first = self.heard = first
        self.earliest = earliest
        self.promise: Target | None = None
        self.began_at: datetime | None = None
        self.started_at: datetime | None = None
        self.stopped_at: datetime | None = None
        self.cancelled_at: datetime | None = None
        self.is_withdrawn = False
        self.marks: list[Mark] = []
        self.earlier: list[Ending] = []

    @property
    def is_over(self) -> bool:
        """Whether it stopped or was cancelled."""
        return self.stopped_at is not None or self.cancelled_at is not None

    @property
    def ended_at(self) -> datetime | None:
        """When it stopped or was cancelled."""
        return self.stopped_at or self.cancelled_at

    @property
    def is_running(self) -> bool:
        """Whether it started, counting or paused, and is not over."""
        return self.started_at is not None and not self.is_over

    def start(self, scene: Scene, *, began_at: datetime) -> None:
        """Begin to count from a scene, known since `began_at`."""
        self.started_at, self.began_at = scene.at, began_at
        pause = scene.pause(self.metric)
        kind = _COUNTED if pause is None else _PAUSED
        self.marks = [Mark(scene.at, kind, pause)]

    def hear(self, scene: Scene, index: int) -> None:
        """Record what a scene means for a clock that is not over."""
        if self.stopped_at is not None or self.cancelled_at is not None:
            return
        self.heard = index + 1
        self.promise = scene.targets.get(self.metric) or self.promise
        if scene.kind is _CANCELLED:
            self.cancelled_at = scene.at
        elif ends(self.metric, scene):
            self.stopped_at = scene.at
            if self.started_at is None and self.promise is not None:
                self.started_at = self.began_at = scene.at
        elif self.marks and (scene.waiting_on is not None or self.marks[-1].reason is not None):
            self._turn(scene.at, scene.pause(self.metric))

    def withdraw(self, at: datetime) -> None:
        """End because nothing like it is promised any more: what came after never was."""
        self.marks = [mark for mark in self.marks if mark.start < at]
        if self.started_at is not None and at < self.started_at:
            self.started_at = None
        self.earlier = [ending for ending in self.earlier if ending.at < at]
        self.stopped_at, self.cancelled_at, self.is_withdrawn = None, at, True

    def _turn(self, at: datetime, pause: WaitingOn | None) -> None:
        last = self.marks[-1]
        if last.reason != pause:
            kind = _COUNTED if pause is None else _PAUSED
            self.marks.append(Mark(at, kind, pause))

    def go_on(self, scene: Scene) -> None:
        """Count again after a reopening where a clause says so; the time between is of its kind."""
        kind, ended_at = StretchKind.TICKET_CLOSED, self.cancelled_at
        if self.stopped_at is not None:
            clause = scene.policy.reopening
            if self.metric not in _REOPENED or clause is ReopenClause.NONE:
                return
            if clause is ReopenClause.CONTINUE_COUNTING_CLOSED:
                kind = _COUNTED
            ended_at = self.stopped_at
        if ended_at is None:
            return
        is_result = self.stopped_at is not None and self.promise is not None
        self.earlier.append(Ending(ended_at, len(self.marks), scene.at, is_result))
        if self.started_at is not None:
            self.marks += (Mark(ended_at, kind), Mark(scene.at, _COUNTED))
        self.stopped_at = self.cancelled_at = None

    def out_of_the_end(self, at: datetime) -> datetime:
        """Return the instant, or the reopening where the clock was over at that instant."""
        for ending in self.earlier:
            if ending.at < at < ending.reopened_at:
                return ending.reopened_at
        return at


def single_tapes(metric: SlaMetric, played: Sequence[Scene]) -> list[Tape]:
    """Return the tapes of a metric that a ticket has once, or again where a clause says so."""
    tapes: list[Tape] = []
    following: tuple[int, int] | None = (0, 0)
    while following is not None:
        first, earliest = following
        tape = Tape(metric, len(tapes) + 1, first, earliest)
        tapes.append(tape)
        following = _recorded(tape, played)
    return tapes


def _recorded(tape: Tape, played: Sequence[Scene]) -> tuple[int, int] | None:
    """Record a tape; return the first scene of the one that follows, and its earliest, if any."""
    origin, began = _origin(tape, played)
    known = began if began < len(played) else tape.first
    unheard = _UNHEARD[tape.metric]
    for index in range(min(origin, tape.first), len(played)):
        scene = played[index]
        if scene.kind in unheard and index != origin:
            continue
        if index > tape.first:
            following = _following(tape, played, index, known)
            if following is not None:
                return following
        if index >= origin and tape.started_at is None and not tape.is_over:
            tape.start(scene, began_at=max(scene.at, played[began].at))
        tape.hear(scene, index)
    if not tape.is_over:
        tape.heard = len(played)
    return None


def _following(
    tape: Tape, played: Sequence[Scene], index: int, known: int
) -> tuple[int, int] | None:
    """Return where another clock of the metric takes over, if it does; else the tape may go on."""
    scene = played[index]
    if scene.kind is _REOPENS:
        if _is_new_cycle(tape, scene):
            return index, index
        tape.go_on(scene)
    elif scene.kind in RETARGETINGS and index > known:
        following = _retargeted(tape, played, index)
        if following is not None:
            tape.heard = index
            tape.withdraw(scene.at)
        return following
    return None


def _origin(tape: Tape, played: Sequence[Scene]) -> tuple[int, int]:
    """Return the scene that a clock counts from, and the one since which that is known.

    The promise in force says which fact starts it. One that comes into force later finds the fact
    that had happened before: the origin is kept. A clock that begins anew counts from there. What
    was promised while a clock was over does not reach it.
    """
    first = played[tape.first]
    promise = first.targets.get(tape.metric)
    if promise is not None and promise.starts_on is _OPENING:
        is_kept = first.policy.retargeting is RetargetClause.KEEP_ORIGIN
        return (tape.earliest if is_kept else tape.first), tape.first
    return _later_origin(tape, played)


def _later_origin(tape: Tape, played: Sequence[Scene]) -> tuple[int, int]:
    happened = {_OPENING: 0}
    ended: Scene | None = None
    for index, scene in enumerate(played):
        fact = _started_by(scene)
        if fact is not None:
            happened.setdefault(fact, index)
        if index < tape.first:
            continue
        if ended is not None:
            if scene.kind is not _REOPENS or not _comes_back(tape, ended, scene):
                continue
            ended = None
        target = scene.targets.get(tape.metric)
        origin = None if target is None else happened.get(target.starts_on)
        if origin is not None:
            is_kept = scene.policy.retargeting is RetargetClause.KEEP_ORIGIN
            return max(origin, tape.earliest if is_kept else index), index
        if scene.kind is _CANCELLED or ends(tape.metric, scene):
            ended = scene
    return len(played), len(played)


def _started_by(scene: Scene) -> ClockStart | None:
    if scene.kind is ClockFactKind.BATCH_OPENED:
        return ClockStart.BATCH_OPENING
    return ClockStart.FIRST_RESPONSE if scene.is_response else None


def _comes_back(tape: Tape, ended: Scene, scene: Scene) -> bool:
    """Return whether a reopening takes up a clock that ended before it started."""
    if ended.kind is _CANCELLED:
        return True
    if tape.metric not in _REOPENED or scene.policy.reopening is ReopenClause.NONE:
        return False
    return not _is_reopened_anew(ended.at, scene)


def _retargeted(tape: Tape, played: Sequence[Scene], index: int) -> tuple[int, int] | None:
    """Return where a new clock begins because a promise changed, and from where it may count.

    A promise that waits for a batch begins anew; were it raised again, it would count from where
    the first one did.
    """
    scene, earlier = played[index], tape.promise
    target = scene.targets.get(tape.metric)
    if not tape.is_running or earlier is None or target is None or target == earlier:
        return None
    if scene.policy.retargeting is RetargetClause.FROM_RECLASSIFICATION:
        return index, index
    if ClockStart.BATCH_OPENING is not target.starts_on or target.starts_on is earlier.starts_on:
        return None
    is_opened = any(one.kind is ClockFactKind.BATCH_OPENED for one in played[: index + 1])
    return None if is_opened else (index, tape.earliest)


def _is_new_cycle(tape: Tape, scene: Scene) -> bool:
    if tape.metric not in _REOPENED or tape.stopped_at is None:
        return False
    if scene.policy.reopening is ReopenClause.NONE:
        return False
    return _is_reopened_anew(tape.stopped_at, scene)


def _is_reopened_anew(stopped_at: datetime, scene: Scene) -> bool:
    window = scene.policy.reopen_window_days
    is_late = window is not None and scene.at - stopped_at >= timedelta(days=window)
    return is_late or scene.policy.reopening is ReopenClause.NEW_CYCLE


def ends(metric: SlaMetric, scene: Scene) -> bool:
    """Return whether a clock stops here: at the resolution, or with what was promised."""
    kind = scene.kind
    if kind is _RESOLVED:
        return True
    if kind is _DELIVERED:
        return metric is _DELIVERY
    if not scene.is_answer:
        return False
    return metric in _ANSWERED or (metric is _FIRST_RESPONSE and scene.is_response)
