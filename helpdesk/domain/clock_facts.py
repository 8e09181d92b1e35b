"""The facts that move clocks, each with what was agreed when it happened."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import SlaMetric, Target
from helpdesk.domain.sla_policy import PolicyVersion, SlaPolicy, policy_at
from helpdesk.domain.waiting import WaitingOn


class ClockFactKind(StrEnum):
    """What a clock takes notice of."""

    OPENED = "OPENED"
    AGENT_ANSWERED = "AGENT_ANSWERED"
    AGENT_CALLED = "AGENT_CALLED"
    CLIENT_WROTE = "CLIENT_WROTE"
    PAUSED = "PAUSED"
    RESUMED = "RESUMED"
    DELIVERED = "DELIVERED"
    RESOLVED = "RESOLVED"
    REOPENED = "REOPENED"
    CANCELLED = "CANCELLED"
    PRIORITY_SET = "PRIORITY_SET"
    BATCH_OPENED = "BATCH_OPENED"
    POSTPONED = "POSTPONED"
    TERMS_CHANGED = "TERMS_CHANGED"


@dataclass(frozen=True, slots=True)
class ClockFact:
    """A fact that moves clocks: the priority of an opening or change, the reason of a pause.

    `is_by_opener` tells an answer of the person who opened the ticket, `postponed_to` is the new
    date of a delivery, in UTC.
    """

    at: datetime
    kind: ClockFactKind
    priority: Priority | None = None
    pause_reason: WaitingOn | None = None
    is_by_opener: bool = False
    postponed_to: datetime | None = None


class Scene(NamedTuple):
    """A fact with what holds from it on: the priority, the terms, whom the ticket waits for.

    `targets` is what is promised from here on. `is_answer` tells whether a person of the agency
    told the client something, `is_response` whether that counts as a first response, both by the
    clause on answers. A named tuple, because a clock passes through all scenes of its ticket.
    """

    at: datetime
    kind: ClockFactKind
    priority: Priority
    policy: SlaPolicy
    terms_version: int
    targets: Mapping[SlaMetric, Target]
    waiting_on: WaitingOn | None
    is_answer: bool
    is_response: bool
    postponed_to: datetime | None

    def pause(self, metric: SlaMetric) -> WaitingOn | None:
        """Return the wait that stops the clock of a metric from here on, None without one."""
        waiting_on = self.waiting_on
        if waiting_on is None or not self.policy.is_paused_by(metric, waiting_on):
            return None
        return waiting_on


_WAIT_ENDS = frozenset(
    {
        ClockFactKind.RESUMED,
        ClockFactKind.DELIVERED,
        ClockFactKind.RESOLVED,
        ClockFactKind.CANCELLED,
    }
)

# Looked up once: reading a member of an enumeration takes as long as a call.
_PAUSED = ClockFactKind.PAUSED
_TERMS_CHANGED = ClockFactKind.TERMS_CHANGED
_ANSWERED = ClockFactKind.AGENT_ANSWERED
_CALLED = ClockFactKind.AGENT_CALLED


def scenes(
    facts: Sequence[ClockFact], versions: Sequence[PolicyVersion], at: datetime | None = None
) -> list[Scene]:
    """Return the facts with what held from each on; a new version of the terms is one of them.

    `facts` are ordered and begin with the opening, which has a priority; `versions` are ordered by
    their `effective_from`. One that takes over after `at`, or after the last fact where that is
    later, is not known yet.
    """
    opening = facts[0]
    assert opening.priority is not None  # noqa: S101 - a ticket is opened with a priority
    priority, agreed = opening.priority, policy_at(versions, opening.at)
    waiting_on: WaitingOn | None = None
    played: list[Scene] = []
    for fact in facts if len(versions) == 1 else _with_new_terms(facts, versions, at):
        kind = fact.kind
        if kind is _TERMS_CHANGED:
            agreed = policy_at(versions, fact.at)
        elif kind is _PAUSED:
            waiting_on = fact.pause_reason
        elif kind in _WAIT_ENDS:
            waiting_on = None
        priority = fact.priority or priority
        played.append(_scene(fact, priority, agreed, waiting_on))
    return played


def _scene(
    fact: ClockFact, priority: Priority, agreed: PolicyVersion, waiting_on: WaitingOn | None
) -> Scene:
    policy, kind = agreed.policy, fact.kind
    is_answer = is_response = False
    if kind is _ANSWERED or kind is _CALLED:
        is_call = kind is _CALLED
        is_answer = policy.answers.calls or not is_call
        is_response = policy.answers.is_response(is_call=is_call, is_by_opener=fact.is_by_opener)
    return Scene(
        fact.at,
        kind,
        priority,
        policy,
        agreed.version,
        policy.promises[priority],
        waiting_on,
        is_answer,
        is_response,
        fact.postponed_to,
    )


def _with_new_terms(
    facts: Sequence[ClockFact], versions: Sequence[PolicyVersion], at: datetime | None
) -> Iterator[ClockFact]:
    opened_at, known_at = facts[0].at, facts[-1].at
    if at is not None and at > known_at:
        known_at = at
    starts = (version.effective_from for version in versions)
    changes = [start for start in starts if opened_at < start <= known_at]
    for fact in facts:
        while changes and changes[0] <= fact.at:
            yield ClockFact(changes.pop(0), _TERMS_CHANGED)
        yield fact
    for start in changes:
        yield ClockFact(start, _TERMS_CHANGED)
