"""What the parties settle in a contract, as it is given to the API."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import strawberry

from helpdesk.domain.billed_time import (
    WHOLE_PERCENT,
    RateTerms,
    RoundingMode,
    RoundingScope,
    RoundingTerms,
)
from helpdesk.domain.compensation_clause import CompensationTerms
from helpdesk.domain.contract_life import Perimeter
from helpdesk.domain.contract_term import Notice
from helpdesk.domain.engagement import EngagementModel
from helpdesk.domain.money import Money
from helpdesk.domain.pack_clause import PackClause
from helpdesk.domain.plan import BillingInterval, Cover, PlanPrice, TaxBasis, TmaDimension
from helpdesk.domain.priority import MatrixAcceptance
from helpdesk.domain.retainer_terms import (
    OveragePolicy,
    OverageTerms,
    RetainerUnit,
    RolloverMode,
    RolloverTerms,
)
from helpdesk.graphql import commercial_enums  # noqa: F401 - it describes the enumerations
from helpdesk.graphql.compensation_clause import CompensationInput, clause_given
from helpdesk.graphql.contract_mutations import SlaTargetInput, wanted_target
from helpdesk.graphql.fields import attribute, optional
from helpdesk.graphql.money import MoneyInput
from helpdesk.graphql.mutating import MutationInput
from helpdesk.graphql.uptime_clause import UptimeClauseInput, uptime_given
from helpdesk.usecases.contract_terms_wanted import TermLength, WantedRates, WantedTerms, WantedUnit
from helpdesk.usecases.policy_change import PolicyChange


@strawberry.input(description="How long a contract runs.")
class TermInput:
    """How long a contract runs."""

    months: int = attribute("How many months the first term has.")
    renewal_months: int | None = optional(
        "How many months each tacit renewal has; without renewal if left out."
    )


@strawberry.input(description="How long before the end notice is given.")
class NoticeInput:
    """How long before the end notice is given."""

    months: int = optional("Months.", default=0)
    days: int = optional("And days.", default=0)


@strawberry.input(description="What a month costs.")
class PriceInput:
    """What a month costs."""

    amount: MoneyInput = attribute("The amount.")
    tax_basis: TaxBasis | None = optional(
        "Whether tax is in it; a contract is not activated without it."
    )


@strawberry.input(description="What becomes of work over an allowance.")
class OverageInput:
    """What becomes of work over an allowance."""

    policy: OveragePolicy = attribute("Who decides.")
    price: MoneyInput | None = optional("What an hour, or a ticket, costs; asked for by BILL.")


@strawberry.input(description="What is carried over of an allowance that was not used.")
class RolloverInput:
    """What is carried over."""

    mode: RolloverMode = attribute("How much.")
    cap_percent: int | None = optional("At most this share of the allowance, in percent.")
    cap_quantity: int | None = optional("At most this many tickets or minutes.")
    valid_periods: int = optional("For how many periods it can be used.", default=1)


@strawberry.input(description="What is granted of a unit for each period.")
class AllowanceInput:
    """What is granted of a unit."""

    unit: RetainerUnit = attribute("What is counted.")
    quantity: int | None = optional("How many tickets or minutes; as the plan says if left out.")
    is_unlimited: bool = optional("Whether there is no limit.", default=False)
    overage: OverageInput | None = optional("What becomes of work over it.")
    rollover: RolloverInput | None = optional("What is carried over.")


@strawberry.input(description="How minutes are rounded before they are charged.")
class RoundingInput:
    """How minutes are rounded."""

    increment: int = attribute("The minutes of a unit.")
    mode: RoundingMode = attribute("How minutes become units.")
    scope: RoundingScope = attribute("What is summed first.")
    minimum: int = optional("The least that any work comes to, in minutes.", default=0)


@strawberry.input(description="What work out of hours and on holidays counts for.")
class RatesInput:
    """What work out of hours and on holidays counts for."""

    after_hours: int = optional(
        "What work counts for while the calendar is closed, in percent.", default=WHOLE_PERCENT
    )
    holiday: int = optional("What work on a holiday counts for.", default=WHOLE_PERCENT)
    calendar_code: str = attribute("The calendar that says so, by its name in the agency.")


@strawberry.input(description="What is in a contract, and what is not.")
class PerimeterInput:
    """What is in a contract, and what is not."""

    included: list[str] = attribute("What is in it.")
    excluded: list[str] = attribute("What is not.")


@strawberry.input(description="What an hour, or a ticket, that was bought is paid back at.")
class PackRefundInput:
    """What an hour, or a ticket, that was bought is paid back at."""

    unit: RetainerUnit = attribute("Of which unit.")
    price: MoneyInput = attribute("The price of an hour of it, or of a ticket.")


@strawberry.input(description="What becomes of what was bought when the contract rests or ends.")
class PackClauseInput:
    """What becomes of what was bought when the contract rests or ends."""

    is_prolonged_by_rests: bool = optional(
        "Whether it lasts longer for the days of a rest.", default=True
    )
    refunds: list[PackRefundInput] = strawberry.field(
        description="What is paid back at the end; what is not named is lost.",
        default_factory=list,
    )


@strawberry.input(description="How the work of a dimension is paid for.")
class DimensionInput:
    """How the work of a dimension is paid for."""

    dimension: TmaDimension = attribute("The dimension.")
    cover: Cover = attribute("How it is paid for.")


@strawberry.input(description="Who accepted the matrix for the client, and when.")
class MatrixAcceptanceInput:
    """Who accepted the matrix, and when."""

    accepted_by: str = attribute("Who accepted it for the client.")
    accepted_at: datetime | None = optional("When; now if left out.")


@strawberry.input(description="Which calendar of the agency a code of a plan stands for.")
class CalendarChoiceInput:
    """Which calendar a code of a plan stands for."""

    code: str = attribute("The code in the plan.")
    calendar_code: str = attribute("The calendar of the agency.")


@strawberry.input(description="What the parties settle; what is left out stays.")
class ContractTermsInput(MutationInput):
    """What the parties settle."""

    models: list[EngagementModel] | None = optional("The engagement models.")
    term: TermInput | None = optional("How long it runs.")
    notice: NoticeInput | None = optional("How long before the end notice is given.")
    price: PriceInput | None = optional("What a month costs.")
    billing: BillingInterval | None = optional("How often the fee is invoiced.")
    allowances: list[AllowanceInput] | None = optional("What is granted for each period.")
    rounding: RoundingInput | None = optional("How minutes are rounded.")
    rates: RatesInput | None = optional("What work out of hours and on holidays counts for.")
    tells_client: bool | None = optional(
        "Whether the client is told when an allowance is used up or a pack is about to expire."
    )
    anchor_day: int | None = optional("On which day of the month a period begins.")
    perimeter: PerimeterInput | None = optional("What is in the contract, and what is not.")
    calendar_definitions: list[str] | None = optional(
        "The days and hours, as the client reads them."
    )
    packs: PackClauseInput | None = optional("What becomes of what was bought.")
    compensation: CompensationInput | None = optional("What the client gets for a broken promise.")
    uptime: UptimeClauseInput | None = optional("What is promised of availability.")
    dimensions: list[DimensionInput] | None = optional("How the work of dimensions is paid for.")
    is_hosting_sold: bool | None = optional(
        "Whether the contract sells the hosting, whose failures it covers then."
    )
    matrix_acceptance: MatrixAcceptanceInput | None = optional(
        "Who accepted the table of priorities for the client."
    )
    targets: list[SlaTargetInput] | None = optional("All that is promised.")


def terms_given(
    given: ContractTermsInput, *, now: datetime, amounts: CompensationTerms
) -> WantedTerms:
    """Return what the parties settle; `amounts` are proposed where they name none.

    Raises TermInvalid, RolloverWithoutCap, ClauseInvalid and the like.
    """
    targets = given.targets
    return WantedTerms(
        models=None if given.models is None else frozenset(given.models),
        length=None if given.term is None else term_given(given.term),
        notice=None if given.notice is None else Notice(given.notice.months, given.notice.days),
        price=price_given(given.price),
        billing=given.billing,
        units=tuple(map(_unit, given.allowances or ())),
        rounding=rounding_given(given.rounding),
        rates=_rates(given.rates),
        tells_client=given.tells_client,
        packs=_packs(given.packs),
        anchor_day=given.anchor_day,
        perimeter=_perimeter(given.perimeter),
        calendar_definitions=None
        if given.calendar_definitions is None
        else tuple(given.calendar_definitions),
        compensation=clause_given(given.compensation, amounts),
        uptime=uptime_given(given.uptime),
        dimensions={one.dimension: one.cover for one in given.dimensions or ()},
        is_hosting_sold=given.is_hosting_sold,
        acceptance=_acceptance(given.matrix_acceptance, now=now),
        policy=PolicyChange(
            targets=None if targets is None else tuple(map(wanted_target, targets))
        ),
    )


def term_given(given: TermInput) -> TermLength:
    """Return how long a contract runs."""
    return TermLength(given.months, given.renewal_months)


def price_given(given: PriceInput | None) -> PlanPrice | None:
    """Return what a month costs."""
    return None if given is None else PlanPrice(_money(given.amount), given.tax_basis)


def calendars_given(given: Iterable[CalendarChoiceInput] | None) -> Mapping[str, str]:
    """Return which calendar each code stands for."""
    return {one.code: one.calendar_code for one in given or ()}


def _money(given: MoneyInput) -> Money:
    return Money(given.cents, given.currency)


def _unit(given: AllowanceInput) -> WantedUnit:
    return WantedUnit(
        given.unit,
        given.quantity,
        is_unlimited=given.is_unlimited,
        overage=overage_given(given.overage),
        rollover=rollover_given(given.rollover),
    )


def overage_given(given: OverageInput | None) -> OverageTerms | None:
    """Return what becomes of work over an allowance."""
    if given is None:
        return None
    return OverageTerms(given.policy, None if given.price is None else _money(given.price))


def rollover_given(given: RolloverInput | None) -> RolloverTerms | None:
    """Return what is carried over. Raises RolloverWithoutCap."""
    if given is None:
        return None
    return RolloverTerms(given.mode, given.cap_percent, given.cap_quantity, given.valid_periods)


def _rates(given: RatesInput | None) -> WantedRates | None:
    if given is None:
        return None
    return WantedRates(RateTerms(given.after_hours, given.holiday), given.calendar_code)


def rounding_given(given: RoundingInput | None) -> RoundingTerms | None:
    """Return how minutes are rounded."""
    if given is None:
        return None
    return RoundingTerms(given.increment, given.mode, given.scope, given.minimum)


def _packs(given: PackClauseInput | None) -> PackClause | None:
    if given is None:
        return None
    refunds = {one.unit: _money(one.price) for one in given.refunds}
    return PackClause(given.is_prolonged_by_rests, refunds)


def _perimeter(given: PerimeterInput | None) -> Perimeter | None:
    return None if given is None else Perimeter(tuple(given.included), tuple(given.excluded))


def _acceptance(given: MatrixAcceptanceInput | None, *, now: datetime) -> MatrixAcceptance | None:
    return None if given is None else MatrixAcceptance(given.accepted_by, given.accepted_at or now)
