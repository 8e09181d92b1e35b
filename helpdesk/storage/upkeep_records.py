"""Tickets in bulk with all that is kept of them, and the corrections that were carried out."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import Select, bindparam, select

from helpdesk.domain.access import Actor, ActorKind
from helpdesk.domain.correction import Correction, CorrectionKind, MovedClock, Standing
from helpdesk.domain.ids import (
    AgencyId,
    AgentId,
    CalendarId,
    ContractId,
    CorrectionId,
    TicketId,
)
from helpdesk.domain.sla import ClockResult, SlaClock, SlaMetric, SlaState, StepDue, Target
from helpdesk.domain.ticket import TicketEvent, TicketEventKind
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.policy_documents import target_of
from helpdesk.storage.query import Query, in_list, insert
from helpdesk.storage.session import MINE, Session
from helpdesk.storage.tables.contract import CONTRACT_TERMS
from helpdesk.storage.tables.correction import CORRECTION
from helpdesk.storage.tables.sla_clock import SLA_CLOCK, SLA_FIRING
from helpdesk.storage.tables.ticket import TICKET, TICKET_EVENT
from helpdesk.storage.ticket_records import TICKETS
from helpdesk.usecases.ticket_ports import DerivedClock, TicketPast
from helpdesk.usecases.upkeep_ports import KeptTicket

_TICKET_COLUMNS = (*TICKETS.columns, TICKET.c.next_deadline_at, TICKET.c.breached_at)


def _page(statement: Select[Any]) -> Select[Any]:  # Any: the columns of a row
    return statement.order_by(TICKET.c.id).limit(bindparam("limit"))


_OF_AGENCY = select(*_TICKET_COLUMNS).where(
    TICKET.c.agency_id == MINE, TICKET.c.id > bindparam("after")
)
_ALL = Query(_page(_OF_AGENCY))
_OF_CONTRACTS = Query(_page(_OF_AGENCY.where(in_list(TICKET.c.contract_id, "contract_ids"))))
_ONE = Query(
    select(*_TICKET_COLUMNS)
    .where(TICKET.c.agency_id == MINE, TICKET.c.id == bindparam("id"))
    .with_for_update()
)
_EVENTS = Query(
    select(
        TICKET_EVENT.c.ticket_id,
        TICKET_EVENT.c.sequence,
        TICKET_EVENT.c.at,
        TICKET_EVENT.c.kind,
        TICKET_EVENT.c.agent_id,
        TICKET_EVENT.c.after,
    )
    .where(TICKET_EVENT.c.agency_id == MINE, in_list(TICKET_EVENT.c.ticket_id, "ids"))
    .order_by(TICKET_EVENT.c.ticket_id, TICKET_EVENT.c.sequence)
)
_FIRED = Query(
    select(
        SLA_FIRING.c.ticket_id, SLA_FIRING.c.metric, SLA_FIRING.c.cycle, SLA_FIRING.c.step
    ).where(SLA_FIRING.c.agency_id == MINE, in_list(SLA_FIRING.c.ticket_id, "ids"))
)
_CLOCK_NAMES = tuple(
    column.name
    for column in SLA_CLOCK.c
    if column.name not in {"agency_id", "calendar_id", "next_at"}
)
_CLOCKS = Query(
    select(*(SLA_CLOCK.c[name] for name in _CLOCK_NAMES)).where(
        SLA_CLOCK.c.agency_id == MINE, in_list(SLA_CLOCK.c.ticket_id, "ids")
    )
)
_TERMS = Query(
    select(CONTRACT_TERMS.c.contract_id, CONTRACT_TERMS.c.document).where(
        CONTRACT_TERMS.c.agency_id == MINE
    )
)
_CORRECTION_COLUMNS = (
    CORRECTION.c.id,
    CORRECTION.c.kind,
    CORRECTION.c.subject_id,
    CORRECTION.c.at,
    CORRECTION.c.actor_kind,
    CORRECTION.c.actor_name,
    CORRECTION.c.agent_id,
    CORRECTION.c.reason,
    CORRECTION.c.detail,
    CORRECTION.c.moves,
)
_CORRECTIONS = Query(
    select(*_CORRECTION_COLUMNS)
    .where(CORRECTION.c.agency_id == MINE)
    .order_by(CORRECTION.c.at.desc(), CORRECTION.c.id.desc())
    .limit(bindparam("limit"))
)
_ADD_CORRECTION = Query(insert(CORRECTION))


_KINDS = {kind.value: kind for kind in TicketEventKind}
_METRICS = {metric.value: metric for metric in SlaMetric}


class SqlUpkeepRecords:
    """UpkeepRecords on a database."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def kept_tickets(
        self,
        *,
        after: TicketId | None,
        limit: int,
        of_contracts: Collection[ContractId] | None = None,
    ) -> tuple[KeptTicket, ...]:
        """Return the next tickets in the order of their ids, of these contracts or all."""
        page: dict[str, object] = {"after": after or "", "limit": limit}
        if of_contracts is None:
            rows = await self._session.fetch_all(_ALL, **page)
        else:
            rows = await self._session.fetch_all(
                _OF_CONTRACTS, contract_ids=sorted(of_contracts), **page
            )
        return await self._with_the_rest(rows)

    async def kept_ticket(self, ticket_id: TicketId) -> KeptTicket | None:
        """Return one ticket, locked until the transaction ends."""
        rows = await self._session.fetch_all(_ONE, id=ticket_id)
        return (await self._with_the_rest(rows))[0] if rows else None

    async def contracts_counting_on(self, calendar_id: CalendarId) -> tuple[ContractId, ...]:
        """Return the contracts of which a version names this calendar."""
        rows = await self._session.fetch_all(_TERMS)
        naming = {row[0] for row in rows if calendar_id in row[1]["calendar_ids"]}
        return tuple(ContractId(contract_id) for contract_id in sorted(naming))

    async def corrections(self, *, limit: int) -> tuple[Correction, ...]:
        """Return the latest corrections, the newest first."""
        rows = await self._session.fetch_all(_CORRECTIONS, limit=limit)
        return tuple(_correction_of(self._session.agency_id, row) for row in rows)

    async def add_correction(self, correction: Correction) -> None:
        """Keep a correction that was carried out."""
        await self._session.write(
            _ADD_CORRECTION,
            id=correction.id,
            kind=correction.kind.value,
            subject_id=correction.subject_id,
            at=correction.at,
            actor_kind=correction.actor.kind.value,
            actor_name=correction.actor.name,
            agent_id=correction.actor.agent_id,
            reason=correction.reason,
            detail=dict(correction.detail),
            moves=[_move_document(move) for move in correction.moves],
        )

    async def _with_the_rest(self, tickets: Sequence[Row]) -> tuple[KeptTicket, ...]:
        index = TICKETS.columns.index(TICKET.c.id)
        ids = {"ids": [row[index] for row in tickets]}
        if not tickets:
            return ()
        events, firings, clocks = await self._session.fetch_batch(
            (_EVENTS, ids), (_FIRED, ids), (_CLOCKS, ids)
        )
        histories: dict[str, list[Row]] = {}
        for row in events:
            histories.setdefault(row[0], []).append(row)
        fired: dict[str, dict[tuple[SlaMetric, int], set[str]]] = {}
        for ticket_id, metric, cycle, step in firings:
            of_ticket = fired.setdefault(ticket_id, {})
            of_ticket.setdefault((_METRICS[metric], cycle), set()).add(step)
        kept: dict[str, list[DerivedClock]] = {}
        for row in clocks:
            kept.setdefault(row[0], []).append(_derived_of(row))
        return tuple(
            KeptTicket(
                ticket=TICKETS.read(row[:-2]),
                past=TicketPast(
                    tuple(_event_of(event) for event in histories.get(row[index], ())),
                    {key: frozenset(steps) for key, steps in fired.get(row[index], {}).items()},
                ),
                clocks={
                    (one.clock.metric, one.clock.cycle): one for one in kept.get(row[index], ())
                },
                next_deadline_at=row[-2],
                breached_at=row[-1],
            )
            for row in tickets
        )


