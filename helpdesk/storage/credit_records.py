"""Credits in the database: a row each, and the facts of their lives beside it."""

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import BindParameter, Date, bindparam, func, or_, select, update

from helpdesk.domain.access import Actor, ActorKind
from helpdesk.domain.compensation import CreditId, CreditKey, CreditKind
from helpdesk.domain.compensation_evidence import Calculation, ResolutionEvidence, breached_at
from helpdesk.domain.compensation_life import Credit, CreditFact, CreditState, CreditStep
from helpdesk.domain.contract import ContractStatus
from helpdesk.domain.contract_life import CompensationNature
from helpdesk.domain.ids import AgentId, ClientId, ContractId, TicketId
from helpdesk.domain.money import Money
from helpdesk.domain.month import Month, Months
from helpdesk.storage.column_types import Instant
from helpdesk.storage.compensation_documents import (
    base_document,
    base_of,
    evidence_document,
    evidence_of,
)
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.query import Query, in_list, insert
from helpdesk.storage.session import MINE, Session
from helpdesk.storage.tables.compensation import CREDIT, CREDIT_FACT
from helpdesk.storage.tables.contract import CONTRACT
from helpdesk.storage.tables.sla_clock import SLA_CLOCK
from helpdesk.storage.tables.ticket import TICKET

_GONE = (CreditState.SUPERSEDED.value, CreditState.REJECTED.value)
_CREDIT_ID: BindParameter[str] = bindparam("credit_id")
_OF_CONTRACT: BindParameter[str] = bindparam("contract_id")

_BY_ID = select(CREDIT).where(CREDIT.c.agency_id == MINE, CREDIT.c.id == _CREDIT_ID)
_READ, _LOCKED = Query(_BY_ID), Query(_BY_ID.with_for_update())
_OF_A_MONTH = (
    select(CREDIT)
    .where(
        CREDIT.c.agency_id == MINE,
        CREDIT.c.contract_id == _OF_CONTRACT,
        CREDIT.c.month == bindparam("month"),
    )
    .order_by(CREDIT.c.kind, CREDIT.c.subject, CREDIT.c.revision)
)
_MONTHS = Query(
    select(CREDIT.c.month)
    .distinct()
    .where(
        CREDIT.c.agency_id == MINE,
        CREDIT.c.contract_id == _OF_CONTRACT,
        CREDIT.c.month >= bindparam("since"),
    )
    .order_by(CREDIT.c.month)
)
_MONTH_READ, _MONTH_LOCKED = Query(_OF_A_MONTH), Query(_OF_A_MONTH.with_for_update())
_AFTER = Query(
    select(CREDIT)
    .where(CREDIT.c.agency_id == MINE, CREDIT.c.id > bindparam("after"))
    .order_by(CREDIT.c.id)
    .limit(bindparam("limit"))
)
_FACTS = Query(
    select(CREDIT_FACT)
    .where(CREDIT_FACT.c.agency_id == MINE, in_list(CREDIT_FACT.c.credit_id, "ids"))
    .order_by(CREDIT_FACT.c.credit_id, CREDIT_FACT.c.sequence)
)
_CREDITED = Query(
    select(func.coalesce(func.sum(CREDIT.c.net_cents), 0)).where(
        CREDIT.c.agency_id == MINE,
        CREDIT.c.contract_id == _OF_CONTRACT,
        CREDIT.c.month >= bindparam("first"),
        CREDIT.c.month <= bindparam("last"),
        CREDIT.c.state.not_in(_GONE),
    )
)
_BREACHED = Query(
    select(TICKET.c.id)
    .distinct()
    .where(
        SLA_CLOCK.c.agency_id == MINE,
        SLA_CLOCK.c.breached_at >= bindparam("start", type_=Instant),
        SLA_CLOCK.c.breached_at < bindparam("end", type_=Instant),
        TICKET.c.agency_id == SLA_CLOCK.c.agency_id,
        TICKET.c.id == SLA_CLOCK.c.ticket_id,
        TICKET.c.contract_id == _OF_CONTRACT,
    )
    .order_by(TICKET.c.id)
)
_TO_SETTLE = Query(
    select(CONTRACT.c.id)
    .where(
        CONTRACT.c.agency_id == MINE,
        CONTRACT.c.status != ContractStatus.DRAFT.value,
        or_(CONTRACT.c.ends_on.is_(None), CONTRACT.c.ends_on >= bindparam("since", type_=Date)),
    )
    .order_by(CONTRACT.c.id)
)
_ADD, _ADD_FACT = Query(insert(CREDIT)), Query(insert(CREDIT_FACT))
_SAVE = Query(
    update(CREDIT)
    .where(CREDIT.c.agency_id == MINE, CREDIT.c.id == _CREDIT_ID)
    .values(state=bindparam("new_state"), overcredited_cents=bindparam("new_overcredited_cents"))
)


