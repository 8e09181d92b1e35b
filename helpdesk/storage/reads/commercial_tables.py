"""Quotes, exclusions and interventions as kinds of things that are read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists

from helpdesk.domain.quote import QuoteStatus
from helpdesk.storage.reads import filters
from helpdesk.storage.reads.noun_table import (
    Beside,
    Derived,
    NounTable,
    Predicate,
    ToOne,
    of_the_client,
)
from helpdesk.storage.reads.quote_reads import read_answer, read_lines, read_work
from helpdesk.storage.tables.classification import EXCLUSION, INTERVENTION
from helpdesk.storage.tables.quote import QUOTE
from helpdesk.storage.tables.ticket import TICKET
from helpdesk.usecases.read_models import Noun, Thing

Values = Mapping[str, Any]  # Any: columns of every type


def _quote_of_the_client() -> Predicate:
    return and_(of_the_client(QUOTE.c.client_id), QUOTE.c.sent_at.is_not(None))


def _exclusion_of_the_client() -> Predicate:
    return exists().where(
        TICKET.c.agency_id == EXCLUSION.c.agency_id,
        TICKET.c.id == EXCLUSION.c.ticket_id,
        of_the_client(TICKET.c.client_id),
    )


def _can_be_answered(row: Values, at: datetime) -> bool:
    expires_at: datetime | None = row["expires_at"]
    is_sent = row["status"] == QuoteStatus.SENT.value
    return is_sent and expires_at is not None and at < expires_at


def _gross(row: Values, _: datetime) -> int:
    net_cents: int = row["net_cents"]
    vat_cents: int = row["vat_cents"]
    return net_cents + vat_cents


def _evidence(row: Values, _: datetime) -> list[Thing]:
    return [
        Thing(kind=one["kind"], reference=one["reference"], at=datetime.fromisoformat(one["at"]))
        for one in row["evidence"]
    ]


def _name_of(column: str) -> Derived:
    def name(row: Values, _: datetime) -> object:
        return row[column]["name"] if row[column] else None

    return Derived((column,), name)


COMMERCIAL_TABLES = (
    NounTable(
        Noun.QUOTE,
        QUOTE,
        for_client=_quote_of_the_client,
        ones={
            "client": ToOne("client_id", Noun.CLIENT),
            "ticket": ToOne("ticket_id", Noun.TICKET),
            "contract": ToOne("contract_id", Noun.CONTRACT),
        },
        derived={
            "can_be_answered": Derived(("status", "expires_at"), _can_be_answered),
            "gross_cents": Derived(("net_cents", "vat_cents"), _gross),
        },
        beside={
            "lines": Beside(read_lines),
            "answer": Beside(read_answer),
            "work": Beside(read_work),
        },
        filters={
            "client_ids": filters.any_of(QUOTE.c.client_id),
            "statuses": filters.any_of(QUOTE.c.status),
        },
    ),
    NounTable(
        Noun.EXCLUSION,
        EXCLUSION,
        for_client=_exclusion_of_the_client,
        ones={
            "ticket": ToOne("ticket_id", Noun.TICKET),
            "intervention": ToOne("intervention_id", Noun.INTERVENTION),
        },
        derived={
            "shown_by": Derived(("evidence",), _evidence),
            "recorded_by_name": _name_of("recorded_by"),
            "lifted_by_name": _name_of("lifted_by"),
        },
    ),
    NounTable(
        Noun.INTERVENTION,
        INTERVENTION,
        for_client=lambda: of_the_client(INTERVENTION.c.client_id),
        ones={
            "client": ToOne("client_id", Noun.CLIENT),
            "site": ToOne("site_id", Noun.SITE),
        },
        derived={"recorded_by_name": _name_of("recorded_by")},
    ),
)
