"""Who takes care of a ticket hears, once, that an address is not reached."""

from helpdesk.domain.agency import Agent
from helpdesk.domain.outgoing_mail import AutoSubmitted
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.undelivered import UndeliverableAddress
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.letters import Envelope, promise_letter
from helpdesk.usecases.ports import Records


async def tell_undeliverable(
    desk: Desk, records: Records, marked: UndeliverableAddress, ticket: Ticket | None
) -> None:
    """Promise whom the ticket is given to a mail about the address, else every manager.

    Who is not reached himself is not written to.
    """
    agency = await records.agencies.agency()
    for agent in await _readers(records, marked, ticket):
        letter = desk.alerts.undeliverable(marked)
        await promise_letter(
            desk,
            records,
            ticket,
            Envelope(agency, agent, letter),
            key=f"undeliverable:{marked.address}:{marked.since.isoformat()}:{agent.id}",
            auto_submitted=AutoSubmitted.AUTO_GENERATED,
        )


async def _readers(
    records: Records, marked: UndeliverableAddress, ticket: Ticket | None
) -> tuple[Agent, ...]:
    agent_id = None if ticket is None else ticket.assignee_id
    assignee = None if agent_id is None else await records.agencies.agent(agent_id)
    if assignee is not None and assignee.email.lower() != marked.address:
        return (assignee,)
    managers = await records.agencies.managers()
    return tuple(one for one in managers if one.email.lower() != marked.address)
