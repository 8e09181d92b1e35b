"""Clocks are reduced from the facts of a ticket: same facts, same clocks, whenever one looks."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from helpdesk.domain.business_time import Edge
from helpdesk.domain.clock_cycles import answer_tapes, update_tapes
from helpdesk.domain.clock_facts import ClockFact, Scene, scenes
from helpdesk.domain.clock_steps import Piece, counted, reached, steps_due
from helpdesk.domain.clock_tape import Tape, single_tapes
from helpdesk.domain.clock_terms import Term, pieces_of, stretches_of, terms_of, turning_points
from helpdesk.domain.sla import ClockResult, SlaClock, SlaMetric, StepDue, StretchKind, Timelines
from helpdesk.domain.sla_policy import PolicyVersion, SlaPolicy

_METRICS = tuple(SlaMetric)
_CLOSING, _OPENING, _PAUSED = Edge.CLOSING, Edge.OPENING, StretchKind.PAUSED
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
    turns = turning_points(played)
    promised = set(played[0].targets).union(*(played[index].targets for index in turns))
    clocks = []
    for metric in _METRICS:
        if metric in promised:
            for tape in _tapes(metric, played):
                terms = terms_of(tape, played, turns, timelines)
                if terms:
                    clocks.append(_clock(tape, terms))
    return tuple(clocks)


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
    deadline_at = _deadline(possible, latest)
    breached_at = _breach(tape, possible, terms, deadline_at)
    stopped_at, cancelled_at = tape.stopped_at, tape.cancelled_at
    if tape.is_withdrawn and breached_at is not None:
        # What was broken before it was withdrawn stays broken: the clock ends as missed.
        stopped_at, cancelled_at = cancelled_at, None
    if cancelled_at is not None:
        deadline_at = None
    return SlaClock(
        tape.metric,
        tape.cycle,
        latest.counted_on,
        latest.allowance,
        tape.started_at,
        stopped_at,
        cancelled_at,
        _paused_since(tape),
        pieces[-1].start if pieces and pieces[-1].end is None else None,
        counted(pieces),
        deadline_at,
        breached_at,
        _at_risk(pieces, latest),
        tuple(stretches),
        latest.postponed_to,
        tuple(_earlier_results(tape, terms)) if tape.earlier else (),
        _steps(tape, pieces, latest, deadline_at),
        latest.scene.terms_version,
    )


def _at_risk(pieces: Sequence[Piece], latest: Term) -> datetime | None:
    """Return when a running clock consumed the share of its promise that is a warning."""
    if latest.allowance is None or not pieces or pieces[-1].end is not None:
        return None
    share = latest.allowance * latest.scene.policy.at_risk_percent
    return reached(pieces, -(-share // 100), _CLOSING)


def _steps(
    tape: Tape, pieces: Sequence[Piece], latest: Term, deadline_at: datetime | None
) -> tuple[StepDue, ...]:
    """Return the steps of the ladder; of a clock that ended, those that had come by then.

    They came whether anybody looked or not: the answer is the same for who looks late (R-SLA 2).
    """
    policy = latest.scene.policy
    if not policy.ladders or tape.cancelled_at is not None:
        return ()
    steps = policy.steps(tape.metric, latest.scene.priority)
    due = steps_due(steps, pieces, latest.allowance, latest.edge, deadline_at)
    stopped_at = tape.stopped_at
    return due if stopped_at is None else tuple([one for one in due if one.at <= stopped_at])


def _paused_since(tape: Tape) -> datetime | None:
    if tape.is_running and tape.marks[-1].kind is _PAUSED:
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


def _breach(
    tape: Tape, pieces: Sequence[Piece], terms: Sequence[Term], deadline_at: datetime | None
) -> datetime | None:
    """Return when a promise first broke or will break: the first second at which it is broken.

    A target that is already exceeded when it comes into force breaks at that instant, and a breach
    under an earlier target stays, whatever the priority became. Nothing breaks while a ticket is
    finished: if the time ran out meanwhile, it does when the ticket is reopened. `deadline_at` is
    that of the last terms.
    """
    ended_at = None if tape.ended_at is None else _whole(tape.ended_at)
    for term in terms:
        is_due = term is terms[-1] and term.target is not None and term.target.is_strict
        broken_at = deadline_at if is_due else _passed(pieces, term)
        if broken_at is None or (ended_at is not None and ended_at < broken_at):
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
    reached_at = reached(pieces, term.allowance, _OPENING)
    return None if reached_at is None else reached_at + _SECOND


def _earlier_results(tape: Tape, terms: Sequence[Term]) -> Iterator[ClockResult]:
    """Return how the clock had ended each time before it was reopened."""
    for ending in tape.earlier:
        if not ending.is_result:
            continue
        held = [term for term in terms if term.start <= ending.at]
        pieces = pieces_of(stretches_of(tape, terms, tape.marks[: ending.marks]), terms)
        possible = [*pieces, Piece(_whole(ending.at), None, held[-1].timeline, None)]
        broken_at = _breach(tape, possible, held, _deadline(possible, held[-1]))
        is_met = broken_at is None or broken_at > ending.at
        yield ClockResult(ending.at, counted(pieces), is_met)


def _whole(instant: datetime) -> datetime:
    return instant.replace(microsecond=0) if instant.microsecond else instant
