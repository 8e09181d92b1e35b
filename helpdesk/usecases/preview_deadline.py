"""What would be promised if a request came in at an instant."""

from datetime import datetime
from typing import ClassVar

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.clock_reduction import reduced_clocks
from helpdesk.domain.clock_tape import ClockFact, ClockFactKind
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import ContractId
from helpdesk.domain.priority import Priority
from helpdesk.usecases.clock_views import ClockView, clock_views
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import DerivedClock

NEAREST_YEAR, FARTHEST_YEAR = 2000, 2100


class PreviewTooFar(HelpdeskError):
    """No calendar is planned that far away, so no promise can be read from it."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{at} is too far: preview an instant between {first} and {last}."
    french: ClassVar[str] = "{at} est trop loin : demandez un instant entre {first} et {last}."


async def preview_deadline(
    desk: Desk, *, viewer: Viewer, contract_id: ContractId, priority: Priority, at: datetime
) -> tuple[ClockView, ...]:
    """Return the clocks that a ticket of this priority opened at `at` would have.

    Clocks that start later (resolution after the first response) are PENDING. Nothing is kept.
    Raises NotFound and PreviewTooFar.
    """
    viewer.require(Scope.CONTRACTS_READ)
    if not NEAREST_YEAR <= at.year < FARTHEST_YEAR:
        raise PreviewTooFar(path=("at",), at=at, first=NEAREST_YEAR, last=FARTHEST_YEAR)
    async with desk.store.reading(viewer.agency_id) as records:
        contract = await records.contracts.contract(contract_id)
        if contract is None or not viewer.sees_client(contract.client_id):
            raise NotFound(path=("contractId",), what="Contract", id=contract_id)
        terms = contract.terms_at(at)
        versions = await records.contracts.calendar_versions(terms.calendar_ids)
    counted_on = desk.timelines.counted_on(versions, at)
    facts = (ClockFact(at, ClockFactKind.OPENED, priority),)
    derived = [
        DerivedClock(
            clock,
            terms.version,
            None
            if clock.target.calendar_id is None
            else counted_on.versions[clock.target.calendar_id],
        )
        for clock in reduced_clocks(facts, terms.sla, counted_on.timelines)
    ]
    return clock_views(derived, counted_on.timelines, opened_at=at, at=at)
