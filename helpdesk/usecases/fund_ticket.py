"""The forfait follows a ticket: what is decided about it, and how it ends.

For verbs that have a transaction open and the ticket locked.
"""

from dataclasses import dataclass, replace

from helpdesk.domain.classification import ClassificationRule, Verdict
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.domain.retainer_use import InsufficientAllowance
from helpdesk.domain.ticket import Ticket, TicketChange, TicketEventKind, TicketStatus
from helpdesk.domain.ticket_funding import TicketFunding, funding_of
from helpdesk.domain.ticket_life import Occasion
from helpdesk.domain.work_log import WorkNumber, counting_work, real_minutes
from helpdesk.usecases.charged_work import added_work
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.paid_by import decided_verdict, unit_of_time
from helpdesk.usecases.ports import Records
from helpdesk.usecases.ticket_retainer import (
    TICKETS,
    TicketUse,
    consume_for_ticket,
    hold_for_ticket,
    release_for_ticket,
    reserve_minutes,
)
from helpdesk.usecases.turn_periods import turn_what_is_due
from helpdesk.usecases.work_log_ports import LoggedWork

_MOVING = frozenset(
    {
        TicketEventKind.RESOLVED,
        TicketEventKind.REOPENED,
        TicketEventKind.CANCELLED,
        TicketEventKind.MARKED_SPAM,
        TicketEventKind.MERGED,
    }
)
"""What a ticket goes through that changes what it takes of the forfait."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about a request, and why."""

    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Settling:
    """A ticket whose forfait is settled: by which verdict, on which occasion, in which words."""

    ticket: Ticket
    verdict: Verdict | None
    funding: TicketFunding
    on: Occasion
    reason: str

    def use(self, unit: RetainerUnit, quantity: int = 1, *, is_quoted: bool = False) -> TicketUse:
        """Return what the ticket takes of a unit, or gives back with the cause."""
        cause = self.funding.cause
        return TicketUse(
            self.ticket, self.on.actor, unit, quantity, self.reason, cause, is_quoted=is_quoted
        )


async def fund_decided(
    desk: Desk, records: Records, ticket: Ticket, decided: Decided, on: Occasion
) -> None:
    """Take of the forfait what a decision says, and give back what the one before it took.

    An open ticket holds one of the quota, or the estimated minutes; a resolved one takes at once.
    Work that was logged by the funding of the ticket goes along. Raises InsufficientAllowance, when
    nothing was written. Source: R-LED 4 to 6.
    """
    verdict = decided.verdict
    settling = await _settling(records, ticket, verdict, on, decided.reason)
    units = await _units(desk, records, ticket)
    unit = settling.funding.unit
    if unit in units:
        await _take(desk, records, settling, unit)
    for other in units:
        if other is not unit:
            await release_for_ticket(desk, records, settling.use(other))
    is_free = verdict.rule is ClassificationRule.WARRANTY
    paying = await unit_of_time(records, ticket, verdict)
    await _recharge(desk, records, settling, paying, is_all=is_free)


async def fund_after(desk: Desk, records: Records, change: TicketChange) -> None:
    """Let the forfait follow a step in the life of a ticket, which is never refused for it.

    A resolved ticket has taken what it took; spam, a duplicate and what is cancelled before work
    give back. What is reopened takes nothing twice and gives nothing back. Source: R-LED 4 and 5.
    """
    ticket, event = change.ticket, change.events[-1]
    units = await _units(desk, records, ticket) if _moves(change) else ()
    if not units:
        return
    verdict = await decided_verdict(records, ticket.id)
    on = Occasion(event.at, event.actor)
    settling = await _settling(records, ticket, verdict, on, event.reason or "")
    for unit in units:
        await _follow(desk, records, settling, unit)
    if ticket.status is TicketStatus.SPAM:
        await _recharge(desk, records, settling, None, is_all=True)


def _moves(change: TicketChange) -> bool:
    return any(event.kind in _MOVING for event in change.events)


