"""What happened to a contract: facts that are appended, and the terms and rests they tell of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from helpdesk.domain.access import Actor
from helpdesk.domain.contract_term import Term
from helpdesk.domain.money import Money
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.domain.suspension import ContractSuspension, Suspension


class ContractFactKind(StrEnum):
    """What can happen to a contract; its terms and its rests are told by these."""

    ACTIVATED = "ACTIVATED"
    SUSPENDED = "SUSPENDED"
    RESUMED = "RESUMED"
    RENEWED = "RENEWED"
    NOTICE_GIVEN = "NOTICE_GIVEN"
    ENDED = "ENDED"
    PLAN_CHANGED = "PLAN_CHANGED"
    CLIENT_INFORMED = "CLIENT_INFORMED"
    BALANCE_LOST = "BALANCE_LOST"
    PACKS_REFUNDED = "PACKS_REFUNDED"
    PREPAYMENT_REFUNDED = "PREPAYMENT_REFUNDED"
    CREDITS_OWED = "CREDITS_OWED"


@dataclass(frozen=True, slots=True)
class ContractFact:
    """One fact: who did what, when it was written down (UTC), and on which local day it counts.

    `until` is the exclusive end of a term that began, of the contract when notice was given, or of
    the term before whose renewal the client was informed; for a prepayment that is paid back, the
    last day to do it. `amount` is what is charged or paid back
    for it, `quantities` what was granted, lost or paid back, None when it became unlimited.
    `sequence` numbers the facts of one contract from 1 without a hole.
    """

    sequence: int
    kind: ContractFactKind
    at: datetime
    day: date
    until: date | None
    actor: Actor
    reason: str = ""
    amount: Money | None = None
    quantities: Mapping[RetainerUnit, int | None] = field(default_factory=dict)


_TERM_BEGINS = frozenset({ContractFactKind.ACTIVATED, ContractFactKind.RENEWED})


def recorded_terms(facts: Iterable[ContractFact]) -> tuple[Term, ...]:
    """Return the terms that began, numbered from 1."""
    begun = [
        (fact.day, fact.until)
        for fact in facts
        if fact.kind in _TERM_BEGINS and fact.until is not None
    ]
    return tuple(Term(number, *days) for number, days in enumerate(begun, start=1))


def recorded_suspensions(facts: Iterable[ContractFact]) -> tuple[ContractSuspension, ...]:
    """Return the rests, the last one without an end while it lasts.

    A rest that ended on the day it began has no day of its own and is not listed: nothing was
    withheld.
    """
    rests: list[ContractSuspension] = []
    for fact in facts:
        if fact.kind is ContractFactKind.SUSPENDED:
            rests.append(ContractSuspension(Suspension(fact.day, None), fact.reason, fact.actor))
        elif fact.kind is ContractFactKind.RESUMED:
            rest = rests.pop()
            if rest.days.first < fact.day:
                rests.append(rest.ended(fact.day))
    return tuple(rests)
