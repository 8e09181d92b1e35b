"""The settlement of a month: what every breach of a contract is worth, with what bounds it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from helpdesk.domain.compensation import CreditKey
from helpdesk.domain.compensation_base import CompensationBase, base_of
from helpdesk.domain.compensation_clause import CompensationCap, CompensationTerms
from helpdesk.domain.compensation_evidence import (
    Calculation,
    Evidence,
    ResolutionEvidence,
    breached_at,
    incidents_of,
    worth,
)
from helpdesk.domain.compensation_month import Award, Claim, Room, awarded
from helpdesk.domain.contract import Contract, ContractTerms
from helpdesk.domain.contract_life import CompensationNature
from helpdesk.domain.money import Money
from helpdesk.domain.month import MONTHS_A_YEAR, Month, Months

_INSTANT = timedelta(microseconds=1)
_PERCENT = 100


@dataclass(frozen=True, slots=True)
class YearStanding:
    """How much of the yearly cap is used, in cents; `may_terminate` once it is all used.

    Without a yearly cap there is none.
    """

    cap_cents: Fraction
    credited_cents: int
    may_terminate: bool


@dataclass(frozen=True, slots=True)
class Before:
    """What was credited already: issued for keys of the month, and in the year before the month."""

    issued: Mapping[CreditKey, int] = field(default_factory=dict)
    year_cents: int = 0


@dataclass(frozen=True, slots=True)
class Settlement:
    """What the breaches of a month are worth.

    `unpriced` are those that a clause without amounts, or without a nature, leaves at that.
    """

    calculations: Mapping[CreditKey, Calculation]
    unpriced: tuple[CreditKey, ...]
    year: YearStanding | None = None


@dataclass(frozen=True, slots=True)
class _Clause:
    version: int
    nature: CompensationNature
    terms: CompensationTerms


def settled_month(
    contract: Contract,
    month: Month,
    evidence: Mapping[CreditKey, Evidence],
    before: Before,
    *,
    zone: ZoneInfo,
) -> Settlement:
    """Return what each breach of a month is worth (R-CMP).

    A breach is worth what the version of the terms says that was in force when it happened. The
    bounds are those of the version in force at the last breach. Raises FeeIncludesTax.
    """
    clauses = {key: _clause(contract, one) for key, one in evidence.items()}
    agreed = {key: clause for key, clause in clauses.items() if clause is not None}
    unpriced = tuple(key for key in evidence if key not in agreed)
    if not agreed:
        return Settlement({}, unpriced)
    base = base_of(contract, month, zone)
    last = max(agreed, key=lambda key: breached_at(evidence[key]))
    bounds = agreed[last].terms
    claims = [
        Claim(
            key,
            breached_at(evidence[key]),
            worth(clause.terms, evidence[key], base, month, zone),
            incidents_of(evidence[key]),
            before.issued.get(key, 0),
        )
        for key, clause in agreed.items()
    ]
    room = _room(bounds.cap.value, base, before)
    awards = awarded(claims, bounds.same_incident.value, room)
    calculations = {
        key: _calculation(key, evidence[key], agreed[key], base, award)
        for key, award in awards.items()
    }
    return Settlement(calculations, unpriced, _year(bounds.cap.value, base, before, calculations))


def contract_year_before(contract: Contract, month: Month) -> Months | None:
    """Return the months of the contract's year that lie before a month; None for its first one.

    A year runs twelve months from the month in which the contract began.
    """
    begun = Month(contract.starts_on.year, contract.starts_on.month)
    passed = (month.year - begun.year) * MONTHS_A_YEAR + month.number - begun.number
    behind = passed % MONTHS_A_YEAR
    if behind == 0:
        return None
    return Months(_earlier(month, behind), _earlier(month, 1))


def _earlier(month: Month, count: int) -> Month:
    years, number = divmod(month.year * MONTHS_A_YEAR + month.number - 1 - count, MONTHS_A_YEAR)
    return Month(years, number + 1)


def _clause(contract: Contract, evidence: Evidence) -> _Clause | None:
    at = breached_at(evidence)
    if not isinstance(evidence, ResolutionEvidence):
        at -= _INSTANT  # the end of a month belongs to the next one
    terms: ContractTerms = contract.terms_at(at)
    clause = None if terms.commercial is None else terms.commercial.compensation
    if clause is None or clause.nature is None or clause.terms is None:
        return None
    return _Clause(terms.version, clause.nature, clause.terms)


def _room(cap: CompensationCap, base: CompensationBase, before: Before) -> Room:
    month = None if cap.monthly is None else base.cents * Fraction(cap.monthly) / _PERCENT
    year = None if cap.yearly is None else _year_cap(cap, base) - before.year_cents
    return Room(month, year)


def _year_cap(cap: CompensationCap, base: CompensationBase) -> Fraction:
    return base.full_cents * MONTHS_A_YEAR * Fraction(cap.yearly or 0) / _PERCENT


def _calculation(
    key: CreditKey, evidence: Evidence, clause: _Clause, base: CompensationBase, award: Award
) -> Calculation:
    return Calculation(
        key=key,
        nature=clause.nature,
        evidence=evidence,
        clause_version=clause.version,
        base=base,
        room=award.room,
        outweighed=award.outweighed,
        net=Money(award.cents, base.currency),
        capped=Money(award.capped_cents, base.currency),
    )


def _year(
    cap: CompensationCap,
    base: CompensationBase,
    before: Before,
    calculations: Mapping[CreditKey, Calculation],
) -> YearStanding | None:
    if cap.yearly is None:
        return None
    bound = _year_cap(cap, base)
    credited = before.year_cents + sum(
        max(one.net.cents, before.issued.get(key, 0)) for key, one in calculations.items()
    )
    return YearStanding(bound, credited, cap.may_terminate and credited >= bound)
