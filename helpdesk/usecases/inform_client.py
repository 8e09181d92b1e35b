"""A consumer is told before a tacit renewal, in time, and the proof of it is kept (L. 215-1)."""

from datetime import date

from helpdesk.domain.agency import Contact, notice_readers
from helpdesk.domain.consumer_notice import information_window
from helpdesk.domain.contract_facts import ContractFactKind
from helpdesk.domain.contract_term import Term
from helpdesk.domain.outgoing_mail import AutoSubmitted
from helpdesk.usecases.contract_letters import RenewalToCome
from helpdesk.usecases.contract_step import ContractInHand
from helpdesk.usecases.letters import Envelope, promise_letter


async def inform_of_renewal(held: ContractInHand, term: Term) -> None:
    """Promise the dedicated letter to those who read notices, once a term, within its window.

    Only for clients that the law protects, and only while the contract renews itself. The fact
    says on which day it was promised, and to whom. A client without any contact is told nothing.
    """
    renewal = _renewal(held, term)
    if renewal is None or not information_window(renewal.last_day).holds(held.today):
        return
    client = await held.records.clients.client(held.contract.client_id)
    if (
        client is None
        or not client.kind.must_be_informed
        or was_informed(held, renewed_on=term.ends_on)
    ):
        return
    readers = await _readers(held)
    for contact in readers:
        await _promise(held, renewal, contact)
    if readers:
        told = ", ".join(f"{contact.name} <{contact.email}>" for contact in readers)
        await held.note(
            ContractFactKind.CLIENT_INFORMED, held.today, until=term.ends_on, reason=told
        )


def _renewal(held: ContractInHand, term: Term) -> RenewalToCome | None:
    """Return the renewal that follows a term; None where the contract ends with it."""
    sold = held.commercial
    months, notice = sold.term.renewal_months, sold.notice
    if months is None or notice is None or held.contract.ends_on is not None:
        return None
    last_day = notice.last_day(term.ends_on)
    return RenewalToCome(held.contract.reference, term.ends_on, months, last_day)


def was_informed(held: ContractInHand, *, renewed_on: date) -> bool:
    """Return whether the client was told, in time, of the renewal of a local day."""
    return any(
        fact.kind is ContractFactKind.CLIENT_INFORMED and fact.until == renewed_on
        for fact in held.facts
    )


async def _readers(held: ContractInHand) -> tuple[Contact, ...]:
    """Return whom the agency named for it, or everybody of the client."""
    return notice_readers(await held.records.clients.contacts_of(held.contract.client_id))


async def _promise(held: ContractInHand, renewal: RenewalToCome, contact: Contact) -> None:
    agency = await held.records.agencies.agency()
    letter = held.desk.contract_letters.renewal_information(renewal, agency=agency, contact=contact)
    await promise_letter(
        held.desk,
        held.records,
        None,
        Envelope(agency, contact, letter),
        key=f"renewal:{held.contract.id}:{renewal.renewed_on}:{contact.id}",
        auto_submitted=AutoSubmitted.AUTO_GENERATED,
    )
