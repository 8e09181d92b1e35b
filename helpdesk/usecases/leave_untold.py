"""A client whom nobody told of a renewal in time leaves when he likes, for nothing (L. 215-1)."""

from helpdesk.domain.consumer_notice import (
    ClientKind,
    PrepaidYear,
    RenewedContract,
    Termination,
    prepaid_year,
)
from helpdesk.domain.contract_facts import ContractFactKind
from helpdesk.domain.contract_term import Term
from helpdesk.domain.plan import BillingInterval
from helpdesk.usecases.contract_step import ContractInHand
from helpdesk.usecases.inform_client import was_informed

STAYS = Termination(is_accepted=False)
LAW = "L. 215-1"


async def left_untold(held: ContractInHand, term: Term) -> Termination:
    """Return the answer to a client who wants to leave today, in a term of his contract.

    Accepted only in a term that followed a renewal of which he was to be told, and was not.
    """
    if term.number == 1:
        return STAYS
    client = await held.records.clients.client(held.contract.client_id)
    kind = ClientKind.PROFESSIONAL if client is None else client.kind
    year = _prepaid(held)
    contract = RenewedContract(
        kind,
        renewed_on=term.starts_on,
        was_informed=was_informed(held, renewed_on=term.starts_on),
        prepaid_until=None if year is None else year.end,
    )
    return contract.termination(held.today)


async def note_refund(held: ContractInHand, left: Termination) -> None:
    """Record what is paid back of a year that was paid ahead, and until when; if anything is."""
    year = _prepaid(held)
    if year is not None and left.refund_by is not None:
        amount = year.refund(held.today)
        await held.note(
            ContractFactKind.PREPAYMENT_REFUNDED,
            held.today,
            until=left.refund_by,
            reason=LAW,
            amount=amount,
        )


def _prepaid(held: ContractInHand) -> PrepaidYear | None:
    """Return the year that was invoiced at once; None for a fee that is invoiced by the month."""
    sold = held.contract.terms_at(held.desk.now()).commercial
    if sold is None or sold.price is None or sold.billing is None:
        return None
    if sold.billing.value is not BillingInterval.YEARLY:
        return None
    return prepaid_year(sold.term.anchor, sold.price.value.monthly, on=held.today)
