"""What was agreed, as it is read: the terms in force at an instant, their matrix and promises."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, exists, select

from helpdesk.domain.contract import ContractTerms
from helpdesk.domain.priority import PriorityMatrix
from helpdesk.domain.sla import Target
from helpdesk.domain.sla_policy import SlaPolicy
from helpdesk.domain.versions import latest_in_force
from helpdesk.domain.waiting import WaitingOn
from helpdesk.storage.documents import terms_of
from helpdesk.storage.query import in_list
from helpdesk.storage.reads.calendar_reads import calendars_at
from helpdesk.storage.reads.firing_reads import ladder_things
from helpdesk.storage.reads.loader import Loader
from helpdesk.storage.reads.noun_table import AnySelect, of_the_client
from helpdesk.storage.tables.contract import CONTRACT, CONTRACT_SITE, CONTRACT_TERMS
from helpdesk.usecases.read_models import Branch, Noun, Thing, Wanted
from helpdesk.usecases.shown_clocks import target_thing
from helpdesk.usecases.shown_contracts import commercial_thing


async def read_terms(
    loader: Loader, contracts: Sequence[Thing], branch: Branch, wanted: Wanted
) -> None:
    """Give each contract its terms in force at the instant that was asked for, or now."""
    at = _asked_at(branch) or loader.at
    shown = await _terms_at(loader, contracts, at, wanted)
    for contract in contracts:
        contract.keep(branch, shown[contract.id])


async def read_versions(
    loader: Loader, contracts: Sequence[Thing], branch: Branch, wanted: Wanted
) -> None:
    """Give each contract every version of its terms, by number; calendars as they stand now."""
    agreed = await _all_terms(loader, contracts)
    every = [terms for versions in agreed.values() for terms in versions]
    calendars = await _calendars(loader, every, loader.at, wanted)
    for contract in contracts:
        contract.keep(branch, [_terms_thing(loader, one, calendars) for one in agreed[contract.id]])


async def read_targets(
    loader: Loader, contracts: Sequence[Thing], branch: Branch, wanted: Wanted
) -> None:
    """Give each contract its promises in force now."""
    terms = Wanted(branches={Branch("sla_targets"): wanted})
    shown = await _terms_at(loader, contracts, loader.at, terms)
    for contract in contracts:
        contract.keep(branch, shown[contract.id].sla_targets)


async def read_sites(
    loader: Loader, contracts: Sequence[Thing], branch: Branch, wanted: Wanted
) -> None:
    """Give each contract the sites that it names."""
    ids = [contract.id for contract in contracts]
    rows = await loader.rows("contract_sites", _contract_sites, ids=ids)
    sites = await loader.by_ids(Noun.SITE, sorted({row[1] for row in rows}), wanted)
    for contract in contracts:
        named = [sites[row[1]] for row in rows if row[0] == contract.id and row[1] in sites]
        contract.keep(branch, named)


async def _terms_at(
    loader: Loader, contracts: Sequence[Thing], at: datetime, wanted: Wanted
) -> dict[str, Thing]:
    agreed = await _all_terms(loader, contracts)
    in_force = {
        contract_id: latest_in_force(versions, at) for contract_id, versions in agreed.items()
    }
    calendars = await _calendars(loader, in_force.values(), at, wanted)
    return {key: _terms_thing(loader, terms, calendars) for key, terms in in_force.items()}


async def _all_terms(loader: Loader, contracts: Sequence[Thing]) -> dict[str, list[ContractTerms]]:
    return await terms_of_contracts(loader, [contract.id for contract in contracts])


async def terms_of_contracts(loader: Loader, ids: Sequence[str]) -> dict[str, list[ContractTerms]]:
    """Return every version of the terms of contracts, by number; strangers are left out."""
    agreed: dict[str, list[ContractTerms]] = {}
    for row in await loader.rows("terms", _terms, ids=ids):
        contract_id, reference, version, since, plan_code, document, corrects, published_at = row
        terms = terms_of(
            document,
            reference=reference,
            version=version,
            effective_from=since,
            plan_code=plan_code,
        )
        terms = replace(terms, corrects=corrects, published_at=published_at)
        agreed.setdefault(contract_id, []).append(terms)
    return agreed


async def _calendars(
    loader: Loader, agreed: Iterable[ContractTerms], at: datetime, wanted: Wanted
) -> Mapping[str, Thing]:
    if not _wants_calendars(wanted):
        return {}
    named = {one for terms in agreed for one in terms.calendar_ids}
    return await calendars_at(loader, named, at)


def _terms(is_client: bool) -> AnySelect:  # noqa: FBT001 - called back by the reader
    return (
        select(
            CONTRACT_TERMS.c.contract_id,
            CONTRACT.c.reference,
            CONTRACT_TERMS.c.version,
            CONTRACT_TERMS.c.effective_from,
            CONTRACT_TERMS.c.plan_code,
            CONTRACT_TERMS.c.document,
            CONTRACT_TERMS.c.corrects,
            CONTRACT_TERMS.c.published_at,
        )
        .where(
            CONTRACT.c.agency_id == bindparam("agency_id"),
            CONTRACT_TERMS.c.agency_id == CONTRACT.c.agency_id,
            CONTRACT_TERMS.c.contract_id == CONTRACT.c.id,
            in_list(CONTRACT_TERMS.c.contract_id, "ids"),
            *([of_the_client(CONTRACT.c.client_id)] if is_client else []),
        )
        .order_by(CONTRACT_TERMS.c.contract_id, CONTRACT_TERMS.c.version)
    )


def _contract_sites(is_client: bool) -> AnySelect:  # noqa: FBT001 - likewise
    contract_of_the_client = exists().where(
        CONTRACT.c.agency_id == CONTRACT_SITE.c.agency_id,
        CONTRACT.c.id == CONTRACT_SITE.c.contract_id,
        of_the_client(CONTRACT.c.client_id),
    )
    return (
        select(CONTRACT_SITE.c.contract_id, CONTRACT_SITE.c.site_id)
        .where(
            CONTRACT_SITE.c.agency_id == bindparam("agency_id"),
            in_list(CONTRACT_SITE.c.contract_id, "ids"),
            *([contract_of_the_client] if is_client else []),
        )
        .order_by(CONTRACT_SITE.c.contract_id, CONTRACT_SITE.c.site_id)
    )


def _asked_at(branch: Branch) -> datetime | None:
    asked = dict(branch.ask) if isinstance(branch.ask, tuple) else {}
    at = asked.get("at")
    return at if isinstance(at, datetime) else None


def _wants_calendars(wanted: Wanted) -> bool:
    targets = wanted.along("sla_targets")
    return Branch("calendars") in wanted.branches or Branch("calendar") in targets.branches


def _terms_thing(loader: Loader, terms: ContractTerms, calendars: Mapping[str, Thing]) -> Thing:
    return Thing(
        version=terms.version,
        effective_from=terms.effective_from,
        corrects=terms.corrects,
        published_at=terms.published_at,
        plan_code=terms.plan_code,
        **_clauses(terms.sla),
        ladders=ladder_things(terms.sla) if loader.viewer.is_of_agency else [],
        default_impact=terms.default_triage.impact,
        default_urgency=terms.default_triage.urgency,
        matrix=_matrix_thing(terms.matrix),
        calendars=[calendars[one] for one in sorted(terms.calendar_ids) if one in calendars],
        sla_targets=[
            target_thing(target, priority=priority, calendar=_calendar_of(target, calendars))
            for priority, targets in sorted(terms.sla.targets.items())
            for target in targets
        ],
        commercial=commercial_thing(terms.commercial),
    )


def _clauses(policy: SlaPolicy) -> dict[str, object]:
    return {
        "at_risk_percent": policy.at_risk_percent,
        "third_party_pauses": policy.third_party_pauses,
        "pauses": [
            Thing(waiting_on=waiting_on, metrics=sorted(policy.pauses[waiting_on]))
            for waiting_on in WaitingOn
            if waiting_on in policy.pauses
        ],
        "reopening": Thing(clause=policy.reopening, window_days=policy.reopen_window_days),
        "retargeting": policy.retargeting,
        "answers": policy.answers,
        "next_response": policy.next_response,
    }


def _calendar_of(target: Target, calendars: Mapping[str, Thing]) -> Thing | None:
    return None if target.calendar_id is None else calendars.get(target.calendar_id)


def _matrix_thing(matrix: PriorityMatrix) -> Thing:
    return Thing(
        code=matrix.code,
        version=matrix.version,
        acceptance=matrix.acceptance,
        cells=[
            Thing(impact=impact, urgency=urgency, priority=priority)
            for impact, row in matrix.cells.items()
            for urgency, priority in row.items()
        ],
    )
