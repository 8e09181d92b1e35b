"""Classifications, exclusions and interventions as rows: actors and verdicts are documents."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from helpdesk.domain.access import Actor, ActorKind
from helpdesk.domain.classification import (
    ClassificationRule,
    Coverage,
    Funding,
    Request,
    RequestNature,
    Verdict,
    WhyCovered,
)
from helpdesk.domain.classification_life import Classification, Decision, Dispute
from helpdesk.domain.exclusion import (
    CausalLink,
    Evidence,
    EvidenceKind,
    Exclusion,
    ExclusionCause,
    Intervention,
    InterventionAuthor,
    Lifting,
)
from helpdesk.domain.ids import (
    AgentId,
    ClientId,
    ContactId,
    ExclusionId,
    InterventionId,
    SiteId,
    TicketId,
)
from helpdesk.usecases.classification_ports import (
    ClassifiedTicket,
    SiteIntervention,
    TicketExclusion,
)

Document = dict[str, Any]  # JSON, or the columns of a row, read back only by the functions below
Held = Mapping[str, Any]


def classified_params(step: ClassifiedTicket) -> Document:
    """Return the columns of a step."""
    held, request = step.classification, step.request
    decision, dispute = held.decision, held.dispute
    return {
        "ticket_id": step.ticket_id,
        "sequence": step.sequence,
        "is_latest": True,
        "state": held.state.value,
        **_verdict_document(held.verdict),
        "client_agrees_run": request.client_agrees_run,
        "is_regression": request.is_regression,
        "plan_code": step.plan_code,
        "rules_say": _verdict_document(held.rules_say) | {"request": _request_document(request)},
        "proposed_by": actor_document(held.proposed_by),
        "proposed_at": held.proposed_at,
        "is_decided": decision is not None,
        "decided_by": _actor_or_none(decision.by if decision else None),
        "decided_at": decision.at if decision else None,
        "decision_reason": decision.reason if decision else None,
        "disputed_by": _actor_or_none(dispute.by if dispute else None),
        "disputed_at": dispute.at if dispute else None,
        "dispute_reason": dispute.reason if dispute else None,
    }


def classified_of(held: Held) -> ClassifiedTicket:
    """Return the step that a row stands for."""
    decision = dispute = None
    if held["is_decided"]:
        by = held["decided_by"]
        decision = Decision(
            actor_of(by) if by else None, held["decided_at"], held["decision_reason"]
        )
    if held["disputed_by"]:
        dispute = Dispute(
            actor_of(held["disputed_by"]), held["disputed_at"], held["dispute_reason"]
        )
    return ClassifiedTicket(
        TicketId(held["ticket_id"]),
        held["sequence"],
        _request_of(held["rules_say"]["request"]),
        Classification(
            rules_say=_verdict_of(held["rules_say"]),
            verdict=_verdict_of(held),
            proposed_by=actor_of(held["proposed_by"]),
            proposed_at=held["proposed_at"],
            decision=decision,
            dispute=dispute,
        ),
        held["plan_code"],
    )


def exclusion_params(excluded: TicketExclusion) -> Document:
    """Return the columns of an exclusion."""
    link, lifting = excluded.exclusion.link, excluded.exclusion.lifting
    return {
        "id": excluded.id,
        "ticket_id": excluded.ticket_id,
        "intervention_id": excluded.intervention_id,
        "cause": excluded.exclusion.cause.value,
        "explanation": link.explanation,
        "began_at": link.began_at,
        "recorded_by": actor_document(link.recorded_by),
        "recorded_at": link.recorded_at,
        "evidence": [
            {"kind": one.kind.value, "reference": one.reference, "at": one.at.isoformat()}
            for one in link.evidence
        ],
        "lifted_by": _actor_or_none(lifting.by if lifting else None),
        "lifted_at": lifting.at if lifting else None,
        "lift_reason": lifting.reason if lifting else None,
    }


def exclusion_of(held: Held) -> TicketExclusion:
    """Return the exclusion that a row stands for."""
    lifting = None
    if held["lifted_by"]:
        lifting = Lifting(actor_of(held["lifted_by"]), held["lifted_at"], held["lift_reason"])
    link = CausalLink(
        held["explanation"],
        held["began_at"],
        actor_of(held["recorded_by"]),
        held["recorded_at"],
        tuple(
            Evidence(EvidenceKind(one["kind"]), one["reference"], datetime.fromisoformat(one["at"]))
            for one in held["evidence"]
        ),
    )
    rests_on = held["intervention_id"]
    return TicketExclusion(
        ExclusionId(held["id"]),
        TicketId(held["ticket_id"]),
        Exclusion(ExclusionCause(held["cause"]), link, lifting),
        None if rests_on is None else InterventionId(rests_on),
    )


def intervention_params(kept: SiteIntervention) -> Document:
    """Return the columns of an intervention."""
    intervention = kept.intervention
    detected_by = intervention.detected_by
    return {
        "id": kept.id,
        "client_id": kept.client_id,
        "site_id": kept.site_id,
        "what": intervention.what,
        "at": intervention.at,
        "by": intervention.by.value,
        "is_declared": intervention.is_declared,
        "detected_by": None if detected_by is None else detected_by.value,
        "recorded_by": actor_document(kept.recorded_by),
        "recorded_at": kept.recorded_at,
        "validated_by": intervention.validated_by,
        "validated_at": kept.validated_at,
    }


def intervention_of(held: Held) -> SiteIntervention:
    """Return the intervention that a row stands for."""
    detected_by, site_id = held["detected_by"], held["site_id"]
    return SiteIntervention(
        InterventionId(held["id"]),
        ClientId(held["client_id"]),
        None if site_id is None else SiteId(site_id),
        Intervention(
            held["what"],
            held["at"],
            InterventionAuthor(held["by"]),
            is_declared=held["is_declared"],
            detected_by=None if detected_by is None else EvidenceKind(detected_by),
            validated_by=held["validated_by"],
        ),
        actor_of(held["recorded_by"]),
        held["recorded_at"],
        held["validated_at"],
    )


def actor_document(actor: Actor) -> Document:
    """Return an actor as a document."""
    return {
        "kind": actor.kind.value,
        "name": actor.name,
        "agent_id": actor.agent_id,
        "contact_id": actor.contact_id,
    }


def actor_of(document: Held) -> Actor:
    """Return the actor that a document stands for."""
    agent_id, contact_id = document["agent_id"], document["contact_id"]
    return Actor(
        ActorKind(document["kind"]),
        document["name"],
        None if agent_id is None else AgentId(agent_id),
        None if contact_id is None else ContactId(contact_id),
    )


def _actor_or_none(actor: Actor | None) -> Document | None:
    return None if actor is None else actor_document(actor)


def _verdict_document(verdict: Verdict) -> Document:
    return {
        "nature": verdict.nature.value,
        "coverage": verdict.coverage.value,
        "funding": verdict.funding.value,
        "rule": verdict.rule.value,
        "why": verdict.why.value,
        "exclusion": None if verdict.exclusion is None else verdict.exclusion.value,
        "estimate_minutes": verdict.estimate_minutes,
    }


def _verdict_of(document: Held) -> Verdict:
    exclusion = document["exclusion"]
    return Verdict(
        RequestNature(document["nature"]),
        Coverage(document["coverage"]),
        Funding(document["funding"]),
        ClassificationRule(document["rule"]),
        WhyCovered(document["why"]),
        None if exclusion is None else ExclusionCause(exclusion),
        document["estimate_minutes"],
    )


def _request_document(request: Request) -> Document:
    return {
        "nature": request.nature.value,
        "estimate_minutes": request.estimate_minutes,
        "client_agrees_run": request.client_agrees_run,
        "exclusion": None if request.exclusion is None else request.exclusion.value,
        "is_regression": request.is_regression,
    }


def _request_of(document: Held) -> Request:
    exclusion = document["exclusion"]
    return Request(
        RequestNature(document["nature"]),
        document["estimate_minutes"],
        client_agrees_run=document["client_agrees_run"],
        exclusion=None if exclusion is None else ExclusionCause(exclusion),
        is_regression=document["is_regression"],
    )
