"""Quotes as use-cases need them: versions, answers, and what they became."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from helpdesk.domain.ids import ContactId, QuoteId, TicketId
from helpdesk.domain.quote import Conversion, Quote


@dataclass(frozen=True, slots=True)
class QuotedWork:
    """What an accepted quote became: a ticket, or a record that invoicing or the ledger takes.

    The record is a JSON document; amounts are in cents, times in minutes.
    """

    quote_id: QuoteId
    conversion: Conversion
    ticket_id: TicketId | None
    record: dict[str, Any]


class QuoteRecords(Protocol):
    """Quotes, each version as a quote of its own."""

    async def quote(self, quote_id: QuoteId) -> Quote | None:
        """Return a quote, locked until the transaction ends; None when there is none."""
        ...

    async def add_quote(self, quote: Quote) -> None:
        """Add a version with its lines."""
        ...

    async def save_draft(self, quote: Quote) -> None:
        """Write what a draft says now, its lines included."""
        ...

    async def save_step(self, quote: Quote) -> None:
        """Write where a quote stands; what it says stays as it is."""
        ...

    async def save_answer(self, quote: Quote, contact_id: ContactId | None) -> None:
        """Write where an answered quote stands, and add the acceptance or refusal it carries."""
        ...

    async def save_conversion(self, quote: Quote, work: QuotedWork) -> None:
        """Write where a converted quote stands, and add what it became."""
        ...

    async def work_of(self, quote_id: QuoteId) -> QuotedWork | None:
        """Return what a quote became, None while it became nothing."""
        ...

    async def evidence_secret(self, drawn: str) -> str:
        """Return the agency's secret for the evidence of acceptances; the first one drawn stays."""
        ...

    async def has_another_unanswered(self, quote: Quote) -> bool:
        """Return whether another quote about the same ticket waits for an answer."""
        ...

    async def is_quoted(self, ticket_id: TicketId) -> bool:
        """Return whether there is a quote about a ticket."""
        ...

    async def lapsed(self, *, at: datetime, limit: int) -> tuple[QuoteId, ...]:
        """Return sent quotes that hold no more, those that lapsed first at the front."""
        ...
