"""The plans of the presets, as contracts are made from them."""

from collections.abc import Mapping, Sequence

from helpdesk.domain.compensation_clause import CompensationTerms
from helpdesk.domain.ids import CalendarId
from helpdesk.domain.plan import Plan
from helpdesk.domain.priority import PriorityMatrix
from helpdesk.domain.sla_policy import SlaPolicy
from helpdesk.presets.catalogue import plan, priority_matrix, sla_policy
from helpdesk.presets.commercial import commercial_plan, commercial_plans
from helpdesk.presets.compensation import compensation_terms


class PresetPlans:
    """PlanCatalogue of the presets."""

    def plans(self) -> Sequence[Plan]:
        """Return every plan, family by family, each from the smallest to the largest."""
        return tuple(commercial_plans().values())

    def plan(self, code: str) -> Plan:
        """Return what a plan grants and costs. Raises PresetUnknown."""
        return commercial_plan(code)

    def calendar_codes(self, code: str) -> frozenset[str]:
        """Return the calendars that the promises of a plan count on. Raises PresetUnknown."""
        return plan(code).calendar_codes

    def matrix(self, code: str) -> PriorityMatrix:
        """Return the matrix of a plan, which nobody accepted yet. Raises PresetUnknown."""
        return priority_matrix(plan(code).matrix_code)

    def policy(self, code: str, calendar_ids: Mapping[str, CalendarId]) -> SlaPolicy:
        """Return the promises of a plan. Raises PresetUnknown and PresetCalendarMissing."""
        return sla_policy(code, calendar_ids)

    def compensation(self) -> CompensationTerms:
        """Return what a broken promise is worth where the parties agree on nothing else."""
        return compensation_terms()
