"""What a recomputation changes: nothing, a line that waits, a complement, or a flag."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from helpdesk.domain.compensation import CreditId
from helpdesk.domain.compensation_clause import ApprovalClause
from helpdesk.domain.compensation_evidence import Calculation
from helpdesk.domain.compensation_life import (
    SETTLED,
    WAITING,
    Amount,
    Credit,
    CreditDeed,
    CreditState,
    CreditStep,
    proposed,
)
from helpdesk.domain.money import Money


@dataclass(frozen=True, slots=True)
class Recomputation:
    """What follows from computing a credit again: `changed` got a fact, `added` is new.

    Both are empty when the same came out: to run twice changes nothing.
    """

    changed: tuple[Credit, ...] = ()
    added: tuple[Credit, ...] = ()


def issued_cents(known: Sequence[Credit]) -> int:
    """Return what was issued of a key so far, complements included."""
    return sum(credit.net.cents for credit in known if credit.state in SETTLED)


def is_closed(known: Sequence[Credit], *, is_asked_again: bool) -> bool:
    """Return whether a person rejected the credits of a key, and nobody asks for them again."""
    return not is_asked_again and any(one.state is CreditState.REJECTED for one in known)


def recomputed(
    known: Sequence[Credit],
    calculation: Calculation | None,
    clause: ApprovalClause,
    deed: CreditDeed,
    *,
    new_id: Callable[[], CreditId],
) -> Recomputation:
    """Return what becomes of the credits of one key under what is true now (R-CMP 7).

    `known` are all its credits, by revision; `calculation` is None when the breach is none any
    more. What waits is replaced, and the old line kept as superseded. What was issued stays: more
    is a complement, less is a flag. A key with a rejected credit is left alone unless the deed has
    a reason, which a new proposal needs.
    """
    if is_closed(known, is_asked_again=bool(deed.reason)):
        return Recomputation()
    waiting = [credit for credit in known if credit.state in WAITING]
    settled = [credit for credit in known if credit.state in SETTLED]
    due = 0 if calculation is None else calculation.net.cents
    owed = due - issued_cents(known)
    flagged = _flagged(settled, max(0, -owed), deed)
    amount = _amount(calculation, settled, owed)
    if amount is None:
        return Recomputation((*flagged, *_superseded(waiting, deed)))
    if any(_is_same(credit, amount) for credit in waiting):
        return Recomputation(flagged)
    added = proposed(new_id(), len(known) + 1, amount, clause, deed)
    return Recomputation((*flagged, *_superseded(waiting, deed)), (added,))


def _amount(calculation: Calculation | None, settled: Sequence[Credit], owed: int) -> Amount | None:
    """Return what a new line would be about; None when nothing more is owed or recorded."""
    if calculation is None or (settled and owed <= 0):
        return None
    completes = settled[0].id if settled else None
    return Amount(calculation, Money(owed, calculation.net.currency), completes)


def _is_same(credit: Credit, amount: Amount) -> bool:
    """Return whether a line that waits says the same; an approved one, whether it is as much."""
    if credit.net != amount.net:
        return False
    old, new = credit.calculation, amount.calculation
    return credit.state is CreditState.APPROVED or (
        (old.evidence, old.clause_version, old.base, old.nature, old.capped)
        == (new.evidence, new.clause_version, new.base, new.nature, new.capped)
    )


def _superseded(waiting: Sequence[Credit], deed: CreditDeed) -> tuple[Credit, ...]:
    return tuple(credit.stepped(CreditStep.REPLACE, deed) for credit in waiting)


def _flagged(settled: Sequence[Credit], cents: int, deed: CreditDeed) -> tuple[Credit, ...]:
    """Return the last issued credit of a key if its flag changes."""
    changed = [credit.flagged(cents, deed) for credit in settled[-1:]]
    return tuple(one for one in changed if one not in settled)
