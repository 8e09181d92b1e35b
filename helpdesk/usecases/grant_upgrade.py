"""A larger plan counts at once: what it gives beyond the old one for the rest of the period."""

from collections.abc import Mapping
from datetime import datetime

from helpdesk.domain.commercial_terms import CommercialTerms
from helpdesk.domain.money import Money
from helpdesk.domain.period import Period
from helpdesk.domain.proration import PlanChange
from helpdesk.domain.retainer_entry import LotSource, LotTerms, Posting
from helpdesk.domain.retainer_lots import open_lot
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.usecases.contract_step import ContractInHand
from helpdesk.usecases.grant_allowance import PLAN
from helpdesk.usecases.open_contract_books import books_sold
from helpdesk.usecases.open_retainer import opened_retainer
from helpdesk.usecases.retainer_ports import BookAsk, KeptBook

UPGRADE = "upgrade"


def extras(change: PlanChange) -> Mapping[RetainerUnit, int | None]:
    """Return what a change gives beyond the old plan, by unit; None where it became unlimited."""
    given = {
        RetainerUnit.RUN_MINUTES: change.extra_minutes,
        RetainerUnit.CORRECTIVE_TICKETS: change.extra_tickets,
    }
    return {unit: quantity for unit, quantity in given.items() if quantity != 0}


async def with_the_period(held: ContractInHand, change: PlanChange, period: Period) -> PlanChange:
    """Return a change that begins with a period: it is granted and invoiced by the new plan.

    A unit that was granted by the old plan already, as the period began, gets the difference.
    """
    key, granted = f"{PLAN}:{period.start.isoformat()}", set()
    for unit in extras(change) if period.start <= held.desk.now() else ():
        # Without a lock: the books come after the tickets, which follow the new terms first.
        written = await held.records.retainer.entries_of(held.contract.id, unit, source=PLAN)
        if any(entry.posting.key == key for entry in written):
            granted.add(unit)
    return PlanChange(
        change.effective_on,
        Money(0, change.charge.currency),
        change.extra_minutes if RetainerUnit.RUN_MINUTES in granted else 0,
        change.extra_tickets if RetainerUnit.CORRECTIVE_TICKETS in granted else 0,
    )


async def grant_upgrade(
    held: ContractInHand, change: PlanChange, sold: CommercialTerms, *, version: int, at: datetime
) -> None:
    """Grant the extras of a change within a transaction, to be used from `at` to the period's end.

    Each is named after the `version` of the terms that brings it, so it is granted once. A unit
    that the old plan did not count gets its book. Source: R-PLAN.
    """
    for unit, quantity in extras(change).items():
        if quantity is None:
            continue
        kept = await _book(held, unit, sold, at)
        period = kept.book.terms.periods.period_of(at)
        key = f"{UPGRADE}:{version}"
        posting = Posting(held.actor, held.desk.now(), at, "", UPGRADE, key)
        terms = LotTerms(LotSource.PLAN, at, period.end)
        await held.records.retainer.append(kept, open_lot(kept.book, posting, quantity, terms))


async def _book(
    held: ContractInHand, unit: RetainerUnit, sold: CommercialTerms, at: datetime
) -> KeptBook:
    kept = await held.records.retainer.book(BookAsk(held.contract.id, unit))
    if kept is not None:
        return kept
    clauses = books_sold(sold, held.zone)[unit]
    return await opened_retainer(held.records, held.contract, clauses, sold.rounding, at=at)
