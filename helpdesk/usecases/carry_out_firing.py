"""What a step of a clock sets off is done, once, in one transaction with the word that it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from helpdesk.domain.business_time import Timeline
from helpdesk.domain.contract import Contract
from helpdesk.domain.escalated import breach_recorded, escalated
from helpdesk.domain.escalation import BREACH, LadderStep
from helpdesk.domain.message import storable
from helpdesk.domain.sla import SlaClock
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.alert_letters import Alert
from helpdesk.usecases.critical_news import tell_if_critical_now
from helpdesk.usecases.deadline_ports import FiringKey, RecordedFiring
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.escalation_actions import Escalation
from helpdesk.usecases.ports import Records
from helpdesk.usecases.ticket_clocks import clocks_of, counted_on_by, save_change

ERROR_LIMIT = 500
LONGEST_REST_MINUTES = 60

WITHOUT_CLOCK = "skipped: nothing is promised any more"
NOT_BROKEN = "skipped: the promise was not broken"
ENDED = "skipped: the clock had ended"
NOT_YET = "skipped: the instant of the step was moved"
WITHOUT_STEP = "skipped: the escalation has no such step any more"
RECORDED = "recorded in the history"


async def carry_out_firing(desk: Desk, key: FiringKey) -> bool:
    """Do what a step sets off, and return whether there was something to do.

    The clock is told anew from the facts under the lock of the ticket: when it ended meanwhile, or
    when the step was moved to later, nothing is done and the outcome says so. `desk.now` is the
    clock that all workers share.
    """
    async with desk.store.transaction(key.agency_id) as records:
        firing = await records.firings.take(key, at=desk.now())
        if firing is None:
            return False
        outcome = await _carried_out(desk, records, firing)
        await records.firings.mark_acted(key, outcome, at=desk.now())
    return True


async def record_firing_trouble(desk: Desk, key: FiringKey, error: str) -> None:
    """Record that what a step sets off failed as a whole, and try again with growing pauses.

    It is never given up: a promise in danger that nobody heard of stays visible as trouble.
    """
    at = desk.now()
    async with desk.store.transaction(key.agency_id) as records:
        firing = await records.firings.take(key, at=at)
        if firing is not None:
            rest = timedelta(minutes=min(2**firing.attempts, LONGEST_REST_MINUTES))
            text = storable(error)[:ERROR_LIMIT]
            await records.firings.mark_failed(key, text, retry_at=at + rest)


async def _carried_out(desk: Desk, records: Records, firing: RecordedFiring) -> list[str]:
    key = firing.key
    case = await _case(desk, records, key)
    if case is None:
        return [WITHOUT_CLOCK]
    if key.step == BREACH:
        return await _breach_recorded(desk, records, case)
    why_not = case.why_not(key.step, at=desk.now())
    step = case.step(key.step)
    if step is None or why_not is not None:
        return [why_not or WITHOUT_STEP]
    alert = await _alert(records, case, step, at=desk.now())
    return await _escalated(desk, records, key, step, alert)


@dataclass(frozen=True, slots=True)
class _Case:
    """A clock as the facts tell it now, with what it is counted under."""

    ticket: Ticket
    contract: Contract
    clock: SlaClock
    timeline: Timeline

    def step(self, name: str) -> LadderStep | None:
        """Return the step of the ladder in force for the clock, None when it has no such step."""
        policies = {one.version: one.policy for one in self.contract.policies()}
        policy = policies[self.clock.terms_version]
        steps = policy.steps(self.clock.metric, self.ticket.priority)
        return next((step for step in steps if step.key == name), None)

    def why_not(self, name: str, *, at: datetime) -> str | None:
        """Return why nothing is to be done about a step at `at`, None when something is."""
        if self.clock.stopped_at is not None or self.clock.cancelled_at is not None:
            return ENDED
        due = next((due for due in self.clock.steps if due.step == name), None)
        if due is None:
            return WITHOUT_STEP
        return None if due.at <= at else NOT_YET


async def _case(desk: Desk, records: Records, key: FiringKey) -> _Case | None:
    ticket = await records.tickets.ticket(key.ticket_id)
    contract_id = None if ticket is None else ticket.contract_id
    contract = None if contract_id is None else await records.contracts.contract(contract_id)
    if ticket is None or contract is None:
        return None
    counted_on = await counted_on_by(desk, records, contract, ticket.opened_at)
    derived = clocks_of(contract, counted_on, await records.tickets.past(ticket.id), at=desk.now())
    for one in derived.clocks:
        if (one.clock.metric, one.clock.cycle) == (key.metric, key.cycle):
            timeline = counted_on.timelines.of(one.clock.target)
            return _Case(ticket, contract, one.clock, timeline)
    return None


async def _breach_recorded(desk: Desk, records: Records, case: _Case) -> list[str]:
    at, clock = desk.now(), case.clock
    broken_at = clock.breached_at
    if broken_at is None or broken_at > at or clock.cancelled_at is not None:
        return [NOT_BROKEN]
    change = breach_recorded(case.ticket, clock.metric, clock.cycle, broken_at=broken_at, at=at)
    await save_change(desk, records, change)
    return [RECORDED]


async def _escalated(
    desk: Desk, records: Records, key: FiringKey, step: LadderStep, alert: Alert
) -> list[str]:
    escalation = Escalation(desk, records, key, alert)
    for action in step.actions:
        await escalation.act(action)
    told = escalated(
        escalation.ticket, key.metric, key.cycle, step=step, done=escalation.done, at=desk.now()
    )
    saved = await save_change(desk, records, escalation.change.then(told))
    await tell_if_critical_now(desk, records, alert.ticket, saved)
    return escalation.done


async def _alert(records: Records, case: _Case, step: LadderStep, *, at: datetime) -> Alert:
    clock = case.clock
    client = await records.clients.client(case.ticket.client_id)
    reading = clock.reading(at, case.timeline)
    is_broken = clock.breached_at is not None and clock.breached_at <= at
    return Alert(
        ticket=case.ticket,
        client_name="" if client is None else client.name,
        metric=clock.metric,
        deadline_at=clock.deadline_at,
        broken_at=clock.breached_at if is_broken else None,
        seconds_left=reading.remaining_seconds or 0,
        seconds_over=reading.overdue_seconds,
        level=step.level,
        step=step.key,
        reference=case.contract.reference,
        terms_version=clock.terms_version,
    )
