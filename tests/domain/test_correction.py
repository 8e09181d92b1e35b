"""Who gains by a correction of the past."""

from dataclasses import replace

import pytest

from helpdesk.domain.clock_facts import ClockFactKind
from helpdesk.domain.correction import Gainer, MovedClock, Standing, moved_clocks
from helpdesk.domain.ids import TicketId
from helpdesk.domain.sla import SlaMetric, SlaState
from tests.factories import a_policy, a_target, at, clocks_of, fact

NINE, TEN = at("07-06 09:00"), at("07-06 10:00")
RUNNING = Standing(NINE, None, SlaState.RUNNING)
PAUSED = Standing(None, None, SlaState.PAUSED)


def moved(before: Standing | None, after: Standing | None) -> MovedClock:
    """Return a clock that stood so before, and so after."""
    return MovedClock(TicketId("t"), "1", SlaMetric.RESOLUTION, 1, before, after)


@pytest.mark.parametrize(
    ("before", "after", "gainer"),
    [
        (RUNNING, replace(RUNNING, deadline_at=TEN), Gainer.AGENCY),
        (replace(RUNNING, deadline_at=TEN), RUNNING, Gainer.CLIENT),
        (None, RUNNING, Gainer.CLIENT),
        (RUNNING, None, Gainer.AGENCY),
        (RUNNING, replace(RUNNING, breached_at=NINE), Gainer.CLIENT),
        (replace(RUNNING, breached_at=NINE), RUNNING, Gainer.AGENCY),
        (replace(RUNNING, breached_at=NINE), replace(RUNNING, breached_at=TEN), Gainer.AGENCY),
        (replace(RUNNING, breached_at=TEN), replace(RUNNING, breached_at=NINE), Gainer.CLIENT),
        (RUNNING, PAUSED, Gainer.NOBODY),
        (PAUSED, RUNNING, Gainer.NOBODY),
        (RUNNING, replace(RUNNING, state=SlaState.AT_RISK), Gainer.NOBODY),
    ],
)
def test_an_earlier_deadline_or_a_breach_is_the_clients_gain(
    before: Standing | None, after: Standing | None, gainer: Gainer
) -> None:
    assert moved(before, after).gainer is gainer


def test_only_clocks_that_differ_are_moved() -> None:
    opened = fact("07-06 09:00", ClockFactKind.OPENED)
    two, four = (
        clocks_of(a_policy(a_target(), a_target(SlaMetric.DELIVERY, hours=hours)), opened)
        for hours in (2, 4)
    )

    (move,) = moved_clocks(TicketId("t"), "1", two, four, at=TEN)

    assert (move.metric, move.cycle, move.number) == (SlaMetric.DELIVERY, 1, "1")
    assert move.before == Standing(at("07-06 11:00"), None, SlaState.RUNNING)
    assert move.after == Standing(at("07-06 14:30"), None, SlaState.RUNNING)


def test_a_breach_to_come_is_none_yet() -> None:
    opened = fact("07-06 09:00", ClockFactKind.OPENED)
    clocks = clocks_of(a_policy(a_target()), opened)

    (move,) = moved_clocks(TicketId("t"), "1", clocks, (), at=TEN)

    assert move.before is not None
    assert move.before.breached_at is None
    assert move.after is None
