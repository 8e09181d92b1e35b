"""Plans and quotes of tests, with sentences' defaults."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from helpdesk.domain.ids import QuoteId
from helpdesk.domain.money import Money
from helpdesk.domain.plan import (
    Cover,
    Origin,
    Plan,
    PlanContent,
    PlanPrice,
    PlanServices,
    Sourced,
    TaxBasis,
    TmaDimension,
)
from helpdesk.domain.quote import Quote, QuoteLine
from helpdesk.domain.retainer_terms import RetainerUnit
from tests.factories import AGENCY_ID, BRUNOS_CLIENT

T = TypeVar("T")

PARIS = ZoneInfo("Europe/Paris")
CREATED_AT = datetime(2026, 6, 30, 8, tzinfo=UTC)
SENT_AT = datetime(2026, 7, 1, 7, tzinfo=UTC)


def said(value: T, origin: Origin = Origin.SOURCE) -> Sourced[T]:
    return Sourced(value, origin, "our price list")


PRICE = said(PlanPrice(Money(199_00), TaxBasis.HT))


def a_plan(
    code: str = "ours.essentiel",
    *,
    includes: str | None = None,
    contents: tuple[str, ...] = (),
    price: Sourced[PlanPrice] | None = PRICE,
    allowances: Mapping[RetainerUnit, int | None] | None = None,
    services: PlanServices | None = None,
    covers: Mapping[TmaDimension, Cover] | None = None,
) -> Plan:
    return Plan(
        code=code,
        version=1,
        label={},
        source="our price list",
        contents=tuple(PlanContent(text, code) for text in contents),
        includes=includes,
        price=price,
        unpriced_because=None if price else "an example",
        allowances={unit: said(quantity) for unit, quantity in (allowances or {}).items()},
        services=services or PlanServices(),
        dimensions={dimension: said(cover) for dimension, cover in (covers or {}).items()},
    )


def a_line(
    description: str = "Nouvelle page",
    *,
    quantity: int = 2,
    cents: int = 450_00,
    currency: str = "EUR",
    vat_rate: int = 20_00,
) -> QuoteLine:
    return QuoteLine(description, quantity, Money(cents, currency), vat_rate)


def a_quote(*lines: QuoteLine, validity_days: int = 30, currency: str = "EUR") -> Quote:
    return Quote(
        id=QuoteId("quote-1"),
        agency_id=AGENCY_ID,
        client_id=BRUNOS_CLIENT,
        number="D2026-0007",
        version=1,
        title="Page des horaires",
        lines=lines,
        zone=PARIS,
        created_at=CREATED_AT,
        validity_days=validity_days,
        currency=currency,
    )
