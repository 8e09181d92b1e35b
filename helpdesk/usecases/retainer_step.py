"""What every movement of a forfait has in common: whose it is, the locked book, the answer."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar

from helpdesk.domain.access import Actor, NotFound, Scope, Viewer
from helpdesk.domain.contract import Contract
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import ContractId
from helpdesk.domain.retainer_entry import Entry, Posting
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.idempotency import Question, answered_before, remember_answer
from helpdesk.usecases.ports import Records
from helpdesk.usecases.retainer_ports import BookAsk, KeptBook


class RetainerMissing(HelpdeskError):
    """What a contract does not count cannot be moved."""

    code: ClassVar[ErrorCode] = ErrorCode.NOT_FOUND
    english: ClassVar[str] = "Contract {reference} has no forfait in {unit}: open one first."
    french: ClassVar[str] = (
        "Le contrat {reference} n'a pas de forfait en {unit} : ouvrez-en un d'abord."
    )


@dataclass(frozen=True, slots=True)
class Movement:
    """What somebody asks to be moved, of which book, what it refers to and why.

    `decide` gives the entries of it and writes nothing.
    """

    contract: Contract
    ask: BookAsk
    actor: Actor
    source: str
    reason: str
    decide: Callable[[KeptBook, Posting], tuple[Entry, ...]]


async def visible_contract(records: Records, viewer: Viewer, contract_id: ContractId) -> Contract:
    """Return a contract that exists for the viewer. Raises NotFound."""
    contract = await records.contracts.contract(contract_id)
    if contract is None or not viewer.sees_client(contract.client_id):
        raise NotFound(path=("contractId",), what="Contract", id=contract_id)
    return contract


async def contract_to_fill(records: Records, viewer: Viewer, contract_id: ContractId) -> Contract:
    """Return a contract whose forfait the viewer may fill.

    What is sold or offered is the agency's to decide. Raises NotFound, AgencyOnly, ScopeMissing.
    """
    contract = await visible_contract(records, viewer, contract_id)
    viewer.require_agency(Scope.CLIENTS_WRITE)
    return contract


async def book_to_move(records: Records, contract: Contract, ask: BookAsk) -> KeptBook:
    """Return a book of a contract, locked. Raises RetainerMissing."""
    kept = await records.retainer.book(ask)
    if kept is None:
        raise RetainerMissing(path=("unit",), reference=contract.reference, unit=ask.unit.value)
    return kept


async def moved_once(
    desk: Desk, records: Records, asked: Question | None, movement: Movement
) -> tuple[Entry, ...]:
    """Write what is moved and return its entries; those of the first time when it comes again.

    Raises IdempotencyKeyReused, RetainerMissing and what the movement refuses.
    """
    before = await answered_before(desk, records, asked)
    key = desk.new_id() if before is None else before["key"]
    kept = await book_to_move(records, movement.contract, replace(movement.ask, key=key))
    if before is not None:
        return kept.book.answers[key]
    now = desk.now()
    posting = Posting(movement.actor, now, now, movement.reason, movement.source, key)
    entries = movement.decide(kept, posting)
    await records.retainer.append(kept, entries)
    await remember_answer(records, asked, {"key": key})
    return entries
