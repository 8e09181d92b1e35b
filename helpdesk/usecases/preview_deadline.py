"""What would be promised if a request came in at an instant, and if this and that happened then."""

from datetime import datetime
from typing import ClassVar

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.clock_facts import ClockFact
from helpdesk.domain.clock_reduction import clocks_under
from helpdesk.domain.contract import Contract
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import ContractId
from helpdesk.domain.priority import Priority
from helpdesk.domain.supposition import Supposition
from helpdesk.usecases.clock_views import ClockView, clock_views
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ticket_clocks import counted_on_by
from helpdesk.usecases.ticket_ports import DerivedClock
from helpdesk.usecases.timelines import CountedOn

NEAREST_YEAR, FARTHEST_YEAR = 2000, 2100
NOTHING_MORE = Supposition()


class PreviewTooFar(HelpdeskError):
    """No calendar is planned that far away, so no promise can be read from it."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{at} is too far: preview an instant between {first} and {last}."
    french: ClassVar[str] = "{at} est trop loin : demandez un instant entre {first} et {last}."


async def preview_deadline(
    desk: Desk,
    *,
    viewer: Viewer,
    contract_id: ContractId,
    priority: Priority,
    at: datetime,
    supposed: Supposition = NOTHING_MORE,
) -> tuple[ClockView, ...]:
    """Return the clocks that a ticket of this priority opened at `at` would have.

    They are read after the last thing that is supposed to happen. Clocks that start later
    (resolution after the first response) are PENDING. Nothing is kept. Raises NotFound,
    PreviewTooFar, and what the supposition is refused for.
    """
    viewer.require(Scope.CONTRACTS_READ)
    if not NEAREST_YEAR <= at.year < FARTHEST_YEAR:
        raise PreviewTooFar(path=("at",), at=at, first=NEAREST_YEAR, last=FARTHEST_YEAR)
    facts = supposed.facts(at, priority)
    read_at = supposed.looked_at(facts)
    async with desk.store.reading(viewer.agency_id) as records:
        contract = await records.contracts.contract(contract_id)
        if contract is None or not viewer.sees_client(contract.client_id):
            raise NotFound(path=("contractId",), what="Contract", id=contract_id)
        counted_on = await counted_on_by(desk, records, contract, at)
        agency = await records.agencies.agency()
    return clock_views(
        _derived(contract, facts, counted_on),
        counted_on.timelines,
        opened_at=at,
        at=read_at,
        zone=agency.zone,
    )


def _derived(
    contract: Contract, facts: tuple[ClockFact, ...], counted_on: CountedOn
) -> list[DerivedClock]:
    clocks = clocks_under(contract.policies(), facts, counted_on.timelines)
    return [
        DerivedClock(
            clock,
            clock.terms_version,
            None
            if clock.target.calendar_id is None
            else counted_on.versions[clock.target.calendar_id],
        )
        for clock in clocks
    ]
