"""The amounts of a clause of compensation: as they are read, and as they are given."""

from decimal import Decimal, InvalidOperation

import strawberry

from helpdesk.domain.commercial_terms import CompensationClause as Clause
from helpdesk.domain.compensation_clause import (
    ApprovalClause,
    CompensationCap,
    CompensationTerms,
    ResolutionCredit,
    ResolutionMode,
    SameIncident,
    UptimeCredit,
    UptimeMode,
    UptimeTier,
)
from helpdesk.domain.contract_life import CompensationNature
from helpdesk.domain.money import Money as Amount
from helpdesk.domain.plan import Origin
from helpdesk.domain.sla_policy import ClauseInvalid
from helpdesk.graphql import commercial_enums, compensation_enums  # noqa: F401 - they describe them
from helpdesk.graphql.fields import attribute, optional
from helpdesk.graphql.money import Money, MoneyInput
from helpdesk.usecases.compensation_wanted import WantedAmounts

_ORIGIN = "Why it is so."
_SOURCE = "Where that is read."
_PERCENT = "in percent, such as `5` or `99.5`"


@strawberry.type(description="What a late resolution of a P0 is worth.")
class ResolutionCreditClause:
    """What a late resolution of a P0 is worth."""

    mode: ResolutionMode = attribute("How it is computed.")
    percent_per_hour: str = attribute(f"The part of the fee for an hour over, {_PERCENT}.")
    fixed: Money | None = attribute("The amount before tax; absent unless it is fixed.")
    origin: Origin = attribute(_ORIGIN)
    source: str = attribute(_SOURCE)


@strawberry.type(description="From which availability on a month is worth how much.")
class UptimeCreditTier:
    """A tier."""

    floor: str = attribute(f"From this availability on, this one included, {_PERCENT}.")
    credit: str = attribute(f"The part of the fee, {_PERCENT}.")


@strawberry.type(description="What a month below the promised availability is worth.")
class UptimeCreditClause:
    """What a month below the promised availability is worth."""

    mode: UptimeMode = attribute("How it is computed.")
    tiers: list[UptimeCreditTier] = attribute(
        "The tiers, the best first; the last one counts below its floor as well.", points=3
    )
    percent_per_step: str = attribute(f"The part of the fee for each step, {_PERCENT}.")
    step: str = attribute("How many points of availability a step has.")
    origin: Origin = attribute(_ORIGIN)
    source: str = attribute(_SOURCE)


@strawberry.type(description="What is paid when one incident breaks two promises.")
class SameIncidentClause:
    """What is paid when one incident breaks two promises."""

    rule: SameIncident = attribute("What is paid.")
    origin: Origin = attribute(_ORIGIN)
    source: str = attribute(_SOURCE)


@strawberry.type(description="The most that credits come to.")
class CompensationCapClause:
    """The most that credits come to."""

    monthly_percent: str | None = attribute(
        "Of the fee of the month, over all its credits; absent without such a cap."
    )
    yearly_percent: str | None = attribute(
        "Of the fee of a year of the contract; absent without such a cap."
    )
    may_terminate: bool = attribute("Whether the client may leave once the yearly cap is used up.")
    origin: Origin = attribute(_ORIGIN)
    source: str = attribute(_SOURCE)


@strawberry.type(description="Who lets a credit through.")
class CreditApprovalClause:
    """Who lets a credit through."""

    second_above: Money | None = attribute(
        "Above this amount two people approve; absent when one is always enough."
    )
    automatic_below: Money | None = attribute(
        "Below this amount nobody has to approve; absent when somebody always has to."
    )
    excludes_agent: bool = attribute(
        "Whether the agent of the breached ticket leaves the approval to others."
    )
    origin: Origin = attribute(_ORIGIN)
    source: str = attribute(_SOURCE)


@strawberry.type(description="How much a broken promise is worth, each clause with its origin.")
class CompensationAmounts:
    """How much a broken promise is worth."""

    resolution: ResolutionCreditClause = attribute("A P0 that is resolved too late.")
    uptime: UptimeCreditClause = attribute("A month below the promised availability.")
    same_incident: SameIncidentClause = attribute("One incident that breaks both.")
    cap: CompensationCapClause = attribute("The most that credits come to.")
    approval: CreditApprovalClause = attribute("Who lets a credit through.")


@strawberry.type(description="What the client gets for a broken promise.")
class CompensationClause:
    """What the client gets for a broken promise."""

    text: str = attribute("In the words of the contract.")
    nature: CompensationNature | None = attribute("What it is in law; absent until it is chosen.")
    amounts: CompensationAmounts | None = attribute(
        "How much; absent in a clause that names no amount: a breach is recorded then."
    )


