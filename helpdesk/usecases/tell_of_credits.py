"""Who hears of credits: managers when some wait or are owed, the client with each document."""

from helpdesk.domain.agency import notice_readers
from helpdesk.domain.compensation_life import Credit, CreditState
from helpdesk.domain.contract import Contract
from helpdesk.domain.money import Money
from helpdesk.domain.month import Month
from helpdesk.domain.outgoing_mail import AttachedFile, AutoSubmitted
from helpdesk.usecases.credit_letters import CreditsWaiting, OwedAtEnd
from helpdesk.usecases.credit_note_ports import KeptCreditNote, PaperKind
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.letters import Envelope, promise_letter
from helpdesk.usecases.ports import Records

PDF = "application/pdf"


async def send_document(desk: Desk, records: Records, kept: KeptCreditNote) -> None:
    """Promise the client a document that was just issued, its page attached, once a reader.

    It goes to those who read what is about the contract, or to everybody of the client; nobody to
    write to is fine.
    """
    note = kept.note
    page = await records.credit_notes.paper(note.id, PaperKind.PDF)
    assert page is not None  # noqa: S101 - it was kept with the document
    agency = await records.agencies.agency()
    files = (AttachedFile(f"{note.number}.pdf", PDF, page),)
    for contact in notice_readers(await records.clients.contacts_of(note.client_id)):
        letter = desk.credit_letters.document_issued(note, agency=agency, contact=contact)
        await promise_letter(
            desk,
            records,
            None,
            Envelope(agency, contact, letter, files),
            key=f"credit-note:{note.id}:{contact.id}",
            auto_submitted=AutoSubmitted.AUTO_GENERATED,
        )


async def tell_of_waiting(
    desk: Desk, records: Records, contract: Contract, month: Month, credits_: list[Credit]
) -> None:
    """Promise every manager a mail when credits wait for approval, once a month and contract."""
    waiting = [one for one in credits_ if one.state is CreditState.PROPOSED]
    if not waiting:
        return
    net = Money(sum(one.net.cents for one in waiting), waiting[0].net.currency)
    name = await _client_name(records, contract)
    told = CreditsWaiting(contract.reference, name, month, len(waiting), net)
    agency = await records.agencies.agency()
    for manager in await records.agencies.managers():
        letter = desk.credit_letters.credits_waiting(told, agency=agency, agent=manager)
        await promise_letter(
            desk,
            records,
            None,
            Envelope(agency, manager, letter),
            key=f"credits:{contract.id}:{month}:{manager.id}",
            auto_submitted=AutoSubmitted.AUTO_GENERATED,
        )


async def tell_of_owed(
    desk: Desk, records: Records, contract: Contract, notes: tuple[KeptCreditNote, ...], left: Money
) -> None:
    """Promise every manager a mail that names what a contract that is over still owes."""
    numbers = tuple(one.note.number for one in notes)
    name = await _client_name(records, contract)
    owed = OwedAtEnd(contract.reference, name, numbers, left)
    agency = await records.agencies.agency()
    for manager in await records.agencies.managers():
        letter = desk.credit_letters.owed_at_end(owed, agency=agency, agent=manager)
        await promise_letter(
            desk,
            records,
            None,
            Envelope(agency, manager, letter),
            key=f"owed:{contract.id}:{manager.id}",
            auto_submitted=AutoSubmitted.AUTO_GENERATED,
        )


async def _client_name(records: Records, contract: Contract) -> str:
    client = await records.clients.client(contract.client_id)
    return "" if client is None else client.name
