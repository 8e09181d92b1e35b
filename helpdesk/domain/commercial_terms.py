"""What a contract is sold by: engagement, term, notice, price, allowances, perimeter.

Everything is copied from a plan with its origin, never referenced: a plan that changes later
changes no contract.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar
from zoneinfo import ZoneInfo

from helpdesk.domain.billed_time import RateTerms, RoundingTerms
from helpdesk.domain.compensation_clause import CompensationTerms
from helpdesk.domain.contract_life import ActivationFile, CompensationNature, Perimeter
from helpdesk.domain.contract_term import Notice, TermClause
from helpdesk.domain.engagement import Engagement
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import CalendarId
from helpdesk.domain.money import EURO, CurrenciesDiffer, Money
from helpdesk.domain.pack_clause import PackClause
from helpdesk.domain.period import FIRST_DAY, PeriodRule
from helpdesk.domain.plan import (
    BillingInterval,
    Cover,
    Origin,
    Plan,
    PlanContent,
    PlanPrice,
    PlanServices,
    Sourced,
    TmaDimension,
)
from helpdesk.domain.priority import MatrixAcceptance
from helpdesk.domain.proration import PlanRights
from helpdesk.domain.retainer_terms import (
    OveragePolicy,
    OverageTerms,
    RetainerTerms,
    RetainerUnit,
    RolloverTerms,
)
from helpdesk.domain.uptime_clause import UptimeClause


class AllowanceNegative(HelpdeskError):
    """Nobody owes the agency tickets or minutes."""

    code: ClassVar[ErrorCode] = ErrorCode.RETAINER_TERMS_INVALID
    english: ClassVar[str] = "An allowance of {quantity} grants nothing: give 0 or more."
    french: ClassVar[str] = "Une dotation de {quantity} n'accorde rien : donnez 0 ou plus."


@dataclass(frozen=True, slots=True)
class UnitTerms:
    """What is granted of a unit for each period, and what becomes of too much and too little.

    Raises AllowanceNegative.
    """

    allowance: Sourced[int | None]
    overage: OverageTerms = field(default=OverageTerms(OveragePolicy.QUOTE))
    rollover: RolloverTerms = field(default=RolloverTerms())

    def __post_init__(self) -> None:
        """Refuse to grant less than nothing."""
        if self.allowance.value is not None and self.allowance.value < 0:
            raise AllowanceNegative(path=("allowances",), quantity=self.allowance.value)


@dataclass(frozen=True, slots=True)
class RateClause:
    """What work out of hours and on holidays counts for, and on which calendar of the agency."""

    rates: RateTerms
    calendar_id: CalendarId
    calendar_code: str


@dataclass(frozen=True, slots=True)
class CompensationClause:
    """What the client gets for a broken promise, in the contract's words, and what that is in law.

    `nature` is None until the parties chose; a contract is not activated before. `terms` say how
    much; None in a clause that names no amount: a breach is recorded then and pays nothing.
    """

    text: str
    nature: CompensationNature | None = None
    terms: CompensationTerms | None = None


@dataclass(frozen=True, slots=True)
class CommercialTerms:
    """Everything that a version of the terms settles besides delays; None is not settled.

    `calendar_definitions` are the days and hours as the client reads them. `anchor_day` is the day
    on which a period of the contract begins. `plan_version` is the version of the plan that was
    copied, None for terms that follow no plan. `tells_client` says whether the client is told when
    an allowance is used up or a pack is about to expire, as the agency is. Raises
    CurrenciesDiffer.
    """

    engagement: Engagement
    term: TermClause
    notice: Notice | None = None
    perimeter: Perimeter = field(default=Perimeter((), ()))
    calendar_definitions: tuple[str, ...] = ()
    price: Sourced[PlanPrice] | None = None
    billing: Sourced[BillingInterval] | None = None
    plan_version: int | None = None
    anchor_day: int = FIRST_DAY
    units: Mapping[RetainerUnit, UnitTerms] = field(default_factory=dict)
    rounding: RoundingTerms = field(default=RoundingTerms())
    packs: PackClause = field(default=PackClause())
    rates: Sourced[RateClause] | None = None
    tells_client: bool = True
    compensation: CompensationClause | None = None
    uptime: UptimeClause | None = None
    dimensions: Mapping[TmaDimension, Sourced[Cover]] = field(default_factory=dict)
    services: PlanServices = field(default=PlanServices())
    contents: tuple[PlanContent, ...] = ()

    def __post_init__(self) -> None:
        """Refuse amounts of a compensation in another currency than the fee."""
        clause = self.compensation
        if self.price is None or clause is None or clause.terms is None:
            return
        for amount in clause.terms.amounts():
            if amount.currency != self.currency:
                raise CurrenciesDiffer(
                    path=("compensation",), one=self.currency, other=amount.currency
                )

    @property
    def uptime_clause(self) -> UptimeClause:
        """What holds of availability: as the parties agreed, else what the plan promises, if so."""
        if self.uptime is not None:
            return self.uptime
        promise, hosting = self.services.availability, self.services.hosting
        return UptimeClause(
            target=None if promise is None else promise.value,
            is_hosting_sold=hosting is not None and hosting.value,
        )

    @property
    def uptime_origin(self) -> tuple[Origin, str] | None:
        """Where the promise of availability comes from and where to read it; None without one."""
        if self.uptime is not None:
            return None if self.uptime.target is None else (Origin.AGREED, "")
        promise = self.services.availability
        return None if promise is None else (promise.origin, promise.source)

    def on_plan(self, plan: Plan) -> "CommercialTerms":
        """Return the terms with all that a plan grants and costs copied into them.

        What the parties settled about a unit that both have, its overage and its rollover, stays.
        Raises EngagementMissing for a plan that leaves to pay what the engagement cannot pay.
        """
        self.engagement.require_fit(plan)
        return replace(
            self,
            price=plan.price,
            billing=plan.billing or self.billing,
            plan_version=plan.version,
            units={
                unit: replace(self.units[unit], allowance=allowance)
                if unit in self.units
                else UnitTerms(allowance)
                for unit, allowance in plan.allowances.items()
            },
            dimensions=plan.dimensions,
            services=plan.services,
            contents=plan.contents,
        )

    def period_rule(self, zone: ZoneInfo) -> PeriodRule:
        """Return how the contract cuts time. Raises AnchorDayImpossible."""
        return PeriodRule(zone, self.anchor_day)

    def book_terms(self, zone: ZoneInfo) -> Mapping[RetainerUnit, RetainerTerms]:
        """Return the clauses that each book is kept by. Raises OverageWithoutPrice."""
        periods = self.period_rule(zone)
        return {
            unit: RetainerTerms(
                unit,
                periods,
                terms.overage,
                terms.rollover,
                is_unlimited=terms.allowance.value is None,
            )
            for unit, terms in self.units.items()
        }

    @property
    def currency(self) -> str:
        """The currency of the price; the euro where there is none."""
        return EURO if self.price is None else self.price.value.monthly.currency

    def rights(self, currency: str) -> PlanRights:
        """Return what a full period costs and gives; without a price it costs 0 of a currency."""
        fee = Money(0, currency) if self.price is None else self.price.value.monthly
        minutes = self._granted(RetainerUnit.RUN_MINUTES)
        return PlanRights(fee, minutes or 0, self._granted(RetainerUnit.CORRECTIVE_TICKETS))

    def activation_file(
        self, reference: str, acceptance: MatrixAcceptance | None
    ) -> ActivationFile:
        """Return what is settled, for the rules of activation."""
        compensation = self.compensation
        return ActivationFile(
            reference=reference,
            term=self.term,
            notice=self.notice,
            defined_calendars=self.calendar_definitions,
            acceptance=acceptance,
            perimeter=self.perimeter,
            compensates=compensation is not None,
            compensation_nature=None if compensation is None else compensation.nature,
            price=None if self.price is None else self.price.value,
        )

    def _granted(self, unit: RetainerUnit) -> int | None:
        terms = self.units.get(unit)
        return 0 if terms is None else terms.allowance.value
