"""A contract of which notice was given is over."""

from datetime import date
from typing import ClassVar

from helpdesk.domain.access import Viewer
from helpdesk.domain.contract import Contract
from helpdesk.domain.contract_facts import ContractFactKind
from helpdesk.domain.contract_life import ContractStep, stepped
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import ContractId
from helpdesk.domain.money import EURO, Money
from helpdesk.domain.pack_clause import PackClause
from helpdesk.domain.period import midnight
from helpdesk.domain.retainer_entry import Entry, EntryKind, Posting
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.domain.retainer_turn import end_lots
from helpdesk.usecases.contract_step import ContractInHand, manageable
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.retainer_ports import BookAsk
from helpdesk.usecases.retainer_step import book_to_move
from helpdesk.usecases.tell_of_credits import tell_of_owed
from helpdesk.usecases.turn_periods import turn_books

END = "end"


class ContractStillRuns(HelpdeskError):
    """Service is due until the last day that was agreed."""

    code: ClassVar[ErrorCode] = ErrorCode.TRANSITION_REFUSED
    english: ClassVar[str] = "Contract {reference} runs until {ends_on}: end it from that day on."
    french: ClassVar[str] = (
        "Le contrat {reference} court jusqu'au {ends_on} : mettez-y fin à partir de ce jour."
    )


async def end_contract(desk: Desk, *, viewer: Viewer, contract_id: ContractId) -> Contract:
    """Record that a contract is over and return it: no request falls under it any more.

    Raises NotFound, ManagersOnly, ContractStepRefused, ContractStillRuns.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        held = await manageable(desk, records, viewer, contract_id)
        await end(held)
        return held.contract


async def end(held: ContractInHand) -> None:
    """Record that the contract in hand is over, and end its forfait.

    Nothing is carried over. What open tickets hold stays theirs (R-LED 4); all else is lost or
    paid back, as the contract says. What is left of credit notes is named. Raises as `end_contract`
    does.
    """
    ended = stepped(held.contract, ContractStep.END)
    ends_on = ended.ends_on
    if ends_on is None or held.today < ends_on:
        raise ContractStillRuns(reference=ended.reference, ends_on=ends_on)
    await turn_books(held)
    await held.become(ended)
    await held.note(ContractFactKind.ENDED, ends_on)
    await _end_books(held, ends_on)
    await turn_books(held)
    await _name_credits_owed(held, ends_on)


async def _name_credits_owed(held: ContractInHand, ends_on: date) -> None:
    """Record what is left of the contract's credit notes, and have the managers told.

    No invoice may come that uses them up, so they are paid back or taken off another one.
    """
    sold = held.contract.terms_at(midnight(ends_on, held.zone)).commercial
    currency = EURO if sold is None else sold.currency
    open_ = await held.records.credit_notes.open_credit_notes(held.contract.client_id, currency)
    notes = tuple(one for one in open_ if one.note.contract_id == held.contract.id)
    if not notes:
        return
    left = Money(sum(one.left.cents for one in notes), currency)
    numbers = ", ".join(one.note.number for one in notes)
    await held.note(ContractFactKind.CREDITS_OWED, ends_on, amount=left, reason=numbers)
    await tell_of_owed(held.desk, held.records, held.contract, notes, left)


async def _end_books(held: ContractInHand, ends_on: date) -> None:
    """End every lot of every book, and record what is lost and what is paid back (R-LIFE 6)."""
    sold = held.contract.terms_at(midnight(ends_on, held.zone)).commercial
    packs = PackClause() if sold is None else sold.packs
    lost: dict[RetainerUnit, int] = {}
    for unit in await held.records.retainer.units_of(held.contract.id):
        entries = await _end_book(held, unit, packs, ends_on)
        expired = sum(one.quantity for one in entries if one.kind is EntryKind.EXPIRE)
        refunded = -sum(one.quantity for one in entries if one.kind is EntryKind.ADJUST)
        if expired:
            lost[unit] = expired
        if refunded:
            await held.note(
                ContractFactKind.PACKS_REFUNDED,
                ends_on,
                amount=packs.refund(unit, refunded),
                quantities={unit: refunded},
            )
    if lost:
        await held.note(ContractFactKind.BALANCE_LOST, ends_on, quantities={**lost})


async def _end_book(
    held: ContractInHand, unit: RetainerUnit, packs: PackClause, ends_on: date
) -> tuple[Entry, ...]:
    kept = await book_to_move(held.records, held.contract, BookAsk(held.contract.id, unit))
    at = midnight(ends_on, held.zone)
    posting = Posting(held.actor, held.desk.now(), at, "", END, f"{END}:{ends_on}")
    entries = end_lots(kept.book, posting, at, refunds_packs=unit in packs.refunds)
    await held.records.retainer.append(kept, entries)
    return entries
