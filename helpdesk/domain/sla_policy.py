"""The promises of a contract and the clauses by which its clocks run, in versions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.escalation import EscalationInvalid, Ladder, LadderStep
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import SlaMetric, Target
from helpdesk.domain.waiting import WaitingOn

_WHOLE = 100
"""Percent."""


class ReopenClause(StrEnum):
    """What becomes of a resolution or delivery that had ended when its ticket is reopened."""

    CONTINUE_EXCLUDING_CLOSED = "CONTINUE_EXCLUDING_CLOSED"
    CONTINUE_COUNTING_CLOSED = "CONTINUE_COUNTING_CLOSED"
    NEW_CYCLE = "NEW_CYCLE"
    NONE = "NONE"


class RetargetClause(StrEnum):
    """From when a target counts that came into force while the ticket was open.

    KEEP_ORIGIN counts from the fact that starts the metric, FROM_FIRST_PROMISE not before anything
    was promised, FROM_RECLASSIFICATION from each change: the earlier clock ends as it stands.
    """

    KEEP_ORIGIN = "KEEP_ORIGIN"
    FROM_FIRST_PROMISE = "FROM_FIRST_PROMISE"
    FROM_RECLASSIFICATION = "FROM_RECLASSIFICATION"


PAUSABLE = frozenset({SlaMetric.RESOLUTION, SlaMetric.DELIVERY, SlaMetric.UPDATE})
"""A wait for the client never excuses a missing answer (rules R-SLA 3)."""

USUAL_PAUSES: Mapping[WaitingOn, frozenset[SlaMetric]] = {
    WaitingOn.CLIENT: PAUSABLE,
    WaitingOn.THIRD_PARTY: frozenset(),
    WaitingOn.QUOTE_ANSWER: PAUSABLE,
    WaitingOn.CONTRACT_SUSPENDED: PAUSABLE,
    WaitingOn.FORCE_MAJEURE: PAUSABLE,
}
"""A third party's delay is the agency's affair unless the contract says otherwise."""


@dataclass(frozen=True, slots=True)
class AnswerClause:
    """What counts as an answer.

    Always: a public message of a person of the agency. `by_opener`: also a first response by the
    person who opened the ticket. `calls`: also a logged call. `first_response_answers`: the first
    response also answers a client who wrote meanwhile. Source: white paper 4.3; X-06.
    """

    by_opener: bool = False
    calls: bool = True
    first_response_answers: bool = True

    def is_response(self, *, is_call: bool, is_by_opener: bool) -> bool:
        """Return whether what a person of the agency said counts as a first response."""
        return (self.calls or not is_call) and (self.by_opener or not is_by_opener)


@dataclass(frozen=True, slots=True)
class NextResponseClause:
    """When a client waits for a next response.

    `before_first_response`: also while he waits for the first one. `restarts`: his next message
    starts the wait anew, so that the latest counts and not the oldest.
    """

    before_first_response: bool = False
    restarts: bool = False


class ClauseInvalid(HelpdeskError):
    """A clause that means nothing binds nobody."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "`{clause}` cannot be {value}: give {allowed}."
    french: ClassVar[str] = "`{clause}` ne peut pas être {value} : donnez {allowed}."


@dataclass(frozen=True, slots=True)
class SlaPolicy:
    """The promises of a contract by priority, and the clauses that its clocks obey.

    `reopen_window_days` are days of 24 hours after the end: a later reopening is a new cycle.
    Raises ClauseInvalid, and EscalationInvalid for a ladder of a promise that is not made.
    """

    targets: Mapping[Priority, tuple[Target, ...]]
    at_risk_percent: int = 80
    pauses: Mapping[WaitingOn, frozenset[SlaMetric]] = field(default_factory=lambda: USUAL_PAUSES)
    reopening: ReopenClause = ReopenClause.CONTINUE_EXCLUDING_CLOSED
    reopen_window_days: int | None = None
    retargeting: RetargetClause = RetargetClause.KEEP_ORIGIN
    answers: AnswerClause = AnswerClause()
    next_response: NextResponseClause = NextResponseClause()
    ladders: tuple[Ladder, ...] = ()
    promises: Mapping[Priority, Mapping[SlaMetric, Target]] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Sort the targets by metric, and refuse a ladder for a promise that the contract lacks."""
        if not 1 <= self.at_risk_percent <= _WHOLE:
            raise _invalid("atRiskPercent", self.at_risk_percent, "1..100")
        if self.reopen_window_days is not None and self.reopen_window_days < 1:
            raise _invalid("reopening.windowDays", self.reopen_window_days, "1..")
        promises = {
            priority: {target.metric: target for target in reversed(self.targets.get(priority, ()))}
            for priority in Priority
        }
        object.__setattr__(self, "promises", promises)
        for ladder in self.ladders:
            for priority in ladder.priorities:
                if self.target(ladder.metric, priority) is None:
                    why = f"the contract makes no such promise for {priority}"
                    raise EscalationInvalid(metric=ladder.metric, why=why)

    def target(self, metric: SlaMetric, priority: Priority) -> Target | None:
        """Return the promise for this metric and priority; None where none was made."""
        return self.promises[priority].get(metric)

    def steps(self, metric: SlaMetric, priority: Priority) -> tuple[LadderStep, ...]:
        """Return the steps of the ladder of this promise; none without a ladder."""
        for ladder in self.ladders:
            if ladder.metric is metric and priority in ladder.priorities:
                return ladder.steps
        return ()

    @property
    def third_party_pauses(self) -> bool:
        """Whether a wait for a third party stops the clocks that a wait for the client stops."""
        return bool(self.pauses.get(WaitingOn.THIRD_PARTY))

    def is_paused_by(self, metric: SlaMetric, waiting_on: WaitingOn | None) -> bool:
        """Return whether such a wait stops the clock of a metric."""
        return waiting_on is not None and metric in self.pauses.get(waiting_on, ())


def _invalid(clause: str, value: int, allowed: str) -> ClauseInvalid:
    return ClauseInvalid(path=tuple(clause.split(".")), clause=clause, value=value, allowed=allowed)


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """The policy of one version of the terms, in force from `effective_from` (UTC) on."""

    version: int
    effective_from: datetime
    policy: SlaPolicy


def policy_at(versions: Sequence[PolicyVersion], at: datetime) -> PolicyVersion:
    """Return the version in force at `at`; before the first one, the first one."""
    if len(versions) == 1:
        return versions[0]
    in_force = [version for version in versions if version.effective_from <= at]
    return in_force[-1] if in_force else versions[0]
