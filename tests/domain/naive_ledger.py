"""The ledger of a forfait kept a second way: unit by unit, each with its own fate.

Nothing here comes from the engine. A lot is a list of units, each free, held, used or gone; time is
whole hours; months are numbered, and their starts in Paris are written out. A refusal is the name
that it has in the engine.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass, field

FREE, HELD, USED, GONE = "FHUG"
DRAWN_FIRST = ("gesture", "rollover", "plan", "purchase")
COMES_AS = {
    "plan": "grant",
    "purchase": "purchase",
    "gesture": "gesture",
    "rollover": "rollover_in",
}

CAME_IN = ("grant", "purchase", "gesture", "rollover_in", "adjust")
WENT_OUT = ("consume", "rollover_out", "expire")

# Hours from 2025-12-31T23:00Z, midnight in Paris, to the start of each month of 2026 and 2027:
# the 29th of March and the 28th of March lose an hour, the last Sundays of October win it back.
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31) * 2
_SUMMER = {3: -1, 10: 1, 15: -1, 22: 1}
MONTH_STARTS = [0]
for _number, _days in enumerate(_DAYS, start=1):
    MONTH_STARTS.append(MONTH_STARTS[-1] + 24 * _days + _SUMMER.get(_number, 0))


class Refused(Exception):
    """A refusal, by its name in the engine."""


@dataclass
class NaiveLot:
    """A lot: where it comes from, when it can be used (hours), its units, a letter each."""

    source: str
    effective: int
    expires: int | None
    sites: frozenset[str]
    priority: int
    place: int
    month: int
    granted: int
    units: str

    def count(self, fate: str) -> int:
        return self.units.count(fate)

    @property
    def left(self) -> int:
        return self.count(FREE) + self.count(HELD)

    def turn(self, fate: str, into: str, count: int) -> None:
        assert self.count(fate) >= count
        self.units = self.units.replace(fate, into, count)

    def has_expired(self, now: int) -> bool:
        return self.expires is not None and now >= self.expires


@dataclass
class Line:
    """A part of a hold or of a use: of which lot, how much, since when, and in which month."""

    source: str
    lot: NaiveLot | None
    count: int
    effective: int
    month: int
    is_overage: bool = False


@dataclass
class NaiveLedger:
    """A book kept unit by unit."""

    policy: str
    rollover: str
    cap_percent: int | None
    cap_quantity: int | None
    valid_periods: int
    is_unlimited: bool
    first_open: int = 0
    lots: list[NaiveLot] = field(default_factory=list)
    holds: list[Line] = field(default_factory=list)
    moved: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def month_of(self, hour: int) -> int:
        return bisect_right(MONTH_STARTS, hour) - 1

    def posted(self, hour: int) -> int:
        return max(self.month_of(hour), self.first_open)

    def check_open(self, hour: int) -> None:
        if self.month_of(hour) < self.first_open:
            raise Refused("EntryInClosedPeriod")

    def available(self, now: int, site: str | None) -> int:
        return sum(lot.count(FREE) for lot in self._usable(now, site))

    def held(self) -> int:
        return sum(line.count for line in self.holds)

    def left_after(self, month: int) -> int:
        """Return what the months up to one leave, by what came in and went out."""
        months = [moved for number, moved in self.moved.items() if number <= month]
        came_in = sum(moved[kind] for moved in months for kind in (*CAME_IN, "reverse"))
        return came_in - sum(moved[kind] for moved in months for kind in WENT_OUT)

    def left(self) -> int:
        """Return what is left, unit by unit."""
        return sum(lot.left for lot in self.lots)

    def _usable(self, hour: int, site: str | None) -> list[NaiveLot]:
        return [
            lot
            for lot in self.lots
            if lot.effective <= hour
            and not lot.has_expired(hour)
            and (not lot.sites or site in lot.sites)
        ]

    def _pick(self, hour: int, site: str | None, count: int) -> list[tuple[NaiveLot, int]]:
        """Take unit after unit, each from the best lot that still has one."""
        if self.is_unlimited:
            return []
        picked: dict[int, int] = {}
        usable = self._usable(hour, site)
        for _ in range(count):
            able = [lot for lot in usable if lot.count(FREE) > picked.get(lot.place, 0)]
            if not able:
                break
            best = min(able, key=_preference)
            picked[best.place] = picked.get(best.place, 0) + 1
        return [(self.lots[place], taken) for place, taken in picked.items()]

    # Filling.

    def open_lot(
        self,
        source: str,
        count: int,
        effective: int,
        expires: int | None,
        sites: frozenset[str] = frozenset(),
        priority: int = 0,
    ) -> None:
        month = self.posted(effective)
        self.lots.append(
            NaiveLot(
                source,
                effective,
                expires,
                sites,
                priority,
                len(self.lots),
                month,
                count,
                FREE * count,
            )
        )
        self.moved[month][COMES_AS[source]] += count

    def adjust(self, place: int, count: int, now: int) -> None:
        lot = self.lots[place]
        if count == 0:
            raise Refused("QuantityNotPositive")
        if lot.has_expired(now):
            raise Refused("LotExpired")
        if -count > lot.count(FREE):
            raise Refused("InsufficientAllowance")
        self.moved[self.posted(max(now, lot.effective))]["adjust"] += count
        if count > 0:
            lot.units += FREE * count
        else:
            lot.turn(FREE, GONE, -count)

    # Using.

    def hold(self, source: str, count: int, hour: int, site: str | None) -> None:
        self.check_open(hour)
        picked = self._pick(hour, site, count)
        missing = count - sum(taken for _, taken in picked)
        if missing and self.policy != "bill" and not self.is_unlimited:
            raise Refused("InsufficientAllowance")
        for lot, taken in picked:
            lot.turn(FREE, HELD, taken)
            self.holds.append(Line(source, lot, taken, hour, self.posted(hour)))
        if missing:
            self.holds.append(Line(source, None, missing, hour, self.posted(hour)))

    def consume(self, source: str, count: int, hour: int, site: str | None) -> list[Line]:
        self.check_open(hour)
        return self._use(source, count, hour, site)

    def _use(self, source: str, count: int, hour: int, site: str | None) -> list[Line]:
        month, lines = self.posted(hour), []
        for lot, taken in self._pick(hour, site, count):
            lot.turn(FREE, USED, taken)
            lines.append(Line(source, lot, taken, hour, month))
            self.moved[month]["consume"] += taken
            count -= taken
        if count:
            is_overage = not self.is_unlimited
            lines.append(Line(source, None, count, hour, month, is_overage))
            self.moved[month]["overage" if is_overage else "uncounted"] += count
        return lines

    def settle(self, source: str, count: int, now: int, site: str | None) -> list[Line]:
        mine = [line for line in self.holds if line.source == source]
        if not mine:
            raise Refused("ReleaseOfWhatIsNotHeld")
        used: list[Line] = []
        for line in mine:
            taken = min(count, line.count)
            if line.lot is None and not self.is_unlimited:
                taken = 0
            if taken:
                used.append(self._use_held(line, taken))
                count -= taken
            self._give_back(line, line.count, now)
        if count:
            used += self._use(source, count, mine[0].effective, site)
        return used

    def _use_held(self, line: Line, taken: int) -> Line:
        month = self.posted(line.effective)
        line.count -= taken
        if line.lot is None:
            self.moved[month]["uncounted"] += taken
        else:
            line.lot.turn(HELD, USED, taken)
            self.moved[month]["consume"] += taken
        return Line(line.source, line.lot, taken, line.effective, month)

    def release(self, source: str, count: int | None, now: int) -> None:
        mine = [line for line in self.holds if line.source == source]
        total = sum(line.count for line in mine)
        asked = total if count is None else count
        if not mine or asked > total:
            raise Refused("ReleaseOfWhatIsNotHeld")
        for line in reversed(mine):
            given_back = min(asked, line.count)
            self._give_back(line, given_back, now)
            asked -= given_back

    def _give_back(self, line: Line, count: int, now: int) -> None:
        line.count -= count
        if not line.count:
            self.holds.remove(line)
        if line.lot is None or not count:
            return
        line.lot.turn(HELD, FREE, count)
        if line.lot.has_expired(now):
            line.lot.turn(FREE, GONE, count)
            # At the very start of a month it ended with the one before.
            self.moved[self.posted(now - 1)]["expire"] += count

    # Putting right.

    def reverse(self, line: Line, count: int, now: int) -> None:
        if count > line.count:
            raise Refused("NothingToReverse")
        is_closed = line.month < self.first_open
        self._take_back(line, count, now if is_closed else line.effective, now, is_closed=is_closed)

    def _take_back(self, line: Line, count: int, hour: int, now: int, *, is_closed: bool) -> None:
        line.count -= count
        month = self.posted(hour)
        if line.lot is None:
            self.moved[month]["overage" if line.is_overage else "uncounted"] -= count
            return
        self.moved[month]["reverse"] += count
        if is_closed and line.lot.has_expired(now):
            end = MONTH_STARTS[self.month_of(hour) + 1]
            self.open_lot("rollover", count, hour, end)
            self.moved[month]["rollover_in"] -= count
        else:
            line.lot.turn(USED, FREE, count)

    def correct(self, lines: list[Line], count: int, now: int, site: str | None) -> list[Line]:
        source, hour = lines[0].source, lines[0].effective
        if all(line.month >= self.first_open for line in lines):
            for line in lines:
                self._take_back(line, line.count, line.effective, now, is_closed=False)
            return self._use(source, count, hour, site) if count else []
        more = count - sum(line.count for line in lines)
        if more > 0:
            return self._use(source, more, now, site)
        for line in reversed(lines):
            taken = min(-more, line.count)
            if taken:
                self._take_back(line, taken, now, now, is_closed=True)
            more += taken
        return []

    # Time.

    def sweep(self, now: int) -> None:
        for lot in self.lots:
            if lot.has_expired(now) and lot.count(FREE):
                assert lot.expires is not None
                self._end(lot, self.posted(lot.expires - 1))

    def _end(self, lot: NaiveLot, month: int) -> None:
        self.moved[month]["expire"] += lot.count(FREE)
        lot.turn(FREE, GONE, lot.count(FREE))

    def extend(self, first: int, end: int) -> None:
        for lot in self.lots:
            if lot.source != "purchase" or lot.expires is None:
                continue
            if self._day(lot.expires) < self._day(first):
                continue
            for _ in range(self._day(max(first, lot.effective)), self._day(end)):
                lot.expires = self._a_day_later(lot.expires)

    def _day(self, hour: int) -> int:
        """Return the number of the local day of an hour, month by month."""
        month = self.month_of(hour)
        into = (hour - MONTH_STARTS[month] - self._shift(month, hour)) // 24
        return sum(_DAYS[:month]) + into

    def _shift(self, month: int, hour: int) -> int:
        """Return how far the wall clock of a month was moved by an hour of it."""
        change = _SUMMER.get(month + 1, 0)
        last_days = {2: 29, 9: 25, 14: 28, 21: 31}
        if not change:
            return 0
        moved_at = MONTH_STARTS[month] + 24 * (last_days[month] - 1) + (2 if change < 0 else 3)
        return change if hour >= moved_at else 0

    def _a_day_later(self, hour: int) -> int:
        return next(
            later
            for later in (hour + 23, hour + 24, hour + 25)
            if self._day(later) == self._day(hour) + 1 and self._clock(later) == self._clock(hour)
        )

    def _clock(self, hour: int) -> int:
        month = self.month_of(hour)
        return (hour - MONTH_STARTS[month] - self._shift(month, hour)) % 24

    def close(self, month: int) -> None:
        """Close the first open month."""
        end = MONTH_STARTS[month + 1]
        mine = [lot for lot in self.lots if lot.source == "plan" and lot.expires == end]
        carried = self._carried(mine)
        rolled = 0
        for lot in mine:
            taken = min(carried - rolled, lot.count(FREE))
            lot.turn(FREE, GONE, taken)
            rolled += taken
        self.moved[month]["rollover_out"] += rolled
        for lot in self.lots:
            if lot.has_expired(end) and lot.count(FREE):
                assert lot.expires is not None
                self._end(lot, self.posted(lot.expires - 1))
        self.first_open = month + 1
        if rolled:
            self.open_lot("rollover", rolled, end, MONTH_STARTS[month + 1 + self.valid_periods])

    def _carried(self, lots: list[NaiveLot]) -> int:
        unused = sum(lot.count(FREE) for lot in lots)
        granted = sum(lot.granted for lot in lots)
        if self.rollover == "full":
            return unused
        if self.rollover == "none":
            return 0
        if self.cap_percent is None:
            return min(unused, self.cap_quantity or 0)
        return min(unused, granted * self.cap_percent // 100)


def _preference(lot: NaiveLot) -> tuple[object, ...]:
    return (
        lot.priority,
        float("inf") if lot.expires is None else lot.expires,
        DRAWN_FIRST.index(lot.source),
        lot.effective,
        lot.place,
    )
