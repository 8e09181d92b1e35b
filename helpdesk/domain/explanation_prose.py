"""The story of a clock for those who read no tables: plain sentences, in French or English."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from helpdesk.domain.errors import Locale
from helpdesk.domain.explanation import ClockSegment, SegmentKind
from helpdesk.domain.prose_words import WORDS, Words
from helpdesk.domain.sla import ClockReading, ClockStart, SlaClock, SlaState

_SPACE, _THIN_SPACE = "\u00a0", "\u202f"
"""Spaces at which no line is broken; French puts the thin one before a semicolon."""
_MIDNIGHT = time()
_MOST_DAYS = 3
"""Days that counted are told one by one up to here; more in a row are told together."""
_ENDED = frozenset({SlaState.MET, SlaState.MISSED})
_OPEN = frozenset({SlaState.RUNNING, SlaState.AT_RISK, SlaState.PAUSED})


def clock_sentences(
    clock: SlaClock,
    reading: ClockReading,
    segments: Sequence[ClockSegment],
    *,
    opened_at: datetime,
    locale: Locale,
    zone: str,
) -> tuple[str, ...]:
    """Return what a client may be told about a clock: why the deadline is what it is.

    What counted, in the order in which it happened, adds up to the elapsed time. Instants are
    those of the wall clock of `zone`; the year is said where it is not the one of the opening.
    """
    teller = _Teller(WORDS[locale], ZoneInfo(zone), opened_at.astimezone(ZoneInfo(zone)).year)
    told = (
        teller.beginning(clock, opened_at),
        *teller.promise(clock, reading),
        *teller.events(segments, is_paused=clock.paused_since is not None),
        *teller.ending(clock, reading),
    )
    return tuple(
        sentence.replace("~;", _THIN_SPACE + ";").replace("~", _SPACE) for sentence in told
    )


@dataclass(frozen=True, slots=True)
class _Span:
    """Segments of one kind and reason that are told in one breath."""

    kind: SegmentKind
    reason: str | None
    parts: tuple[tuple[datetime, datetime], ...]
    seconds: int

    @property
    def start(self) -> datetime:
        return self.parts[0][0]

    @property
    def end(self) -> datetime:
        return self.parts[-1][1]


@dataclass(frozen=True, slots=True)
class _Teller:
    """Tells in one language, on one wall clock; `~` stands for a space that does not break."""

    words: Words
    zone: ZoneInfo
    year: int

    def beginning(self, clock: SlaClock, opened_at: datetime) -> str:
        """Return from when the clock is counted, or what it waits for."""
        starts_on = clock.target.starts_on
        opened = self.words.opened.format(when=self.instant(opened_at))
        if starts_on is ClockStart.OPENING:
            return opened
        if clock.started_at is None:
            waits = self.words.not_started[starts_on] if clock.cancelled_at is None else ""
            return f"{opened} {waits}".rstrip()
        started = self.words.started[starts_on].format(when=self.instant(clock.started_at))
        return started if starts_on is ClockStart.CLIENT_MESSAGE else f"{opened} {started}"

    def promise(self, clock: SlaClock, reading: ClockReading) -> Iterator[str]:
        """Yield what was promised, with the deadline that follows from it, if there is one."""
        words, target = self.words, clock.target
        is_one = target.amount == 1 or target.amount // 60 == 1
        amount = words.units[target.unit].format(
            amount=target.amount,
            days=words.day if target.amount == 1 else words.days,
            duration=words.duration(target.amount * 60),
            worked=words.worked_one if is_one else words.worked,
        )
        promised = words.promise[target.is_strict].format(
            verb=words.verbs[clock.metric], amount=amount
        )
        if clock.deadline_at is None:
            yield f"{promised}."
            return
        deadline = words.deadline if reading.state in _OPEN else words.past_deadline
        yield promised + deadline.format(when=self.instant(clock.deadline_at))
        if clock.postponed_to is not None:
            yield words.postponed.format(when=self.instant(clock.postponed_to))

    def events(self, segments: Iterable[ClockSegment], *, is_paused: bool) -> Iterator[str]:
        """Yield what counted and what did not, in order."""
        segments = tuple(segments)
        spans = self._spans(segments)
        for index, span in enumerate(spans):
            if span.kind is SegmentKind.COUNTED:
                yield self._counted(span)
            elif is_paused and index == len(spans) - 1 and span.kind is SegmentKind.PAUSED:
                since = self.words.since.format(when=self.instant(span.start))
                yield f"{since}, {self._why(span)}"
            else:
                yield f"{self._period(span)}, {self._why(span)}"
        if any(one.kind is SegmentKind.CLOSED_HOURS and not one.reason for one in segments):
            yield self.words.closed_hours

    def ending(self, clock: SlaClock, reading: ClockReading) -> Iterator[str]:
        """Yield how the clock stands."""
        words, state = self.words, reading.state
        counted = words.duration(reading.elapsed_seconds)
        over = reading.overdue_seconds
        late = words.late.format(over=words.duration(over)) if over else ""
        if clock.stopped_at is not None and state in _ENDED:
            yield words.stopped[clock.metric].format(when=self.instant(clock.stopped_at))
            yield words.ended[state].format(counted=counted, late=late)
        elif clock.cancelled_at is not None:
            when = self.instant(clock.cancelled_at)
            yield words.cancelled.format(when=when, counted=counted)
        elif state is SlaState.BREACHED and clock.breached_at is not None:
            when = self.instant(clock.breached_at)
            yield words.breached.format(when=when, counted=counted, late=late)
        elif reading.remaining_seconds is not None:
            left = words.duration(reading.remaining_seconds)
            yield words.standing[state].format(counted=counted, left=left)

    def instant(self, at: datetime) -> str:
        """Return an instant in words: the day and the time."""
        local = at.astimezone(self.zone)
        return self.words.at.format(day=self.day(local.date()), time=self.words.time(local))

    def day(self, day: date) -> str:
        """Return a date in words, with the year where it is another one."""
        return self.words.date(day, has_year=day.year != self.year)

    def _counted(self, span: _Span) -> str:
        counted = self.words.counted.format(counted=self.words.duration(span.seconds))
        first, last = (at.astimezone(self.zone) for at in (span.start, span.end))
        if first.date() != last.date():
            return f"{self._period(span)}{counted}"
        hours = [
            self.words.hours.format(
                start=self.words.time(start.astimezone(self.zone)),
                end=self.words.time(end.astimezone(self.zone)),
            )
            for start, end in span.parts
        ]
        day = self.words.on.format(day=self.day(first.date()))
        return f"{day}, {self.words.joined(hours)}{counted}"

    def _period(self, span: _Span) -> str:
        """Return a time in words: whole days by their dates, anything else to the minute."""
        start, end = (at.astimezone(self.zone) for at in (span.start, span.end))
        is_whole = start.time() == end.time() == _MIDNIGHT
        last = date.fromordinal(end.toordinal() - 1) if is_whole else end.date()
        if is_whole and last == start.date():
            return self.words.on.format(day=self.day(last))
        if is_whole or (span.kind is SegmentKind.COUNTED and len(span.parts) > 1):
            return self.words.between.format(start=self.day(start.date()), end=self.day(last))
        return self.words.between.format(start=self.instant(start), end=self.instant(end))

    def _why(self, span: _Span) -> str:
        words = self.words
        if span.kind is SegmentKind.PAUSED:
            return words.pauses.get(span.reason or "", words.paused)
        if span.kind is SegmentKind.TICKET_CLOSED:
            return words.finished
        return words.holiday if span.kind is SegmentKind.HOLIDAY else words.closure

    def _spans(self, segments: Iterable[ClockSegment]) -> list[_Span]:
        """Return what is told: the counted time day by day, and what is worth a word besides."""
        spans: list[_Span] = []
        for one in segments:
            if one.kind is SegmentKind.BEFORE_START:
                continue
            if one.kind is SegmentKind.CLOSED_HOURS and not one.reason:
                continue
            span = _Span(one.kind, one.reason, ((one.start, one.end),), one.seconds)
            if spans and self._is_one_breath(spans[-1], span):
                span = _joined(spans.pop(), span)
            spans.append(span)
        return _days_together(spans)

    def _is_one_breath(self, earlier: _Span, later: _Span) -> bool:
        if (earlier.kind, earlier.reason) != (later.kind, later.reason):
            return False
        if earlier.end == later.start:
            return True
        days = {at.astimezone(self.zone).date() for at in (earlier.start, earlier.end, later.end)}
        return later.kind is SegmentKind.COUNTED and len(days) == 1


def _joined(earlier: _Span, later: _Span) -> _Span:
    parts = (*earlier.parts, *later.parts)
    if earlier.end == later.start:
        touching = (earlier.parts[-1][0], later.parts[0][1])
        parts = (*earlier.parts[:-1], touching, *later.parts[1:])
    return _Span(earlier.kind, earlier.reason, parts, earlier.seconds + later.seconds)


def _days_together(spans: Iterable[_Span]) -> list[_Span]:
    """Join the runs of more than a few counted spans, which would bore whoever reads them."""
    told: list[_Span] = []
    run: list[_Span] = []
    for span in (*spans, None):
        if span is not None and span.kind is SegmentKind.COUNTED:
            run.append(span)
            continue
        if len(run) > _MOST_DAYS:
            parts = tuple(part for one in run for part in one.parts)
            seconds = sum(one.seconds for one in run)
            run = [_Span(SegmentKind.COUNTED, run[0].reason, parts, seconds)]
        told += run
        run = []
        if span is not None:
            told.append(span)
    return told
