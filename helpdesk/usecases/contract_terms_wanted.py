"""What the parties settle in the terms of a contract; what they leave out stays as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from helpdesk.domain.access import NotFound
from helpdesk.domain.billed_time import RateTerms, RoundingTerms
from helpdesk.domain.commercial_terms import (
    CommercialTerms,
    CompensationClause,
    RateClause,
    UnitTerms,
)
from helpdesk.domain.contract import ContractTerms
from helpdesk.domain.contract_life import Perimeter
from helpdesk.domain.contract_term import Notice, TermClause
from helpdesk.domain.engagement import Engagement, EngagementModel
from helpdesk.domain.ids import CalendarId
from helpdesk.domain.money import require_price
from helpdesk.domain.pack_clause import PackClause
from helpdesk.domain.plan import (
    BillingInterval,
    Cover,
    Origin,
    PlanPrice,
    Sourced,
    TmaDimension,
)
from helpdesk.domain.priority import MatrixAcceptance
from helpdesk.domain.retainer_terms import OverageTerms, RetainerUnit, RolloverTerms
from helpdesk.domain.uptime_clause import UptimeClause
from helpdesk.usecases.policy_change import PolicyChange, calendar_ids_of, changed_policy
from helpdesk.usecases.ports import Records


@dataclass(frozen=True, slots=True)
class WantedUnit:
    """What is settled about a unit; an allowance of None with `is_unlimited` has no limit."""

    unit: RetainerUnit
    allowance: int | None = None
    is_unlimited: bool = False
    overage: OverageTerms | None = None
    rollover: RolloverTerms | None = None


@dataclass(frozen=True, slots=True)
class WantedRates:
    """What work out of hours and on holidays counts for, and on which calendar, by its code."""

    rates: RateTerms
    calendar_code: str


@dataclass(frozen=True, slots=True)
class TermLength:
    """How many months the contract runs, and each tacit renewal; None without renewal."""

    months: int
    renewal_months: int | None = None


@dataclass(frozen=True, slots=True)
class WantedTerms:
    """What is settled; None keeps what the plan, or the version before, says."""

    models: frozenset[EngagementModel] | None = None
    length: TermLength | None = None
    notice: Notice | None = None
    price: PlanPrice | None = None
    billing: BillingInterval | None = None
    units: Sequence[WantedUnit] = ()
    rounding: RoundingTerms | None = None
    packs: PackClause | None = None
    rates: WantedRates | None = None
    tells_client: bool | None = None
    anchor_day: int | None = None
    perimeter: Perimeter | None = None
    calendar_definitions: tuple[str, ...] | None = None
    compensation: CompensationClause | None = None
    uptime: UptimeClause | None = None
    dimensions: Mapping[TmaDimension, Cover] = field(default_factory=dict)
    is_hosting_sold: bool | None = None
    acceptance: MatrixAcceptance | None = None
    policy: PolicyChange = field(default=PolicyChange())


async def settled(
    records: Records, terms: ContractTerms, wanted: WantedTerms, *, zone: ZoneInfo
) -> ContractTerms:
    """Return the terms with what the parties settled, each value marked as agreed by them.

    Raises NotFound for a calendar that the agency lacks, and what impossible clauses raise, each
    with the path of the input at fault.
    """
    _require_prices(wanted)
    sla = await changed_policy(records, terms.sla, wanted.policy)
    matrix = terms.matrix
    if wanted.acceptance is not None:
        matrix = replace(matrix, acceptance=wanted.acceptance)
    commercial = terms.commercial
    if commercial is not None:
        commercial = _commercial(commercial, wanted, reference=terms.reference)
        if wanted.rates is not None:
            clause = await _rate_clause(records, wanted.rates)
            rates = Sourced(clause, Origin.AGREED, agreed_in(terms.reference))
            commercial = replace(commercial, rates=rates)
        commercial.book_terms(zone)
    return replace(
        terms, sla=sla, calendar_ids=calendar_ids_of(sla), matrix=matrix, commercial=commercial
    )


def require_plan_price(price: PlanPrice | None) -> None:
    """Refuse a fee that nobody can be asked for. Raises PriceNotPositive and CurrencyUnknown."""
    require_price(None if price is None else price.monthly, path=("price", "amount"))


def _require_prices(wanted: WantedTerms) -> None:
    require_plan_price(wanted.price)
    for refund in (wanted.packs or PackClause()).refunds.values():
        require_price(refund, path=("packs", "refunds"))
    for one in wanted.units:
        price = None if one.overage is None else one.overage.price
        require_price(price, path=("allowances", "overage", "price"))


async def _rate_clause(records: Records, wanted: WantedRates) -> RateClause:
    code = wanted.calendar_code
    calendar_id = await records.contracts.calendar_of_code(code)
    if calendar_id is None:
        raise NotFound(path=("rates", "calendarCode"), what="Calendar", id=code)
    return RateClause(wanted.rates, calendar_id, code)


def agreed_in(reference: str) -> str:
    """Return where a value is read that the parties settled themselves."""
    return f"contract {reference}"


def _commercial(terms: CommercialTerms, wanted: WantedTerms, *, reference: str) -> CommercialTerms:
    source = agreed_in(reference)
    changes: dict[str, Any] = {  # Any: the fields of the terms
        name: value
        for name in (
            "notice",
            "rounding",
            "packs",
            "tells_client",
            "anchor_day",
            "perimeter",
            "calendar_definitions",
            "compensation",
            "uptime",
        )
        if (value := getattr(wanted, name)) is not None
    }
    for name in ("price", "billing"):
        value = getattr(wanted, name)
        if value is not None:
            changes[name] = Sourced(value, Origin.AGREED, source)
    if wanted.is_hosting_sold is not None:
        hosting = Sourced(wanted.is_hosting_sold, Origin.AGREED, source)
        changes["services"] = replace(terms.services, hosting=hosting)
    if wanted.models is not None:
        changes["engagement"] = Engagement(wanted.models)
    if wanted.length is not None:
        length = wanted.length
        changes["term"] = TermClause(terms.term.anchor, length.months, length.renewal_months)
    dimensions = {
        one: Sourced(cover, Origin.AGREED, source) for one, cover in wanted.dimensions.items()
    }
    return replace(
        terms,
        **changes,
        units={**terms.units, **_units(terms, wanted, source)},
        dimensions={**terms.dimensions, **dimensions},
    )


def _units(
    terms: CommercialTerms, wanted: WantedTerms, source: str
) -> Mapping[RetainerUnit, UnitTerms]:
    units: dict[RetainerUnit, UnitTerms] = {}
    for one in wanted.units:
        known = terms.units.get(one.unit, UnitTerms(Sourced(0, Origin.AGREED, source)))
        if one.is_unlimited or one.allowance is not None:
            allowance = None if one.is_unlimited else one.allowance
            known = replace(known, allowance=Sourced(allowance, Origin.AGREED, source))
        units[one.unit] = replace(
            known,
            overage=one.overage or known.overage,
            rollover=one.rollover or known.rollover,
        )
    return units


async def calendar_ids_for(
    records: Records, codes: frozenset[str], named: Mapping[str, str]
) -> Mapping[str, CalendarId]:
    """Return the agency's calendar for each code of a plan: the one named, else of the same code.

    Raises NotFound for a calendar that the agency lacks.
    """
    found: dict[str, CalendarId] = {}
    for code in sorted(codes):  # locked in this order, whoever names them
        wanted = named.get(code, code)
        calendar_id = await records.contracts.calendar_of_code(wanted)
        if calendar_id is None:
            raise NotFound(path=("calendars",), what="Calendar", id=wanted)
        found[code] = calendar_id
    return found
