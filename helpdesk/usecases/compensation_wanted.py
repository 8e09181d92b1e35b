"""What the parties agree on about amounts; the rest is what is proposed."""

from dataclasses import dataclass, fields, replace
from typing import Any

from helpdesk.domain.compensation_clause import (
    ApprovalClause,
    CompensationCap,
    CompensationTerms,
    ResolutionCredit,
    SameIncident,
    UptimeCredit,
)
from helpdesk.domain.plan import Origin, Sourced

AGREED_IN = "the terms of the contract"
"""Where a value is read that the parties settled themselves."""


@dataclass(frozen=True, slots=True)
class WantedAmounts:
    """The clauses that the parties agreed on; None keeps what is proposed."""

    resolution: ResolutionCredit | None = None
    uptime: UptimeCredit | None = None
    same_incident: SameIncident | None = None
    cap: CompensationCap | None = None
    approval: ApprovalClause | None = None

    def over(self, proposed: CompensationTerms) -> CompensationTerms:
        """Return the proposed amounts with what was agreed, each value with its origin."""
        agreed: dict[str, Any] = {  # Any: the fields of the terms
            one.name: Sourced(getattr(self, one.name), Origin.AGREED, AGREED_IN)
            for one in fields(self)
            if getattr(self, one.name) is not None
        }
        return replace(proposed, **agreed)
