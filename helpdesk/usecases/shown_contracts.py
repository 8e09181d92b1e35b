"""Plans, commercial terms and the life of contracts as the doors show them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from enum import Enum

from helpdesk.domain.commercial_terms import CommercialTerms, RateClause, UnitTerms
from helpdesk.domain.contract_facts import (
    ContractFact,
    recorded_suspensions,
    recorded_terms,
)
from helpdesk.domain.plan import (
    BillingInterval,
    Cover,
    Plan,
    PlanPrice,
    PlanServices,
    Rhythm,
    Sourced,
    TmaDimension,
)
from helpdesk.domain.proration import PlanChange
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.usecases.read_models import Thing
from helpdesk.usecases.shown_compensation import compensation_thing
from helpdesk.usecases.shown_uptime import clause_thing


def plan_thing(plan: Plan, calendar_codes: Iterable[str]) -> Thing:
    """Return a plan with everything that it grants and costs."""
    commitment = plan.commitment_months
    return Thing(
        code=plan.code,
        family=plan.family,
        version=plan.version,
        labels=[Thing(locale=locale, text=text) for locale, text in plan.label.items()],
        source=plan.source,
        includes=plan.includes,
        contents=plan.contents,
        price=_price_thing(plan.price),
        unpriced_because=plan.unpriced_because,
        commitment_months=None if commitment is None else commitment.value,
        billing=_billing_thing(plan.billing),
        allowances=[_allowance_thing(unit, one) for unit, one in plan.allowances.items()],
        dimensions=_dimension_things(plan.dimensions),
        missing_dimensions=plan.missing_dimensions(),
        is_maintenance=plan.is_maintenance,
        services=_service_things(plan.services),
        calendar_codes=sorted(calendar_codes),
    )


def commercial_thing(terms: CommercialTerms | None) -> Thing | None:
    """Return what a contract is sold by; None for terms that are older than such clauses."""
    if terms is None:
        return None
    return Thing(
        models=sorted(terms.engagement.models),
        plan_version=terms.plan_version,
        term=terms.term,
        notice=terms.notice,
        price=_price_thing(terms.price),
        billing=_billing_thing(terms.billing),
        anchor_day=terms.anchor_day,
        allowances=[_unit_thing(unit, one) for unit, one in terms.units.items()],
        rounding=terms.rounding,
        rates=_rates_thing(terms.rates),
        tells_client=terms.tells_client,
        packs=Thing(
            is_prolonged_by_rests=terms.packs.is_prolonged_by_rests,
            refunds=[Thing(unit=unit, price=price) for unit, price in terms.packs.refunds.items()],
        ),
        dimensions=_dimension_things(terms.dimensions),
        services=_service_things(terms.services),
        contents=terms.contents,
        perimeter=terms.perimeter,
        calendar_definitions=terms.calendar_definitions,
        compensation=compensation_thing(terms.compensation),
        uptime=clause_thing(terms),
    )


def fact_things(facts: Sequence[ContractFact]) -> list[Thing]:
    """Return what happened to a contract, in order."""
    return [
        Thing(
            sequence=fact.sequence,
            kind=fact.kind,
            at=fact.at,
            day=fact.day,
            until=fact.until,
            actor_name=fact.actor.name,
            reason=fact.reason,
            amount=fact.amount,
            quantities=[
                Thing(unit=unit, quantity=quantity) for unit, quantity in fact.quantities.items()
            ],
        )
        for fact in facts
    ]


def term_things(facts: Sequence[ContractFact]) -> list[Thing]:
    """Return the terms that began, by number."""
    return [
        Thing(number=term.number, starts_on=term.starts_on, ends_on=term.ends_on)
        for term in recorded_terms(facts)
    ]


def suspension_things(facts: Sequence[ContractFact]) -> list[Thing]:
    """Return the days on which the contract rests, the earliest first."""
    return [
        Thing(
            starts_on=rest.days.first,
            ends_on=rest.days.end,
            reason=rest.reason,
            decided_by=rest.decided_by.name,
        )
        for rest in recorded_suspensions(facts)
    ]


def change_thing(change: PlanChange) -> Thing:
    """Return what a change of plan costs and gives."""
    return Thing(
        effective_on=change.effective_on,
        charge=change.charge,
        extra_minutes=change.extra_minutes,
        extra_tickets=change.extra_tickets,
    )


def _unit_thing(unit: RetainerUnit, terms: UnitTerms) -> Thing:
    return Thing(
        allowance=_allowance_thing(unit, terms.allowance),
        overage=terms.overage.policy,
        overage_price=terms.overage.price,
        rollover=terms.rollover,
    )


def _allowance_thing(unit: RetainerUnit, allowance: Sourced[int | None]) -> Thing:
    return Thing(
        unit=unit,
        quantity=allowance.value,
        is_unlimited=allowance.value is None,
        origin=allowance.origin,
        source=allowance.source,
    )


def _price_thing(price: Sourced[PlanPrice] | None) -> Thing | None:
    if price is None:
        return None
    return Thing(
        amount=price.value.monthly,
        tax_basis=price.value.tax_basis,
        origin=price.origin,
        source=price.source,
    )


def _billing_thing(billing: Sourced[BillingInterval] | None) -> Thing | None:
    if billing is None:
        return None
    return Thing(interval=billing.value, origin=billing.origin, source=billing.source)


def _rates_thing(rates: Sourced[RateClause] | None) -> Thing | None:
    if rates is None:
        return None
    clause = rates.value
    return Thing(
        after_hours=clause.rates.after_hours,
        holiday=clause.rates.holiday,
        calendar_code=clause.calendar_code,
        origin=rates.origin,
        source=rates.source,
    )


def _dimension_things(dimensions: Mapping[TmaDimension, Sourced[Cover]]) -> list[Thing]:
    return [
        Thing(
            dimension=one,
            cover=dimensions[one].value,
            origin=dimensions[one].origin,
            source=dimensions[one].source,
        )
        for one in TmaDimension
        if one in dimensions
    ]


def _service_things(services: PlanServices) -> list[Thing]:
    known = {each.name: getattr(services, each.name) for each in fields(PlanServices)}
    return [
        Thing(
            name=_camel(name),
            value=_spelt(service.value),
            origin=service.origin,
            source=service.source,
        )
        for name, service in known.items()
        if service is not None
    ]


def _spelt(value: object) -> str:
    """Return the value of a service as a text that a program can read."""
    if isinstance(value, Rhythm):
        return f"{value.times}/{value.every.value}"
    if isinstance(value, frozenset):
        return ",".join(sorted(value))
    if isinstance(value, Enum):
        return str(value.value)
    return str(value).lower()


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)
