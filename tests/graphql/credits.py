"""An approved credit of each client of the API's tests."""

from dataclasses import replace

from helpdesk.domain.access import Viewer
from helpdesk.domain.compensation import CreditId, CreditKey, CreditKind
from helpdesk.domain.compensation_clause import ApprovalClause
from helpdesk.domain.compensation_life import Amount, CreditDeed, CreditStep, proposed
from helpdesk.domain.ids import ContractId
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.read_models import Noun
from tests.domain.compensations import JULY, a_calculation, late


async def add_credit(desk: Desk, agent: Viewer, client: Viewer, ticket: Ticket) -> dict[Noun, str]:
    """Give a client the approved credit of a late ticket; return its identity."""
    assert client.client_id is not None
    name = client.name.lower()
    subject = f"ticket:{ticket.id}"
    key = CreditKey(ContractId(f"contract-{name}"), CreditKind.P0_RESOLUTION, subject, JULY)
    evidence = replace(late(), ticket_id=ticket.id, ticket_number=ticket.number)
    calculation = replace(a_calculation(evidence=evidence), key=key)
    deed = CreditDeed(desk.now(), agent.actor)
    credit = proposed(
        CreditId(f"credit-{name}"),
        1,
        Amount(calculation, calculation.net),
        ApprovalClause(),
        deed,
    ).stepped(CreditStep.APPROVE, deed)
    async with desk.store.transaction(agent.agency_id) as records:
        await records.credits.add_credit(credit, client.client_id)
    return {Noun.CREDIT: credit.id}
