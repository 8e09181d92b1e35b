"""The recurring work of the demo's last weeks: planned by the engine, done by the agents."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from helpdesk.demo.cast import Cast, Colleague, House
from helpdesk.demo.script import Beat
from helpdesk.demo.turns import Turn
from helpdesk.domain.ids import TicketId
from helpdesk.domain.ticket import Channel, TicketKind
from helpdesk.usecases.assign_ticket import AssignTicket, assign_ticket
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.log_work import LogWork, log_work
from helpdesk.usecases.plan_routines import plan_routines
from helpdesk.usecases.resolve_ticket import resolve_ticket
from helpdesk.usecases.ticket_step import TicketStepRequest

_PLANNING_DAYS = (0, 14, 21)
"""On which days of a month routines open, counted from the first one: their weeks begin there."""
_DONE_AFTER = timedelta(days=4)
_MINUTES = 30


@dataclass
class Routines:
    """The routines since the last month that was settled began; `opened` counts their tickets."""

    cast: Cast
    turns: Sequence[Turn]
    opened: int = 0

    def beats(self) -> Iterator[Beat]:
        """Return when routines are planned, and when the agents have done them."""
        last = self.turns[-1]
        for month in (last.month, last.month.following, last.month.following.following):
            for day in _PLANNING_DAYS:
                start = month.starts_at(last.zone) + timedelta(days=day)
                working = {house.working.after(start, 0) for house in self.cast.houses.values()}
                for at in sorted(working):
                    yield Beat(at, self._planned)
                    yield Beat(last.working.after(at + _DONE_AFTER, 3600), self._done)

    async def _planned(self, desk: Desk) -> None:
        self.opened += await plan_routines(desk, self.cast.agency.id)

    async def _done(self, desk: Desk) -> None:
        for house in self.cast.houses.values():
            if house.contract is not None:
                for ticket_id in await self._open(desk, house):
                    await self._worked(desk, house, ticket_id)

    async def _open(self, desk: Desk, house: House) -> list[TicketId]:
        """Return the tickets of routines that have been there for their days."""
        assert house.contract is not None  # noqa: S101 - routines are of a contract
        async with desk.store.reading(self.cast.agency.id) as records:
            ids = await records.tickets_in_bulk.open_tickets_of_contract(house.contract.id)
            tickets = await records.tickets_in_bulk.tickets(ids)
        return [
            ticket.id
            for ticket in tickets
            if ticket.kind is TicketKind.PREVENTIVE
            and ticket.channel is Channel.MONITORING
            and ticket.opened_at <= desk.now() - _DONE_AFTER
        ]

    async def _worked(self, desk: Desk, house: House, ticket_id: TicketId) -> None:
        carer = self._carer(house)
        viewer = carer.viewer
        given = AssignTicket(ticket_id, carer.agent.id, carer.team_id)
        await assign_ticket(desk, viewer=viewer, request=given)
        began_at = desk.now() - timedelta(minutes=_MINUTES)
        work = LogWork(ticket_id, _MINUTES, started_at=began_at, note="Routine du mois")
        await log_work(desk, viewer=viewer, request=work)
        await resolve_ticket(desk, viewer=viewer, request=TicketStepRequest(ticket_id))

    def _carer(self, house: House) -> Colleague:
        return self.cast.expert(house.places[0].platform)[0]
