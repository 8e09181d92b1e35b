"""What can be done in the life of a contract."""

from datetime import date

import strawberry

from helpdesk.domain.engagement import EngagementModel
from helpdesk.domain.ids import ClientId, ContractId, SiteId
from helpdesk.graphql.commercial import PlanChange
from helpdesk.graphql.contract import Contract
from helpdesk.graphql.contract_terms_input import (
    CalendarChoiceInput,
    ContractTermsInput,
    PriceInput,
    TermInput,
    calendars_given,
    price_given,
    term_given,
    terms_given,
)
from helpdesk.graphql.fields import attribute, optional
from helpdesk.graphql.global_ids import id_of
from helpdesk.graphql.mutating import MutationInput, Outcome, payload
from helpdesk.graphql.request import Request
from helpdesk.usecases.activate_contract import activate_contract
from helpdesk.usecases.change_plan import ChangePlan, change_plan
from helpdesk.usecases.contract_terms_wanted import WantedTerms
from helpdesk.usecases.create_contract import CreateContract, create_contract
from helpdesk.usecases.end_contract import end_contract
from helpdesk.usecases.give_notice import GiveNotice, give_notice
from helpdesk.usecases.read_models import Noun
from helpdesk.usecases.renew_contract import renew_contract
from helpdesk.usecases.resume_contract import resume_contract
from helpdesk.usecases.revise_contract import ReviseContract, revise_contract
from helpdesk.usecases.shown_contracts import change_thing
from helpdesk.usecases.suspend_contract import SuspendContract, suspend_contract


@strawberry.input(
    description="A contract to draft: from a plan, whose values are copied into it, or on free "
    "terms. What is given here wins over the plan."
)
class CreateContractInput(ContractTermsInput):
    """A contract to draft."""

    client_id: strawberry.ID = attribute("With whom it is agreed.")
    reference: str = attribute("The reference on paper, one of a kind in the agency.")
    name: str = attribute("What people call the contract.")
    starts_on: date = attribute("The first day of the contract.")
    models: list[EngagementModel] = attribute("The engagement models, one at least.")
    term: TermInput = attribute("How long it runs.")
    site_ids: list[strawberry.ID] | None = optional(
        "The sites that it names; it covers every site of the client if left out."
    )
    plan_code: str | None = optional("The plan that is copied; free terms if left out.")
    calendars: list[CalendarChoiceInput] | None = optional(
        "Which calendar each code of the plan stands for, where it is not the one of that code."
    )
    internal_note: str = optional("What no client reads.", default="")


@strawberry.input(description="What was settled about a draft; what is left out stays.")
class ReviseContractInput(ContractTermsInput):
    """What was settled about a draft."""

    contract_id: strawberry.ID = attribute("The draft.")


@strawberry.input(description="A draft to put in force.")
class ActivateContractInput(MutationInput):
    """A draft to put in force."""

    contract_id: strawberry.ID = attribute("The contract.")


@strawberry.input(description="A contract whose rest ends today.")
class ResumeContractInput(MutationInput):
    """A contract whose rest ends today."""

    contract_id: strawberry.ID = attribute("The contract.")


@strawberry.input(description="A contract that is over.")
class EndContractInput(MutationInput):
    """A contract that is over."""

    contract_id: strawberry.ID = attribute("The contract.")


@strawberry.input(description="A contract whose terms are to be recorded.")
class RenewContractInput(MutationInput):
    """A contract whose terms are to be recorded."""

    contract_id: strawberry.ID = attribute("The contract.")


@strawberry.input(description="A contract that rests from today on.")
class SuspendContractInput(MutationInput):
    """A contract that rests from today on."""

    contract_id: strawberry.ID = attribute("The contract.")
    reason: str = attribute("Why; the client reads it.")


@strawberry.input(description="A contract of which notice is given today.")
class GiveNoticeInput(MutationInput):
    """A contract of which notice is given today."""

    contract_id: strawberry.ID = attribute("The contract.")
    reason: str = optional("Who gave it and why; it may be left out.", default="")


@strawberry.input(description="A contract that gets another plan.")
class ChangePlanInput(MutationInput):
    """A contract that gets another plan."""

    contract_id: strawberry.ID = attribute("The contract.")
    plan_code: str = attribute("The plan that is copied.")
    on: date | None = optional(
        "From which day an upgrade holds, today if left out; a downgrade waits for the next period."
    )
    price: PriceInput | None = optional("The price, where the plan names none or another one.")
    calendars: list[CalendarChoiceInput] | None = optional(
        "Which calendar each code of the plan stands for, where it is not the one of that code."
    )


