"""A contract gets another plan: a larger one now, a smaller one with the next period."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import ClassVar

from helpdesk.domain.access import Viewer
from helpdesk.domain.commercial_terms import CommercialTerms
from helpdesk.domain.contract import Contract, ContractStatus, ContractTerms
from helpdesk.domain.contract_facts import ContractFactKind
from helpdesk.domain.contract_term import Notice, RenewalNotAgreed, price_change_from
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import ContractId
from helpdesk.domain.money import Money
from helpdesk.domain.period import Period, midnight
from helpdesk.domain.plan import Origin, Plan, PlanPrice, Sourced
from helpdesk.domain.proration import PlanChange, downgraded, is_upgrade, upgraded
from helpdesk.domain.sla_policy import SlaPolicy
from helpdesk.usecases.amend_contract import require_later
from helpdesk.usecases.announce_price import announce_price
from helpdesk.usecases.contract_step import ContractInHand, manageable
from helpdesk.usecases.contract_terms_wanted import (
    agreed_in,
    calendar_ids_for,
    require_plan_price,
)
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.grant_upgrade import extras, grant_upgrade, with_the_period
from helpdesk.usecases.policy_change import calendar_ids_of
from helpdesk.usecases.rederive import rederive_tickets
from helpdesk.usecases.turn_periods import turn_books
from helpdesk.usecases.version_to_come import require_to_come


class PlanWithoutPrice(HelpdeskError):
    """A contract that has a price does not lose it by silence."""

    code: ClassVar[ErrorCode] = ErrorCode.CONTRACT_INCOMPLETE
    english: ClassVar[str] = "Plan {plan} names no price: give the one that you agreed on."
    french: ClassVar[str] = "Le forfait {plan} n'indique pas de prix : donnez celui convenu."


class ContractNotInForce(HelpdeskError):
    """A draft is rewritten, and what is over does not change."""

    code: ClassVar[ErrorCode] = ErrorCode.TRANSITION_REFUSED
    english: ClassVar[str] = "Contract {reference} is {status}: its plan cannot be changed."
    french: ClassVar[str] = "Le contrat {reference} est {status} : son forfait ne change pas."


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """Which contract, to which plan, on which local day; today unless one is named.

    `price` is asked for where the plan names none. `calendars` as in `CreateContract`.
    """

    contract_id: ContractId
    plan_code: str
    on: date | None = None
    price: PlanPrice | None = None
    calendars: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlanChanged:
    """The contract with its new terms, and what the change costs and gives."""

    contract: Contract
    change: PlanChange


_CHANGEABLE = frozenset({ContractStatus.ACTIVE, ContractStatus.SUSPENDED, ContractStatus.ENDING})


async def change_plan(desk: Desk, *, viewer: Viewer, request: ChangePlan) -> PlanChanged:
    """Publish the terms of the new plan and return them; deadlines that they move follow at once.

    An upgrade holds from the day on, and what it gives beyond the old plan is granted at once; a
    downgrade holds from the next period on. The same plan at a higher price holds from the next
    term on, and is refused when it is too late to leave before. A higher price that comes with the
    next term is announced to the client by mail. The matrix stays as it was
    accepted, and so do the clauses of the clocks. Raises NotFound, ManagersOnly,
    ContractNotInForce, ContractNeverSold, VersionInPast, TermsNotLater, EngagementMissing,
    PlanWithoutPrice, TaxBasisNotStated, CurrenciesDiffer, PriceChangeTooLate, RenewalNotAgreed,
    and what the catalogue refuses.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        held = await manageable(desk, records, viewer, request.contract_id)
        contract = held.contract
        if contract.status not in _CHANGEABLE:
            raise ContractNotInForce(reference=contract.reference, status=contract.status)
        before = held.commercial
        sold = _sold(held, desk.plans.plan(request.plan_code), request)
        last = contract.counting_terms()[-1]
        if request.plan_code == last.plan_code and _costs_more(held, sold):
            since, change = await _dearer(held)
        else:
            since, change = await _effect(held, sold, request.on)
        require_to_come(since, now=desk.now())
        require_later(last, since)
        terms = replace(
            await _terms(held, last, request),
            effective_from=since,
            commercial=sold,
            version=max(one.version for one in contract.terms) + 1,
            corrects=None,
            published_at=desk.now(),
        )
        await _publish(held, terms, change, reason=f"{last.plan_code} -> {terms.plan_code}")
        await grant_upgrade(held, change, sold, version=terms.version, at=since)
        await announce_price(held, before, terms)
        return PlanChanged(held.contract, change)


