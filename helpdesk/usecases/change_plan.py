"""A contract gets another plan: a larger one now, a smaller one with the next period."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import ClassVar

from helpdesk.domain.access import Viewer
from helpdesk.domain.commercial_terms import CommercialTerms
from helpdesk.domain.contract import Contract, ContractStatus, ContractTerms
from helpdesk.domain.contract_facts import ContractFactKind
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import ContractId
from helpdesk.domain.period import Period, midnight
from helpdesk.domain.plan import Origin, Plan, PlanPrice, Sourced
from helpdesk.domain.proration import PlanChange, downgraded, is_upgrade, upgraded
from helpdesk.domain.sla_policy import SlaPolicy
from helpdesk.usecases.amend_contract import require_later
from helpdesk.usecases.contract_step import ContractInHand, manageable
from helpdesk.usecases.contract_terms_wanted import agreed_in, calendar_ids_for
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.policy_change import calendar_ids_of
from helpdesk.usecases.rederive import rederive_tickets
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

    An upgrade holds from the day on, a downgrade from the next period on. The matrix stays as it
    was accepted, and so do the clauses of the clocks. Raises NotFound, ManagersOnly,
    ContractNotInForce, ContractNeverSold, VersionInPast, TermsNotLater, EngagementMissing,
    PlanWithoutPrice, TaxBasisNotStated, CurrenciesDiffer, and what the catalogue refuses.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        held = await manageable(desk, records, viewer, request.contract_id)
        contract = held.contract
        if contract.status not in _CHANGEABLE:
            raise ContractNotInForce(reference=contract.reference, status=contract.status)
        sold = _sold(held, desk.plans.plan(request.plan_code), request)
        since, change = _effect(held, sold, request.on)
        require_to_come(since, now=desk.now())
        last = contract.counting_terms()[-1]
        require_later(last, since)
        terms = replace(
            await _terms(held, last, request),
            effective_from=since,
            commercial=sold,
            version=max(one.version for one in contract.terms) + 1,
            corrects=None,
            published_at=desk.now(),
        )
        await records.contracts.add_terms(contract.id, terms)
        reason = f"{last.plan_code} -> {terms.plan_code}"
        await held.note(ContractFactKind.PLAN_CHANGED, change.effective_on, reason=reason)
        concerned = await records.tickets_in_bulk.open_tickets_of_contract(contract.id)
        await rederive_tickets(desk, records, concerned)
        return PlanChanged(replace(contract, terms=(*contract.terms, terms)), change)


def _sold(held: ContractInHand, plan: Plan, request: ChangePlan) -> CommercialTerms:
    """Return the clauses on the new plan, complete enough to stay in force."""
    old, reference = held.commercial, held.contract.reference
    sold = old.on_plan(plan)
    if request.price is not None:
        price = Sourced(request.price, Origin.AGREED, agreed_in(reference))
        sold = replace(sold, price=price)
    if old.price is not None and sold.price is None:
        raise PlanWithoutPrice(path=("price",), plan=plan.code)
    acceptance = held.contract.counting_terms()[-1].matrix.acceptance
    sold.activation_file(reference, acceptance).require_complete()
    return sold


def _effect(
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
        return first, upgraded(before, after, on=day, period=period, zone=held.zone)
    if first == period.start:  # asked for with a period: it is the next one
        period = Period(rule.periods_later(period, -1).start, period.start)
    return period.end, downgraded(before.fee, period=period, zone=held.zone)


async def _terms(held: ContractInHand, last: ContractTerms, request: ChangePlan) -> ContractTerms:
    plans = held.desk.plans
    codes = plans.calendar_codes(request.plan_code)
    calendar_ids = await calendar_ids_for(held.records, codes, request.calendars)
    sla: SlaPolicy = plans.policy(request.plan_code, calendar_ids)
    sla = replace(last.sla, targets=sla.targets, ladders=sla.ladders)
    return replace(last, plan_code=request.plan_code, sla=sla, calendar_ids=calendar_ids_of(sla))
