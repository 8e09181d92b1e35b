"""Credits as use-cases need them: those of a month, one to decide about, and what they come to."""

from datetime import date, datetime
from typing import Protocol

from helpdesk.domain.compensation import CreditId
from helpdesk.domain.compensation_life import Credit
from helpdesk.domain.ids import ClientId, ContractId, TicketId
from helpdesk.domain.month import Month, Months


class CreditRecords(Protocol):
    """Credits and the facts of their lives; nothing that a credit says is ever edited."""

    async def credit(self, credit_id: CreditId) -> Credit | None:
        """Return a credit, locked until the transaction ends; None when there is none."""
        ...

    async def credits_of_month(self, contract_id: ContractId, month: Month) -> tuple[Credit, ...]:
        """Return every credit of a contract for a month, superseded ones too, by revision.

        They are locked until the transaction ends.
        """
        ...

    async def months_with_credits(self, contract_id: ContractId, since: Month) -> tuple[Month, ...]:
        """Return the months from one on that a contract has credits for, the earliest first."""
        ...

    async def add_credit(self, credit: Credit, client_id: ClientId) -> None:
        """Add a credit with the facts that it has; its key and revision are there once."""
        ...

    async def save_step(self, credit: Credit) -> None:
        """Append the last fact of a credit, and write where that leaves it."""
        ...

    async def credited_cents(self, contract_id: ContractId, months: Months) -> int:
        """Return what the credits of some months come to, proposed ones too."""
        ...

    async def breached_tickets(
        self, contract_id: ContractId, start: datetime, end: datetime
    ) -> tuple[TicketId, ...]:
        """Return the tickets under a contract of which a clock breaks in `[start, end)`, by id."""
        ...

    async def contracts_to_settle(self, since: date) -> tuple[ContractId, ...]:
        """Return the contracts that were put in force and had not ended on a local day, by id."""
        ...

    async def credits_after(self, credit_id: CreditId | None, *, limit: int) -> tuple[Credit, ...]:
        """Return the next credits of the agency in the order of their ids."""
        ...
