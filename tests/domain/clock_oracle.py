"""The clocks of a ticket counted a second way: minute by minute, asking what is true of each.

Nothing here comes from the engine but the words for metrics, priorities, states and clauses: the
opening hours, the life of a ticket and the counting are written again, slowly. It knows targets of
minutes alone, and takes it that a metric counts alike under every priority and every version.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import ClockStart, SlaMetric, SlaState, Target, TargetUnit
from helpdesk.domain.sla_policy import PolicyVersion, ReopenClause, RetargetClause, SlaPolicy
from helpdesk.domain.waiting import WaitingOn
from tests.domain.clock_hands import (
    FIRST,
    MINUTE,
    OFFICE_MINUTES,
    SECOND,
    SINGLE,
    Deed,
    Hand,
    Shown,
)


@dataclass
class Oracle:
    """Lives through a ticket's story, one minute after the other."""

    versions: Sequence[PolicyVersion]
    priority: Priority
    opener: str
    waiting_on: str = ""
    status: str = "open"
    now: datetime = FIRST
    is_responded: bool = False
    responded_at: datetime | None = None
    batch_opened_at: datetime | None = None
    opened_at: datetime = FIRST
    cancelled_at: datetime = FIRST
    hands: list[Hand] = field(default_factory=list)
    paused: dict[datetime, frozenset[SlaMetric]] = field(default_factory=dict)

    def shown(self, story: Sequence[Deed], at: datetime) -> dict[tuple[SlaMetric, int], Shown]:
        """Return what every clock shows at `at`; the first deed is the opening."""
        self.now = self.opened_at = story[0].at
        self.hands = [Hand(metric, 1, self.now) for metric in SINGLE]
        following, takeovers = 0, [one.effective_from for one in self.versions[1:]]
        while True:
            if self.now in takeovers and self.now > self.opened_at:
                self._retarget()
            while following < len(story) and story[following].at == self.now:
                self._live(story[following])
                following += 1
            for hand in self.hands:
                self._judge(hand)
            if self.now == at:
                return {
                    (hand.metric, hand.cycle): self._show(hand)
                    for hand in self.hands
                    if hand.promise is not None
                }
            self.paused[self.now] = frozenset(filter(self._is_paused, SlaMetric))
            for hand in self.hands:
                if self._is_counting(hand):
                    hand.times.append(self.now + MINUTE)
            self.now += MINUTE

    # What is agreed now.

    @property
    def policy(self) -> SlaPolicy:
        latest = self.versions[0]
        for version in self.versions:
            if version.effective_from <= self.now:
                latest = version
        return latest.policy

    def _target(self, metric: SlaMetric) -> Target | None:
        for target in self.policy.targets.get(self.priority, ()):
            if target.metric is metric:
                return target
        return None

    def _of(self, metric: SlaMetric) -> list[Hand]:
        return [hand for hand in self.hands if hand.metric is metric]

    def _has_happened(self, start: ClockStart) -> datetime | None:
        if start is ClockStart.FIRST_RESPONSE:
            return self.responded_at
        return self.batch_opened_at if start is ClockStart.BATCH_OPENING else self.opened_at

    def _is_paused(self, metric: SlaMetric) -> bool:
        if not self.waiting_on or metric in {SlaMetric.FIRST_RESPONSE, SlaMetric.NEXT_RESPONSE}:
            return False
        return metric in self.policy.pauses.get(WaitingOn(self.waiting_on), ())

    def _is_open(self, metric: SlaMetric, minute: datetime) -> bool:
        # Every promise counts a metric alike, so hours without a promise do too.
        rows = (row for version in self.versions for row in version.policy.targets.values())
        units = {target.unit for row in rows for target in row if target.metric is metric}
        return (
            TargetUnit.CALENDAR_MINUTES in units or OFFICE_MINUTES[round((minute - FIRST) / MINUTE)]
        )

    def _is_counting(self, hand: Hand) -> bool:
        if not hand.is_running or self._is_paused(hand.metric):
            return False
        return self._is_open(hand.metric, self.now)

    def _minutes(self, start: datetime, end: datetime) -> Iterator[datetime]:
        while start < end:
            yield start
            start += MINUTE

    # What becomes of a hand.

    def _promised(self, hand: Hand) -> Target | None:
        """Return what is promised now, and remember that it was, or that it no longer is."""
        target = self._target(hand.metric)
        if target is None:
            if hand.promise is not None and hand.counted_when_lost is None:
                self._lose(hand)
            return None
        if target != hand.promise or hand.counted_when_lost is not None:
            hand.postponed_to = None
        hand.promise, hand.counted_when_lost = target, None
        self._find_origin(hand, target)
        return target

    def _lose(self, hand: Hand) -> None:
        hand.counted_when_lost, hand.earlier_when_lost = len(hand.times), len(hand.earlier)

    def _find_origin(self, hand: Hand, target: Target) -> None:
        """Start a hand from the fact that starts its promise, were it long ago."""
        origin = self._has_happened(target.starts_on)
        if hand.metric not in SINGLE or origin is None:
            return
        keeps = self.policy.retargeting is RetargetClause.KEEP_ORIGIN
        origin = max(origin, hand.earliest if keeps else self.now)
        if hand.origin is not None and not (hand.is_provisional and origin < hand.origin):
            return
        hand.origin, hand.is_provisional = origin, False
        hand.times = [
            minute + MINUTE
            for minute in self._minutes(hand.origin, self.now)
            if self._is_open(hand.metric, minute)
            and hand.metric not in self.paused[minute]
            and not any(start <= minute < end for start, end in hand.closed)
        ]

    def _amount(self, hand: Hand, target: Target) -> int:
        return target.amount if hand.postponed_to is None else hand.given

    def _judge(self, hand: Hand, *, is_last: bool = False) -> None:
        """See whether the promise of a clock broke by now; a last look is to the minute."""
        if hand.is_over:
            return
        target = self._promised(hand)
        if target is None or hand.origin is None or hand.broken_at is not None:
            return
        counted, amount = len(hand.times), self._amount(hand, target)
        if target.is_strict:
            is_due = hand.postponed_to is None or self.now >= hand.postponed_to
            if counted >= amount and is_due:
                hand.broken_at = self.now
        elif counted > amount:
            hand.broken_at = self.now
        elif counted == amount and self._is_counting(hand) and not is_last:
            hand.broken_at = self.now + SECOND

    def _stop(self, hand: Hand) -> None:
        if not hand.is_over:
            self._promised(hand)
            if hand.origin is None and hand.promise is not None:
                hand.origin, hand.is_provisional = self.now, True
            self._judge(hand, is_last=True)
            hand.climbed = tuple(self._steps(hand))
            hand.stopped_at = self.now

    def _begin(self, metric: SlaMetric, earliest: datetime | None = None) -> Hand:
        hand = Hand(metric, len(self._of(metric)) + 1, earliest or self.now)
        if metric not in SINGLE:
            hand.origin = self.now
        self.hands.append(hand)
        return hand

    def _give_up(self, hand: Hand) -> None:
        """End a hand because its promise made way to another."""
        if hand.counted_when_lost is None:
            self._lose(hand)
        hand.stopped_at = self.now

    # What a clock shows.

    def _show(self, hand: Hand) -> Shown:
        earlier = tuple(
            (ended_at, sum(one <= ended_at for one in hand.times), is_met)
            for ended_at, is_met in hand.earlier
        )
        if hand.counted_when_lost is not None:
            state = SlaState.CANCELLED if hand.broken_at is None else SlaState.MISSED
            earlier = earlier[: hand.earlier_when_lost]
            return Shown(state, hand.counted_when_lost, hand.broken_at, earlier)
        broken_at = hand.broken_at
        if broken_at is not None and broken_at > self.now:
            broken_at = None
        state = self._state(hand, is_broken=broken_at is not None)
        steps = hand.climbed if hand.is_over else tuple(self._steps(hand))
        if hand.is_cancelled:
            steps = ()
        return Shown(state, len(hand.times), broken_at, earlier, steps)

    def _state(self, hand: Hand, *, is_broken: bool) -> SlaState:
        if hand.is_cancelled:
            return SlaState.CANCELLED
        if hand.origin is None:
            return SlaState.PENDING
        if hand.stopped_at is not None:
            return SlaState.MISSED if is_broken else SlaState.MET
        if is_broken:
            return SlaState.BREACHED
        is_paused = self._is_paused(hand.metric)
        return SlaState.PAUSED if is_paused else SlaState.RUNNING

    def _steps(self, hand: Hand) -> Iterator[tuple[str, datetime]]:
        target = self._target(hand.metric)
        if target is None or hand.postponed_to is not None:
            return
        for ladder in self.policy.ladders:
            if ladder.metric is hand.metric and self.priority in ladder.priorities:
                for step in ladder.steps:
                    minutes = target.amount + (step.minutes or 0)
                    if 0 < minutes <= len(hand.times):
                        yield step.key, hand.times[minutes - 1]

    # Deeds.

    def _live(self, deed: Deed) -> None:
        getattr(self, f"_{deed.verb}", lambda _: None)(deed.argument)

    def _reply(self, who: str) -> None:
        clause = self.policy.answers
        is_response = who != self.opener or clause.by_opener
        if is_response:
            self.responded_at = self.responded_at or self.now
            self._answer(SlaMetric.FIRST_RESPONSE)
        if not is_response or self.is_responded or clause.first_response_answers:
            self._answer(SlaMetric.NEXT_RESPONSE)
        self.is_responded = self.is_responded or is_response
        self._answer(SlaMetric.UPDATE)
        self._tell_again()

    def _call(self, who: str) -> None:
        if self.policy.answers.calls:
            self._reply(who)

    def _answer(self, metric: SlaMetric) -> None:
        for hand in self._of(metric):
            self._stop(hand)

    def _tell_again(self) -> None:
        """Begin to owe news of a major incident, unless some are owed already."""
        is_owed = any(not hand.is_over for hand in self._of(SlaMetric.UPDATE))
        is_alive = self.status not in {"resolved", "closed", "cancelled"}
        if is_alive and not is_owed and self._target(SlaMetric.UPDATE) is not None:
            self._promised(self._begin(SlaMetric.UPDATE))

    def _open(self, _: str) -> None:
        self._tell_again()

    def _client(self, _: str) -> None:
        clause = self.policy.next_response
        waits = [hand for hand in self._of(SlaMetric.NEXT_RESPONSE) if not hand.is_over]
        if clause.restarts:
            for hand in waits:
                self._promised(hand)
                self._give_up(hand)
            waits = []
        if not waits and (self.is_responded or clause.before_first_response):
            self._promised(self._begin(SlaMetric.NEXT_RESPONSE))
        if self.status == "resolved":
            self._reopen("")
        if self.waiting_on == "CLIENT":
            self._resume("")

    def _prioritise(self, priority: str) -> None:
        self.priority = Priority(priority)
        self._retarget()

    def _retarget(self) -> None:
        """Let each clock that runs meet its new promise, by the clause."""
        clause = self.policy.retargeting
        for hand in list(self.hands):
            target, was = self._target(hand.metric), hand.promise
            if not hand.is_running or target is None or target == was:
                continue
            if was is None:
                if clause is not RetargetClause.KEEP_ORIGIN and hand.metric not in SINGLE:
                    hand.origin, hand.times = self.now, []
            elif clause is RetargetClause.FROM_RECLASSIFICATION:
                self._give_up(hand)
                self._promised(self._begin(hand.metric))
            elif self._waits_for_batch(target, was):
                self._give_up(hand)
                self._promised(self._begin(hand.metric, hand.earliest))
        self._see_promises()

    def _waits_for_batch(self, target: Target, was: Target) -> bool:
        starts = target.starts_on, was.starts_on
        return starts == (ClockStart.BATCH_OPENING, ClockStart.OPENING) and not self.batch_opened_at

    def _see_promises(self) -> None:
        for hand in self._of(SlaMetric.UPDATE):
            if not hand.is_over and self._promised(hand) is None:
                self._give_up(hand)
        for hand in self.hands:
            if not hand.is_over:
                self._promised(hand)
        self._tell_again()

    def _wait(self, waiting_on: str) -> None:
        self.status, self.waiting_on = "waiting", waiting_on

    def _resume(self, _: str) -> None:
        self.status, self.waiting_on = "open", ""

    def _batch(self, _: str) -> None:
        self.batch_opened_at = self.batch_opened_at or self.now
        for hand in self.hands:
            if not hand.is_over:
                self._promised(hand)

    def _postpone(self, date: str) -> None:
        hand = self._of(SlaMetric.DELIVERY)[-1]
        if hand.is_over or self._promised(hand) is None or hand.origin is None:
            return
        hand.postponed_to = datetime.fromisoformat(date)
        minutes = self._minutes(self.now, hand.postponed_to)
        free = (self._is_open(hand.metric, minute) for minute in minutes)
        hand.given = len(hand.times) + sum(free)

    def _deliver(self, _: str) -> None:
        self.status, self.waiting_on = "delivered", ""
        self._stop(self._of(SlaMetric.DELIVERY)[-1])

    def _resolve(self, _: str) -> None:
        self.status, self.waiting_on = "resolved", ""
        self.is_responded = True
        for hand in self.hands:
            self._stop(hand)

    def _close(self, _: str) -> None:
        self.status = "closed"

    def _reopen(self, _: str) -> None:
        self.status = "open"
        clause, window = self.policy.reopening, self.policy.reopen_window_days
        for hand in list(self.hands):
            if hand.is_cancelled and hand.metric is not SlaMetric.UPDATE:
                # News are owed anew; whatever else was cancelled goes on.
                hand.is_cancelled = False
                hand.closed.append((self.cancelled_at, self.now))
            is_last = hand is self._of(hand.metric)[-1]
            stopped_at = hand.stopped_at
            if hand.metric not in {SlaMetric.RESOLUTION, SlaMetric.DELIVERY} or not is_last:
                continue
            if stopped_at is None or clause is ReopenClause.NONE:
                continue
            is_late = window is not None and self.now - stopped_at >= timedelta(days=window)
            if is_late or clause is ReopenClause.NEW_CYCLE:
                self._promised(self._begin(hand.metric))
            else:
                self._go_on(hand, stopped_at)
        self._tell_again()

    def _go_on(self, hand: Hand, stopped_at: datetime) -> None:
        if hand.promise is not None:
            hand.earlier.append((stopped_at, hand.broken_at is None))
        hand.stopped_at = None
        if self.policy.reopening is not ReopenClause.CONTINUE_COUNTING_CLOSED:
            hand.closed.append((stopped_at, self.now))
        elif hand.origin is not None:
            hand.times += [
                minute + MINUTE
                for minute in self._minutes(stopped_at, self.now)
                if self._is_open(hand.metric, minute)
            ]

    def _cancel(self, _: str) -> None:
        self.status, self.waiting_on = "cancelled", ""
        self.cancelled_at = self.now
        for hand in self.hands:
            if not hand.is_over:
                self._judge(hand, is_last=True)
                hand.is_cancelled = True
