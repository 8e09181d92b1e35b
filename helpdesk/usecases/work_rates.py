"""What worked time counts for: by the clause that was in force when the work began."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from helpdesk.domain.billed_time import RatedTime, plain_parts, weight_of
from helpdesk.domain.calendar import CalendarVersion
from helpdesk.domain.commercial_terms import RateClause
from helpdesk.domain.contract import ContractTerms
from helpdesk.domain.ids import CalendarId, ContractId
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.domain.versions import latest_in_force
from helpdesk.domain.work_log import WorkEntry, counting_work
from helpdesk.usecases.ports import Records
from helpdesk.usecases.timelines import TimelineShelf
from helpdesk.usecases.work_log_ports import LoggedWork

Rates = Callable[[WorkEntry], tuple[RatedTime, ...]]
"""Splits an entry of work into the parts that count for a rate each."""


@dataclass(frozen=True, slots=True)
class WorkRates:
    """The rates of a contract: its terms, and every version of the calendars that these name."""

    terms: tuple[ContractTerms, ...]
    calendars: Mapping[CalendarId, Sequence[CalendarVersion]]
    timelines: TimelineShelf

    def parts(self, entry: WorkEntry) -> tuple[RatedTime, ...]:
        """Return an entry of work by what its parts count for; it is split at closing time.

        Raises BeyondHorizon for work that lasts for years.
        """
        clause = _clause(latest_in_force(self.terms, entry.started_at)) if self.terms else None
        if clause is None:
            return plain_parts(entry)
        versions = self.calendars[clause.calendar_id]
        return clause.rates.parts(entry, self.timelines.timeline(versions, entry.started_at))

    def weigh(self, entry: WorkEntry) -> int:
        """Return what an entry weighs, in seconds times percent. Raises BeyondHorizon."""
        return weight_of(self.parts(entry))


def counting_for(logged: Iterable[LoggedWork], unit: RetainerUnit) -> tuple[WorkEntry, ...]:
    """Return the work that stands and counts against a unit of the forfait."""
    by_number = {one.entry.number: one for one in logged}
    standing = counting_work(one.entry for one in by_number.values())
    # What it corrects may have counted against another unit, and is not summed here.
    return tuple(
        replace(entry, corrects=None)
        for entry in standing
        if by_number[entry.number].charged_to is unit
    )


def rate_calendars(terms: Iterable[ContractTerms]) -> frozenset[CalendarId]:
    """Return the calendars that rates are counted on."""
    clauses = (_clause(one) for one in terms)
    return frozenset(clause.calendar_id for clause in clauses if clause is not None)


async def work_rates(
    records: Records, timelines: TimelineShelf, contract_id: ContractId
) -> WorkRates:
    """Return the rates of a contract; everything counts once where it names none."""
    contract = await records.contracts.contract(contract_id)
    terms = () if contract is None else contract.terms
    named = rate_calendars(terms)
    calendars: dict[CalendarId, list[CalendarVersion]] = {one: [] for one in named}
    for version in await records.contracts.calendar_versions(named) if named else ():
        calendars[version.calendar_id].append(version)
    return WorkRates(terms, calendars, timelines)


def _clause(terms: ContractTerms) -> RateClause | None:
    commercial = terms.commercial
    rates = None if commercial is None else commercial.rates
    return None if rates is None else rates.value
