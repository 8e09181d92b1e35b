"""A classification of a ticket: the rules propose it, a person confirms it, the client contests."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from helpdesk.domain.access import Actor, ActorKind
from helpdesk.domain.classification import ClassificationRule, Verdict
from helpdesk.domain.errors import ErrorCode, HelpdeskError


class ClassificationState(StrEnum):
    """How certain a classification is."""

    PROPOSED = "PROPOSED"
    CONFIRMED = "CONFIRMED"
    DISPUTED = "DISPUTED"


class ClassificationStanding(StrEnum):
    """Where the classification of a ticket stands, for who looks for what is still to be done."""

    UNCLASSIFIED = "UNCLASSIFIED"
    PROPOSED = "PROPOSED"
    CONFIRMED = "CONFIRMED"
    DISPUTED = "DISPUTED"


class ClassificationNeedsPerson(HelpdeskError):
    """A class decides who pays, so a person of the agency answers for it (rules 7.4)."""

    code: ClassVar[ErrorCode] = ErrorCode.FORBIDDEN
    english: ClassVar[str] = (
        "Only a person of the agency confirms a classification: {name} is none."
    )
    french: ClassVar[str] = (
        "Seule une personne de l'agence confirme une classification : {name} n'en est pas une."
    )


class ClassificationReasonRequired(HelpdeskError):
    """A class that departs from the rules, or that the client contested, is explained to him."""

    code: ClassVar[ErrorCode] = ErrorCode.REASON_REQUIRED
    english: ClassVar[str] = "Say in `reason` why the request is {coverage}: the client reads it."
    french: ClassVar[str] = (
        "Dites dans `reason` pourquoi la demande est {coverage} : le client le lit."
    )


class DisputeClientOnly(HelpdeskError):
    """The agency changes a class that it doubts; contesting one is the client's right."""

    code: ClassVar[ErrorCode] = ErrorCode.FORBIDDEN
    english: ClassVar[str] = "Only the client contests a classification: {name} can change it."
    french: ClassVar[str] = "Seul le client conteste une classification : {name} peut la modifier."


class DisputeReasonRequired(HelpdeskError):
    """Only a reason can be answered."""

    code: ClassVar[ErrorCode] = ErrorCode.REASON_REQUIRED
    english: ClassVar[str] = "Say in `reason` why the classification is wrong."
    french: ClassVar[str] = "Dites dans `reason` pourquoi la classification est erronée."


class NothingToDispute(HelpdeskError):
    """A proposal is not decided yet, and a dispute is open until it is answered."""

    code: ClassVar[ErrorCode] = ErrorCode.TRANSITION_REFUSED
    english: ClassVar[str] = "The classification is {state}: only a confirmed one can be contested."
    french: ClassVar[str] = (
        "La classification est {state} : on ne conteste qu'une classification confirmée."
    )


@dataclass(frozen=True, slots=True)
class Decision:
    """Who made a classification final, when (UTC), and why.

    `by` is None where the agency had marked the rule as automatic: the rule is in the verdict.
    """

    by: Actor | None
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Dispute:
    """Who of the client contested it, when (UTC), and why."""

    by: Actor
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Classification:
    """What a request was taken for, at one moment of its history.

    Each step returns another one, and every one is kept. While it is not confirmed, clocks run as
    they do for any ticket. `rules_say` is what the rules made of the request, `verdict` what holds.
    """

    rules_say: Verdict
    verdict: Verdict
    proposed_by: Actor
    proposed_at: datetime
    decision: Decision | None = None
    dispute: Dispute | None = None

    @property
    def state(self) -> ClassificationState:
        """Whether it is proposed, confirmed or contested by the client."""
        if self.dispute is not None:
            return ClassificationState.DISPUTED
        is_decided = self.decision is not None
        return ClassificationState.CONFIRMED if is_decided else ClassificationState.PROPOSED


def proposed(
    verdict: Verdict, *, by: Actor, at: datetime, automatic: Collection[ClassificationRule] = ()
) -> Classification:
    """Return what the rules say as a proposal; `automatic` rules of the agency need no person.

    An exclusion takes away what was promised: whatever the agency marked, a person confirms it.
    """
    proposal = Classification(verdict, verdict, by, at)
    is_final = verdict.rule in automatic and verdict.exclusion is None
    return replace(proposal, decision=Decision(None, at, "")) if is_final else proposal


def confirmed(
    classification: Classification, verdict: Verdict, reason: str, *, by: Actor, at: datetime
) -> Classification:
    """Return the classification as a person of the agency decides it; an open dispute is answered.

    Raises ClassificationNeedsPerson, and ClassificationReasonRequired when the verdict departs from
    what the rules say or answers a dispute.
    """
    if not by.is_human_agent:
        raise ClassificationNeedsPerson(name=by.name)
    needs_reason = verdict != classification.rules_say or classification.dispute is not None
    if needs_reason and not reason.strip():
        raise ClassificationReasonRequired(path=("reason",), coverage=verdict.coverage)
    decision = Decision(by, at, reason.strip())
    return replace(classification, verdict=verdict, decision=decision, dispute=None)


def disputed(
    classification: Classification, reason: str, *, by: Actor, at: datetime
) -> Classification:
    """Return the classification contested by a person of the client; the decision stays readable.

    Raises DisputeClientOnly, NothingToDispute and DisputeReasonRequired.
    """
    if by.kind is not ActorKind.CONTACT:
        raise DisputeClientOnly(name=by.name)
    if classification.state is not ClassificationState.CONFIRMED:
        raise NothingToDispute(state=classification.state)
    if not reason.strip():
        raise DisputeReasonRequired(path=("reason",))
    return replace(classification, dispute=Dispute(by, at, reason.strip()))