async def _publish(
    held: ContractInHand, terms: ContractTerms, change: PlanChange, *, reason: str
) -> None:
    """Keep the new terms, and have clocks and forfait follow what holds of them now."""
    records, contract = held.records, held.contract
    await records.contracts.add_terms(contract.id, terms)
    await held.note(
        ContractFactKind.PLAN_CHANGED,
        change.effective_on,
        reason=reason,
        amount=change.charge,
        quantities=extras(change),
    )
    concerned = await records.tickets_in_bulk.open_tickets_of_contract(contract.id)
    await rederive_tickets(held.desk, records, concerned)
    held.contract = replace(contract, terms=(*contract.terms, terms))
    await turn_books(held)


def _sold(held: ContractInHand, plan: Plan, request: ChangePlan) -> CommercialTerms:
    """Return the clauses on the new plan, complete enough to stay in force."""
    old, reference = held.commercial, held.contract.reference
    sold = old.on_plan(plan)
    require_plan_price(request.price)
    if request.price is not None:
        price = Sourced(request.price, Origin.AGREED, agreed_in(reference))
        sold = replace(sold, price=price)
    if old.price is not None and sold.price is None:
        raise PlanWithoutPrice(path=("price",), plan=plan.code)
    acceptance = held.contract.counting_terms()[-1].matrix.acceptance
    sold.activation_file(reference, acceptance).require_complete()
    return sold


async def _effect(
    held: ContractInHand, sold: CommercialTerms, on: date | None
) -> tuple[datetime, PlanChange]:
    """Return from which instant the new plan holds, and what the change costs and gives."""
    day = on or held.today
    first = held.desk.now() if day == held.today else midnight(day, held.zone)
    require_to_come(first, now=held.desk.now())
    rule = held.commercial.period_rule(held.zone)
    period = rule.period_of(first)
    before, after = held.commercial.rights(sold.currency), sold.rights(held.commercial.currency)
    if is_upgrade(before, after):
        change = upgraded(before, after, on=day, period=period, zone=held.zone)
        if first == period.start:
            change = await with_the_period(held, change, period)
        elif held.contract.status is ContractStatus.SUSPENDED:
            change = replace(change, extra_minutes=0, extra_tickets=change.extra_tickets and 0)
        return first, change
    if first == period.start:  # asked for with a period: it is the next one
        period = Period(rule.periods_later(period, -1).start, period.start)
    return period.end, downgraded(before.fee, period=period, zone=held.zone)


def _costs_more(held: ContractInHand, sold: CommercialTerms) -> bool:
    """Return whether the price rises. Raises CurrenciesDiffer."""
    before, after = held.commercial.rights(sold.currency), sold.rights(held.commercial.currency)
    return (after.fee + -before.fee).cents > 0


async def _dearer(held: ContractInHand) -> tuple[datetime, PlanChange]:
    """Return from when on the same plan costs more: the next term, announced in time (R-LIFE 4)."""
    term, notice = await held.catch_up(), held.commercial.notice or Notice()
    if held.commercial.term.renewal_months is None or held.contract.ends_on is not None:
        raise RenewalNotAgreed(path=("planCode",), ends_on=held.contract.ends_on or term.ends_on)
    day = price_change_from(term, notice, announced_on=held.today)
    return midnight(day, held.zone), PlanChange(day, Money(0, held.commercial.currency), 0, 0)


async def _terms(held: ContractInHand, last: ContractTerms, request: ChangePlan) -> ContractTerms:
    plans = held.desk.plans
    codes = plans.calendar_codes(request.plan_code)
    calendar_ids = await calendar_ids_for(held.records, codes, request.calendars)
    sla: SlaPolicy = plans.policy(request.plan_code, calendar_ids)
    sla = replace(last.sla, targets=sla.targets, ladders=sla.ladders)
    return replace(last, plan_code=request.plan_code, sla=sla, calendar_ids=calendar_ids_of(sla))
