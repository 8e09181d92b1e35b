"""A contract of which notice was given is over."""

from typing import ClassVar

from helpdesk.domain.access import Viewer
from helpdesk.domain.contract import Contract
from helpdesk.domain.contract_facts import ContractFactKind
from helpdesk.domain.contract_life import ContractStep, stepped
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import ContractId
from helpdesk.usecases.contract_step import ContractInHand, manageable
from helpdesk.usecases.desk import Desk


class ContractStillRuns(HelpdeskError):
    """Service is due until the last day that was agreed."""

    code: ClassVar[ErrorCode] = ErrorCode.TRANSITION_REFUSED
    english: ClassVar[str] = "Contract {reference} runs until {ends_on}: end it from that day on."
    french: ClassVar[str] = (
        "Le contrat {reference} court jusqu'au {ends_on} : mettez-y fin à partir de ce jour."
    )


async def end_contract(desk: Desk, *, viewer: Viewer, contract_id: ContractId) -> Contract:
    """Record that a contract is over and return it: no request falls under it any more.

    Raises NotFound, ManagersOnly, ContractStepRefused, ContractStillRuns.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        held = await manageable(desk, records, viewer, contract_id)
        await end(held)
        return held.contract


async def end(held: ContractInHand) -> None:
    """Record that the contract in hand is over. Raises as `end_contract` does."""
    ended = stepped(held.contract, ContractStep.END)
    ends_on = ended.ends_on
    if ends_on is None or held.today < ends_on:
        raise ContractStillRuns(reference=ended.reference, ends_on=ends_on)
    await held.become(ended)
    await held.note(ContractFactKind.ENDED, ends_on)
