"""The routines of contracts become tickets, once a month each, on working days."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from helpdesk.domain.access import SYSTEM, system_viewer
from helpdesk.domain.business_time import Timeline
from helpdesk.domain.calendar import CalendarVersion
from helpdesk.domain.classification import (
    ClassificationRule,
    Coverage,
    Funding,
    Request,
    RequestNature,
    Verdict,
    WhyCovered,
)
from helpdesk.domain.classification_life import Classification, Decision
from helpdesk.domain.contract import Contract, ContractStatus
from helpdesk.domain.ids import AgencyId, CalendarId, ContractId, SiteId
from helpdesk.domain.month import Month
from helpdesk.domain.priority import Priority
from helpdesk.domain.routine import IsWorked, PlannedRoutine, RoutineKind, planned, routines_of
from helpdesk.domain.ticket import Channel, Ticket, TicketKind
from helpdesk.usecases.classification_ports import ClassifiedTicket
from helpdesk.usecases.contract_step import ContractInHand, in_hand
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.diagnostics_ports import RoutineRun, RoutineText
from helpdesk.usecases.known_of_site import services_of
from helpdesk.usecases.open_ticket import OpenTicket, Parties, opened_ticket
from helpdesk.usecases.tend_contracts import contracts_to_tend

_A_DAY = timedelta(days=1)
_AT_WORK = frozenset({ContractStatus.ACTIVE, ContractStatus.ENDING})
_NATURES: Mapping[RoutineKind, RequestNature] = {
    RoutineKind.UPDATES: RequestNature.UPDATE,
    RoutineKind.SECURITY_UPDATES: RequestNature.SECURITY,
    RoutineKind.BACKUPS: RequestNature.MONITORING,
    RoutineKind.PERFORMANCE_AUDIT: RequestNature.MONITORING,
    RoutineKind.REPORT: RequestNature.MONITORING,
}


async def plan_routines(desk: Desk, agency_id: AgencyId) -> int:
    """Open the tickets of the routines whose day has come this month, and return how many.

    Each contract is a transaction of its own, so that none holds up the others.
    """
    in_force = await contracts_to_tend(desk, agency_id)
    return sum([await plan_contract_routines(desk, agency_id, one) for one in in_force])


async def plan_contract_routines(desk: Desk, agency_id: AgencyId, contract_id: ContractId) -> int:
    """Open the tickets of a contract's routines whose day has come, and return how many.

    Safe to repeat: a routine of a contract opens once a month, for ever. A contract that rests
    waits. Source: REQ-H13, REQ-H14.
    """
    async with desk.store.transaction(agency_id) as records:
        contract = await records.contracts.contract_to_change(contract_id)
        if contract is None or contract.status not in _AT_WORK:
            return 0
        held = await in_hand(desk, records, contract, SYSTEM)
        month = Month(held.today.year, held.today.month)
        opened = await records.care.runs_of(contract.id, str(month))
        due = [
            one
            for one in await _planned_in(held, month)
            if one.kind not in opened and one.opens_on <= held.today
        ]
        for one in due:
            await _open(held, one)
        return len(due)


async def _planned_in(held: ContractInHand, month: Month) -> list[PlannedRoutine]:
    contract = held.contract
    services = services_of(contract.terms_at(held.desk.now()).commercial)
    routines = routines_of(services, held.desk.diagnostics.weeks())
    if not routines:
        return []
    calendar_ids = contract.terms_at(held.desk.now()).calendar_ids
    versions = await held.records.contracts.calendar_versions(calendar_ids)
    is_worked = worked_under(contract, _timelines(held.desk, versions))
    since = Month(contract.starts_on.year, contract.starts_on.month)
    found = (planned(one, month, since=since, is_worked=is_worked) for one in routines)
    return [one for one in found if one is not None]


def worked_under(contract: Contract, timelines: Iterable[Timeline]) -> IsWorked:
    """Return which days are worked under a contract: of its own, open in all of its calendars."""
    calendars = tuple(timelines)

    def is_worked(day: date) -> bool:
        is_over = contract.ends_on is not None and day >= contract.ends_on
        if day < contract.starts_on or is_over:
            return False
        return all(one.add_days_date(day - _A_DAY, 1) == day for one in calendars)

    return is_worked


def _timelines(desk: Desk, versions: Iterable[CalendarVersion]) -> list[Timeline]:
    by_calendar: dict[CalendarId, list[CalendarVersion]] = {}
    for version in versions:
        by_calendar.setdefault(version.calendar_id, []).append(version)
    return [desk.timelines.timeline(group, desk.now()) for group in by_calendar.values()]


async def _open(held: ContractInHand, routine: PlannedRoutine) -> None:
    desk, records, contract = held.desk, held.records, held.contract
    agency = await records.agencies.agency()
    text = desk.diagnostics.routine_text(
        RoutineText(routine, contract.reference), locale=agency.locale
    )
    request = OpenTicket(
        subject=text.subject,
        description=text.body,
        kind=TicketKind.PREVENTIVE,
        channel=Channel.MONITORING,
        priority=Priority.P3,
        reason=text.subject,
    )
    site = None
    if len(contract.site_ids) == 1:
        site = await records.clients.site(SiteId(next(iter(contract.site_ids))))
    parties = Parties(contract.client_id, requester=None, site=site, contract=contract)
    engine = system_viewer(agency.id, agency.locale)
    saved = await opened_ticket(desk, records, engine, request, parties)
    await _free_of_quota(held, saved.ticket, _NATURES[routine.kind])
    run = RoutineRun(contract.id, routine, saved.ticket.id, desk.now())
    await records.care.add_run(run)


async def _free_of_quota(held: ContractInHand, ticket: Ticket, nature: RequestNature) -> None:
    """Classify the work at once: its service is sold, so it is included and nothing is counted."""
    verdict = Verdict(
        nature=nature,
        coverage=Coverage.INCLUDED,
        funding=Funding.NONE,
        rule=ClassificationRule.UPKEEP,
        why=WhyCovered.IN_PLAN,
    )
    at = held.desk.now()
    plan_code = held.contract.terms_at(at).plan_code
    decided = Classification(verdict, verdict, SYSTEM, at, decision=Decision(None, at, ""))
    step = ClassifiedTicket(ticket.id, 1, Request(nature), decided, plan_code)
    await held.records.classifications.append(step)