def _event_of(row: Row) -> TicketEvent:
    """Return as much of an event as clocks and fields are told from: who acted is his identity."""
    ticket_id, sequence, at, kind, agent_id, after = row
    return TicketEvent(
        TicketId(ticket_id), sequence, at, _KINDS[kind], _actor_of(agent_id), {}, after
    )


@lru_cache(maxsize=1000)
def _actor_of(agent_id: str | None) -> Actor:
    return Actor(ActorKind.SYSTEM, "", AgentId(agent_id) if agent_id else None)


def _derived_of(row: Row) -> DerivedClock:
    """Return a kept clock: all of it but its stretches and the steps that fired."""
    values = dict(zip(_CLOCK_NAMES, row, strict=True))
    del values["ticket_id"]
    steps, calendar_version = values.pop("steps"), values.pop("calendar_version")
    values["target"] = _target(orjson.dumps(values["target"], option=orjson.OPT_SORT_KEYS))
    values["metric"] = _METRICS[values["metric"]]
    values["earlier_results"] = tuple(
        ClockResult(datetime.fromisoformat(stopped_at), seconds, is_met)
        for stopped_at, seconds, is_met in values["earlier_results"]
    )
    clock = SlaClock(**values)
    pending = tuple(StepDue(step, level, datetime.fromisoformat(at)) for step, level, at in steps)
    return DerivedClock(clock, clock.terms_version, calendar_version, pending)


