"""What is shown of the care of sites: sheets, signals, audits."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from helpdesk.domain.audit import Audit
from helpdesk.domain.contract import ContractStatus
from helpdesk.domain.ids import ContractId, SiteId
from helpdesk.domain.plan import PlanServices
from helpdesk.domain.signal import SignalEpisode
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.diagnostic_documents import audit_of, episode_of
from helpdesk.storage.diagnostic_records import held, sheet_version_of
from helpdesk.storage.query import in_list
from helpdesk.storage.reads.loader import LoadBeside, Loader
from helpdesk.storage.reads.noun_table import AnySelect, Beside, NounTable, ToOne
from helpdesk.storage.tables.contract import CONTRACT
from helpdesk.storage.tables.diagnostics import (
    AUDIT,
    AUDIT_ANSWER,
    AUDIT_CALL,
    SITE_SHEET,
    WARNING_SIGNAL,
)
from helpdesk.usecases.known_of_site import contract_of_site, services_of
from helpdesk.usecases.read_models import THINGS, Branch, Noun, Thing, Wanted, thing_of
from helpdesk.usecases.shown_diagnostics import (
    point_things,
    result_thing,
    sheet_thing,
    signal_thing,
)

_AT_WORK = sorted(
    status.value
    for status in (ContractStatus.ACTIVE, ContractStatus.SUSPENDED, ContractStatus.ENDING)
)

# A call for an audit has no table that is read by selection, only a neighbour.
_CALLS = NounTable(Noun.AUDIT_CALL, AUDIT_CALL, ones={"ticket": ToOne("ticket_id", Noun.TICKET)})


async def today_of(loader: Loader) -> date:
    """Return the local day of the agency."""
    async with loader.records() as records:
        agency = await records.agencies.agency()
    return loader.at.astimezone(ZoneInfo(agency.zone)).date()


async def _read_sheet(loader: Loader, sites: Sequence[Thing], branch: Branch, _: Wanted) -> None:
    """Give each site what is known of it."""
    shown = await _sheets(loader, sites)
    for site in sites:
        versions = shown[site.id]
        site.keep(branch, versions[-1] if versions else None)


async def _read_sheet_history(
    loader: Loader, sites: Sequence[Thing], branch: Branch, _: Wanted
) -> None:
    """Give each site every version of what was known of it, by number."""
    shown = await _sheets(loader, sites)
    for site in sites:
        site.keep(branch, shown[site.id])


async def _sheets(loader: Loader, sites: Sequence[Thing]) -> Mapping[str, list[Thing]]:
    today = await today_of(loader)
    found: dict[str, list[Thing]] = {site.id: [] for site in sites}
    for row in await loader.agency_rows("site_sheets", _sheet_rows, ids=list(found)):
        version = sheet_version_of(held(SITE_SHEET, row))
        found[version.site_id].append(sheet_thing(version, today))
    return found


def _signals(*, are_up: bool) -> LoadBeside:
    async def load(loader: Loader, sites: Sequence[Thing], branch: Branch, _: Wanted) -> None:
        found: dict[str, list[SignalEpisode]] = {site.id: [] for site in sites}
        if loader.viewer.is_of_agency:
            for row in await loader.agency_rows("signals", _signal_rows, ids=list(found)):
                episode = episode_of(held(WARNING_SIGNAL, row))
                if episode.is_up is are_up:
                    found[episode.site_id].append(episode)
        services = await _services(loader, sites)
        for site in sites:
            shown = [signal_thing(one, services.get(site.id)) for one in found[site.id]]
            site.keep(branch, shown)

    return load


async def _read_audit_call(
    loader: Loader, sites: Sequence[Thing], branch: Branch, wanted: Wanted
) -> None:
    """Give each site the call for an audit that stands; none for a client."""
    rows: list[Row] = []
    if loader.viewer.is_of_agency:
        ids = [site.id for site in sites]
        rows = await loader.agency_rows("audit_calls", _call_rows, ids=ids)
    names = ("site_id", "began_on", "began_at", "ticket_id")
    found = {
        row[0]: thing_of(THINGS[Noun.AUDIT_CALL], dict(zip(names, row, strict=True)))
        for row in rows
    }
    await loader.fill(_CALLS, list(found.values()), wanted)
    for site in sites:
        site.keep(branch, found.get(site.id))


async def read_points(loader: Loader, audits: Sequence[Thing], branch: Branch, _: Wanted) -> None:
    """Give each audit its points with their last answers, as they count today."""
    today = await today_of(loader)
    whole = await _audits(loader, audits)
    sites = [Thing(id=one.site_id, client_id=one.client_id) for one in whole.values()]
    services = await _services(loader, sites)
    for audit in audits:
        one = whole[audit.id]
        audit.keep(branch, point_things(one, services.get(one.site_id), today))


async def read_result(loader: Loader, audits: Sequence[Thing], branch: Branch, _: Wanted) -> None:
    """Give each audit what it comes to today."""
    today = await today_of(loader)
    whole = await _audits(loader, audits)
    for audit in audits:
        audit.keep(branch, result_thing(whole[audit.id].result(today=today)))


async def read_verdict(loader: Loader, audits: Sequence[Thing], branch: Branch, _: Wanted) -> None:
    """Give each audit what it came to on the day it was completed, if it was."""
    whole = await _audits(loader, audits)
    for audit in audits:
        audit.keep(branch, result_thing(whole[audit.id].verdict))


async def _audits(loader: Loader, things: Sequence[Thing]) -> Mapping[str, Audit]:
    ids = list(dict.fromkeys(thing.id for thing in things))
    answers: dict[str, list[Mapping[str, Any]]] = {audit_id: [] for audit_id in ids}
    for row in await loader.agency_rows("audit_answers", _answer_rows, ids=ids):
        values = held(AUDIT_ANSWER, row)
        answers[values["audit_id"]].append(values)
    rows = await loader.agency_rows("audits", _audit_rows, ids=ids)
    whole = [held(AUDIT, row) for row in rows]
    return {values["id"]: audit_of(values, answers[values["id"]]) for values in whole}


async def _services(loader: Loader, sites: Sequence[Thing]) -> Mapping[str, PlanServices]:
    """Return what the contract that covers each site sells; no site without a contract is there."""
    clients = list(dict.fromkeys(site.client_id for site in sites))
    rows = await loader.agency_rows("contracts_at_work", _contract_rows, ids=clients)
    async with loader.records() as records:
        contracts = await records.contracts.contracts([ContractId(row[0]) for row in rows])
    found = {}
    for site in sites:
        own = [one for one in contracts if one.client_id == site.client_id]
        contract = contract_of_site(own, SiteId(site.id))
        if contract is not None:
            found[site.id] = services_of(contract.terms_at(loader.at).commercial)
    return found


def _sheet_rows() -> AnySelect:
    return (
        select(SITE_SHEET)
        .where(
            SITE_SHEET.c.agency_id == bindparam("agency_id"), in_list(SITE_SHEET.c.site_id, "ids")
        )
        .order_by(SITE_SHEET.c.site_id, SITE_SHEET.c.version)
    )


def _signal_rows() -> AnySelect:
    return (
        select(WARNING_SIGNAL)
        .where(
            WARNING_SIGNAL.c.agency_id == bindparam("agency_id"),
            in_list(WARNING_SIGNAL.c.site_id, "ids"),
        )
        .order_by(WARNING_SIGNAL.c.site_id, WARNING_SIGNAL.c.raised_at, WARNING_SIGNAL.c.id)
    )


def _call_rows() -> AnySelect:
    call = AUDIT_CALL.c
    return (
        select(call.site_id, call.began_on, call.began_at, call.ticket_id)
        .where(
            call.agency_id == bindparam("agency_id"),
            in_list(call.site_id, "ids"),
            call.ended_on.is_(None),
        )
        .order_by(call.site_id)
    )


def _audit_rows() -> AnySelect:
    return (
        select(AUDIT)
        .where(AUDIT.c.agency_id == bindparam("agency_id"), in_list(AUDIT.c.id, "ids"))
        .order_by(AUDIT.c.id)
    )


def _answer_rows() -> AnySelect:
    return (
        select(AUDIT_ANSWER)
        .where(
            AUDIT_ANSWER.c.agency_id == bindparam("agency_id"),
            in_list(AUDIT_ANSWER.c.audit_id, "ids"),
        )
        .order_by(AUDIT_ANSWER.c.audit_id, AUDIT_ANSWER.c.sequence)
    )


def _contract_rows() -> AnySelect:
    return (
        select(CONTRACT.c.id)
        .where(
            CONTRACT.c.agency_id == bindparam("agency_id"),
            in_list(CONTRACT.c.client_id, "ids"),
            CONTRACT.c.status.in_(_AT_WORK),
        )
        .order_by(CONTRACT.c.id)
    )


_WITH_CLIENT = ("id", "client_id")

DIAGNOSTICS_OF_A_SITE: Mapping[str, Beside] = {
    "sheet": Beside(_read_sheet),
    "sheet_history": Beside(_read_sheet_history),
    "signals": Beside(_signals(are_up=True), _WITH_CLIENT),
    "past_signals": Beside(_signals(are_up=False), _WITH_CLIENT),
    "audit_call": Beside(_read_audit_call),
}
