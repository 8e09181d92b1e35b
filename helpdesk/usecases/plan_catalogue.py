"""The plans that contracts are made from, as use-cases need them."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from helpdesk.domain.compensation_clause import CompensationTerms
from helpdesk.domain.ids import CalendarId
from helpdesk.domain.plan import Plan
from helpdesk.domain.priority import PriorityMatrix
from helpdesk.domain.sla_policy import SlaPolicy


class PlanCatalogue(Protocol):
    """The plans by code; whatever is taken from them is a copy."""

    def plans(self) -> Sequence[Plan]:
        """Return every plan, family by family, each from the smallest to the largest."""
        ...

    def plan(self, code: str) -> Plan:
        """Return what a plan grants and costs; refuse a code that no plan has."""
        ...

    def calendar_codes(self, code: str) -> frozenset[str]:
        """Return the calendars that the promises of a plan count on."""
        ...

    def matrix(self, code: str) -> PriorityMatrix:
        """Return the matrix of a plan, which nobody accepted yet."""
        ...

    def policy(self, code: str, calendar_ids: Mapping[str, CalendarId]) -> SlaPolicy:
        """Return the promises of a plan; none where its source promises no delay."""
        ...

    def compensation(self) -> CompensationTerms:
        """Return what a broken promise is worth where the parties agree on nothing else."""
        ...
