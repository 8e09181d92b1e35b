"""Real minutes, corrections of them, the timer, and what the client is charged for."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.billed_time import (
    BilledPart,
    IncrementNotPositive,
    RateImpossible,
    RateTerms,
    RoundingMode,
    RoundingScope,
    RoundingTerms,
    billed_minutes,
    billed_parts,
    plain_parts,
)
from helpdesk.domain.business_hours import BusinessHours, Span, Weekday
from helpdesk.domain.business_time import BeyondHorizon, compile_timeline
from helpdesk.domain.errors import ErrorCode
from helpdesk.domain.ids import AgentId, TicketId
from helpdesk.domain.month import Month
from helpdesk.domain.work_log import (
    MinutesNotPositive,
    Timer,
    TimerRunsAlready,
    TimerStoppedBeforeStart,
    WorkCorrectionWithoutReason,
    WorkEntry,
    WorkNumber,
    WorkUnknown,
    counting_work,
    real_minutes,
    started_timer,
)
from tests.factories import ALICE

PARIS = ZoneInfo("Europe/Paris")
MONDAY = datetime(2026, 7, 6, 10, tzinfo=PARIS)
T1, T2 = TicketId("T1"), TicketId("T2")
RATES = RateTerms(after_hours=150, holiday=200)
WEEK = {day: (Span.between("09:00", "18:00"),) for day in list(Weekday)[:5]}
OFFICE = compile_timeline(
    BusinessHours("Europe/Paris", WEEK, holidays=frozenset({date(2026, 7, 14)})),
    date(2026, 1, 1),
    date(2026, 12, 31),
)


def work(
    number: int,
    minutes: int,
    *,
    ticket: TicketId = T1,
    at: datetime = MONDAY,
    corrects: int | None = None,
    reason: str = "slip",
) -> WorkEntry:
    return WorkEntry(
        WorkNumber(number),
        ticket,
        ALICE,
        at,
        minutes,
        written_at=at,
        corrects=None if corrects is None else WorkNumber(corrects),
        reason=reason,
    )


def billed(*entries: WorkEntry, **terms: object) -> int:
    return billed_minutes(entries, RoundingTerms(**terms), zone=PARIS)  # type: ignore[arg-type]  # fields of the terms


THREE_EIGHTS = (work(1, 8), work(2, 8), work(3, 8))
FIVE_SEVEN_TWELVE = (work(1, 5), work(2, 7), work(3, 12))


def test_minutes_are_summed_before_they_are_rounded() -> None:
    assert billed(*THREE_EIGHTS) == 30
    assert billed(*THREE_EIGHTS, scope=RoundingScope.ENTRY) == 45


@pytest.mark.parametrize(
    ("terms", "minutes"),
    [
        ({}, 30),
        ({"scope": RoundingScope.ENTRY}, 45),
        ({"mode": RoundingMode.NONE}, 24),
        ({"mode": RoundingMode.NEAREST}, 30),
        ({"mode": RoundingMode.NEAREST, "scope": RoundingScope.ENTRY}, 15),
        ({"mode": RoundingMode.NEAREST, "increment": 10}, 20),
        ({"mode": RoundingMode.NEAREST, "increment": 16}, 32),
        ({"minimum": 60}, 60),
        ({"minimum": 20, "scope": RoundingScope.ENTRY}, 60),
        ({"minimum": 10}, 30),
    ],
)
def test_the_contract_says_how_minutes_are_rounded(terms: dict[str, object], minutes: int) -> None:
    assert billed(*FIVE_SEVEN_TWELVE, **terms) == minutes


def test_each_day_of_a_ticket_is_rounded_alone_or_the_whole_ticket_at_once() -> None:
    entries = (work(1, 5), work(2, 5, at=MONDAY + timedelta(days=1)), work(3, 5, ticket=T2))

    by_day = billed_parts(entries, RoundingTerms(), zone=PARIS)

    assert by_day == {
        BilledPart(T1, date(2026, 7, 6)): 15,
        BilledPart(T1, date(2026, 7, 7)): 15,
        BilledPart(T2, date(2026, 7, 6)): 15,
    }
    assert billed(*entries, scope=RoundingScope.TICKET) == 30


def test_the_day_of_some_work_is_the_local_day_on_which_it_began() -> None:
    late = datetime(2026, 7, 31, 23, 50, tzinfo=PARIS)
    entry = work(1, 30, at=late)

    assert entry.worked_on(PARIS) == date(2026, 7, 31)
    assert entry.month(PARIS) == Month(2026, 7)
    assert entry.month(ZoneInfo("UTC")) == Month(2026, 7)
    assert entry.month(ZoneInfo("Asia/Tokyo")) == Month(2026, 8)


def test_a_correction_replaces_an_entry_and_both_are_kept() -> None:
    first, second = work(1, 60), work(2, 30)
    correction = work(3, 45, corrects=1)
    again = work(4, 40, corrects=3)

    assert counting_work([again, second, correction, first]) == (again, second)
    assert real_minutes([first, second, correction, again]) == 70


def test_a_correction_may_say_that_there_was_no_work() -> None:
    assert real_minutes([work(1, 60), work(2, 0, corrects=1)]) == 0
    assert billed(work(1, 60), work(2, 0, corrects=1), minimum=30) == 0


def test_an_entry_without_minutes_counts_at_no_rate() -> None:
    nothing = work(2, 0, corrects=1)

    assert plain_parts(nothing) == RATES.parts(nothing, OFFICE) == ()


def test_what_was_never_written_is_not_corrected() -> None:
    with pytest.raises(WorkUnknown) as refusal:
        counting_work([work(1, 60), work(2, 10, corrects=7)])

    assert refusal.value.code is ErrorCode.NOT_FOUND


@pytest.mark.parametrize("minutes", [0, -5])
def test_no_work_is_refused(minutes: int) -> None:
    with pytest.raises(MinutesNotPositive):
        work(1, minutes)


def test_a_correction_to_less_than_nothing_is_refused() -> None:
    with pytest.raises(MinutesNotPositive):
        work(2, -1, corrects=1)


def test_a_correction_without_a_reason_is_refused() -> None:
    with pytest.raises(WorkCorrectionWithoutReason):
        work(2, 10, corrects=1, reason=" ")


@pytest.mark.parametrize(("increment", "minimum"), [(0, 0), (15, -1)])
def test_a_rounding_that_rounds_nothing_is_refused(increment: int, minimum: int) -> None:
    with pytest.raises(IncrementNotPositive):
        RoundingTerms(increment=increment, minimum=minimum)


def test_no_time_is_charged_as_nothing_whatever_the_minimum() -> None:
    assert RoundingTerms(minimum=30).rounded(0) == 0


def weighed(minutes: int, at: datetime, rates: RateTerms = RATES) -> int:
    terms = RoundingTerms(mode=RoundingMode.NONE)
    entries = (work(1, minutes, at=at),)
    return billed_minutes(entries, terms, zone=PARIS, weigh=rates.weigher(OFFICE))


@pytest.mark.parametrize(
    ("at", "minutes", "charged"),
    [
        ("2026-07-06T10:00", 60, 60),
        ("2026-07-06T20:00", 60, 90),
        ("2026-07-06T17:30", 60, 30 + 45),
        ("2026-07-06T08:50", 20, 15 + 10),
        ("2026-07-14T10:00", 60, 120),
        ("2026-07-13T23:30", 60, 45 + 60),
        ("2026-07-11T10:00", 60, 90),
        ("2026-07-06T18:00", 1, 2),
    ],
)
def test_work_out_of_hours_counts_for_more_and_is_split_at_closing_time(
    at: str, minutes: int, charged: int
) -> None:
    assert weighed(minutes, datetime.fromisoformat(at).replace(tzinfo=PARIS)) == charged


def test_the_highest_rate_wins_and_none_is_multiplied() -> None:
    nights = RateTerms(after_hours=300, holiday=200)
    holiday = datetime(2026, 7, 14, 10, tzinfo=PARIS)

    assert weighed(60, holiday, nights) == 180


def test_weighed_minutes_are_summed_before_they_are_rounded() -> None:
    evening = MONDAY.replace(hour=19)
    entries = [work(number, 8, at=evening) for number in (1, 2, 3)]

    charged = billed_minutes(entries, RoundingTerms(), zone=PARIS, weigh=RATES.weigher(OFFICE))

    assert charged == 45


def test_a_clock_change_neither_adds_nor_takes_minutes() -> None:
    before_the_change = datetime(2026, 3, 29, 0, 30, tzinfo=PARIS)

    assert weighed(180, before_the_change) == 270


def test_work_outside_the_calendar_is_refused() -> None:
    with pytest.raises(BeyondHorizon):
        weighed(60, datetime(2028, 7, 6, 10, tzinfo=PARIS))


@pytest.mark.parametrize(("after_hours", "holiday"), [(0, 100), (100, 0)])
def test_work_out_of_hours_never_counts_for_nothing(after_hours: int, holiday: int) -> None:
    with pytest.raises(RateImpossible):
        RateTerms(after_hours, holiday)


@given(st.lists(st.integers(1, 500), min_size=1, max_size=8), st.integers(1, 60))
def test_rounding_up_never_loses_a_minute_nor_adds_an_increment(
    minutes: list[int], increment: int
) -> None:
    entries = [work(number, each) for number, each in enumerate(minutes, start=1)]

    charged = billed(*entries, increment=increment)

    assert sum(minutes) <= charged < sum(minutes) + increment
    assert charged % increment == 0


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 1), (29, 1), (89, 1), (90, 2), (3600, 60)])
def test_a_timer_gives_the_nearest_minute_and_one_at_least(seconds: int, minutes: int) -> None:
    timer = started_timer([], T1, AgentId("alice"), MONDAY)

    assert timer.stopped(MONDAY + timedelta(seconds=seconds)) == minutes


def test_each_agent_has_one_timer() -> None:
    running = [Timer(T1, AgentId("alice"), MONDAY)]

    with pytest.raises(TimerRunsAlready) as refusal:
        started_timer(running, T2, AgentId("alice"), MONDAY)

    assert refusal.value.code is ErrorCode.TIMER_STATE
    assert started_timer(running, T2, AgentId("anna"), MONDAY).ticket_id == T2


def test_a_timer_does_not_stop_before_it_started() -> None:
    with pytest.raises(TimerStoppedBeforeStart):
        Timer(T1, AgentId("alice"), MONDAY).stopped(MONDAY - timedelta(seconds=1))
