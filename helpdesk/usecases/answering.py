"""Whether what a person of the agency says counts as a first response, by the contract."""

from helpdesk.domain.sla_policy import AnswerClause
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.ticket_life import Occasion
from helpdesk.usecases.ports import Records

_WITHOUT_CONTRACT = AnswerClause(by_opener=True)
"""Nothing was promised, so any person of the agency answers."""


async def counts_as_response(
    records: Records, ticket: Ticket, on: Occasion, *, is_call: bool = False
) -> bool:
    """Return whether a message or call counts as a first response, as the clock sees it.

    Who opened the ticket stands in its history, which is read only where that matters.
    """
    if ticket.first_responded_at is not None:
        return False
    clause = await _clause(records, ticket, on)
    is_by_opener = False
    if on.actor.agent_id is not None and not clause.by_opener:
        opening = (await records.tickets.history(ticket.id))[0]
        is_by_opener = opening.actor.agent_id == on.actor.agent_id
    return clause.is_response(is_call=is_call, is_by_opener=is_by_opener)


async def _clause(records: Records, ticket: Ticket, on: Occasion) -> AnswerClause:
    contract = (
        None if ticket.contract_id is None else await records.contracts.contract(ticket.contract_id)
    )
    return _WITHOUT_CONTRACT if contract is None else contract.terms_at(on.at).sla.answers
