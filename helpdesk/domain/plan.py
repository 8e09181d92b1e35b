"""A plan (forfait): what it grants, what it costs, and where each of its values comes from."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Generic, TypeVar

from helpdesk.domain.errors import ErrorCode, HelpdeskError, Locale
from helpdesk.domain.money import Money
from helpdesk.domain.retainer_terms import RetainerUnit

T_co = TypeVar("T_co", covariant=True)

Text = Mapping[Locale, str]


class Origin(StrEnum):
    """Why a value is what it is: written in a source, resolved between two, or proposed by us.

    AGREED is what the parties of one contract settled: it wins over all of them.
    """

    SOURCE = "source"
    RESOLUTION = "resolution"
    PROPOSAL = "proposal"
    AGREED = "agreed"


@dataclass(frozen=True, slots=True)
class Sourced(Generic[T_co]):
    """A value with its origin and where to read it, for the contract page and the report."""

    value: T_co
    origin: Origin
    source: str


class TmaDimension(StrEnum):
    """The five dimensions of application maintenance (TMA), in the guide's order (002 §02)."""

    CORRECTIVE = "CORRECTIVE"
    PREVENTIVE = "PREVENTIVE"
    SECURITY = "SECURITY"
    MONITORING = "MONITORING"
    EVOLUTION = "EVOLUTION"


class Cover(StrEnum):
    """How the work of a dimension is paid for: by the fee, by hour packs, by the hour, not at all.

    NOT_COVERED means that a quote is needed first.
    """

    INCLUDED = "INCLUDED"
    TIME_CREDIT = "TIME_CREDIT"
    PAY_PER_USE = "PAY_PER_USE"
    NOT_COVERED = "NOT_COVERED"


class ReportLevel(StrEnum):
    """How much of the monthly report the client gets; its data are kept at every level (X-12)."""

    NONE = "NONE"
    SIMPLIFIED = "SIMPLIFIED"
    DETAILED = "DETAILED"


class SecurityUpdates(StrEnum):
    """When security updates are applied."""

    URGENT = "URGENT"
    MONTHLY = "MONTHLY"
    CONTINUOUS = "CONTINUOUS"


class Every(StrEnum):
    """The time in which something is done so many times."""

    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"
    QUARTER = "QUARTER"


class TaxBasis(StrEnum):
    """Whether a price is without tax or with it (hors taxes, toutes taxes comprises)."""

    HT = "HT"
    TTC = "TTC"


class BillingInterval(StrEnum):
    """How often the fee is invoiced; a monthly price may be invoiced once a year (REQ-E17)."""

    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


