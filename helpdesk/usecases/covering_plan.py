"""The plan that a request is weighed against: what its contract copied, else the plan it names."""

from datetime import datetime

from helpdesk.domain.contract import Contract, ContractTerms
from helpdesk.domain.plan import Plan
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records

NOTHING_PROMISED = Plan(
    "none.nothing", 1, {}, "no contract", (), unpriced_because="nothing was agreed"
)
"""What holds for a request under no contract: nothing is covered."""


async def covering_plan(desk: Desk, records: Records, ticket: Ticket) -> Plan:
    """Return what was sold to the client when the request came in; nothing without a contract."""
    if ticket.contract_id is None:
        return NOTHING_PROMISED
    contract = await records.contracts.contract(ticket.contract_id)
    assert contract is not None  # noqa: S101 - the ticket names it, and none is ever removed
    terms = contract.terms_at(ticket.opened_at)
    return _copied(terms) or _named(desk, terms)


def is_hosting_sold(desk: Desk, contract: Contract, at: datetime) -> bool:
    """Return whether a contract sold the hosting at an instant: by its terms, else by its plan."""
    terms = contract.terms_at(at)
    agreed = None if terms.commercial is None else terms.commercial.services.hosting
    hosting = agreed or _named(desk, terms).services.hosting
    return hosting is not None and hosting.value


def _named(desk: Desk, terms: ContractTerms) -> Plan:
    named = {plan.code: plan for plan in desk.plans.plans()}
    return named.get(terms.plan_code, NOTHING_PROMISED)


def _copied(terms: ContractTerms) -> Plan | None:
    """Return the plan that a version of the terms copied, None where it copied none."""
    commercial = terms.commercial
    if commercial is None or not commercial.dimensions:
        return None
    return Plan(
        code=f"contract.{terms.reference}",
        version=terms.version,
        label={},
        source="the terms of the contract",
        contents=(),
        unpriced_because="the price is the contract's",
        allowances={unit: granted.allowance for unit, granted in commercial.units.items()},
        services=commercial.services,
        dimensions=commercial.dimensions,
    )