@strawberry.input(description="What a late resolution of a P0 is worth.")
class ResolutionCreditInput:
    """What a late resolution of a P0 is worth."""

    mode: ResolutionMode = attribute("How it is computed.")
    percent_per_hour: str = optional(
        f"The part of the fee for an hour over, {_PERCENT}.", default="0"
    )
    fixed: MoneyInput | None = optional("The amount before tax; asked for by FIXED.")


@strawberry.input(description="From which availability on a month is worth how much.")
class UptimeCreditTierInput:
    """A tier."""

    floor: str = attribute(f"From this availability on, this one included, {_PERCENT}.")
    credit: str = attribute(f"The part of the fee, {_PERCENT}.")


@strawberry.input(description="What a month below the promised availability is worth.")
class UptimeCreditInput:
    """What a month below the promised availability is worth."""

    mode: UptimeMode = attribute("How it is computed.")
    tiers: list[UptimeCreditTierInput] | None = optional(
        "The tiers, the best first; asked for by TIERS."
    )
    percent_per_step: str = optional(f"The part of the fee for each step, {_PERCENT}.", default="0")
    step: str = optional("How many points of availability a step has.", default="0.1")


@strawberry.input(description="The most that credits come to; what is left out bounds nothing.")
class CompensationCapInput:
    """The most that credits come to."""

    monthly_percent: str | None = optional("Of the fee of the month, over all its credits.")
    yearly_percent: str | None = optional("Of the fee of a year of the contract.")
    may_terminate: bool = optional(
        "Whether the client may leave once the yearly cap is used up.", default=False
    )


@strawberry.input(description="Who lets a credit through; one approval unless said.")
class CreditApprovalInput:
    """Who lets a credit through."""

    second_above: MoneyInput | None = optional("Above this amount two people approve.")
    automatic_below: MoneyInput | None = optional("Below this amount nobody has to.")
    excludes_agent: bool = optional(
        "Whether the agent of the breached ticket leaves the approval to others.", default=False
    )


@strawberry.input(
    description="What the client gets for a broken promise. Amounts that are left out are the "
    "preset's: 5 % of the fee for each started hour over, 10, 25 or 50 % for a month below 99.5, "
    "99 or 95 %, half of the fee at most."
)
class CompensationInput:
    """What the client gets for a broken promise."""

    text: str = attribute("In the words of the contract.")
    nature: CompensationNature | None = optional(
        "What it is in law; a contract is not activated without it."
    )
    resolution: ResolutionCreditInput | None = optional("A P0 that is resolved too late.")
    uptime: UptimeCreditInput | None = optional("A month below the promised availability.")
    same_incident: SameIncident | None = optional("One incident that breaks both.")
    cap: CompensationCapInput | None = optional("The most that credits come to.")
    approval: CreditApprovalInput | None = optional("Who lets a credit through.")


def clause_given(given: CompensationInput | None, proposed: CompensationTerms) -> Clause | None:
    """Return the clause that the parties agreed on over what is proposed. Raises ClauseInvalid."""
    if given is None:
        return None
    wanted = WantedAmounts(
        resolution=_resolution(given.resolution),
        uptime=_uptime(given.uptime),
        same_incident=given.same_incident,
        cap=_cap(given.cap),
        approval=_approval(given.approval),
    )
    return Clause(given.text, given.nature, wanted.over(proposed))


def _resolution(given: ResolutionCreditInput | None) -> ResolutionCredit | None:
    if given is None:
        return None
    percent = _percent("percentPerHour", given.percent_per_hour)
    return ResolutionCredit(given.mode, percent, _money(given.fixed))


def _uptime(given: UptimeCreditInput | None) -> UptimeCredit | None:
    if given is None:
        return None
    tiers = tuple(
        UptimeTier(_percent("floor", tier.floor), _percent("credit", tier.credit))
        for tier in given.tiers or ()
    )
    return UptimeCredit(
        given.mode,
        tiers,
        _percent("percentPerStep", given.percent_per_step),
        _percent("step", given.step),
    )


def _cap(given: CompensationCapInput | None) -> CompensationCap | None:
    if given is None:
        return None
    monthly, yearly = given.monthly_percent, given.yearly_percent
    return CompensationCap(
        None if monthly is None else _percent("monthlyPercent", monthly),
        None if yearly is None else _percent("yearlyPercent", yearly),
        given.may_terminate,
    )


def _approval(given: CreditApprovalInput | None) -> ApprovalClause | None:
    if given is None:
        return None
    return ApprovalClause(
        _money(given.second_above), _money(given.automatic_below), given.excludes_agent
    )


def _money(given: MoneyInput | None) -> Amount | None:
    return None if given is None else Amount(given.cents, given.currency)


def _percent(name: str, given: str) -> Decimal:
    """Return a percentage; a text that is none is refused by its name."""
    try:
        percent = Decimal(given)
    except InvalidOperation:
        percent = Decimal("NaN")
    if not percent.is_finite():
        raise ClauseInvalid(path=(name,), clause=name, value=given[:20], allowed="99.5") from None
    return percent