class SqlCreditRecords:
    """CreditRecords on a database; `locks` takes rows for the time of the transaction."""

    def __init__(self, session: Session, *, locks: bool) -> None:
        self._session = session
        self._by_id = _LOCKED if locks else _READ
        self._of_month = _MONTH_LOCKED if locks else _MONTH_READ

    async def credit(self, credit_id: CreditId) -> Credit | None:
        """Return a credit with the facts of its life."""
        row = await self._session.fetch_one(self._by_id, credit_id=credit_id)
        if row is None:
            return None
        (credit,) = await self._with_facts([row])
        return credit

    async def credits_of_month(self, contract_id: ContractId, month: Month) -> tuple[Credit, ...]:
        """Return every credit of a contract for a month, by revision."""
        rows = await self._session.fetch_all(
            self._of_month, contract_id=contract_id, month=str(month)
        )
        return await self._with_facts(rows)

    async def credits_after(self, credit_id: CreditId | None, *, limit: int) -> tuple[Credit, ...]:
        """Return the next credits of the agency in the order of their ids."""
        rows = await self._session.fetch_all(_AFTER, after=credit_id or "", limit=limit)
        return await self._with_facts(rows)

    async def months_with_credits(self, contract_id: ContractId, since: Month) -> tuple[Month, ...]:
        """Return the months from one on that a contract has credits for, the earliest first."""
        rows = await self._session.fetch_all(_MONTHS, contract_id=contract_id, since=str(since))
        return tuple(Month.parsed(row[0]) for row in rows)

    async def add_credit(self, credit: Credit, client_id: ClientId) -> None:
        """Add a credit with the facts that it has."""
        await self._session.add(_ADD, {**_credit_params(credit), "client_id": client_id})
        for fact in credit.facts:
            await self._session.add(_ADD_FACT, _fact_params(credit.id, fact))

    async def save_step(self, credit: Credit) -> None:
        """Append the last fact of a credit, and write where that leaves it."""
        await self._session.add(_ADD_FACT, _fact_params(credit.id, credit.facts[-1]))
        await self._session.write(
            _SAVE,
            credit_id=credit.id,
            new_state=credit.state.value,
            new_overcredited_cents=credit.overcredited.cents,
        )

    async def credited_cents(self, contract_id: ContractId, months: Months) -> int:
        """Return what the credits of some months come to."""
        row = await self._session.fetch_one(
            _CREDITED, contract_id=contract_id, first=str(months.first), last=str(months.last)
        )
        assert row is not None  # noqa: S101 - a sum is always one row
        return int(row[0])

    async def breached_tickets(
        self, contract_id: ContractId, start: datetime, end: datetime
    ) -> tuple[TicketId, ...]:
        """Return the tickets under a contract of which a clock breaks in `[start, end)`."""
        rows = await self._session.fetch_all(
            _BREACHED, contract_id=contract_id, start=start, end=end
        )
        return tuple(TicketId(row[0]) for row in rows)

    async def contracts_to_settle(self, since: date) -> tuple[ContractId, ...]:
        """Return the contracts that were put in force and had not ended on a local day."""
        rows = await self._session.fetch_all(_TO_SETTLE, since=since)
        return tuple(ContractId(row[0]) for row in rows)

    async def _with_facts(self, rows: Sequence[Row]) -> tuple[Credit, ...]:
        held = [dict(zip(CREDIT.c.keys(), row, strict=True)) for row in rows]
        facts: dict[str, list[CreditFact]] = {one["id"]: [] for one in held}
        if held:
            for row in await self._session.fetch_all(_FACTS, ids=list(facts)):
                told = dict(zip(CREDIT_FACT.c.keys(), row, strict=True))
                facts[told["credit_id"]].append(credit_fact_of(told))
        return tuple(credit_of(one, facts[one["id"]]) for one in held)


