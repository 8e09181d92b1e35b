"""The life of a credit: proposed, approved, issued, applied; what is recomputed, what is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from helpdesk.domain.access import SYSTEM, Actor, ActorKind
from helpdesk.domain.compensation import CreditId
from helpdesk.domain.compensation_clause import ApprovalClause
from helpdesk.domain.compensation_evidence import Calculation, ResolutionEvidence
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.money import Money


class CreditState(StrEnum):
    """Where a credit is in its life.

    SUPERSEDED was replaced by a recomputed one. NIL is worth nothing, because the promise was
    broken on the dot, by a cap or by a higher credit: it is recorded, and no document follows.
    """

    PROPOSED = "PROPOSED"
    APPROVED = "APPROVED"
    ISSUED = "ISSUED"
    APPLIED = "APPLIED"
    REFUNDED = "REFUNDED"
    REJECTED = "REJECTED"
    SUPERSEDED = "SUPERSEDED"
    NIL = "NIL"


class CreditStep(StrEnum):
    """What can happen to a credit."""

    APPROVE = "APPROVE"
    REJECT = "REJECT"
    ISSUE = "ISSUE"
    APPLY = "APPLY"
    REFUND = "REFUND"
    REPLACE = "REPLACE"
    FLAG = "FLAG"


CREDIT_STEPS: Mapping[CreditStep, Mapping[CreditState, CreditState]] = {
    CreditStep.APPROVE: {CreditState.PROPOSED: CreditState.APPROVED},
    CreditStep.REJECT: {
        CreditState.PROPOSED: CreditState.REJECTED,
        CreditState.APPROVED: CreditState.REJECTED,
    },
    CreditStep.ISSUE: {CreditState.APPROVED: CreditState.ISSUED},
    CreditStep.APPLY: {CreditState.ISSUED: CreditState.APPLIED},
    CreditStep.REFUND: {CreditState.ISSUED: CreditState.REFUNDED},
    CreditStep.REPLACE: {
        CreditState.PROPOSED: CreditState.SUPERSEDED,
        CreditState.APPROVED: CreditState.SUPERSEDED,
        CreditState.NIL: CreditState.SUPERSEDED,
    },
    CreditStep.FLAG: {
        CreditState.ISSUED: CreditState.ISSUED,
        CreditState.APPLIED: CreditState.APPLIED,
        CreditState.REFUNDED: CreditState.REFUNDED,
    },
}
"""From which state each step leads to which: the table is the rule (R-CMP 8)."""

WAITING = frozenset({CreditState.PROPOSED, CreditState.APPROVED, CreditState.NIL})
"""Nothing was issued yet: a recomputation replaces it."""

SETTLED = frozenset({CreditState.ISSUED, CreditState.APPLIED, CreditState.REFUNDED})
"""A document says it: it is never changed."""

AMOUNT_SHOWN = SETTLED | {CreditState.APPROVED}
"""From the approval on the client sees how much (R-CMP 9)."""


class CreditStepRefused(HelpdeskError):
    """A credit moves by known steps only: what was issued stands in the client's books."""

    code: ClassVar[ErrorCode] = ErrorCode.TRANSITION_REFUSED
    english: ClassVar[str] = "The credit is {state}: {step} is not possible. Possible: {possible}."
    french: ClassVar[str] = (
        "Le crédit est {state} : {step} n'est pas possible. Possible : {possible}."
    )


class CreditRejectionReason(HelpdeskError):
    """Money that was owed by the contract is not refused without a word."""

    code: ClassVar[ErrorCode] = ErrorCode.REASON_REQUIRED
    english: ClassVar[str] = "Say in `reason` why the credit is rejected."
    french: ClassVar[str] = "Dites dans `reason` pourquoi le crédit est rejeté."


class SecondApproverRequired(HelpdeskError):
    """Two pairs of eyes above the amount that the contract names."""

    code: ClassVar[ErrorCode] = ErrorCode.SECOND_PERSON_REQUIRED
    english: ClassVar[str] = "{name} approved it already: above {limit} somebody else approves too."
    french: ClassVar[str] = (
        "{name} l'a déjà approuvé : au-delà de {limit}, une autre personne approuve aussi."
    )


class ApproverWorkedOnTicket(HelpdeskError):
    """Nobody decides what his own delay costs, where the contract says so."""

    code: ClassVar[ErrorCode] = ErrorCode.SECOND_PERSON_REQUIRED
    english: ClassVar[str] = "{name} worked on ticket {number}: somebody else approves its credit."
    french: ClassVar[str] = (
        "{name} a traité le ticket {number} : quelqu'un d'autre approuve son crédit."
    )


@dataclass(frozen=True, slots=True)
class CreditDeed:
    """Who does something to a credit, when (UTC), why, and by which document."""

    at: datetime
    actor: Actor
    reason: str = ""
    document: str | None = None


