"""Classifications, exclusions and interventions as use-cases need them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from helpdesk.domain.access import Actor
from helpdesk.domain.classification import ClassificationRule, Request
from helpdesk.domain.classification_life import Classification
from helpdesk.domain.exclusion import Exclusion, Intervention
from helpdesk.domain.ids import ClientId, ExclusionId, InterventionId, SiteId, TicketId


@dataclass(frozen=True, slots=True)
class ClassifiedTicket:
    """A step in the classification of a ticket: what was asked of the rules, and what holds.

    `sequence` counts the steps of the ticket from 1; `plan_code` is None without a contract.
    """

    ticket_id: TicketId
    sequence: int
    request: Request
    classification: Classification
    plan_code: str | None


@dataclass(frozen=True, slots=True)
class TicketExclusion:
    """An exclusion of a ticket, and the intervention that it rests on, if any."""

    id: ExclusionId
    ticket_id: TicketId
    exclusion: Exclusion
    intervention_id: InterventionId | None = None


@dataclass(frozen=True, slots=True)
class SiteIntervention:
    """A change by others on a client's site, who wrote it down, and when it was validated."""

    id: InterventionId
    client_id: ClientId
    site_id: SiteId | None
    intervention: Intervention
    recorded_by: Actor
    recorded_at: datetime
    validated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AutomaticRules:
    """Which rules of an agency need no person, who said so, and when."""

    rules: frozenset[ClassificationRule]
    set_by: Actor
    set_at: datetime


class ClassificationRecords(Protocol):
    """What requests were taken for; every step is kept."""

    async def latest(self, ticket_id: TicketId) -> ClassifiedTicket | None:
        """Return the classification that holds, None while nobody classified the ticket."""
        ...

    async def history(self, ticket_id: TicketId) -> tuple[ClassifiedTicket, ...]:
        """Return every step, the first one at the front."""
        ...

    async def append(self, step: ClassifiedTicket) -> None:
        """Add a step, which is the latest from now on."""
        ...

    async def automatic_rules(self) -> AutomaticRules | None:
        """Return what the agency said last, None while it said nothing."""
        ...

    async def add_automatic_rules(self, automatic: AutomaticRules) -> None:
        """Add what the agency says from now on; what it said before is kept."""
        ...

    async def exclusion(self, exclusion_id: ExclusionId) -> TicketExclusion | None:
        """Return an exclusion, locked until the transaction ends; None when there is none."""
        ...

    async def standing_exclusion(self, ticket_id: TicketId) -> TicketExclusion | None:
        """Return the first exclusion of a ticket that was not lifted, None without one."""
        ...

    async def add_exclusion(self, exclusion: TicketExclusion) -> None:
        """Add an exclusion."""
        ...

    async def lift(self, exclusion: TicketExclusion) -> None:
        """Write the gesture that lifts an exclusion."""
        ...

    async def intervention(self, intervention_id: InterventionId) -> SiteIntervention | None:
        """Return an intervention, locked until the transaction ends; None when there is none."""
        ...

    async def add_intervention(self, intervention: SiteIntervention) -> None:
        """Add an intervention."""
        ...

    async def validate(self, intervention: SiteIntervention) -> None:
        """Write who validated an intervention, and when."""
        ...