class PlanInvalid(HelpdeskError):
    """A plan is copied into contracts, so a slip in it would be repeated in each of them."""

    code: ClassVar[ErrorCode] = ErrorCode.PLAN_INVALID
    english: ClassVar[str] = "Plan {plan} makes no sense: {why}."
    french: ClassVar[str] = "Le forfait {plan} n'a pas de sens : {why}."


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often something is done: `times` in each `every`."""

    times: int
    every: Every


@dataclass(frozen=True, slots=True)
class PlanPrice:
    """What a plan costs a month; `tax_basis` is None where nobody says (X-20).

    A contract is not activated before its tax basis is known.
    """

    monthly: Money
    tax_basis: TaxBasis | None


@dataclass(frozen=True, slots=True)
class PlanContent:
    """A line of what a plan contains, in the words of its source, and the plan it comes from."""

    text: str
    plan_code: str


@dataclass(frozen=True, slots=True)
class PlanServices:
    """The services of a plan (REQ-E27); None where its source is silent.

    `backup` is how often a copy is made, `verified_backup` how often one is proved to be readable
    (X-30). A rhythm of None inside a value means that the source excludes the service.
    `availability` is the least share of a month that is promised, in percent.
    """

    uptime_monitoring: Sourced[bool] | None = None
    sms_alerts: Sourced[bool] | None = None
    security_updates: Sourced[frozenset[SecurityUpdates]] | None = None
    preventive_updates: Sourced[Rhythm | None] | None = None
    report: Sourced[ReportLevel] | None = None
    backup: Sourced[Rhythm | None] | None = None
    verified_backup: Sourced[Rhythm | None] | None = None
    staging: Sourced[bool] | None = None
    performance: Sourced[bool] | None = None
    hack_cleanup: Sourced[bool] | None = None
    account_manager: Sourced[bool] | None = None
    hosting: Sourced[bool] | None = None
    availability: Sourced[Decimal] | None = None

    def over(self, included: "PlanServices") -> "PlanServices":
        """Return these services, and those of the included plan where these are silent."""
        silent = [each.name for each in fields(self) if getattr(self, each.name) is None]
        return replace(self, **{name: getattr(included, name) for name in silent})


@dataclass(frozen=True, slots=True)
class Plan:
    """What a plan grants and costs, in one version: a contract copies it and keeps that version.

    An allowance is a number of tickets or minutes for each period, never turned into another unit
    (X-24); None is unlimited: counted, never refused (X-25). Without a price,
    `unpriced_because` says why. The promises of delay stand in the terms of the contract. Raises
    PlanInvalid.
    """

    code: str
    version: int
    label: Text
    source: str
    contents: tuple[PlanContent, ...]
    includes: str | None = None
    price: Sourced[PlanPrice] | None = None
    unpriced_because: str | None = None
    commitment_months: Sourced[int] | None = None
    billing: Sourced[BillingInterval] | None = None
    allowances: Mapping[RetainerUnit, Sourced[int | None]] = field(default_factory=dict)
    services: PlanServices = PlanServices()
    dimensions: Mapping[TmaDimension, Sourced[Cover]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a plan that nobody could sell."""
        family, dot, name = self.code.partition(".")
        if not (family and dot and name):
            raise PlanInvalid(plan=self.code, why="its code names no family (X-19)")
        if (self.price is None) is (self.unpriced_because is None):
            raise PlanInvalid(plan=self.code, why="it has a price or a reason for none")
        for unit, allowance in self.allowances.items():
            if allowance.value is not None and allowance.value < 0:
                raise PlanInvalid(plan=self.code, why=f"{unit} is below 0")

    @property
    def family(self) -> str:
        """The source of the plan, which keeps three plans called Essentiel apart (X-19)."""
        return self.code.partition(".")[0]

    def grants(self, unit: RetainerUnit) -> bool:
        """Return whether the plan grants anything of a unit: some of it, or without limit."""
        allowance = self.allowances.get(unit)
        return allowance is not None and allowance.value != 0

    def cover(self, dimension: TmaDimension) -> Cover:
        """Return how the work of a dimension is paid for; not covered where nobody says it is."""
        known = self.dimensions.get(dimension)
        return Cover.NOT_COVERED if known is None else known.value

    def missing_dimensions(self) -> tuple[TmaDimension, ...]:
        """Return the dimensions that a contract on this plan leaves out (REQ-A06)."""
        return tuple(one for one in TmaDimension if self.cover(one) is Cover.NOT_COVERED)

    @property
    def is_maintenance(self) -> bool:
        """Whether more than repairs is covered: being reactive is no TMA (002 §02, REQ-A06)."""
        covered = set(TmaDimension).difference(self.missing_dimensions())
        return bool(covered - {TmaDimension.CORRECTIVE})

    def agreed(
        self,
        *,
        covers: Mapping[TmaDimension, Cover],
        allowances: Mapping[RetainerUnit, int | None],
        reference: str,
    ) -> "Plan":
        """Return the plan as one contract copies it: what its parties agreed wins over the plan.

        `reference` is the clause or the amendment that a reader of the contract page looks up.
        """
        cover = {one: Sourced(how, Origin.AGREED, reference) for one, how in covers.items()}
        granted = {
            unit: Sourced(quantity, Origin.AGREED, reference)
            for unit, quantity in allowances.items()
        }
        return replace(
            self,
            allowances={**self.allowances, **granted},
            dimensions={**self.dimensions, **cover},
        )

    def including(self, included: "Plan") -> "Plan":
        """Return the plan with all that the included one contains; its own values win (REQ-E09).

        The price is never inherited: the larger plan has its own or none.
        """
        return replace(
            self,
            contents=(*included.contents, *self.contents),
            commitment_months=self.commitment_months or included.commitment_months,
            billing=self.billing or included.billing,
            allowances={**included.allowances, **self.allowances},
            services=self.services.over(included.services),
            dimensions={**included.dimensions, **self.dimensions},
        )


def with_included(plans: Mapping[str, Plan]) -> Mapping[str, Plan]:
    """Return the plans, each with all that the plans it includes contain, at any depth.

    Raises PlanInvalid for a plan that is unknown, or that includes itself.
    """
    return {code: _resolved(code, plans, seen=()) for code in plans}


def _resolved(code: str, plans: Mapping[str, Plan], *, seen: Collection[str]) -> Plan:
    plan = plans[code]
    if plan.includes is None:
        return plan
    if plan.includes not in plans:
        raise PlanInvalid(plan=code, why=f"it includes {plan.includes}, which is unknown")
    seen = (*seen, code)
    if plan.includes in seen:
        raise PlanInvalid(plan=code, why="it includes itself")
    return plan.including(_resolved(plan.includes, plans, seen=seen))
