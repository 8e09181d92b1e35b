"""Clauses of compensation and what credits are computed from, as JSON documents.

Percentages and exact shares are texts, such as "99.5" and "199/2": no number of JSON keeps them.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from helpdesk.domain.compensation_base import CompensationBase, FeeDays
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
from helpdesk.domain.compensation_evidence import Evidence, ResolutionEvidence, UptimeEvidence
from helpdesk.domain.compensation_rate import Overrun, UptimeFigure
from helpdesk.domain.ids import AgentId, CalendarId, SiteId, TicketId
from helpdesk.domain.money import Money
from helpdesk.domain.plan import Origin, Sourced
from helpdesk.domain.sla import SlaMetric

T = TypeVar("T")
Document = dict[str, Any]  # JSON, read back only by the functions below


def compensation_terms_document(terms: CompensationTerms) -> Document:
    """Return the amounts of a clause as a document, each with its origin."""
    return {
        "resolution": _sourced(terms.resolution, _resolution_document),
        "uptime": _sourced(terms.uptime, _uptime_document),
        "same_incident": _sourced(terms.same_incident, lambda one: one.value),
        "cap": _sourced(terms.cap, _cap_document),
        "approval": _sourced(terms.approval, _approval_document),
    }


def compensation_terms_of(document: Mapping[str, Any]) -> CompensationTerms:
    """Return the amounts of a clause from their document."""
    return CompensationTerms(
        resolution=_sourced_of(document["resolution"], _resolution_of),
        uptime=_sourced_of(document["uptime"], _uptime_of),
        same_incident=_sourced_of(document["same_incident"], SameIncident),
        cap=_sourced_of(document["cap"], _cap_of),
        approval=_sourced_of(document["approval"], _approval_of),
    )


def base_document(base: CompensationBase) -> Document:
    """Return what a credit is a share of as a document."""
    return {
        "period_days": base.period_days,
        "parts": [[part.monthly.cents, part.monthly.currency, part.days] for part in base.parts],
    }


def base_of(document: Mapping[str, Any]) -> CompensationBase:
    """Return what a credit is a share of from its document."""
    parts = tuple(
        FeeDays(Money(cents, currency), days) for cents, currency, days in document["parts"]
    )
    return CompensationBase(parts, document["period_days"])


def evidence_document(evidence: Evidence) -> Document:
    """Return what proves a breach as a document."""
    if isinstance(evidence, UptimeEvidence):
        return {
            "site_ids": list(evidence.site_ids),
            "up": str(evidence.figure.up),
            "promised": str(evidence.figure.promised),
            "month_ended_at": evidence.month_ended_at.isoformat(),
            "incidents": list(evidence.incidents),
        }
    deadline_at = evidence.deadline_at
    return {
        "ticket_id": evidence.ticket_id,
        "ticket_number": evidence.ticket_number,
        "metric": evidence.metric.value,
        "cycle": evidence.cycle,
        "terms_version": evidence.terms_version,
        "calendar_id": evidence.calendar_id,
        "calendar_version": evidence.calendar_version,
        "started_at": evidence.started_at.isoformat(),
        "deadline_at": None if deadline_at is None else deadline_at.isoformat(),
        "breached_at": evidence.breached_at.isoformat(),
        "stopped_at": evidence.stopped_at.isoformat(),
        "allowance_seconds": evidence.overrun.allowance_seconds,
        "counted_seconds": evidence.overrun.counted_seconds,
        "agent_id": evidence.agent_id,
    }


def evidence_of(document: Mapping[str, Any]) -> Evidence:
    """Return what proves a breach from its document."""
    if "up" in document:
        return UptimeEvidence(
            site_ids=tuple(map(SiteId, document["site_ids"])),
            figure=UptimeFigure(Fraction(document["up"]), Fraction(document["promised"])),
            month_ended_at=datetime.fromisoformat(document["month_ended_at"]),
            incidents=tuple(document["incidents"]),
        )
    calendar_id, agent_id = document["calendar_id"], document["agent_id"]
    deadline_at = document["deadline_at"]
    return ResolutionEvidence(
        ticket_id=TicketId(document["ticket_id"]),
        ticket_number=document["ticket_number"],
        metric=SlaMetric(document["metric"]),
        cycle=document["cycle"],
        terms_version=document["terms_version"],
        calendar_id=None if calendar_id is None else CalendarId(calendar_id),
        calendar_version=document["calendar_version"],
        started_at=datetime.fromisoformat(document["started_at"]),
        deadline_at=None if deadline_at is None else datetime.fromisoformat(deadline_at),
        breached_at=datetime.fromisoformat(document["breached_at"]),
        stopped_at=datetime.fromisoformat(document["stopped_at"]),
        overrun=Overrun(document["allowance_seconds"], document["counted_seconds"]),
        agent_id=None if agent_id is None else AgentId(agent_id),
    )


def _resolution_document(credit: ResolutionCredit) -> Document:
    return {
        "mode": credit.mode.value,
        "percent_per_hour": str(credit.percent_per_hour),
        "fixed": _money_document(credit.fixed),
    }


def _resolution_of(document: Mapping[str, Any]) -> ResolutionCredit:
    percent = Decimal(document["percent_per_hour"])
    return ResolutionCredit(ResolutionMode(document["mode"]), percent, _money(document["fixed"]))


def _uptime_document(credit: UptimeCredit) -> Document:
    return {
        "mode": credit.mode.value,
        "tiers": [[str(tier.floor), str(tier.credit)] for tier in credit.tiers],
        "percent_per_step": str(credit.percent_per_step),
        "step": str(credit.step),
    }


def _uptime_of(document: Mapping[str, Any]) -> UptimeCredit:
    return UptimeCredit(
        UptimeMode(document["mode"]),
        tuple(UptimeTier(Decimal(floor), Decimal(credit)) for floor, credit in document["tiers"]),
        Decimal(document["percent_per_step"]),
        Decimal(document["step"]),
    )


def _cap_document(cap: CompensationCap) -> Document:
    return {
        "monthly": None if cap.monthly is None else str(cap.monthly),
        "yearly": None if cap.yearly is None else str(cap.yearly),
        "may_terminate": cap.may_terminate,
    }


def _cap_of(document: Mapping[str, Any]) -> CompensationCap:
    monthly, yearly = document["monthly"], document["yearly"]
    return CompensationCap(
        None if monthly is None else Decimal(monthly),
        None if yearly is None else Decimal(yearly),
        document["may_terminate"],
    )


def _approval_document(clause: ApprovalClause) -> Document:
    return {
        "second_above": _money_document(clause.second_above),
        "automatic_below": _money_document(clause.automatic_below),
        "excludes_agent": clause.excludes_agent,
    }


def _approval_of(document: Mapping[str, Any]) -> ApprovalClause:
    return ApprovalClause(
        _money(document["second_above"]),
        _money(document["automatic_below"]),
        document["excludes_agent"],
    )


def _money_document(money: Money | None) -> list[Any] | None:
    return None if money is None else [money.cents, money.currency]


def _money(document: list[Any] | None) -> Money | None:
    return None if document is None else Money(*document)


def _sourced(sourced: Sourced[T], write: Callable[[T], object]) -> Document:
    return {
        "value": write(sourced.value),
        "origin": sourced.origin.value,
        "source": sourced.source,
    }


def _sourced_of(document: Mapping[str, Any], read: Callable[[Any], T]) -> Sourced[T]:
    return Sourced(read(document["value"]), Origin(document["origin"]), document["source"])
