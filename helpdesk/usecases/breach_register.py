"""The breach register: every broken promise of a month, what follows from it, and its credits."""

from collections.abc import Mapping
from dataclasses import dataclass

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.breach import (
    AnyBreach,
    Breach,
    Consequence,
    ConsequenceKind,
    consequences_of,
    credit_subject,
    uptime_key,
)
from helpdesk.domain.compensation import CreditKey, CreditKind
from helpdesk.domain.compensation_life import Credit, CreditState
from helpdesk.domain.ids import ContractId
from helpdesk.domain.month import Month
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.month_breaches import MonthBreaches, breaches_of_month
from helpdesk.usecases.ports import Records


@dataclass(frozen=True, slots=True)
class RegisteredBreach:
    """A broken promise with what follows from it, and the credits that the reader may see."""

    consequence: Consequence
    credits: tuple[Credit, ...]


async def breach_register(
    desk: Desk, *, viewer: Viewer, contract_id: ContractId, month: Month
) -> tuple[RegisteredBreach, ...]:
    """Return the broken promises of a contract in a month, in the order in which they happened.

    A client sees each as soon as it happened, and the amount once it is approved (R-CMP 9). Raises
    ScopeMissing and NotFound.
    """
    viewer.require(Scope.CONTRACTS_READ)
    async with desk.store.reading(viewer.agency_id) as records:
        contract = await records.contracts.contract(contract_id)
        if contract is None or not viewer.sees_client(contract.client_id):
            raise NotFound(path=("contractId",), what="Contract", id=contract_id)
        breaches = await breaches_of_month(desk, records, contract, month)
        return await registered(records, breaches, viewer)


async def registered(
    records: Records, breaches: MonthBreaches, viewer: Viewer
) -> tuple[RegisteredBreach, ...]:
    """Return the register of breaches that were read already, as a viewer may see it."""
    found: dict[CreditKey, list[Credit]] = {}
    for credit in await records.credits.credits_of_month(breaches.contract.id, breaches.month):
        is_live = credit.state is not CreditState.SUPERSEDED
        if is_live and (viewer.is_of_agency or credit.is_amount_shown):
            found.setdefault(credit.calculation.key, []).append(credit)
    return tuple(
        RegisteredBreach(consequence, _credits(consequence, breaches, found))
        for consequence in consequences_of(breaches.all)
    )


def _credits(
    consequence: Consequence,
    breaches: MonthBreaches,
    found: Mapping[CreditKey, list[Credit]],
) -> tuple[Credit, ...]:
    if consequence.kind is not ConsequenceKind.CREDIT:
        return ()
    key = _key(consequence.breach, breaches.contract.id, breaches.month)
    return tuple(found.get(key, ()))


def _key(breach: AnyBreach, contract_id: ContractId, month: Month) -> CreditKey:
    if isinstance(breach, Breach):
        return CreditKey(contract_id, CreditKind.P0_RESOLUTION, credit_subject(breach), month)
    return uptime_key(contract_id, month)
