"""Escalation ladders: who hears of a promise in danger, and when, as data of the contract."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from operator import attrgetter
from typing import ClassVar

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import AgentId, TeamId, WebhookId
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import SlaClock, SlaMetric, StepDue

BREACH = "BREACH"
"""The step that every promise has: the instant at which it broke."""


class EscalationActionKind(StrEnum):
    """What a step of a ladder does."""

    NOTIFY_ASSIGNEE = "NOTIFY_ASSIGNEE"
    NOTIFY_TEAM = "NOTIFY_TEAM"
    NOTIFY_MANAGERS = "NOTIFY_MANAGERS"
    NOTIFY_CLIENT = "NOTIFY_CLIENT"
    REASSIGN = "REASSIGN"
    RAISE_PRIORITY = "RAISE_PRIORITY"
    CALL_WEBHOOK = "CALL_WEBHOOK"


class EscalationInvalid(HelpdeskError):
    """A ladder that cannot be climbed escalates nothing."""

    code: ClassVar[ErrorCode] = ErrorCode.ESCALATION_INVALID
    english: ClassVar[str] = "The escalation of {metric} is not possible: {why}."
    french: ClassVar[str] = "L'escalade de {metric} n'est pas possible : {why}."


@dataclass(frozen=True, slots=True)
class EscalationAction:
    """One act of a step, with whom or what it names where it has to."""

    kind: EscalationActionKind
    agent_id: AgentId | None = None
    team_id: TeamId | None = None
    webhook_id: WebhookId | None = None


@dataclass(frozen=True, slots=True)
class LadderStep:
    """A step: when a share of the promise is consumed, or a delay before or after the deadline.

    Exactly one of `percent` (of the target, also above 100), `minutes` (of counted time, negative
    is before) and `days` (working days) says when. `level` orders the steps: after a downtime the
    highest one acts for all.
    """

    level: int
    actions: tuple[EscalationAction, ...]
    percent: int | None = None
    minutes: int | None = None
    days: int | None = None

    @property
    def key(self) -> str:
        """The name of the step in its ladder: it fires once for a clock under this name.

        >>> LadderStep(1, (), percent=80).key, LadderStep(2, (), minutes=-30).key
        ('80%', '-30min')
        """
        if self.percent is not None:
            return f"{self.percent}%"
        return f"{self.minutes:+}min" if self.minutes is not None else f"{self.days:+}d"


@dataclass(frozen=True, slots=True)
class Ladder:
    """The steps of a promise under some priorities; raises EscalationInvalid."""

    metric: SlaMetric
    priorities: frozenset[Priority]
    steps: tuple[LadderStep, ...]
    by_key: dict[str, LadderStep] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        """Refuse a ladder without steps, and a step that says no instant, or nothing to do."""
        if not self.steps or not self.priorities:
            raise EscalationInvalid(metric=self.metric, why="it has no steps or no priorities")
        for step in self.steps:
            self._require_possible(step)
        object.__setattr__(self, "by_key", {step.key: step for step in self.steps})
        if len(self.by_key) < len(self.steps):
            raise EscalationInvalid(metric=self.metric, why="two steps come at the same instant")

    def _require_possible(self, step: LadderStep) -> None:
        said = [when for when in (step.percent, step.minutes, step.days) if when is not None]
        if len(said) != 1:
            why = "a step says one of percent, minutes and days"
            raise EscalationInvalid(metric=self.metric, why=why)
        if step.level < 1 or (step.percent is not None and step.percent < 0):
            why = f"level {step.level} and percent {step.percent} cannot be below 1 and 0"
            raise EscalationInvalid(metric=self.metric, why=why)
        for action in step.actions:
            self._require_named(action)
        if not step.actions:
            raise EscalationInvalid(metric=self.metric, why=f"step {step.key} does nothing")

    def _require_named(self, action: EscalationAction) -> None:
        names_nobody = action.agent_id is None and action.team_id is None
        if action.kind is EscalationActionKind.REASSIGN and names_nobody:
            raise EscalationInvalid(metric=self.metric, why="REASSIGN names an agent or a team")
        if action.kind is EscalationActionKind.CALL_WEBHOOK and action.webhook_id is None:
            raise EscalationInvalid(metric=self.metric, why="CALL_WEBHOOK names a webhook")


def pending_steps(clock: SlaClock, fired: Collection[str]) -> tuple[StepDue, ...]:
    """Return what a clock has still to set off, soonest first: steps that did not fire, its breach.

    Nobody climbs the ladder of a clock that ended; what had come by then, and its breach, is
    recorded all the same.
    """
    steps = [step for step in clock.steps if step.step not in fired]
    broken_at = None if clock.cancelled_at is not None else clock.breached_at
    if broken_at is not None and BREACH not in fired:
        steps.append(StepDue(BREACH, 0, broken_at))
    return tuple(sorted(steps, key=lambda step: step.at))


@dataclass(frozen=True, slots=True)
class Firing:
    """A step that came: the highest of those missed together acts, the others are only recorded."""

    due: StepDue
    is_superseded: bool


def fired(due: Iterable[StepDue]) -> tuple[Firing, ...]:
    """Return the firings of the steps of one clock that came since somebody looked, soonest first.

    After a downtime only the highest acts; of two on one level, the later. The breach is no step of
    the ladder: it is recorded at its true instant, and supersedes nothing.
    """
    steps = sorted(due, key=_instant)
    acting: StepDue | None = None
    for step in steps:
        if step.step != BREACH and (acting is None or step.level >= acting.level):
            acting = step
    return tuple([Firing(step, step.step != BREACH and step is not acting) for step in steps])


_instant = attrgetter("at")
