"""A maintenance contract and its versioned terms: which promises hold, on which calendars."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import AgencyId, CalendarId, ClientId, ContractId, SiteId
from helpdesk.domain.priority import Impact, PriorityMatrix, Triage, Urgency
from helpdesk.domain.sla_policy import PAUSABLE, PolicyVersion, SlaPolicy
from helpdesk.domain.versions import latest_corrections, latest_in_force

if TYPE_CHECKING:  # the rules of activation read contracts, and the commercial terms read those
    from helpdesk.domain.commercial_terms import CommercialTerms


class ContractStatus(StrEnum):
    """Where a contract is in its life (rules 7.6)."""

    DRAFT = "DRAFT"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    ENDING = "ENDING"
    ENDED = "ENDED"


class ContractWithoutTargets(HelpdeskError):
    """A contract without a single promise starts no clock."""

    code: ClassVar[ErrorCode] = ErrorCode.CONTRACT_WITHOUT_TARGETS
    english: ClassVar[str] = (
        "Contract {reference} promises nothing: give it at least one SLA target."
    )
    french: ClassVar[str] = (
        "Le contrat {reference} ne promet rien : donnez-lui au moins un engagement de service."
    )


class ContractWithoutCalendar(HelpdeskError):
    """A promise in business hours means nothing until the hours are named."""

    code: ClassVar[ErrorCode] = ErrorCode.CONTRACT_WITHOUT_CALENDAR
    english: ClassVar[str] = (
        "Contract {reference} counts {metric} on calendar {calendar}, which it does not name."
    )
    french: ClassVar[str] = (
        "Le contrat {reference} compte {metric} sur le calendrier {calendar}, qu'il ne nomme pas."
    )


class ResponsePaused(HelpdeskError):
    """No wait excuses a missing answer (rules R-SLA 3)."""

    code: ClassVar[ErrorCode] = ErrorCode.RESPONSE_PAUSED
    english: ClassVar[str] = (
        "Contract {reference} lets {waiting_on} pause {metrics}: only resolution, delivery and"
        " update can be paused."
    )
    french: ClassVar[str] = (
        "Le contrat {reference} fait suspendre {metrics} par {waiting_on} : seules la résolution,"
        " la livraison et l'information peuvent l'être."
    )


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """One version of what was agreed, in force from `effective_from` (UTC) until the next.

    `calendars` maps the names used in the contract to calendars. A request that nobody has
    weighed yet gets the default triage, hence the targets of its priority. One that `corrects` an
    earlier version replaces it as a whole, from the same instant on. `commercial` is None in
    terms that are older than such clauses. Raises ContractWithoutTargets,
    ContractWithoutCalendar and ResponsePaused.
    """

    reference: str
    version: int
    effective_from: datetime
    plan_code: str
    calendar_ids: frozenset[CalendarId]
    matrix: PriorityMatrix
    sla: SlaPolicy
    default_triage: Triage = field(default=Triage(Impact.MINOR, Urgency.NORMAL))
    corrects: int | None = None
    published_at: datetime | None = None
    commercial: "CommercialTerms | None" = None

    def __post_init__(self) -> None:
        """Refuse terms whose clocks could not run."""
        targets = [target for row in self.sla.targets.values() for target in row]
        if not targets:
            raise ContractWithoutTargets(path=("targets",), reference=self.reference)
        for target in targets:
            if target.calendar_id is not None and target.calendar_id not in self.calendar_ids:
                raise ContractWithoutCalendar(
                    path=("targets",),
                    reference=self.reference,
                    metric=target.metric,
                    calendar=target.calendar_id,
                )
        for waiting_on, metrics in self.sla.pauses.items():
            if metrics - PAUSABLE:
                raise ResponsePaused(
                    path=("pauses",),
                    reference=self.reference,
                    waiting_on=waiting_on,
                    metrics=", ".join(sorted(metrics - PAUSABLE)),
                )


@dataclass(frozen=True, slots=True)
class Contract:
    """The agreement under which a client's tickets are handled.

    `site_ids` is empty when the contract covers every site of the client. Local dates, the end
    exclusive; None while no end is agreed. No client reads `internal_note`.
    """

    id: ContractId
    agency_id: AgencyId
    client_id: ClientId
    reference: str
    name: str
    status: ContractStatus
    starts_on: date
    ends_on: date | None
    site_ids: frozenset[SiteId]
    terms: tuple[ContractTerms, ...]
    internal_note: str = ""

    def covers(self, site_id: SiteId | None) -> bool:
        """Return whether a request about this site falls under the contract.

        A request that names no site may be about any, so every contract of the client covers it.
        """
        return not self.site_ids or site_id is None or site_id in self.site_ids

    def calendar_ids(self) -> frozenset[CalendarId]:
        """Return the calendars that any version of the terms names."""
        return frozenset().union(*(terms.calendar_ids for terms in self.terms))

    def counting_terms(self) -> tuple[ContractTerms, ...]:
        """Return the terms without those that were corrected, in the order they take over in."""
        return latest_corrections(self.terms)

    def terms_at(self, at: datetime) -> ContractTerms:
        """Return the terms in force at `at`; before the first version, the first one."""
        return latest_in_force(self.terms, at)

    def policies(self) -> tuple[PolicyVersion, ...]:
        """Return the promises and clauses of the terms that count, each from its instant on."""
        return tuple(
            PolicyVersion(terms.version, terms.effective_from, terms.sla)
            for terms in self.counting_terms()
        )


def contract_for(contracts: Iterable[Contract], site_id: SiteId | None) -> Contract | None:
    """Return the active contract that a request falls under, None when there is none.

    A contract that names the site wins over one for every site; a request that names none goes
    to a contract for every site before one for some. Then the oldest wins.
    """
    covering = [
        contract
        for contract in contracts
        if contract.status in {ContractStatus.ACTIVE, ContractStatus.ENDING}
        and contract.covers(site_id)
    ]
    covering.sort(
        key=lambda contract: (
            bool(contract.site_ids) is (site_id is None),
            contract.starts_on,
            contract.id,
        )
    )
    return covering[0] if covering else None
