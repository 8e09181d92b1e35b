"""Credits of tests: Bruno pays 199 euros a month, and his P0s are resolved too late."""

from dataclasses import replace
from datetime import date

from helpdesk.domain.agency import Agent, AgentRole
from helpdesk.domain.commercial_terms import CompensationClause
from helpdesk.domain.compensation_clause import CompensationTerms
from helpdesk.domain.compensation_life import Credit
from helpdesk.domain.contract import Contract
from helpdesk.domain.contract_life import CompensationNature
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import AgentId, ContractId
from helpdesk.domain.month import Month
from helpdesk.domain.plan import PlanPrice
from helpdesk.domain.priority import Impact, Priority, Urgency
from helpdesk.domain.ticket import Ticket
from helpdesk.presets.compensation import compensation_terms
from helpdesk.usecases.assign_ticket import AssignTicket, assign_ticket
from helpdesk.usecases.reply_to_ticket import ReplyToTicket, reply_to_ticket
from helpdesk.usecases.resolve_ticket import resolve_ticket
from helpdesk.usecases.settle_breaches import SettleBreaches, SettledMonth, settle_breaches
from helpdesk.usecases.ticket_step import TicketStepRequest
from tests.factories import AGENCY_ID, a_viewer, at
from tests.usecases.contracts import PRICE, SETTLED, SITE, active
from tests.usecases.world import World

JULY = Month(2026, 7)
PRESET = compensation_terms()
CAROL = a_viewer(name="Carol", agent_id=AgentId("carol"))


async def compensating(
    world: World, terms: CompensationTerms | None = PRESET, *, price: PlanPrice = PRICE
) -> Contract:
    """Return Bruno's contract of the first of July, which compensates by these amounts."""
    clause = CompensationClause(
        "Credits on the next invoice", CompensationNature.PRICE_REDUCTION, terms
    )
    settled = replace(SETTLED, compensation=clause, price=price)
    return await active(
        world,
        starts_on=date(2026, 7, 1),
        terms=settled,
        calendars={"continuous": "ouvre5"},
    )


async def late_p0(
    world: World,
    *,
    opened: str = "07-06 09:00",
    resolved: str = "07-07 11:30",
    is_hers: bool = False,
) -> Ticket:
    """Return a P0 that Alice answered at once and resolved later: eight hours are promised.

    It `is_hers` when it is assigned to her.
    """
    world.now.set(at(opened))
    ticket = await world.ticket(site_id=SITE, impact=Impact.CRITICAL, urgency=Urgency.HIGH)
    assert ticket.priority is Priority.P0
    reply = ReplyToTicket(ticket.id, "We are on it.")
    await reply_to_ticket(world.desk, viewer=world.alice, request=reply)
    if is_hers:
        assignment = AssignTicket(ticket.id, world.alice.agent_id)
        await assign_ticket(world.desk, viewer=world.alice, request=assignment)
    world.now.set(at(resolved))
    step = TicketStepRequest(ticket.id)
    return await resolve_ticket(world.desk, viewer=world.alice, request=step)


async def settle(
    world: World, contract: Contract, *, month: Month = JULY, reason: str = ""
) -> SettledMonth:
    """Return what Alice's settlement of a month changed."""
    request = SettleBreaches(contract.id, month, reason)
    return await settle_breaches(world.desk, viewer=world.alice, request=request)


async def credits_of(
    world: World, contract_id: ContractId, month: Month = JULY
) -> tuple[Credit, ...]:
    """Return every credit of a contract for a month as the database has them."""
    async with world.desk.store.reading(AGENCY_ID) as records:
        return await records.credits.credits_of_month(contract_id, month)


async def hire_carol(world: World, role: AgentRole = AgentRole.MANAGER) -> None:
    """Add Carol to the agency."""
    assert CAROL.agent_id is not None
    carol = Agent(CAROL.agent_id, AGENCY_ID, "Carol", "carol@alice.example", role, Locale.FR)
    async with world.desk.store.transaction(AGENCY_ID) as records:
        await records.agencies.add_agent(carol)
