"""What can be done to the forfait of a contract."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import strawberry

from helpdesk.domain.ids import ContractId, SiteId
from helpdesk.domain.period import FIRST_DAY
from helpdesk.domain.retainer_entry import LotNumber
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.graphql.contract import Contract
from helpdesk.graphql.contract_terms_input import (
    OverageInput,
    RolloverInput,
    RoundingInput,
    overage_given,
    rollover_given,
    rounding_given,
)
from helpdesk.graphql.fields import attribute, optional
from helpdesk.graphql.global_ids import id_of
from helpdesk.graphql.mutating import IDEMPOTENCY_KEY, MutationInput, Outcome, payload
from helpdesk.graphql.request import Request
from helpdesk.usecases.adjust_allowance import AdjustAllowance, adjust_allowance
from helpdesk.usecases.close_period import ClosePeriod, close_period
from helpdesk.usecases.give_gesture import GiveGesture, give_gesture
from helpdesk.usecases.grant_allowance import PLAN, GrantAllowance, grant_allowance
from helpdesk.usecases.open_retainer import OpenUnit, open_unit
from helpdesk.usecases.purchase_pack import A_YEAR, PurchasePack, purchase_pack
from helpdesk.usecases.read_models import Noun


@strawberry.input(description="A unit that a contract is to count.")
class OpenRetainerInput(MutationInput):
    """A unit that a contract is to count."""

    contract_id: strawberry.ID = attribute("The contract.")
    unit: RetainerUnit = attribute("What is counted.")
    is_unlimited: bool = optional("Whether it is counted without a limit.", default=False)
    anchor_day: int = optional("On which day of the month a period begins.", default=FIRST_DAY)
    overage: OverageInput | None = optional(
        "What becomes of work over the allowance; it waits for a quote unless said."
    )
    rollover: RolloverInput | None = optional("What is carried over; nothing unless said.")
    rounding: RoundingInput | None = optional(
        "How minutes are rounded; up to quarters of an hour, by ticket and day, unless said."
    )


@strawberry.input(description="The allowance of a period.")
class GrantAllowanceInput(MutationInput):
    """The allowance of a period."""

    contract_id: strawberry.ID = attribute("The contract.")
    unit: RetainerUnit = attribute("What is counted.")
    quantity: int = attribute("How much is granted.")
    at: datetime | None = optional("An instant of the period; that of today if left out.")
    reason: str = optional("Why, for the client to read.", "")
    name: str = optional("What tells the grants of a period apart: each is granted once.", PLAN)


@strawberry.input(description="A pack that a client bought.")
class PurchaseTimePackInput(MutationInput):
    """A pack that a client bought."""

    contract_id: strawberry.ID = attribute("The contract.")
    minutes: int = attribute("How much was bought, in minutes.")
    months: int = optional("For how many months it can be used.", default=A_YEAR)
    site_ids: list[strawberry.ID] | None = optional(
        "The sites that it can be used for; left out, all that the contract covers."
    )
    reference: str = optional("The order or the quote behind it, for the client to read.", "")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="Something that the agency offers.")
class GiveGestureInput(MutationInput):
    """Something that the agency offers."""

    contract_id: strawberry.ID = attribute("The contract.")
    unit: RetainerUnit = attribute("What is counted.")
    quantity: int = attribute("How much is offered.")
    reason: str = attribute("Why, for the client to read.")
    expires_at: datetime | None = optional(
        "Until when it can be used; left out, until the period of today ends."
    )
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="A lot that is to be put right by hand.")
class AdjustAllowanceInput(MutationInput):
    """A lot that is to be put right by hand."""

    contract_id: strawberry.ID = attribute("The contract.")
    unit: RetainerUnit = attribute("What is counted.")
    lot: int = attribute("The lot, by the number of the movement that opened it.")
    quantity: int = attribute("How much is added to it; below 0 to take away.")
    reason: str = attribute("Why, for the client to read.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="A period that is to be closed.")
class ClosePeriodInput(MutationInput):
    """A period that is to be closed."""

    contract_id: strawberry.ID = attribute("The contract.")
    at: datetime = attribute("An instant of the period.")
    unit: RetainerUnit | None = optional("What is counted; left out, every unit of the contract.")


OpenRetainerPayload = payload(
    "OpenRetainerPayload",
    "A unit that is counted from now on.",
    contract=(Contract, "The contract."),
)
GrantAllowancePayload = payload(
    "GrantAllowancePayload", "An allowance that was granted.", contract=(Contract, "The contract.")
)
PurchaseTimePackPayload = payload(
    "PurchaseTimePackPayload", "A pack that was sold.", contract=(Contract, "The contract.")
)
GiveGesturePayload = payload(
    "GiveGesturePayload", "A gesture that was given.", contract=(Contract, "The contract.")
)
AdjustAllowancePayload = payload(
    "AdjustAllowancePayload", "A lot that was adjusted.", contract=(Contract, "The contract.")
)
ClosePeriodPayload = payload(
    "ClosePeriodPayload", "A period that was closed.", contract=(Contract, "The contract.")
)


async def retainer_opened(request: Request, given: OpenRetainerInput) -> Outcome:
    """Have a contract count a unit."""
    asked = OpenUnit(_contract(given.contract_id), given.unit, given.anchor_day)
    clauses: dict[str, Any] = {  # Any: the clauses that were given
        "overage": overage_given(given.overage),
        "rollover": rollover_given(given.rollover),
        "rounding": rounding_given(given.rounding),
    }
    given_ones = {name: clause for name, clause in clauses.items() if clause is not None}
    asked = replace(asked, is_unlimited=given.is_unlimited, **given_ones)
    await open_unit(request.desk, viewer=request.viewer, request=asked)
    return {"contract": asked.contract_id}


async def allowance_granted(request: Request, given: GrantAllowanceInput) -> Outcome:
    """Grant the allowance of a period."""
    asked = GrantAllowance(
        contract_id=_contract(given.contract_id),
        unit=given.unit,
        quantity=given.quantity,
        period_of=given.at,
        reason=given.reason,
        name=given.name,
    )
    await grant_allowance(request.desk, viewer=request.viewer, request=asked)
    return {"contract": asked.contract_id}


async def pack_purchased(request: Request, given: PurchaseTimePackInput) -> Outcome:
    """Sell a pack."""
    sites = given.site_ids or []
    asked = PurchasePack(
        contract_id=_contract(given.contract_id),
        quantity=given.minutes,
        months=given.months,
        site_ids=frozenset(SiteId(id_of(Noun.SITE, one, path=("siteIds",))) for one in sites),
        reference=given.reference,
        idempotency_key=given.idempotency_key,
    )
    await purchase_pack(request.desk, viewer=request.viewer, request=asked)
    return {"contract": asked.contract_id}


async def gesture_given(request: Request, given: GiveGestureInput) -> Outcome:
    """Offer something."""
    asked = GiveGesture(
        contract_id=_contract(given.contract_id),
        unit=given.unit,
        quantity=given.quantity,
        reason=given.reason,
        expires_at=given.expires_at,
        idempotency_key=given.idempotency_key,
    )
    await give_gesture(request.desk, viewer=request.viewer, request=asked)
    return {"contract": asked.contract_id}


async def allowance_adjusted(request: Request, given: AdjustAllowanceInput) -> Outcome:
    """Put a lot right."""
    asked = AdjustAllowance(
        contract_id=_contract(given.contract_id),
        unit=given.unit,
        lot=LotNumber(given.lot),
        quantity=given.quantity,
        reason=given.reason,
        idempotency_key=given.idempotency_key,
    )
    await adjust_allowance(request.desk, viewer=request.viewer, request=asked)
    return {"contract": asked.contract_id}


async def period_closed(request: Request, given: ClosePeriodInput) -> Outcome:
    """Close a period."""
    asked = ClosePeriod(_contract(given.contract_id), given.at, given.unit)
    await close_period(request.desk, viewer=request.viewer, request=asked)
    return {"contract": asked.contract_id}


def _contract(given: strawberry.ID) -> ContractId:
    return ContractId(id_of(Noun.CONTRACT, given, path=("contractId",)))
