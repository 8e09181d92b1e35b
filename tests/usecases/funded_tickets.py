"""What becomes of a ticket of Bruno, and what the forfait makes of it."""

from helpdesk.domain.classification import RequestNature
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.log_work import LogWork, log_work
from helpdesk.usecases.merge_tickets import MergeTickets, merge_tickets
from helpdesk.usecases.work_log_ports import LoggedWork
from tests.factories import AGENCY_ID
from tests.usecases.classifications import classify, confirm
from tests.usecases.retainers import TICKETS, balance, entries
from tests.usecases.ticket_verbs import VERSIONED
from tests.usecases.world import World


async def covered(
    world: World, nature: RequestNature = RequestNature.BUG, **facts: object
) -> Ticket:
    """Return a ticket that Bruno opens now and Alice classifies and confirms."""
    ticket = await world.ticket()
    await classify(world, ticket, nature, **facts)
    await confirm(world, ticket)
    return ticket


async def step(world: World, ticket: Ticket, *verbs: str) -> None:
    """Have Alice take steps on a ticket, named as in the API."""
    for verb in verbs:
        await VERSIONED[verb](world.desk, world.alice, ticket.id, None)


async def merge(world: World, duplicate: Ticket, survivor: Ticket) -> None:
    """Let a ticket end in favour of another one."""
    request = MergeTickets(duplicate.id, survivor.id)
    await merge_tickets(world.desk, viewer=world.alice, request=request)


async def worked(world: World, ticket: Ticket, minutes: int, **more: object) -> LoggedWork:
    """Log time of Alice on a ticket."""
    request = LogWork(ticket.id, minutes, **more)  # type: ignore[arg-type]  # its own fields
    return await log_work(world.desk, viewer=world.alice, request=request)


async def work_of(world: World, ticket: Ticket) -> tuple[LoggedWork, ...]:
    """Return the work on a ticket as it is kept."""
    async with world.desk.store.reading(AGENCY_ID) as records:
        return await records.work_logs.work_of(ticket.id)


async def kinds(world: World, unit: RetainerUnit = TICKETS) -> list[str]:
    """Return what happened to a book since its first grant."""
    return [one.kind.value for one in (await entries(world, unit))[1:]]


async def shown(world: World, unit: RetainerUnit = TICKETS) -> tuple[int, int, int]:
    """Return what of a book is left, held and consumed."""
    kept = await balance(world, unit)
    return kept.left, kept.held, kept.consumed
