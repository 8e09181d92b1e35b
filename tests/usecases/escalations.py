"""Bruno's contract with an escalation, and the work that a worker does about it.

A first response is promised within less than four office hours and a resolution within less than
eight, both from the opening, whatever the priority. Opened on Monday at 09:00, a ticket is to be
answered by 13:00 and solved by 18:00.
"""

from dataclasses import replace

from helpdesk.domain.agency import Agent, AgentRole
from helpdesk.domain.errors import Locale
from helpdesk.domain.escalation import EscalationAction, EscalationActionKind, Ladder, LadderStep
from helpdesk.domain.ids import AgentId, ContractId, TicketId
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import ClockStart, SlaMetric
from helpdesk.domain.sla_policy import SlaPolicy
from helpdesk.storage.tables.sla_clock import SLA_FIRING
from helpdesk.usecases.desk import Desk
from helpdesk.worker.deadlines import FiredSteps, act_due, fire_due
from tests.factories import AGENCY_ID, a_policy, a_target, at
from tests.usecases.world import RowOf, World

CONTRACT = ContractId("contract-of-bruno")
INES = AgentId("ines")
ASSIGNEE, TEAM, MANAGERS, CLIENT, REASSIGN, RAISE, CALL = EscalationActionKind
FIRST, RESOLUTION = SlaMetric.FIRST_RESPONSE, SlaMetric.RESOLUTION


def step(level: int, *actions: EscalationActionKind | EscalationAction, **when: int) -> LadderStep:
    """Return a step of a ladder."""
    acts = [one if isinstance(one, EscalationAction) else EscalationAction(one) for one in actions]
    return LadderStep(level, tuple(acts), **when)


WARNING = step(1, ASSIGNEE, percent=50)  # 11:00
DUE = step(2, MANAGERS, percent=100)  # 13:00
LATE = step(3, CLIENT, minutes=60)  # 15:00, after lunch


def ladder(*steps: LadderStep, metric: SlaMetric = FIRST) -> Ladder:
    """Return a ladder for every priority."""
    return Ladder(metric, frozenset(Priority), steps or (WARNING, DUE, LATE))


def policy(*ladders: Ladder) -> SlaPolicy:
    """Return the promises of the module, with these ladders."""
    return a_policy(
        a_target(FIRST, hours=4),
        a_target(RESOLUTION, hours=8, starts_on=ClockStart.OPENING),
        ladders=ladders,
    )


async def agree(world: World, *ladders: Ladder) -> None:
    """Give Bruno's contract these terms, in force since January."""
    await agree_policy(world, policy(*(ladders or (ladder(),))))


async def agree_policy(world: World, sla: SlaPolicy, *, since: str = "01-02 00:00") -> None:
    """Give Bruno's contract a new version of its terms."""
    async with world.desk.store.transaction(AGENCY_ID) as records:
        contract = await records.contracts.contract(CONTRACT)
        assert contract is not None
        latest = contract.terms[-1]
        terms = replace(latest, version=latest.version + 1, effective_from=at(since), sla=sla)
        await records.contracts.add_terms(CONTRACT, terms)


async def hire_ines(world: World) -> AgentId:
    """Add an agent who speaks English and is no manager."""
    agent = Agent(INES, AGENCY_ID, "Ines", "ines@alice.example", AgentRole.AGENT, Locale.EN)
    async with world.desk.store.transaction(AGENCY_ID) as records:
        await records.agencies.add_agent(agent)
    return INES


async def fire(desk: Desk) -> int:
    """Record the steps that came, and return how many."""
    tally = FiredSteps()
    await fire_due(desk, tally, lambda: False)
    return tally.count


async def work(world: World, instant: str | None = None) -> None:
    """Let a worker do all that is due, at a wall-clock time in Paris if one is given."""
    if instant is not None:
        world.now.set(at(instant))
    await fire(world.desk)
    while await act_due(world.desk):
        pass


async def firings(world: World, ticket_id: TicketId | None = None) -> dict[str, RowOf]:
    """Return what was recorded of the first-response clocks, by step."""
    return {
        row["step"]: row
        for row in await world.rows(SLA_FIRING)
        if row["metric"] == FIRST and ticket_id in {None, row["ticket_id"]}
    }


async def mails(world: World, key: str = "escalation:") -> list[tuple[str, str]]:
    """Return to whom mails of this kind were promised, with their texts, in order."""
    return [
        (promised.mail.recipient.email, promised.mail.text)
        for promised in await world.outbox()
        if promised.idempotency_key.startswith(key)
    ]
