"""A higher price that comes with the next term is told to the client while he may still leave."""

from helpdesk.domain.agency import Contact, notice_readers
from helpdesk.domain.commercial_terms import CommercialTerms
from helpdesk.domain.contract import ContractTerms
from helpdesk.domain.contract_term import Notice, can_give_notice
from helpdesk.domain.outgoing_mail import AutoSubmitted
from helpdesk.usecases.contract_letters import PriceToCome
from helpdesk.usecases.contract_step import ContractInHand
from helpdesk.usecases.letters import Envelope, promise_letter


async def announce_price(
    held: ContractInHand, before: CommercialTerms, terms: ContractTerms
) -> None:
    """Promise the letter about the price of new terms to those who read notices, once a version.

    Only for a price that rises with the next term, as long as notice can be given: what is agreed
    for another day is known to both. A client without any contact is told nothing.
    Source: R-LIFE 4.
    """
    price = await _price_to_come(held, before, terms)
    if price is None:
        return
    contacts = await held.records.clients.contacts_of(held.contract.client_id)
    for contact in notice_readers(contacts):
        await _promise(held, price, contact, version=terms.version)


async def _price_to_come(
    held: ContractInHand, before: CommercialTerms, terms: ContractTerms
) -> PriceToCome | None:
    sold = terms.commercial
    if sold is None or sold.price is None or before.price is None:
        return None
    old, new = before.price.value, sold.price.value
    is_renewed = before.term.renewal_months is not None and held.contract.ends_on is None
    if new.monthly.cents <= old.monthly.cents or not is_renewed:
        return None
    term, notice = await held.catch_up(), before.notice or Notice()
    since = terms.effective_from.astimezone(held.zone).date()
    if since != term.ends_on or not can_give_notice(term, notice, on=held.today):
        return None
    last_day = notice.last_day(term.ends_on)
    return PriceToCome(held.contract.reference, since, old, new, last_day)


async def _promise(
    held: ContractInHand, price: PriceToCome, contact: Contact, *, version: int
) -> None:
    agency = await held.records.agencies.agency()
    letter = held.desk.contract_letters.price_announcement(price, agency=agency, contact=contact)
    await promise_letter(
        held.desk,
        held.records,
        None,
        Envelope(agency, contact, letter),
        key=f"price:{held.contract.id}:{version}:{contact.id}",
        auto_submitted=AutoSubmitted.AUTO_GENERATED,
    )
