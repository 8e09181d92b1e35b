"""Forfaits and worked time as they are shown: balances, entries, time on a ticket."""

from collections.abc import Sequence

from sqlalchemy import bindparam, exists, select

from helpdesk.domain.access import Actor
from helpdesk.domain.billed_time import plain_parts
from helpdesk.domain.ids import CalendarId
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.domain.work_log import WorkEntry, counting_work
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.query import in_list
from helpdesk.storage.reads.contract_reads import terms_of_contracts
from helpdesk.storage.reads.loader import Loader
from helpdesk.storage.reads.neighbours import read_actors
from helpdesk.storage.reads.noun_table import AnySelect, of_the_client
from helpdesk.storage.reads.retainer_tables import books_select
from helpdesk.storage.retainer_balance import (
    balance_of,
    balances_select,
    expiring_packs_select,
    kept_lot_of,
)
from helpdesk.storage.retainer_documents import rounding_of, terms_of
from helpdesk.storage.tables.contract import CONTRACT
from helpdesk.storage.tables.retainer import RETAINER_BOOK, RETAINER_LOT
from helpdesk.storage.tables.ticket import TICKET
from helpdesk.storage.tables.work_log import WORK_ENTRY
from helpdesk.storage.work_log_records import logged_work_of
from helpdesk.usecases.due_alerts import EXPIRY_WINDOW, DueAlert, due_alerts
from helpdesk.usecases.read_models import Branch, Thing, Wanted
from helpdesk.usecases.shown_work import billed_things, worked_thing
from helpdesk.usecases.work_log_ports import LoggedWork
from helpdesk.usecases.work_rates import Rates, WorkRates, counting_for, rate_calendars


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


async def read_alerts(
    loader: Loader, contracts: Sequence[Thing], branch: Branch, _: Wanted
) -> None:
    """Give each contract the alerts that are due now: shares that were used, packs that expire."""
    found: dict[str, list[Thing]] = {contract.id: [] for contract in contracts}
    rows = await loader.rows("balances", _balances, ids=list(found), at=loader.at)
    until = loader.at + EXPIRY_WINDOW
    packs = await loader.rows("packs", _packs, ids=list(found), after=loader.at, until=until)
    due = due_alerts(map(balance_of, rows), map(kept_lot_of, packs), at=loader.at)
    for one in due:
        found[one.contract_id].append(_alert_thing(one))
    for contract in contracts:
        contract.keep(branch, found[contract.id])


async def read_work_logs(
    loader: Loader, tickets: Sequence[Thing], branch: Branch, wanted: Wanted
) -> None:
    """Give each ticket the time that was worked on it, by number."""
    found = await _logged(loader, tickets)
    rates = (
        await _rates(loader, tickets) if Branch("rates") in wanted.branches else dict[str, Rates]()
    )
    is_client = not loader.viewer.is_of_agency
    shown = {
        ticket.id: _work_things(
            found[ticket.id], rates.get(ticket.contract_id, plain_parts), is_client=is_client
        )
        for ticket in tickets
    }
    if Branch("actor") in wanted.branches:
        every = [thing for things in shown.values() for thing in things]
        await read_actors(loader, every, Branch("actor"), wanted.along("actor"))
    for ticket in tickets:
        ticket.keep(branch, shown[ticket.id])


async def read_worked_time(
    loader: Loader, tickets: Sequence[Thing], branch: Branch, _: Wanted
) -> None:
    """Give each ticket its real minutes, and what they are charged as."""
    found = await _logged(loader, tickets)
    rates = await _rates(loader, tickets)
    books: dict[str, list[Row]] = {}
    for row in await loader.rows("books", books_select, ids=_contracts(tickets)):
        books.setdefault(row[0], []).append(row)
    for ticket in tickets:
        logged = found[ticket.id]
        rated = rates.get(ticket.contract_id, plain_parts)
        parts = [
            part
            for _, unit, document in books.get(ticket.contract_id, ())
            for part in billed_things(
                counting_for(logged, RetainerUnit(unit)),
                RetainerUnit(unit),
                rounding_of(document),
                zone=terms_of(unit, document).periods.zone,
                rated=rated,
            )
        ]
        ticket.keep(branch, worked_thing(logged, parts))


async def _logged(loader: Loader, tickets: Sequence[Thing]) -> dict[str, list[LoggedWork]]:
    found: dict[str, list[LoggedWork]] = {ticket.id: [] for ticket in tickets}
    for row in await loader.rows("work_logs", _work, parents=list(found)):
        work = logged_work_of(row)
        found[work.entry.ticket_id].append(work)
    return found


async def _rates(loader: Loader, tickets: Sequence[Thing]) -> dict[str, Rates]:
    """Return by contract what worked time counts for."""
    terms = await terms_of_contracts(loader, _contracts(tickets))
    named = {one for versions in terms.values() for one in rate_calendars(versions)}
    read = await loader.calendars.versions(loader, named) if named else {}
    calendars = {CalendarId(calendar_id): versions for calendar_id, versions in read.items()}
    timelines = loader.calendars.timelines
    return {
        contract_id: WorkRates(tuple(versions), calendars, timelines).parts
        for contract_id, versions in terms.items()
    }


def _contracts(tickets: Sequence[Thing]) -> list[str]:
    return sorted({ticket.contract_id for ticket in tickets if ticket.contract_id is not None})


def _alert_thing(due: DueAlert) -> Thing:
    pack = due.pack
    return Thing(
        kind=due.alert.kind,
        unit=due.unit,
        threshold=due.alert.threshold,
        percent=due.gauge.percent,
        lot=due.alert.lot,
        left=due.gauge.left if pack is None else pack.left,
        expires_at=None if pack is None else pack.terms.expires_at,
    )


def _work_things(logged: Sequence[LoggedWork], rated: Rates, *, is_client: bool) -> list[Thing]:
    counting = {entry.number for entry in counting_work(one.entry for one in logged)}
    things = []
    for one in logged:
        thing = _work_thing(one, is_client=is_client, counts=one.entry.number in counting)
        thing.keep(Branch("rates"), rated(one.entry))
        things.append(thing)
    return things


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


def _packs(is_client: bool) -> AnySelect:  # noqa: FBT001 - likewise
    own = (
        []
        if not is_client
        else [
            exists().where(
                CONTRACT.c.agency_id == RETAINER_LOT.c.agency_id,
                CONTRACT.c.id == RETAINER_LOT.c.contract_id,
                of_the_client(CONTRACT.c.client_id),
            )
        ]
    )
    return expiring_packs_select(in_list(RETAINER_LOT.c.contract_id, "ids"), *own)


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
