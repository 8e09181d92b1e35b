"""Answers to the questions about the plans."""

from helpdesk.domain.access import Scope
from helpdesk.graphql.request import Request
from helpdesk.usecases.read_models import Thing
from helpdesk.usecases.shown_contracts import plan_thing

MOST_PLANS = 20
"""About how many plans there are, for the cost of a query."""


def read_plans(request: Request) -> list[Thing]:
    """Return every plan with its contents and prices. Raises ScopeMissing."""
    request.viewer.require(Scope.CONTRACTS_READ)
    plans = request.desk.plans
    return [plan_thing(plan, plans.calendar_codes(plan.code)) for plan in plans.plans()]
