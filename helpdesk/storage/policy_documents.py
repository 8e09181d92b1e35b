"""The JSON documents of promises: targets, clauses, ladders."""

from collections.abc import Mapping
from typing import Any

from helpdesk.domain.escalation import EscalationAction, EscalationActionKind, Ladder, LadderStep
from helpdesk.domain.ids import AgentId, CalendarId, TeamId, WebhookId
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import ClockStart, SlaMetric, Target, TargetUnit
from helpdesk.domain.sla_policy import (
    PAUSABLE,
    USUAL_PAUSES,
    AnswerClause,
    NextResponseClause,
    ReopenClause,
    RetargetClause,
    SlaPolicy,
)
from helpdesk.domain.waiting import WaitingOn

Document = dict[str, Any]  # JSON, read back only by the functions below


def target_document(target: Target) -> Document:
    """Return a promise as a document."""
    return {
        "metric": target.metric.value,
        "amount": target.amount,
        "unit": target.unit.value,
        "calendar_id": target.calendar_id,
        "is_strict": target.is_strict,
        "starts_on": target.starts_on.value,
    }


def target_of(document: Mapping[str, Any]) -> Target:
    """Return the promise that a document stands for."""
    calendar_id = document["calendar_id"]
    return Target(
        metric=SlaMetric(document["metric"]),
        amount=document["amount"],
        unit=TargetUnit(document["unit"]),
        calendar_id=None if calendar_id is None else CalendarId(calendar_id),
        is_strict=document["is_strict"],
        starts_on=ClockStart(document["starts_on"]),
    )


def policy_document(policy: SlaPolicy) -> Document:
    """Return the promises and clauses of a contract as a document."""
    return {
        "targets": {
            priority.value: [target_document(target) for target in targets]
            for priority, targets in policy.targets.items()
        },
        "at_risk_percent": policy.at_risk_percent,
        "pauses": {
            waiting_on.value: sorted(metric.value for metric in metrics)
            for waiting_on, metrics in policy.pauses.items()
        },
        "reopening": policy.reopening.value,
        "reopen_window_days": policy.reopen_window_days,
        "retargeting": policy.retargeting.value,
        "answers": {
            "by_opener": policy.answers.by_opener,
            "calls": policy.answers.calls,
            "first_response_answers": policy.answers.first_response_answers,
        },
        "next_response": {
            "before_first_response": policy.next_response.before_first_response,
            "restarts": policy.next_response.restarts,
        },
        "ladders": [_ladder_document(ladder) for ladder in policy.ladders],
    }


def policy_of(document: Mapping[str, Any]) -> SlaPolicy:
    """Return the promises and clauses that a document stands for.

    A document older than the clauses has the usual ones.
    """
    return SlaPolicy(
        targets={
            Priority(priority): tuple(target_of(target) for target in targets)
            for priority, targets in document["targets"].items()
        },
        at_risk_percent=document["at_risk_percent"],
        pauses=_pauses_of(document),
        reopening=ReopenClause(document.get("reopening", "CONTINUE_EXCLUDING_CLOSED")),
        reopen_window_days=document.get("reopen_window_days"),
        retargeting=RetargetClause(document.get("retargeting", "KEEP_ORIGIN")),
        # Before the clause was written down, whoever opened the ticket could answer it.
        answers=AnswerClause(**document.get("answers", {"by_opener": True})),
        next_response=NextResponseClause(**document.get("next_response", {})),
        ladders=tuple(_ladder_of(ladder) for ladder in document.get("ladders", [])),
    )


def _pauses_of(document: Mapping[str, Any]) -> Mapping[WaitingOn, frozenset[SlaMetric]]:
    if "pauses" in document:
        return {
            WaitingOn(waiting_on): frozenset(SlaMetric(metric) for metric in metrics)
            for waiting_on, metrics in document["pauses"].items()
        }
    if document["third_party_pauses"]:
        return {**USUAL_PAUSES, WaitingOn.THIRD_PARTY: PAUSABLE}
    return USUAL_PAUSES


def _ladder_document(ladder: Ladder) -> Document:
    return {
        "metric": ladder.metric.value,
        "priorities": sorted(priority.value for priority in ladder.priorities),
        "steps": [
            {
                "level": step.level,
                "percent": step.percent,
                "minutes": step.minutes,
                "days": step.days,
                "actions": [
                    {
                        "kind": action.kind.value,
                        "agent_id": action.agent_id,
                        "team_id": action.team_id,
                        "webhook_id": action.webhook_id,
                    }
                    for action in step.actions
                ],
            }
            for step in ladder.steps
        ],
    }


def _ladder_of(document: Mapping[str, Any]) -> Ladder:
    return Ladder(
        metric=SlaMetric(document["metric"]),
        priorities=frozenset(Priority(priority) for priority in document["priorities"]),
        steps=tuple(
            LadderStep(
                level=step["level"],
                percent=step["percent"],
                minutes=step["minutes"],
                days=step["days"],
                actions=tuple(_action_of(action) for action in step["actions"]),
            )
            for step in document["steps"]
        ),
    )


def _action_of(document: Mapping[str, Any]) -> EscalationAction:
    agent_id, team_id, webhook_id = (
        document[name] for name in ("agent_id", "team_id", "webhook_id")
    )
    return EscalationAction(
        kind=EscalationActionKind(document["kind"]),
        agent_id=AgentId(agent_id) if agent_id else None,
        team_id=TeamId(team_id) if team_id else None,
        webhook_id=WebhookId(webhook_id) if webhook_id else None,
    )
