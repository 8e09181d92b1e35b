"""Clocks are reduced from the facts of a ticket: same facts, same clocks, whenever one looks."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from helpdesk.domain.business_time import Edge
from helpdesk.domain.clock_facts import ClockFact, Scene, scenes
from helpdesk.domain.clock_steps import Piece, counted, reached, steps_due
from helpdesk.domain.clock_tape import Tape, answer_tapes, single_tapes, update_tapes
from helpdesk.domain.clock_terms import Term, pieces_of, stretches_of, terms_of
from helpdesk.domain.sla import ClockResult, SlaClock, SlaMetric, StretchKind, Timelines
from helpdesk.domain.sla_policy import PolicyVersion, SlaPolicy

_SECOND = timedelta(seconds=1)


def reduced_clocks(
    facts: Sequence[ClockFact], policy: SlaPolicy, timelines: Timelines
) -> tuple[SlaClock, ...]:
    """Return the clocks of a ticket whose contract never changed; see `clocks_under`."""
    return clocks_under((PolicyVersion(1, facts[0].at, policy),), facts, timelines)


def clocks_under(
    versions: Sequence[PolicyVersion],
    facts: Sequence[ClockFact],
    timelines: Timelines,
    *,
    at: datetime | None = None,
) -> tuple[SlaClock, ...]:
    """Return the clocks of a ticket from its facts, in the order in which they happened.

    The first fact is the opening. Each version of the terms holds from its `effective_from` on:
    what was consumed before stays. One that takes over after `at`, and after the last fact, moves
    nothing yet. A metric without a target under any priority that the ticket had has no clock.
    Source: design of the SLA clock, white paper 4.3.
    """
    played = scenes(facts, versions, at)
    promised = _promised(played)
    clocks = []
    for metric in SlaMetric:
        if metric in promised:
            for tape in _tapes(metric, played):
                terms = terms_of(tape, played, timelines)
                if terms:
                    clocks.append(_clock(tape, terms))
    return tuple(clocks)


def _promised(played: Sequence[Scene]) -> set[SlaMetric]:
    promised = set(played[0].targets)
    last = played[0].targets
    for scene in played:
        if scene.targets is not last:
            last = scene.targets
            promised.update(last)
    return promised


def _tapes(metric: SlaMetric, played: Sequence[Scene]) -> list[Tape]:
    if metric is SlaMetric.NEXT_RESPONSE:
        return answer_tapes(played)
    return update_tapes(played) if metric is SlaMetric.UPDATE else single_tapes(metric, played)


def _clock(tape: Tape, terms: Sequence[Term]) -> SlaClock:
    latest = terms[-1]
    stretches = stretches_of(tape, terms)
    pieces = pieces_of(stretches, terms)
    possible = pieces
    if tape.stopped_at is not None:
        possible = [*pieces, Piece(_whole(tape.stopped_at), None, latest.timeline, None)]
    breached_at = _breach(tape, possible, terms)
    stopped_at, cancelled_at = tape.stopped_at, tape.cancelled_at
    if tape.is_withdrawn and breached_at is not None:
        # What was broken before it was withdrawn stays broken: the clock ends as missed.
        stopped_at, cancelled_at = cancelled_at, None
    running = pieces[-1] if pieces and pieces[-1].end is None else None
    allowance = latest.allowance
    deadline_at = None if cancelled_at is not None else _deadline(possible, latest)
    policy = latest.scene.policy
    steps = () if tape.is_over else policy.steps(tape.metric, latest.scene.priority)
    return SlaClock(
        tape.metric,
        tape.cycle,
        latest.counted_on,
        allowance,
        tape.started_at,
        stopped_at,
        cancelled_at,
        _paused_since(tape),
        None if running is None else running.start,
        counted(pieces),
        deadline_at,
        breached_at,
        None
        if running is None or allowance is None
        else reached(pieces, -(-allowance * policy.at_risk_percent // 100), Edge.CLOSING),
        tuple(stretches),
        latest.postponed_to,
        tuple(_earlier_results(tape, terms)) if tape.earlier else (),
        steps_due(steps, pieces, allowance, latest.edge, deadline_at) if steps else (),
        latest.scene.terms_version,
    )


def _paused_since(tape: Tape) -> datetime | None:
    if tape.is_running and tape.marks[-1].kind is StretchKind.PAUSED:
        return tape.marks[-1].start
    return None


def _deadline(pieces: Sequence[Piece], term: Term) -> datetime | None:
    """Return when the promise is or was due; a stopped clock shows what it was measured against.

    A new date is never due before it comes, were it in closed hours.
    """
    if not term.allowance:
        return term.postponed_to if term.allowance == 0 else None
    due_at = reached(pieces, term.allowance, term.edge)
    if due_at is None or term.postponed_to is None:
        return due_at
    return max(due_at, term.postponed_to)


def _breach(tape: Tape, pieces: Sequence[Piece], terms: Sequence[Term]) -> datetime | None:
    """Return when a promise first broke or will break: the first second at which it is broken.

    A target that is already exceeded when it comes into force breaks at that instant, and a breach
    under an earlier target stays, whatever the priority became. Nothing breaks while a ticket is
    finished: if the time ran out meanwhile, it does when the ticket is reopened.
    """
    stopped_at = None if tape.stopped_at is None else _whole(tape.stopped_at)
    for term in terms:
        broken_at = _passed(pieces, term)
        if broken_at is None or (stopped_at is not None and stopped_at < broken_at):
            continue
        broken_at = max(broken_at, term.start)
        if tape.earlier:
            broken_at = tape.out_of_the_end(broken_at)
        if term.end is None or broken_at < term.end:
            return broken_at
    return None


def _passed(pieces: Sequence[Piece], term: Term) -> datetime | None:
    """Return when more was counted than a promise allows.

    A strict one allows less than its amount: that is its deadline. One "within" allows it all, and
    is passed once a second too many was counted.
    """
    if term.target is None or term.allowance is None:
        return None
    if term.target.is_strict:
        return _deadline(pieces, term)
    reached_at = reached(pieces, term.allowance, Edge.OPENING)
    return None if reached_at is None else reached_at + _SECOND


def _earlier_results(tape: Tape, terms: Sequence[Term]) -> Iterator[ClockResult]:
    """Return how the clock had ended each time before it was reopened."""
    for ending in tape.earlier:
        if not ending.is_result:
            continue
        held = [term for term in terms if term.start <= ending.at]
        pieces = pieces_of(stretches_of(tape, terms, tape.marks[: ending.marks]), terms)
        possible = [*pieces, Piece(_whole(ending.at), None, held[-1].timeline, None)]
        broken_at = _breach(tape, possible, held)
        is_met = broken_at is None or broken_at > ending.at
        yield ClockResult(ending.at, counted(pieces), is_met)


def _whole(instant: datetime) -> datetime:
    return instant.replace(microsecond=0)
