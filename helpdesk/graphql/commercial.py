"""What plans and contracts grant and cost, each value with its origin."""

from datetime import date, datetime

import strawberry

from helpdesk.domain.billed_time import RoundingMode, RoundingScope
from helpdesk.domain.contract_facts import ContractFactKind
from helpdesk.domain.engagement import EngagementModel
from helpdesk.domain.plan import BillingInterval, Cover, Origin, TaxBasis, TmaDimension
from helpdesk.domain.retainer_terms import OveragePolicy, RetainerUnit, RolloverMode
from helpdesk.graphql import commercial_enums  # noqa: F401 - it describes the enumerations
from helpdesk.graphql.compensation_clause import CompensationClause
from helpdesk.graphql.fields import attribute
from helpdesk.graphql.money import Money
from helpdesk.graphql.scalars import LocaleCode
from helpdesk.graphql.uptime_clause import UptimeClause

_ORIGIN = "Why it is so."
_SOURCE = "Where it is written."


@strawberry.type(description="What a month costs.")
class MonthlyPrice:
    """What a month costs."""

    amount: Money = attribute("The amount.")
    tax_basis: TaxBasis | None = attribute("Whether tax is in it; absent where nobody says.")
    origin: Origin = attribute(_ORIGIN)
    source: str = attribute(_SOURCE)


@strawberry.type(description="How often the fee is invoiced.")
class BillingClause:
    """How often the fee is invoiced."""

    interval: BillingInterval = attribute("How often.")
    origin: Origin = attribute(_ORIGIN)
    source: str = attribute(_SOURCE)


@strawberry.type(description="What is granted of a unit for each period.")
class Allowance:
    """What is granted of a unit."""

    unit: RetainerUnit = attribute("What is counted.")
    quantity: int | None = attribute("How many tickets or minutes; absent without a limit.")
    is_unlimited: bool = attribute("Whether it is counted and never refused.")
    origin: Origin = attribute(_ORIGIN)
    source: str = attribute(_SOURCE)


@strawberry.type(description="What is carried over of an allowance that was not used.")
class RolloverClause:
    """What is carried over."""

    mode: RolloverMode = attribute("How much.")
    cap_percent: int | None = attribute("At most this share of the allowance, in percent.")
    cap_quantity: int | None = attribute("At most this many tickets or minutes.")
    valid_periods: int = attribute("For how many periods it can be used.")


@strawberry.type(description="An allowance of a contract, and what becomes of too much of it.")
class AllowanceTerms:
    """An allowance of a contract."""

    allowance: Allowance = attribute("What is granted.")
    overage: OveragePolicy = attribute("Who decides about what is over it.")
    overage_price: Money | None = attribute(
        "What an hour, or a ticket, over it costs; absent where none was agreed."
    )
    rollover: RolloverClause = attribute("What is carried over.")


@strawberry.type(description="How the work of a dimension is paid for.")
class DimensionClause:
    """How the work of a dimension is paid for."""

    dimension: TmaDimension = attribute("The dimension.")
    cover: Cover = attribute("How it is paid for.")
    origin: Origin = attribute(_ORIGIN)
    source: str = attribute(_SOURCE)


@strawberry.type(description="A service, by its name.")
class ServiceClause:
    """A service."""

    name: str = attribute("Which service, such as `uptimeMonitoring` or `backup`.")
    value: str = attribute(
        "`true`, `false`, a level, several levels with commas, or how often, such as `1/DAY`; "
        "`none` where the source excludes it."
    )
    origin: Origin = attribute(_ORIGIN)
    source: str = attribute(_SOURCE)


@strawberry.type(description="A line of what a plan contains, in the words of its source.")
class PlanContent:
    """A line of what a plan contains."""

    text: str = attribute("The words.")
    plan_code: str = attribute("The plan that it comes from.")


@strawberry.type(description="A text in one language.")
class LocalText:
    """A text in one language."""

    locale: LocaleCode = attribute("The language.")
    text: str = attribute("The text.")


@strawberry.type(description="A plan that contracts are made from; they keep a copy of it.")
class Plan:
    """A plan that contracts are made from."""

    code: str = attribute("The name by which contracts are made from it.")
    family: str = attribute("The source of the plan, which keeps plans of one name apart.")
    version: int = attribute("The version of the plan.")
    labels: list[LocalText] = attribute("What people call it.", points=2)
    source: str = attribute("Where the plan is written.")
    includes: str | None = attribute("The plan that it includes; absent without one.")
    contents: list[PlanContent] = attribute("What it contains.", points=10)
    price: MonthlyPrice | None = attribute("What it costs; absent where its source has no price.")
    unpriced_because: str | None = attribute("Why it has no price; absent where it has one.")
    commitment_months: int | None = attribute("How long one commits; absent where nobody says.")
    billing: BillingClause | None = attribute("How often it is invoiced; absent likewise.")
    allowances: list[Allowance] = attribute("What it grants for each period.", points=3)
    dimensions: list[DimensionClause] = attribute("What it covers.", points=5)
    missing_dimensions: list[TmaDimension] = attribute("What it leaves out.")
    is_maintenance: bool = attribute("Whether more than repairs is covered.")
    services: list[ServiceClause] = attribute("Its services.", points=10)
    calendar_codes: list[str] = attribute("The calendars that its promises count on.")


@strawberry.type(description="What is in a contract, and what is not.")
class Perimeter:
    """What is in a contract, and what is not."""

    included: list[str] = attribute("What is in it.")
    excluded: list[str] = attribute("What is not.")


