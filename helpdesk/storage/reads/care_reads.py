"""What is shown of the care of contracts: procedures, reviews, routines."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Table, bindparam, select

from helpdesk.domain.business_time import Timeline
from helpdesk.domain.contract import Contract
from helpdesk.domain.ids import ContractId
from helpdesk.domain.month import Month
from helpdesk.domain.review import ReviewMeeting, ReviewRhythm, usual_rhythm
from helpdesk.storage.care_records import meeting_of, procedure_version_of, rhythm_version_of
from helpdesk.storage.diagnostic_records import held
from helpdesk.storage.query import in_list
from helpdesk.storage.reads.diagnostic_reads import today_of
from helpdesk.storage.reads.loader import Loader
from helpdesk.storage.reads.noun_table import AnySelect, Beside, NounTable, ToOne
from helpdesk.storage.tables.diagnostics import (
    EMERGENCY_PROCEDURE,
    REVIEW_MEETING,
    REVIEW_RHYTHM,
    ROUTINE_RUN,
)
from helpdesk.usecases.known_of_site import services_of
from helpdesk.usecases.plan_routines import worked_under
from helpdesk.usecases.read_models import THINGS, Branch, Noun, Thing, Wanted, thing_of
from helpdesk.usecases.shown_diagnostics import RoutineBasis, procedure_thing, reviews_thing

MOST_RUNS = 60
"""How many of its routines are shown of a contract: those of a year."""

# A run has no table that is read by selection, only a neighbour.
_RUNS = NounTable(Noun.ROUTINE_RUN, ROUTINE_RUN, ones={"ticket": ToOne("ticket_id", Noun.TICKET)})


async def _read_procedure(
    loader: Loader, contracts: Sequence[Thing], branch: Branch, _: Wanted
) -> None:
    """Give each contract its emergency procedure, if it has one."""
    ids = [contract.id for contract in contracts]
    found = {}
    for row in await loader.agency_rows("procedures", lambda: _of(EMERGENCY_PROCEDURE), ids=ids):
        version = procedure_version_of(held(EMERGENCY_PROCEDURE, row))
        found[version.contract_id] = version
    for contract in contracts:
        contract.keep(branch, procedure_thing(found.get(contract.id)))


async def _read_reviews(
    loader: Loader, contracts: Sequence[Thing], branch: Branch, _: Wanted
) -> None:
    """Give each contract how it is reviewed."""
    today = await today_of(loader)
    whole = await _contracts(loader, contracts)
    ids = list(whole)
    meetings: dict[str, list[ReviewMeeting]] = {contract_id: [] for contract_id in ids}
    for row in await loader.agency_rows("reviews", lambda: _of(REVIEW_MEETING), ids=ids):
        meeting = meeting_of(held(REVIEW_MEETING, row))
        meetings[meeting.contract_id].append(meeting)
    rhythms: dict[str, ReviewRhythm] = {}
    for row in await loader.agency_rows("rhythms", lambda: _of(REVIEW_RHYTHM), ids=ids):
        version = rhythm_version_of(held(REVIEW_RHYTHM, row))
        rhythms[version.contract_id] = version.rhythm
    for contract in contracts:
        one = whole[contract.id]
        usual = usual_rhythm(services_of(one.terms_at(loader.at).commercial))
        rhythm = rhythms.get(one.id, usual)
        contract.keep(branch, reviews_thing(rhythm, meetings[one.id], one.starts_on, today))


async def _read_routine_basis(
    loader: Loader, contracts: Sequence[Thing], branch: Branch, _: Wanted
) -> None:
    """Give each contract what its next routines follow from."""
    today = await today_of(loader)
    whole = await _contracts(loader, contracts)
    named = {one for each in whole.values() for one in each.terms_at(loader.at).calendar_ids}
    versions = await loader.calendars.versions(loader, named)
    timelines: dict[str, Timeline] = {
        calendar_id: loader.calendars.compiled(found, loader.at)
        for calendar_id, found in versions.items()
    }
    for contract in contracts:
        one = whole[contract.id]
        terms = one.terms_at(loader.at)
        own = [timelines[calendar_id] for calendar_id in sorted(terms.calendar_ids)]
        basis = RoutineBasis(
            services=services_of(terms.commercial),
            since=Month(one.starts_on.year, one.starts_on.month),
            today=today,
            is_worked=worked_under(one, own),
        )
        contract.keep(branch, basis)


async def _read_runs(
    loader: Loader, contracts: Sequence[Thing], branch: Branch, wanted: Wanted
) -> None:
    """Give each contract the routines that became tickets, the latest first."""
    found: dict[str, list[Thing]] = {contract.id: [] for contract in contracts}
    names = ROUTINE_RUN.c.keys()
    for row in await loader.agency_rows("routine_runs", _run_rows, ids=list(found)):
        run = thing_of(THINGS[Noun.ROUTINE_RUN], dict(zip(names, row, strict=True)))
        found[run.contract_id].append(run)
    shown = {contract_id: runs[:MOST_RUNS] for contract_id, runs in found.items()}
    await loader.fill(_RUNS, [run for runs in shown.values() for run in runs], wanted)
    for contract in contracts:
        contract.keep(branch, shown[contract.id])


async def _contracts(loader: Loader, things: Sequence[Thing]) -> Mapping[str, Contract]:
    async with loader.records() as records:
        ids = [ContractId(thing.id) for thing in things]
        return {one.id: one for one in await records.contracts.contracts(ids)}


def _of(table: Table) -> AnySelect:
    return (
        select(table)
        .where(table.c.agency_id == bindparam("agency_id"), in_list(table.c.contract_id, "ids"))
        .order_by(*table.primary_key.columns)
    )


def _run_rows() -> AnySelect:
    return (
        _of(ROUTINE_RUN)
        .order_by(None)
        .order_by(ROUTINE_RUN.c.contract_id, ROUTINE_RUN.c.opens_on.desc(), ROUTINE_RUN.c.kind)
    )


CARE_OF_A_CONTRACT: Mapping[str, Beside] = {
    "emergency_procedure": Beside(_read_procedure),
    "reviews": Beside(_read_reviews),
    "routine_basis": Beside(_read_routine_basis),
    "routine_runs": Beside(_read_runs),
}