async def _units(desk: Desk, records: Records, ticket: Ticket) -> tuple[RetainerUnit, ...]:
    """Return the units that the contract counts, of books that are locked and up to now."""
    if ticket.contract_id is None:
        return ()
    await turn_what_is_due(desk, records, ticket.contract_id)
    return await records.retainer.units_of(ticket.contract_id)


async def _settling(
    records: Records, ticket: Ticket, verdict: Verdict | None, on: Occasion, reason: str
) -> _Settling:
    is_cancelled = ticket.status is TicketStatus.CANCELLED
    was_worked = is_cancelled and await _was_worked(records, ticket)
    funding = funding_of(ticket, verdict, was_worked=was_worked)
    return _Settling(ticket, verdict, funding, on, reason)


async def _was_worked(records: Records, ticket: Ticket) -> bool:
    """Return whether time was logged on a ticket, or it was resolved once and reopened."""
    logged = await records.work_logs.work_of(ticket.id)
    if real_minutes(one.entry for one in logged):
        return True
    history = await records.tickets.history(ticket.id)
    return any(event.kind is TicketEventKind.RESOLVED for event in history)


async def _take(desk: Desk, records: Records, settling: _Settling, unit: RetainerUnit) -> None:
    """Hold for an open ticket, or take for a finished one. Raises InsufficientAllowance."""
    if unit is not TICKETS:
        await _estimate(desk, records, settling, unit)
    elif settling.funding.is_done:
        await consume_for_ticket(desk, records, settling.use(unit))
    else:
        await hold_for_ticket(desk, records, settling.use(unit))


async def _estimate(desk: Desk, records: Records, settling: _Settling, unit: RetainerUnit) -> None:
    """Hold the minutes that are estimated to come; a finished ticket has worked all of them."""
    verdict = settling.verdict
    estimate = 0 if verdict is None else verdict.estimate_minutes or 0
    if settling.funding.is_done or not estimate:
        await release_for_ticket(desk, records, settling.use(unit))
    else:
        await reserve_minutes(desk, records, settling.use(unit, estimate))


async def _follow(desk: Desk, records: Records, settling: _Settling, unit: RetainerUnit) -> None:
    funding = settling.funding
    if unit is TICKETS:
        await _follow_quota(desk, records, settling)
    elif funding.is_done:
        # What it worked was charged as it was worked: only what is still held is given back.
        await release_for_ticket(desk, records, settling.use(unit))
        await release_for_ticket(desk, records, settling.use(unit, is_quoted=True))


async def _follow_quota(desk: Desk, records: Records, settling: _Settling) -> None:
    use = settling.use(TICKETS)
    if settling.funding.unit is not TICKETS:
        await release_for_ticket(desk, records, use)
        return
    try:
        await _take(desk, records, settling, TICKETS)
    except InsufficientAllowance:
        # What was given up and goes on is worked on; as it is resolved, it is counted.
        return


async def _recharge(
    desk: Desk, records: Records, settling: _Settling, unit: RetainerUnit | None, *, is_all: bool
) -> None:
    """Let the work that stands count against another unit: each entry is replaced by its like.

    Time whose unit somebody chose stays as it is, unless the ticket is free altogether (`is_all`).
    """
    logged = await records.work_logs.work_of(settling.ticket.id)
    by_number = {one.entry.number: one for one in logged}
    for entry in counting_work(one.entry for one in logged):
        work = by_number[entry.number]
        if work.charged_to is unit or not (is_all or work.follows_funding):
            continue
        again = replace(
            entry,
            number=WorkNumber(len(logged) + 1),
            written_at=desk.now(),
            corrects=entry.number,
            reason=settling.reason or _why(settling),
        )
        moved = LoggedWork(again, unit, work.follows_funding)
        await added_work(desk, records, settling.ticket, logged, moved)
        logged = (*logged, moved)


def _why(settling: _Settling) -> str:
    verdict = settling.verdict
    return settling.funding.cause or ("" if verdict is None else verdict.funding)
