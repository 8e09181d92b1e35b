"""Broken promises as clocks show them, and what follows from each by the guide's table."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from helpdesk.domain.breach import (
    CONSEQUENCES,
    Breach,
    ConsequenceKind,
    Promise,
    TicketStory,
    UptimeBreach,
    breach_of,
    consequences_of,
    resolution_claim,
    uptime_key,
)
from helpdesk.domain.clock_facts import ClockFact, ClockFactKind
from helpdesk.domain.compensation import CreditKind
from helpdesk.domain.compensation_rate import Overrun
from helpdesk.domain.exclusion import (
    CausalLink,
    Evidence,
    EvidenceKind,
    Exclusion,
    ExclusionCause,
)
from helpdesk.domain.postponement import PromiseOutcome
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import ClockStart, SlaClock, SlaMetric
from helpdesk.domain.ticket import Ticket, TicketEvent, TicketEventKind, TicketStatus
from helpdesk.domain.waiting import WaitingOn
from tests.domain.compensations import CONTRACT, HOUR, JULY, down
from tests.factories import (
    ALICE,
    TIMELINES,
    a_policy,
    a_target,
    a_ticket,
    at,
    clocks_of,
    fact,
)

OPENED, ANSWERED = ClockFactKind.OPENED, ClockFactKind.AGENT_ANSWERED
RESOLVED, REOPENED = ClockFactKind.RESOLVED, ClockFactKind.REOPENED
PAUSED, RESUMED = ClockFactKind.PAUSED, ClockFactKind.RESUMED
SET, POSTPONED = ClockFactKind.PRIORITY_SET, ClockFactKind.POSTPONED
P0, P1, P2, P3 = Priority
RESOLUTION, RESPONSE = SlaMetric.RESOLUTION, SlaMetric.FIRST_RESPONSE
DELIVERY = SlaMetric.DELIVERY

LINK = CausalLink(
    "the host was down",
    at("07-06 08:00"),
    ALICE,
    at("07-06 12:00"),
    (Evidence(EvidenceKind.HOST_STATUS, "status.example", at("07-06 08:00")),),
)
EXCLUDED = Exclusion(ExclusionCause.HOSTING_FAILURE, LINK)
POLICY = a_policy(
    by_priority={
        P0: (a_target(RESOLUTION, hours=4, starts_on=ClockStart.OPENING),),
        P2: (a_target(RESOLUTION, hours=40, starts_on=ClockStart.OPENING),),
    }
)
OPENED_P0 = fact("07-06 09:00", OPENED, P0)


def breached(
    *facts: ClockFact,
    metric: SlaMetric = RESOLUTION,
    now: str = "07-31 18:00",
    ticket: Ticket | None = None,
    history: Sequence[TicketEvent] = (),
    exclusion: Exclusion | None = None,
) -> Breach | None:
    """Return the breach of Bruno's P0 of Monday morning, promised to be resolved in four hours."""
    clock = next(one for one in clocks_of(POLICY, *facts) if one.metric is metric)
    story = TicketStory(ticket or a_ticket(priority=P0), history, exclusion, TIMELINES)
    return breach_of(story, clock, 3, at=at(now))


def priority_was(before: Priority, text: str) -> TicketEvent:
    return TicketEvent(
        ticket_id=a_ticket().id,
        sequence=2,
        at=at(text),
        kind=TicketEventKind.PRIORITY_SET,
        actor=ALICE,
        before={"priority": before.value},
        after={"priority": Priority.P2.value},
    )


def test_a_clock_in_time_is_no_breach_and_one_to_come_is_none_yet() -> None:
    assert breached(OPENED_P0, fact("07-06 10:00", RESOLVED)) is None
    assert breached(OPENED_P0, now="07-06 14:29") is None
    assert breached(OPENED_P0, now="07-06 14:30") is not None


@pytest.mark.parametrize("status", [TicketStatus.MERGED, TicketStatus.SPAM, TicketStatus.CANCELLED])
def test_what_was_no_request_was_promised_nothing(status: TicketStatus) -> None:
    assert breached(OPENED_P0, ticket=a_ticket(status, priority=P0)) is None


