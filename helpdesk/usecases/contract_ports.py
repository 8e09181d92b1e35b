"""Contracts and calendars as use-cases need them."""

from collections.abc import Iterable
from typing import Protocol

from helpdesk.domain.calendar import CalendarVersion
from helpdesk.domain.contract import Contract, ContractTerms
from helpdesk.domain.contract_facts import ContractFact
from helpdesk.domain.ids import CalendarId, ClientId, ContractId


class ContractRecords(Protocol):
    """Contracts, their terms, and the calendars that they count on."""

    async def contract(self, contract_id: ContractId) -> Contract | None:
        """Return a contract with all versions of its terms, None when there is none."""
        ...

    async def contracts(self, contract_ids: Iterable[ContractId]) -> tuple[Contract, ...]:
        """Return those of these contracts that there are, each with all versions of its terms."""
        ...

    async def contract_to_change(self, contract_id: ContractId) -> Contract | None:
        """Return a contract, locked: no ticket opens under it until the transaction ends."""
        ...

    async def contract_to_turn(self, contract_id: ContractId) -> Contract | None:
        """Return a contract, locked: nobody changes it, and tickets go on under it.

        Who has a book of it and refers to the contract then never waits for who has the contract
        and waits for the book.
        """
        ...

    async def contracts_of(self, client_id: ClientId) -> tuple[Contract, ...]:
        """Return every contract of a client."""
        ...

    async def calendar_versions(
        self, calendar_ids: Iterable[CalendarId]
    ) -> tuple[CalendarVersion, ...]:
        """Return every version of these calendars."""
        ...

    async def contracts_in_force(self) -> tuple[ContractId, ...]:
        """Return the contracts that were activated and have not ended, by identity."""
        ...

    async def facts(self, contract_id: ContractId) -> tuple[ContractFact, ...]:
        """Return what happened to a contract, in order."""
        ...

    async def add_fact(self, contract_id: ContractId, fact: ContractFact) -> None:
        """Append what happened to a contract."""
        ...

    async def lock_contracts_of(self, client_id: ClientId) -> None:
        """Lock every contract of a client: none of them is activated until the transaction ends."""
        ...

    async def save_contract(self, contract: Contract) -> None:
        """Write where a contract stands, when it ends, and its note."""
        ...

    async def add_contract(self, contract: Contract) -> bool:
        """Add a contract with its terms and sites; False when another one has its reference."""
        ...

    async def add_terms(self, contract_id: ContractId, terms: ContractTerms) -> None:
        """Add a version of a contract's terms."""
        ...

    async def calendar_of_code(self, code: str) -> CalendarId | None:
        """Return the calendar that is called so, locked until the transaction ends, or None."""
        ...

    async def add_calendar(self, code: str, name: str, version: CalendarVersion) -> None:
        """Add a calendar with its first version."""
        ...

    async def add_calendar_version(self, version: CalendarVersion) -> None:
        """Add a version of a calendar."""
        ...
