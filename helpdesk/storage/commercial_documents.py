"""What a contract is sold by, as the JSON document that is kept in its terms."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar

from helpdesk.domain.billed_time import RateTerms, RoundingMode, RoundingScope, RoundingTerms
from helpdesk.domain.commercial_terms import (
    CommercialTerms,
    CompensationClause,
    RateClause,
    UnitTerms,
)
from helpdesk.domain.contract_life import CompensationNature, Perimeter
from helpdesk.domain.contract_term import Notice, TermClause
from helpdesk.domain.engagement import Engagement, EngagementModel
from helpdesk.domain.ids import CalendarId
from helpdesk.domain.money import Money
from helpdesk.domain.pack_clause import PackClause
from helpdesk.domain.plan import (
    BillingInterval,
    Cover,
    Every,
    Origin,
    PlanContent,
    PlanPrice,
    PlanServices,
    ReportLevel,
    Rhythm,
    SecurityUpdates,
    Sourced,
    TaxBasis,
    TmaDimension,
)
from helpdesk.domain.retainer_terms import (
    OveragePolicy,
    OverageTerms,
    RetainerUnit,
    RolloverMode,
    RolloverTerms,
)
from helpdesk.storage.compensation_documents import (
    compensation_terms_document,
    compensation_terms_of,
)
from helpdesk.storage.uptime_documents import uptime_clause_of, uptime_document

T = TypeVar("T")
Document = dict[str, Any]  # JSON, read back only by the functions below


def commercial_document(terms: CommercialTerms) -> Document:
    """Return what a contract is sold by as a document."""
    return {
        "models": sorted(model.value for model in terms.engagement.models),
        "term": {
            "anchor": terms.term.anchor.isoformat(),
            "months": terms.term.months,
            "renewal_months": terms.term.renewal_months,
        },
        "notice": None
        if terms.notice is None
        else {"months": terms.notice.months, "days": terms.notice.days},
        "perimeter": {
            "included": list(terms.perimeter.included),
            "excluded": list(terms.perimeter.excluded),
        },
        "calendar_definitions": list(terms.calendar_definitions),
        "price": _sourced(terms.price, _price_document),
        "billing": _sourced(terms.billing, _plain),
        "plan_version": terms.plan_version,
        "anchor_day": terms.anchor_day,
        "units": {unit.value: _unit_document(each) for unit, each in terms.units.items()},
        "rounding": _rounding_document(terms.rounding),
        "rates": _sourced(terms.rates, _rates_document),
        "tells_client": terms.tells_client,
        "packs": _packs_document(terms.packs),
        "compensation": _compensation_document(terms.compensation),
        "dimensions": {one.value: _sourced(it, _plain) for one, it in terms.dimensions.items()},
        "services": {
            each.name: _sourced(getattr(terms.services, each.name), _plain)
            for each in fields(PlanServices)
            if getattr(terms.services, each.name) is not None
        },
        "uptime": None if terms.uptime is None else uptime_document(terms.uptime),
        "contents": [[content.text, content.plan_code] for content in terms.contents],
    }


def commercial_terms_of(document: Mapping[str, Any]) -> CommercialTerms:
    """Return what a contract is sold by from its document."""
    term, notice, compensation = (document[one] for one in ("term", "notice", "compensation"))
    return CommercialTerms(
        engagement=Engagement(frozenset(map(EngagementModel, document["models"]))),
        term=TermClause(date.fromisoformat(term["anchor"]), term["months"], term["renewal_months"]),
        notice=None if notice is None else Notice(notice["months"], notice["days"]),
        perimeter=Perimeter(
            tuple(document["perimeter"]["included"]), tuple(document["perimeter"]["excluded"])
        ),
        calendar_definitions=tuple(document["calendar_definitions"]),
        price=_perhaps(document["price"], _price_of),
        billing=_perhaps(document["billing"], BillingInterval),
        plan_version=document["plan_version"],
        anchor_day=document["anchor_day"],
        units={RetainerUnit(unit): _unit_of(each) for unit, each in document["units"].items()},
        rounding=_rounding_of(document["rounding"]),
        rates=_perhaps(document.get("rates"), _rates_of),
        tells_client=document.get("tells_client", True),
        packs=_packs_of(document.get("packs")),
        compensation=None if compensation is None else _compensation_of(compensation),
        dimensions={
            TmaDimension(one): _sourced_of(it, Cover) for one, it in document["dimensions"].items()
        },
        services=PlanServices(
            **{
                name: _sourced_of(it, _SERVICES.get(name, bool))
                for name, it in document["services"].items()
            }
        ),
        uptime=uptime_clause_of(document.get("uptime")),
        contents=tuple(PlanContent(*content) for content in document["contents"]),
    )


def _compensation_document(clause: CompensationClause | None) -> Document | None:
    if clause is None:
        return None
    terms = None if clause.terms is None else compensation_terms_document(clause.terms)
    return {"text": clause.text, "nature": _plain(clause.nature), "terms": terms}


def _compensation_of(document: Mapping[str, Any]) -> CompensationClause:
    nature, terms = document["nature"], document.get("terms")  # absent in older documents
    return CompensationClause(
        document["text"],
        None if nature is None else CompensationNature(nature),
        None if terms is None else compensation_terms_of(terms),
    )


def _packs_document(packs: PackClause) -> Document:
    return {
        "is_prolonged_by_rests": packs.is_prolonged_by_rests,
        "refunds": {
            unit.value: [price.cents, price.currency] for unit, price in packs.refunds.items()
        },
    }


def _packs_of(document: Mapping[str, Any] | None) -> PackClause:
    """Return the clause of a document; one that is older says what was so for everybody."""
    if document is None:
        return PackClause()
    refunds = document["refunds"].items()
    return PackClause(
        document["is_prolonged_by_rests"],
        {RetainerUnit(unit): Money(*price) for unit, price in refunds},
    )


def _unit_document(terms: UnitTerms) -> Document:
    price, rollover = terms.overage.price, terms.rollover
    return {
        "allowance": _sourced(terms.allowance, _plain),
        "overage": {
            "policy": terms.overage.policy.value,
            "price": None if price is None else [price.cents, price.currency],
        },
        "rollover": {
            "mode": rollover.mode.value,
            "cap_percent": rollover.cap_percent,
            "cap_quantity": rollover.cap_quantity,
            "valid_periods": rollover.valid_periods,
        },
    }


def _unit_of(document: Mapping[str, Any]) -> UnitTerms:
    overage, rollover = document["overage"], document["rollover"]
    return UnitTerms(
        allowance=_sourced_of(document["allowance"], _as_it_is),
        overage=OverageTerms(
            OveragePolicy(overage["policy"]),
            None if overage["price"] is None else Money(*overage["price"]),
        ),
        rollover=RolloverTerms(
            RolloverMode(rollover["mode"]),
            rollover["cap_percent"],
            rollover["cap_quantity"],
            rollover["valid_periods"],
        ),
    )


def _rounding_document(rounding: RoundingTerms) -> Document:
    return {
        "increment": rounding.increment,
        "mode": rounding.mode.value,
        "scope": rounding.scope.value,
        "minimum": rounding.minimum,
    }


def _rounding_of(document: Mapping[str, Any]) -> RoundingTerms:
    return RoundingTerms(
        document["increment"],
        RoundingMode(document["mode"]),
        RoundingScope(document["scope"]),
        document["minimum"],
    )


def _rates_document(clause: RateClause) -> Document:
    return {
        "after_hours": clause.rates.after_hours,
        "holiday": clause.rates.holiday,
        "calendar": [clause.calendar_id, clause.calendar_code],
    }


def _rates_of(document: Mapping[str, Any]) -> RateClause:
    calendar_id, calendar_code = document["calendar"]
    rates = RateTerms(document["after_hours"], document["holiday"])
    return RateClause(rates, CalendarId(calendar_id), calendar_code)


def _price_document(price: PlanPrice) -> Document:
    return {
        "cents": price.monthly.cents,
        "currency": price.monthly.currency,
        "tax_basis": _plain(price.tax_basis),
    }


def _price_of(document: Mapping[str, Any]) -> PlanPrice:
    basis = document["tax_basis"]
    return PlanPrice(
        Money(document["cents"], document["currency"]), None if basis is None else TaxBasis(basis)
    )


def _rhythm_of(document: Mapping[str, Any] | None) -> Rhythm | None:
    return None if document is None else Rhythm(document["times"], Every(document["every"]))


def _updates_of(document: list[str]) -> frozenset[SecurityUpdates]:
    return frozenset(map(SecurityUpdates, document))


_SERVICES: Mapping[str, Callable[[Any], Any]] = {
    "security_updates": _updates_of,
    "preventive_updates": _rhythm_of,
    "report": ReportLevel,
    "backup": _rhythm_of,
    "verified_backup": _rhythm_of,
    "availability": Decimal,
}
"""How the services are read that are more than yes or no."""


def _sourced(sourced: Sourced[T] | None, write: Callable[[T], object]) -> Document | None:
    if sourced is None:
        return None
    return {
        "value": write(sourced.value),
        "origin": sourced.origin.value,
        "source": sourced.source,
    }


def _sourced_of(document: Mapping[str, Any], read: Callable[[Any], T]) -> Sourced[T]:
    return Sourced(read(document["value"]), Origin(document["origin"]), document["source"])


def _perhaps(document: Mapping[str, Any] | None, read: Callable[[Any], T]) -> Sourced[T] | None:
    return None if document is None else _sourced_of(document, read)


def _as_it_is(value: int | None) -> int | None:
    return value


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Rhythm):
        return {"times": value.times, "every": value.every.value}
    return sorted(_plain(one) for one in value) if isinstance(value, frozenset) else value  # type: ignore[type-var]  # texts