@dataclass(frozen=True, slots=True)
class CreditFact:
    """One fact of a credit's life, appended and never changed.

    `state` is what it led to: a first of two approvals leaves it PROPOSED. `document` is the
    number of the document that a later step is about. A FLAG says by how many cents more was
    issued than is owed.
    """

    sequence: int
    step: CreditStep | None
    state: CreditState
    at: datetime
    actor: Actor
    reason: str = ""
    document: str | None = None
    overcredited_cents: int | None = None

    @classmethod
    def of(
        cls, credit: "Credit", step: CreditStep, state: CreditState, deed: CreditDeed
    ) -> "CreditFact":
        """Return the next fact of a credit."""
        number = len(credit.facts) + 1
        return cls(number, step, state, deed.at, deed.actor, deed.reason.strip(), deed.document)


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit of one breach, or the complement of one that was issued.

    `revision` numbers the credits of one key from 1. `net` is what this one is about: the whole
    amount, or for a complement what is added to those that were issued before; `completes` is the
    first of these.
    """

    id: CreditId
    revision: int
    calculation: Calculation
    net: Money
    proposed_at: datetime
    facts: tuple[CreditFact, ...]
    completes: CreditId | None = None

    @property
    def state(self) -> CreditState:
        """Where it is in its life."""
        return self.facts[-1].state

    @property
    def approvals(self) -> tuple[Actor, ...]:
        """Who approved it."""
        return tuple(fact.actor for fact in self.facts if fact.step is CreditStep.APPROVE)

    @property
    def is_amount_shown(self) -> bool:
        """Whether the client sees how much: from the approval on, and ever after (R-CMP 9)."""
        return self.state in AMOUNT_SHOWN

    @property
    def overcredited(self) -> Money:
        """By how much more was issued than the facts say now; never taken back (R-CMP 7)."""
        flags = [one.overcredited_cents for one in self.facts if one.step is CreditStep.FLAG]
        return Money((flags or [0])[-1] or 0, self.net.currency)

    def stepped(self, step: CreditStep, deed: CreditDeed) -> "Credit":
        """Return the credit after a step; CreditStepRefused says what is possible instead."""
        moves = CREDIT_STEPS[step]
        if self.state not in moves:
            possible = [one.value for one, others in CREDIT_STEPS.items() if self.state in others]
            raise CreditStepRefused(
                state=self.state, step=step, possible=", ".join(possible) or "—"
            )
        return self._with(CreditFact.of(self, step, moves[self.state], deed))

    def _with(self, fact: CreditFact) -> "Credit":
        return replace(self, facts=(*self.facts, fact))

    def approved(self, clause: ApprovalClause, deed: CreditDeed) -> "Credit":
        """Return the credit with one more approval; APPROVED once there are enough (R-CMP 8).

        Raises CreditStepRefused, SecondApproverRequired for the same person twice, and
        ApproverWorkedOnTicket.
        """
        done = self.stepped(CreditStep.APPROVE, deed)
        _require_other_than_agent(self, clause, deed.actor)
        limit = clause.second_above
        if limit is None or self.net.cents <= limit.cents:
            return done
        if deed.actor in self.approvals:
            raise SecondApproverRequired(name=deed.actor.name, limit=limit)
        if self.approvals:
            return done
        return self._with(CreditFact.of(self, CreditStep.APPROVE, CreditState.PROPOSED, deed))

    def rejected(self, deed: CreditDeed) -> "Credit":
        """Return the credit that is not paid. Raises CreditStepRefused, CreditRejectionReason."""
        refused = self.stepped(CreditStep.REJECT, deed)
        if not deed.reason.strip():
            raise CreditRejectionReason(path=("reason",))
        return refused

    def flagged(self, cents: int, deed: CreditDeed) -> "Credit":
        """Return the credit with the flag that it was too high by some cents; the same, flagged so.

        Nothing is taken back: a person decides whether to talk about it.
        """
        if cents == self.overcredited.cents:
            return self
        flag = self.stepped(CreditStep.FLAG, deed).facts[-1]
        return self._with(replace(flag, overcredited_cents=cents))


def _require_other_than_agent(credit: Credit, clause: ApprovalClause, actor: Actor) -> None:
    evidence = credit.calculation.evidence
    if not clause.excludes_agent or not isinstance(evidence, ResolutionEvidence):
        return
    if actor.kind is ActorKind.AGENT and actor.agent_id == evidence.agent_id:
        raise ApproverWorkedOnTicket(name=actor.name, number=evidence.ticket_number)


@dataclass(frozen=True, slots=True)
class Amount:
    """What a credit is about: the calculation, and of it what was not issued before."""

    calculation: Calculation
    net: Money
    completes: CreditId | None = None


def proposed(
    credit_id: CreditId, revision: int, amount: Amount, clause: ApprovalClause, deed: CreditDeed
) -> Credit:
    """Return a new credit that waits for an approval, or needs none.

    Below the amount of the clause the engine approves it; one that is worth nothing is NIL.
    """
    state = CreditState.PROPOSED if amount.net.cents else CreditState.NIL
    born = CreditFact(1, None, state, deed.at, deed.actor, deed.reason)
    credit = Credit(
        credit_id,
        revision,
        amount.calculation,
        amount.net,
        deed.at,
        (born,),
        amount.completes,
    )
    limit = clause.automatic_below
    if limit is None or state is CreditState.NIL or credit.net.cents >= limit.cents:
        return credit
    return credit.stepped(CreditStep.APPROVE, CreditDeed(deed.at, SYSTEM))
