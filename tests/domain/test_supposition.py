"""What one may suppose about a request to be: its facts in order, or why they cannot be."""

from datetime import timedelta

import pytest

from helpdesk.domain.clock_facts import ClockFact, ClockFactKind
from helpdesk.domain.errors import HelpdeskError
from helpdesk.domain.priority import Priority
from helpdesk.domain.supposition import (
    MOST_WAITS,
    SupposedWait,
    Supposition,
    SuppositionOutOfOrder,
    TooManyWaits,
    WaitsOverlap,
)
from helpdesk.domain.waiting import WaitingOn
from tests.factories import MONDAY, at

CLIENT, SUPPLIER = WaitingOn.CLIENT, WaitingOn.THIRD_PARTY


def wait(start: str, end: str | None, waiting_on: WaitingOn = CLIENT) -> SupposedWait:
    return SupposedWait(at(start), None if end is None else at(end), waiting_on)


def told(supposed: Supposition) -> list[tuple[str, ClockFactKind]]:
    facts = supposed.facts(MONDAY, Priority.P1)
    assert facts[0] == ClockFact(MONDAY, ClockFactKind.OPENED, Priority.P1)
    return [(fact.at.isoformat()[5:16], fact.kind) for fact in facts[1:]]


def test_without_more_there_is_only_the_opening() -> None:
    assert told(Supposition()) == []


def test_everything_that_is_supposed_is_put_in_order() -> None:
    supposed = Supposition(
        first_response_at=at("07-06 11:00"),
        waits=(wait("07-07 09:00", "07-07 10:00", SUPPLIER), wait("07-06 10:00", "07-06 10:30")),
        resolved_at=at("07-08 12:00"),
    )

    assert told(supposed) == [
        ("07-06T08:00", ClockFactKind.PAUSED),
        ("07-06T08:30", ClockFactKind.RESUMED),
        ("07-06T09:00", ClockFactKind.AGENT_ANSWERED),
        ("07-07T07:00", ClockFactKind.PAUSED),
        ("07-07T08:00", ClockFactKind.RESUMED),
        ("07-08T10:00", ClockFactKind.RESOLVED),
    ]
    reasons = [fact.pause_reason for fact in supposed.facts(MONDAY, Priority.P1)]
    assert [one for one in reasons if one] == [CLIENT, SUPPLIER]


def test_waits_may_touch_and_the_last_one_may_go_on() -> None:
    supposed = Supposition(
        waits=(wait("07-06 10:00", "07-06 11:00"), wait("07-06 11:00", None, SUPPLIER))
    )

    assert [kind for _, kind in told(supposed)] == [
        ClockFactKind.PAUSED,
        ClockFactKind.RESUMED,
        ClockFactKind.PAUSED,
    ]


def test_clocks_are_read_after_the_last_fact_unless_said() -> None:
    supposed = Supposition(resolved_at=at("07-06 12:00"))
    facts = supposed.facts(MONDAY, Priority.P1)

    assert supposed.looked_at(facts) == at("07-06 12:00")
    later = Supposition(resolved_at=at("07-06 12:00"), read_at=at("07-09 12:00"))
    assert later.looked_at(facts) == at("07-09 12:00")
    with pytest.raises(SuppositionOutOfOrder) as refusal:
        Supposition(read_at=at("07-06 11:59")).looked_at(facts)
    assert refusal.value.path == ("read_at",)


BEFORE = at("07-06 08:59")


@pytest.mark.parametrize(
    ("supposed", "error", "path"),
    [
        (Supposition(first_response_at=BEFORE), SuppositionOutOfOrder, ("first_response_at",)),
        (Supposition(resolved_at=BEFORE), SuppositionOutOfOrder, ("resolved_at",)),
        (
            Supposition(waits=(SupposedWait(BEFORE, None, CLIENT),)),
            SuppositionOutOfOrder,
            ("waits", "0", "from"),
        ),
        (
            Supposition(waits=(wait("07-06 10:00", "07-06 09:59"),)),
            SuppositionOutOfOrder,
            ("waits", "0", "to"),
        ),
        (
            Supposition(first_response_at=at("07-06 11:00"), resolved_at=at("07-06 10:59")),
            SuppositionOutOfOrder,
            ("resolved_at",),
        ),
        (
            Supposition(
                waits=(wait("07-06 10:30", "07-06 11:30"), wait("07-06 10:00", "07-06 11:00"))
            ),
            WaitsOverlap,
            ("waits", "0"),
        ),
        (
            Supposition(waits=(wait("07-06 10:00", None), wait("07-08 10:00", None))),
            WaitsOverlap,
            ("waits", "1"),
        ),
        (
            Supposition(waits=(wait("07-06 10:00", None),) * (MOST_WAITS + 1)),
            TooManyWaits,
            ("waits",),
        ),
    ],
)
def test_what_cannot_be_is_refused_with_the_input_at_fault(
    supposed: Supposition, error: type[HelpdeskError], path: tuple[str, ...]
) -> None:
    with pytest.raises(error) as refusal:
        supposed.facts(MONDAY, Priority.P1)

    assert refusal.value.path == path


def test_as_many_waits_as_are_allowed_are_told() -> None:
    hours = [MONDAY + timedelta(hours=number) for number in range(MOST_WAITS)]
    waits = tuple(SupposedWait(start, start + timedelta(minutes=1), CLIENT) for start in hours)

    assert len(told(Supposition(waits=waits))) == 2 * MOST_WAITS
