"""Credits as a kind of thing that is read, with the facts of their lives."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import and_, bindparam, select

from helpdesk.domain.compensation_evidence import ResolutionEvidence
from helpdesk.domain.compensation_life import AMOUNT_SHOWN
from helpdesk.domain.compensation_text import percent_shown
from helpdesk.domain.errors import Locale
from helpdesk.domain.money import Money
from helpdesk.domain.month import Month
from helpdesk.storage.compensation_documents import base_of, evidence_of
from helpdesk.storage.query import in_list
from helpdesk.storage.reads import filters
from helpdesk.storage.reads.loader import Loader
from helpdesk.storage.reads.noun_table import (
    AnySelect,
    Beside,
    Derived,
    NounTable,
    Predicate,
    ToOne,
    Values,
    of_the_client,
)
from helpdesk.storage.tables.compensation import CREDIT, CREDIT_FACT
from helpdesk.usecases.read_models import Branch, Noun, Thing, Wanted

_FACT = ("credit_id", "sequence", "step", "state", "at", "actor_name", "reason", "document")


def _credit_of_the_client() -> Predicate:
    """Return the condition that a client sees a credit: from its approval on (R-CMP 9)."""
    return and_(
        of_the_client(CREDIT.c.client_id),
        CREDIT.c.state.in_(sorted(state.value for state in AMOUNT_SHOWN)),
    )


def _money(column: str) -> Derived:
    def value(row: Values, _: datetime) -> Money:
        return Money(row[column], row["currency"])

    return Derived((column, "currency"), value)


def _month(row: Values, _: datetime) -> Month:
    return Month.parsed(row["month"])


def _base(row: Values, _: datetime) -> Money:
    return base_of(row["base"]).shown


def _ticket_number(row: Values, _: datetime) -> object:
    return row["evidence"].get("ticket_number")


def _proof(row: Values, _: datetime) -> Thing:
    evidence = evidence_of(row["evidence"])
    if isinstance(evidence, ResolutionEvidence):
        return Thing(
            ticket_number=evidence.ticket_number,
            cycle=evidence.cycle,
            terms_version=evidence.terms_version,
            calendar_version=evidence.calendar_version,
            started_at=evidence.started_at,
            deadline_at=evidence.deadline_at,
            stopped_at=evidence.stopped_at,
            allowance_seconds=evidence.overrun.allowance_seconds,
            counted_seconds=evidence.overrun.counted_seconds,
            over_seconds=evidence.overrun.over_seconds,
            **dict.fromkeys(("up_percent", "promised_percent", "up")),
        )
    figure = evidence.figure
    return Thing(
        up_percent=percent_shown(figure.up, Locale.EN),
        promised_percent=percent_shown(figure.promised, Locale.EN),
        up=str(figure.up),
        **dict.fromkeys(
            (
                *("ticket_number", "cycle", "terms_version", "calendar_version", "started_at"),
                *("deadline_at", "stopped_at", "allowance_seconds", "counted_seconds"),
                "over_seconds",
            )
        ),
    )


def _room(row: Values, _: datetime) -> Money | None:
    if row["room"] is None:
        return None
    return Money(int(Fraction(row["room"])), row["currency"])


async def read_credit_facts(
    loader: Loader, credits_: Sequence[Thing], branch: Branch, _: Wanted
) -> None:
    """Give each credit what happened to it, in order; who decided is the agency's affair."""
    found: dict[str, list[Thing]] = {credit.id: [] for credit in credits_}
    rows = await loader.agency_rows("credit facts", _facts, parents=list(found))
    for row in rows:
        values: dict[str, Any] = dict(zip(_FACT, row, strict=True))
        if not loader.viewer.is_of_agency:
            values |= {"actor_name": None, "reason": ""}
        found[values.pop("credit_id")].append(Thing(**values))
    for credit in credits_:
        credit.keep(branch, found[credit.id])


def _facts() -> AnySelect:
    return (
        select(*(CREDIT_FACT.c[name] for name in _FACT))
        .where(
            CREDIT_FACT.c.agency_id == bindparam("agency_id"),
            in_list(CREDIT_FACT.c.credit_id, "parents"),
        )
        .order_by(CREDIT_FACT.c.credit_id, CREDIT_FACT.c.sequence)
    )


CREDIT_TABLES = (
    NounTable(
        Noun.CREDIT,
        CREDIT,
        for_client=_credit_of_the_client,
        private=frozenset({"overcredited_cents"}),
        ones={
            "contract": ToOne("contract_id", Noun.CONTRACT),
            "client": ToOne("client_id", Noun.CLIENT),
            "ticket": ToOne("ticket_id", Noun.TICKET),
            "completed": ToOne("completes", Noun.CREDIT),
        },
        derived={
            "net": _money("net_cents"),
            "total": _money("total_cents"),
            "capped": _money("capped_cents"),
            "room_left": Derived(("room", "currency"), _room),
            "base_amount": Derived(("base",), _base),
            "local_month": Derived(("month",), _month),
            "ticket_number": Derived(("evidence",), _ticket_number),
            "proof": Derived(("evidence",), _proof),
        },
        beside={"history": Beside(read_credit_facts)},
        filters={
            "client_ids": filters.any_of(CREDIT.c.client_id),
            "contract_ids": filters.any_of(CREDIT.c.contract_id),
            "states": filters.any_of(CREDIT.c.state),
        },
    ),
)