@lru_cache(maxsize=1000)
def _target(document: bytes) -> Target:
    # An agency makes few promises, and each of its clocks carries one of them.
    return target_of(orjson.loads(document))


def _move_document(move: MovedClock) -> dict[str, object]:
    return {
        "ticket_id": move.ticket_id,
        "number": move.number,
        "metric": move.metric.value,
        "cycle": move.cycle,
        "before": _standing_document(move.before),
        "after": _standing_document(move.after),
        "gainer": move.gainer.value,
    }


def _standing_document(standing: Standing | None) -> dict[str, object] | None:
    if standing is None:
        return None
    return {
        "deadline_at": _text(standing.deadline_at),
        "breached_at": _text(standing.breached_at),
        "state": standing.state.value,
    }


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()


def _correction_of(agency_id: AgencyId, row: Row) -> Correction:
    id_, kind, subject_id, at, actor_kind, actor_name, agent_id, reason, detail, moves = row
    return Correction(
        id=CorrectionId(id_),
        agency_id=agency_id,
        kind=CorrectionKind(kind),
        subject_id=subject_id,
        at=at,
        actor=Actor(ActorKind(actor_kind), actor_name, AgentId(agent_id) if agent_id else None),
        reason=reason,
        detail=detail,
        moves=tuple(_move_of(document) for document in moves),
    )


def _move_of(document: Mapping[str, Any]) -> MovedClock:  # Any: JSON
    return MovedClock(
        ticket_id=TicketId(document["ticket_id"]),
        number=document["number"],
        metric=SlaMetric(document["metric"]),
        cycle=document["cycle"],
        before=_standing_of(document["before"]),
        after=_standing_of(document["after"]),
    )


def _standing_of(document: Mapping[str, Any] | None) -> Standing | None:  # Any: JSON
    if document is None:
        return None
    deadline_at, breached_at = document["deadline_at"], document["breached_at"]
    return Standing(
        datetime.fromisoformat(deadline_at) if deadline_at else None,
        datetime.fromisoformat(breached_at) if breached_at else None,
        SlaState(document["state"]),
    )
