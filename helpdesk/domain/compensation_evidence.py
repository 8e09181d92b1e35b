"""What a credit is computed from, so that anybody computes it again from what it cites."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import ClassVar
from zoneinfo import ZoneInfo

from helpdesk.domain.compensation import CreditKey
from helpdesk.domain.compensation_base import CompensationBase
from helpdesk.domain.compensation_clause import CompensationTerms
from helpdesk.domain.compensation_month import rounded
from helpdesk.domain.compensation_rate import (
    Overrun,
    UptimeFigure,
    resolution_cents,
    uptime_cents,
)
from helpdesk.domain.contract import Contract
from helpdesk.domain.contract_life import CompensationNature
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import AgentId, CalendarId, SiteId, TicketId
from helpdesk.domain.money import Money
from helpdesk.domain.month import Month
from helpdesk.domain.sla import SlaMetric

_SECOND = timedelta(seconds=1)


class AmountsNotAgreed(HelpdeskError):
    """Without a clause that says how much, a breach is recorded and worth no money."""

    code: ClassVar[ErrorCode] = ErrorCode.CONTRACT_INCOMPLETE
    english: ClassVar[str] = (
        "Version {version} of contract {reference} says nothing about the amount of a compensation:"
        " amend it."
    )
    french: ClassVar[str] = (
        "La version {version} du contrat {reference} ne dit rien du montant d'une compensation :"
        " faites un avenant."
    )


@dataclass(frozen=True, slots=True)
class ResolutionEvidence:
    """The clock that shows a P0 resolved too late: instants in UTC, seconds of its calendar.

    `terms_version` and `calendar_version` are those that the clock counts under; `stopped_at` is
    the correction, or the end of the promise when the priority was lowered after the breach.
    `agent_id` is who worked on the ticket.
    """

    ticket_id: TicketId
    ticket_number: str
    metric: SlaMetric
    cycle: int
    terms_version: int
    calendar_id: CalendarId | None
    calendar_version: int | None
    started_at: datetime
    deadline_at: datetime | None
    breached_at: datetime
    stopped_at: datetime
    overrun: Overrun
    agent_id: AgentId | None = None


@dataclass(frozen=True, slots=True)
class UptimeEvidence:
    """The contractual availability of a month beside what was promised, both exact.

    `site_ids` are the sites that it is about: one, or all of an average. `incidents` name what the
    outages were (`incident_of_ticket` for one with a ticket), `month_ended_at` is when the month,
    or the contract in it, was over.
    """

    site_ids: tuple[SiteId, ...]
    figure: UptimeFigure
    month_ended_at: datetime
    incidents: tuple[str, ...] = ()


Evidence = ResolutionEvidence | UptimeEvidence


@dataclass(frozen=True, slots=True)
class Calculation:
    """How a credit came to its amount: the evidence, the clause, the base, and what bounded it.

    `clause_version` is the version of the terms whose clause pays. `room` is what the caps left, in
    cents, None without a cap; `outweighed` that another credit of the same incident is higher.
    `capped` is what the caps took away.
    """

    key: CreditKey
    nature: CompensationNature
    evidence: Evidence
    clause_version: int
    base: CompensationBase
    room: Fraction | None
    outweighed: bool
    net: Money
    capped: Money


def breached_at(evidence: Evidence) -> datetime:
    """Return the instant of a breach; that of an availability is the end of its month."""
    if isinstance(evidence, ResolutionEvidence):
        return evidence.breached_at
    return evidence.month_ended_at


def incidents_of(evidence: Evidence) -> frozenset[str]:
    """Return the names of what broke the promise, the same for both promises of an incident."""
    if isinstance(evidence, ResolutionEvidence):
        return frozenset({incident_of_ticket(evidence.ticket_id)})
    return frozenset(evidence.incidents)


def incident_of_ticket(ticket_id: TicketId) -> str:
    """Return the name of the incident that a ticket is about."""
    return f"ticket:{ticket_id}"


def worth(
    terms: CompensationTerms,
    evidence: Evidence,
    base: CompensationBase,
    month: Month,
    zone: ZoneInfo,
) -> Fraction:
    """Return what a breach is worth in cents, exactly, before any bound."""
    if isinstance(evidence, UptimeEvidence):
        return uptime_cents(terms.uptime.value, base.cents, evidence.figure)
    length = month.following.starts_at(zone) - month.starts_at(zone)
    return resolution_cents(
        terms.resolution.value, base.cents, evidence.overrun, month_seconds=length // _SECOND
    )


def compensation_terms_of(contract: Contract, version: int) -> CompensationTerms:
    """Return the amounts that a version of the terms agrees on. Raises AmountsNotAgreed."""
    terms = next(one for one in contract.terms if one.version == version)
    clause = None if terms.commercial is None else terms.commercial.compensation
    if clause is None or clause.terms is None:
        raise AmountsNotAgreed(version=version, reference=contract.reference)
    return clause.terms


def reproduced(calculation: Calculation, contract: Contract, zone: ZoneInfo) -> Money:
    """Return the amount of a credit, computed again from nothing but what it cites.

    Whoever doubts a line compares this with its amount. Raises AmountsNotAgreed for a version that
    says nothing of amounts.
    """
    if calculation.outweighed:
        return Money(0, calculation.base.currency)
    terms = compensation_terms_of(contract, calculation.clause_version)
    cents = worth(terms, calculation.evidence, calculation.base, calculation.key.month, zone)
    if calculation.room is not None:
        cents = min(cents, calculation.room)
    return Money(rounded(cents), calculation.base.currency)
