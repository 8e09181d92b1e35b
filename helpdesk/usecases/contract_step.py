"""What the steps of a contract have in common: rights, the lock, the local day, the facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from zoneinfo import ZoneInfo

from helpdesk.domain.access import Actor, NotFound, Viewer
from helpdesk.domain.commercial_terms import CommercialTerms
from helpdesk.domain.contract import Contract
from helpdesk.domain.contract_facts import ContractFact, ContractFactKind, recorded_terms
from helpdesk.domain.contract_term import Term, renewed
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import ContractId
from helpdesk.domain.money import Money
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records
from helpdesk.usecases.require_manager import require_manager


class ContractNeverSold(HelpdeskError):
    """A contract older than such clauses says neither its term nor its price: draft a new one."""

    code: ClassVar[ErrorCode] = ErrorCode.CONTRACT_INCOMPLETE
    english: ClassVar[str] = (
        "Contract {reference} says neither its term nor its price: make a new contract that does."
    )
    french: ClassVar[str] = (
        "Le contrat {reference} ne dit ni sa durée ni son prix : faites un contrat qui les dise."
    )


@dataclass
class ContractInHand:
    """A contract that is locked, on a local day of its agency, with what happened to it."""

    desk: Desk
    records: Records
    contract: Contract
    actor: Actor
    today: date
    zone: ZoneInfo
    facts: tuple[ContractFact, ...]

    @property
    def commercial(self) -> CommercialTerms:
        """What the contract is sold by in its latest terms. Raises ContractNeverSold."""
        commercial = self.contract.counting_terms()[-1].commercial
        if commercial is None:
            raise ContractNeverSold(reference=self.contract.reference)
        return commercial

    async def become(self, contract: Contract) -> None:
        """Keep the contract as it is after a step."""
        self.contract = contract
        await self.records.contracts.save_contract(contract)

    async def note(
        self,
        kind: ContractFactKind,
        day: date,
        *,
        until: date | None = None,
        reason: str = "",
        amount: Money | None = None,
        quantities: Mapping[RetainerUnit, int | None] | None = None,
    ) -> ContractFact:
        """Append what happened, and return it."""
        fact = ContractFact(
            sequence=len(self.facts) + 1,
            kind=kind,
            at=self.desk.now(),
            day=day,
            until=until,
            actor=self.actor,
            reason=reason,
            amount=amount,
            quantities=quantities or {},
        )
        self.facts = (*self.facts, fact)
        await self.records.contracts.add_fact(self.contract.id, fact)
        return fact

    async def catch_up(self) -> Term:
        """Record the terms that began since the last one was recorded, and return the last one.

        Each is recorded once, by its number. Raises RenewalNotAgreed and ContractNeverSold.
        """
        known = recorded_terms(self.facts)
        begun = renewed(known, self.commercial.term, on=self.today)
        for term in begun[len(known) :]:
            is_first = term.number == 1
            kind = ContractFactKind.ACTIVATED if is_first else ContractFactKind.RENEWED
            await self.note(kind, term.starts_on, until=term.ends_on)
        return begun[-1]


async def manageable(
    desk: Desk, records: Records, viewer: Viewer, contract_id: ContractId
) -> ContractInHand:
    """Return a contract that a manager may change, locked. Raises NotFound, then ManagersOnly."""
    contract = await records.contracts.contract_to_change(contract_id)
    if contract is None or not viewer.sees_client(contract.client_id):
        raise NotFound(path=("contractId",), what="Contract", id=contract_id)
    await require_manager(records, viewer)
    return await in_hand(desk, records, contract, viewer.actor)


async def in_hand(desk: Desk, records: Records, contract: Contract, actor: Actor) -> ContractInHand:
    """Return a contract that is locked already, with what happened to it."""
    agency = await records.agencies.agency()
    zone = ZoneInfo(agency.zone)
    facts = await records.contracts.facts(contract.id)
    today = desk.now().astimezone(zone).date()
    return ContractInHand(desk, records, contract, actor, today, zone, facts)