def _payload(name: str, description: str) -> type:
    # mypy: a payload is a type made at run time
    made: type = payload(name, description, contract=(Contract, "The contract."))
    return made


CreateContractPayload = _payload("CreateContractPayload", "A contract that was drafted.")
ReviseContractPayload = _payload("ReviseContractPayload", "A draft that says more.")
ActivateContractPayload = _payload("ActivateContractPayload", "A contract in force.")
SuspendContractPayload = _payload("SuspendContractPayload", "A contract that rests.")
ResumeContractPayload = _payload("ResumeContractPayload", "A contract that goes on.")
GiveNoticePayload = _payload("GiveNoticePayload", "A contract with its end.")
EndContractPayload = _payload("EndContractPayload", "A contract that is over.")
RenewContractPayload = _payload("RenewContractPayload", "A contract with its terms.")
ChangePlanPayload = payload(
    "ChangePlanPayload",
    "A contract that has another plan.",
    contract=(Contract, "The contract."),
    change=(PlanChange, "What the change costs and gives."),
)


async def contract_created(request: Request, given: CreateContractInput) -> Outcome:
    """Draft a contract."""
    asked = CreateContract(
        client_id=ClientId(id_of(Noun.CLIENT, given.client_id, path=("clientId",))),
        reference=given.reference,
        name=given.name,
        starts_on=given.starts_on,
        models=frozenset(given.models),
        length=term_given(given.term),
        site_ids=frozenset(
            SiteId(id_of(Noun.SITE, one, path=("siteIds",))) for one in given.site_ids or ()
        ),
        plan_code=given.plan_code,
        calendars=calendars_given(given.calendars),
        terms=_terms(request, given),
        internal_note=given.internal_note,
    )
    contract = await create_contract(request.desk, viewer=request.viewer, request=asked)
    return {"contract": contract.id}


async def contract_revised(request: Request, given: ReviseContractInput) -> Outcome:
    """Settle what is missing in a draft."""
    asked = ReviseContract(_contract(given.contract_id), _terms(request, given))
    contract = await revise_contract(request.desk, viewer=request.viewer, request=asked)
    return {"contract": contract.id}


async def contract_activated(request: Request, given: ActivateContractInput) -> Outcome:
    """Put a draft in force."""
    contract = await activate_contract(
        request.desk, viewer=request.viewer, contract_id=_contract(given.contract_id)
    )
    return {"contract": contract.id}


async def contract_suspended(request: Request, given: SuspendContractInput) -> Outcome:
    """Let a contract rest."""
    asked = SuspendContract(_contract(given.contract_id), given.reason)
    contract = await suspend_contract(request.desk, viewer=request.viewer, request=asked)
    return {"contract": contract.id}


async def contract_resumed(request: Request, given: ResumeContractInput) -> Outcome:
    """End the rest of a contract."""
    contract = await resume_contract(
        request.desk, viewer=request.viewer, contract_id=_contract(given.contract_id)
    )
    return {"contract": contract.id}


async def notice_given(request: Request, given: GiveNoticeInput) -> Outcome:
    """Record a notice."""
    asked = GiveNotice(_contract(given.contract_id), given.reason)
    contract = await give_notice(request.desk, viewer=request.viewer, request=asked)
    return {"contract": contract.id}


async def contract_ended(request: Request, given: EndContractInput) -> Outcome:
    """Record that a contract is over."""
    contract = await end_contract(
        request.desk, viewer=request.viewer, contract_id=_contract(given.contract_id)
    )
    return {"contract": contract.id}


async def contract_renewed(request: Request, given: RenewContractInput) -> Outcome:
    """Record the terms that began."""
    contract = await renew_contract(
        request.desk, viewer=request.viewer, contract_id=_contract(given.contract_id)
    )
    return {"contract": contract.id}


async def plan_changed(request: Request, given: ChangePlanInput) -> Outcome:
    """Give a contract another plan."""
    asked = ChangePlan(
        contract_id=_contract(given.contract_id),
        plan_code=given.plan_code,
        on=given.on,
        price=price_given(given.price),
        calendars=calendars_given(given.calendars),
    )
    done = await change_plan(request.desk, viewer=request.viewer, request=asked)
    return {"contract": done.contract.id, "change": change_thing(done.change)}


def _terms(request: Request, given: ContractTermsInput) -> WantedTerms:
    desk = request.desk
    return terms_given(given, now=desk.now(), amounts=desk.plans.compensation())


def _contract(given: str) -> ContractId:
    return ContractId(id_of(Noun.CONTRACT, given, path=("contractId",)))