@strawberry.type(description="How long before the end notice is given.")
class NoticeClause:
    """How long before the end notice is given."""

    months: int = attribute("Months.")
    days: int = attribute("And days.")


@strawberry.type(description="How long a contract runs.")
class TermClause:
    """How long a contract runs."""

    anchor: date = attribute("The first day, from which every term is counted.")
    months: int = attribute("How many months the first term has.")
    renewal_months: int | None = attribute(
        "How many months each tacit renewal has; absent without renewal."
    )


@strawberry.type(description="How minutes are rounded before they are charged.")
class RoundingClause:
    """How minutes are rounded."""

    increment: int = attribute("The minutes of a unit.")
    mode: RoundingMode = attribute("How minutes become units.")
    scope: RoundingScope = attribute("What is summed first.")
    minimum: int = attribute("The least that any work comes to, in minutes.")


@strawberry.type(description="What an hour, or a ticket, that was bought is paid back at.")
class PackRefund:
    """What an hour, or a ticket, that was bought is paid back at."""

    unit: RetainerUnit = attribute("Of which unit.")
    price: Money = attribute("The price of an hour of it, or of a ticket.")


@strawberry.type(description="What becomes of what was bought when a contract rests or ends.")
class PackClause:
    """What becomes of what was bought when a contract rests or ends."""

    is_prolonged_by_rests: bool = attribute("Whether it lasts longer for the days of a rest.")
    refunds: list[PackRefund] = attribute(
        "What is paid back at the end; what is not named is lost.", points=2
    )


@strawberry.type(description="What work out of hours and on holidays counts for.")
class RateClause:
    """What work out of hours and on holidays counts for."""

    after_hours: int = attribute("What work counts for while the calendar is closed, in percent.")
    holiday: int = attribute("What work on a holiday counts for, in percent; the higher one wins.")
    calendar_code: str = attribute("The calendar that says so, by its name in the agency.")
    origin: Origin = attribute(_ORIGIN)
    source: str = attribute(_SOURCE)


@strawberry.type(description="What a contract is sold by, in one version of its terms.")
class CommercialTerms:
    """What a contract is sold by."""

    models: list[EngagementModel] = attribute("The engagement models.")
    plan_version: int | None = attribute(
        "The version of the plan that was copied; absent for terms that follow no plan."
    )
    term: TermClause = attribute("How long the contract runs.")
    notice: NoticeClause | None = attribute("The notice; absent while none is agreed.")
    price: MonthlyPrice | None = attribute("The fee; absent without one.")
    billing: BillingClause | None = attribute("How often it is invoiced; absent likewise.")
    anchor_day: int = attribute("On which day of the month a period begins.")
    allowances: list[AllowanceTerms] = attribute("What is granted for each period.", points=3)
    rounding: RoundingClause = attribute("How minutes are rounded.")
    rates: RateClause | None = attribute(
        "What work out of hours and on holidays counts for; absent where every minute counts once."
    )
    tells_client: bool = attribute(
        "Whether the client is told when an allowance is used up or a pack is about to expire."
    )
    packs: PackClause = attribute("What becomes of what was bought.")
    dimensions: list[DimensionClause] = attribute("What is covered.", points=5)
    services: list[ServiceClause] = attribute("The services.", points=10)
    contents: list[PlanContent] = attribute("What the plan contains.", points=10)
    perimeter: Perimeter = attribute("What is in the contract, and what is not.")
    calendar_definitions: list[str] = attribute("The days and hours, as the client reads them.")
    compensation: CompensationClause | None = attribute(
        "What the client gets for a broken promise; absent without such a clause.", points=3
    )
    uptime: UptimeClause = attribute("What is promised of availability.")


@strawberry.type(description="A quantity of a unit of the forfait.")
class FactQuantity:
    """A quantity of a unit of the forfait."""

    unit: RetainerUnit = attribute("The unit.")
    quantity: int | None = attribute("How much; absent when it became unlimited.")


@strawberry.type(description="What happened to a contract.")
class ContractFact:
    """What happened to a contract."""

    sequence: int = attribute("Its number in the history of the contract.")
    kind: ContractFactKind = attribute("What happened.")
    at: datetime = attribute("When it was written down.")
    day: date = attribute("From which day it counts.")
    until: date | None = attribute(
        "The first day after a term that began, after the contract when notice was given, or after "
        "the term before whose renewal the client was informed."
    )
    actor_name: str = attribute("Who did it.")
    reason: str = attribute("Why, or who was informed; it may be empty.")
    amount: Money | None = attribute("What is charged or paid back for it; absent without money.")
    quantities: list[FactQuantity] = attribute("What was granted, lost or paid back.", points=2)


@strawberry.type(description="A term of a contract that began.")
class ContractTermRecord:
    """A term of a contract that began."""

    number: int = attribute("Its number, from 1.")
    starts_on: date = attribute("Its first day.")
    ends_on: date = attribute("The first day after it.")


@strawberry.type(description="The days on which a contract rests.")
class ContractSuspension:
    """The days on which a contract rests."""

    starts_on: date = attribute("The first day.")
    ends_on: date | None = attribute("The first day of service after it; absent while it lasts.")
    reason: str = attribute("Why.")
    decided_by: str = attribute("Who decided it.")


@strawberry.type(description="What a change of plan costs and gives.")
class PlanChange:
    """What a change of plan costs and gives."""

    effective_on: date = attribute("From which day it holds.")
    charge: Money = attribute("What is charged for the rest of the present period.")
    extra_minutes: int = attribute("The minutes that are added to it.")
    extra_tickets: int | None = attribute("The tickets likewise; absent when they are unlimited.")
