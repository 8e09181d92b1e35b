"""Forfaits and worked time as they are shown: balances, entries, time on a ticket."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, select

from helpdesk.domain.access import Actor
from helpdesk.domain.ids import ContractId
from helpdesk.domain.retainer_entry import Entry
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.domain.work_log import WorkEntry, counting_work
from helpdesk.storage.query import in_list
from helpdesk.storage.reads.loader import Loader
from helpdesk.storage.reads.neighbours import read_actors
from helpdesk.storage.reads.noun_table import AnySelect, Predicate, of_the_client
from helpdesk.storage.retainer_balance import balance_of, balances_select
from helpdesk.storage.retainer_documents import entry_of
from helpdesk.storage.tables.contract import CONTRACT
from helpdesk.storage.tables.retainer import RETAINER_BOOK, RETAINER_ENTRY
from helpdesk.storage.tables.ticket import TICKET
from helpdesk.storage.tables.work_log import WORK_ENTRY
from helpdesk.storage.work_log_records import logged_work_of
from helpdesk.usecases.read_models import DEFAULT_PAGE, LARGEST_PAGE, Branch, Noun, Thing, Wanted
from helpdesk.usecases.work_log_ports import LoggedWork

_ENTRY = RETAINER_ENTRY.c
_OF_A_TICKET = ("ticket", "work")


async def read_balances(
    loader: Loader, contracts: Sequence[Thing], branch: Branch, _: Wanted
) -> None:
    """Give each contract the balances of its forfait now, by unit."""
    found: dict[str, list[Thing]] = {contract.id: [] for contract in contracts}
    for row in await loader.rows("balances", _balances, ids=list(found), at=loader.at):
        balance = balance_of(row)
        left = None if balance.is_unlimited else balance.left
        found[balance.contract_id].append(
            Thing(
                unit=balance.unit,
                is_unlimited=balance.is_unlimited,
                granted=balance.granted,
                held=balance.held,
                consumed=balance.consumed,
                over=balance.over,
                left=left,
                percent=balance.percent,
                expires_at=balance.expires_at,
            )
        )
    for contract in contracts:
        contract.keep(branch, found[contract.id])


async def read_ledger(
    loader: Loader, contracts: Sequence[Thing], branch: Branch, wanted: Wanted
) -> None:
    """Give each contract the last entries of its forfait, the last first."""
    asked = dict(branch.ask) if isinstance(branch.ask, tuple) else {}
    params = _params(asked)
    found: dict[str, list[Thing]] = {contract.id: [] for contract in contracts}
    shape = ("ledger", *sorted(params))
    rows = await loader.rows(
        shape, lambda is_client: _ledger(params, is_client=is_client), ids=list(found), **params
    )
    things = []
    for row in rows:
        values = dict(zip(_ENTRY.keys(), row, strict=True))
        thing = _entry_thing(values["unit"], entry_of(values))
        things.append(thing)
        found[ContractId(values["contract_id"])].append(thing)
    if Branch("actor") in wanted.branches:
        await read_actors(loader, things, Branch("actor"), wanted.along("actor"))
    if Branch("ticket") in wanted.branches:
        await _read_tickets(loader, things, wanted.along("ticket"))
    for contract in contracts:
        contract.keep(branch, found[contract.id])


async def read_work_logs(
    loader: Loader, tickets: Sequence[Thing], branch: Branch, wanted: Wanted
) -> None:
    """Give each ticket the time that was worked on it, by number."""
    found: dict[str, list[LoggedWork]] = {ticket.id: [] for ticket in tickets}
    for row in await loader.rows("work_logs", _work, parents=list(found)):
        work = logged_work_of(row)
        found[work.entry.ticket_id].append(work)
    shown = {
        ticket_id: _work_things(logged, is_client=not loader.viewer.is_of_agency)
        for ticket_id, logged in found.items()
    }
    if Branch("actor") in wanted.branches:
        every = [thing for things in shown.values() for thing in things]
        await read_actors(loader, every, Branch("actor"), wanted.along("actor"))
    for ticket in tickets:
        ticket.keep(branch, shown[ticket.id])


def _params(asked: Mapping[str, object]) -> dict[str, Any]:
    # Any: the values of arguments.
    first = asked.get("first", DEFAULT_PAGE)
    params: dict[str, Any] = {"first": min(max(int(str(first)), 0), LARGEST_PAGE)}
    unit = asked.get("unit")
    if isinstance(unit, RetainerUnit):
        params["of_unit"] = unit.value
    if "before" in asked:
        params["before"] = asked["before"]
    return params


async def _read_tickets(loader: Loader, things: Sequence[Thing], wanted: Wanted) -> None:
    """Give each entry the ticket that it is for, where there is one that the viewer sees."""
    ids = sorted({thing.ticket_id for thing in things if thing.ticket_id is not None})
    tickets = await loader.by_ids(Noun.TICKET, ids, wanted)
    for thing in things:
        thing.keep(Branch("ticket"), tickets.get(thing.ticket_id))


def _entry_thing(unit: str, entry: Entry) -> Thing:
    move, posting = entry.move, entry.posting
    source, _, source_id = posting.source.partition(":")
    claim, corrects = move.claim, posting.corrects
    return Thing(
        unit=RetainerUnit(unit),
        number=entry.number,
        kind=entry.kind,
        quantity=entry.quantity,
        left_change=entry.left_change,
        held_change=entry.held_change,
        lot=entry.lot,
        effective_at=move.effective_at,
        written_at=posting.at,
        period_start=entry.period.start,
        period_end=entry.period.end,
        corrects_from=None if corrects is None else corrects.start,
        expires_at=move.expires_at if move.opens is None else move.opens.expires_at,
        reason=posting.reason or None,
        source=source,
        ticket_id=source_id if source in _OF_A_TICKET else None,
        cause=posting.cause,
        overage_status=None if claim is None else claim.status,
        amount=None if claim is None else claim.amount,
        approved_by=None if move.approved_by is None else move.approved_by.name,
        **_actor(posting.actor),
    )


def _work_things(logged: Sequence[LoggedWork], *, is_client: bool) -> list[Thing]:
    counting = {entry.number for entry in counting_work(one.entry for one in logged)}
    return [
        _work_thing(one, is_client=is_client, counts=one.entry.number in counting) for one in logged
    ]


def _work_thing(work: LoggedWork, *, is_client: bool, counts: bool) -> Thing:
    entry: WorkEntry = work.entry
    return Thing(
        number=entry.number,
        minutes=entry.minutes,
        started_at=entry.started_at,
        written_at=entry.written_at,
        unit=work.charged_to,
        counts=counts,
        corrects=entry.corrects,
        # What an agent notes for his colleagues is no more the client's than an internal note.
        note=None if is_client else entry.note or None,
        reason=None if is_client else entry.reason or None,
        **_actor(entry.actor),
    )


def _actor(actor: Actor) -> dict[str, object]:
    return {
        "actor_kind": actor.kind,
        "actor_name": actor.name,
        "agent_id": actor.agent_id,
        "contact_id": actor.contact_id,
    }


def _balances(is_client: bool) -> AnySelect:  # noqa: FBT001 - called back by the reader
    contract_of_the_client = exists().where(
        CONTRACT.c.agency_id == RETAINER_BOOK.c.agency_id,
        CONTRACT.c.id == RETAINER_BOOK.c.contract_id,
        of_the_client(CONTRACT.c.client_id),
    )
    return balances_select(*([contract_of_the_client] if is_client else []))


def _ledger(params: Mapping[str, object], *, is_client: bool) -> AnySelect:
    held: list[Predicate] = [
        _ENTRY.agency_id == bindparam("agency_id"),
        in_list(_ENTRY.contract_id, "ids"),
    ]
    if is_client:
        held.append(
            exists().where(
                CONTRACT.c.agency_id == _ENTRY.agency_id,
                CONTRACT.c.id == _ENTRY.contract_id,
                of_the_client(CONTRACT.c.client_id),
            )
        )
    if "of_unit" in params:
        held.append(_ENTRY.unit == bindparam("of_unit"))
    if "before" in params:
        held.append(_ENTRY.number < bindparam("before"))
    latest = (_ENTRY.number.desc(), _ENTRY.unit)
    place = func.row_number().over(partition_by=_ENTRY.contract_id, order_by=latest)
    ranked = select(RETAINER_ENTRY, place.label("rank")).where(*held).subquery()
    columns = [ranked.c[name] for name in _ENTRY.keys()]  # noqa: SIM118 - columns are no mapping
    return (
        select(*columns)
        .where(
            and_(ranked.c.agency_id == bindparam("agency_id"), ranked.c.rank <= bindparam("first"))
        )
        .order_by(ranked.c.contract_id, ranked.c.number.desc(), ranked.c.unit)
    )


def _work(is_client: bool) -> AnySelect:  # noqa: FBT001 - likewise
    ticket_of_the_client = exists().where(
        TICKET.c.agency_id == WORK_ENTRY.c.agency_id,
        TICKET.c.id == WORK_ENTRY.c.ticket_id,
        of_the_client(TICKET.c.client_id),
    )
    return (
        select(WORK_ENTRY)
        .where(
            WORK_ENTRY.c.agency_id == bindparam("agency_id"),
            in_list(WORK_ENTRY.c.ticket_id, "parents"),
            *([ticket_of_the_client] if is_client else []),
        )
        .order_by(WORK_ENTRY.c.ticket_id, WORK_ENTRY.c.number)
    )
