"""The tapes of the clocks that come in cycles: answers to a client, news of a major incident."""

from collections.abc import Sequence

from helpdesk.domain.clock_facts import ClockFactKind, Scene
from helpdesk.domain.clock_tape import RETARGETINGS, Tape, ends
from helpdesk.domain.sla import SlaMetric
from helpdesk.domain.sla_policy import RetargetClause

_FINISHES = frozenset({ClockFactKind.RESOLVED, ClockFactKind.CANCELLED})

# Looked up once: reading a member of an enumeration takes as long as a call.
_WROTE = ClockFactKind.CLIENT_WROTE
_REOPENS = ClockFactKind.REOPENED
_FIRST_RESPONSE = SlaMetric.FIRST_RESPONSE
_UPDATE = SlaMetric.UPDATE
_NEXT_RESPONSE = SlaMetric.NEXT_RESPONSE


def answer_tapes(played: Sequence[Scene]) -> list[Tape]:
    """Return a tape for each time that the client waited for an answer.

    Before the first response he waits for that one, unless a clause says otherwise.
    """
    tapes: list[Tape] = []
    latest: Tape | None = None
    is_responded = False
    for index, scene in enumerate(played):
        if latest is not None and latest.is_running:
            latest = _after_retargeting(latest, tapes, scene, index)
        if scene.kind is _WROTE:
            clause = scene.policy.next_response
            if latest is not None and clause.restarts and latest.is_running:
                latest.withdraw(scene.at)
            is_waiting = is_responded or clause.before_first_response
            if is_waiting and (latest is None or latest.is_over):
                latest = _started(_NEXT_RESPONSE, tapes, scene, index)
        if latest is not None and not _is_first_response_alone(scene, is_responded=is_responded):
            if scene.kind is _REOPENS:
                latest.go_on(scene)
            latest.hear(scene, index)
        is_responded = is_responded or ends(_FIRST_RESPONSE, scene)
    return tapes


def update_tapes(played: Sequence[Scene]) -> list[Tape]:
    """Return a tape for each time that the client was to hear of a major incident.

    The first begins when such news are promised, each answer begins the next, until the ticket is
    resolved; a reopening begins again.
    """
    tapes: list[Tape] = []
    latest: Tape | None = None
    is_open = True
    for index, scene in enumerate(played):
        if scene.kind in _FINISHES:
            is_open = False
        elif scene.kind is _REOPENS:
            is_open = True
        is_promised = _UPDATE in scene.targets
        if latest is not None and latest.is_running:
            latest = _after_retargeting(latest, tapes, scene, index)
            if is_promised:
                latest.hear(scene, index)
            else:
                latest.withdraw(scene.at)
        if is_open and is_promised and (latest is None or latest.is_over):
            latest = _started(_UPDATE, tapes, scene, index)
    return tapes


def _started(metric: SlaMetric, tapes: list[Tape], scene: Scene, index: int) -> Tape:
    """Return the tape of the next cycle, which starts with a scene and has heard it."""
    tape = Tape(metric, len(tapes) + 1, index, index)
    tape.start(scene, began_at=scene.at)
    tape.heard, tape.promise = index + 1, scene.targets.get(metric)
    tapes.append(tape)
    return tape


def _after_retargeting(latest: Tape, tapes: list[Tape], scene: Scene, index: int) -> Tape:
    """Return the tape that goes on after a change of the promise, by the clause on it."""
    if scene.kind not in RETARGETINGS:
        return latest
    clause = scene.policy.retargeting
    target = scene.targets.get(latest.metric)
    if clause is RetargetClause.KEEP_ORIGIN or target is None or target == latest.promise:
        return latest
    if latest.promise is None:
        latest.start(scene, began_at=scene.at)
        return latest
    if clause is RetargetClause.FROM_FIRST_PROMISE:
        return latest
    latest.withdraw(scene.at)
    return _started(latest.metric, tapes, scene, index)


def _is_first_response_alone(scene: Scene, *, is_responded: bool) -> bool:
    """Return whether an answer is the first response, and by its clause nothing else."""
    if is_responded or not scene.is_response:
        return False
    return not scene.policy.answers.first_response_answers
