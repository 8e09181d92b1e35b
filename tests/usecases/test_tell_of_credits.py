"""Managers hear of credits that wait and that are owed at the end, the client of each document."""

from dataclasses import replace

from helpdesk.domain.agency import Agent
from helpdesk.domain.contract import Contract
from helpdesk.domain.contract_facts import ContractFactKind
from helpdesk.domain.credit_note import CreditNoteKind
from helpdesk.domain.errors import Locale
from helpdesk.domain.money import Money
from helpdesk.domain.month import Month
from helpdesk.mail.credit_mails import CreditMails
from helpdesk.usecases.approve_credit import ApproveCredit, approve_credit
from helpdesk.usecases.credit_letters import CreditsWaiting
from helpdesk.usecases.credit_note_ports import KeptCreditNote
from helpdesk.usecases.end_contract import end_contract
from helpdesk.usecases.give_notice import GiveNotice, give_notice
from helpdesk.usecases.mail_ports import OutboxMail
from helpdesk.usecases.use_credit_note import RefundCreditNote, refund_credit_note
from tests.factories import AGENCY_ID, BRUNOS_CLIENT, at
from tests.letters import told_in
from tests.usecases.compensations import compensating, late_p0, settle
from tests.usecases.contracts import facts
from tests.usecases.credit_notes import an_invoice, introduced, issued, ready
from tests.usecases.upkeep import day
from tests.usecases.world import World


async def mails(world: World, kind: str) -> list[OutboxMail]:
    """Return the promised mails whose key begins so."""
    return [one for one in await world.outbox() if one.idempotency_key.startswith(f"{kind}:")]


async def alice(world: World) -> Agent:
    """Return the only manager of the agency."""
    async with world.desk.store.reading(AGENCY_ID) as records:
        [manager] = await records.agencies.managers()
    return manager


async def credited(world: World) -> tuple[Contract, KeptCreditNote]:
    """Return a contract and the credit note for its late P0."""
    contract = await compensating(world)
    await introduced(world)
    await late_p0(world)
    await an_invoice(world, contract_id=contract.id)
    [credit] = (await settle(world, contract)).added
    await approve_credit(world.desk, viewer=world.alice, request=ApproveCredit(credit.id))
    world.now.set(at("08-03 09:00"))
    return contract, await issued(world, contract_id=contract.id)


async def over(world: World, contract: Contract) -> None:
    """End a contract after its first term."""
    await give_notice(world.desk, viewer=world.alice, request=GiveNotice(contract.id))
    world.now.instant = day("2027-07-01", 1)
    await end_contract(world.desk, viewer=world.alice, contract_id=contract.id)


async def test_the_client_gets_the_credit_note_with_its_page_once(both_worlds: World) -> None:
    world = both_worlds
    await ready(world)
    kept = await issued(world, idempotency_key="once")
    await issued(world, idempotency_key="once")

    [promised] = await mails(world, "credit-note")
    mail = promised.mail
    assert mail.recipient.email == "bruno@bruno.example"
    assert mail.subject == f"Avoir {kept.note.number} : contrat {kept.note.contract_reference}"
    assert "35,82" in mail.text
    [file] = mail.files
    assert (file.name, file.content_type) == (f"{kept.note.number}.pdf", "application/pdf")
    assert file.content.startswith(b"%PDF")


async def test_a_penalty_statement_is_no_credit_note(world: World) -> None:
    await ready(world)
    note = (await issued(world)).note
    penalty = replace(note, kind=CreditNoteKind.PENALTY_STATEMENT)
    async with world.desk.store.reading(AGENCY_ID) as records:
        agency = await records.agencies.agency()
        [reader] = await records.clients.contacts_of(BRUNOS_CLIENT)
    english = replace(reader, locale=Locale.EN)

    letter = CreditMails().document_issued(penalty, agency=agency, contact=english)

    told = told_in(Locale.EN, letter)
    assert told.subject.startswith(f"Penalty statement {note.number}: contract ")
    assert "with VAT" not in told.text


async def test_managers_hear_once_a_month_that_credits_wait(both_worlds: World) -> None:
    world = both_worlds
    contract = await compensating(world)
    await late_p0(world)
    await settle(world, contract)
    await late_p0(world, opened="07-08 09:00", resolved="07-09 17:00")
    await settle(world, contract)

    [promised] = await mails(world, "credits")
    assert promised.mail.recipient.email == (await alice(world)).email
    assert promised.mail.subject == (
        "Contrat TMA-2 : des crédits de juillet 2026 attendent votre décision"
    )
    assert "29,85" in promised.mail.text


async def test_nothing_that_waits_is_no_news(world: World) -> None:
    contract = await compensating(world)
    await settle(world, contract)

    assert await mails(world, "credits") == []


async def test_an_english_manager_reads_english(world: World) -> None:
    async with world.desk.store.reading(AGENCY_ID) as records:
        agency = await records.agencies.agency()
    waiting = CreditsWaiting("TMA-2", "Bruno", Month(2026, 7), 2, Money(29_85))

    letter = CreditMails().credits_waiting(
        waiting, agency=agency, agent=replace(await alice(world), locale=Locale.EN)
    )

    told = told_in(Locale.EN, letter)
    assert told.subject == "Contract TMA-2: credits of July 2026 wait for your decision"
    assert "2, €29.85 before VAT" in told.text


async def test_the_end_of_a_contract_names_the_credit_notes_that_are_left(
    both_worlds: World,
) -> None:
    world = both_worlds
    contract, kept = await credited(world)

    await over(world, contract)

    [owed] = [
        one for one in await facts(world, contract.id) if one.kind is ContractFactKind.CREDITS_OWED
    ]
    assert (owed.amount, owed.reason) == (kept.note.gross, kept.note.number)
    [promised] = await mails(world, "owed")
    assert promised.mail.recipient.email == (await alice(world)).email
    assert kept.note.number in promised.mail.text


async def test_a_contract_that_owes_nothing_ends_without_a_word(world: World) -> None:
    contract, kept = await credited(world)
    request = RefundCreditNote(kept.note.id, "by transfer")
    await refund_credit_note(world.desk, viewer=world.alice, request=request)

    await over(world, contract)

    kinds = {one.kind for one in await facts(world, contract.id)}
    assert ContractFactKind.ENDED in kinds
    assert ContractFactKind.CREDITS_OWED not in kinds
    assert await mails(world, "owed") == []