def test_a_breach_shows_how_late_the_correction_came() -> None:
    breach = breached(OPENED_P0, fact("07-06 16:45", RESOLVED))

    assert breach is not None
    assert breach.at == at("07-06 14:30")
    assert breach.ended_at == at("07-06 16:45")
    assert breach.overrun == Overrun(4 * HOUR, 4 * HOUR + 135 * 60)
    assert breach.promise is Promise.P0_RESOLUTION
    assert breach.outcome is PromiseOutcome.BREACHED


def test_a_promise_that_is_still_owed_is_late_up_to_now_and_pays_nothing_yet() -> None:
    breach = breached(OPENED_P0, now="07-06 15:30")

    assert breach is not None
    assert breach.ended_at is None
    assert breach.overrun.over_seconds == HOUR
    assert resolution_claim(breach, CONTRACT, JULY) is None


def test_a_lowered_priority_keeps_the_breach_and_what_was_counted_under_it() -> None:
    facts = (
        OPENED_P0,
        fact("07-06 10:00", PAUSED, waiting_on=WaitingOn.CLIENT),
        fact("07-06 11:00", RESUMED),
        fact("07-06 16:30", SET, P2),
        fact("07-08 10:00", RESOLVED),
    )

    breach = breached(*facts, history=[priority_was(P0, "07-06 16:30")], ticket=a_ticket())

    assert breach is not None
    assert breach.priority is P0
    assert breach.at == at("07-06 15:30")
    assert breach.ended_at == at("07-06 16:30")
    assert breach.overrun == Overrun(4 * HOUR, 5 * HOUR)
    claim = resolution_claim(breach, CONTRACT, JULY)
    assert claim is not None
    assert claim[1].stopped_at == at("07-06 16:30")


