"""Quotes in the database: a row for each version, with lines, answer and conversion beside it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, bindparam, delete, select, update

from helpdesk.domain.ids import AgencyId, ClientId, ContactId, ContractId, QuoteId, TicketId
from helpdesk.domain.money import Money
from helpdesk.domain.quote import (
    Acceptance,
    AfterRefusal,
    Conversion,
    ConversionKind,
    Quote,
    QuoteLine,
    QuoteStatus,
    Refusal,
)
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.query import Query, insert
from helpdesk.storage.session import MINE, Session
from helpdesk.storage.tables.agency import AGENCY_SECRET
from helpdesk.storage.tables.quote import QUOTE, QUOTE_ANSWER, QUOTE_CONVERSION, QUOTE_LINE
from helpdesk.usecases.quote_ports import QuotedWork

ACCEPTED, REFUSED = "ACCEPTED", "REFUSED"

_STANDING = ("status", "sent_at", "expires_at", "ended_at")
_SAID = ("title", "validity_days", "net_cents", "vat_cents", "document_hash")
_OF_QUOTE: BindParameter[str] = bindparam("quote_id")

_BY_ID = select(QUOTE).where(QUOTE.c.agency_id == MINE, QUOTE.c.id == _OF_QUOTE)
_READ, _LOCKED = Query(_BY_ID), Query(_BY_ID.with_for_update())
_LINES = Query(
    select(QUOTE_LINE)
    .where(QUOTE_LINE.c.agency_id == MINE, QUOTE_LINE.c.quote_id == _OF_QUOTE)
    .order_by(QUOTE_LINE.c.place)
)
_ANSWER = Query(
    select(QUOTE_ANSWER).where(
        QUOTE_ANSWER.c.agency_id == MINE, QUOTE_ANSWER.c.quote_id == _OF_QUOTE
    )
)
_CONVERSION = Query(
    select(QUOTE_CONVERSION).where(
        QUOTE_CONVERSION.c.agency_id == MINE, QUOTE_CONVERSION.c.quote_id == _OF_QUOTE
    )
)
_ADD, _ADD_LINE = Query(insert(QUOTE)), Query(insert(QUOTE_LINE))
_ADD_ANSWER, _ADD_CONVERSION = Query(insert(QUOTE_ANSWER)), Query(insert(QUOTE_CONVERSION))
_EVIDENCE = "evidence"
_SECRET = Query(
    select(AGENCY_SECRET.c.secret).where(
        AGENCY_SECRET.c.agency_id == MINE, AGENCY_SECRET.c.purpose == _EVIDENCE
    )
)
_ADD_SECRET = Query(insert(AGENCY_SECRET).on_conflict_do_nothing())
_DROP_LINES = Query(
    delete(QUOTE_LINE).where(QUOTE_LINE.c.agency_id == MINE, QUOTE_LINE.c.quote_id == _OF_QUOTE)
)


def _saving(names: tuple[str, ...]) -> Query:
    return Query(
        update(QUOTE)
        .where(QUOTE.c.agency_id == MINE, QUOTE.c.id == _OF_QUOTE)
        .values({QUOTE.c[name]: bindparam(f"new_{name}") for name in names})
    )


_SAVE_STEP, _SAVE_DRAFT = _saving(_STANDING), _saving(_SAID)
_ANOTHER_UNANSWERED = Query(
    select(QUOTE.c.id)
    .where(
        QUOTE.c.agency_id == MINE,
        QUOTE.c.ticket_id == bindparam("ticket_id"),
        QUOTE.c.id != _OF_QUOTE,
        QUOTE.c.status == QuoteStatus.SENT.value,
    )
    .limit(1)
)
_OF_TICKET = Query(
    select(QUOTE.c.id)
    .where(QUOTE.c.agency_id == MINE, QUOTE.c.ticket_id == bindparam("ticket_id"))
    .limit(1)
)
_LAPSED = Query(
    select(QUOTE.c.id)
    .where(
        QUOTE.c.agency_id == MINE,
        QUOTE.c.status == QuoteStatus.SENT.value,
        QUOTE.c.expires_at <= bindparam("at", type_=QUOTE.c.expires_at.type),
    )
    .order_by(QUOTE.c.expires_at, QUOTE.c.id)
    .limit(bindparam("size"))
)


class SqlQuoteRecords:
    """QuoteRecords on a database; `locks` takes rows for the time of the transaction."""

    def __init__(self, session: Session, *, locks: bool) -> None:
        self._session = session
        self._by_id = _LOCKED if locks else _READ

    async def quote(self, quote_id: QuoteId) -> Quote | None:
        """Return a quote with its lines, its answer and its conversion."""
        row = await self._session.fetch_one(self._by_id, quote_id=quote_id)
        if row is None:
            return None
        # The lock comes first: what stands beside the quote is read as its last writer left it.
        of_quote = {"quote_id": quote_id}
        lines, answers, conversions = await self._session.fetch_batch(
            (_LINES, of_quote), (_ANSWER, of_quote), (_CONVERSION, of_quote)
        )
        return _quote_of(row, lines, answers, conversions)

    async def add_quote(self, quote: Quote) -> None:
        """Add a version with its lines."""
        await self._session.add(_ADD, _quote_params(quote))
        await self._add_lines(quote)

    async def save_draft(self, quote: Quote) -> None:
        """Write what a draft says now, its lines included."""
        await self._save(_SAVE_DRAFT, quote, _SAID)
        await self._session.write(_DROP_LINES, quote_id=quote.id)
        await self._add_lines(quote)

    async def save_step(self, quote: Quote) -> None:
        """Write where a quote stands."""
        await self._save(_SAVE_STEP, quote, _STANDING)

    async def save_answer(self, quote: Quote, contact_id: ContactId | None) -> None:
        """Write where an answered quote stands, and add the answer that it carries."""
        await self.save_step(quote)
        await self._session.add(
            _ADD_ANSWER,
            {"quote_id": quote.id, "contact_id": contact_id, **_answer_params(quote)},
        )

    async def save_conversion(self, quote: Quote, work: QuotedWork) -> None:
        """Write where a converted quote stands, and add what it became."""
        await self.save_step(quote)
        params = {
            "quote_id": work.quote_id,
            "key": work.conversion.key,
            "kind": work.conversion.kind.value,
            "at": work.conversion.at,
            "ticket_id": work.ticket_id,
            "record": work.record,
        }
        await self._session.add(_ADD_CONVERSION, params)

    async def work_of(self, quote_id: QuoteId) -> QuotedWork | None:
        """Return what a quote became, None while it became nothing."""
        row = await self._session.fetch_one(_CONVERSION, quote_id=quote_id)
        if row is None:
            return None
        held = dict(zip(QUOTE_CONVERSION.c.keys(), row, strict=True))
        return QuotedWork(quote_id, _conversion_of(held), held["ticket_id"], held["record"])

    async def evidence_secret(self, drawn: str) -> str:
        """Return the agency's secret for the evidence of acceptances; the first one drawn stays."""
        row = await self._session.fetch_one(_SECRET)
        if row is None:
            # Of two that draw at once the second one waits here, and takes the first one's.
            await self._session.execute(_ADD_SECRET, purpose=_EVIDENCE, secret=drawn)
            row = await self._session.fetch_one(_SECRET)
        assert row is not None  # noqa: S101 - it was there, or has just been written
        return str(row[0])

    async def has_another_unanswered(self, quote: Quote) -> bool:
        """Return whether another quote about the same ticket waits for an answer."""
        row = await self._session.fetch_one(
            _ANOTHER_UNANSWERED, ticket_id=quote.ticket_id, quote_id=quote.id
        )
        return row is not None

    async def is_quoted(self, ticket_id: TicketId) -> bool:
        """Return whether there is a quote about a ticket."""
        return await self._session.fetch_one(_OF_TICKET, ticket_id=ticket_id) is not None

    async def lapsed(self, *, at: datetime, limit: int) -> tuple[QuoteId, ...]:
        """Return sent quotes that hold no more, those that lapsed first at the front."""
        rows = await self._session.fetch_all(_LAPSED, at=at, size=limit)
        return tuple(QuoteId(row[0]) for row in rows)

    async def _save(self, query: Query, quote: Quote, names: tuple[str, ...]) -> None:
        params = _quote_params(quote)
        changes = {f"new_{name}": params[name] for name in names}
        await self._session.write(query, quote_id=quote.id, **changes)

    async def _add_lines(self, quote: Quote) -> None:
        for place, line in enumerate(quote.lines):
            params = {
                "quote_id": quote.id,
                "place": place,
                "description": line.description,
                "quantity": line.quantity,
                "unit_cents": line.unit_price.cents,
                "vat_rate": line.vat_rate,
            }
            await self._session.add(_ADD_LINE, params)


