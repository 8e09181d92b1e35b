"""What pays for a ticket: what was decided last, and what its minutes count against."""

from helpdesk.domain.classification import Funding, Verdict
from helpdesk.domain.ids import TicketId
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.ticket_funding import COUNTED_IN_TIME, unit_paying
from helpdesk.usecases.ports import Records
from helpdesk.usecases.ticket_retainer import quoted_source


async def unit_of_work(records: Records, ticket: Ticket) -> RetainerUnit | None:
    """Return what the time worked on a ticket counts against, None where the forfait pays nothing.

    That which was decided last; minutes that a quote bought for it where a quote pays. A ticket on
    a quota has taken one of it, so its minutes are not counted.
    """
    return await unit_of_time(records, ticket, await decided_verdict(records, ticket.id))


async def unit_of_time(
    records: Records, ticket: Ticket, verdict: Verdict | None
) -> RetainerUnit | None:
    """Return the same of a ticket whose verdict, the one decided last, is at hand."""
    unit = unit_paying(verdict)
    if unit in COUNTED_IN_TIME:
        return unit
    is_free = verdict is not None and verdict.funding is not Funding.QUOTE
    if is_free or ticket.contract_id is None:
        return None
    run = RetainerUnit.RUN_MINUTES
    source = quoted_source(ticket)
    bought = await records.retainer.entries_of(ticket.contract_id, run, source=source)
    return run if bought else None


async def decided_verdict(records: Records, ticket_id: TicketId) -> Verdict | None:
    """Return what a ticket was decided to be last, None where nobody decided yet.

    A proposal and a dispute change nothing before they are answered.
    """
    steps = await records.classifications.history(ticket_id)
    decided = (one.classification for one in reversed(steps) if one.classification.decision)
    return next((one.verdict for one in decided), None)
