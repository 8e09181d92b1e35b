"""What can be done to contracts: other promises and clauses, from an instant to come."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

import strawberry

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.escalation import (
    EscalationAction,
    EscalationInvalid,
    Ladder,
    LadderStep,
)
from helpdesk.domain.ids import AgentId, ContractId, TeamId, WebhookId
from helpdesk.domain.sla import ClockStart, SlaMetric, TargetUnit
from helpdesk.domain.sla_policy import AnswerClause, NextResponseClause, RetargetClause
from helpdesk.domain.sla_policy import ReopenClause as Reopened
from helpdesk.graphql.contract import Contract
from helpdesk.graphql.fields import attribute, optional
from helpdesk.graphql.global_ids import id_of
from helpdesk.graphql.mutating import MutationInput, Outcome, payload
from helpdesk.graphql.request import Request
from helpdesk.graphql.sla_clauses import EscalationActionKind
from helpdesk.graphql.ticket_enums import Priority, WaitingOn
from helpdesk.usecases.amend_contract import AmendContract, amend_contract
from helpdesk.usecases.policy_change import PolicyChange, Reopening, WantedTarget
from helpdesk.usecases.read_models import Noun


class PauseGivenTwice(HelpdeskError):
    """A wait stops one list of clocks: of two, one would be lost."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{waiting_on} is given twice: name all its metrics in one place."
    french: ClassVar[str] = (
        "{waiting_on} est donné deux fois : nommez toutes ses mesures au même endroit."
    )


@strawberry.input(description="A promise for the tickets of a priority.")
class SlaTargetInput:
    """A promise for the tickets of a priority."""

    priority: Priority = attribute("The priority whose tickets have this promise.")
    metric: SlaMetric = attribute("What is promised.")
    amount: int = attribute("How many of the unit.")
    unit: TargetUnit = attribute("What the amount counts.")
    starts_on: ClockStart = attribute("What starts the clock.")
    is_strict: bool = optional(
        "Whether reaching the amount breaks the promise (“< 2 h”); if not, only passing it does.",
        default=True,
    )
    calendar_code: str | None = optional(
        "The calendar whose hours count; left out for a promise that counts day and night."
    )


@strawberry.input(description="Which clocks a wait stops.")
class PauseClauseInput:
    """Which clocks a wait stops."""

    waiting_on: WaitingOn = attribute("Whom or what the ticket waits for.")
    metrics: list[SlaMetric] = attribute("The promises whose clocks stop; none of none.")


@strawberry.input(description="What becomes of a promise when its ticket is reopened.")
class ReopeningClauseInput:
    """What becomes of a promise when its ticket is reopened."""

    clause: Reopened = attribute("What becomes of it.")
    window_days: int | None = optional(
        "After how many days of 24 hours a reopening is a new cycle; without a limit if left out."
    )


@strawberry.input(description="What counts as an answer, beside a public message of a person.")
class AnswerClauseInput:
    """What counts as an answer."""

    by_opener: bool = attribute("Whether who opened the ticket gives its first response.")
    calls: bool = attribute("Whether a logged call is an answer.")
    first_response_answers: bool = attribute(
        "Whether the first response also answers a client who wrote meanwhile."
    )


@strawberry.input(description="When a client waits for a next response.")
class NextResponseClauseInput:
    """When a client waits for a next response."""

    before_first_response: bool = attribute("Whether also while he waits for the first one.")
    restarts: bool = attribute(
        "Whether his next message starts the wait anew; if not, his oldest one counts."
    )


@strawberry.input(description="One act of a step, with whom or what it names where it has to.")
class EscalationActionInput:
    """One act of a step."""

    kind: EscalationActionKind = attribute("What is done.")
    agent_id: strawberry.ID | None = optional("The agent, for REASSIGN.")
    team_id: strawberry.ID | None = optional("The team, for REASSIGN and NOTIFY_TEAM.")
    webhook_id: strawberry.ID | None = optional("The webhook, for CALL_WEBHOOK.")


@strawberry.input(
    description="A step: exactly one of `percent`, `minutes` and `days` says when it comes."
)
class EscalationStepInput:
    """A step of a ladder."""

    level: int = attribute("How high it is: after a downtime the highest one acts for all.")
    actions: list[EscalationActionInput] = attribute("What is done, at least one act.")
    percent: int | None = optional("At this share of the promise, also above 100.")
    minutes: int | None = optional("This long after the deadline in counted time; before if < 0.")
    days: int | None = optional("So many working days after the deadline; before if < 0.")


@strawberry.input(description="The steps of a promise under some priorities.")
class EscalationLadderInput:
    """The steps of a promise."""

    metric: SlaMetric = attribute("The promise.")
    priorities: list[Priority] = attribute("The priorities whose tickets climb it.")
    steps: list[EscalationStepInput] = attribute("The steps.")