def _quote_params(quote: Quote) -> dict[str, Any]:  # Any: columns of every type
    totals = quote.totals
    return {
        "id": quote.id,
        "number": quote.number,
        "version": quote.version,
        "client_id": quote.client_id,
        "ticket_id": quote.ticket_id,
        "contract_id": quote.contract_id,
        "title": quote.title,
        "zone": quote.zone.key,
        "currency": quote.currency,
        "validity_days": quote.validity_days,
        "status": quote.status.value,
        "created_at": quote.created_at,
        "sent_at": quote.sent_at,
        "expires_at": quote.expires_at,
        "ended_at": quote.ended_at,
        "net_cents": totals.net.cents,
        "vat_cents": totals.vat.cents,
        "document_hash": quote.document_hash,
    }


def _answer_params(quote: Quote) -> dict[str, Any]:  # Any: likewise
    accepted, refused = quote.acceptance, quote.refusal
    if accepted is not None:
        return {
            "kind": ACCEPTED,
            "name": accepted.name,
            "email": accepted.email,
            "at": accepted.at,
            "ip_hash": accepted.ip_hash,
            "document_hash": accepted.document_hash,
            "reason": None,
            "then": None,
        }
    assert refused is not None  # noqa: S101 - an answer is the one or the other
    return {
        "kind": REFUSED,
        "name": refused.name,
        "email": None,
        "at": refused.at,
        "ip_hash": None,
        "document_hash": None,
        "reason": refused.reason,
        "then": refused.then.value,
    }


