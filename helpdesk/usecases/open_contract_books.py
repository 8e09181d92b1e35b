"""A contract that comes into force gets its books, and the allowances of its first period."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from helpdesk.domain.access import Actor
from helpdesk.domain.commercial_terms import CommercialTerms
from helpdesk.domain.contract import Contract
from helpdesk.domain.engagement import EngagementModel
from helpdesk.domain.period import Period, midnight
from helpdesk.domain.proration import Share, share_from
from helpdesk.domain.retainer_terms import RetainerTerms, RetainerUnit
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.grant_allowance import GrantAllowance, granted_allowance
from helpdesk.usecases.open_retainer import opened_retainer
from helpdesk.usecases.ports import Records


async def open_contract_books(
    desk: Desk, records: Records, contract: Contract, commercial: CommercialTerms, *, actor: Actor
) -> None:
    """Open a book for each unit that a contract counts, within a transaction, and grant it.

    The first period is the one of the first day, or of today for a contract that began before; a
    client who joins within it gets his share of it (R-PLAN). Whoever may buy time beforehand has a
    book for it. Raises RetainerOpenAlready.
    """
    zone = ZoneInfo((await records.agencies.agency()).zone)
    for unit, terms in books_sold(commercial, zone).items():
        at = max(desk.now(), midnight(contract.starts_on, zone))
        await opened_retainer(records, contract, terms, commercial.rounding, at=at)
        quantity = _first_allowance(commercial, unit, terms, contract.starts_on, at)
        if quantity:
            grant = GrantAllowance(contract.id, unit, quantity, period_of=at)
            await granted_allowance(desk, records, contract, grant, actor=actor)


def books_sold(commercial: CommercialTerms, zone: ZoneInfo) -> Mapping[RetainerUnit, RetainerTerms]:
    """Return the clauses of every book that a contract keeps by what it is sold by."""
    books = dict(commercial.book_terms(zone))
    if EngagementModel.PREPAID_TIME in commercial.engagement.models:
        pack = RetainerUnit.PACK_MINUTES
        books.setdefault(pack, RetainerTerms(pack, commercial.period_rule(zone)))
    return books


def _first_allowance(
    commercial: CommercialTerms,
    unit: RetainerUnit,
    terms: RetainerTerms,
    starts_on: date,
    at: datetime,
) -> int:
    granted = commercial.units.get(unit)
    allowance = 0 if granted is None else granted.allowance.value or 0
    share = _share(starts_on, terms.periods.period_of(at), terms)
    if unit is RetainerUnit.CORRECTIVE_TICKETS:
        return share.tickets(allowance)
    return share.minutes(allowance)


def _share(starts_on: date, period: Period, terms: RetainerTerms) -> Share:
    zone = terms.periods.zone
    return share_from(max(starts_on, period.start.astimezone(zone).date()), period, zone)