def credit_of(held: dict[str, Any], facts: Sequence[CreditFact]) -> Credit:
    """Return a credit from the columns of its row, by name, and its facts."""
    currency, room, completes = held["currency"], held["room"], held["completes"]
    key = CreditKey(
        ContractId(held["contract_id"]),
        CreditKind(held["kind"]),
        held["subject"],
        Month.parsed(held["month"]),
    )
    calculation = Calculation(
        key=key,
        nature=CompensationNature(held["nature"]),
        evidence=evidence_of(held["evidence"]),
        clause_version=held["clause_version"],
        base=base_of(held["base"]),
        room=None if room is None else Fraction(room),
        outweighed=bool(held["outweighed"]),
        net=Money(held["total_cents"], currency),
        capped=Money(held["capped_cents"], currency),
    )
    return Credit(
        id=CreditId(held["id"]),
        revision=held["revision"],
        calculation=calculation,
        net=Money(held["net_cents"], currency),
        proposed_at=held["created_at"],
        facts=tuple(facts),
        completes=None if completes is None else CreditId(completes),
    )


def credit_fact_of(told: dict[str, Any]) -> CreditFact:
    """Return a fact from the columns of its row, by name."""
    step, agent_id = told["step"], told["agent_id"]
    return CreditFact(
        sequence=told["sequence"],
        step=None if step is None else CreditStep(step),
        state=CreditState(told["state"]),
        at=told["at"],
        actor=Actor(
            ActorKind(told["actor_kind"]),
            told["actor_name"],
            None if agent_id is None else AgentId(agent_id),
        ),
        reason=told["reason"],
        document=told["document"],
        overcredited_cents=told["overcredited_cents"],
    )


def _credit_params(credit: Credit) -> dict[str, Any]:  # Any: columns of every type
    calculation, key = credit.calculation, credit.calculation.key
    evidence, room = calculation.evidence, calculation.room
    return {
        "id": credit.id,
        "contract_id": key.contract_id,
        "kind": key.kind.value,
        "subject": key.subject,
        "month": str(key.month),
        "revision": credit.revision,
        "ticket_id": evidence.ticket_id if isinstance(evidence, ResolutionEvidence) else None,
        "state": credit.state.value,
        "nature": calculation.nature.value,
        "currency": credit.net.currency,
        "net_cents": credit.net.cents,
        "total_cents": calculation.net.cents,
        "capped_cents": calculation.capped.cents,
        "overcredited_cents": credit.overcredited.cents,
        "outweighed": calculation.outweighed,
        "room": None if room is None else str(room),
        "clause_version": calculation.clause_version,
        "base": base_document(calculation.base),
        "evidence": evidence_document(evidence),
        "breached_at": breached_at(evidence),
        "completes": credit.completes,
        "created_at": credit.proposed_at,
    }


def _fact_params(credit_id: CreditId, fact: CreditFact) -> dict[str, Any]:  # Any: likewise
    return {
        "credit_id": credit_id,
        "sequence": fact.sequence,
        "step": None if fact.step is None else fact.step.value,
        "state": fact.state.value,
        "at": fact.at,
        "actor_kind": fact.actor.kind.value,
        "actor_name": fact.actor.name,
        "agent_id": fact.actor.agent_id,
        "reason": fact.reason,
        "document": fact.document,
        "overcredited_cents": fact.overcredited_cents,
    }
