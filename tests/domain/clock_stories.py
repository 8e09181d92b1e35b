"""Random stories of tickets under random contracts, told twice: as plain deeds and as history."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from hypothesis import strategies as st

from helpdesk.domain.access import Actor, ActorKind
from helpdesk.domain.batch import batch_opened
from helpdesk.domain.business_time import BusinessHours, Span, Weekday, compile_timeline
from helpdesk.domain.clock_reduction import clocks_under
from helpdesk.domain.escalation import EscalationAction, EscalationActionKind, Ladder, LadderStep
from helpdesk.domain.ids import AgentId
from helpdesk.domain.priority import Impact, Priority, PriorityDecision, Triage, Urgency
from helpdesk.domain.sla import (
    ClockStart,
    SlaClock,
    SlaMetric,
    Target,
    TargetUnit,
    Timelines,
)
from helpdesk.domain.sla_policy import (
    PAUSABLE,
    USUAL_PAUSES,
    AnswerClause,
    NextResponseClause,
    PolicyVersion,
    ReopenClause,
    RetargetClause,
    SlaPolicy,
)
from helpdesk.domain.ticket import (
    Ticket,
    TicketChange,
    TicketEvent,
    TicketEventKind,
    TicketStatus,
    TicketStep,
    changed,
    opened,
)
from helpdesk.domain.ticket_facts import clock_facts
from helpdesk.domain.ticket_life import (
    Occasion,
    answered,
    assigned,
    called,
    cancelled,
    client_wrote,
    closed,
    delivered,
    marked_spam,
    noted,
    reopened,
    resolved,
    resumed,
    triaged,
    waiting,
)
from helpdesk.domain.waiting import WaitingOn
from tests.domain.clock_hands import FIRST, LAST, MINUTE, Deed, Shown
from tests.domain.clock_oracle import Oracle
from tests.factories import ALICE, BRUNO, OFFICE, ROBOT, a_message_id, a_target, a_ticket

HOURS = BusinessHours(
    "Europe/Paris",
    dict.fromkeys(
        list(Weekday)[:5], (Span.between("09:00", "12:30"), Span.between("14:00", "18:00"))
    ),
    holidays=frozenset({date(2026, 4, 6)}),
)
YEARS = (date(2025, 1, 1), date(2027, 12, 31))
TIMELINES = Timelines(
    {OFFICE: compile_timeline(HOURS, *YEARS)},
    compile_timeline(BusinessHours.always_open("UTC"), *YEARS),
)
MESSAGE = a_message_id()
CAROL = Actor(ActorKind.AGENT, "Carol", agent_id=AgentId("carol"))
PEOPLE = {"alice": ALICE, "carol": CAROL}


@dataclass(frozen=True)
class Story:
    """What happened to a ticket that `opener` opened, under the versions of its contract."""

    versions: tuple[PolicyVersion, ...]
    opener: str
    deeds: tuple[Deed, ...]
    history: tuple[TicketEvent, ...]

    @property
    def last_at(self) -> datetime:
        return self.deeds[-1].at

    def clocks(
        self, length: int | None = None, *, at: datetime | None = None
    ) -> dict[tuple[SlaMetric, int], SlaClock]:
        """Return the clocks after the first facts of the history, all of them unless said."""
        facts = clock_facts(self.history[:length])
        clocks = clocks_under(self.versions, facts, TIMELINES, at=at)
        return {(clock.metric, clock.cycle): clock for clock in clocks}

    def oracle(self, at: datetime) -> dict[tuple[SlaMetric, int], Shown]:
        """Return what the oracle reads at an instant."""
        oracle = Oracle(self.versions, Priority(self.deeds[0].argument), self.opener)
        return oracle.shown(self.deeds, at)


def _prioritised(ticket: Ticket, priority: str, on: Occasion) -> TicketChange:
    weight = Triage(Impact.MAJOR, Urgency.NORMAL)
    decision = PriorityDecision(Priority(priority), "weighed again")
    return triaged(ticket, weight, decision, at=on.at, actor=on.actor)


def _postponed(ticket: Ticket, new_date: str, on: Occasion) -> TicketChange:
    due = datetime.fromisoformat(new_date)
    return changed(
        ticket, TicketEventKind.POSTPONED, at=on.at, actor=on.actor, postponed_to=due
    ).with_details(before={}, after={"postponed_to": new_date})


def _by(who: str, on: Occasion) -> Occasion:
    return Occasion(on.at, PEOPLE[who])


_Act = Callable[[Ticket, str, Occasion], TicketChange]
# The verb of a deed, the step that allows it, and the act itself.
ACTS: Mapping[str, tuple[TicketStep, _Act]] = {
    "reply": (
        TicketStep.REPLY,
        lambda ticket, who, on: answered(ticket, MESSAGE, on=_by(who, on), is_response=True),
    ),
    "call": (
        TicketStep.LOG_CALL,
        lambda ticket, who, on: called(ticket, MESSAGE, on=_by(who, on), is_response=True),
    ),
    "client": (TicketStep.REPLY, lambda ticket, _, on: client_wrote(ticket, MESSAGE, on=on)),
    "robot": (
        TicketStep.REPLY,
        lambda ticket, _, on: answered(
            ticket, MESSAGE, on=Occasion(on.at, ROBOT), is_response=True
        ),
    ),
    "note": (TicketStep.ADD_NOTE, lambda ticket, _, on: noted(ticket, MESSAGE, on=on)),
    "assign": (
        TicketStep.ASSIGN,
        lambda ticket, _, on: assigned(ticket, ALICE.agent_id, None, on=on),
    ),
    "prioritise": (TicketStep.SET_PRIORITY, _prioritised),
    "wait": (
        TicketStep.WAIT,
        lambda ticket, whom, on: waiting(ticket, WaitingOn(whom), "asked", on=on),
    ),
    "resume": (TicketStep.RESUME, lambda ticket, _, on: resumed(ticket, on=on)),
    "batch": (TicketStep.BATCH, lambda ticket, _, on: batch_opened(ticket, on=on)),
    "postpone": (TicketStep.POSTPONE, _postponed),
    "deliver": (TicketStep.DELIVER, lambda ticket, _, on: delivered(ticket, on=on)),
    "resolve": (TicketStep.RESOLVE, lambda ticket, _, on: resolved(ticket, on=on)),
    "close": (TicketStep.CLOSE, lambda ticket, _, on: closed(ticket, on=on)),
    "reopen": (TicketStep.REOPEN, lambda ticket, _, on: reopened(ticket, "again", on=on)),
    "cancel": (TicketStep.CANCEL, lambda ticket, _, on: cancelled(ticket, "no", on=on)),
    "spam": (TicketStep.MARK_SPAM, lambda ticket, _, on: marked_spam(ticket, on=on)),
}


def _is_possible(ticket: Ticket, verb: str) -> bool:
    if verb == "client" and ticket.status is TicketStatus.CLOSED:
        return False
    return ACTS[verb][0] in ticket.possible_steps()


# Contracts.

amounts = st.integers(1, 1200)
units = st.sampled_from([TargetUnit.BUSINESS_MINUTES] * 3 + [TargetUnit.CALENDAR_MINUTES])
PAUSES = (USUAL_PAUSES, dict.fromkeys(WaitingOn, PAUSABLE), {WaitingOn.CLIENT: PAUSABLE})
NOTIFY = (EscalationAction(EscalationActionKind.NOTIFY_TEAM),)
STEPS = (LadderStep(1, NOTIFY, minutes=-60), LadderStep(2, NOTIFY, percent=100))


@st.composite
def contracts(draw: st.DrawFn, opened_at: datetime) -> tuple[PolicyVersion, ...]:
    """Return one to three versions; a metric counts alike in all of them, for every priority."""
    alike = {
        metric: a_target(metric, unit=draw(units), is_strict=draw(st.booleans()))
        for metric in SlaMetric
    }
    start = draw(st.sampled_from([ClockStart.OPENING, ClockStart.FIRST_RESPONSE]))
    alike[SlaMetric.RESOLUTION] = replace(alike[SlaMetric.RESOLUTION], starts_on=start)
    waits_for_batch = draw(st.booleans())
    takeovers = draw(st.lists(st.integers(1, 12_000), max_size=2, unique=True))
    return tuple(
        PolicyVersion(
            number,
            opened_at + after * MINUTE,
            draw(_policies(alike, waits_for_batch=waits_for_batch)),
        )
        for number, after in enumerate([0, *sorted(takeovers)], start=1)
        if opened_at + after * MINUTE < LAST
    )


@st.composite
def _policies(
    draw: st.DrawFn, alike: Mapping[SlaMetric, Target], *, waits_for_batch: bool
) -> SlaPolicy:
    targets = {
        priority: tuple(
            _of(alike[metric], priority, draw(amounts), waits_for_batch=waits_for_batch)
            for metric in draw(st.lists(st.sampled_from(SlaMetric), unique=True))
        )
        for priority in Priority
    }
    return SlaPolicy(
        targets,
        pauses=draw(st.sampled_from(PAUSES)),
        reopening=draw(st.sampled_from(ReopenClause)),
        reopen_window_days=draw(st.sampled_from([None, None, 1, 4])),
        retargeting=draw(st.sampled_from([RetargetClause.KEEP_ORIGIN, *RetargetClause])),
        answers=AnswerClause(draw(st.booleans()), draw(st.booleans()), draw(st.booleans())),
        next_response=NextResponseClause(draw(st.booleans()), draw(st.booleans())),
        ladders=tuple(
            Ladder(target.metric, frozenset({priority}), STEPS)
            for priority, row in targets.items()
            for target in row
        ),
    )


def _of(target: Target, priority: Priority, amount: int, *, waits_for_batch: bool) -> Target:
    is_batched = target.metric is SlaMetric.DELIVERY and priority is Priority.P3
    if is_batched and waits_for_batch:
        target = replace(target, starts_on=ClockStart.BATCH_OPENING)
    return replace(target, amount=amount)


# Stories.

gaps = st.one_of(st.integers(0, 90), st.integers(1, 1800))


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Return up to a dozen deeds that the ticket's status allows, and the history they make."""
    now = FIRST + draw(st.integers(0, 4 * 1440)) * MINUTE
    priority, opener = draw(st.sampled_from(Priority)), draw(st.sampled_from(["bruno", "alice"]))
    actor = PEOPLE.get(opener, BRUNO)
    change = opened(a_ticket(opened_at=now, priority=priority), actor=actor)
    versions = draw(contracts(now))
    deeds, history = [Deed(now, "open", priority)], list(change.events)
    # What was promised for no time at all was not promised: the oracle does not know that.
    weighed = {now, *(version.effective_from for version in versions)}
    for _ in range(draw(st.integers(0, 11))):
        now += draw(gaps) * MINUTE
        verb = draw(st.sampled_from([one for one in ACTS if _is_possible(change.ticket, one)]))
        while verb == "prioritise" and now in weighed:
            now += MINUTE
        weighed.add(now)
        argument = draw(_arguments(verb, now))
        change = ACTS[verb][1](change.ticket, argument, Occasion(now, ALICE))
        deeds.append(Deed(now, "cancel" if verb == "spam" else verb, argument))
        history += change.events
    return Story(versions, opener, tuple(deeds), tuple(history))


def _arguments(verb: str, now: datetime) -> st.SearchStrategy[str]:
    if verb in {"reply", "call"}:
        return st.sampled_from(sorted(PEOPLE))
    if verb == "prioritise":
        return st.sampled_from([priority.value for priority in Priority])
    if verb == "wait":
        return st.sampled_from([waiting_on.value for waiting_on in WaitingOn])
    if verb == "postpone":
        return st.integers(1, 4000).map(lambda after: (now + after * MINUTE).isoformat())
    return st.just("")


def instants_after(story: Story) -> st.SearchStrategy[datetime]:
    """Return instants from the last deed on, within the twenty days."""
    left = round((LAST - story.last_at) / MINUTE)
    return st.integers(0, left).map(lambda count: story.last_at + count * MINUTE)


def came(clock: SlaClock, at: datetime) -> Iterator[tuple[str, datetime]]:
    """Return the steps of a ladder that came by now, as far as the oracle knows them."""
    if clock.postponed_to is None:
        for step in clock.steps:
            amount = clock.target.amount - (60 if step.step == "-60min" else 0)
            if step.at <= at and amount > 0:
                yield step.step, step.at
