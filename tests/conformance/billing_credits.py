"""Billing cases about credits: the monthly job, the steps of a credit, what is recomputed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from helpdesk.domain.access import Actor, ActorKind
from helpdesk.domain.compensation import CreditId, CreditKey, CreditKind
from helpdesk.domain.compensation_base import CompensationBase, FeeDays
from helpdesk.domain.compensation_clause import ApprovalClause
from helpdesk.domain.compensation_evidence import Calculation, UptimeEvidence
from helpdesk.domain.compensation_life import (
    AMOUNT_SHOWN,
    Amount,
    Credit,
    CreditDeed,
    CreditState,
    CreditStep,
    CreditStepRefused,
    proposed,
)
from helpdesk.domain.compensation_rate import UptimeFigure
from helpdesk.domain.compensation_recompute import recomputed
from helpdesk.domain.contract_life import CompensationNature
from helpdesk.domain.ids import AgentId, ContractId
from helpdesk.domain.money import Money
from helpdesk.domain.month import Month
from tests.conformance.billing_values import Given, amount, money

Answer = dict[str, Any]  # values as the cases write them

LONG_AGO = datetime(2026, 1, 5, 9, tzinfo=UTC)
BOSS = Actor(ActorKind.AGENT, "Alice", AgentId("alice"))
DEED = CreditDeed(LONG_AGO, BOSS)
STEPS: Mapping[str, CreditStep] = {
    "approve": CreditStep.APPROVE,
    "reject": CreditStep.REJECT,
    "issue": CreditStep.ISSUE,
    "apply": CreditStep.APPLY,
    "refund": CreditStep.REFUND,
    "edit": CreditStep.REPLACE,
    "replace": CreditStep.REPLACE,
    "recompute": CreditStep.REPLACE,
    "supersede": CreditStep.REPLACE,
}
PATHS: Mapping[CreditState, tuple[CreditStep, ...]] = {
    CreditState.PROPOSED: (),
    CreditState.APPROVED: (CreditStep.APPROVE,),
    CreditState.REJECTED: (CreditStep.REJECT,),
    CreditState.SUPERSEDED: (CreditStep.REPLACE,),
    CreditState.ISSUED: (CreditStep.APPROVE, CreditStep.ISSUE),
    CreditState.APPLIED: (CreditStep.APPROVE, CreditStep.ISSUE, CreditStep.APPLY),
    CreditState.REFUNDED: (CreditStep.APPROVE, CreditStep.ISSUE, CreditStep.REFUND),
}
"""How a credit comes to each state."""


def job(given: Given) -> Answer:
    """Return how many credits some runs of the monthly job leave, and what they come to."""
    known: dict[CreditKey, list[Credit]] = {}
    for _ in range(given.get("runs", 1)):
        for told in given["breaches"]:
            calculation = _calculation(money(told["ht"]), _key(told["key"]))
            kept = known.setdefault(calculation.key, [])
            _rerun(kept, calculation)
    credited = [one for kept in known.values() for one in kept if one.state not in _GONE]
    total = sum(credit.net.cents for credit in credited)
    return {"credits": len(credited), "total_ht": amount(Money(total))}


_GONE = frozenset({CreditState.SUPERSEDED, CreditState.REJECTED, CreditState.NIL})


def transition(given: Given) -> Answer:
    """Return the state after each step, or that it is forbidden."""
    return {"results": [_moved(state, step) for state, step in given["transitions"]]}


def recompute(given: Given) -> Answer:
    """Return what a recomputation makes of a credit in each state."""
    original, new = money(given["original_ht"]), money(given["recomputed_ht"])
    return {state: _recomputed(state, original, new) for state in given["cases"]}


def _recomputed(state: str, original: Money, new: Money) -> Answer:
    key = _key(["C", "p0_resolution", "ticket:1", "2026-07"])
    first = _credit_in(CreditState(state.upper()), _calculation(original, key))
    known = [first]
    _rerun(known, _calculation(new, key))
    if first.state not in AMOUNT_SHOWN - {CreditState.APPROVED}:
        return {"ht": amount(known[-1].net)}
    over = known[0].overcredited
    return {
        "ht": amount(known[0].net),
        "adjustment": amount(known[1].net) if len(known) > 1 else None,
        "flag": f"overcredited_{amount(over)}" if over.cents else None,
    }


def _rerun(known: list[Credit], calculation: Calculation) -> None:
    """Compute the credits of a key again and keep what follows."""
    numbers: Iterator[CreditId] = (CreditId(f"{calculation.key}/{number}") for number in range(9))
    change = recomputed(
        known,
        calculation,
        ApprovalClause(),
        DEED,
        new_id=lambda: next(one for one in numbers if one not in {each.id for each in known}),
    )
    changed = {credit.id: credit for credit in change.changed}
    known[:] = [*(changed.get(credit.id, credit) for credit in known), *change.added]


def _moved(state: str, step: str) -> str:
    credit = _credit_in(
        CreditState(state.upper()),
        _calculation(money("29.85"), _key(["C", "uptime", "s", "2026-07"])),
    )
    if step == "cancel":
        return "forbidden"  # a credit is rejected, with its reason; nothing cancels it
    try:
        moved = credit.stepped(STEPS[step], DEED)
    except CreditStepRefused:
        return "forbidden"
    # What is edited is replaced by another proposal.
    is_replaced = moved.state is CreditState.SUPERSEDED and step != "supersede"
    return "proposed" if is_replaced else moved.state.value.lower()


def _credit_in(state: CreditState, calculation: Calculation) -> Credit:
    amount_of = Amount(calculation, calculation.net)
    credit = proposed(CreditId("first"), 1, amount_of, ApprovalClause(), DEED)
    for step in PATHS[state]:
        credit = credit.stepped(step, DEED)
    return credit


def _key(told: Sequence[str]) -> CreditKey:
    contract, kind, subject, month = told
    is_uptime = "uptime" in kind
    return CreditKey(
        ContractId(contract),
        CreditKind.UPTIME if is_uptime else CreditKind.P0_RESOLUTION,
        subject,
        Month.parsed(month),
    )


def _calculation(net: Money, key: CreditKey) -> Calculation:
    """Return a calculation of a given amount; nothing of it but the amount matters here."""
    month = UptimeFigure(Fraction(1, 2), Fraction(1))
    return Calculation(
        key=key,
        nature=CompensationNature.PRICE_REDUCTION,
        evidence=UptimeEvidence((), month, LONG_AGO),
        clause_version=1,
        base=CompensationBase((FeeDays(net, 30),), 30),
        room=None,
        outweighed=False,
        net=net,
        capped=Money(0),
    )


OPERATIONS: Mapping[str, Callable[[Given], Answer]] = {
    "compensation.job": job,
    "compensation.transition": transition,
    "compensation.recompute": recompute,
}