def _quote_of(row: Row, lines: list[Row], answers: list[Row], conversions: list[Row]) -> Quote:
    held = dict(zip(QUOTE.c.keys(), row, strict=True))
    answer = dict(zip(QUOTE_ANSWER.c.keys(), answers[0], strict=True)) if answers else {}
    kind, currency = answer.get("kind"), held["currency"]
    return Quote(
        id=QuoteId(held["id"]),
        agency_id=AgencyId(held["agency_id"]),
        client_id=ClientId(held["client_id"]),
        number=held["number"],
        version=held["version"],
        title=held["title"],
        lines=tuple(_line_of(line, currency) for line in lines),
        zone=ZoneInfo(held["zone"]),
        created_at=held["created_at"],
        ticket_id=None if held["ticket_id"] is None else TicketId(held["ticket_id"]),
        contract_id=None if held["contract_id"] is None else ContractId(held["contract_id"]),
        validity_days=held["validity_days"],
        currency=currency,
        status=QuoteStatus(held["status"]),
        sent_at=held["sent_at"],
        acceptance=_acceptance_of(answer) if kind == ACCEPTED else None,
        refusal=_refusal_of(answer) if kind == REFUSED else None,
        ended_at=held["ended_at"],
        conversion=_converted_by(conversions),
    )


def _line_of(row: Row, currency: str) -> QuoteLine:
    held = dict(zip(QUOTE_LINE.c.keys(), row, strict=True))
    price = Money(held["unit_cents"], currency)
    return QuoteLine(held["description"], held["quantity"], price, held["vat_rate"])


def _acceptance_of(answer: Mapping[str, Any]) -> Acceptance:
    return Acceptance(
        *(answer[name] for name in ("name", "email", "at", "ip_hash", "document_hash"))
    )


def _refusal_of(answer: Mapping[str, Any]) -> Refusal:
    return Refusal(answer["name"], answer["at"], answer["reason"], AfterRefusal(answer["then"]))


def _converted_by(conversions: list[Row]) -> Conversion | None:
    if not conversions:
        return None
    return _conversion_of(dict(zip(QUOTE_CONVERSION.c.keys(), conversions[0], strict=True)))


def _conversion_of(held: Mapping[str, Any]) -> Conversion:
    return Conversion(held["key"], ConversionKind(held["kind"]), held["at"])