@strawberry.input
class PolicyInput(MutationInput):
    """Promises and clauses; what is left out stays as it is."""

    targets: list[SlaTargetInput] | None = optional("All that is promised then.")
    at_risk_percent: int | None = optional(
        "From which share of its time a clock is at risk, in percent."
    )
    pauses: list[PauseClauseInput] | None = optional(
        "Which clocks each wait stops; a wait that is not named stops none."
    )
    reopening: ReopeningClauseInput | None = optional(
        "What becomes of a promise when its ticket is reopened."
    )
    retargeting: RetargetClause | None = optional(
        "From when a promise counts that came into force while the ticket was open."
    )
    answers: AnswerClauseInput | None = optional("What counts as an answer.")
    next_response: NextResponseClauseInput | None = optional(
        "When a client waits for a next response."
    )
    ladders: list[EscalationLadderInput] | None = optional("All the escalation ladders.")


@strawberry.input(
    description="What changes in a contract; what is left out stays as its last version says."
)
class AmendContractInput(PolicyInput):
    """What changes in a contract."""

    contract_id: strawberry.ID = attribute("The contract.")
    effective_from: datetime = attribute(
        "From when it is in force: now or later, and later than the last version."
    )


AmendContractPayload = payload(
    "AmendContractPayload", "A contract that was amended.", contract=(Contract, "The contract.")
)


async def contract_amended(request: Request, given: AmendContractInput) -> Outcome:
    """Amend a contract."""
    asked = AmendContract(
        contract_id=ContractId(id_of(Noun.CONTRACT, given.contract_id, path=("contractId",))),
        effective_from=given.effective_from,
        change=policy_change(given),
    )
    contract = await amend_contract(request.desk, viewer=request.viewer, request=asked)
    return {"contract": contract.id}


def policy_change(given: PolicyInput) -> PolicyChange:
    """Return what an input changes in promises and clauses.

    Raises PauseGivenTwice, EscalationInvalid, IdMalformed, IdOfOtherType.
    """
    return PolicyChange(
        targets=None if given.targets is None else tuple(map(wanted_target, given.targets)),
        at_risk_percent=given.at_risk_percent,
        pauses=None if given.pauses is None else _pauses(given.pauses),
        reopening=None
        if given.reopening is None
        else Reopening(given.reopening.clause, given.reopening.window_days),
        retargeting=given.retargeting,
        answers=None
        if given.answers is None
        else AnswerClause(
            given.answers.by_opener, given.answers.calls, given.answers.first_response_answers
        ),
        next_response=None
        if given.next_response is None
        else NextResponseClause(
            given.next_response.before_first_response, given.next_response.restarts
        ),
        ladders=None if given.ladders is None else _ladders(given.ladders),
    )


def wanted_target(given: SlaTargetInput) -> WantedTarget:
    """Return the promise that an input asks for."""
    return WantedTarget(
        priority=given.priority,
        metric=given.metric,
        amount=given.amount,
        unit=given.unit,
        starts_on=given.starts_on,
        is_strict=given.is_strict,
        calendar_code=given.calendar_code,
    )


def _pauses(given: Iterable[PauseClauseInput]) -> Mapping[WaitingOn, frozenset[SlaMetric]]:
    pauses: dict[WaitingOn, frozenset[SlaMetric]] = {}
    for index, one in enumerate(given):
        if one.waiting_on in pauses:
            raise PauseGivenTwice(path=("pauses", str(index)), waiting_on=one.waiting_on)
        pauses[one.waiting_on] = frozenset(one.metrics)
    return pauses


def _ladders(given: Sequence[EscalationLadderInput]) -> tuple[Ladder, ...]:
    ladders = []
    for index, one in enumerate(given):
        steps = tuple(map(_step, one.steps))
        try:
            ladders.append(Ladder(one.metric, frozenset(one.priorities), steps))
        except EscalationInvalid as error:
            raise error.below("ladders", str(index)) from None
    return tuple(ladders)


def _step(given: EscalationStepInput) -> LadderStep:
    return LadderStep(
        level=given.level,
        actions=tuple(map(_action, given.actions)),
        percent=given.percent,
        minutes=given.minutes,
        days=given.days,
    )


def _action(given: EscalationActionInput) -> EscalationAction:
    agent, team, webhook = given.agent_id, given.team_id, given.webhook_id
    return EscalationAction(
        kind=given.kind,
        agent_id=None if agent is None else AgentId(id_of(Noun.AGENT, agent, path=("agentId",))),
        team_id=None if team is None else TeamId(id_of(Noun.TEAM, team, path=("teamId",))),
        webhook_id=None
        if webhook is None
        else WebhookId(id_of(Noun.WEBHOOK, webhook, path=("webhookId",))),
    )
