"""The plans of the presets as they are sold: contents, allowances, services and prices."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

from helpdesk.domain.errors import Locale
from helpdesk.domain.money import CENTS_A_UNIT, Money
from helpdesk.domain.plan import (
    BillingInterval,
    Cover,
    Every,
    Origin,
    Plan,
    PlanContent,
    PlanPrice,
    PlanServices,
    ReportLevel,
    Rhythm,
    SecurityUpdates,
    Sourced,
    TaxBasis,
    TmaDimension,
    with_included,
)
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.presets.catalogue import known_preset
from helpdesk.presets.files import plan_families

T = TypeVar("T")

# A YAML document: what each value is, only its reader below knows.
_Document = Mapping[str, Any]


@cache
def commercial_plans() -> Mapping[str, Plan]:
    """Return the plans by code with what they include, family by family, in their order."""
    read = [_plan(family, name) for family in plan_families() for name in family["plans"]]
    return with_included({plan.code: plan for plan in read})


def commercial_plan(code: str) -> Plan:
    """Return what a plan grants and costs. Raises PresetUnknown.

    >>> plan = commercial_plan("guide.business")
    >>> plan.allowances[RetainerUnit.RUN_MINUTES].value
    120
    """
    return known_preset("plan", code, commercial_plans())


def _plan(family: _Document, name: str) -> Plan:
    document = family["plans"][name]
    code, included = f"{family['family']}.{name}", document.get("includes")
    # What holds for a family stands in each plan that includes no other, and is inherited.
    base: _Document = {} if included else family
    services = base.get("services", {}) | document.get("services", {})
    dimensions = base.get("dimensions", {}) | document.get("dimensions", {})
    return Plan(
        code=code,
        version=family["version"],
        label={locale: document["label"][locale.value] for locale in Locale},
        source=family["source"],
        contents=tuple(PlanContent(text, code) for text in document["contents"]),
        includes=f"{family['family']}.{included}" if included else None,
        price=_price(family, document),
        unpriced_because=family.get("unpriced_because"),
        commitment_months=_perhaps(base, "commitment_months", int),
        billing=_perhaps(base, "billing", BillingInterval),
        allowances={
            RetainerUnit(unit): _sourced(each, _quantity)
            for unit, each in document.get("allowances", {}).items()
        },
        services=_services(services),
        dimensions={TmaDimension(one): _sourced(each, Cover) for one, each in dimensions.items()},
    )


def _services(document: _Document) -> PlanServices:
    return PlanServices(
        uptime_monitoring=_perhaps(document, "uptime_monitoring", bool),
        sms_alerts=_perhaps(document, "sms_alerts", bool),
        security_updates=_perhaps(document, "security_updates", _security_updates),
        preventive_updates=_perhaps(document, "preventive_updates", _rhythm),
        report=_perhaps(document, "report", ReportLevel),
        backup=_perhaps(document, "backup", _rhythm),
        verified_backup=_perhaps(document, "verified_backup", _rhythm),
        staging=_perhaps(document, "staging", bool),
        performance=_perhaps(document, "performance", bool),
        hack_cleanup=_perhaps(document, "hack_cleanup", bool),
        account_manager=_perhaps(document, "account_manager", bool),
        hosting=_perhaps(document, "hosting", bool),
        availability=_perhaps(document, "availability", Decimal),
    )


def _price(family: _Document, document: _Document) -> Sourced[PlanPrice] | None:
    if "monthly_price" not in document:
        return None
    basis = family["tax_basis"]
    price = PlanPrice(
        Money(document["monthly_price"] * CENTS_A_UNIT, family["currency"]),
        None if basis is None else TaxBasis(basis),
    )
    return Sourced(price, Origin(family["price"]["origin"]), family["price"]["source"])


def _perhaps(document: _Document, name: str, read: Callable[[Any], T]) -> Sourced[T] | None:
    return _sourced(document[name], read) if name in document else None


def _sourced(document: _Document, read: Callable[[Any], T]) -> Sourced[T]:
    return Sourced(read(document["value"]), Origin(document["origin"]), document["source"])


def _quantity(value: int | None) -> int | None:
    return value


def _rhythm(value: _Document | None) -> Rhythm | None:
    return None if value is None else Rhythm(value["times"], Every(value["every"]))


def _security_updates(value: list[str]) -> frozenset[SecurityUpdates]:
    return frozenset(map(SecurityUpdates, value))
