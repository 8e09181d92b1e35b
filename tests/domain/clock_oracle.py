"""The clocks of a ticket counted a second way: minute by minute, asking what is true of each.

Nothing here comes from the engine but the words for metrics, priorities and states: the opening
hours, the life of a ticket and the counting are written again, slowly.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import ClockStart, SlaMetric, SlaPolicy, SlaState, Target, TargetUnit

PARIS = ZoneInfo("Europe/Paris")
MINUTE = timedelta(minutes=1)
# Twenty days around the clock change of 29 March and Easter Monday, 6 April 2026.
FIRST, LAST = datetime(2026, 3, 22, 23, tzinfo=UTC), datetime(2026, 4, 11, 22, tzinfo=UTC)
EASTER_MONDAY = "2026-04-06"


@dataclass(frozen=True)
class Deed:
    """What somebody did: the verb, and the priority or whom the ticket waits for."""

    at: datetime
    verb: str
    argument: str = ""


@dataclass(frozen=True)
class Shown:
    """What a clock shows, in minutes."""

    state: SlaState
    elapsed: int
    broken_at: datetime | None


def _is_office_minute(minute: datetime) -> bool:
    local = minute.astimezone(PARIS)
    if local.weekday() > 4 or local.date().isoformat() == EASTER_MONDAY:
        return False
    return "09:00" <= f"{local:%H:%M}" < "12:30" or "14:00" <= f"{local:%H:%M}" < "18:00"


_COUNT = round((LAST - FIRST) / MINUTE)
_OFFICE = [_is_office_minute(FIRST + number * MINUTE) for number in range(_COUNT + 1)]


@dataclass
class _Hand:
    """The hand of one clock."""

    metric: SlaMetric
    is_started: bool = False
    is_stopped: bool = False
    is_cancelled: bool = False
    was_promised: bool = False
    counted: int = 0
    counted_when_lost: int | None = None
    broken_at: datetime | None = None

    @property
    def is_over(self) -> bool:
        return self.is_stopped or self.is_cancelled


@dataclass
class Oracle:
    """Lives through a ticket's story, one minute after the other."""

    policy: SlaPolicy
    priority: Priority
    status: str = "open"
    waiting_on: str = ""
    is_responded: bool = False
    hands: dict[tuple[SlaMetric, int], _Hand] = field(default_factory=dict)

    def shown(self, story: Sequence[Deed], at: datetime) -> dict[tuple[SlaMetric, int], Shown]:
        """Return what every clock shows at `at`; the first deed is the opening."""
        for metric in (SlaMetric.FIRST_RESPONSE, SlaMetric.RESOLUTION, SlaMetric.DELIVERY):
            self.hands[metric, 1] = _Hand(metric)
        now, following = story[0].at, 0
        while True:
            while following < len(story) and story[following].at == now:
                self._live(story[following])
                following += 1
            self._look(now)
            if now == at:
                return {key: self._show(hand) for key, hand in self._promised()}
            self._pass_minute(now)
            now += MINUTE

    def _promised(self) -> Iterator[tuple[tuple[SlaMetric, int], _Hand]]:
        return ((key, hand) for key, hand in self.hands.items() if hand.was_promised)

    def _target(self, hand: _Hand) -> Target | None:
        return self.policy.target(hand.metric, self.priority)

    def _targets(self, metric: SlaMetric) -> Iterator[Target]:
        promises = (self.policy.target(metric, priority) for priority in Priority)
        return (target for target in promises if target is not None)

    def _show(self, hand: _Hand) -> Shown:
        if hand.counted_when_lost is not None:
            return Shown(SlaState.CANCELLED, hand.counted_when_lost, hand.broken_at)
        return Shown(self._state(hand), hand.counted, hand.broken_at)

    def _state(self, hand: _Hand) -> SlaState:
        is_broken = hand.broken_at is not None
        if hand.is_cancelled:
            return SlaState.CANCELLED
        if not hand.is_started:
            return SlaState.PENDING
        if hand.is_stopped:
            return SlaState.MISSED if is_broken else SlaState.MET
        if is_broken:
            return SlaState.BREACHED
        return SlaState.PAUSED if self._is_paused(hand) else SlaState.RUNNING

    def _is_paused(self, hand: _Hand) -> bool:
        if hand.metric in {SlaMetric.FIRST_RESPONSE, SlaMetric.NEXT_RESPONSE}:
            return False
        if self.waiting_on == "THIRD_PARTY":
            return self.policy.third_party_pauses
        return self.waiting_on != ""

    # One minute.

    def _is_counting(self, hand: _Hand, now: datetime) -> bool:
        if not hand.is_started or hand.is_over or self._is_paused(hand):
            return False
        # Every priority counts a metric alike, so hours without a promise do too.
        units = {target.unit for target in self._targets(hand.metric)}
        return TargetUnit.CALENDAR_MINUTES in units or _OFFICE[round((now - FIRST) / MINUTE)]

    def _look(self, now: datetime) -> None:
        """See which promises there are, and which broke by now."""
        for hand in self.hands.values():
            if not hand.is_over:
                target = self._promise(hand)
                if target is not None:
                    self._judge(hand, target, now)

    def _promise(self, hand: _Hand) -> Target | None:
        """Return what is promised now, and remember that it was, or that it no longer is."""
        target = self._target(hand)
        if target is not None:
            hand.was_promised, hand.counted_when_lost = True, None
        elif hand.was_promised and hand.counted_when_lost is None:
            hand.counted_when_lost = hand.counted
        return target

    def _judge(self, hand: _Hand, target: Target, now: datetime) -> None:
        if hand.broken_at is not None or not hand.is_started:
            return
        is_spent = hand.counted >= target.amount
        is_passed = hand.counted > target.amount or (is_spent and self._is_counting(hand, now))
        if is_passed or (is_spent and target.is_strict):
            hand.broken_at = now

    def _pass_minute(self, now: datetime) -> None:
        for hand in self.hands.values():
            hand.counted += self._is_counting(hand, now)

    # Deeds.

    def _live(self, deed: Deed) -> None:
        verbs = {
            "open": self._open,
            "reply": self._reply,
            "client": self._client,
            "prioritise": self._prioritise,
            "wait": self._wait,
            "resume": self._resume,
            "deliver": self._deliver,
            "resolve": self._resolve,
            "close": self._close,
            "reopen": self._reopen,
            "cancel": self._cancel,
        }
        if deed.verb in verbs:
            verbs[deed.verb](deed)

    def _open(self, deed: Deed) -> None:
        self._start(SlaMetric.FIRST_RESPONSE)
        self._start(SlaMetric.DELIVERY)
        if self._resolution_starts_on() is ClockStart.OPENING:
            self._start(SlaMetric.RESOLUTION)

    def _resolution_starts_on(self) -> ClockStart:
        starts = (target.starts_on for target in self._targets(SlaMetric.RESOLUTION))
        return next(starts, ClockStart.FIRST_RESPONSE)

    def _reply(self, deed: Deed) -> None:
        self._answer(deed)
        self._start(SlaMetric.RESOLUTION)

    def _answer(self, deed: Deed) -> None:
        self.is_responded = True
        for hand in self.hands.values():
            if hand.metric in {SlaMetric.FIRST_RESPONSE, SlaMetric.NEXT_RESPONSE}:
                self._stop(hand, deed.at)

    def _client(self, deed: Deed) -> None:
        cycles = [hand for hand in self.hands.values() if hand.metric is SlaMetric.NEXT_RESPONSE]
        if self.is_responded and all(hand.is_over for hand in cycles):
            cycle = _Hand(SlaMetric.NEXT_RESPONSE, is_started=True)
            self.hands[SlaMetric.NEXT_RESPONSE, len(cycles) + 1] = cycle
        if self.status == "resolved":
            self._reopen(deed)
        if self.waiting_on == "CLIENT":
            self._resume(deed)

    def _prioritise(self, deed: Deed) -> None:
        self.priority = Priority(deed.argument)

    def _wait(self, deed: Deed) -> None:
        self.status, self.waiting_on = "waiting", deed.argument

    def _resume(self, deed: Deed) -> None:
        self.status, self.waiting_on = "open", ""

    def _deliver(self, deed: Deed) -> None:
        self.status, self.waiting_on = "delivered", ""
        self._stop(self.hands[SlaMetric.DELIVERY, 1], deed.at)

    def _resolve(self, deed: Deed) -> None:
        self._answer(deed)
        self._start(SlaMetric.RESOLUTION)
        self._stop(self.hands[SlaMetric.RESOLUTION, 1], deed.at)
        self._stop(self.hands[SlaMetric.DELIVERY, 1], deed.at)
        self.status, self.waiting_on = "resolved", ""

    def _close(self, deed: Deed) -> None:
        self.status = "closed"

    def _reopen(self, deed: Deed) -> None:
        self.status = "open"
        for hand in self.hands.values():
            hand.is_cancelled = False
        self.hands[SlaMetric.RESOLUTION, 1].is_stopped = False

    def _cancel(self, deed: Deed) -> None:
        self.status, self.waiting_on = "cancelled", ""
        for hand in self.hands.values():
            if not hand.is_over:
                self._look_at(hand, deed.at)
                hand.is_cancelled = True

    def _start(self, metric: SlaMetric) -> None:
        hand = self.hands[metric, 1]
        hand.is_started = hand.is_started or not hand.is_over

    def _stop(self, hand: _Hand, at: datetime) -> None:
        if not hand.is_over:
            self._look_at(hand, at)
            hand.is_stopped = True

    def _look_at(self, hand: _Hand, at: datetime) -> None:
        """See whether the promise of a clock that ends now was broken to the minute."""
        target = self._promise(hand)
        if target is not None and hand.broken_at is None and hand.is_started:
            is_late = hand.counted > target.amount
            if is_late or (target.is_strict and hand.counted == target.amount):
                hand.broken_at = at