def test_a_raised_priority_that_is_late_at_once_counts_from_its_own_promise() -> None:
    breach = breached(
        fact("07-06 09:00", OPENED, P2),
        fact("07-07 09:00", SET, P0),
        fact("07-07 10:00", RESOLVED),
        history=[priority_was(P2, "07-07 09:00")],
    )

    assert breach is not None
    assert (breach.priority, breach.at) == (P0, at("07-07 09:00"))
    assert breach.overrun == Overrun(4 * HOUR, 8 * HOUR + HOUR // 2)


def test_a_lowered_priority_that_runs_on_is_measured_at_its_end() -> None:
    clock = clocks_of(POLICY, OPENED_P0, fact("07-06 16:30", SET, P2))[0]
    story = TicketStory(a_ticket(priority=P2), [priority_was(P0, "07-06 16:30")], None, TIMELINES)

    breach = breach_of(story, clock, None, at=at("07-06 17:00"))

    assert breach is not None
    assert breach.ended_at == at("07-06 16:30")
    assert breach.overrun.over_seconds == 2 * HOUR


def test_a_late_p0_is_claimed_with_everything_that_proves_it() -> None:
    ticket = a_ticket(priority=P0, assignee_id=ALICE.agent_id)
    breach = breached(OPENED_P0, fact("07-06 16:45", RESOLVED), ticket=ticket)

    assert breach is not None
    claim = resolution_claim(breach, CONTRACT, JULY)

    assert claim is not None
    key, evidence = claim
    assert (key.kind, key.subject) == (CreditKind.P0_RESOLUTION, "ticket:ticket-1")
    assert str(key) == "contract-of-bruno:P0_RESOLUTION:ticket:ticket-1:2026-07"
    assert evidence.deadline_at == evidence.breached_at == at("07-06 14:30")
    assert (evidence.calendar_id, evidence.calendar_version) == ("office", 3)
    assert (evidence.terms_version, evidence.cycle) == (1, 1)
    assert evidence.agent_id == ALICE.agent_id


def test_a_later_cycle_of_a_clock_is_a_credit_of_its_own() -> None:
    breach = breached(OPENED_P0, fact("07-06 16:45", RESOLVED))
    assert breach is not None
    again = replace(breach, clock=replace(breach.clock, cycle=2))

    claim = resolution_claim(again, CONTRACT, JULY)

    assert claim is not None
    assert claim[0].subject == "ticket:ticket-1/2"


def test_an_excluded_breach_stays_visible_and_pays_nothing() -> None:
    breach = breached(OPENED_P0, fact("07-06 16:45", RESOLVED), exclusion=EXCLUDED)

    assert breach is not None
    assert not breach.is_compensable
    assert resolution_claim(breach, CONTRACT, JULY) is None
    (consequence,) = consequences_of([breach])
    assert (consequence.kind, consequence.is_owed) == (ConsequenceKind.CREDIT, False)


def test_an_exclusion_that_was_lifted_pays_again() -> None:
    lifted = EXCLUDED.lifted("a gesture", by=ALICE, at=at("07-07 09:00"))

    breach = breached(OPENED_P0, fact("07-06 16:45", RESOLVED), exclusion=lifted)

    assert breach is not None
    assert resolution_claim(breach, CONTRACT, JULY) is not None


def a_breach(
    metric: SlaMetric,
    priority: Priority,
    outcome: PromiseOutcome = PromiseOutcome.BREACHED,
    *,
    broken_at: str = "07-06 12:00",
    ended_at: datetime | None = None,
) -> Breach:
    target = a_target(metric)
    clock = SlaClock(
        *(metric, 1, target, 2 * HOUR, at("07-06 09:00"), ended_at, None, None, None, 3 * HOUR),
        *(at(broken_at), at(broken_at), None),
    )
    over = Overrun(2 * HOUR, 3 * HOUR)
    ticket = a_ticket(priority=priority)
    return Breach(ticket, clock, 1, priority, at(broken_at), ended_at, over, outcome)


@pytest.mark.parametrize(
    ("metric", "priority", "promise", "kind", "is_owed"),
    [
        (RESPONSE, P0, Promise.P0_RESPONSE, ConsequenceKind.ESCALATION, False),
        (RESOLUTION, P0, Promise.P0_RESOLUTION, ConsequenceKind.CREDIT, True),
        (RESPONSE, P1, Promise.P1_RESPONSE, ConsequenceKind.REPORT_MENTION, True),
        (DELIVERY, P2, Promise.P2_P3_DELIVERY, ConsequenceKind.POSTPONEMENT, True),
        (DELIVERY, P3, Promise.P2_P3_DELIVERY, ConsequenceKind.POSTPONEMENT, True),
        (RESPONSE, P2, None, ConsequenceKind.RECORD, False),
        (RESOLUTION, P1, None, ConsequenceKind.RECORD, False),
    ],
)
def test_every_row_of_the_guides_table_has_its_consequence(
    metric: SlaMetric,
    priority: Priority,
    promise: Promise | None,
    kind: ConsequenceKind,
    *,
    is_owed: bool,
) -> None:
    (consequence,) = consequences_of([a_breach(metric, priority)])

    assert (consequence.promise, consequence.kind) == (promise, kind)
    assert consequence.is_owed is is_owed


def test_the_table_has_a_consequence_for_each_promise() -> None:
    assert set(CONSEQUENCES) == set(Promise)


@pytest.mark.parametrize(
    ("outcome", "ended_at"),
    [
        (PromiseOutcome.BREACHED_DOCUMENTED, None),
        (PromiseOutcome.BREACHED, at("07-07 09:00")),
    ],
)
def test_a_postponement_is_owed_until_there_is_a_new_date_or_a_delivery(
    outcome: PromiseOutcome, ended_at: datetime | None
) -> None:
    (consequence,) = consequences_of([a_breach(DELIVERY, P2, outcome, ended_at=ended_at)])

    assert not consequence.is_owed


def test_a_month_below_its_availability_is_a_breach_at_its_end_and_always_paid() -> None:
    month, p1 = UptimeBreach(down()), a_breach(RESPONSE, P1)

    first, last = consequences_of([month, p1])

    assert (first.breach, last.breach) == (p1, month)
    assert (last.promise, last.kind, last.is_owed) == (
        Promise.UPTIME,
        ConsequenceKind.CREDIT,
        True,
    )
    assert uptime_key(CONTRACT, JULY).subject == "sites"


def test_only_the_late_resolution_of_a_p0_is_claimed() -> None:
    ended_at = at("07-07 09:00")

    assert resolution_claim(a_breach(RESOLUTION, P1, ended_at=ended_at), CONTRACT, JULY) is None
    assert resolution_claim(a_breach(RESPONSE, P0, ended_at=ended_at), CONTRACT, JULY) is None
